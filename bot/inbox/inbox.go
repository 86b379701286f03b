// Package inbox keeps what a platform delivered until it was worked on, so that
// the answer to the platform can be given first and be true.
package inbox

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"
	"time"
)

// Inbox keeps what came in until it was worked on, also over a crash.
type Inbox interface {
	// Accept keeps a delivery and reports whether it is new: true exactly once
	// for an id. It returns when the delivery is safe. Ids are to be remembered
	// for 25 hours, whether done or not: platforms repeat for a day.
	Accept(ctx context.Context, id string, payload []byte, at time.Time) (fresh bool, err error)
	// Pending gives what was accepted and is not done, in the order of Seq and behind
	// the given one; an error ends it. Where several processes share an Inbox, it
	// leaves out what another is at.
	Pending(ctx context.Context, after int64) iter.Seq2[Delivery, error]
	// Take makes this process's what another that has ended was at, and reports
	// whether there was any. It is called every few seconds, also to show that this
	// process has not ended.
	Take(ctx context.Context) (some bool, err error)
	// Done says that a delivery was worked on. Its payload may be forgotten.
	Done(ctx context.Context, id string) error
}

// Delivery is something that came in.
type Delivery struct {
	// Seq is its place in the Inbox, from 1. What is accepted later has a higher one.
	Seq     int64
	ID      string
	Payload []byte
	At      time.Time
	// Again says that a process which has ended was at it, so that nobody knows how
	// far it came.
	Again bool
}

// Memory is an Inbox that ends with the process: for tests and for trying out.
type Memory struct {
	mu   sync.Mutex
	kept map[string]*Delivery // nil once done
	seq  int64
}

// Accept keeps a delivery.
func (m *Memory) Accept(ctx context.Context, id string, payload []byte, at time.Time) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.kept[id]; known {
		return false, nil
	}
	if m.kept == nil {
		m.kept = map[string]*Delivery{}
	}
	m.seq++
	m.kept[id] = &Delivery{Seq: m.seq, ID: id, Payload: slices.Clone(payload), At: at}
	return true, nil
}

// Pending gives what is not done.
func (m *Memory) Pending(_ context.Context, after int64) iter.Seq2[Delivery, error] {
	return func(yield func(Delivery, error) bool) {
		for _, d := range m.waiting(after) {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func (m *Memory) waiting(after int64) []Delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Delivery
	for _, d := range m.kept {
		if d != nil && d.Seq > after {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(a, b Delivery) int { return cmp.Compare(a.Seq, b.Seq) })
	return out
}

// Take finds nothing: no other process has this memory.
func (m *Memory) Take(context.Context) (bool, error) { return false, nil }

// Done forgets the payload.
func (m *Memory) Done(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept[id] != nil {
		m.kept[id] = nil
	}
	return nil
}

// Accepted returns how many deliveries were ever kept.
func (m *Memory) Accepted() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.kept)
}
