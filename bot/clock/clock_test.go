package clock

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"
)

func florida(t *testing.T, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAMoveDoesWhatFallsDueOnTheWay(t *testing.T) {
	var seen []string
	start := florida(t, "2026-11-20T23:12")
	note := func(_ context.Context, now time.Time) error { seen = append(seen, now.Format("15:04")); return nil }
	c := At(start, Every(time.Hour), note)
	if err := c.Move(t.Context(), start.Add(150*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if want := []string{"00:12", "01:12", "01:42"}; !slices.Equal(seen, want) {
		t.Errorf("due at %v, want %v", seen, want)
	}
	seen = nil
	if err := c.Move(t.Context(), start); err != nil || !c.Now().Equal(start) || !slices.Equal(seen, []string{"23:12"}) {
		t.Errorf("back: %v, at %v, due at %v", err, c.Now(), seen)
	}
	seen = nil
	jump := At(start, nil, note)
	if err := jump.Move(t.Context(), start.AddDate(0, 0, 30)); err != nil || len(seen) != 1 {
		t.Errorf("a jump: %v, due at %v", err, seen)
	}
}

func TestAMoveStopsWhereItFails(t *testing.T) {
	start := florida(t, "2026-11-20T23:12")
	wrong := errors.New("the store is full")
	c := At(start, Every(time.Hour), func(_ context.Context, now time.Time) error {
		if now.Sub(start) == 2*time.Hour {
			return wrong
		}
		return nil
	})
	if err := c.Move(t.Context(), start.Add(5*time.Hour)); !errors.Is(err, wrong) || c.Now().Sub(start) != 2*time.Hour {
		t.Errorf("%v at %v", err, c.Now())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Move(ctx, start); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAMovedClockGoesOn(t *testing.T) {
	base := florida(t, "2026-11-20T23:12")
	c := New(func() time.Time { return base }, nil, nil)
	if err := c.Move(t.Context(), base.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	base = base.Add(time.Minute)
	if got := c.Now().Format("15:04"); got != "00:13" {
		t.Errorf("it shows %s", got)
	}
}

func TestTimesAsPeopleWriteThem(t *testing.T) {
	now := florida(t, "2026-10-30T23:12") // a Friday; clocks go back on Sunday
	for _, c := range []struct {
		read func(string, time.Time) (time.Time, error)
		text string
		want string // "" is an error
	}{
		{Instant, "2026-11-20T23:12", "2026-11-20T23:12:00-05:00"},
		{Instant, "2026-11-20 23:12", "2026-11-20T23:12:00-05:00"},
		{Instant, "2026-11-20", "2026-11-20T00:00:00-05:00"},
		{Instant, "2026-11-20T23:12:00Z", "2026-11-20T23:12:00Z"},
		{Instant, "23:30", "2026-10-30T23:30:00-04:00"},
		{Instant, "08:00", "2026-10-31T08:00:00-04:00"},
		{Instant, "mon  08:00", "2026-11-02T08:00:00-05:00"},
		{Instant, "Fri 08:00", "2026-11-06T08:00:00-05:00"},
		{Instant, "tomorrow", ""},
		{Instant, "xyz 08:00", ""},
		{Instant, "25:00", ""},
		{Instant, "", ""},
		{After, "3h", "2026-10-31T02:12:00-04:00"},
		{After, "1h30m", "2026-10-31T00:42:00-04:00"},
		{After, "15m", "2026-10-30T23:27:00-04:00"},
		{After, "2d", "2026-11-01T23:12:00-05:00"},
		{After, "1w", "2026-11-06T23:12:00-05:00"},
		{After, "1mo", "2026-11-30T23:12:00-05:00"},
		{After, "1y", "2027-10-30T23:12:00-04:00"},
		{After, "2bd", ""},
		{After, "-3h", ""},
		{After, "soon", ""},
		{After, "", ""},
	} {
		got, err := c.read(c.text, now)
		if (err != nil) != (c.want == "") || err == nil && got.Format(time.RFC3339) != c.want {
			t.Errorf("%q is %s, %v; want %q", c.text, got.Format(time.RFC3339), err, c.want)
		}
	}
}

func FuzzTimes(f *testing.F) {
	f.Add("fri 08:00")
	f.Add("1mo")
	now := time.Date(2026, 11, 20, 23, 12, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := After(text, now); err == nil && !got.After(now) {
			t.Errorf("After(%q) is %v", text, got)
		}
		_, _ = Instant(text, now)
	})
}
