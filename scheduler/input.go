package scheduler

import (
	"time"

	"github.com/tandem-bot/tandem/scheduler/drift"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/rhythm"
)

// Input is everything that a plan is made of. Nothing in it is changed.
type Input struct {
	Prepared *Prepared
	Rhythm   store.Rhythm
	// Conversations are those open.
	Conversations []store.Conversation
	// Dead are deliveries that were given up, for managers to hear of.
	Dead []store.Delivery
	// Matrix is what drift needs to know of the matrix beside the engagement.
	Matrix drift.Matrix
	Places Places
	Now    time.Time
	Settings
}

// Settings are what may differ from one house to another. A zero one is its default.
type Settings struct {
	// CatchUp is how late a prompt may still be posted after an outage: four hours.
	CatchUp time.Duration
	// Ahead is how far occurrences are written down beyond the longest reminder:
	// fourteen days.
	Ahead time.Duration
}

const (
	defaultCatchUp = 4 * time.Hour
	defaultAhead   = 14 * 24 * time.Hour
	// lateFrom is how late a prompt is called late. Below it, a busy moment.
	lateFrom = 5 * time.Minute
	// newsFor is how long something counts as news that nobody has heard yet.
	newsFor = 48 * time.Hour
)

func (s Settings) orDefaults() Settings {
	if s.CatchUp <= 0 {
		s.CatchUp = defaultCatchUp
	}
	if s.Ahead <= 0 {
		s.Ahead = defaultAhead
	}
	return s
}

// Prepared is one engagement made ready to be planned for: its clock, and each
// of its cadences compiled. It is read-only and safe for concurrent use.
type Prepared struct {
	Engagement *store.Engagement
	Calendar   *calendar.Calendar
	cadences   []cadence
}

// cadence is one cadence that was compiled.
type cadence struct {
	*store.Cadence
	rhythm *rhythm.Rhythm
	every  float64       // the declared interval in days
	remind time.Duration // about how long before the due date the first reminder comes
}

// Prepare compiles an engagement. A cadence whose schedule can't be read is left
// out, since the engagement file refuses it. It fails with store.CodeInvalid
// where the calendar does. The declared intervals are measured from the beginning
// of the year, so that they don't depend on when that is done.
func Prepare(e *store.Engagement, away []store.Absence, at time.Time) (*Prepared, error) {
	cal, err := calendar.New(e, away)
	if err != nil {
		return nil, err
	}
	p := &Prepared{Engagement: e, Calendar: cal}
	at = time.Date(at.UTC().Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	for i := range e.Cadences {
		c := &e.Cadences[i]
		r, err := rhythm.New(cal, c)
		if err != nil {
			continue
		}
		p.cadences = append(p.cadences, cadence{c, r, r.Interval(at), longestReminder(cal, c, at)})
	}
	return p, nil
}

func longestReminder(cal *calendar.Calendar, c *store.Cadence, at time.Time) time.Duration {
	var longest time.Duration
	for _, d := range c.Remind {
		d.N = -d.N
		if t, err := cal.Add(at, d); err == nil {
			longest = max(longest, at.Sub(t))
		}
	}
	return longest
}

// Places says at which addresses people and channels are reached.
type Places struct {
	Channels map[string][]store.Address // by the channel's name
	People   map[string][]store.Address // by the person's id
}
