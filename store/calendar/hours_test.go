package calendar

import (
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func TestHours(t *testing.T) {
	t.Parallel()
	k := compile(t, harbor())
	tests := []struct {
		name, at string
		business bool
		until    string
		holiday  string
	}{
		{"friday night", "2026-11-20T23:12:00-05:00", false, "2026-11-23T08:00:00-05:00", ""},
		{"asked in another zone", "2026-11-21T04:12:00Z", false, "2026-11-23T08:00:00-05:00", ""},
		{"working day", "2026-11-18T10:28:00-05:00", true, "2026-11-18T17:30:00-05:00", ""},
		{"first second", "2026-11-18T08:00:00-05:00", true, "2026-11-18T17:30:00-05:00", ""},
		{"last second", "2026-11-18T17:29:59-05:00", true, "2026-11-18T17:30:00-05:00", ""},
		{"end is outside", "2026-11-18T17:30:00-05:00", false, "2026-11-19T08:00:00-05:00", ""},
		{"just before", "2026-11-18T07:59:59-05:00", false, "2026-11-18T08:00:00-05:00", ""},
		{"thanksgiving and the day after", "2026-11-26T09:40:00-05:00", false, "2026-11-30T08:00:00-05:00", "Thanksgiving Day"},
		{"own date", "2026-11-27T12:00:00-05:00", false, "2026-11-30T08:00:00-05:00", OwnHoliday},
		{"wednesday before", "2026-11-25T17:30:00-05:00", false, "2026-11-30T08:00:00-05:00", ""},
		{"christmas eve is the firm's", "2026-12-23T18:00:00-05:00", false, "2026-12-28T08:00:00-05:00", ""},
		{"new year's eve, a working day", "2026-12-31T12:00:00-05:00", true, "2026-12-31T17:30:00-05:00", ""},
		{"new year's eve at night", "2026-12-31T23:59:59-05:00", false, "2027-01-04T08:00:00-05:00", ""},
		{"new year's day", "2027-01-01T00:00:00-05:00", false, "2027-01-04T08:00:00-05:00", "New Year's Day"},
		{"fourth of july observed", "2026-07-03T10:00:00-04:00", false, "2026-07-06T08:00:00-04:00", "Independence Day (observed)"},
		{"fourth of july itself", "2026-07-04T10:00:00-04:00", false, "2026-07-06T08:00:00-04:00", "Independence Day"},
		{"new year observed in the year before", "2027-12-31T10:00:00-05:00", false, "2028-01-03T08:00:00-05:00", "New Year's Day (observed)"},
		{"over the spring change", "2026-03-07T12:00:00-05:00", false, "2026-03-09T08:00:00-04:00", ""},
		{"over the autumn change", "2026-10-31T12:00:00-04:00", false, "2026-11-02T08:00:00-05:00", ""},
	}
	for _, tt := range tests {
		got := k.Hours(instant(t, tt.at))
		if got.Business != tt.business || rfc(got.Until) != tt.until || got.Holiday != tt.holiday {
			t.Errorf("%s: %v until %s, holiday %q; want %v until %s, %q", tt.name, got.Business, rfc(got.Until), got.Holiday, tt.business, tt.until, tt.holiday)
		}
	}
}

func window(tb testing.TB, days []time.Weekday, from, to string) store.Window {
	tb.Helper()
	return store.Window{Days: days, From: clock(tb, from), To: clock(tb, to)}
}

// The stretches of business hours that begin in a week, for windows of every shape.
func TestWindows(t *testing.T) {
	t.Parallel()
	sunday, monday, tuesday := []time.Weekday{time.Sunday}, []time.Weekday{time.Monday}, []time.Weekday{time.Tuesday}
	tests := []struct {
		name, zone, from, to string
		windows              []store.Window
		holidays             []string
		want                 []string // open, close, open, close
	}{
		{
			"overlapping and touching windows are one", "America/New_York", "2026-11-16T00:00:00-05:00", "2026-11-17T00:00:00-05:00",
			[]store.Window{window(t, monday, "12:00", "14:00"), window(t, monday, "08:00", "12:00"), window(t, monday, "13:00", "17:00")},
			nil,
			[]string{"2026-11-16T08:00:00-05:00", "2026-11-16T17:00:00-05:00"},
		},
		{
			"a window within another adds nothing", "America/New_York", "2026-11-16T00:00:00-05:00", "2026-11-17T00:00:00-05:00",
			[]store.Window{window(t, monday, "08:00", "17:00"), window(t, monday, "09:00", "12:00")},
			nil,
			[]string{"2026-11-16T08:00:00-05:00", "2026-11-16T17:00:00-05:00"},
		},
		{
			"across midnight", "America/New_York", "2026-11-16T12:00:00-05:00", "2026-11-18T00:00:00-05:00",
			[]store.Window{window(t, monday, "20:00", "24:00"), window(t, tuesday, "00:00", "04:00")},
			nil,
			[]string{"2026-11-16T20:00:00-05:00", "2026-11-17T04:00:00-05:00"},
		},
		{
			"a holiday ends them at midnight", "America/New_York", "2026-11-16T12:00:00-05:00", "2026-11-18T00:00:00-05:00",
			[]store.Window{window(t, monday, "20:00", "24:00"), window(t, tuesday, "00:00", "04:00")},
			[]string{"2026-11-17"},
			[]string{"2026-11-16T20:00:00-05:00", "2026-11-17T00:00:00-05:00"},
		},
		{
			"a window in the repeated hour is open once", "America/New_York", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00",
			[]store.Window{window(t, sunday, "01:00", "01:30")},
			nil,
			[]string{"2026-11-01T01:00:00-04:00", "2026-11-01T01:30:00-04:00"},
		},
		{
			"one that outlasts it stays open", "America/New_York", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00",
			[]store.Window{window(t, sunday, "01:30", "03:00")},
			nil,
			[]string{"2026-11-01T01:30:00-04:00", "2026-11-01T03:00:00-05:00"},
		},
		{
			"one that starts in a gap begins at its end", "America/New_York", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00",
			[]store.Window{window(t, sunday, "02:30", "04:00")},
			nil,
			[]string{"2026-03-08T03:00:00-04:00", "2026-03-08T04:00:00-04:00"},
		},
		{
			"one wholly in a gap has no time at all", "America/New_York", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00",
			[]store.Window{window(t, sunday, "02:15", "02:45"), window(t, sunday, "05:00", "06:00")},
			nil,
			[]string{"2026-03-08T05:00:00-04:00", "2026-03-08T06:00:00-04:00"},
		},
		{
			"half an hour of daylight saving", "Australia/Lord_Howe", "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00",
			[]store.Window{window(t, sunday, "02:00", "02:45")},
			nil,
			[]string{"2026-10-04T02:30:00+11:00", "2026-10-04T02:45:00+11:00"},
		},
		{
			"no midnight to begin at", "America/Sao_Paulo", "2018-11-03T12:00:00-03:00", "2018-11-05T00:00:00-02:00",
			[]store.Window{window(t, sunday, "00:00", "04:00")},
			nil,
			[]string{"2018-11-04T01:00:00-02:00", "2018-11-04T04:00:00-02:00"},
		},
		{
			"the friday that Samoa skipped", "Pacific/Apia", "2011-12-29T00:00:00-10:00", "2012-01-02T00:00:00+14:00",
			[]store.Window{window(t, everyDay, "08:00", "17:00")},
			nil,
			[]string{
				"2011-12-29T08:00:00-10:00", "2011-12-29T17:00:00-10:00", "2011-12-31T08:00:00+14:00",
				"2011-12-31T17:00:00+14:00", "2012-01-01T08:00:00+14:00", "2012-01-01T17:00:00+14:00",
			},
		},
		{
			"no windows: closed on holidays only", "America/New_York", "2026-11-24T00:00:00-05:00", "2026-12-20T00:00:00-05:00",
			nil,
			[]string{"us-federal"},
			[]string{"2026-11-24T00:00:00-05:00", "2026-11-26T00:00:00-05:00", "2026-11-27T00:00:00-05:00", "2026-12-25T00:00:00-05:00"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := compile(t, &store.Engagement{TimeZone: tt.zone, BusinessHours: tt.windows, Holidays: tt.holidays})
			got := stretches(k, instant(t, tt.from), instant(t, tt.to))
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i := range got {
				if rfc(got[i]) != tt.want[i] {
					t.Errorf("got %s, want %s", rfc(got[i]), tt.want[i])
				}
			}
		})
	}
}

// stretches hops from flip to flip: the open and close of each stretch of
// business hours that touches [from, to).
func stretches(k *Calendar, from, to time.Time) []time.Time {
	var edges []time.Time
	for at := k.Local(from); at.Before(to); {
		hours := k.Hours(at)
		if hours.Business {
			edges = append(edges, at, hours.Until)
		}
		if hours.Until.IsZero() {
			break
		}
		at = hours.Until
	}
	return edges
}

func TestHoursThatNeverFlip(t *testing.T) {
	t.Parallel()
	around := []store.Window{window(t, everyDay, "00:00", "24:00")}
	for _, e := range []*store.Engagement{
		{TimeZone: "Europe/Berlin"},
		{TimeZone: "Europe/Berlin", BusinessHours: around},
		{TimeZone: "Europe/Berlin", BusinessHours: around, Holidays: []string{"2020-01-01"}},
	} {
		got := compile(t, e).Hours(instant(t, "2026-11-20T23:12:00Z"))
		if !got.Business || !got.Until.IsZero() || got.Name() != BusinessHours {
			t.Errorf("%v %v: %+v, want business hours for good", e.BusinessHours, e.Holidays, got)
		}
	}
	e := &store.Engagement{TimeZone: "Europe/Berlin", Holidays: []string{"2027-05-03"}}
	if got := rfc(compile(t, e).Hours(instant(t, "2026-11-20T23:12:00Z")).Until); got != "2027-05-03T00:00:00+02:00" {
		t.Errorf("until %s, want the only holiday ahead", got)
	}
}
