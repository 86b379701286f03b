package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/clock"
)

// localTime is how a browser sends a date and a time.
const localTime = "2006-01-02T15:04"

// clockView is the clock on the page.
type clockView struct {
	instantView
	Fixed  bool // it can't be moved
	Moved  bool
	Offset string // tells one move from another
	Local  string // for the field that sets it
	Zone   string
	Moves  []Move
	Action string
	Nonce  string
}

func (w *Web) viewClock(s seat, e *Engagement) clockView {
	now := w.o.Clock.Now().In(e.zone())
	v := clockView{
		instantView: instantView{now.Format(time.RFC3339), now.Format("Mon 2 Jan 2006, 15:04 MST")},
		Fixed:       w.o.Clock.fixed, Moved: w.o.Clock.Moved(), Offset: w.o.Clock.setting(), Local: now.Format(localTime), Zone: now.Format("MST"),
		Action: s.URL("/clock"), Nonce: w.mint.nonce(s, origin{}),
	}
	if e.Moves != nil {
		v.Moves = e.Moves(now)
	} else {
		v.Moves = usualMoves(now)
	}
	for i := range v.Moves {
		v.Moves[i].To = v.Moves[i].To.In(e.zone())
	}
	return v
}

// usualMoves are the quick moves where nobody says the agreed hours.
func usualMoves(now time.Time) []Move {
	var out []Move
	y, m, d := now.Date()
	if evening := time.Date(y, m, d, 17, 31, 0, 0, now.Location()); now.Before(evening) {
		out = append(out, Move{"17:31 today", evening})
	}
	morning := time.Date(y, m, d, 8, 0, 0, 0, now.Location())
	for !morning.After(now) || morning.Weekday() == time.Saturday || morning.Weekday() == time.Sunday {
		morning = morning.AddDate(0, 0, 1)
	}
	return append(out, Move{morning.Format("Mon 2 Jan, 15:04"), morning})
}

// moveClock takes one of the clock's forms.
func (w *Web) moveClock(rw http.ResponseWriter, r *http.Request) {
	w.post(rw, r, func(ctx context.Context, s seat, p Person, f form) error {
		if w.spent.has(f.Nonce) {
			return nil
		}
		e, ok := w.engagement(ctx, s.Engagement)
		if !ok {
			return errForm
		}
		_, back := f.Clock["back"]
		to, err := w.readClock(f.Clock, e.zone())
		if err != nil && !back {
			return err
		}
		w.spent.add(f.Nonce)
		defer w.hub.tell("")
		w.o.Log.Info("the clock is moved", "by", s.User(), "name", p.Name, "to", to)
		if back {
			if err := w.o.Clock.Reset(ctx); err != nil {
				return err
			}
			w.moved(ctx)
			return nil
		}
		return w.walk(ctx, to)
	})
}

// patience is how long one move may take: a browser waits no longer.
const patience = 10 * time.Second

// walk moves the clock, with a stop wherever something falls due on the way.
// Where that takes too long the clock stays where it got to.
func (w *Web) walk(ctx context.Context, to time.Time) error {
	if err := w.o.Clock.reaches(to); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := clock.Walk(ctx, w.o.Clock.Now(), to, w.o.Stops, func(_ context.Context, now time.Time) error {
		// What is begun is brought to its end.
		if err := w.o.Clock.Set(context.WithoutCancel(ctx), now); err != nil {
			return err
		}
		w.moved(context.WithoutCancel(ctx))
		return nil
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // the page shows where it got to
	}
	return err
}

// moved tells who does what came due.
func (w *Web) moved(ctx context.Context) {
	if w.o.Moved != nil {
		w.o.Moved(ctx, w.o.Clock.Now())
	}
}

// readClock reads where the clock is to go; back has no such place.
func (w *Web) readClock(how map[string]string, zone *time.Location) (time.Time, error) {
	if by, ok := how["by"]; ok {
		d, err := time.ParseDuration(by)
		if err != nil {
			return time.Time{}, errForm
		}
		return w.o.Clock.Now().Add(d), nil
	}
	if to, ok := how["to"]; ok {
		t, err := time.Parse(time.RFC3339, to)
		if err != nil {
			return time.Time{}, errForm
		}
		return t, nil
	}
	if at, ok := how["at"]; ok {
		if len(at) > len(localTime) { // some browsers send seconds
			at = at[:len(localTime)]
		}
		t, err := time.ParseInLocation(localTime, strings.Replace(at, " ", "T", 1), zone)
		if err != nil {
			return time.Time{}, errForm
		}
		return t, nil
	}
	return time.Time{}, errForm
}
