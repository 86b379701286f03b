package cronline_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/cronline"
)

const layout = "2006-01-02 15:04 Mon"

func civil(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestNext(t *testing.T) {
	tests := []struct {
		line string
		week store.Week
		from string
		want []string
	}{
		{"0 9 * * MON", 0, "2026-11-23 09:00", []string{"2026-11-30 09:00 Mon", "2026-12-07 09:00 Mon"}},
		{"0 9 * * mon", 0, "2026-11-23 08:59", []string{"2026-11-23 09:00 Mon"}},
		{"30 2 * * *", 0, "2026-03-07 12:00", []string{"2026-03-08 02:30 Sun", "2026-03-09 02:30 Mon"}}, // the night of the clock change
		{"0 10 * JAN,APR,JUL,OCT TUE", 2, "2026-11-20 00:00", []string{"2027-01-12 10:00 Tue", "2027-04-13 10:00 Tue"}},
		{"0 10 * * FRI", 1, "2026-05-01 09:00", []string{"2026-05-01 10:00 Fri", "2026-06-05 10:00 Fri"}},
		{"0 10 * * FRI", 4, "2026-05-01 09:00", []string{"2026-05-22 10:00 Fri", "2026-06-26 10:00 Fri"}},
		{"0 10 * * FRI", store.LastWeek, "2026-05-01 09:00", []string{"2026-05-29 10:00 Fri", "2026-06-26 10:00 Fri"}},
		{"0 10 * FEB SUN", store.LastWeek, "2026-01-01 00:00", []string{"2026-02-22 10:00 Sun", "2027-02-28 10:00 Sun"}},
		{"0 9 1-7 * TUE", 0, "2026-12-03 10:00", []string{"2026-12-04 09:00 Fri", "2026-12-05 09:00 Sat"}},
		{"0 0 29 2 *", 0, "2096-03-01 00:00", []string{"2104-02-29 00:00 Fri"}}, // 2100 has no leap day
		{"59 23 31 12 *", 0, "2026-12-31 23:59", []string{"2027-12-31 23:59 Fri"}},
		{"0 * * * *", 0, "2026-01-01 00:30", []string{"2026-01-01 01:00 Thu", "2026-01-01 02:00 Thu"}},
		{"  0  9\t* *  1 ", 0, "2026-11-23 08:59", []string{"2026-11-23 09:00 Mon"}},
	}
	for _, tt := range tests {
		s, err := cronline.Parse(tt.line)
		if err != nil {
			t.Errorf("%q: %v", tt.line, err)
			continue
		}
		if s, err = s.Week(tt.week); err != nil {
			t.Errorf("%q week %d: %v", tt.line, tt.week, err)
			continue
		}
		at := civil(t, tt.from)
		for _, want := range tt.want {
			at = s.Next(at)
			if got := at.Format(layout); got != want {
				t.Errorf("%q week %d: got %s, want %s", tt.line, tt.week, got, want)
			}
		}
	}
}

// The zone of the time given is dropped and its clock kept.
func TestNextKeepsTheClock(t *testing.T) {
	s, err := cronline.Parse("0 9 * * *")
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("far east", 14*60*60)
	got := s.Next(time.Date(2026, 11, 23, 8, 0, 0, 0, zone))
	if want := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ line, want string }{
		{"", "the schedule is empty"},
		{"TZ=", "a schedule has no zone"},
		{"TZ=0", "a schedule has no zone"},
		{"CRON_TZ=UTC", "a schedule has no zone"},
		{"CRON_TZ=UTC 0 9 * * *", "a schedule has no zone"},
		{"TZ=Europe/Paris 0 9 * * *", "a schedule has no zone"},
		{"@every 1h", "@every has no time of day"},
		{"@every -5s", "@every has no time of day"},
		{"@daily", `write "0 0 * * *"`},
		{"@Weekly", `write "0 0 * * SUN"`},
		{"@reboot", "write five fields"},
		{"0 9 * *", "has 4 of five fields"},
		{"0 0 9 * * MON", "has six fields; seconds are not counted"},
		{"0 9 * * MON 2026 x", "has 7 of five fields"},
		{"0 9 , * MON", `the day of month "," has nothing beside a comma; write numbers or names between commas`},
		{"0 9 1,,2 * *", `the day of month "1,,2" has nothing beside a comma`},
		{"60 9 * * *", `the minute "60" is wrong; it goes from 0 to 59`},
		{"0 24 * * *", `the hour "24" is wrong; it goes from 0 to 23`},
		{"0 9 32 * *", `the day of month "32" is wrong`},
		{"0 9 0 * *", `the day of month "0" is wrong`},
		{"0 9 * 13 *", `the month "13" is wrong`},
		{"0 9 * JANUARY *", `the month "JANUARY" is wrong; did you mean JAN?`},
		{"0 9 * * TEU,FRI", `the day of week "TEU,FRI" is wrong; did you mean TUE?`},
		{"0 9 * * 7", "Sunday is 0 or SUN"},
		{"0 9 * * XXL", `the day of week "XXL" is wrong; it goes from 0 to 6 or SUN to SAT`},
		{"0 9 * * FRI-MON", "a range begins with the smaller"},
		{"0 9 * * */0", `the day of week "*/0" is wrong`},
		{"*/30 9 * * *", "more often than hourly"},
		{"* * * * *", "more often than hourly"},
		{"0,30 9 * * MON", "more often than hourly"},
		{"0 0 30 2 *", "never fires"},
		{"0 0 31 4,6,9,11 *", "never fires"},
		{strings.Repeat("0", cronline.MaxLength+1), "has 257 bytes; at most 256"},
	}
	for _, tt := range tests {
		_, err := cronline.Parse(tt.line)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.line, err, tt.want)
		}
		if store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%q: code %q", tt.line, store.ErrorCode(err))
		}
	}
}

