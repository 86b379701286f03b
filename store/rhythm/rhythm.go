package rhythm

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/cronline"
)

// Rhythm is one cadence made ready to be asked when it comes due. It is
// read-only and safe for concurrent use.
type Rhythm struct {
	cadence  *store.Cadence
	cal      *calendar.Calendar
	schedule cronline.Schedule
	grace    store.Duration
}

// defaultGrace is what a cadence has that names none.
var defaultGrace = store.Duration{N: 1, Unit: store.BusinessDays}

// New compiles the rhythm of a cadence, which must not change afterwards. It
// fails with code invalid where the schedule, a reminder or the grace is none
// that the engagement file would take.
func New(cal *calendar.Calendar, c *store.Cadence) (*Rhythm, error) {
	schedule, err := cronline.Parse(c.Schedule)
	if err == nil {
		schedule, err = schedule.Week(c.Week)
	}
	if err != nil {
		return nil, store.Errorf(store.CodeInvalid, "%s: %w", c.Name, err)
	}
	r := &Rhythm{cadence: c, cal: cal, schedule: schedule, grace: c.Grace}
	if r.grace.IsZero() {
		r.grace = defaultGrace
	}
	for _, d := range append(slices.Clone(c.Remind), r.grace) {
		if again, err := store.ParseDuration(d.String()); err != nil || again != d {
			return nil, store.Errorf(store.CodeInvalid, "%s: %q is no time to remind before or to wait; write one like 3d or 1bd", c.Name, d)
		}
	}
	return r, nil
}

// Cadence returns the cadence that was compiled.
func (r *Rhythm) Cadence() *store.Cadence { return r.cadence }

// Words says the rhythm as people do, like "weekly on Monday at 09:00".
func (r *Rhythm) Words() string { return r.schedule.Words() }

const (
	// intervalYears is how far ahead the declared interval is measured, and
	// fewestFirings the firings that it needs where they come more seldom.
	intervalYears = 2
	fewestFirings = 3
)

// Interval is the declared interval in days: the median of the gaps between
// the firings of the cron line in about two years from the instant. Holidays
// don't count, since they are no part of what was declared.
func (r *Rhythm) Interval(from time.Time) float64 {
	var gaps []time.Duration
	at := r.schedule.Next(r.cal.Local(from))
	for end := at.AddDate(intervalYears, 0, 0); !at.IsZero(); {
		next := r.schedule.Next(at)
		if next.IsZero() || next.After(end) && len(gaps) >= fewestFirings-1 {
			break
		}
		gaps = append(gaps, next.Sub(at))
		at = next
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	middle := len(gaps) / 2
	median := gaps[middle]
	if len(gaps)%2 == 0 {
		median = (gaps[middle-1] + median) / 2
	}
	return median.Hours() / 24
}
