package scheduler_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
)

func TestRunSweepsWhenItIsKickedAndLeavesNothingBehind(t *testing.T) {
	h := newHouse(t, "2026-11-16T08:59", standupsOnly)
	// The store's own goroutines were there before.
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var mu sync.Mutex
	now := h.at("2026-11-16T09:00")
	swept := make(chan scheduler.Report, 64)
	s := scheduler.New(scheduler.Options{
		Store: h.db, Platforms: []bot.Platform{finding{h.chat}}, Owner: "run", Rand: func() float64 { return 0.5 },
		Clock:   func() time.Time { mu.Lock(); defer mu.Unlock(); return now },
		Observe: func(r scheduler.Report, _ error) { swept <- r },
		Log:     slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	if r := <-swept; r.Sent != 1 {
		t.Errorf("the first sweep: %+v", r)
	}
	h.must(h.db.RecordAnswer(t.Context(), h.id, store.Answer{
		Cadence: "weekly-standup", Civil: civil, Person: "maria", Kind: store.NothingToReport, How: store.ByButton,
	}, nil, now))
	s.Kick()
	s.Kick()
	for {
		if r := <-swept; r.Planned == 1 {
			break
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	// What it held is free for another.
	if _, err := h.db.ClaimSweeps(t.Context(), "another", now.AddDate(0, 1, 0), now.AddDate(0, 2, 0), 9); err != nil {
		t.Error(err)
	}
	h.one("prompt/")
}

// slow is a platform whose answers take their time.
type slow struct {
	*chat
	began   chan struct{}
	proceed chan struct{}
	cut     atomic.Bool
}

func (s *slow) Send(ctx context.Context, p bot.Post) (string, error) {
	close(s.began)
	<-s.proceed
	s.cut.Store(ctx.Err() != nil)
	return s.chat.Send(ctx, p)
}

// Stopping lets a message that is on its way arrive, and keeps that it did.
func TestStoppingDrains(t *testing.T) {
	h := newHouse(t, "2026-11-16T08:59", standupsOnly)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	now := h.at("2026-11-16T09:00")
	platform := &slow{chat: h.chat, began: make(chan struct{}), proceed: make(chan struct{})}
	s := scheduler.New(scheduler.Options{
		Store: h.db, Platforms: []bot.Platform{platform}, Owner: "run", Rand: func() float64 { return 0.5 },
		Clock: func() time.Time { return now },
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	<-platform.began
	stop()
	close(platform.proceed)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if platform.cut.Load() {
		t.Error("the message was cut off")
	}
	h.now = now.Add(time.Hour)
	h.tick()
	h.one("prompt/")
}

// Two sweepers at the same instant on one store.
func TestTwoSweepersAtOnce(t *testing.T) {
	h := newHouse(t, "2026-11-16T08:59", standupsOnly)
	for i := range 20 {
		e := readHarbor(t)
		standupsOnly(e)
		e.ID = "e-" + string(rune('a'+i))
		_, err := h.db.ImportEngagement(t.Context(), e, "test", h.now)
		h.must(err)
	}
	h.tick()
	h.jump("2026-11-16T09:00")
	sweepers := []*scheduler.Sweeper{h.sweeper("two"), h.sweeper("three"), h.sweeper("four")}
	for range 5 {
		var wg sync.WaitGroup
		for _, s := range sweepers {
			wg.Go(func() {
				if r, err := s.Sweep(t.Context(), h.now); err != nil || r.Failed > 0 {
					t.Errorf("%+v %v", r, err)
				}
			})
		}
		wg.Wait()
		h.now = h.now.Add(2 * time.Second)
	}
	seen := map[string]bool{}
	for _, m := range h.chat.messages {
		if seen[m.key] {
			t.Errorf("%s stands there twice", m.key)
		}
		seen[m.key] = true
	}
	if len(seen) != 21 {
		t.Errorf("%d engagements were prompted", len(seen))
	}
}
