package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// job is a delivery of a lane, with its place in it and in the inbox.
type job struct {
	of  string
	n   int
	seq int64
}

func (j job) Key() string  { return fmt.Sprint(j.of, j.n) }
func (j job) Lane() string { return j.of }
func (j job) Seq() int64   { return j.seq }

func TestADeliveryIsAcceptedOnceAndPendingUntilItIsDone(t *testing.T) {
	var m Memory
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for i, want := range []bool{true, false} {
		if fresh, err := m.Accept(t.Context(), "b", []byte("second"), at.Add(time.Second)); fresh != want || err != nil {
			t.Errorf("time %d: %t, %v", i, fresh, err)
		}
	}
	if _, err := m.Accept(t.Context(), "a", []byte("first"), at); err != nil {
		t.Fatal(err)
	}
	left := func() (ids []string) {
		t.Helper()
		for d, err := range m.Pending(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, d.ID)
		}
		return ids
	}
	if got := left(); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("pending are %v", got)
	}
	if err := m.Done(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if got := left(); !slices.Equal(got, []string{"b"}) {
		t.Errorf("pending are %v", got)
	}
	if fresh, _ := m.Accept(t.Context(), "a", nil, at); fresh || m.Accepted() != 2 {
		t.Error("what is done is accepted again")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Accept(ended, "c", nil, at); err == nil {
		t.Error("nobody waits any more, and it was accepted")
	}
}

// TestALaneKeepsItsOrder puts more than there is room for: what has none is
// fetched again, nothing is worked on twice, and each lane in its order.
func TestALaneKeepsItsOrder(t *testing.T) {
	const people, each = 7, 400
	var mu sync.Mutex
	open := map[string]job{}
	seen := map[string][]int{}
	read := 0
	fill := func(after int64, put func(job) bool) error {
		mu.Lock()
		var list []job
		for _, j := range open {
			if j.seq > after {
				list = append(list, j)
			}
		}
		mu.Unlock()
		slices.SortFunc(list, func(a, b job) int { return int(a.seq - b.seq) })
		for _, j := range list {
			if read++; !put(j) {
				break
			}
		}
		return nil
	}
	// Everybody writes in turns.
	of := func(p, n int) job { return job{fmt.Sprint("person ", p, " "), n, int64(n*people + p + 1)} }
	q := NewQueue(3, func(_ context.Context, j job) {
		mu.Lock()
		defer mu.Unlock()
		seen[j.of] = append(seen[j.of], j.n)
		delete(open, j.Key())
	}, fill)
	for p := range people {
		for n := range each {
			j := of(p, n)
			open[j.Key()] = j
		}
	}
	end := q.Start(t.Context())
	defer end()
	if err := q.Refill(fill); err != nil {
		t.Fatal(err)
	}
	// The rest comes in while the first are worked on.
	for n := each; n < 2*each; n++ {
		for p := range people {
			j := of(p, n)
			mu.Lock()
			open[j.Key()] = j
			mu.Unlock()
			q.Put(j)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := q.Idle(ctx); err != nil {
		t.Fatal(err)
	}
	for who, list := range seen {
		if len(list) != 2*each || !slices.IsSorted(list) {
			t.Errorf("%s: %d of %d, in order: %t", who, len(list), 2*each, slices.IsSorted(list))
		}
	}
	if len(seen) != people {
		t.Errorf("%d people were heard", len(seen))
	}
	// Of a long backlog only so much is read as there is room for: what is the others'
	// as well, but nothing from its beginning again and again.
	if most := people * 2 * people * each; read > most {
		t.Errorf("%d were read of the inbox, of %d", read, 2*people*each)
	}
}

func TestIdleEndsWithItsContext(t *testing.T) {
	q := NewQueue(1, func(context.Context, job) {}, func(int64, func(job) bool) error { return nil })
	q.Put(job{"a", 1, 1}) // nobody works
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Idle(ctx); err == nil {
		t.Error("it is idle, and something waits")
	}
}

// A queue begins with what is left in the Inbox, looks again for what another
// process left, and ends with its context or with what runs beside it.
func TestAQueueRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		left := []job{{"a", 1, 1}}
		var done []job
		leave := func(j job) {
			mu.Lock()
			defer mu.Unlock()
			left = append(left, j)
		}
		wantDone := func(when string, want ...job) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if !slices.Equal(done, want) {
				t.Errorf("%s %v were done, want %v", when, done, want)
			}
		}
		work := func(_ context.Context, j job) {
			mu.Lock()
			defer mu.Unlock()
			done = append(done, j)
		}
		q := NewQueue(1, work, func(_ int64, put func(job) bool) error {
			mu.Lock()
			defer mu.Unlock()
			for _, j := range left {
				put(j)
			}
			left = nil
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		broken := errors.New("broken")
		go func() {
			ended <- q.Run(ctx, &Memory{}, q.fill, func(ctx context.Context) error {
				<-ctx.Done()
				return broken
			})
		}()
		wantDone("at first", job{"a", 1, 1})
		leave(job{"b", 1, 2})
		wantDone("before its time", job{"a", 1, 1})
		time.Sleep(lookEvery)
		wantDone("after its time", job{"a", 1, 1}, job{"b", 1, 2})
		cancel()
		if err := <-ended; !errors.Is(err, broken) {
			t.Errorf("ended with %v", err)
		}
		err := q.Run(t.Context(), &Memory{}, q.fill, func(context.Context) error { return broken })
		if !errors.Is(err, broken) {
			t.Errorf("what runs beside it ended, and it with %v", err)
		}
		unread := errors.New("unread")
		if err := q.Run(t.Context(), &Memory{}, func(int64, func(job) bool) error { return unread }, nil); !errors.Is(err, unread) {
			t.Errorf("with an Inbox that can't be read it ends with %v", err)
		}
	})
}

// leased is an Inbox that counts how often it hears that this process has not ended.
type leased struct {
	Memory
	mu    sync.Mutex
	heard int
}

func (l *leased) Take(context.Context) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard++
	return false, nil
}

func (l *leased) times() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.heard
}

// A queue that is to end is still at something: until that is finished no other
// process may take it for left.
func TestAQueueThatEndsKeepsWhatItIsAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const work = 10 * lookEvery
		q := NewQueue(1, func(context.Context, job) { time.Sleep(work) }, func(int64, func(job) bool) error { return nil })
		var in leased
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- q.Run(ctx, &in, q.fill, nil) }()
		synctest.Wait()
		q.Put(job{of: "a", n: 1})
		synctest.Wait()
		before := in.times()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := in.times() - before; n < int(work/lookEvery)-1 {
			t.Errorf("while it finished the Inbox heard of it %d times", n)
		}
	})
}

// What takes too long to finish is cut off.
func TestAQueueThatEndsWaitsForNothingLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cut := make(chan error, 1)
		q := NewQueue(1, func(ctx context.Context, _ job) {
			<-ctx.Done()
			cut <- ctx.Err()
		}, func(int64, func(job) bool) error { return nil })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- q.Run(ctx, &Memory{}, q.fill, nil) }()
		synctest.Wait()
		q.Put(job{of: "a", n: 1})
		synctest.Wait()
		began := time.Now()
		cancel()
		if err := <-ended; err != nil || !errors.Is(<-cut, context.Canceled) || time.Since(began) != finishIn {
			t.Errorf("after %v it ends with %v", time.Since(began), err)
		}
	})
}
