package web

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// offsetSetting is the name under which the clock's offset is kept.
const offsetSetting = "clock.offset"

// The clock can't be moved out of the years that calendars are sure of.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Clock is a clock that can be moved and runs on from there. Where it was moved
// to is kept, so that a restart doesn't turn it back.
type Clock struct {
	real     func() time.Time
	settings Settings
	fixed    bool // it can't be moved

	mu     sync.Mutex
	offset time.Duration
}

// OpenClock makes a clock upon the real one, moved as it was when last open.
func OpenClock(ctx context.Context, settings Settings, real func() time.Time) (*Clock, error) {
	kept, err := settings.WebSetting(ctx, offsetSetting)
	if err != nil {
		return nil, fmt.Errorf("web: the clock: %w", err)
	}
	c := &Clock{real: real, settings: settings}
	if kept == "" {
		return c, nil
	}
	if c.offset, err = time.ParseDuration(kept); err != nil {
		return nil, fmt.Errorf("web: the clock: %w", err)
	}
	return c, nil
}

// RealTime is a clock that nobody can move: that of a chat in earnest.
func RealTime(real func() time.Time) *Clock { return &Clock{real: real, fixed: true} }

// Now returns the instant that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.real().Add(c.offset)
}

// Moved reports whether the clock shows another time than the real one.
func (c *Clock) Moved() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset != 0
}

// Advance moves the clock on.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.move(ctx, c.offset+d)
}

// Set moves the clock to an instant.
func (c *Clock) Set(ctx context.Context, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.move(ctx, t.Sub(c.real()))
}

// Reset moves the clock back to real time.
func (c *Clock) Reset(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.move(ctx, 0)
}

var errFixed = errors.New("web: the clock shows real time and can't be moved")

// timeError says that the clock can't go there.
type timeError struct{ to time.Time }

func (e *timeError) Error() string {
	return fmt.Sprintf("the clock stays between %d and %d", earliest.Year(), latest.Year())
}

// reaches reports whether the clock can be moved to an instant.
func (c *Clock) reaches(to time.Time) error {
	if to.Before(earliest) || to.After(latest) {
		return &timeError{to}
	}
	return nil
}

// move keeps the offset first, so that nobody sees a time that is lost again.
func (c *Clock) move(ctx context.Context, offset time.Duration) error {
	if c.fixed {
		return errFixed
	}
	if to := c.real().Add(offset); offset != 0 && (to.Before(earliest) || to.After(latest)) {
		return &timeError{to}
	}
	if err := c.settings.SetWebSetting(ctx, offsetSetting, offset.String()); err != nil {
		return err
	}
	c.offset = offset
	return nil
}

// setting returns the offset as it is kept, which tells one move from another.
func (c *Clock) setting() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset.String()
}
