package calendar

import (
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// walk is an independent account of some days around a clock change: what the
// furthest local time so far is, minute by minute.
type walk struct {
	from time.Time
	at   []time.Time // UTC-typed local times
}

const (
	walkBefore = 2 * 24 * time.Hour
	walkDays   = 5
)

func walkAround(loc *time.Location, change time.Time) walk {
	w := walk{from: change.Add(-walkBefore).Truncate(time.Minute)}
	var furthest time.Time
	// One day of run-up, in case the clock was put back just before.
	for i := -24 * 60; i < walkDays*24*60; i++ {
		local := w.from.Add(time.Duration(i) * time.Minute).In(loc)
		_, offset := local.Zone()
		if shown := local.UTC().Add(time.Duration(offset) * time.Second); shown.After(furthest) {
			furthest = shown
		}
		if i >= 0 {
			w.at = append(w.at, furthest)
		}
	}
	return w
}

// business says by definition whether a local time is in business hours.
func (w walk) business(local time.Time, e *store.Engagement) bool {
	if len(e.Holidays) > 0 && local.Format(time.DateOnly) == e.Holidays[0] {
		return false
	}
	minutes := store.Clock(local.Hour()*60 + local.Minute())
	for _, win := range e.BusinessHours {
		for _, day := range win.Days {
			if day == local.Weekday() && win.From <= minutes && minutes < win.To {
				return true
			}
		}
	}
	return false
}

// Over every zone, around every clock change: hopping along Until finds exactly
// the flips that a walk minute by minute finds, so hours partition time, no
// window is lost or repeated, and every Until is the instant of a real change.
func TestHoursOverEveryZone(t *testing.T) {
	t.Parallel()
	shapes := []store.Engagement{
		{BusinessHours: []store.Window{window(t, weekdays, "08:00", "17:30")}},
		{BusinessHours: []store.Window{
			window(t, everyDay, "00:00", "00:20"), window(t, everyDay, "00:30", "01:15"), window(t, everyDay, "01:30", "02:10"),
			window(t, everyDay, "02:15", "02:45"), window(t, everyDay, "03:00", "09:00"), window(t, everyDay, "23:40", "24:00"),
		}},
		{BusinessHours: []store.Window{window(t, everyDay, "00:00", "24:00")}},
	}
	eachChange(t, func(loc *time.Location, change time.Time) {
		w := walkAround(loc, change)
		for i := range shapes {
			e := shapes[i]
			e.TimeZone = loc.String()
			if i == 2 { // the day of the change is a holiday
				e.Holidays = []string{change.In(loc).Format(time.DateOnly)}
			}
			checkFlips(t, compile(t, &e), &e, w)
		}
	})
}

func checkFlips(t *testing.T, k *Calendar, e *store.Engagement, w walk) {
	t.Helper()
	hours := k.Hours(w.from)
	for i, local := range w.at {
		at := w.from.Add(time.Duration(i) * time.Minute)
		if !hours.Until.IsZero() && !at.Before(hours.Until) {
			if !at.Equal(hours.Until) {
				t.Fatalf("%s: flip at %s is within a minute", e.TimeZone, hours.Until)
			}
			checkUntil(t, k, hours)
			hours = k.Hours(at)
		}
		if hours.Business != w.business(local, e) {
			t.Fatalf("%s at %s (local clock %s): business is %v, %v", e.TimeZone, at, local, hours.Business, e.BusinessHours)
		}
	}
}

// checkUntil holds that the answer changes at Until, not before.
func checkUntil(t *testing.T, k *Calendar, h Hours) {
	t.Helper()
	if got := k.Hours(h.Until); got.Business == h.Business || !got.Until.IsZero() && !got.Until.After(h.Until) {
		t.Fatalf("%s: %v until %s, and then %v until %s", k.Location(), h.Business, h.Until, got.Business, got.Until)
	}
	before := k.Hours(h.Until.Add(-time.Nanosecond))
	if before.Business != h.Business || !before.Until.Equal(h.Until) {
		t.Fatalf("%s: %v until %s, but just before %v until %s", k.Location(), h.Business, h.Until, before.Business, before.Until)
	}
}

// Over every zone, around every clock change: the hand-offs of a daily rotation
// come at the first minute at which the local clock has got to the named time.
func TestHandoffsOverEveryZone(t *testing.T) {
	t.Parallel()
	times := []string{"00:00", "00:30", "01:30", "02:30", "08:00", "24:00"}
	eachChange(t, func(loc *time.Location, change time.Time) {
		w := walkAround(loc, change)
		e := &store.Engagement{TimeZone: loc.String()}
		k := compile(t, e)
		for _, at := range times {
			checkHandoffs(t, k, w, clock(t, at))
		}
	})
}

func checkHandoffs(t *testing.T, k *Calendar, w walk, at store.Clock) {
	t.Helper()
	first := store.DateOf(w.at[0]).AddDays(-7)
	r := &store.Rotation{
		From: first, Handoff: store.Handoff{Day: first.Weekday(), Time: at},
		Every: store.Duration{N: 1, Unit: store.Days}, People: []string{"a", "b", "c", "d", "e"},
	}
	firstMinute := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC).Unix() / 60
	turn := k.OnCall(r, w.from)
	for i, local := range w.at {
		now := w.from.Add(time.Duration(i) * time.Minute)
		if !now.Before(turn.Until) {
			before := turn
			turn = k.OnCall(r, now)
			if !before.Until.Equal(now) || !turn.Since.Equal(now) || !turn.Until.After(now) {
				t.Fatalf("%s: turn until %s, next from %s until %s, seen at %s", k.Location(), before.Until, turn.Since, turn.Until, now)
			}
		}
		minutes := local.Unix()/60 - firstMinute - int64(at)
		if want := r.People[minutes/(24*60)%5]; turn.Person != want {
			t.Fatalf("%s at %s (local clock %s), hand-off %s: %s, want %s", k.Location(), now, local, at, turn.Person, want)
		}
	}
}

// eachChange calls f for the clock changes of every zone since 1990, once where
// zones share one, and once for a zone that has had none.
func eachChange(t *testing.T, f func(*time.Location, time.Time)) {
	t.Helper()
	type shift struct {
		at, before, after int
	}
	seen := map[shift]bool{}
	since := 1990
	if testing.Short() || raceEnabled {
		since = 2024
	}
	for _, loc := range allZones(t) {
		changes := transitions(loc, since, 2027)
		for _, change := range append(changes, time.Date(2026, 11, 20, 23, 12, 0, 0, loc)) {
			_, before := change.Add(-1).Zone()
			_, after := change.Zone()
			key := shift{int(change.Unix()), before, after}
			if seen[key] && len(changes) > 0 {
				continue
			}
			seen[key] = true
			f(loc, change)
		}
	}
	t.Logf("%d different clock changes", len(seen))
}
