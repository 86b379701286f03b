package drift

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// Input is everything that drift is read from. Nothing in it is changed.
type Input struct {
	Engagement *store.Engagement
	// Calendar is the engagement's, with the absences that were announced.
	Calendar *calendar.Calendar
	Rhythms  []Rhythm
	Requests []Request
	Matrix   Matrix
}

// Rhythm is one cadence as it was declared and as it went. One that the
// engagement does not have is passed over.
type Rhythm struct {
	Cadence string // its id
	// Every is the declared interval in days, such as 7 or 30.4; 0 where the
	// cadence has none.
	Every       float64
	Occurrences []store.Occurrence // oldest first
	Pauses      []store.Pause
	Next        time.Time // the next due date; zero if none is ahead
}

// Request is a message that still waits for acknowledgements.
type Request struct {
	ID    string
	Title string
	// By is who asked, and hears first; "" means both leads.
	By    string
	Asked time.Time
	// LastReminder is when the last reminder went out; zero if it has not yet.
	LastReminder time.Time
	Waiting      int // acknowledgements that are open
	Of           int // acknowledgements that were asked for
	// Alert says that the message is itself an alert of drift. Its silence is
	// heard by the ladder, so it is no finding of its own.
	Alert bool
}

// Matrix is what the records say about the matrix, beside the reviews and
// signatures that the rest of the input holds.
type Matrix struct {
	// Since is when the store first held a version of it; a matrix that was never
	// reviewed counts from here.
	Since time.Time
	// Reviewed is the last review that is no occurrence; zero if there was none.
	Reviewed time.Time
	// Unsigned is since when a signature has been missing; zero where none is.
	Unsigned time.Time
}

// view is an input with what is asked of it again and again.
type view struct {
	*Input
	now   time.Time
	today store.Date
}

func newView(in *Input, now time.Time) *view {
	return &view{in, now, store.DateOf(in.Calendar.Local(now))}
}

func (v *view) day(t time.Time) store.Date { return store.DateOf(v.Calendar.Local(t)) }

// rhythm is one cadence with its record, in the order of its due dates.
type rhythm struct {
	*view
	*Rhythm
	cadence *store.Cadence
	marks   []mark
}

// mark is one occurrence, and what it counts for.
type mark struct {
	*store.Occurrence
	due     store.Date
	excused bool
	paused  bool
	onTime  bool
}

// rhythms returns the cadences of the engagement that have a record.
func (v *view) rhythms() []*rhythm {
	out := make([]*rhythm, 0, len(v.Rhythms))
	for i := range v.Rhythms {
		if c, ok := cadence(v.Engagement, v.Rhythms[i].Cadence); ok {
			out = append(out, v.rhythm(&v.Rhythms[i], c))
		}
	}
	return out
}

// rhythm returns one cadence, its occurrences sorted whatever order they came in.
func (v *view) rhythm(r *Rhythm, c *store.Cadence) *rhythm {
	out := &rhythm{view: v, Rhythm: r, cadence: c, marks: make([]mark, len(r.Occurrences))}
	for i := range r.Occurrences {
		out.marks[i] = out.mark(&r.Occurrences[i])
	}
	if !slices.IsSortedFunc(out.marks, byDue) {
		slices.SortFunc(out.marks, byDue)
	}
	return out
}

func byDue(a, b mark) int {
	if c := a.Due.Compare(b.Due); c != 0 {
		return c
	}
	switch {
	case a.Civil < b.Civil:
		return -1
	case a.Civil > b.Civil:
		return 1
	}
	return 0
}

func cadence(e *store.Engagement, id string) (*store.Cadence, bool) {
	for i := range e.Cadences {
		if e.Cadences[i].ID == id {
			return &e.Cadences[i], true
		}
	}
	return nil, false
}

// paused returns the pause that holds on the day, and whether there is one.
func (r *Rhythm) paused(d store.Date) (store.Pause, bool) {
	for _, p := range r.Pauses {
		if p.Covers(d) {
			return p, true
		}
	}
	return store.Pause{}, false
}
