package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

// say takes what was typed: it is kept, and what Tandem says to it as well.
func (w *Web) say(rw http.ResponseWriter, r *http.Request) {
	w.post(rw, r, func(ctx context.Context, s seat, p Person, f form) error {
		if f.Text == "" {
			return nil
		}
		at := w.o.Clock.Now()
		m := store.WebMessage{
			Place: s.Place(), Thread: f.On.ID, Author: s.User(), Name: p.Name, Text: f.Text, Key: "said:" + f.Nonce, At: at,
		}
		if err := w.appendOnce(ctx, m); err != nil {
			return err
		}
		text, mentioned := forTandem(f.Text)
		if f.Quiet && s.Channel != "" && !mentioned {
			return nil
		}
		e := bot.Event{Name: p.Name, Text: text, At: at}
		if f.On.ID != 0 {
			e.Thread = strconv.FormatInt(f.On.ID, 10)
		}
		return w.handle(ctx, s, f, e)
	})
}

// press takes a button or a form of a card.
func (w *Web) press(rw http.ResponseWriter, r *http.Request) {
	w.post(rw, r, func(ctx context.Context, s seat, p Person, f form) error {
		if f.Say == "" {
			return errForm
		}
		return w.handle(ctx, s, f, bot.Event{
			Name: p.Name, Say: f.Say, Values: f.Values, Message: strconv.FormatInt(f.On.ID, 10), At: w.o.Clock.Now(),
		})
	})
}

// post is what all forms have in common: who sends it, that it is one of ours,
// that of two sendings one has an effect, and what the browser gets back.
func (w *Web) post(rw http.ResponseWriter, r *http.Request, do func(context.Context, seat, Person, form) error) {
	s, _, p, ok := w.seatOf(r.Context(), r.URL.Query())
	if !ok {
		w.refuse(rw, r, http.StatusNotFound, noSeat)
		return
	}
	f, err := decodeForm(r)
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // it holds no files
	}
	switch {
	case errors.Is(err, errTooLong):
		w.refuse(rw, r, http.StatusRequestEntityTooLarge, "Nothing was sent: "+err.Error()+".")
		return
	case err != nil:
		w.refuse(rw, r, http.StatusBadRequest, "Nothing was done: "+err.Error()+".")
		return
	case !w.mint.valid(f.Nonce, s, f.On):
		w.refuse(rw, r, http.StatusForbidden, "Nothing was done: this form isn't from this page. Load the page anew and try again.")
		return
	}
	defer w.locks.lock(f.Nonce)()
	// What was begun is carried to its end, also when the browser has gone.
	err = do(context.WithoutCancel(r.Context()), s, p, f)
	var bad *timeError
	switch {
	case store.ErrorCode(err) == store.CodeNotFound:
		w.refuse(rw, r, http.StatusNotFound, "Nothing was done: "+store.ErrorMessage(err))
	case errors.As(err, &bad) || errors.Is(err, errForm):
		w.refuse(rw, r, http.StatusBadRequest, "Nothing was done: "+err.Error()+".")
	case err != nil:
		w.o.Log.Error("a form of the web page", "user", s.User(), "id", f.Nonce, "error", err)
		w.refuse(rw, r, http.StatusServiceUnavailable, "Tandem could not keep this. Send it again; what was kept already isn't kept twice.")
	case wantsJSON(r):
		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(map[string]string{"nonce": w.mint.nonce(s, f.On)})
	default:
		to := s.URL("/chat")
		if f.Text != "" { // the composer stays in its thread
			to = s.threadURL(f.On.ID)
		}
		http.Redirect(rw, r, to, http.StatusSeeOther)
	}
}

// handle asks for the reply to an event and keeps it.
func (w *Web) handle(ctx context.Context, s seat, f form, e bot.Event) error {
	e.Platform, e.ID, e.Channel, e.User = Platform, f.Nonce, s.Address(), s.User()
	reply, fresh := w.o.Handler.Handle(ctx, e)
	if !fresh || reply.Card.IsZero() {
		return nil
	}
	data, err := json.Marshal(reply.Card)
	if err != nil {
		return err
	}
	// A private reply stays out of a message that all can see, and the other way round.
	if reply.Replace && e.Message != "" && (s.Channel == "" || reply.Private == f.On.Private) {
		_, err := w.update(ctx, f.On.ID, data)
		return err
	}
	m := store.WebMessage{Place: s.Place(), Thread: f.On.ID, Card: data, Key: "reply:" + f.Nonce, At: w.o.Clock.Now()}
	if reply.Private && s.Channel != "" {
		m.For = s.User()
	}
	return w.appendOnce(ctx, m)
}

// appendOnce keeps what a browser sent, unless it sent it before.
func (w *Web) appendOnce(ctx context.Context, m store.WebMessage) error {
	if m.Key != "" {
		defer w.locks.lock("key " + m.Key)()
		if _, found, err := w.o.Transcript.WebMessageByKey(ctx, m.Key); err != nil || found {
			return err
		}
	}
	_, err := w.append(ctx, m)
	return err
}

// append keeps a message, and tells the live pages.
func (w *Web) append(ctx context.Context, m store.WebMessage) (store.WebMessage, error) {
	m, err := w.o.Transcript.AppendWebMessage(ctx, m)
	if err == nil {
		w.hub.tell(m.Place)
	}
	return m, err
}

// update puts a card into a message, and tells the live pages.
func (w *Web) update(ctx context.Context, id int64, data json.RawMessage) (store.WebMessage, error) {
	m, err := w.o.Transcript.UpdateWebMessage(ctx, id, data, w.o.Clock.Now())
	if err == nil {
		w.hub.tell(m.Place)
	}
	return m, err
}
