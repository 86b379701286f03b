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
	Subject string      `json:"subject"` // a cadence's, artifact's or request's id, or SubjectMatrix
	// Name is what people call the subject: "Weekly standup".
	Name string `json:"name,omitempty"`
	// Facts is one sentence that takes nobody's side: "The weekly standup has
	// been running every 16 days."
	Facts string `json:"facts"`
	// Ratio is how far the rhythm is from what was declared: the mean gap over
	// the declared interval, or the misses in a row over those that make a
	// finding. It is 0 where a finding has none.
	Ratio float64 `json:"ratio,omitempty"`
	// Became is the rhythm that the cadence has reached, the slowest since the
	// finding opened: "fortnightly". It is "" for every other kind.
	Became string `json:"became,omitempty"`
	// Explain is the arithmetic, a line each.
	Explain []string `json:"explain,omitempty"`
}

// SubjectMatrix is the subject of a finding about the matrix.
const SubjectMatrix = "matrix"

// OfCadence reports whether the kind is about how a cadence is held, which takes
// being held well twice in a row to close. The others are about how things
// stand, and close as soon as they stand otherwise.
func (k FindingKind) OfCadence() bool {
	switch k {
	case FindingMissed, FindingStretching, FindingBecame, FindingOneSided, FindingNoLeadership:
		return true
	default:
		return false
	}
}

// Fingerprint is the finding's name in the store.
func (f *Finding) Fingerprint() string { return string(f.Kind) + ":" + f.Subject }

// OpenFinding is a finding with its life: how far it climbed, and who was told.
type OpenFinding struct {
	Finding
	Level   Level     `json:"level"`
	Opened  time.Time `json:"opened"`
	Climbed time.Time `json:"climbed"` // when it reached Level, or its ladder began anew
	// OpenedRatio is its ratio when it opened; twice that is stalled.
	OpenedRatio float64 `json:"opened_ratio,omitempty"`
	// Better is since when it has not been found any more, on its way to being
	// closed; zero while it is found.
	Better time.Time `json:"better,omitzero"`
	// Told are the ids of all who have heard of it.
	Told []string `json:"told,omitempty"`
	// Acknowledged is when somebody acknowledged the alert of Level; zero if nobody did.
	Acknowledged time.Time `json:"acknowledged,omitzero"`
	// OnTime counts how often in a row the cadence was on time since; two close it.
	OnTime int `json:"on_time,omitempty"`
}
