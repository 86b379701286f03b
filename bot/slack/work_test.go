package slack

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/store"
)

// stuck is an inbox that can put nothing away while it is.
type stuck struct {
	inbox.Memory
	is atomic.Bool
}

func (s *stuck) Done(ctx context.Context, id string) error {
	if s.is.Load() {
		return errors.New("the store is busy")
	}
	return s.Memory.Done(ctx, id)
}

// What could not be put away is found in the inbox again and again. It is put
// away then, and not worked on.
func TestWhatCouldNotBePutAwayIsNotDoneAgain(t *testing.T) {
	w, kept := &world{user: "UBOT"}, &stuck{}
	kept.is.Store(true)
	api := httptest.NewServer(w)
	defer api.Close()
	s, _ := receiver(t, func(o *Options) { o.Installations, o.Inbox, o.API = w, kept, api.URL+"/" })
	raw := []byte(`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"member_joined_channel","user":"UBOT","channel":"C1"}}`)
	if got := status(s, signed("application/json", raw, time.Now())); got != http.StatusOK {
		t.Fatal(got)
	}
	said := func(left int) {
		t.Helper()
		if err := s.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		pending := pending(t, kept)
		if all := w.all(); pending != left || len(all) != 1 || all[0] != "calls chat.postMessage of C1" {
			t.Fatalf("it does %q; %d are left", all, pending)
		}
	}
	said(1)
	for range 3 {
		if err := s.queue.Refill(s.refill); err != nil {
			t.Fatal(err)
		}
		said(1)
	}
	kept.is.Store(false)
	if err := s.queue.Refill(s.refill); err != nil {
		t.Fatal(err)
	}
	said(0)
	// The queue may have been quicker to find it than accept was to hand it over.
	s.queue.Put(parse(kindEvent, raw))
	said(0)
}

// installations has one of T1, or an error in its place.
type installations struct {
	mu  sync.Mutex
	err error
}

func (i *installations) Installation(context.Context, string, string) (Installation, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return Installation{Team: "T1", Token: "xoxb-1", BotUser: "UBOT"}, i.err
}

func (i *installations) fail(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.err = err
}

// While Slack or the store can't be asked whose token it is, what came in waits,
// since nothing was done for it yet, and not for ever.
func TestADeliveryWaitsForItsInstallation(t *testing.T) {
	broken := errors.New("no route to slack.com")
	for name, k := range map[string]struct {
		err    error
		passes time.Duration // until it is looked at again
		then   error
		left   int // after the first look
		heard  int // in the end
	}{
		"it can be asked again":     {broken, time.Minute, nil, 1, 1},
		"Slack asked to wait":       {&bot.SendError{Reason: "wait", After: time.Second}, time.Minute, nil, 1, 1},
		"it can't be asked":         {broken, tryFor, broken, 1, 0},
		"there is none":             {store.Errorf(store.CodeNotFound, "none"), time.Minute, nil, 0, 0},
		"Slack refuses what it has": {&bot.SendError{Reason: "revoked", Permanent: true}, time.Minute, nil, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in, kept := &installations{err: k.err}, &inbox.Memory{}
			var passed atomic.Int64
			s, h := receiver(t, func(o *Options) {
				o.Installations, o.Inbox = in, kept
				o.Now = func() time.Time { return noon.Add(time.Duration(passed.Load())) }
			})
			look := func() int {
				t.Helper()
				if err := errors.Join(s.queue.Refill(s.refill), s.Idle(t.Context())); err != nil {
					t.Fatal(err)
				}
				return pending(t, kept)
			}
			if got := status(s, signed("application/json", mention("Ev1", "help"), time.Now())); got != http.StatusOK {
				t.Fatal(got)
			}
			if left := look(); left != k.left || len(h.all()) != 0 {
				t.Errorf("%d are left and %v was heard", left, h.all())
			}
			in.fail(k.then)
			passed.Store(int64(k.passes))
			if left := look(); left != 0 || len(h.all()) != k.heard {
				t.Errorf("in the end %d are left and %v was heard", left, h.all())
			}
		})
	}
}

// ending is a handler that Tandem has no time left for.
type ending struct{ stop func() }

func (e ending) Handle(context.Context, bot.Event) (bot.Reply, bool) {
	e.stop()
	return bot.Say(card.Paragraph("hello")), true
}

// What is cut off when Tandem stops is left in the inbox for who comes next.
func TestWhatIsCutOffIsLeft(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	kept := &inbox.Memory{}
	s, _ := receiver(t, func(o *Options) { o.Handler, o.Inbox = ending{stop}, kept })
	raw := mention("Ev1", "help")
	d := parse(kindEvent, raw)
	if _, err := kept.Accept(t.Context(), d.id, append([]byte{kindEvent}, raw...), noon); err != nil {
		t.Fatal(err)
	}
	s.work(ctx, d)
	if n := pending(t, kept); n != 1 {
		t.Errorf("%d are left", n)
	}
}
