package rhythm_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/cronline"
	"github.com/tandem-bot/tandem/store/rhythm"
)

// Over every zone, daily at hours at which clocks change: every local date
// comes due once, at the first instant that is not before its time.
func TestOnceADayInEveryZone(t *testing.T) {
	t.Parallel()
	years := 4
	if testing.Short() {
		years = 1
	}
	from, days, gaps, repeats := store.Date{Year: 2025, Month: 12, Day: 30}, 0, 0, 0
	seen := map[string]bool{}
	for _, name := range zoneNames(t) {
		clock := clockOf(load(t, name), from, from.AddDays(365*years+5))
		if seen[clock] {
			continue // another name for a clock that was looked at
		}
		seen[clock] = true
		e := firm(name)
		for _, schedule := range []string{"0 0 * * *", "30 1 * * *", "30 2 * * *"} {
			r := compile(t, e, store.Cadence{Schedule: schedule})
			day := from
			var before rhythm.Due
			for due := range r.From(time.Date(from.Year, from.Month, from.Day, 0, 0, 0, 0, load(t, name))) {
				if day.Year > from.Year+years {
					break
				}
				if due.Civil[:len(time.DateOnly)] != day.String() || due.Skipped != "" {
					t.Fatalf("%s: %s, want one on %s", name, line(&due), day)
				}
				if !due.Due.After(before.Due) {
					t.Fatalf("%s: %s after %s", name, line(&due), line(&before))
				}
				gap, repeat := checkFirst(t, &due)
				days, gaps, repeats = days+1, gaps+gap, repeats+repeat
				day, before = day.AddDays(1), due
			}
		}
	}
	t.Logf("%d zones with %d different clocks: %d due dates, %d in a gap, %d at a time that comes twice", len(zoneNames(t)), len(seen), days, gaps, repeats)
	if gaps == 0 || repeats == 0 {
		t.Error("no clock change was met")
	}
}

func load(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// clockOf sums up a zone's offsets between two days, and when they change.
func clockOf(loc *time.Location, from, to store.Date) string {
	var b strings.Builder
	for d := from; d.Before(to); d = d.AddDays(1) {
		at := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).In(loc)
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		if until := time.Date(to.Year, to.Month, to.Day, 0, 0, 0, 0, time.UTC); end.IsZero() || end.After(until) {
			end = until
		}
		fmt.Fprint(&b, offset, " ", end.Unix(), " ")
	}
	return b.String()
}

// checkFirst holds that no earlier instant shows the civil time or a later one,
// in the minutes and hours before, and counts gaps and repeats.
func checkFirst(t *testing.T, due *rhythm.Due) (gap, repeat int) {
	t.Helper()
	shown := func(at time.Time) string { return at.Format(store.CivilLayout) }
	switch {
	case shown(due.Due) < due.Civil:
		t.Fatalf("%s is too early", line(due))
	case shown(due.Due) > due.Civil:
		gap = 1
	}
	for _, earlier := range []time.Duration{time.Second, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		if at := due.Due.Add(-earlier); shown(at) >= due.Civil {
			t.Fatalf("%s: %s shows as much", line(due), at)
		}
		if later := due.Due.Add(earlier); earlier > time.Minute && shown(later) == due.Civil {
			repeat = 1
		}
	}
	return gap, repeat
}

// drawn is a rhythm at random.
type drawn struct {
	e        *store.Engagement
	c        store.Cadence
	cal      *calendar.Calendar
	schedule cronline.Schedule
	rhythm   *rhythm.Rhythm
}

var allZones []string

