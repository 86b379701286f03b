package calendar

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rickar/cal/v2"

	"github.com/tandem-bot/tandem/store"
)

func TestCheckHoliday(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"us-federal", "US-Federal", "us", "gb", "GB", "de", "de-by", "fr", "ca", "au", "au-nsw", "ch-zh", "nz", "2026-11-27", "2028-02-29"} {
		if err := CheckHoliday(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	tests := []struct{ name, says string }{
		{"us-fedral", `did you mean us-federal?`},
		{"usfederal", `did you mean us-federal?`},
		{"de-bay", `did you mean de-by?`},
		{"gb-sct", `did you mean gb?`},
		{"us-texas", `did you mean us-federal?`},
		{"", `au-nsw`},
		{"2026-02-30", "is not a date that exists"},
		{"2026-1-9", "two digits"},
		{strings.Repeat("x", 1<<20), "xxx…"},
	}
	for _, tt := range tests {
		err := CheckHoliday(tt.name)
		if store.ErrorCode(err) != store.CodeInvalid || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%.20s: %.300v, want one that says %s", tt.name, err, tt.says)
		}
		if err != nil && len(err.Error()) > 1000 {
			t.Errorf("%.20s: a message of %d bytes", tt.name, len(err.Error()))
		}
	}
	var e *store.Error
	if err := CheckHoliday("narnia"); !errors.As(err, &e) || !strings.Contains(e.Message, strings.Join(HolidayNames(), ", ")) {
		t.Errorf("%v does not list every name", err)
	}
}

func TestHolidayNames(t *testing.T) {
	t.Parallel()
	names := HolidayNames()
	if !slices.IsSorted(names) || len(names) < 80 {
		t.Errorf("%d names: %v", len(names), names)
	}
	for _, name := range names {
		if err := CheckHoliday(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name != strings.ToLower(name) {
			t.Errorf("%s is not in lower case", name)
		}
		// Every calendar has days, each with a name, in any year.
		for year := 1999; year <= 2061; year++ {
			y := countries[name].year(year)
			if len(y.days) < 4 {
				t.Errorf("%s has %d holidays in %d", name, len(y.days), year)
			}
			for _, d := range y.days {
				if d.name == "" || !y.has(d.yearDay) {
					t.Errorf("%s %d: day %d is %q", name, year, d.yearDay, d.name)
				}
			}
		}
	}
}

// The library works out midnights; only in UTC does each day have one.
func TestHolidaysIgnoreTheZoneOfTheMachine(t *testing.T) {
	t.Parallel()
	if cal.DefaultLoc != time.UTC {
		t.Errorf("holidays are worked out in %s", cal.DefaultLoc)
	}
}

func TestHolidayDates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		calendar string
		year     int
		want     string
	}{
		{"us-federal", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"},
		{"us-federal", 2027, "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"},
		{"us-federal", 2020, "01-01 01-20 02-17 05-25 07-03 07-04 09-07 10-12 11-11 11-26 12-25"},
		{"gb", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"},
		{"gb", 2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 12-25 12-26 12-27"},
		{"de", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"},
		{"de-by", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26"},
		{"au", 2026, "01-01 01-26 04-03 04-06 04-25 12-25 12-26 12-28"},
		{"ch", 2026, "01-01 05-14 08-01 12-25"},
	}
	for _, tt := range tests {
		k := compile(t, &store.Engagement{TimeZone: "UTC", Holidays: []string{tt.calendar}})
		var got []string
		for d := (store.Date{Year: tt.year, Month: 1, Day: 1}); d.Year == tt.year; d = d.AddDays(1) {
			if !k.IsBusinessDay(d) {
				got = append(got, d.String()[5:])
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s %d:\n got %s\nwant %s", tt.calendar, tt.year, strings.Join(got, " "), tt.want)
		}
	}
}

// Years that share a place in the caches don't share their holidays.
func TestHolidaysOfManyYears(t *testing.T) {
	t.Parallel()
	k := compile(t, &store.Engagement{TimeZone: "UTC", Holidays: []string{"us-federal", "2030-05-07", "2046-05-08"}})
	for range 2 {
		for day, want := range map[string]bool{
			"2026-11-26": false, "2042-11-26": true, "2042-11-27": false, "2026-11-27": true, "1994-11-24": false, "1994-11-26": true,
			"2030-05-07": false, "2046-05-07": true, "2046-05-08": false, "2030-05-08": true,
		} {
			if got := k.IsBusinessDay(date(t, day)); got != want {
				t.Errorf("%s is a business day: %v", day, got)
			}
		}
	}
}

func TestHolidayName(t *testing.T) {
	t.Parallel()
	k := compile(t, &store.Engagement{TimeZone: "Europe/Berlin", Holidays: []string{"2026-12-25", "2026-12-24", "DE-BY", "us-federal"}})
	tests := []struct{ at, want string }{
		{"2026-11-26T12:00:00+01:00", "Thanksgiving Day"},
		{"2026-10-03T12:00:00+02:00", "Tag der Deutschen Einheit"},
		{"2026-12-24T23:59:59+01:00", OwnHoliday},
		{"2026-12-24T23:00:00Z", "Weihnachtstag"}, // midnight in Berlin; the calendar's name goes before the bare date
		{"2026-12-23T12:00:00+01:00", ""},
	}
	for _, tt := range tests {
		if got := k.Hours(instant(t, tt.at)).Holiday; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.at, got, tt.want)
		}
	}
}

func FuzzCheckHoliday(f *testing.F) {
	for _, seed := range []string{"us-federal", "2026-11-27", "GB", "", "2026-13-01", "de-", "9", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		err := CheckHoliday(name)
		if err != nil && store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%q: %v", name, err)
		}
		_, compiled := New(&store.Engagement{TimeZone: "UTC", Holidays: []string{name}}, nil)
		if (err == nil) != (compiled == nil) {
			t.Errorf("%q: check says %v, New %v", name, err, compiled)
		}
	})
}
