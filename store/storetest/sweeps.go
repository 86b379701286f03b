package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// testSweeps: who is due, who holds it and for how long.
func testSweeps(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	claim := func(owner string, at time.Time, want ...string) {
		t.Helper()
		got, err := s.ClaimSweeps(ctx, owner, at, at.Add(time.Minute), 10)
		must(t, err)
		slices.Sort(got)
		wantEqual(t, owner+" claims", got, want)
	}
	next := func(want time.Time) {
		t.Helper()
		got, err := s.NextDue(ctx)
		must(t, err)
		wantEqual(t, "what is next", got.UTC(), want.UTC())
	}
	claim("a", hour(0))
	next(time.Time{})
	importing(t, s, sample("acme"), hour(1))
	importing(t, s, sample("zebra"), hour(2))
	next(hour(1))
	claim("a", hour(0)) // nothing is due before it happened
	claim("a", hour(1), "acme")
	claim("b", hour(1))                                  // a holds it
	claim("a", hour(1))                                  // also from itself
	claim("b", hour(1).Add(time.Minute-time.Nanosecond)) // still
	claim("b", hour(1).Add(time.Minute), "acme")         // the lease ran out
	claim("c", hour(2), "acme", "zebra")                 // and again
	wantCode(t, s.ApplySweep(ctx, "acme", "a", store.Change{Seen: 1}, hour(2)), store.CodeConflict, "a does not hold the lease on acme")
	wantCode(t, s.ApplySweep(ctx, "acme", "b", store.Change{Seen: 1}, hour(2)), store.CodeConflict)
	wantCode(t, s.ApplySweep(ctx, "acme", "c", store.Change{Seen: 1}, hour(2).Add(time.Minute)), store.CodeConflict) // ran out
	must(t, s.ReleaseSweeps(ctx, "a"))                                                                               // holds nothing
	claim("d", hour(2))
	must(t, s.ReleaseSweeps(ctx, "c"))
	claim("d", hour(2), "acme", "zebra")
	must(t, s.ReleaseSweeps(ctx, "d"))
	claim("d", hour(2), "acme", "zebra")

	// What was applied is given back, and due at the next instant.
	r := reading(t, s, "acme")
	must(t, s.ApplySweep(ctx, "acme", "d", store.Change{Seen: r.Seen, Next: hour(9)}, hour(2)))
	claim("e", hour(9).Add(-1), "zebra")
	must(t, s.ReleaseSweeps(ctx, "e"))
	claim("e", hour(9), "acme", "zebra")
	r = reading(t, s, "acme")
	must(t, s.ApplySweep(ctx, "acme", "e", store.Change{Seen: r.Seen}, hour(9))) // nothing ahead
	must(t, s.ReleaseSweeps(ctx, "e"))
	claim("e", hour(24*365*90), "zebra")
	next(hour(24 * 365 * 90).Add(time.Minute)) // when the lease on zebra runs out

	// Any use case makes it due at that instant; nothing new doesn't.
	_, err := s.RecordAbsence(ctx, "acme", store.Absence{Person: "theo", From: day(2026, 10, 2), To: day(2026, 10, 3)}, "maria", hour(11))
	must(t, err)
	must(t, s.ReleaseSweeps(ctx, "e"))
	claim("e", hour(10), "zebra")
	must(t, s.ReleaseSweeps(ctx, "e"))
	claim("e", hour(11), "acme", "zebra")

	list, err := s.ClaimSweeps(ctx, "e", hour(12), hour(13), 1)
	if err != nil || len(list) != 1 {
		t.Errorf("a limit of 1 gave %v, %v", list, err)
	}
	if list, err := s.ClaimSweeps(ctx, "e", hour(12), hour(13), 0); err != nil || len(list) != 0 {
		t.Errorf("a limit of 0 gave %v, %v", list, err)
	}
	_, err = s.ClaimSweeps(ctx, "", hour(12), hour(13), 1)
	wantCode(t, err, store.CodeInvalid)
	_, err = s.ClaimSweeps(ctx, "e", hour(12), hour(12), 1)
	wantCode(t, err, store.CodeInvalid, "A lease must end after it begins")
}

