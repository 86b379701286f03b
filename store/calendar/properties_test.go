package calendar

import (
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

// world is an engagement drawn at random, and instants to ask it about.
type world struct {
	engagement *store.Engagement
	absences   []store.Absence
	calendar   *Calendar
}

var zoneNames = func() []string {
	names, err := os.ReadFile("testdata/zones.txt")
	if err != nil {
		panic(err)
	}
	// Half of the draws are zones with something odd about them.
	odd := []string{
		"America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Africa/Cairo",
		"Asia/Kathmandu", "Pacific/Kiritimati", "Antarctica/Troll", "Africa/Casablanca", "Europe/Dublin",
	}
	return append(strings.Fields(string(names)), strings.Fields(strings.Repeat(strings.Join(odd, " ")+" ", 60))...)
}()

func drawDate(t *rapid.T, label string) store.Date {
	return store.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 2*365).Draw(t, label))
}

func drawInstant(t *rapid.T) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 2*365*24*60*60).Draw(t, "at")) * time.Second)
}

func drawWindow(t *rapid.T) store.Window {
	from := rapid.IntRange(0, 24*60-1).Draw(t, "from")
	return store.Window{
		Days: rapid.SliceOfNDistinct(rapid.SampledFrom(everyDay), 1, 7, rapid.ID[time.Weekday]).Draw(t, "days"),
		From: store.Clock(from), To: store.Clock(rapid.IntRange(from+1, 24*60).Draw(t, "to")),
	}
}

func drawRotation(t *rapid.T, people []string) store.Rotation {
	return store.Rotation{
		Side:    rapid.SampledFrom([]store.Side{store.Internal, store.MSP}).Draw(t, "side"),
		Name:    rapid.SampledFrom([]string{"", "soc"}).Draw(t, "name"),
		From:    drawDate(t, "from"),
		Handoff: store.Handoff{Day: rapid.SampledFrom(everyDay).Draw(t, "day"), Time: store.Clock(rapid.IntRange(0, 24*60).Draw(t, "time"))},
		Every:   store.Duration{N: rapid.IntRange(1, 4).Draw(t, "n"), Unit: rapid.SampledFrom([]store.Unit{store.Days, store.Weeks}).Draw(t, "unit")},
		People:  rapid.SliceOfN(rapid.SampledFrom(people), 1, 4).Draw(t, "turns"),
	}
}

func drawWorld(t *rapid.T) world {
	e := harbor()
	people := []string{"maria", "theo", "dana", "devon", "priya", "nadia", "sam", "lee"}
	sides := []store.Side{"", store.Internal, store.MSP}
	steps := append([]string{"on-call:msp", "on-call:internal", "on-call:soc"}, people...)
	e.TimeZone = rapid.SampledFrom(zoneNames).Draw(t, "zone")
	e.AfterHours = rapid.SampledFrom(sides).Draw(t, "after_hours")
	e.BusinessHours = rapid.SliceOfN(rapid.Custom(drawWindow), 0, 4).Draw(t, "windows")
	e.Holidays = rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom(HolidayNames()),
		rapid.Custom(func(t *rapid.T) string { return drawDate(t, "holiday").String() }),
	), 0, 3).Draw(t, "holidays")
	e.OnCall = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Rotation { return drawRotation(t, people) }), 0, 2).Draw(t, "rotations")
	e.Matrix.Functions = []store.Function{{
		ID:    "row",
		Owner: rapid.SampledFrom([]store.Side{store.Internal, store.MSP, store.Joint}).Draw(t, "owner"),
		Lead: store.LeadRule{
			BusinessHours: rapid.SampledFrom(sides).Draw(t, "by day"),
			AfterHours:    rapid.SampledFrom(sides).Draw(t, "by night"),
		},
		Accountable: store.Accountable{Person: rapid.SampledFrom(append(people, "")).Draw(t, "accountable")},
		Escalation:  rapid.SliceOfN(rapid.SampledFrom(steps), 0, 5).Draw(t, "path"),
	}}
	for i := range e.People { // sometimes a side has no lead
		if rapid.IntRange(0, 3).Draw(t, "roleless") == 0 {
			e.People[i].Roles = nil
		}
	}
	w := world{engagement: e, absences: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Absence {
		from := drawDate(t, "away")
		return store.Absence{
			Person: rapid.SampledFrom(people).Draw(t, "who"), From: from, To: from.AddDays(rapid.IntRange(0, 30).Draw(t, "for")),
			Cover: rapid.SampledFrom(append(people, "", "ghost")).Draw(t, "cover"),
		}
	}), 0, 6).Draw(t, "absences")}
	var err error
	if w.calendar, err = New(e, w.absences); err != nil {
		t.Fatal(err)
	}
	return w
}

