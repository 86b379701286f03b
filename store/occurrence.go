package store

import "time"

// CivilLayout is the form of Occurrence.Civil: a time on the wall of the
// engagement's zone, without the zone.
const CivilLayout = "2006-01-02T15:04"

// OccurrenceState is where one due date of a cadence stands. It goes
// scheduled → prompted → held, or → overdue when the grace has passed, and from
// there to held late or to missed when the next one comes due.
type OccurrenceState string

// The states.
const (
	Scheduled OccurrenceState = "scheduled"
	Prompted  OccurrenceState = "prompted"
	Held      OccurrenceState = "held"
	Overdue   OccurrenceState = "overdue"
	Missed    OccurrenceState = "missed"
	Skipped   OccurrenceState = "skipped" // with a reason and a name
)

// Done reports whether nothing can come of the occurrence any more.
func (s OccurrenceState) Done() bool { return s == Held || s == Missed || s == Skipped }

// Why an occurrence was skipped without anybody's decision.
const (
	SkippedOutage  = "the bot was down"
	SkippedHoliday = "a holiday"
	SkippedClock   = "the clocks went forward onto the next one"
)

// Occurrence is one due date of a cadence. Civil identifies it within the
// cadence: the time on the wall at which the cron line fires, before holidays
// and moves, so that neither a newer time zone database nor a move makes a
// second one of it.
type Occurrence struct {
	Cadence string          `json:"cadence"`
	Civil   string          `json:"civil"` // CivilLayout
	Due     time.Time       `json:"due"`   // after holidays and moves
	Grace   time.Time       `json:"grace"` // overdue from here
	State   OccurrenceState `json:"state"`
	// Moved is the due date before the first move; zero where nobody moved it.
	Moved time.Time `json:"moved,omitzero"`
	// Late says that the prompt came after an outage.
	Late bool `json:"late,omitempty"`
	// Reason says why it was skipped or moved.
	Reason string `json:"reason,omitempty"`
	Record Record `json:"record,omitzero"`
}

// Outage reports whether the occurrence was skipped because Tandem was down,
// which is no drift of the team.
func (o *Occurrence) Outage() bool { return o.State == Skipped && o.Reason == SkippedOutage }

// Record says how an occurrence was held.
type Record struct {
	At time.Time `json:"at,omitzero"`  // when it was held
	By string    `json:"by,omitempty"` // who recorded it
	// Attended are those who were there or answered, by id.
	Attended []string `json:"attended,omitempty"`
	// Leadership says whether anybody of the cadence's leadership was there.
	Leadership bool `json:"leadership,omitempty"`
	// Result is ResultPass or ResultFail of a tested restore, or what came of
	// another occurrence in a few words.
	Result   string `json:"result,omitempty"`
	Minutes  int    `json:"minutes,omitempty"`  // that a restore took
	Evidence string `json:"evidence,omitempty"` // a link
	Findings string `json:"findings,omitempty"` // of a tabletop
	Next     Date   `json:"next,omitzero"`      // nothing is done until the next one is dated
}

// The results of a tested restore.
const (
	ResultPass = "pass"
	ResultFail = "fail"
)

// Transition is one change of an occurrence. Every change is kept.
type Transition struct {
	Cadence string          `json:"cadence"`
	Civil   string          `json:"civil"`
	From    OccurrenceState `json:"from,omitempty"` // "" for the first
	To      OccurrenceState `json:"to"`
	Due     time.Time       `json:"due"` // after the change
	At      time.Time       `json:"at"`
	By      string          `json:"by"` // a person's id, or ByTandem
	Why     string          `json:"why,omitempty"`
}

// ByTandem stands where Tandem itself did something.
const ByTandem = "tandem"

// Pause is a stretch in which a cadence rests: it has a reason, a name and an end.
type Pause struct {
	Cadence string `json:"cadence"`
	From    Date   `json:"from"`
	Until   Date   `json:"until"` // the last day that rests
	Reason  string `json:"reason"`
	By      string `json:"by"`
}

// Covers reports whether the pause holds on day d.
func (p Pause) Covers(d Date) bool { return !d.Before(p.From) && !p.Until.Before(d) }
