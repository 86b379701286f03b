package calendar

import (
	"archive/zip"
	"go/build"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// slimZones loads every zone of the database that comes with Go. Unlike those
// of most machines it lists few years to come and leaves the rest to rules.
func slimZones(t *testing.T) []*time.Location {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Logf("without Go's own zones: %v", err)
		return nil
	}
	defer func() { _ = archive.Close() }()
	var zones []*time.Location
	for _, f := range archive.File {
		if f.FileInfo().IsDir() {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocationFromTZData(f.Name, data)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, loc)
	}
	return zones
}

// eachChange calls f for the clock changes of every zone in the last years, once
// where zones share one, and once for a zone that has had none.
func eachChange(t *testing.T, f func(*time.Location, time.Time)) {
	t.Helper()
	type shift struct{ at, before, after int }
	seen := map[shift]bool{}
	since := 2000
	if testing.Short() || raceEnabled {
		since = 2026
	}
	for _, loc := range append(slimZones(t), allZones(t)...) {
		changes := transitions(loc, since, 2029)
		for _, change := range append(changes, time.Date(2026, 11, 20, 23, 12, 0, 0, loc)) {
			_, before := change.Add(-1).Zone()
			_, after := change.Zone()
			key := shift{int(change.Unix()), before, after}
			if !seen[key] {
				seen[key] = true
				f(loc, change)
			}
		}
	}
	t.Logf("%d different clock changes", len(seen))
}

// minute is a local time in minutes since 1970-01-01 00:00.
type minute int64

func (m minute) weekday() time.Weekday { return time.Unix(int64(m)*60, 0).UTC().Weekday() }

func (m minute) of(d store.Date) bool { return store.DateOf(time.Unix(int64(m)*60, 0).UTC()) == d }

// walk is an independent account of some days around a clock change: minute by
// minute, the furthest that the local clock has shown so far.
type walk struct {
	from time.Time
	at   []minute
}

func walkAround(loc *time.Location, change time.Time) walk {
	const day = 24 * 60
	w := walk{from: change.Add(-36 * time.Hour).Truncate(time.Minute)}
	var furthest minute
	// One day of run-up, in case the clock was put back just before.
	for i := -day; i < 3*day; i++ {
		local := w.from.Add(time.Duration(i) * time.Minute).In(loc)
		_, offset := local.Zone()
		furthest = max(furthest, minute((local.Unix()+int64(offset))/60))
		if i >= 0 {
			w.at = append(w.at, furthest)
		}
	}
	return w
}

// business says by definition what hours a local time is in.
func business(m minute, e *store.Engagement, holiday store.Date) bool {
	if !holiday.IsZero() && m.of(holiday) {
		return false
	}
	weekday, clock := m.weekday(), store.Clock(m%(24*60))
	for _, win := range e.BusinessHours {
		for _, day := range win.Days {
			if day == weekday && win.From <= clock && clock < win.To {
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
			e, holiday := shapes[i], store.Date{}
			e.TimeZone = "UTC"
			if i == 2 { // the day of the change is a holiday
				holiday = store.DateOf(change.In(loc))
				e.Holidays = []string{holiday.String()}
			}
			k := compile(t, &e)
			k.zone = zone{loc}
			checkFlips(t, k, w, holiday)
		}
	})
}

func checkFlips(t *testing.T, k *Calendar, w walk, holiday store.Date) {
	t.Helper()
	hours := k.Hours(w.from)
	for i, local := range w.at {
		at := w.from.Add(time.Duration(i) * time.Minute)
		if !hours.Until.IsZero() && !at.Before(hours.Until) {
			if !at.Equal(hours.Until) {
				t.Fatalf("%s: flip at %s is within a minute", k.Location(), hours.Until)
			}
			checkUntil(t, k, hours)
			hours = k.Hours(at)
		}
		if hours.Business != business(local, k.engagement, holiday) {
			t.Fatalf("%s at %s: business is %v, %v", k.Location(), k.Local(at), hours.Business, k.engagement.BusinessHours)
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
	eachChange(t, func(loc *time.Location, change time.Time) {
		w := walkAround(loc, change)
		k := compile(t, &store.Engagement{TimeZone: "UTC"})
		k.zone = zone{loc}
		for _, at := range []string{"00:00", "00:30", "01:30", "02:30", "08:00", "24:00"} {
			checkHandoffs(t, k, w, clock(t, at))
		}
	})
}

func checkHandoffs(t *testing.T, k *Calendar, w walk, at store.Clock) {
	t.Helper()
	firstDay := w.at[0]/(24*60) - 7
	first := store.DateOf(time.Unix(int64(firstDay)*24*60*60, 0).UTC())
	r := &store.Rotation{
		From: first, Handoff: store.Handoff{Day: first.Weekday(), Time: at},
		Every: store.Duration{N: 1, Unit: store.Days}, People: []string{"a", "b", "c", "d", "e"},
	}
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
		index := (local-minute(at))/(24*60) - firstDay
		if want := r.People[index%5]; turn.Person != want {
			t.Fatalf("%s at %s, hand-off %s: %s, want %s", k.Location(), k.Local(now), at, turn.Person, want)
		}
	}
}
