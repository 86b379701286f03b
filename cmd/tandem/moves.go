package main

import (
	"time"

	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/rhythm"
)

// moves are the quick moves of a page's clock, by what the engagement agreed on:
// a minute after the business hours end, when they begin, and the next standup,
// or else whatever comes next.
func moves(e *store.Engagement) (func(now time.Time) []web.Move, error) {
	cal, err := calendar.New(e, nil)
	if err != nil {
		return nil, err
	}
	var standup, rest []*rhythm.Rhythm
	for i := range e.Cadences {
		r, err := rhythm.New(cal, &e.Cadences[i])
		if err != nil {
			return nil, err
		}
		if e.Cadences[i].Kind == store.KindStandup {
			standup = append(standup, r)
		} else {
			rest = append(rest, r)
		}
	}
	return func(now time.Time) []web.Move {
		out := hourMoves(cal, now)
		if m, ok := earliest(standup, now); ok {
			return append(out, m)
		}
		if m, ok := earliest(rest, now); ok {
			return append(out, m)
		}
		return out
	}, nil
}

// hourMoves go past the next two changes of the agreed hours.
func hourMoves(cal *calendar.Calendar, now time.Time) []web.Move {
	var out []web.Move
	for range 2 {
		h := cal.Hours(now)
		if h.Until.IsZero() {
			return out // around the clock, or never
		}
		m := web.Move{Label: "When it opens, ", To: h.Until}
		if h.Business {
			m = web.Move{Label: "After closing, ", To: h.Until.Add(time.Minute)}
		}
		m.Label += m.To.Format("Mon 15:04")
		out = append(out, m)
		now = m.To
	}
	return out
}

// earliest goes to what falls due first.
func earliest(all []*rhythm.Rhythm, now time.Time) (web.Move, bool) {
	var first rhythm.Due
	var name string
	for _, r := range all {
		if d, ok := r.Next(now); ok && (name == "" || d.Due.Before(first.Due)) {
			first, name = d, r.Cadence().Name
		}
	}
	return web.Move{Label: name + ", " + first.Due.Format("Mon 2 Jan 15:04"), To: first.Due}, name != ""
}
