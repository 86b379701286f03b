package slack

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/inbox"
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
