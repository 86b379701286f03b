package rhythm_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones, on a machine that has none

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/rhythm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// firm is an engagement with office hours and the holidays, in the zone.
func firm(zone string, holidays ...string) *store.Engagement {
	return &store.Engagement{
		ID: "firm", Client: "Firm", MSP: "Ridge", TimeZone: zone, Holidays: holidays,
		BusinessHours: []store.Window{{Days: weekdays, From: 8 * 60, To: 17 * 60}},
	}
}

func compile(tb testing.TB, e *store.Engagement, c store.Cadence) *rhythm.Rhythm {
	tb.Helper()
	cal, err := calendar.New(e, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := rhythm.New(cal, &c)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func instant(tb testing.TB, text string) time.Time {
	tb.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

func durations(tb testing.TB, texts ...string) []store.Duration {
	tb.Helper()
	out := make([]store.Duration, len(texts))
	for i, text := range texts {
		if err := out[i].UnmarshalText([]byte(text)); err != nil {
			tb.Fatal(err)
		}
	}
	return out
}

func zoneNames(tb testing.TB) []string {
	tb.Helper()
	names, err := os.ReadFile("../calendar/testdata/zones.txt")
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Fields(string(names))
}

// line says a due date in short: its civil time, its instant and what is odd.
func line(d *rhythm.Due) string {
	out := d.Civil + " → " + d.Due.Format("Mon 2006-01-02T15:04 -0700")
	if d.Moved {
		out += " moved from " + d.Holiday
	}
	if d.Skipped != "" {
		out += " skipped: " + d.Skipped
	}
	return out
}

func TestDueDates(t *testing.T) {
	const newYork = "America/New_York"
	for _, tt := range []struct {
		name string
		e    *store.Engagement
		c    store.Cadence
		from string
		want []string
	}{
		{
			name: "weekly, a holiday moves it", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 9 * * THU"},
			from: "2026-11-19T15:00:00-05:00",
			want: []string{
				"2026-11-26T09:00 → Fri 2026-11-27T09:00 -0500 moved from Thanksgiving Day",
				"2026-12-03T09:00 → Thu 2026-12-03T09:00 -0500",
			},
		},
		{
			name: "over a bridge day and a weekend", e: firm(newYork, "us-federal", "2026-11-27"), c: store.Cadence{Schedule: "0 9 * * THU"},
			from: "2026-11-29T15:00:00-05:00", // after the holiday itself
			want: []string{"2026-11-26T09:00 → Mon 2026-11-30T09:00 -0500 moved from Thanksgiving Day", "2026-12-03T09:00 → Thu 2026-12-03T09:00 -0500"},
		},
		{
			name: "kept", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 9 * * THU", OnHoliday: store.HolidayKeep},
			from: "2026-11-26T09:00:00-05:00",
			want: []string{"2026-11-26T09:00 → Thu 2026-11-26T09:00 -0500"},
		},
		{
			name: "skipped", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 9 * * THU", OnHoliday: store.HolidaySkip},
			from: "2026-11-20T09:00:00-05:00",
			want: []string{"2026-11-26T09:00 → Thu 2026-11-26T09:00 -0500 skipped: a holiday", "2026-12-03T09:00 → Thu 2026-12-03T09:00 -0500"},
		},
		{
			name: "daily: the one that would move onto the next is skipped", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 9 * * MON-FRI"},
			from: "2026-11-25T09:00:00-05:00",
			want: []string{
				"2026-11-25T09:00 → Wed 2026-11-25T09:00 -0500",
				"2026-11-26T09:00 → Thu 2026-11-26T09:00 -0500 skipped: a holiday",
				"2026-11-27T09:00 → Fri 2026-11-27T09:00 -0500",
			},
		},
		{
			name: "two holidays in a row: the second moves", e: firm(newYork, "2026-12-24", "2026-12-25"), c: store.Cadence{Schedule: "0 9 * * THU,FRI"},
			from: "2026-12-24T00:00:00-05:00",
			want: []string{
				"2026-12-24T09:00 → Thu 2026-12-24T09:00 -0500 skipped: a holiday",
				"2026-12-25T09:00 → Mon 2026-12-28T09:00 -0500 moved from Holiday",
				"2026-12-31T09:00 → Thu 2026-12-31T09:00 -0500",
			},
		},
		{
			name: "twice a day: the afternoon moves, the morning would come after it", e: firm(newYork, "2026-12-24"), c: store.Cadence{Schedule: "0 9,15 * * THU"},
			from: "2026-12-24T00:00:00-05:00",
			want: []string{
				"2026-12-24T09:00 → Thu 2026-12-24T09:00 -0500 skipped: a holiday",
				"2026-12-24T15:00 → Fri 2026-12-25T15:00 -0500 moved from Holiday",
			},
		},
		{
			name: "a weekend is no holiday", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 9 * * SUN"},
			from: "2026-11-20T00:00:00-05:00", want: []string{"2026-11-22T09:00 → Sun 2026-11-22T09:00 -0500"},
		},
		{
			name: "quarterly, the second Tuesday", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 10 * JAN,APR,JUL,OCT TUE", Week: 2},
			from: "2026-11-25T00:00:00-05:00",
			want: []string{
				"2027-01-12T10:00 → Tue 2027-01-12T10:00 -0500", "2027-04-13T10:00 → Tue 2027-04-13T10:00 -0400",
				"2027-07-13T10:00 → Tue 2027-07-13T10:00 -0400", "2027-10-12T10:00 → Tue 2027-10-12T10:00 -0400",
			},
		},
		{
			name: "first to fourth and last", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 10 * * MON", Week: 1},
			from: "2026-09-01T00:00:00-04:00",
			want: []string{"2026-09-07T10:00 → Tue 2026-09-08T10:00 -0400 moved from Labor Day", "2026-10-05T10:00 → Mon 2026-10-05T10:00 -0400"},
		},
		{
			name: "last Monday of May is a holiday every year", e: firm(newYork, "us-federal"), c: store.Cadence{Schedule: "0 10 * * MON", Week: store.LastWeek},
			from: "2027-05-01T00:00:00-04:00", want: []string{"2027-05-31T10:00 → Tue 2027-06-01T10:00 -0400 moved from Memorial Day"},
		},
		{
			name: "third", e: firm("Europe/Berlin", "de-by"), c: store.Cadence{Schedule: "0 10 * * THU", Week: 3},
			from: "2026-05-01T00:00:00+02:00", want: []string{"2026-05-21T10:00 → Thu 2026-05-21T10:00 +0200"},
		},
		{
			name: "fourth", e: firm("Europe/Berlin", "de-by"), c: store.Cadence{Schedule: "0 10 * * MON", Week: 4},
			from: "2026-05-01T00:00:00+02:00", want: []string{"2026-05-25T10:00 → Tue 2026-05-26T10:00 +0200 moved from Pfingstmontag"},
		},
		{
			name: "Boxing Day on a Saturday and the days given for it", e: firm("Europe/London", "gb"), c: store.Cadence{Schedule: "0 9 * DEC MON"},
			from: "2026-12-22T00:00:00Z", want: []string{"2026-12-28T09:00 → Tue 2026-12-29T09:00 +0000 moved from Boxing Day (observed)"},
		},
		{
			name: "a night without 02:30", e: firm(newYork), c: store.Cadence{Schedule: "30 2 * * SUN"},
			from: "2026-03-07T00:00:00-05:00", want: []string{"2026-03-08T02:30 → Sun 2026-03-08T03:00 -0400", "2026-03-15T02:30 → Sun 2026-03-15T02:30 -0400"},
		},
		{
			name: "a night with 01:30 twice", e: firm(newYork), c: store.Cadence{Schedule: "30 1 * * SUN"},
			from: "2026-10-31T00:00:00-04:00", want: []string{"2026-11-01T01:30 → Sun 2026-11-01T01:30 -0400", "2026-11-08T01:30 → Sun 2026-11-08T01:30 -0500"},
		},
		{
			name: "between the two 01:30 it has been", e: firm(newYork), c: store.Cadence{Schedule: "30 1 * * SUN"},
			from: "2026-11-01T01:10:00-05:00", want: []string{"2026-11-08T01:30 → Sun 2026-11-08T01:30 -0500"},
		},
		{
			name: "a day without midnight", e: firm("Africa/Cairo"), c: store.Cadence{Schedule: "0 0 * * FRI"},
			from: "2026-04-23T12:00:00+02:00", want: []string{"2026-04-24T00:00 → Fri 2026-04-24T01:00 +0300"},
		},
		{
			name: "hourly over the gap: two at one instant are one", e: firm(newYork), c: store.Cadence{Schedule: "0 * * * *"},
			from: "2026-03-08T01:00:00-05:00",
			want: []string{
				"2026-03-08T01:00 → Sun 2026-03-08T01:00 -0500",
				"2026-03-08T02:00 → Sun 2026-03-08T03:00 -0400 skipped: " + store.SkippedClock,
				"2026-03-08T03:00 → Sun 2026-03-08T03:00 -0400",
			},
		},
		{
			name: "the day that Samoa left out", e: firm("Pacific/Apia"), c: store.Cadence{Schedule: "0 9 * * *"},
			from: "2011-12-29T00:00:00-10:00",
			want: []string{
				"2011-12-29T09:00 → Thu 2011-12-29T09:00 -1000", "2011-12-30T09:00 → Sat 2011-12-31T00:00 +1400",
				"2011-12-31T09:00 → Sat 2011-12-31T09:00 +1400",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compile(t, tt.e, tt.c)
			var got []string
			for due := range r.From(instant(t, tt.from)) {
				if got = append(got, line(&due)); len(got) >= len(tt.want) {
					break
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestGraceAndReminders(t *testing.T) {
	e := firm("America/New_York", "us-federal", "2026-11-27")
	for _, tt := range []struct {
		schedule, grace string
		remind          []string
		wantGrace       string
		want            []string
	}{
		{"0 9 * * WED", "", nil, "2026-11-30T09:00:00-05:00", nil}, // over Thanksgiving, the bridge day and the weekend
		{"0 9 * * MON", "", nil, "2026-12-01T09:00:00-05:00", nil},
		{"0 9 * * WED", "1d", nil, "2026-11-26T09:00:00-05:00", nil},
		{"0 9 * * WED", "90m", nil, "2026-11-25T10:30:00-05:00", nil},
		{"0 9 * * SAT", "2bd", nil, "2026-12-01T09:00:00-05:00", nil},
		{
			"0 10 * * WED", "2w",
			[]string{"1h", "3d", "3w", "2bd", "72h", "1mo"},
			"2026-12-09T10:00:00-05:00",
			// The clocks went back on 1 November; the local time stays.
			[]string{"2026-10-25T10:00:00-04:00", "2026-11-04T10:00:00-05:00", "2026-11-22T10:00:00-05:00", "2026-11-23T10:00:00-05:00", "2026-11-25T09:00:00-05:00"},
		},
	} {
		c := store.Cadence{Schedule: tt.schedule, Remind: durations(t, tt.remind...), Grace: durations(t, tt.grace)[0]}
		due, ok := compile(t, e, c).Next(instant(t, "2026-11-24T12:00:00-05:00"))
		if !ok {
			t.Fatal("nothing due")
		}
		var got []string
		for _, at := range due.Reminders {
			got = append(got, at.Format(time.RFC3339))
		}
		if grace := due.Grace.Format(time.RFC3339); grace != tt.wantGrace || !slices.Equal(got, tt.want) {
			t.Errorf("%s, grace %q, remind %v: grace until %s, reminders %v", tt.schedule, tt.grace, tt.remind, grace, got)
		}
	}
}

func TestNext(t *testing.T) {
	e := firm("America/New_York", "us-federal")
	at := instant(t, "2026-11-26T09:00:00-05:00")
	due, ok := compile(t, e, store.Cadence{Schedule: "0 9 * * *", OnHoliday: store.HolidayKeep}).Next(at)
	if !ok || due.Civil != "2026-11-27T09:00" {
		t.Errorf("strictly after: %s", due.Civil)
	}
	due, ok = compile(t, e, store.Cadence{Schedule: "0 9 * * THU", OnHoliday: store.HolidaySkip}).Next(at.AddDate(0, 0, -1))
	if !ok || due.Civil != "2026-12-03T09:00" {
		t.Errorf("a skipped one is passed by: %s", due.Civil)
	}
	if due, ok = compile(t, e, store.Cadence{Schedule: "0 9 25 DEC *", OnHoliday: store.HolidaySkip}).Next(at); ok {
		t.Errorf("every one is a holiday: %s", due.Civil)
	}
	if due, ok = compile(t, e, store.Cadence{Schedule: "0 9 29 FEB *"}).Next(instant(t, "2096-03-01T00:00:00Z")); !ok || due.Civil != "2104-02-29T09:00" {
		t.Errorf("2100 is no leap year: %s", due.Civil)
	}
}

func TestOccurrence(t *testing.T) {
	e := firm("America/New_York", "us-federal")
	r := compile(t, e, store.Cadence{Schedule: "0 9 * * MON-FRI"})
	due := r.Between(instant(t, "2026-11-25T00:00:00-05:00"), instant(t, "2026-11-27T00:00:00-05:00"))
	if len(due) != 2 {
		t.Fatalf("%d due dates", len(due))
	}
	if o := due[0].Occurrence("standup"); o.Cadence != "standup" || o.Civil != "2026-11-25T09:00" || o.State != store.Scheduled || !o.Due.Equal(due[0].Due) || !o.Grace.Equal(due[0].Grace) {
		t.Errorf("%+v", o)
	}
	if o := due[1].Occurrence("standup"); o.State != store.Skipped || o.Reason != store.SkippedHoliday {
		t.Errorf("%+v", o)
	}
}

func TestNewRefuses(t *testing.T) {
	cal, err := calendar.New(firm("America/New_York"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []store.Cadence{
		{Schedule: "whenever"},
		{Schedule: "0 9 * * *", Week: 2},
		{Schedule: "0 9 * * *", Grace: store.Duration{N: 1, Unit: "fortnight"}},
		{Schedule: "0 9 * * *", Grace: store.Duration{N: -1, Unit: store.Days}},
		{Schedule: "0 9 * * *", Remind: []store.Duration{{N: 200_000, Unit: store.Days}}},
	} {
		c.Name = "Standup"
		if _, err := rhythm.New(cal, &c); store.ErrorCode(err) != store.CodeInvalid || !strings.HasPrefix(err.Error(), "Standup: ") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestInterval(t *testing.T) {
	e := firm("America/New_York", "us-federal")
	from := instant(t, "2026-11-25T12:00:00-05:00")
	for _, tt := range []struct {
		schedule string
		week     store.Week
		want     float64
		words    string
	}{
		{"0 9 * * MON", 0, 7, "weekly on Monday at 09:00"},
		{"0 9 * * MON-FRI", 0, 1, "every weekday, Monday to Friday, at 09:00"},
		{"0 9,15 * * *", 0, 0.5, "daily at 09:00 and 15:00"},
		{"0 9 1 * *", 0, 31, "monthly, on the 1st of each month at 09:00"},
		{"0 10 * * WED", 1, 28, "monthly, the first Wednesday of each month at 10:00"},
		{"0 10 * JAN,APR,JUL,OCT TUE", 2, 91, "quarterly, the second Tuesday of Jan, Apr, Jul and Oct at 10:00"},
		{"0 9 1 FEB *", 0, 365.5, "yearly on 1 Feb at 09:00"},
		{"0 9 29 FEB *", 0, 1461, "in leap years on 29 Feb at 09:00"},
	} {
		r := compile(t, e, store.Cadence{Schedule: tt.schedule, Week: tt.week})
		if got := r.Interval(from); got != tt.want {
			t.Errorf("%s: every %v days, want %v", tt.schedule, got, tt.want)
		}
		if got := r.Words(); got != tt.words {
			t.Errorf("%s: %s", tt.schedule, got)
		}
	}
}
