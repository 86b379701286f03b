package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

// Store is what a Sweeper needs of the store.
type Store interface {
	Engagement(ctx context.Context, id string) (*store.Engagement, error)
	MatrixVersions(ctx context.Context, id string) ([]store.MatrixVersion, error)
	Conversations(ctx context.Context, id string, open bool) ([]store.Conversation, error)

	ClaimSweeps(ctx context.Context, owner string, now, leaseUntil time.Time, limit int) ([]string, error)
	Rhythm(ctx context.Context, id string) (store.Rhythm, error)
	ApplySweep(ctx context.Context, id, owner string, c store.Change, at time.Time) error
	ReleaseSweeps(ctx context.Context, owner string) error

	ClaimDeliveries(ctx context.Context, owner string, now, leaseUntil time.Time, limit int) ([]store.Delivery, error)
	FinishDelivery(ctx context.Context, d store.Delivery, o store.Outcome, now time.Time) error
	ReleaseDeliveries(ctx context.Context, owner string) error
	DeadDeliveries(ctx context.Context, id string) ([]store.Delivery, error)
}

// Options are what a Sweeper is made of.
type Options struct {
	Store     Store
	Platforms []bot.Platform // a person is reached on the first that knows them
	// Owner names this process on its leases. No two that run at once share it.
	Owner string
	// Rand gives numbers from 0 to below 1, for the jitter.
	Rand func() float64
	// Clock tells the time to Run, and how long a sweep has been running. Without
	// it time stands still during a sweep.
	Clock func() time.Time
	Log   *slog.Logger
	// Observe hears of each sweep that Run made; nil for nobody.
	Observe func(Report, error)
	// Parallel is how many engagements, and how many deliveries, are in work at
	// once: 8.
	Parallel int
	// Lease is how long a claim holds: a minute. A send is given up after a third of it.
	Lease time.Duration
	Settings
}

const (
	defaultParallel = 8
	defaultLease    = time.Minute
	// rounds bounds how often one sweep looks again for what it made due itself.
	rounds = 64
	// attempts is how often a plan is made anew when something happens meanwhile.
	attempts = 4
)

// errBusy says that every plan was overtaken before it could be applied.
var errBusy = errors.New("something happens all the time")

// Sweeper keeps the rhythm of all engagements of a store. Several may share the
// store, in one process or in many. It is safe for concurrent use.
type Sweeper struct {
	Options
	platforms map[string]bot.Platform
	names     []string
	kick      chan struct{}
	cache     cache
	dice      sync.Mutex // over Rand

	mu sync.Mutex // one sweep at a time
}

// New makes a Sweeper.
func New(o Options) *Sweeper {
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.Lease <= 0 {
		o.Lease = defaultLease
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Sweeper{
		Options: o, platforms: map[string]bot.Platform{}, kick: make(chan struct{}, 1),
		cache: cache{entries: map[string]*entry{}},
	}
	for _, p := range o.Platforms {
		s.platforms[p.Name()] = p
		s.names = append(s.names, p.Name())
	}
	return s
}

// Report says what a sweep did.
type Report struct {
	Planned   int // engagements that were looked at
	Posted    int // messages that were put into the outbox
	Conflicts int // plans that somebody overtook and that were made anew
	Failed    int // engagements that could not be swept
	// Took is how long it was at work; Observe alone is told.
	Took time.Duration
	Delivered
}

// Delivered says what became of what was in the outbox.
type Delivered struct {
	Sent    int // new messages and updates that arrived
	Found   int // of them, those that had arrived before and were found
	Refused int // surely not delivered, to be tried again
	Unknown int // perhaps delivered
	Dead    int // given up
	Lost    int // finished by somebody else, who took over
}

func (d *Delivered) add(o Delivered) {
	d.Sent += o.Sent
	d.Found += o.Found
	d.Refused += o.Refused
	d.Unknown += o.Unknown
	d.Dead += o.Dead
	d.Lost += o.Lost
}

func (d *Delivered) any() bool { return *d != Delivered{} }

// Sweep brings every engagement that is due up to the instant, and then delivers
// what is in the outbox, until nothing is due any more. What fails of one
// engagement is logged, counted, and stops no other; the error is one of the
// store as a whole. Sweeping twice does nothing the second time.
func (s *Sweeper) Sweep(ctx context.Context, now time.Time) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r Report
	at := s.running(now)
	for range rounds {
		if err := s.plan(ctx, at, &r); err != nil {
			return r, err
		}
		delivered, err := s.deliver(ctx, at)
		r.add(delivered)
		if err != nil {
			return r, err
		}
		if !delivered.any() { // a dead one has made its engagement due
			break
		}
	}
	return r, nil
}

// plan sweeps all engagements that are due.
func (s *Sweeper) plan(ctx context.Context, at func() time.Time, r *Report) error {
	limit := 4 * s.Parallel
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := at()
		// What fails stays ours, and comes again when the lease has run out.
		ids, err := s.Store.ClaimSweeps(ctx, s.Owner, now, now.Add(s.Lease), limit)
		if err != nil {
			return fmt.Errorf("claiming sweeps: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		var mu sync.Mutex
		each(s.Parallel, ids, func(id string) {
			posted, conflicts, err := s.sweepOne(context.WithoutCancel(ctx), id, now)
			mu.Lock()
			defer mu.Unlock()
			r.Planned++
			r.Posted += posted
			r.Conflicts += conflicts
			switch {
			case errors.Is(err, errBusy):
				s.Log.WarnContext(ctx, "an engagement is swept a little later", "engagement", id, "error", err)
			case err != nil:
				r.Failed++
				s.Log.ErrorContext(ctx, "an engagement could not be swept", "engagement", id, "error", err)
			}
		})
	}
}

// running is the instant from which it is called on: it stands still without a
// Clock, and goes on with one, so that a lease taken at the end of a long sweep
// is as long as one taken at its beginning.
func (s *Sweeper) running(now time.Time) func() time.Time {
	if s.Clock == nil {
		return func() time.Time { return now }
	}
	begin := s.Clock()
	return func() time.Time { return now.Add(max(0, s.Clock().Sub(begin))) }
}

// sweepOne reads one engagement, plans, and applies the plan; anew where
// something happened meanwhile.
func (s *Sweeper) sweepOne(ctx context.Context, id string, now time.Time) (posted, conflicts int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a plan panicked: %v\n%s", p, debug.Stack())
		}
	}()
	var cause error
	for range attempts {
		in, err := s.load(ctx, id, now)
		if err != nil {
			return 0, conflicts, err
		}
		change := Plan(*in)
		err = s.Store.ApplySweep(ctx, id, s.Owner, change, now)
		if err == nil {
			return len(change.Posts), conflicts, nil
		}
		if store.ErrorCode(err) != store.CodeConflict {
			return 0, conflicts, err
		}
		conflicts++
		s.cache.drop(id)
		cause = err
	}
	return 0, conflicts, fmt.Errorf("%w: %w", errBusy, cause)
}

// each runs do for every one, at most n at once, and waits for all.
func each[T any](n int, list []T, do func(T)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, n)
	for _, v := range list {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(v)
		})
	}
	wg.Wait()
}