func draw(t *rapid.T) drawn {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	odd := []string{"America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Antarctica/Troll", "Africa/Casablanca", "Europe/Dublin"}
	zone := rapid.OneOf(rapid.SampledFrom(odd), rapid.SampledFrom(allZones)).Draw(t, "zone")
	date := rapid.Custom(func(t *rapid.T) string {
		return store.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 700).Draw(t, "day")).String()
	})
	d := drawn{e: firm(zone, rapid.SliceOfN(rapid.OneOf(date, rapid.SampledFrom([]string{"us-federal", "de-by", "gb", "jp", "ca"})), 0, 40).Draw(t, "holidays")...)}
	if rapid.Bool().Draw(t, "around the clock") {
		d.e.BusinessHours = nil
	}
	day := pick("weekday", "*", "MON", "THU,FRI", "MON-FRI", "SUN", "1-6")
	dom := pick("day of month", "*", "*", "*", "1", "24-26", "*/2", "31")
	d.c = store.Cadence{
		ID: "c", Name: "C", OnHoliday: pick("on holiday", "", store.HolidayNextBusinessDay, store.HolidayKeep, store.HolidaySkip),
		Schedule: fmt.Sprintf("%s %s %s %s %s", pick("minute", "0", "30", "59"), pick("hour", "0", "1", "2", "3", "9", "23", "9,15", "*"), dom, pick("month", "*", "*", "JAN,APR,JUL,OCT", "DEC"), day),
	}
	if dom == "*" && day != "*" {
		d.c.Week = store.Week(rapid.IntRange(0, 5).Draw(t, "week"))
	}
	duration := rapid.Custom(func(t *rapid.T) store.Duration {
		return store.Duration{N: rapid.IntRange(1, 40).Draw(t, "n"), Unit: rapid.SampledFrom([]store.Unit{store.Minutes, store.Hours, store.Days, store.Weeks, store.Months, store.BusinessDays}).Draw(t, "unit")}
	})
	d.c.Remind = rapid.SliceOfN(duration, 0, 3).Draw(t, "remind")
	if rapid.Bool().Draw(t, "has grace") {
		d.c.Grace = duration.Draw(t, "grace")
	}
	var err error
	if d.cal, err = calendar.New(d.e, nil); err != nil {
		t.Fatal(err)
	}
	if d.schedule, err = cronline.Parse(d.c.Schedule); err != nil {
		t.Fatal(err)
	}
	if d.schedule, err = d.schedule.Week(d.c.Week); err != nil {
		t.Fatal(err)
	}
	if d.rhythm, err = rhythm.New(d.cal, &d.c); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *drawn) instant(t *rapid.T, label string) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 2*365*24*60).Draw(t, label)) * time.Minute)
}

func take(n int, seq iter.Seq[rhythm.Due]) []rhythm.Due {
	var out []rhythm.Due
	for due := range seq {
		if out = append(out, due); len(out) == n {
			break
		}
	}
	return out
}

// Every firing is there once, in order, and what is not skipped rises strictly,
// on days that its rule allows.
func TestDueDatesOfAnyCadence(t *testing.T) {
	allZones = zoneNames(t)
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		all := take(60, d.rhythm.From(d.instant(t, "from")))
		var kept time.Time
		for i, due := range all {
			firing, err := time.Parse(store.CivilLayout, due.Civil)
			if err != nil {
				t.Fatal(err)
			}
			if i+1 < len(all) {
				if next := d.schedule.Next(firing).Format(store.CivilLayout); all[i+1].Civil != next {
					t.Fatalf("%s follows %s, and the cron line fires at %s", line(&all[i+1]), line(&due), next)
				}
				if all[i+1].Due.Before(due.Due) {
					t.Fatalf("%s follows %s", line(&all[i+1]), line(&due))
				}
			}
			if due.Skipped == "" {
				if !due.Due.After(kept) {
					t.Fatalf("%s is not after %s", line(&due), kept)
				}
				kept = due.Due
			}
			d.check(t, &due, firing)
		}
	})
}

