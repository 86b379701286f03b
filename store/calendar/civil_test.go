package calendar

import (
	"testing"
	"time"
)

// The one rule of local time, near every clock change of every zone: the clock
// has reached c exactly from instant(c) on, and it never runs backwards.
func TestLocalTimeOverEveryZone(t *testing.T) {
	t.Parallel()
	offsets := []time.Duration{
		-25 * time.Hour, -24 * time.Hour, -90 * time.Minute, -time.Hour, -30 * time.Minute, -time.Second, 0,
		time.Second, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 23*time.Hour + 59*time.Minute, 24 * time.Hour, 25 * time.Hour,
	}
	checked, last := 0, 2040
	if testing.Short() || raceEnabled {
		last = 1980
	}
	for _, loc := range append(slimZones(t), allZones(t)...) {
		z := zone{loc}
		anchors := []time.Time{
			time.Date(2026, 11, 20, 23, 12, 0, 0, loc),
			// Here the bounds that the time package gives are wrong; see offsetEnd.
			time.Date(2028, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2048, 12, 31, 12, 0, 0, 0, time.UTC),
		}
		for _, change := range append(anchors, transitions(loc, 1840, last)...) {
			var ts []time.Time
			for _, offset := range offsets {
				ts = append(ts, change.Add(offset))
			}
			checkLocalTime(t, z, ts)
			checked++
		}
	}
	if checked < 20_000 {
		t.Errorf("only %d clock changes seen", checked)
	}
}

func checkLocalTime(t *testing.T, z zone, ts []time.Time) {
	t.Helper()
	clocks, civils := make([]civil, len(ts)), make([]civil, 0, 2*len(ts))
	for i, at := range ts {
		clocks[i] = z.clock(at)
		reading := z.reading(at)
		civils = append(civils, reading, reading+civilMinute)
		if clocks[i] < reading || i > 0 && clocks[i] < clocks[i-1] {
			t.Fatalf("%s: at %s the clock stands at %d, reads %d", z.loc, at, clocks[i], reading)
		}
	}
	for _, c := range civils {
		start := z.instant(c)
		if got := z.reading(start); got < c {
			t.Fatalf("%s: instant(%d) is %s, when the clock reads %d", z.loc, c, start, got)
		}
		for i, at := range ts {
			if reached := !at.Before(start); reached != (clocks[i] >= c) {
				t.Fatalf("%s: %s is reached at %s, but at %s the clock stands at %d", z.loc, c.day().date(), start, at, clocks[i])
			}
			if at.Before(start) && z.reading(at) >= c {
				t.Fatalf("%s: %d is reached at %s already, not at %s", z.loc, c, at, start)
			}
		}
	}
}

func TestInstant(t *testing.T) {
	t.Parallel()
	tests := []struct{ zone, date, clock, want string }{
		{"America/New_York", "2026-11-20", "23:12", "2026-11-20T23:12:00-05:00"},
		{"America/New_York", "2026-11-01", "01:30", "2026-11-01T01:30:00-04:00"}, // shown twice
		{"America/New_York", "2026-11-01", "02:00", "2026-11-01T02:00:00-05:00"},
		{"America/New_York", "2026-03-08", "02:30", "2026-03-08T03:00:00-04:00"}, // never shown
		{"America/New_York", "2026-03-08", "24:00", "2026-03-09T00:00:00-04:00"},
		{"Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-05T01:45:00+11:00"}, // half an hour twice
		{"Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-04T02:30:00+11:00"}, // half an hour never
		{"America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T01:00:00-02:00"},   // no midnight
		{"Africa/Cairo", "2026-04-24", "00:30", "2026-04-24T01:00:00+03:00"},
		{"Asia/Kathmandu", "2026-01-01", "00:00", "2026-01-01T00:00:00+05:45"},
		{"Pacific/Apia", "2011-12-30", "08:00", "2011-12-31T00:00:00+14:00"}, // no such day
		{"Pacific/Kiritimati", "2026-01-01", "00:00", "2026-01-01T00:00:00+14:00"},
	}
	for _, tt := range tests {
		e := harbor()
		e.TimeZone = tt.zone
		k := compile(t, e)
		if got := rfc(k.Instant(date(t, tt.date), clock(t, tt.clock))); got != tt.want {
			t.Errorf("%s %s in %s: %s, want %s", tt.date, tt.clock, tt.zone, got, tt.want)
		}
	}
}

// The local clock stands still while an hour repeats.
func TestClockInTheRepeatedHour(t *testing.T) {
	t.Parallel()
	z := zone{load(t, "America/New_York")}
	second := instant(t, "2026-11-01T01:10:00-05:00")
	last := civilAt(date(t, "2026-11-01"), clock(t, "02:00")) - 1
	if got := z.clock(second); got != last {
		t.Errorf("clock = %d, want %d", got, last)
	}
	if got := z.reading(second); got != last-50*60+1 {
		t.Errorf("reading = %d, want %d", got, last-50*60+1)
	}
}
