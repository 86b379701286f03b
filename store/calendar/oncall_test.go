package calendar

import (
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func TestOnCall(t *testing.T) {
	t.Parallel()
	rotation := func(from string, day time.Weekday, at string, n int, unit store.Unit, people ...string) *store.Rotation {
		return &store.Rotation{
			Side: store.MSP, From: date(t, from), Handoff: store.Handoff{Day: day, Time: clock(t, at)},
			Every: store.Duration{N: n, Unit: unit}, People: people,
		}
	}
	harborMSP := rotation("2026-10-05", time.Monday, "08:00", 1, store.Weeks, "sam", "lee")
	lakesideMSP := rotation("2026-11-06", time.Friday, "17:00", 1, store.Weeks, "pilar", "wes")
	lakesideOwn := rotation("2026-11-02", time.Monday, "07:00", 2, store.Weeks, "rosa", "kenji")
	lateFrom := rotation("2026-10-06", time.Monday, "08:00", 1, store.Weeks, "sam", "lee")
	daily := rotation("2026-10-30", time.Friday, "02:30", 1, store.Days, "a", "b", "c")
	midnight := rotation("2026-10-30", time.Friday, "24:00", 1, store.Days, "a", "b", "c")
	alone := rotation("2026-10-05", time.Monday, "08:00", 1, store.Weeks, "nadia")
	twice := rotation("2026-10-05", time.Monday, "08:00", 1, store.Weeks, "sam", "sam", "lee")
	tests := []struct {
		name               string
		rotation           *store.Rotation
		at                 string
		person, since, end string
	}{
		{"friday night", harborMSP, fridayNight, "sam", "2026-11-16T08:00:00-05:00", "2026-11-23T08:00:00-05:00"},
		{"hand-off", harborMSP, "2026-11-23T08:00:00-05:00", "lee", "2026-11-23T08:00:00-05:00", "2026-11-30T08:00:00-05:00"},
		{"just before", harborMSP, "2026-11-23T07:59:59-05:00", "sam", "2026-11-16T08:00:00-05:00", "2026-11-23T08:00:00-05:00"},
		{"clocks change within the turn", harborMSP, "2026-10-30T12:00:00-04:00", "lee", "2026-10-26T08:00:00-04:00", "2026-11-02T08:00:00-05:00"},
		{"before the first, the first", harborMSP, "2026-01-01T00:00:00-05:00", "sam", "", "2026-10-12T08:00:00-04:00"},
		{"years later", harborMSP, "2046-10-05T08:00:00-04:00", "lee", "2046-10-01T08:00:00-04:00", "2046-10-08T08:00:00-04:00"},
		{"friday 17:00", lakesideMSP, fridayNight, "pilar", "2026-11-20T17:00:00-05:00", "2026-11-27T17:00:00-05:00"},
		{"fortnightly", lakesideOwn, fridayNight, "kenji", "2026-11-16T07:00:00-05:00", "2026-11-30T07:00:00-05:00"},
		{"from after the weekday", lateFrom, "2026-10-12T08:00:00-04:00", "sam", "2026-10-12T08:00:00-04:00", "2026-10-19T08:00:00-04:00"},
		{"in the repeated hour", daily, "2026-11-01T01:30:00-05:00", "b", "2026-10-31T02:30:00-04:00", "2026-11-01T02:30:00-05:00"},
		{"into the gap", daily, "2027-03-14T12:00:00-04:00", "a", "2027-03-14T03:00:00-04:00", "2027-03-15T02:30:00-04:00"},
		{"24:00 is the next midnight", midnight, "2026-10-31T00:00:00-04:00", "a", "2026-10-31T00:00:00-04:00", "2026-11-01T00:00:00-04:00"},
		{"one person, for good", alone, fridayNight, "nadia", "2026-11-16T08:00:00-05:00", ""},
		{"two turns in a row", twice, "2026-10-06T12:00:00-04:00", "sam", "2026-10-05T08:00:00-04:00", "2026-10-19T08:00:00-04:00"},
	}
	k := compile(t, harbor())
	for _, tt := range tests {
		got := k.OnCall(tt.rotation, instant(t, tt.at))
		if got.Person != tt.person || rfc(got.Since) != tt.since || rfc(got.Until) != tt.end {
			t.Errorf("%s: %s from %s until %s, want %s from %s until %s", tt.name, got.Person, rfc(got.Since), rfc(got.Until), tt.person, tt.since, tt.end)
		}
	}
}

// A daily turn on the Friday that Samoa skipped never was.
func TestOnCallOnASkippedDay(t *testing.T) {
	t.Parallel()
	r := &store.Rotation{
		From: date(t, "2011-12-29"), Handoff: store.Handoff{Day: time.Thursday, Time: 0},
		Every: store.Duration{N: 1, Unit: store.Days}, People: []string{"thu", "fri"},
	}
	k := compile(t, &store.Engagement{TimeZone: "Pacific/Apia"})
	got := k.OnCall(r, instant(t, "2011-12-29T12:00:00-10:00"))
	// Saturday is Thursday's person again, so nothing changes before Sunday.
	if got.Person != "thu" || rfc(got.Until) != "2012-01-01T00:00:00+14:00" {
		t.Errorf("%s until %s", got.Person, rfc(got.Until))
	}
}

func TestOnCallOfABrokenRotation(t *testing.T) {
	t.Parallel()
	k := compile(t, harbor())
	at := instant(t, fridayNight)
	for _, r := range []*store.Rotation{
		{},
		{From: date(t, "2026-10-05"), Every: store.Duration{N: 1, Unit: store.Weeks}},
		{From: date(t, "2026-10-05"), Every: store.Duration{N: 1, Unit: store.Months}, People: []string{"sam"}},
		{From: date(t, "2026-10-05"), Every: store.Duration{N: -1, Unit: store.Days}, People: []string{"sam"}},
	} {
		if got := k.OnCall(r, at); got != (Turn{}) {
			t.Errorf("%+v: %+v", r, got)
		}
	}
}
