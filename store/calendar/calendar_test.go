package calendar

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	rotation := func(change func(*store.Rotation)) func(*store.Engagement) {
		return func(e *store.Engagement) { change(&e.OnCall[1]) }
	}
	tests := []struct {
		field  string
		breaks func(*store.Engagement)
	}{
		{"engagement.time_zone", func(e *store.Engagement) { e.TimeZone = "" }},
		{"engagement.time_zone", func(e *store.Engagement) { e.TimeZone = "Local" }},
		{"engagement.time_zone", func(e *store.Engagement) { e.TimeZone = "America/Gainesville" }},
		{"engagement.time_zone", func(e *store.Engagement) { e.TimeZone = "../../etc/passwd" }},
		{"engagement.business_hours[0].days", func(e *store.Engagement) { e.BusinessHours[0].Days = nil }},
		{"engagement.business_hours[0].days[1]", func(e *store.Engagement) { e.BusinessHours[0].Days = []time.Weekday{1, 7} }},
		{"engagement.business_hours[0].to", func(e *store.Engagement) { e.BusinessHours[0].To = 8 * 60 }},
		{"engagement.business_hours[0].to", func(e *store.Engagement) { e.BusinessHours[0].To = 24*60 + 1 }},
		{"engagement.business_hours[0].to", func(e *store.Engagement) { e.BusinessHours[0].From = -1 }},
		{"engagement.holidays[1]", func(e *store.Engagement) { e.Holidays[1] = "us-fedral" }},
		{"engagement.holidays[2]", func(e *store.Engagement) { e.Holidays[2] = "2026-02-30" }},
		{"on_call[1].every", rotation(func(r *store.Rotation) { r.Every.Unit = store.Months })},
		{"on_call[1].every", rotation(func(r *store.Rotation) { r.Every = store.Duration{} })},
		{"on_call[1].people", rotation(func(r *store.Rotation) { r.People = nil })},
		{"on_call[1].handoff", rotation(func(r *store.Rotation) { r.Handoff.Day = 9 })},
		{"on_call[1].from", rotation(func(r *store.Rotation) { r.From = store.Date{} })},
	}
	for _, tt := range tests {
		e := harbor()
		tt.breaks(e)
		_, err := New(e, nil)
		var problem *store.Error
		if !errors.As(err, &problem) || problem.Code != store.CodeInvalid || problem.Field != tt.field || problem.Message == "" {
			t.Errorf("%s: got %#v", tt.field, err)
		}
	}
}

func TestLocation(t *testing.T) {
	t.Parallel()
	k := compile(t, harbor())
	if k.Location().String() != "America/New_York" || rfc(k.Local(instant(t, "2026-11-21T04:12:00Z"))) != fridayNight {
		t.Errorf("%s, %s", k.Location(), rfc(k.Local(instant(t, "2026-11-21T04:12:00Z"))))
	}
}

// Many at once, over more years than the caches hold, all get the same answers.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	e := harbor()
	k := compile(t, e, away(t, "theo", "2026-11-18", "2026-12-20", ""))
	f := &e.Matrix.Functions[0]
	start := instant(t, fridayNight)
	ask := func(i int) Lead { return k.Lead(f, start.AddDate(i%40, 0, 37*i)) }
	var want []Lead
	for i := range 200 {
		want = append(want, ask(i))
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range want {
				i = (i + 25*worker) % len(want)
				if got := ask(i); got != want[i] {
					t.Errorf("%d: %+v, want %+v", i, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

// Any instant that a time.Time can hold is answered.
func TestFarTimes(t *testing.T) {
	t.Parallel()
	e := harbor()
	k := compile(t, e)
	for _, at := range []time.Time{{}, time.Unix(-1<<40, 0), time.Unix(1<<40, 0), time.Date(-9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1_000_000, 7, 4, 12, 0, 0, 0, time.UTC)} {
		lead := k.Lead(&e.Matrix.Functions[0], at)
		if lead.Person == "" || !lead.Until.After(at) {
			t.Errorf("%s: %s until %s", at, lead.Person, lead.Until)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	e := harbor()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(e, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLead(b *testing.B) {
	e := harbor()
	away := []store.Absence{away(b, "theo", "2026-11-18", "2026-11-25", "")}
	for _, absences := range [][]store.Absence{nil, away} {
		k := compile(b, e, absences...)
		for _, id := range []string{"user-helpdesk", "network", "edr-triage"} {
			for _, at := range []string{fridayNight, "2026-11-18T10:28:00-05:00", "2028-11-01T10:28:00-04:00"} {
				f, when := row(b, e, id), instant(b, at)
				b.Run(fmt.Sprintf("%s/%s/absences=%d", id, at[:13], len(absences)), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						k.Lead(f, when)
					}
				})
			}
		}
	}
}

func BenchmarkHours(b *testing.B) {
	k, at := compile(b, harbor()), instant(b, fridayNight)
	b.ReportAllocs()
	for b.Loop() {
		k.Hours(at)
	}
}

// BenchmarkFirstLead is the first question to a new calendar, with nothing cached.
func BenchmarkFirstLead(b *testing.B) {
	e, at := harbor(), instant(b, fridayNight)
	b.ReportAllocs()
	for b.Loop() {
		compile(b, e).Lead(&e.Matrix.Functions[0], at)
	}
}

func BenchmarkEscalation(b *testing.B) {
	e, at := harbor(), instant(b, fridayNight)
	k := compile(b, e)
	b.ReportAllocs()
	for b.Loop() {
		k.Escalation(&e.Matrix.Functions[0], at)
	}
}
