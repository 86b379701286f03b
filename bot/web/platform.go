package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

var (
	_ bot.Platform = (*Web)(nil)
	_ bot.Finder   = (*Web)(nil)
)

// Faults make sending fail as real platforms do. Each is a probability.
type Faults struct {
	Rate429 float64       // refused; not to be tried again before After
	Rate500 float64       // an error that tells nothing, and nothing arrived
	Lost    float64       // an error that tells nothing, and the message arrived
	After   time.Duration // of Rate429
	Rand    func() float64
}

// errLost is an answer of which nobody knows what came before it.
var errLost = errors.New("web: the answer was lost")

// Name returns the platform's name.
func (w *Web) Name() string { return Platform }

// Send puts a message into a channel or a direct message, or a card into the
// message p.Update. To a channel and a user it is for that user's eyes alone.
// What is sent twice stands there twice; Find tells whether it is there.
func (w *Web) Send(ctx context.Context, p bot.Post) (string, error) {
	lost, err := w.o.Faults.strike()
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(p.Card)
	if err != nil {
		return "", &bot.SendError{Reason: err.Error(), Permanent: true}
	}
	m, err := w.address(ctx, p.To)
	if err != nil {
		return "", err
	}
	if p.Update != "" {
		m, err = w.sendUpdate(ctx, p.Update, data)
	} else {
		m.Card, m.Key, m.At = data, keyIn(m.Place, p.Key), w.o.Clock.Now()
		// Like Slack and Teams, it posts twice what it is sent twice: whoever sends
		// has to look first, and this is where that is tried.
		m, err = w.append(ctx, m)
	}
	switch code := store.ErrorCode(err); {
	case code == store.CodeNotFound, code == store.CodeInvalid: // the message or the thread isn't there
		return "", &bot.SendError{Reason: store.ErrorMessage(err), Permanent: true}
	case err != nil:
		return "", err
	case lost:
		return "", errLost
	}
	return strconv.FormatInt(m.ID, 10), nil
}

func (w *Web) sendUpdate(ctx context.Context, id string, data json.RawMessage) (store.WebMessage, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return store.WebMessage{}, &bot.SendError{Reason: fmt.Sprintf("there is no message %q", id), Permanent: true}
	}
	return w.update(ctx, n, data)
}

// address returns a message that stands where a post is to go.
func (w *Web) address(ctx context.Context, to bot.Address) (store.WebMessage, error) {
	var m store.WebMessage
	if to.Channel == "" && to.User == "" {
		return m, &bot.SendError{Reason: "the post has no address", Permanent: true}
	}
	if to.User != "" {
		id, who, _ := strings.Cut(to.User, "/")
		e, ok := w.engagement(ctx, id)
		if ok {
			_, ok = e.person(who)
		}
		if !ok {
			return m, &bot.SendError{Reason: "there is nobody " + to.User, Permanent: true}
		}
		m.Place = directPlace(to.User)
	}
	if to.Channel != "" {
		id, channel, _ := strings.Cut(to.Channel, "/")
		if e, ok := w.engagement(ctx, id); !ok || !slices.Contains(e.Channels, channel) {
			return m, &bot.SendError{Reason: "there is no channel " + to.Channel, Permanent: true}
		}
		m.Place, m.For = to.Channel, to.User
	}
	if to.Thread != "" {
		n, err := strconv.ParseInt(to.Thread, 10, 64)
		if err != nil {
			return m, &bot.SendError{Reason: fmt.Sprintf("there is no message %q", to.Thread), Permanent: true}
		}
		m.Thread = n
	}
	return m, nil
}

// Find looks for a post by its key, in the place that it is addressed to.
func (w *Web) Find(ctx context.Context, p bot.Post) (string, bool, error) {
	if p.Key == "" {
		return "", false, nil
	}
	at, err := w.address(ctx, p.To)
	if err != nil {
		return "", false, nil //nolint:nilerr // where nothing can stand, nothing is found
	}
	m, found, err := w.o.Transcript.WebMessageByKey(ctx, keyIn(at.Place, p.Key))
	if err != nil || !found {
		return "", false, err
	}
	return strconv.FormatInt(m.ID, 10), true, nil
}

// keyIn is a post's key as the transcript keeps it. The same post may go to
// several people, and the transcript knows keys of every place.
func keyIn(place, key string) string {
	if key == "" {
		return ""
	}
	return key + " in " + place
}

// strike decides what goes wrong with one sending.
func (f *Faults) strike() (lost bool, err error) {
	if f == nil || f.Rand == nil {
		return false, nil
	}
	switch x := f.Rand(); {
	case x < f.Rate429:
		return false, &bot.SendError{Reason: "too many messages", After: f.After}
	case x < f.Rate429+f.Rate500:
		return false, errors.New("web: status 500")
	default:
		return x < f.Rate429+f.Rate500+f.Lost, nil
	}
}
