package simulate

import (
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Format is the first line of a script.
const Format = "tandem-story/v1"

// Script says how the people of an engagement behave over some months.
type Script struct {
	Name  string
	About string
	From  store.Date // the first day, unless somebody names another
	Days  int        // how long it plays, unless somebody names another length
	Seed  uint64

	Away        []Away
	Answer      []Rule // what stands on a standup's prompt
	RSVP        []Rule // what stands on a reminder
	Record      []Rule // what asks how it went
	Acknowledge []Rule
	Say         []Line
	Ask         []Asking
}

// Day is a day of a script: a date, or counted from the first day, which is day 1.
type Day struct {
	Date store.Date
	N    int
}

// IsZero reports whether the day was not given.
func (d Day) IsZero() bool { return d.N == 0 && d.Date.IsZero() }

// On returns the date of the day in a play that begins on first.
func (d Day) On(first store.Date) store.Date {
	if d.N > 0 {
		return first.AddDays(d.N - 1)
	}
	return d.Date
}

// String is the day as a script has it.
func (d Day) String() string {
	if d.N > 0 {
		return "day " + strconv.Itoa(d.N)
	}
	return d.Date.String()
}

// Span is the days on which something holds. Either end may be missing.
type Span struct{ From, Until Day }

func (s Span) covers(day, first store.Date) bool {
	return (s.From.IsZero() || !day.Before(s.From.On(first))) && (s.Until.IsZero() || !s.Until.On(first).Before(day))
}

// Rule says how some people react to what Tandem asks of them. The first rule
// that names the person, the cadence and the day decides.
type Rule struct {
	Span
	Who      []string // ids; empty means everybody
	Cadences []string // ids; empty means all
	// Every N means that of those that come up while the rule holds, each Nth is
	// done, and the others are let go by. It is at least 1.
	Every   int
	Forgets int // of a hundred
	After   time.Duration
	Within  time.Duration // and up to so much later
	Never   bool
	Says    []string          // of an answer or an RSVP: one after another
	Fields  map[string]string // of a record: what is filled in
}

// Away is an absence that is announced.
type Away struct {
	Span
	Who   string
	Cover string
	Told  int // days before
}

// Moment is a day and a time of day.
type Moment struct {
	Day
	At store.Clock
}

// Line is one thing that somebody types.
type Line struct {
	Who    string
	In     string // a channel; "" is the direct message
	At     Moment
	Text   string
	Number int // the line of the script
}

// Asking is questions that people ask again and again, on working days.
type Asking struct {
	Span
	Who       []string
	In        string
	Every     int // working days
	At        store.Clock
	Within    time.Duration
	Questions []string
}
