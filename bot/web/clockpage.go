package web

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// localTime is how a browser sends a date and a time.
const localTime = "2006-01-02T15:04"

// clockView is the clock on the page.
type clockView struct {
	instantView
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
		Moved:       w.o.Clock.Moved(), Offset: w.o.Clock.setting(), Local: now.Format(localTime), Zone: now.Format("MST"),
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
		e, _ := w.engagement(s.Engagement)
		if err := w.setClock(ctx, f.Clock, e.zone()); err != nil {
			return err
		}
		w.spent.add(f.Nonce)
		now := w.o.Clock.Now()
		w.o.Log.Info("the clock was moved", "by", s.User(), "name", p.Name, "to", now)
		w.hub.tell("")
		if w.o.Moved != nil {
			w.o.Moved(ctx, now)
		}
		return nil
	})
}

func (w *Web) setClock(ctx context.Context, how map[string]string, zone *time.Location) error {
	if by, ok := how["by"]; ok {
		d, err := time.ParseDuration(by)
		if err != nil {
			return errForm
		}
		return w.o.Clock.Advance(ctx, d)
	}
	if to, ok := how["to"]; ok {
		t, err := time.Parse(time.RFC3339, to)
		if err != nil {
			return errForm
		}
		return w.o.Clock.Set(ctx, t)
	}
	if at, ok := how["at"]; ok {
		if len(at) > len(localTime) { // some browsers send seconds
			at = at[:len(localTime)]
		}
		t, err := time.ParseInLocation(localTime, strings.Replace(at, " ", "T", 1), zone)
		if err != nil {
			return errForm
		}
		return w.o.Clock.Set(ctx, t)
	}
	if _, ok := how["back"]; ok {
		return w.o.Clock.Reset(ctx)
	}
	return errForm
}
