package teams_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/teams"
)

// slow is an Inbox that is read no further until it may be.
type slow struct {
	*teams.Memory
	may chan struct{}
}

func (s slow) Pending(ctx context.Context, after int64) iter.Seq2[inbox.Delivery, error] {
	<-s.may
	return s.Memory.Pending(ctx, after)
}

// A press that comes while the Inbox is read, and so is found there, is answered
// with what came of it like any other, and at once.
func TestInvokeWhileTheInboxIsReadIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const stand = "http://127.0.0.1:56150"
		may := make(chan struct{})
		m := slow{&teams.Memory{}, may}
		a, err := teams.New(teams.Options{
			Handler: &voice{answer: func(bot.Event) bot.Reply { return bot.Reply{} }}, Inbox: m, References: m.Memory, Now: time.Now,
			AppID: "app", Tenant: "home", Emulator: stand, NoTokens: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := contextOf(t)
		ended := make(chan error)
		go func() { ended <- a.Run(ctx) }()
		synctest.Wait() // it reads

		body, err := json.Marshal(map[string]any{
			"type": "invoke", "name": "adaptiveCard/action", "id": "1", "serviceUrl": stand, "channelId": "msteams",
			"from": map[string]any{"id": "29:maria"}, "conversation": map[string]any{"id": "a:1", "tenantId": "another", "conversationType": "personal"},
			"value": map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": "say", "data": map[string]any{"say": "ack 1"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		pressed := time.Now()
		answered := make(chan string)
		go func() {
			r := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(string(body)))
			r.RemoteAddr = "127.0.0.1:5"
			rec := httptest.NewRecorder()
			a.ServeHTTP(rec, r)
			answered <- rec.Body.String()
		}()
		synctest.Wait() // it is kept, and waits for its answer
		close(may)
		if got := <-answered; !strings.Contains(got, "Done.") || time.Since(pressed) > 0 {
			t.Errorf("after %v it is answered %s", time.Since(pressed), got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// stuck is an Inbox with a message that another process had first, and that can't
// be put away.
type stuck struct{ *teams.Memory }

func (s stuck) Pending(ctx context.Context, after int64) iter.Seq2[inbox.Delivery, error] {
	return func(yield func(inbox.Delivery, error) bool) {
		for d, err := range s.Memory.Pending(ctx, after) {
			d.Again = true
			if !yield(d, err) {
				return
			}
		}
	}
}

func (stuck) Done(context.Context, string) error { return errors.New("the disk is full") }

// What can't be put away is found in the Inbox again and again, and answered once.
func TestWhatCannotBePutAwayIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &voice{answer: func(bot.Event) bot.Reply { return bot.Reply{} }}
		m := stuck{&teams.Memory{}}
		a, err := teams.New(teams.Options{
			Handler: v, Inbox: m, References: m.Memory, Now: time.Now, AppID: "app", Tenant: "home", Emulator: "http://127.0.0.1:56150", NoTokens: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		const body = `{"type":"message","id":"1","text":"ack 1","from":{"id":"29:maria"},"conversation":{"id":"a:1","tenantId":"another","conversationType":"personal"}}`
		if _, err := m.Accept(t.Context(), "kept", []byte(body), start); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := a.Run(ctx); err != nil {
			t.Error(err)
		}
		if n := len(v.heard()); n != 1 {
			t.Errorf("it was answered %d times", n)
		}
	})
}

// forgetful are references that can't be kept.
type forgetful struct{ *teams.Memory }

func (forgetful) Keep(context.Context, teams.Reference) (bool, error) {
	return false, errors.New("the store is busy")
}

// A conversation that can't be remembered just now is answered all the same.
func TestAConversationThatCannotBeKeptIsAnswered(t *testing.T) {
	v := &voice{answer: func(bot.Event) bot.Reply { return bot.Reply{} }}
	m := &teams.Memory{}
	a, err := teams.New(teams.Options{
		Handler: v, Inbox: m, References: forgetful{m}, Now: time.Now, AppID: "app", Tenant: "home", Emulator: "http://127.0.0.1:56150", NoTokens: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextOf(t)
	ended := make(chan error)
	go func() { ended <- a.Run(ctx) }()
	const body = `{"type":"message","id":"1","text":"ack 1","serviceUrl":"http://127.0.0.1:56150","channelId":"msteams",` +
		`"from":{"id":"29:maria"},"conversation":{"id":"a:1","tenantId":"another","conversationType":"personal"}}`
	r := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:5"
	rec := httptest.NewRecorder()
	a.ServeHTTP(rec, r)
	if err := a.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if heard := v.heard(); rec.Code != http.StatusOK || len(heard) != 1 || heard[0].Text != "ack 1" {
		t.Errorf("it is answered %d, and %+v was heard", rec.Code, heard)
	}
}

// patience is a handler that answers when it can't wait any longer.
type patience struct{}

func (patience) Handle(ctx context.Context, _ bot.Event) (bot.Reply, bool) {
	<-ctx.Done()
	return bot.Say(card.Paragraph("hello")), true
}

// What is cut off when Tandem stops is left in the Inbox for who comes next.
func TestWhatIsCutOffIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &teams.Memory{}
		a, err := teams.New(teams.Options{
			Handler: patience{}, Inbox: m, References: m, Now: time.Now, AppID: "app", Tenant: "home", Emulator: "http://127.0.0.1:56150", NoTokens: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		const body = `{"type":"message","id":"1","text":"ack 1","from":{"id":"29:maria"},"conversation":{"id":"a:1","tenantId":"another","conversationType":"personal"}}`
		if _, err := m.Accept(t.Context(), "kept", []byte(body), start); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := contextOf(t)
		ended := make(chan error)
		go func() { ended <- a.Run(ctx) }()
		synctest.Wait() // it is at it
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		left := 0
		for _, err := range m.Pending(t.Context(), 0) {
			if left++; err != nil {
				t.Error(err)
			}
		}
		if left != 1 {
			t.Errorf("%d are left", left)
		}
	})
}
