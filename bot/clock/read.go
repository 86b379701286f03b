package clock

import (
	"fmt"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Instant reads a time as people write it: 2026-11-20T23:12 in the zone of now,
// one with an offset, a day (its first minute), or 23:12 and fri 23:12, the next
// one after now.
func Instant(text string, now time.Time) (time.Time, error) {
	text = strings.Join(strings.Fields(text), " ")
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", store.CivilLayout, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t, nil
		}
	}
	if t, ok := nextTime(text, now); ok {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%q is no time; write 2026-11-20T23:12, 23:12 or fri 23:12", text)
}

// nextTime reads a time of day, with or without a weekday.
func nextTime(text string, now time.Time) (time.Time, bool) {
	day, clock, named := strings.Cut(text, " ")
	if !named {
		day, clock = "", text
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, false
	}
	var weekday time.Weekday
	if named {
		if weekday, err = store.ParseWeekday(strings.ToLower(day)); err != nil {
			return time.Time{}, false
		}
	}
	for ahead := range 8 {
		y, m, d := now.AddDate(0, 0, ahead).Date()
		t := time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, now.Location())
		if t.After(now) && (!named || t.Weekday() == weekday) {
			return t, true
		}
	}
	return time.Time{}, false
}

// After reads how far to go, such as 3h, 1h30m, 2d, 1w or 1mo, and returns the
// instant that far after now. Days and longer keep the time of day, also over
// the night when clocks change.
func After(text string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(d), nil
	}
	d, err := store.ParseDuration(text)
	if err == nil && d.N > 0 {
		switch d.Unit {
		case store.Minutes:
			return now.Add(time.Duration(d.N) * time.Minute), nil
		case store.Hours:
			return now.Add(time.Duration(d.N) * time.Hour), nil
		case store.Days:
			return now.AddDate(0, 0, d.N), nil
		case store.Weeks:
			return now.AddDate(0, 0, 7*d.N), nil
		case store.Months:
			return now.AddDate(0, d.N, 0), nil
		case store.Years:
			return now.AddDate(d.N, 0, 0), nil
		case store.BusinessDays:
		}
	}
	return time.Time{}, fmt.Errorf("%q is no length of time; write 15m, 3h, 2d or 1w", text)
}
