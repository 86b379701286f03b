package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/tandem-bot/tandem/store"
)

const (
	// tick is the one entry that there is: everything else is in the store.
	tick = "@every 15s"
	// leap is how far the clock may be put forward without a second thought, and
	// waitAfterLeap how long one is waited for.
	leap          = time.Hour
	waitAfterLeap = 5 * time.Minute
	// farewell is how long giving back the leases may take.
	farewell = 5 * time.Second
)

// Kick asks Run for a sweep now, as after a command. It never waits.
func (s *Sweeper) Kick() {
	select {
	case s.kick <- struct{}{}:
	default: // one is asked for already
	}
}

// Run sweeps every 15 seconds, and whenever it is kicked, until ctx ends. Then
// it finishes what it has begun, gives back its leases and returns.
func (s *Sweeper) Run(ctx context.Context) error {
	entry := cron.New()
	if _, err := entry.AddFunc(tick, s.Kick); err != nil {
		return err
	}
	entry.Start()
	defer func() { <-entry.Stop().Done() }()
	s.Kick()
	var clock watch
	again := time.NewTimer(0)
	again.Stop()
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.leave(ctx)
		case <-again.C:
		case <-s.kick:
		}
		now := s.Clock()
		if !clock.trust(now) {
			s.Log.WarnContext(ctx, "the clock has been put far forward; waiting to see whether it stays so", "now", now)
			continue
		}
		r, err := s.Sweep(ctx, now)
		r.Took = s.Clock().Sub(now)
		if s.Observe != nil {
			s.Observe(r, err)
		}
		if err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "a sweep failed", "error", err)
		}
		if r.Sent > 0 { // more may wait for the same channel
			again.Reset(store.DeliverySpacing)
		}
	}
}

// leave gives back what is claimed, so that another process need not wait for
// the leases to run out.
func (s *Sweeper) leave(ctx context.Context) error {
	s.mu.Lock() // whoever sweeps beside Run is waited for
	defer s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	return errors.Join(s.Store.ReleaseSweeps(ctx, s.Owner), s.Store.ReleaseDeliveries(ctx, s.Owner))
}

// watch compares the clock on the wall with the one that can't be put forward.
type watch struct {
	last, until time.Time
}

// trust reports whether to act on the time. When the clock on the wall was put
// far forward it says no for some minutes: mostly it is put back by then, and
// meanwhile nothing would have been skipped as if Tandem had been down.
func (w *watch) trust(now time.Time) bool {
	last := w.last
	w.last = now
	if !last.IsZero() {
		wall, real := now.Round(0).Sub(last.Round(0)), now.Sub(last)
		switch {
		case wall-real > leap:
			w.until = now.Add(waitAfterLeap)
		case real-wall > leap: // put back
			w.until = time.Time{}
		}
	}
	return w.until.IsZero() || now.Sub(w.until) >= 0
}
