package clock

import (
	"context"
	"time"
)

// Stops returns the next instant at which anything falls due, seen from now;
// zero for none. What is overdue already counts as now.
type Stops func(ctx context.Context, now time.Time) (time.Time, error)

// Every is stops at regular distances.
func Every(d time.Duration) Stops {
	return func(_ context.Context, now time.Time) (time.Time, error) { return now.Add(d), nil }
}

// least is how far a walk goes from one stop to the next, where something
// remains due whatever is done about it.
const least = time.Second

// Walk goes from one instant to another and calls at wherever something falls
// due on the way, and at the end. It goes back, or without stops, in one step.
// It ends with the first error, or with that of the context, where it is.
func Walk(ctx context.Context, from, to time.Time, stops Stops, at func(ctx context.Context, now time.Time) error) error {
	for now := from; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := to
		if stops != nil && to.After(now) {
			stop, err := stops(ctx, now)
			if err != nil {
				return err
			}
			if soonest := now.Add(least); !stop.IsZero() && stop.Before(soonest) {
				stop = soonest
			}
			if !stop.IsZero() && stop.Before(to) {
				next = stop
			}
		}
		if err := at(ctx, next); err != nil {
			return err
		}
		if next.Equal(to) {
			return nil
		}
		now = next
	}
}
