package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// The patience between two attempts: it grows fourfold from the first to the
// longest, so that eight attempts outlast an outage of hours.
const (
	firstPause   = 15 * time.Second
	longestPause = 6 * time.Hour
	shortest     = time.Second
)

// Deliver sends what is due in the outbox at the instant, until nothing is.
// The error is one of the store.
func (s *Sweeper) Deliver(ctx context.Context, now time.Time) (Delivered, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deliver(ctx, s.running(now))
}

func (s *Sweeper) deliver(ctx context.Context, at func() time.Time) (Delivered, error) {
	var total Delivered
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		now := at()
		// No more than are sent at once, so that none waits with its lease running.
		list, err := s.Store.ClaimDeliveries(ctx, s.Owner, now, now.Add(s.Lease), s.Parallel)
		if err != nil {
			return total, fmt.Errorf("claiming deliveries: %w", err)
		}
		if len(list) == 0 {
			return total, nil
		}
		var mu sync.Mutex
		var errs []error
		each(s.Parallel, list, func(d store.Delivery) {
			// What was begun is finished, also while Tandem stops.
			one, err := s.deliverOne(context.WithoutCancel(ctx), &d, at)
			mu.Lock()
			defer mu.Unlock()
			total.add(one)
			errs = append(errs, err)
		})
		if err := errors.Join(errs...); err != nil {
			return total, err
		}
	}
}

// deliverOne makes one attempt and keeps how it ended.
func (s *Sweeper) deliverOne(ctx context.Context, d *store.Delivery, at func() time.Time) (Delivered, error) {
	o, found := s.attempt(ctx, d, at())
	if o.Kind != store.OutcomeSent {
		s.Log.WarnContext(ctx, "a message was not delivered", "engagement", d.Engagement, "post", d.Post,
			"platform", d.To.Platform, "attempt", d.Attempt, "outcome", o.Kind, "reason", o.Reason)
	}
	if err := s.Store.FinishDelivery(ctx, *d, o, at()); store.ErrorCode(err) == store.CodeConflict {
		return Delivered{Lost: 1}, nil // somebody else finishes it
	} else if err != nil {
		return Delivered{}, fmt.Errorf("finishing a delivery: %w", err)
	}
	switch o.Kind {
	case store.OutcomeSent:
		if found {
			return Delivered{Sent: 1, Found: 1}, nil
		}
		return Delivered{Sent: 1}, nil
	case store.OutcomeRefused:
		return Delivered{Refused: 1}, nil
	case store.OutcomeUnknown:
		return Delivered{Unknown: 1}, nil
	default:
		return Delivered{Dead: 1}, nil
	}
}

// attempt brings a delivery to its platform. One that may have arrived before is
// looked for first, where the platform can; where it can't, the repeat says so.
func (s *Sweeper) attempt(ctx context.Context, d *store.Delivery, now time.Time) (o store.Outcome, found bool) {
	ctx, cancel := context.WithTimeout(ctx, s.Lease/3)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(ctx, "a platform panicked", "platform", d.To.Platform, "panic", p, "stack", string(debug.Stack()))
			o, found = s.outcome(d, "", errors.New("the platform's adapter panicked"), now), false
		}
	}()
	platform := s.platforms[d.To.Platform]
	if platform == nil {
		return s.outcome(d, "", &bot.SendError{Reason: d.To.Platform + " is not running"}, now), false
	}
	post := bot.Post{
		To: bot.Address{
			Platform: d.To.Platform, Tenant: d.To.Tenant, Channel: d.To.Channel, User: d.To.User, Thread: d.Thread,
		},
		Key: d.Key(), Update: d.Update,
	}
	if err := json.Unmarshal(d.Card, &post.Card); err != nil {
		return store.Outcome{Kind: store.OutcomeDead, Reason: "its card can't be read: " + err.Error()}, false
	}
	if d.Unknown && d.Update == "" {
		finder, can := platform.(bot.Finder)
		if !can {
			post.Card.Add(card.Note("This may be a repeat: whether the first one arrived could not be found out."))
			id, err := platform.Send(ctx, post)
			return s.outcome(d, id, err, now), false
		}
		id, there, err := finder.Find(ctx, post)
		if err != nil {
			// Not found is not known either: nothing is sent.
			return s.outcome(d, "", fmt.Errorf("looking for it: %w", err), now), false
		}
		if there && d.Revision <= 1 {
			return store.Outcome{Kind: store.OutcomeSent, Message: id}, true
		}
		if there { // it may stand there with an older card
			post.Update, found = id, true
		}
	}
	id, err := platform.Send(ctx, post)
	if id == "" {
		id = post.Update
	}
	return s.outcome(d, id, err, now), found
}

// outcome is how an attempt ended, by what the platform returned.
func (s *Sweeper) outcome(d *store.Delivery, id string, err error, now time.Time) store.Outcome {
	if err == nil && id != "" {
		return store.Outcome{Kind: store.OutcomeSent, Message: id}
	}
	next := now.Add(s.pause(d.Attempt))
	if err == nil {
		return store.Outcome{Kind: store.OutcomeUnknown, Reason: "the platform gave no id", Next: next}
	}
	refused, ok := errors.AsType[*bot.SendError](err)
	switch {
	case !ok:
		return store.Outcome{Kind: store.OutcomeUnknown, Reason: reason(err), Next: next}
	case refused.Permanent:
		return store.Outcome{Kind: store.OutcomeDead, Reason: reason(refused)}
	}
	return store.Outcome{
		Kind: store.OutcomeRefused, Reason: reason(refused), Hold: refused.After > 0,
		Next: later(next, now.Add(refused.After)),
	}
}

func reason(err error) string {
	if text := card.Clean(err.Error()); text != "" {
		return text
	}
	return "no reason given"
}

// pause is how long to wait after an attempt: anything up to a bound that grows
// fourfold each time, so that what failed together does not come back together.
func (s *Sweeper) pause(attempt int) time.Duration {
	bound := math.Min(float64(longestPause), float64(firstPause)*math.Pow(4, float64(max(attempt, 1)-1)))
	s.dice.Lock() // what is injected need not be safe for concurrent use
	defer s.dice.Unlock()
	return max(shortest, time.Duration(bound*s.Rand()))
}
