package calendar

import (
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func TestBusinessDays(t *testing.T) {
	t.Parallel()
	k := compile(t, harbor())
	tests := []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-20", 1, "2026-11-23"},
		{"2026-11-25", 1, "2026-11-30"}, // Thanksgiving, the firm's Friday, a weekend
		{"2026-11-26", 1, "2026-11-30"},
		{"2026-11-28", 2, "2026-12-01"},
		{"2026-11-28", 0, "2026-11-28"},
		{"2026-11-30", -1, "2026-11-25"},
		{"2026-11-28", -2, "2026-11-24"},
		{"2026-12-31", 1, "2027-01-04"},
		{"2026-07-02", 1, "2026-07-06"},
	}
	for _, tt := range tests {
		got, err := k.AddBusinessDays(date(t, tt.from), tt.n)
		if err != nil || got.String() != tt.want {
			t.Errorf("%s %+d: %s %v, want %s", tt.from, tt.n, got, err, tt.want)
		}
	}
	if got, err := k.NextBusinessDay(date(t, "2026-11-26")); err != nil || got.String() != "2026-11-30" {
		t.Errorf("next after Thanksgiving: %s %v", got, err)
	}
	if got, err := k.NextBusinessDay(date(t, "2026-11-30")); err != nil || got.String() != "2026-11-30" {
		t.Errorf("a business day is its own next: %s %v", got, err)
	}
	if got := k.BusinessDaysBetween(date(t, "2026-11-20"), date(t, "2026-11-30")); got != 4 {
		t.Errorf("between: %d, want 4", got)
	}
	if got := k.BusinessDaysBetween(date(t, "2026-11-30"), date(t, "2026-11-20")); got != -4 {
		t.Errorf("between, backwards: %d, want -4", got)
	}
}

func TestBusinessDaysOnTheWeekend(t *testing.T) {
	t.Parallel()
	k := compile(t, &store.Engagement{TimeZone: "America/New_York", Holidays: []string{"us-federal"}, BusinessHours: []store.Window{window(t, everyDay[:1], "09:00", "12:00")}})
	for day, want := range map[string]bool{"2026-07-04": false, "2026-07-11": true, "2026-07-03": false, "2026-07-06": false} {
		if got := k.IsBusinessDay(date(t, day)); got != want {
			t.Errorf("%s: %v, want %v", day, got, want)
		}
	}
}

// An engagement without a business day for years ends in an error, not in a loop.
func TestNoBusinessDays(t *testing.T) {
	t.Parallel()
	e := &store.Engagement{TimeZone: "UTC", BusinessHours: []store.Window{window(t, []time.Weekday{time.Monday}, "09:00", "10:00")}}
	for d := (store.Date{Year: 2026, Month: 1, Day: 5}); d.Year < 2040; d = d.AddDays(7) {
		e.Holidays = append(e.Holidays, d.String())
	}
	k := compile(t, e)
	if _, err := k.AddBusinessDays(date(t, "2026-02-01"), 1); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("no business day ahead: %v", err)
	}
	if _, err := k.NextBusinessDay(date(t, "2026-02-01")); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("no next business day: %v", err)
	}
	if got, err := k.AddBusinessDays(date(t, "2026-02-01"), -1); err != nil || got.String() != "2025-12-29" {
		t.Errorf("the one before: %s %v", got, err)
	}
	at := instant(t, "2026-02-01T12:00:00Z")
	if _, err := k.Add(at, store.Duration{N: 1, Unit: store.BusinessDays}); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("one business day later: %v", err)
	}
	if h := k.Hours(at); h.Business || !h.Until.IsZero() {
		t.Errorf("hours that open in fourteen years: %+v", h)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	k := compile(t, harbor())
	tests := []struct {
		at   string
		n    int
		unit store.Unit
		want string
	}{
		{"2026-11-01T00:30:00-04:00", 90, store.Minutes, "2026-11-01T01:00:00-05:00"}, // exact, over the change
		{"2026-10-31T12:00:00-04:00", 24, store.Hours, "2026-11-01T11:00:00-05:00"},
		{"2026-10-31T12:00:00-04:00", 1, store.Days, "2026-11-01T12:00:00-05:00"}, // the same local time
		{"2026-10-31T01:30:00-04:00", 1, store.Days, "2026-11-01T01:30:00-04:00"},
		{"2026-11-01T01:30:00-05:00", 1, store.Days, "2026-11-02T01:30:00-05:00"}, // from the second pass
		{"2026-11-01T01:30:00-05:00", 0, store.Days, "2026-11-01T01:30:00-05:00"},
		{"2026-03-07T02:30:00-05:00", 1, store.Days, "2026-03-08T03:00:00-04:00"},
		{"2026-10-26T09:00:00-04:00", 1, store.Weeks, "2026-11-02T09:00:00-05:00"},
		{"2026-01-31T09:00:00-05:00", 1, store.Months, "2026-02-28T09:00:00-05:00"},
		{"2028-02-29T09:00:00-05:00", 1, store.Years, "2029-02-28T09:00:00-05:00"},
		{"2026-11-25T09:00:00-05:00", 1, store.BusinessDays, "2026-11-30T09:00:00-05:00"},
		{"2026-11-30T09:00:00-05:00", -1, store.BusinessDays, "2026-11-25T09:00:00-05:00"},
		{"2026-11-15T09:00:00-05:00", -14, store.Days, "2026-11-01T09:00:00-05:00"},
		{"2026-11-20T14:00:00Z", 1, store.BusinessDays, "2026-11-23T09:00:00-05:00"},
	}
	for _, tt := range tests {
		got, err := k.Add(instant(t, tt.at), store.Duration{N: tt.n, Unit: tt.unit})
		if err != nil || rfc(got) != tt.want {
			t.Errorf("%s %+d%s: %s %v, want %s", tt.at, tt.n, tt.unit, rfc(got), err, tt.want)
		}
	}
	at := instant(t, fridayNight).Add(123)
	if got, _ := k.Add(at, store.Duration{N: 1, Unit: store.Days}); got.Sub(at) != 24*time.Hour {
		t.Errorf("nanoseconds are lost: %s", got)
	}
	for _, d := range []store.Duration{{N: 1, Unit: "fortnight"}, {N: 1 << 40, Unit: store.Minutes}, {N: -1 << 40, Unit: store.BusinessDays}} {
		if _, err := k.Add(at, d); store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%v: %v", d, err)
		}
		if _, err := k.AddToDate(date(t, "2026-11-20"), d); store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("to a date, %v: %v", d, err)
		}
	}
	if _, err := k.AddToDate(date(t, "2026-11-20"), store.Duration{N: 1, Unit: store.Hours}); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("an hour to a date: %v", err)
	}
	if _, err := k.AddBusinessDays(date(t, "2026-11-20"), maxCount+1); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("too many business days: %v", err)
	}
}
