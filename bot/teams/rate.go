package teams

import (
	"context"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot"
)

// Limit is how many messages a thread takes in a time.
type Limit struct {
	Count int
	In    time.Duration
}

// limits are what Teams lets a bot say in one thread.
var limits = []Limit{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}

// waitMost is how long a message waits for its turn in here; what would wait
// longer is told to come again.
const waitMost = 15 * time.Second

// threadsMost is how many threads are remembered before those at rest are forgotten.
const threadsMost = 1000

// pace gives each message of a thread its turn.
type pace struct {
	limits []Limit
	now    func() time.Time
	wait   func(ctx context.Context, d time.Duration) error

	mu      sync.Mutex
	threads map[string][]time.Time // turns that were given, oldest first
}

func newPace(l []Limit, now func() time.Time, wait func(context.Context, time.Duration) error) *pace {
	if l == nil {
		l = limits
	}
	return &pace{limits: l, now: now, wait: wait, threads: map[string][]time.Time{}}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn waits for the thread's next turn.
func (p *pace) turn(ctx context.Context, thread string) error {
	d, ok := p.reserve(thread)
	switch {
	case !ok:
		return &bot.SendError{Reason: "Teams takes only so many messages in a conversation", After: d}
	case d > 0:
		return p.wait(ctx, d)
	}
	return ctx.Err()
}

// reserve takes the next turn and says how far it is; false where that is too far.
func (p *pace) reserve(thread string) (time.Duration, bool) {
	if len(p.limits) == 0 {
		return 0, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	given := p.recent(p.threads[thread], now)
	at := now
	for _, l := range p.limits {
		if i := len(given) - l.Count; i >= 0 {
			if free := given[i].Add(l.In); free.After(at) {
				at = free
			}
		}
	}
	d := at.Sub(now)
	if d > waitMost {
		return d, false
	}
	if len(p.threads) >= threadsMost {
		for id, turns := range p.threads {
			if len(p.recent(turns, now)) == 0 {
				delete(p.threads, id)
			}
		}
	}
	p.threads[thread] = append(given, at)
	return d, true
}

// recent leaves out turns that no limit counts any more.
func (p *pace) recent(turns []time.Time, now time.Time) []time.Time {
	longest := p.limits[len(p.limits)-1].In
	for len(turns) > 0 && now.Sub(turns[0]) >= longest {
		turns = turns[1:]
	}
	return turns
}
