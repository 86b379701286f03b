package store

import "time"

// FindingKind is what sort of drift a finding is.
type FindingKind string

// The kinds.
const (
	FindingMissed       FindingKind = "missed"
	FindingStretching   FindingKind = "stretching"
	FindingBecame       FindingKind = "became"
	FindingOneSided     FindingKind = "one-sided"
	FindingNoLeadership FindingKind = "no-leadership"
	FindingMatrixStale  FindingKind = "matrix-stale"
	FindingNoNextDate   FindingKind = "no-next-date"
	FindingArtifact     FindingKind = "artifact-overdue"
	FindingUnanswered   FindingKind = "unanswered"
)

// Level is how far a finding has come, and so who hears of it.
type Level int

// The levels, from nothing to the worst.
const (
	LevelNone    Level = iota
	LevelWatch         // told to the cadence's owner
	LevelDrift         // told to both sides' leads, together, in the same words
	LevelStalled       // told to executives and the vCIO as well
)

// String is the word for the level.
func (l Level) String() string {
	switch l {
	case LevelWatch:
		return "watch"
	case LevelDrift:
		return "drift"
	case LevelStalled:
		return "stalled"
	default:
		return "on track"
	}
}

// Finding is one fact about the rhythm. Kind and Subject identify it: while
// both are the same it is the same finding, however its figures move.
type Finding struct {
	Kind    FindingKind `json:"kind"`
	Subject string      `json:"subject"` // a cadence's or artifact's id, or "matrix"
	// Facts is one sentence that takes nobody's side: "The weekly standup has
	// been running every 16 days."
	Facts string `json:"facts"`
	// Ratio is how far the rhythm is from what was declared; 0 where it has none.
	Ratio float64 `json:"ratio,omitempty"`
	// Explain is the arithmetic, a line each.
	Explain []string `json:"explain,omitempty"`
}

// Fingerprint is the finding's name in the store.
func (f *Finding) Fingerprint() string { return string(f.Kind) + ":" + f.Subject }

// OpenFinding is a finding with its life: how far it climbed, and who was told.
type OpenFinding struct {
	Finding
	Level   Level     `json:"level"`
	Opened  time.Time `json:"opened"`
	Climbed time.Time `json:"climbed"` // when it reached Level
	// Acknowledged is when somebody acknowledged the alert of Level; zero if nobody did.
	Acknowledged time.Time `json:"acknowledged,omitzero"`
	// OnTime counts how often in a row the cadence was on time since; two close it.
	OnTime int `json:"on_time,omitempty"`
}