// testSweepsAtOnce: many owners at once, and each engagement goes to one.
func testSweepsAtOnce(t *testing.T, open func(*testing.T) Store) {
	const clients, owners = 40, 8
	s := open(t)
	for i := range clients {
		importing(t, s, sample(fmt.Sprint("client-", i)), hour(0))
	}
	var mu sync.Mutex
	given := map[string]int{}
	var all sync.WaitGroup
	for o := range owners {
		all.Go(func() {
			for {
				list, err := s.ClaimSweeps(t.Context(), fmt.Sprint("owner-", o), hour(1), hour(2), 3)
				if err != nil {
					t.Error(err)
				}
				fresh := 0
				mu.Lock()
				for _, id := range list {
					if given[id]++; given[id] == 1 {
						fresh++
					}
				}
				mu.Unlock()
				for _, id := range list {
					r, err := s.Rhythm(t.Context(), id)
					if err == nil {
						err = s.ApplySweep(t.Context(), id, fmt.Sprint("owner-", o), store.Change{Seen: r.Seen}, hour(1))
					}
					if err != nil {
						t.Error(err)
					}
				}
				if fresh == 0 {
					return
				}
			}
		})
	}
	all.Wait()
	for id, n := range given {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
	if len(given) != clients {
		t.Errorf("%d of %d were claimed", len(given), clients)
	}
}

// testApply: what a sweep decides is written once, all or nothing, and only
// onto what it has seen.
func testApply(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	first := store.Change{
		Create: []store.Occurrence{standup()},
		Posts:  []store.Post{postOf("p1", store.AboutOccurrence("standup", monday), "it")},
		Next:   hour(8),
	}
	applying(t, s, hour(1), first)
	before := reading(t, s, "acme")
	wantEqual(t, "the occurrences", before.Occurrences, []store.Occurrence{standup()})
	if len(before.Posts) != 1 || before.Posts[0].Revision != 1 || before.Transitions != 1 {
		t.Errorf("posts %v, %d transitions", before.Posts, before.Transitions)
	}

	// The same again, with another content: nothing.
	again := first
	again.Create = []store.Occurrence{review(1)}
	again.Create[0].Cadence, again.Create[0].Civil = "standup", monday
	again.Posts = []store.Post{postOf("p1", "something else", "elsewhere")}
	applying(t, s, hour(8), again)
	after := reading(t, s, "acme")
	after.Seen = before.Seen
	wantEqual(t, "after a repeat", after, before)

	// A card redrawn is a revision, the same card none.
	redraw := store.Change{Redraws: []store.Redraw{{Key: "p1", Card: cardOf("new")}, {Key: "nowhere", Card: cardOf("new")}}, Next: hour(8)}
	for range 2 {
		applying(t, s, hour(8), redraw)
		if got := reading(t, s, "acme").Posts[0].Revision; got != 2 {
			t.Errorf("revision %d", got)
		}
	}

	// Transitions leave the state that they name; what is there already is left.
	prompted := store.OccurrenceChange{Cadence: "standup", Civil: monday, From: store.Scheduled, To: store.Prompted, Late: true, Why: "after an outage"}
	for range 2 {
		applying(t, s, hour(8), store.Change{Transitions: []store.OccurrenceChange{prompted}, Next: hour(8)})
	}
	want := standup()
	want.State, want.Late = store.Prompted, true
	wantEqual(t, "prompted", reading(t, s, "acme").Occurrences, []store.Occurrence{want})
	list, err := s.Transitions(ctx, "acme", "standup", monday)
	must(t, err)
	wantEqual(t, "the transitions", list, []store.Transition{
		{Cadence: "standup", Civil: monday, To: store.Scheduled, Due: hour(8), At: hour(1), By: store.ByTandem},
		{Cadence: "standup", Civil: monday, From: store.Scheduled, To: store.Prompted, Due: hour(8), At: hour(8), By: store.ByTandem, Why: "after an outage"},
	})

	t.Run("all or nothing", func(t *testing.T) { testAllOrNothing(t, s) })
	t.Run("what it has not seen", func(t *testing.T) { testUnseen(t, s, first) })
}

// testAllOrNothing: one thing that can't be, and nothing of the sweep stays.
func testAllOrNothing(t *testing.T, s Store) {
	wrong := store.OccurrenceChange{Cadence: "standup", Civil: monday, From: store.Overdue, To: store.Missed}
	for name, c := range map[string]store.Change{
		"from another state": {Transitions: []store.OccurrenceChange{wrong}},
		"a finding of no level": {Findings: []store.FindingChange{{OpenFinding: store.OpenFinding{
			Finding: store.Finding{Kind: store.FindingMissed, Subject: "standup"}, Opened: hour(8), Climbed: hour(8),
		}}}},
		"no card":      {Posts: []store.Post{{Key: "p3"}}},
		"a taken name": {Requests: []store.AckRequest{{ID: 0, What: store.AckPrompt, Title: "x", Mode: store.AckEach, Asked: []string{"maria"}}}},
		"no due date":  {Create: []store.Occurrence{{Cadence: "qbr", Civil: tuesday}}},
		"no civil":     {Create: []store.Occurrence{{Cadence: "qbr", Civil: "Tuesday"}}},
	} {
		before := mustLook(t, s, "acme")
		c.Posts = append([]store.Post{postOf("p2", store.AboutOccurrence("standup", monday), "it")}, c.Posts...)
		c.Create = append([]store.Occurrence{review(40)}, c.Create...)
		err := sweep(t.Context(), s, "acme", hour(8), func(store.Rhythm) store.Change { return c })
		if code := store.ErrorCode(err); code != store.CodeConflict && code != store.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
		wantEqual(t, name, mustLook(t, s, "acme"), before)
		must(t, s.ReleaseSweeps(t.Context(), "sweeper"))
	}
}

// testUnseen: somebody does something between the reading and the writing.
func testUnseen(t *testing.T, s Store, first store.Change) {
	err := sweep(t.Context(), s, "acme", hour(8), func(store.Rhythm) store.Change {
		must(t, s.RecordAnswer(t.Context(), "acme", store.Answer{Cadence: "standup", Civil: monday, Person: "theo", Kind: store.SaidAway}, nil, hour(8)))
		return first
	})
	wantCode(t, err, store.CodeConflict, "Something happened in acme since it was read")
	must(t, s.ReleaseSweeps(t.Context(), "sweeper"))
	applying(t, s, hour(8), first)
}
