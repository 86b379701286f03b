package main

import (
	"context"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// leaseOfArrivals is for how long a process that ended keeps others from what it
// was at. A queue renews it every three seconds.
const leaseOfArrivals = 10 * time.Second

// arrivals is a platform's Inbox in the store.
type arrivals struct {
	db              *sqlite.DB
	platform, owner string
	now             func() time.Time
	log             *slog.Logger

	mu    sync.Mutex
	until time.Time // when the lease ends
}

var _ inbox.Inbox = (*arrivals)(nil)

// Accept keeps a delivery, which is this process's to work on.
func (a *arrivals) Accept(ctx context.Context, id string, payload []byte, at time.Time) (bool, error) {
	lease := a.lease()
	fresh, err := a.db.AcceptArrival(ctx, a.platform, a.owner, id, payload, at, lease)
	if lease.IsZero() && store.ErrorCode(err) == store.CodeConflict {
		// The delivery that brings the lease is not stored yet, or could not be.
		lease = a.now().Add(leaseOfArrivals)
		fresh, err = a.db.AcceptArrival(ctx, a.platform, a.owner, id, payload, at, lease)
	}
	if err != nil && !lease.IsZero() {
		a.leased(time.Time{})
	}
	return fresh, err
}

// lease is when the lease is to end from now on, or zero where it has long enough to go.
func (a *arrivals) lease() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if a.until.Sub(now) > leaseOfArrivals/2 && a.until.Sub(now) <= leaseOfArrivals { // a clock may jump back
		return time.Time{}
	}
	a.until = now.Add(leaseOfArrivals)
	return a.until
}

func (a *arrivals) leased(until time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.until = until
}

// pageOfArrivals is how many are read at once.
const pageOfArrivals = 256

// Pending gives what is left.
func (a *arrivals) Pending(ctx context.Context, after int64) iter.Seq2[inbox.Delivery, error] {
	return func(yield func(inbox.Delivery, error) bool) {
		for after := after; ; {
			list, err := a.db.WaitingArrivals(ctx, a.platform, a.owner, after, pageOfArrivals)
			if err != nil {
				yield(inbox.Delivery{}, err)
				return
			}
			for i := range list {
				one := &list[i]
				if after = one.Seq; !yield(inbox.Delivery{Seq: one.Seq, ID: one.ID, Payload: one.Payload, At: one.At, Again: one.HandedOn}, nil) {
					return
				}
			}
			if len(list) < pageOfArrivals {
				return
			}
		}
	}
}

// Take takes over what a process that ended has left.
func (a *arrivals) Take(ctx context.Context) (bool, error) {
	now := a.now()
	n, err := a.db.TakeArrivals(ctx, a.platform, a.owner, now, now.Add(leaseOfArrivals))
	switch {
	case err != nil && ctx.Err() == nil:
		a.log.ErrorContext(ctx, "the store doesn't say what came in and waits", "platform", a.platform, "error", err)
	case n > 0:
		a.log.InfoContext(ctx, "what a process left that ended is taken over", "platform", a.platform, "deliveries", n)
	}
	return n > 0, err
}

// Done puts a delivery away.
func (a *arrivals) Done(ctx context.Context, id string) error {
	return a.db.FinishArrival(ctx, a.platform, id)
}

func (m *maker) arrivals(platform string) *arrivals {
	return &arrivals{db: m.db, platform: platform, owner: m.owner, now: m.now, log: m.log}
}
