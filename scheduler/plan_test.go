package scheduler_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
)

// input is what the house's next plan is made of.
func (h *house) input() scheduler.Input {
	h.Helper()
	e, err := h.db.Engagement(h.Context(), h.id)
	h.must(err)
	r, err := h.db.Rhythm(h.Context(), h.id)
	h.must(err)
	p, err := scheduler.Prepare(e, nil, h.now)
	h.must(err)
	return scheduler.Input{Prepared: p, Rhythm: r, Places: scheduler.PlacesOf(e, []string{"web"}, nil), Now: h.now}
}

func TestAPlanIsPure(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", nil)
	h.until("2026-11-16T09:30")
	h.answer(civil, "maria", "Something.")
	for range 400 {
		h.now = h.now.Add(7 * time.Hour)
		in := h.input()
		before, err := json.Marshal(in.Rhythm)
		h.must(err)
		a, b := scheduler.Plan(in), scheduler.Plan(in)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("at %s two plans differ:\n%+v\n%+v", h.now, a, b)
		}
		if after, _ := json.Marshal(in.Rhythm); string(after) != string(before) {
			t.Fatalf("at %s the plan changed its input", h.now)
		}
		if !a.Next.After(h.now) {
			t.Fatalf("at %s it looks again at %s", h.now, a.Next)
		}
		h.tick()
	}
}

// A plan right after a plan decides nothing.
func TestAPlanAfterAPlanDecidesNothing(t *testing.T) {
	h := newHouse(t, "2026-08-12T10:00", nil)
	day := store.Date{Year: 2035, Month: 1, Day: 1}
	for range 300 {
		h.now = h.now.Add(9 * time.Hour)
		// Whatever happens makes a sweep look.
		day = day.AddDays(1)
		_, err := h.db.RecordAbsence(t.Context(), h.id, store.Absence{Person: "sam", From: day, To: day}, "sam", h.now)
		h.must(err)
		h.tick()
		c := scheduler.Plan(h.input())
		if len(c.Create)+len(c.Transitions)+len(c.Requests)+len(c.Reminded)+len(c.Closed)+len(c.Findings) > 0 {
			c.Redraws = nil
			t.Fatalf("at %s it decides %+v\n\nof %+v", h.now, c, h.input().Rhythm.Findings)
		}
		for _, p := range c.Posts {
			t.Fatalf("at %s it posts %s", h.now, p.Key)
		}
	}
}

func TestWhatIsAheadIsKnown(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", nil)
	ahead := map[string]int{}
	for _, o := range h.input().Rhythm.Occurrences {
		if o.State == store.Scheduled && o.Due.After(h.now) {
			ahead[o.Cadence]++
		}
	}
	for _, c := range readHarbor(t).Cadences {
		if ahead[c.ID] == 0 {
			t.Errorf("nothing is ahead of %s", c.ID)
		}
	}
	if ahead["weekly-standup"] != 2 { // 16 and 23 November; the 30th is beyond two weeks
		t.Errorf("%d standups are ahead", ahead["weekly-standup"])
	}
}

func TestPlaces(t *testing.T) {
	e := readHarbor(t)
	p := scheduler.PlacesOf(e, []string{"slack", "teams", "web"}, nil)
	if got := p.Channels["managers"]; len(got) != 3 || got[0].Channel != "C0E3EK6SAWS" || got[2].Channel != "harbor-legal/managers" {
		t.Errorf("managers are at %+v", got)
	}
	if got := p.People["devon"]; len(got) != 1 || got[0] != (store.Address{Platform: "slack", Tenant: "T04PALMR1DG", User: "U088K5NH4HT"}) {
		t.Errorf("Devon is at %+v", got)
	}
	if got := scheduler.PlacesOf(e, []string{"console"}, nil).People["devon"]; len(got) != 1 || got[0].User != "harbor-legal/devon" {
		t.Errorf("Devon is at %+v", got)
	}
	// Who was found on a platform is there, but where the file says another place.
	e.People = []store.Person{{ID: "ann", Name: "Ann"}, {ID: "ben", Name: "Ben", Teams: "b-b"}, {ID: "cid", Name: "Cid"}}
	found := []store.Identity{
		{Person: "ann", Platform: "teams", Tenant: "t", User: "a-a"},
		{Person: "ben", Platform: "slack", Tenant: "T1", User: "UB"},
		{Person: "cid", Platform: "teams", Tenant: "t", User: "c-c"},
		{Person: "cid", Platform: "slack", Tenant: "T1", User: "UC"},
		{Person: "cid", Platform: "slack", Tenant: "T2", User: "UOLD"},
	}
	want := map[string][]store.Address{
		"ann": {{Platform: "teams", Tenant: "t", User: "a-a"}}, "ben": {{Platform: "teams", User: "b-b"}}, "cid": {{Platform: "slack", Tenant: "T1", User: "UC"}},
	}
	if got := scheduler.PlacesOf(e, []string{"slack", "teams"}, found).People; !reflect.DeepEqual(got, want) {
		t.Errorf("they are at %v, want %v", got, want)
	}
}

func BenchmarkPlan(b *testing.B) {
	h := newHouse(b, "2026-08-12T10:00", nil)
	h.until("2026-11-16T09:30")
	in := h.input()
	b.ReportAllocs()
	for b.Loop() {
		scheduler.Plan(in)
	}
}

func BenchmarkPrepare(b *testing.B) {
	e := readHarbor(b)
	for b.Loop() {
		if _, err := scheduler.Prepare(e, nil, time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)); err != nil {
			b.Fatal(err)
		}
	}
}

// What a sweep costs when nothing is due, and when one engagement of many is.
func BenchmarkSweep(b *testing.B) {
	for _, n := range []int{100, 1000} {
		h := newHouse(b, "2026-11-12T10:00", nil)
		for i := range n - 1 {
			e := readHarbor(b)
			e.ID = fmt.Sprintf("e-%d", i)
			_, err := h.db.ImportEngagement(b.Context(), e, "test", h.now)
			h.must(err)
		}
		h.tick()
		b.Run(fmt.Sprintf("idle of %d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := h.sweep.Sweep(b.Context(), h.now); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("one of %d", n), func(b *testing.B) {
			for b.Loop() {
				h.must(h.db.RecordAnswer(b.Context(), h.id, store.Answer{
					Cadence: "weekly-standup", Civil: civil, Person: "maria", Kind: store.NothingToReport, How: store.ByButton,
				}, nil, h.now))
				if r, err := h.sweep.Sweep(b.Context(), h.now); err != nil || r.Planned != 1 {
					b.Fatalf("%+v %v", r, err)
				}
			}
		})
	}
}
