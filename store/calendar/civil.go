package calendar

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

// civil is a local date and time of day, in seconds since 1970-01-01 00:00 on
// the local clock. It has no zone, so every day has 86,400 of them. All rules
// are worked out in civil time; a zone matters only where an instant comes in
// and where one goes out.
type civil int64

const (
	civilMinute civil = 60
	civilDay    civil = 24 * 60 * civilMinute
)

// dayNumber counts days since 1970-01-01.
type dayNumber int64

func dayOf(d store.Date) dayNumber {
	return dayNumber(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / int64(civilDay))
}

func (n dayNumber) start() civil { return civil(n) * civilDay }

func (n dayNumber) date() store.Date { return store.DateOf(n.utc()) }

func (n dayNumber) utc() time.Time { return time.Unix(int64(n.start()), 0).UTC() }

func (n dayNumber) weekday() time.Weekday {
	const thursday = 4 // 1970-01-01
	return time.Weekday(((n+thursday)%7 + 7) % 7)
}

// civilAt is the local time at clock on day d; 24:00 is the next midnight.
func civilAt(d store.Date, clock store.Clock) civil {
	return dayOf(d).start() + civil(clock)*civilMinute
}

func (c civil) day() dayNumber { return dayNumber(floorDiv(int64(c), int64(civilDay))) }

func (c civil) timeOfDay() civil { return c - c.day().start() }

// floorDiv is a/b rounded towards minus infinity; b is positive.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// zone turns instants into civil times and back.
type zone struct{ loc *time.Location }

const (
	// eastmost is more than any zone has ever been ahead of UTC (15:14).
	eastmost = 16 * 60 * 60
	// longestShift is more than any clock has ever been put back at once (24 h).
	longestShift = 26 * 60 * 60
)

// reading is what the local clock shows at t, seconds included.
func (z zone) reading(t time.Time) civil {
	_, offset := t.In(z.loc).Zone()
	return civil(t.Unix() + int64(offset))
}

// clock is the furthest that the local clock has got by t: its reading, except
// while it repeats an hour, when it is the last second before it was put back.
// It never runs backwards, and instant(c) <= t is the same as c <= clock(t).
func (z zone) clock(t time.Time) civil {
	furthest := z.reading(t)
	for earlier := t.Add(-longestShift * time.Second).In(z.loc); ; {
		end := offsetEnd(earlier)
		if end.IsZero() || end.After(t) {
			return furthest
		}
		furthest = max(furthest, z.reading(end.Add(-time.Nanosecond)))
		earlier = end
	}
}

// instant is the first instant at which the local clock has reached c.
func (z zone) instant(c civil) time.Time {
	t := time.Unix(int64(c)-eastmost, 0).In(z.loc)
	for {
		_, offset := t.Zone()
		exact := int64(c) - int64(offset)
		if exact < t.Unix() {
			return t // c lies in the gap that ended here
		}
		end := offsetEnd(t)
		if end.IsZero() || exact < end.Unix() {
			return time.Unix(exact, 0).In(z.loc)
		}
		t = end
	}
}

// offsetEnd returns an instant after t until which the offset of t holds, in
// t's zone, or zero if it holds for good. It need not change then.
//
// It is the end of t.ZoneBounds, whose start can't be relied on: where a zone
// goes by its rule for the years to come, the rule's last change is given even
// if a later one stands in the table. And the time package takes each of these
// years to have 365 days, so that on the last day of a leap year the end lies
// behind t (go.dev/issue/81583).
func offsetEnd(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	if end.IsZero() || end.After(t) {
		return end
	}
	return time.Date(t.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).In(t.Location())
}

// firstChange finds the first instant after the civil time c at which holds no
// longer does. The candidates come from next, in civil time; one that lies in
// a gap may already be over when the clock gets there, and is passed by. The
// result is zero if next has no more candidates.
func (z zone) firstChange(c civil, next func(civil) (civil, bool), holds func(civil) bool) time.Time {
	for {
		candidate, ok := next(c)
		if !ok {
			return time.Time{}
		}
		t := z.instant(candidate)
		c = z.clock(t)
		if !holds(c) {
			return t
		}
	}
}
