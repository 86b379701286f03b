// Package clock is a clock that people can move: the demo's, the terminal
// chat's and the stories'. Whatever falls due on the way is done on the way.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock shows a base clock's time, moved by as much as people moved it. It is
// safe for concurrent use.
type Clock struct {
	base  func() time.Time
	due   func(ctx context.Context, now time.Time) error
	stops Stops

	moving sync.Mutex // one move at a time
	mu     sync.Mutex
	moved  time.Duration
}

// New returns a clock that begins with base's time. After each move, due does
// what has fallen due; nil has nothing to do. A move forward makes its stops, as
// if Tandem had been running all the while; with no stops it is a single jump,
// as if Tandem had been down.
func New(base func() time.Time, stops Stops, due func(ctx context.Context, now time.Time) error) *Clock {
	if due == nil {
		due = func(context.Context, time.Time) error { return nil }
	}
	return &Clock{base: base, due: due, stops: stops}
}

// At returns a clock that stands still unless it is moved.
func At(at time.Time, stops Stops, due func(ctx context.Context, now time.Time) error) *Clock {
	return New(func() time.Time { return at }, stops, due)
}

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base().Add(c.moved)
}

// Move sets the clock and does what falls due until then. Where that fails the
// clock stays where it failed.
func (c *Clock) Move(ctx context.Context, to time.Time) error {
	c.moving.Lock()
	defer c.moving.Unlock()
	return Walk(ctx, c.Now(), to, c.stops, func(ctx context.Context, now time.Time) error {
		c.set(now)
		return c.due(ctx, now)
	})
}

func (c *Clock) set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved = to.Sub(c.base())
}