func TestWeekRefuses(t *testing.T) {
	tests := []struct {
		line string
		week store.Week
		want string
	}{
		{"0 9 * * *", 2, "a week needs a weekday"},
		{"0 9 * * ?", 2, "a week needs a weekday"},
		{"0 9 * * 0-6", 2, "a week needs a weekday"},
		{"0 9 1 * *", 2, "a week needs a weekday"},
		{"0 9 1-7 * TUE", 2, "the day of month has to be *"},
		{"0 9 * * TUE", 6, "there is no week 6"},
		{"0 9 * * TUE", -1, "there is no week -1"},
	}
	for _, tt := range tests {
		s, err := cronline.Parse(tt.line)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = s.Week(tt.week); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q week %d: got %v, want %q", tt.line, tt.week, err, tt.want)
		}
	}
}

func TestEitherDay(t *testing.T) {
	for line, want := range map[string]bool{
		"0 9 1-7 * TUE": true, "0 9 * * TUE": false, "0 9 1 * *": false, "0 9 1 * ?": false, "0 9 */2 * TUE": true,
	} {
		s, err := cronline.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.EitherDay(); got != want {
			t.Errorf("%q: got %v", line, got)
		}
	}
}

func TestZeroSchedule(t *testing.T) {
	var s cronline.Schedule
	if next := s.Next(time.Unix(0, 0)); !next.IsZero() || s.EitherDay() {
		t.Errorf("the zero schedule fires at %s", next)
	}
	if _, err := s.Week(2); err != nil {
		t.Error(err)
	}
}

// Times rise strictly, lie an hour apart at least, and those of a week fall on
// the n-th such weekday.
func TestNextProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.SampledFrom([]string{"MON", "TUE", "0", "6", "MON-FRI", "SUN,WED"}).Draw(t, "day")
		month := rapid.SampledFrom([]string{"*", "FEB", "1,7", "*/5"}).Draw(t, "month")
		hour := rapid.SampledFrom([]string{"0", "9", "*", "8-17", "*/6"}).Draw(t, "hour")
		week := store.Week(rapid.IntRange(0, 5).Draw(t, "week"))
		s, err := cronline.Parse("15 " + hour + " * " + month + " " + day)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.Week(week); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0).UTC()
		for i := range 20 {
			next := s.Next(at)
			if !next.After(at) || i > 0 && next.Sub(at) < time.Hour || next.Minute() != 15 {
				t.Fatalf("%s follows %s", next, at)
			}
			first, last := next.AddDate(0, 0, -7*int(week-1)), next.AddDate(0, 0, 7)
			if week > 0 && week < 5 && (first.Month() != next.Month() || first.Day() > 7) {
				t.Fatalf("%s is not in week %d", next, week)
			}
			if week == 5 && last.Month() == next.Month() {
				t.Fatalf("%s is not the last", next)
			}
			at = next
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"0 9 * * MON", "0 10 * JAN,APR TUE", "TZ=", "TZ=0", "CRON_TZ=UTC", "@every -5s", "0 0 30 2 *", "0 9 1-7 * 2",
		"0 */9999999999 * * *", "0 9 * * ?", "-1 9 * * *", "0-0/9223372036854775807 0 * * *", "0 9 , * *", "0 0 29 FEB MON",
	} {
		f.Add(line, 2)
	}
	f.Fuzz(func(t *testing.T, line string, week int) {
		s, err := cronline.Parse(line)
		if err != nil {
			if store.ErrorCode(err) != store.CodeInvalid {
				t.Fatalf("%q: %v", line, err)
			}
			return
		}
		if narrowed, err := s.Week(store.Week(week)); err == nil {
			s = narrowed
		}
		if s.Words() == "" {
			t.Fatalf("%q week %d: no words", line, week)
		}
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for range 5 {
			next := s.Next(at)
			if !next.After(at) {
				t.Fatalf("%q week %d: %s follows %s", line, week, next, at)
			}
			at = next
		}
	})
}