// between draws an instant in [from, to).
func between(t *rapid.T, from, to time.Time) time.Time {
	return from.Add(time.Duration(rapid.Int64Range(0, int64(to.Sub(from))-1).Draw(t, "between")))
}

func TestHoursProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k, at := drawWorld(t).calendar, drawInstant(t)
		h := k.Hours(at)
		if h.Business && h.Holiday != "" {
			t.Fatalf("%s is business although it is %s", at, h.Holiday)
		}
		if h.Until.IsZero() {
			return
		}
		if !h.Until.After(at) {
			t.Fatalf("at %s until %s", at, h.Until)
		}
		if k.Hours(h.Until).Business == h.Business {
			t.Fatalf("at %s until %s, when nothing changes", at, h.Until)
		}
		if same := k.Hours(between(t, at, h.Until)); same.Business != h.Business || !same.Until.Equal(h.Until) {
			t.Fatalf("at %s until %s, but between it is %+v", at, h.Until, same)
		}
	})
}

func TestLeadProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, at := drawWorld(t), drawInstant(t)
		k, f := w.calendar, &w.engagement.Matrix.Functions[0]
		lead := k.Lead(f, at)
		if !lead.Side.Valid() || lead.Person == "" {
			t.Fatalf("nobody leads: %+v", lead)
		}
		if h := k.Hours(at); lead.Hours != h.Name() || !lead.Until.Equal(h.Until) {
			t.Fatalf("hours of the lead %+v, of the clock %+v", lead, h)
		}
		if _, away := k.Absent(lead.Person, at); away != lead.Absent {
			t.Fatalf("%s is away: %v; %+v", lead.Person, away, lead)
		}
		if lead.Absent && anyonePresent(w, lead.Side, at) {
			t.Fatalf("%s is away, but somebody else is there", lead.Person)
		}
		if p, _ := w.engagement.Person(lead.Person); p.Side != lead.Side && lead.StandsInFor == "" && lead.OnCall == nil {
			t.Fatalf("%s leads for the %s side and stands in for nobody", lead.Person, lead.Side)
		}
		checkPersonUntil(t, k, f, at, lead)
	})
}

func anyonePresent(w world, side store.Side, at time.Time) bool {
	for _, p := range w.engagement.People {
		if _, away := w.calendar.Absent(p.ID, at); !away && p.Side == side {
			return true
		}
	}
	return false
}

func checkPersonUntil(t *rapid.T, k *Calendar, f *store.Function, at time.Time, lead Lead) {
	end := lead.PersonUntil
	if end.IsZero() {
		end = at.AddDate(0, 0, 30)
	} else if !end.After(at) || k.Lead(f, end).Person == lead.Person {
		t.Fatalf("%s acts at %s until %s, then %s", lead.Person, at, end, k.Lead(f, end).Person)
	}
	moments := []time.Time{between(t, at, end), end.Add(-time.Nanosecond)}
	for range 20 { // the flips are where a change would be missed
		last := moments[len(moments)-1]
		if len(moments) == 2 {
			last = at
		}
		flip := k.Hours(last).Until
		if flip.IsZero() || !flip.Before(end) {
			break
		}
		moments = append(moments, flip)
	}
	for _, moment := range moments {
		if got := k.Lead(f, moment); got.Person != lead.Person {
			t.Fatalf("%s acts at %s until %s, but at %s it is %s", lead.Person, at, lead.PersonUntil, moment, got.Person)
		}
	}
}

func TestOnCallProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k, at := drawWorld(t).calendar, drawInstant(t)
		r := drawRotation(t, []string{"a", "b", "c"})
		turn := k.OnCall(&r, at)
		if turn.Since.After(at) {
			t.Fatalf("at %s since %s", at, turn.Since)
		}
		end := turn.Until
		if end.IsZero() {
			end = at.AddDate(1, 0, 0)
		} else {
			next := k.OnCall(&r, end)
			if !end.After(at) || next.Person == turn.Person || !next.Since.Equal(end) {
				t.Fatalf("at %s %+v, then %+v", at, turn, next)
			}
			local := store.Clock(k.zone.reading(end).timeOfDay() / civilMinute)
			if named := r.Handoff.Time % (24 * 60); local != named && k.zone.reading(end.Add(-1))+1 == k.zone.reading(end) {
				t.Fatalf("hand-off at %s, not at %s", end, r.Handoff.Time)
			}
		}
		if same := k.OnCall(&r, between(t, at, end)); same.Person != turn.Person {
			t.Fatalf("at %s %+v, in between %+v", at, turn, same)
		}
	})
}

func TestBusinessDayProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := drawWorld(t).calendar
		a, n := drawDate(t, "a"), rapid.IntRange(1, 60).Draw(t, "n")
		b, err := k.AddBusinessDays(a, n)
		if err != nil {
			t.Fatal(err)
		}
		if !a.Before(b) || !k.IsBusinessDay(b) {
			t.Fatalf("%s and %d business days is %s", a, n, b)
		}
		if got := k.BusinessDaysBetween(a, b); got != n {
			t.Fatalf("%s to %s: %d business days, want %d", a, b, got, n)
		}
		half, _ := k.AddBusinessDays(a, n/2)
		if whole, _ := k.AddBusinessDays(half, n-n/2); whole != b {
			t.Fatalf("%s in two steps: %s, want %s", a, whole, b)
		}
		back, err := k.AddBusinessDays(b, -n)
		if err != nil || k.BusinessDaysBetween(b, back) != -n || k.IsBusinessDay(a) && back != a {
			t.Fatalf("%s back by %d is %s (%v), from %s", b, n, back, err, a)
		}
		if next, _ := k.NextBusinessDay(a); !k.IsBusinessDay(next) || next.Before(a) || k.IsBusinessDay(a) && next != a {
			t.Fatalf("next of %s is %s", a, next)
		}
	})
}

func TestAddProperties(t *testing.T) {
	t.Parallel()
	units := []store.Unit{store.Minutes, store.Hours, store.Days, store.Weeks, store.Months, store.Years, store.BusinessDays}
	rapid.Check(t, func(t *rapid.T) {
		k, at := drawWorld(t).calendar, drawInstant(t)
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		n := rapid.IntRange(1, 40).Draw(t, "n")
		later, err := k.Add(at, store.Duration{N: n, Unit: unit})
		if err != nil || !later.After(at) {
			t.Fatalf("%s and %d%s is %s (%v)", at, n, unit, later, err)
		}
		more, err := k.Add(at, store.Duration{N: n + 1, Unit: unit})
		if err != nil || !more.After(later) {
			t.Fatalf("%s and %d%s is %s, one more %s (%v)", at, n, unit, later, more, err)
		}
		earlier, err := k.Add(at, store.Duration{N: -n, Unit: unit})
		if err != nil || !earlier.Before(at) {
			t.Fatalf("%s less %d%s is %s (%v)", at, n, unit, earlier, err)
		}
	})
}
