package store

import (
	"encoding/json"
	"time"
)

// Rhythm is what a sweep needs to know of one engagement, read at one instant.
type Rhythm struct {
	// Seen identifies what was read. A Change carries it back, so that a plan
	// is applied only to what it was made from.
	Seen int64 `json:"seen"`
	// Version and Revision are the engagement's, to tell a kept copy from a stale one.
	Version  int `json:"version"`
	Revision int `json:"revision"`
	// NextRequest is the ID that the next request for an acknowledgement gets.
	NextRequest int `json:"next_request"`
	// Occurrences are, by cadence and civil time, those not done, and of each
	// cadence the last RhythmDepth that are.
	Occurrences []Occurrence `json:"occurrences,omitempty"`
	Transitions int          `json:"transitions"` // how many there are of the engagement
	// Pauses are all, ended or not, as long as they really were.
	Pauses   []Pause   `json:"pauses,omitempty"`
	Answers  []Answer  `json:"answers,omitempty"`  // the last of each person to each occurrence not done
	Blockers []Blocker `json:"blockers,omitempty"` // open
	RSVPs    []RSVP    `json:"rsvps,omitempty"`    // the last of each person to each occurrence not done
	// Requests are those open, and those that changed since the last sweep.
	Requests []Acknowledgement `json:"requests,omitempty"`
	Findings []OpenFinding     `json:"findings,omitempty"`
	// Posts are those about anything above, without their cards, oldest first; of
	// the occurrences that are done those of the last RhythmPosts of each cadence.
	Posts    []Post            `json:"posts,omitempty"`
	Absences []RecordedAbsence `json:"absences,omitempty"` // not cancelled
	// Identities are the people found on a platform of whom the file has no id there.
	Identities []Identity `json:"identities,omitempty"`
}

// RhythmDepth is how many done occurrences of each cadence a Rhythm holds.
// A weekly standup that is held once a month has to fit in.
const RhythmDepth = 32

// RhythmPosts is for how many done occurrences of each cadence a Rhythm holds posts.
const RhythmPosts = 4

// Change is what a sweep decided.
type Change struct {
	Seen        int64 // of the Rhythm that it was decided from
	Create      []Occurrence
	Transitions []OccurrenceChange
	Posts       []Post
	Redraws     []Redraw
	Requests    []AckRequest // with the IDs from Rhythm.NextRequest on
	Reminded    []int        // requests that this change reminds of
	Closed      []ClosedRequest
	Findings    []FindingChange
	Next        time.Time // when to look again; zero for not before something happens
}

// OccurrenceChange brings an occurrence from one state to another.
type OccurrenceChange struct {
	Cadence string
	Civil   string
	From    OccurrenceState
	To      OccurrenceState
	Why     string // kept with the transition; of a skipped one it is the Reason
	Late    bool   // of a prompted one
	Record  Record // of a held one; of one overdue or missed, who answered
}

// Redraw gives a post a new card, wherever it stands. The same card again is
// no change.
type Redraw struct {
	Key  string
	Card json.RawMessage
}

// ClosedRequest closes a request that nobody needs to acknowledge any more.
type ClosedRequest struct {
	ID  int
	Why string
}

// FindingChange opens a finding, changes its level or figures, or closes it.
// OnTime, Opened and Climbed are stored as they are given.
type FindingChange struct {
	OpenFinding
	Closed bool
}

// FindingMove is the kind of a finding's transition.
type FindingMove string

// The kinds of a transition.
const (
	FindingOpened FindingMove = "opened"
	FindingWorse  FindingMove = "worse"
	FindingBetter FindingMove = "better"
	FindingClosed FindingMove = "closed"
)

// FindingTransition is one change of a finding's level. Every one is kept.
type FindingTransition struct {
	Fingerprint string      `json:"fingerprint"`
	From        Level       `json:"from"`
	To          Level       `json:"to"`
	Move        FindingMove `json:"move"`
	Facts       string      `json:"facts"`
	At          time.Time   `json:"at"`
}