func (d *drawn) check(t *rapid.T, due *rhythm.Due, firing time.Time) {
	day := store.DateOf(firing)
	onHoliday := d.cal.Holiday(day) != "" && d.c.OnHoliday != store.HolidayKeep
	switch {
	case due.Holiday != d.cal.Holiday(day):
		t.Fatalf("%s: holiday %q", line(due), due.Holiday)
	case due.Moved && (!onHoliday || d.c.OnHoliday == store.HolidaySkip || !d.cal.IsBusinessDay(store.DateOf(due.Due))):
		t.Fatalf("%s must not move there", line(due))
	case due.Skipped == store.SkippedHoliday && !onHoliday, onHoliday && due.Skipped == "" && !due.Moved:
		t.Fatalf("%s: that day is %q", line(due), d.cal.Holiday(day))
	case !due.Moved && due.Due.Format(store.CivilLayout) < due.Civil:
		t.Fatalf("%s is before its time", line(due))
	case !due.Grace.After(due.Due):
		t.Fatalf("%s: grace until %s", line(due), due.Grace)
	}
	last := time.Time{}
	for _, at := range due.Reminders {
		if !at.After(last) || !at.Before(due.Due) {
			t.Fatalf("%s: reminders %v", line(due), due.Reminders)
		}
		last = at
	}
}

// A search from an earlier instant finds the same due dates.
func TestStableFromAnyStart(t *testing.T) {
	allZones = zoneNames(t)
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		from := d.instant(t, "from")
		want := take(20, d.rhythm.From(from))
		earlier := from.Add(-time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "earlier")) * time.Minute)
		// One nanosecond beyond a due date it is over; at it, it is there.
		if rapid.Bool().Draw(t, "begin at a due date") {
			from = want[0].Due
			want = take(20, d.rhythm.From(from))
		}
		var got []rhythm.Due
		for due := range d.rhythm.From(earlier) {
			if due.Due.Before(from) {
				continue
			}
			if got = append(got, due); len(got) == len(want) {
				break
			}
		}
		same := func(a, b rhythm.Due) bool {
			return line(&a) == line(&b) && a.Grace.Equal(b.Grace) && slices.EqualFunc(a.Reminders, b.Reminders, time.Time.Equal)
		}
		if !slices.EqualFunc(got, want, same) {
			t.Fatalf("from %s: %s …\nfrom %s: %s …", from, line(&want[0]), earlier, line(&got[0]))
		}
		if between := d.rhythm.Between(from, want[len(want)-1].Due); len(between) > len(want) || len(between) > 0 && line(&between[0]) != line(&want[0]) {
			t.Fatalf("between: %d", len(between))
		}
		next, ok := d.rhythm.Next(from.Add(-1))
		i := slices.IndexFunc(want, func(due rhythm.Due) bool { return due.Skipped == "" })
		if i >= 0 && (!ok || line(&next) != line(&want[i])) {
			t.Fatalf("next: %s, want %s", line(&next), line(&want[i]))
		}
	})
}

// Whatever parses comes due, in order.
func FuzzDue(f *testing.F) {
	f.Add("0 9 * * MON", 0, "", int64(1_800_000_000), uint16(1))
	f.Add("30 2 * * SUN", 0, store.HolidaySkip, int64(1_772_900_000), uint16(300))
	f.Add("0 10 * JAN,APR,JUL,OCT TUE", 2, store.HolidayKeep, int64(1_772_900_000), uint16(17))
	f.Add("0 0 29 FEB *", 0, "", int64(4_000_000_000), uint16(5))
	zones := zoneNames(f)
	f.Fuzz(func(t *testing.T, schedule string, week int, onHoliday string, at int64, zone uint16) {
		cal, err := calendar.New(firm(zones[int(zone)%len(zones)], "us-federal", "2026-03-08"), nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := rhythm.New(cal, &store.Cadence{Schedule: schedule, Week: store.Week(week), OnHoliday: onHoliday})
		if err != nil {
			if store.ErrorCode(err) != store.CodeInvalid {
				t.Fatal(err)
			}
			return
		}
		from := time.Unix(at%4_100_000_000, 0) // to the year 2099, and as far back
		before := rhythm.Due{}
		for _, due := range take(5, r.From(from)) {
			if due.Due.Before(from) || due.Civil <= before.Civil || due.Due.Before(before.Due) || !due.Grace.After(due.Due) {
				t.Fatalf("%s after %s", line(&due), line(&before))
			}
			before = due
		}
		if r.Words() == "" || r.Interval(from) <= 0 {
			t.Fatalf("%q, every %v days", r.Words(), r.Interval(from))
		}
	})
}
