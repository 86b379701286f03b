package storetest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

func testRoundTrip(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		e := Engagement(rt, fmt.Sprintf("client-%d", n))
		r, err := s.ImportEngagement(t.Context(), e, "maria", noon)
		if err != nil {
			rt.Fatal(err)
		}
		want := clone(e)
		want.Matrix.Version = max(1, e.Matrix.Version)
		got, err := s.Engagement(t.Context(), e.ID)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := unequal(got, want); diff != "" {
			rt.Fatalf("what came back differs: %s", diff)
		}
		if r.Version != want.Matrix.Version {
			rt.Fatalf("the result says version %d", r.Version)
		}
		// What is read goes in again as nothing new.
		if r, err = s.ImportEngagement(t.Context(), got, "maria", noon); err != nil || r.Status != store.ImportUnchanged {
			rt.Fatalf("again: %v, %v", r, err)
		}
	})
}

func testNotFound(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("harbor-legal"), hour(0))
	for _, id := range []string{"harbor-lega", "", "harbor-legal'--", "HARBOR-LEGAL", "harbor%", "harbor-legal\x00", "\xff"} {
		_, err := s.Engagement(ctx, id)
		wantCode(t, err, store.CodeNotFound)
		_, err = s.EngagementAt(ctx, id, 3)
		wantCode(t, err, store.CodeNotFound)
		_, err = s.MatrixVersions(ctx, id)
		wantCode(t, err, store.CodeNotFound)
		_, err = s.Absences(ctx, id, store.Date{})
		wantCode(t, err, store.CodeNotFound)
		_, err = s.Audit(ctx, id)
		wantCode(t, err, store.CodeNotFound)
		_, err = s.RecordAbsence(ctx, id, store.Absence{Person: "maria", From: day(2026, 1, 1), To: day(2026, 1, 2)}, "maria", noon)
		wantCode(t, err, store.CodeNotFound)
		wantCode(t, s.CancelAbsence(ctx, id, 1, "maria", noon), store.CodeNotFound)
	}
	for _, version := range []int{-1, 0, 1, 2, 4, 1 << 40} {
		_, err := s.EngagementAt(ctx, "harbor-legal", version)
		wantCode(t, err, store.CodeNotFound, fmt.Sprintf("harbor-legal has no matrix version %d. Stored: 3.", version))
	}
}

var sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func testLists(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	if list, err := s.Engagements(ctx); err != nil || len(list) != 0 {
		t.Fatalf("an empty store lists %v, %v", list, err)
	}
	east := time.FixedZone("east", 5*60*60)
	importing(t, s, sample("zebra"), hour(0).In(east))
	other := sample("acme")
	other.Client, other.Matrix.Version = "Acme", 0
	importing(t, s, other, hour(1))
	list, err := s.Engagements(ctx)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "the list", list, []store.EngagementSummary{
		{ID: "acme", Client: "Acme", MSP: "Palmetto Ridge IT", Version: 1, Revision: 1, UpdatedAt: hour(1)},
		{ID: "zebra", Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", Version: 3, Revision: 1, UpdatedAt: hour(0)},
	})

	// Version 12 comes after 4 and not before it, as in text.
	for i, version := range []int{4, 12} {
		next := sample("zebra")
		next.Matrix.Version, next.Matrix.Reason, next.Matrix.Effective = version, fmt.Sprint("reason ", version), store.Date{}
		importing(t, s, next, hour(2+i))
	}
	versions, err := s.MatrixVersions(ctx, "zebra")
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]bool{}
	for i := range versions {
		if !sumForm.MatchString(versions[i].SHA256) || sums[versions[i].SHA256] {
			t.Errorf("version %d has the sum %q", versions[i].Version, versions[i].SHA256)
		}
		sums[versions[i].SHA256] = true
		versions[i].SHA256 = ""
	}
	wantEqual(t, "the versions", versions, []store.MatrixVersion{
		{Version: 3, Effective: day(2026, 10, 1), Reason: "Quarterly review", CreatedAt: hour(0)},
		{Version: 4, Reason: "reason 4", CreatedAt: hour(2)},
		{Version: 12, Reason: "reason 12", CreatedAt: hour(3), Active: true},
	})
}

// testConcurrency: many imports of few engagements, with readers beside them.
// Each new version is given out once, and nobody sees half an import.
func testConcurrency(t *testing.T, open func(*testing.T) Store) {
	const clients, writers, rounds = 3, 4, 8
	s := open(t)
	ctx := t.Context()
	var mu sync.Mutex
	given := map[string]int{}
	var all sync.WaitGroup
	for w := range writers {
		for c := range clients {
			all.Go(func() {
				id := fmt.Sprintf("client-%d", c)
				for r := range rounds {
					e := sample(id)
					e.Matrix.Version = 0
					e.Matrix.Reason = fmt.Sprintf("writer %d, round %d", w, r)
					e.Client = e.Matrix.Reason // so that a mix of two imports shows
					result, err := s.ImportEngagement(ctx, e, "maria", hour(r))
					if err != nil {
						t.Errorf("import: %v", err)
						return
					}
					mu.Lock()
					given[fmt.Sprint(id, result.Version)]++
					mu.Unlock()
				}
			})
		}
	}
	for c := range clients {
		all.Go(func() {
			for range writers * rounds {
				e, err := s.Engagement(ctx, fmt.Sprintf("client-%d", c))
				if err != nil && store.ErrorCode(err) != store.CodeNotFound {
					t.Errorf("read: %v", err)
				}
				if err == nil && e.Client != e.Matrix.Reason {
					t.Errorf("read half an import: %q with %q", e.Client, e.Matrix.Reason)
				}
			}
		})
	}
	all.Wait()
	if len(given) != clients*writers*rounds {
		t.Errorf("%d imports got %d different versions", clients*writers*rounds, len(given))
	}
	for c := range clients {
		shot := mustLook(t, s, fmt.Sprintf("client-%d", c))
		if len(shot.Versions) != writers*rounds || len(shot.Audit) != writers*rounds {
			t.Errorf("%s: %d versions, %d audit entries", shot.Engagement.ID, len(shot.Versions), len(shot.Audit))
		}
	}
}

// testCancelled: a context that has ended stops every method, and changes nothing.
func testCancelled(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	importing(t, s, sample("harbor-legal"), hour(0))
	if _, err := s.RecordAbsence(t.Context(), "harbor-legal", store.Absence{Person: "maria", From: day(2026, 1, 1), To: day(2026, 1, 2)}, "maria", noon); err != nil {
		t.Fatal(err)
	}
	before := mustLook(t, s, "harbor-legal")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range calls(s) {
		if call.run == nil {
			continue
		}
		_, err := call.run(ctx, "harbor-legal")
		if store.ErrorCode(err) != store.CodeUnavailable || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want unavailable", name, err)
		}
	}
	wantEqual(t, "after calls with an ended context", mustLook(t, s, "harbor-legal"), before)
}
