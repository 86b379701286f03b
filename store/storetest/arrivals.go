package storetest

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func testArrivals(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	const lease = 10 * time.Second
	accept := func(platform, owner, id, payload string, at time.Time, want bool) {
		t.Helper()
		if fresh, err := s.AcceptArrival(ctx, platform, owner, id, []byte(payload), at, at.Add(lease)); fresh != want || err != nil {
			t.Errorf("%s %s is fresh: %t, %v; want %t", platform, id, fresh, err, want)
		}
	}
	take := func(platform, owner string, now time.Time, want int) {
		t.Helper()
		if n, err := s.TakeArrivals(ctx, platform, owner, now, now.Add(lease)); n != want || err != nil {
			t.Errorf("%s takes %d of %s, %v; want %d", owner, n, platform, err, want)
		}
	}
	waiting := func(platform, owner string, want ...string) {
		t.Helper()
		var got []string
		for after := int64(0); ; {
			list, err := s.WaitingArrivals(ctx, platform, owner, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, a := range list {
				mark := ""
				if a.HandedOn {
					mark = " handed on"
				}
				got = append(got, a.ID+"="+string(a.Payload)+mark)
				after = a.Seq
			}
		}
		wantEqual(t, "what waits of "+platform+" for "+owner, got, want)
	}
	_, err := s.AcceptArrival(ctx, "slack", "z", "0", nil, noon, time.Time{})
	wantCode(t, err, store.CodeConflict, "no lease")
	accept("slack", "a", "1", "one", noon, true)
	accept("slack", "b", "1", "another", noon, false)
	accept("teams", "a", "1", "uno", noon, true)
	accept("slack", "a", "2", "", noon.Add(time.Second), true)
	accept("slack", "b", "3", "three", noon.Add(time.Second), true)
	if fresh, err := s.AcceptArrival(ctx, "slack", "a", "4", []byte("four"), noon.Add(2*time.Second), time.Time{}); !fresh || err != nil {
		t.Errorf("under the lease that it has: %t, %v", fresh, err)
	}
	waiting("slack", "a", "1=one", "2=", "4=four")
	waiting("slack", "b", "3=three")
	waiting("slack", "c")
	take("slack", "c", noon.Add(2*time.Second), 0)
	take("slack", "a", noon.Add(lease), 0) // goes on
	// b is gone, and who comes first has what was its.
	take("slack", "a", noon.Add(lease+2*time.Second), 1)
	take("slack", "c", noon.Add(lease+2*time.Second), 0)
	waiting("slack", "a", "1=one", "2=", "3=three handed on", "4=four")
	waiting("slack", "b")
	for range 2 {
		if err := s.FinishArrival(ctx, "slack", "1"); err != nil {
			t.Error(err)
		}
	}
	accept("slack", "a", "1", "one", noon.Add(time.Minute), false) // done, and known
	// One that ends gives back what it has.
	if err := s.ReleaseArrivals(ctx, "a", noon.Add(2*time.Minute)); err != nil {
		t.Error(err)
	}
	take("slack", "c", noon.Add(2*time.Minute), 3)
	waiting("slack", "c", "2= handed on", "3=three handed on", "4=four handed on")
	take("teams", "c", noon.Add(2*time.Minute), 1)
	waiting("teams", "c", "1=uno handed on")

	for name, id := range map[string]string{"no id": "", "a long id": strings.Repeat("a", 1001), "no UTF-8": "\xff"} {
		if fresh, err := s.AcceptArrival(ctx, "slack", "a", id, nil, noon, noon); fresh || store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%s: %t, %v", name, fresh, err)
		}
	}
	if _, err := s.TakeArrivals(ctx, "slack", "", noon, noon); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("taken for nobody: %v", err)
	}

	// Only what was worked on is forgotten.
	if n, err := s.PruneArrivals(ctx, hour(1)); n != 1 || err != nil {
		t.Errorf("pruned %d, %v", n, err)
	}
	accept("slack", "a", "1", "one", hour(2), true)
	waiting("slack", "c", "2= handed on", "3=three handed on", "4=four handed on")

	// The same delivery from everywhere at once is kept once.
	const deliveries, times = 40, 8
	var fresh atomic.Int64
	var everybody sync.WaitGroup
	for k := range times {
		everybody.Go(func() {
			for i := range deliveries {
				ok, err := s.AcceptArrival(ctx, "slack", fmt.Sprint("owner", k), fmt.Sprint("Many", i), []byte("x"), hour(3), hour(4))
				if err != nil {
					t.Error(err)
				}
				if ok {
					fresh.Add(1)
				}
			}
		})
	}
	everybody.Wait()
	if fresh.Load() != deliveries {
		t.Errorf("%d of %d were fresh", fresh.Load(), deliveries)
	}
	// And each is taken by one.
	var taken atomic.Int64
	for k := range times {
		everybody.Go(func() {
			n, err := s.TakeArrivals(ctx, "slack", fmt.Sprint("taker", k), hour(5), hour(6))
			if err != nil {
				t.Error(err)
			}
			taken.Add(int64(n))
		})
	}
	everybody.Wait()
	if taken.Load() != deliveries+4 { // c's three, and the one of a that came anew
		t.Errorf("%d were taken, want %d", taken.Load(), deliveries+4)
	}
}
