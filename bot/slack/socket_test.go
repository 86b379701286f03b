package slack_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

// gated is an inbox at whose door a test stands.
type gated struct {
	inbox.Memory
	door atomic.Pointer[func() error]
}

func (g *gated) Accept(ctx context.Context, id string, payload []byte, at time.Time) (bool, error) {
	if door := g.door.Load(); door != nil {
		if err := (*door)(); err != nil {
			return false, err
		}
	}
	return g.Memory.Accept(ctx, id, payload, at)
}

// once lets a test act at the next delivery alone.
func (g *gated) once(act func() error) {
	var did atomic.Bool
	door := func() error {
		if did.Swap(true) {
			return nil
		}
		return act()
	}
	g.door.Store(&door)
}

// socketStage is a stage by Socket Mode; opening tells of each connection that
// the adapter asks for.
func socketStage(t *testing.T, deadline time.Duration, change func(o *staged)) (st *stage, kept *gated, opening chan struct{}) {
	t.Helper()
	kept, opening = &gated{}, make(chan struct{}, 100)
	st = newStage(t, func(o *staged) {
		o.stand.App.SocketMode, o.stand.Deadline = true, deadline
		o.stand.Faults = func(method string) slacktest.Fault {
			if method == "apps.connections.open" {
				opening <- struct{}{}
			}
			return slacktest.Nothing
		}
		o.slack.Inbox = kept
		if change != nil {
			change(o)
		}
	})
	<-opening
	return st, kept, opening
}

// comes waits until a delivery that may have met no connection, or one that was
// about to end, has come through in one of Slack's repeats.
func (st *stage) comes(_ *slacktest.Delivery, err error) {
	st.t.Helper()
	if err != nil {
		st.t.Fatal(err)
	}
	for range 3 {
		if st.Waiting() == 0 {
			break
		}
		st.connected(1)
		st.pass(5 * time.Minute)
		st.Due(st.t.Context())
	}
	if n := st.Waiting(); n > 0 {
		st.t.Fatalf("%d deliveries never came through", n)
	}
	st.idle()
}

// heardOnce fails where not each text was heard, once, in this order.
func (st *stage) heardOnce(texts ...string) {
	st.t.Helper()
	var got []string
	for _, e := range st.talker.took() {
		got = append(got, e.Text+e.Say)
	}
	if !slices.Equal(got, texts) {
		st.t.Fatalf("heard is %q, want %q", got, texts)
	}
}

func TestSocketModeOutlivesItsConnections(t *testing.T) {
	st, _, opening := socketStage(t, 0, nil)
	room := slacktest.In{Channel: st.room.ID()}
	for i, reason := range []string{"warning", "refresh_requested", "warning", "refresh_requested"} {
		if err := st.Disconnect(reason); err != nil {
			t.Fatal(err)
		}
		<-opening // it asks for another at once
		st.comes(st.maria.Mention(t.Context(), room, fmt.Sprintf("number %d", i)))
		st.heardOnce(fmt.Sprintf("number %d", i))
		st.connected(1)
		st.done(st.maria.Slash(t.Context(), room, "/tandem", reason))
		st.heardOnce(reason)
	}
	// Socket Mode is switched off for a while.
	st.Configure(func(a *slacktest.App) { a.SocketMode = false })
	if err := st.Disconnect("link_disabled"); err != nil {
		t.Fatal(err)
	}
	<-opening
	<-opening // it was refused, and asks again
	st.connected(0)
	st.Configure(func(a *slacktest.App) { a.SocketMode = true })
	st.connected(1)
	st.done(st.maria.Mention(t.Context(), room, "on again"))
	st.heardOnce("on again")
	st.last(st.maria, room.Channel, 9)
}

func TestAConnectionThatBreaksWithADeliveryInIt(t *testing.T) {
	for what, err := range map[string]error{"kept": nil, "not kept": errors.New("the disk is full")} {
		t.Run(what, func(t *testing.T) {
			st, kept, _ := socketStage(t, 0, nil)
			kept.once(func() error {
				st.Break() // at Slack's end, so the answer comes to nothing
				return err
			})
			st.comes(st.maria.Mention(t.Context(), slacktest.In{Channel: st.room.ID()}, "in the middle"))
			if first := st.Deliveries()[0]; first.OK() {
				t.Fatalf("the first attempt is %+v", first)
			}
			st.heardOnce("in the middle")
			st.last(st.maria, st.room.ID(), 1)
		})
	}
}

func TestWhatWasNotAnsweredComesAgain(t *testing.T) {
	st, kept, _ := socketStage(t, time.Second, nil)
	kept.once(func() error { return errors.New("the disk is full") })
	st.done(st.maria.Mention(t.Context(), slacktest.In{Channel: st.room.ID()}, "hello"))
	if all := st.Deliveries(); len(all) != 2 || all[0].Failed != "timeout" || !all[1].OK() {
		t.Errorf("the attempts are %+v", all)
	}
	st.heardOnce("hello")
	st.last(st.maria, st.room.ID(), 1)
}

func TestALateAnswerMeansARepeat(t *testing.T) {
	st, kept, _ := socketStage(t, time.Second, nil)
	open := make(chan struct{})
	kept.once(func() error { <-open; return nil })
	d, err := st.maria.Mention(t.Context(), slacktest.In{Channel: st.room.ID()}, "hello")
	if err != nil || d.OK() {
		t.Fatalf("%+v, %v", d, err)
	}
	close(open)
	st.comes(d, nil)
	if n := len(st.Deliveries()); n < 3 {
		t.Errorf("it was delivered %d times", n)
	}
	st.heardOnce("hello")
	st.last(st.maria, st.room.ID(), 1)
}

// What people do is repeated as well, where Slack believes that it was lost.
func TestARepeatedPressBySocketModeHasOneEffect(t *testing.T) {
	st, _, _ := socketStage(t, 0, func(o *staged) { o.answer = answers })
	in := slacktest.In{Channel: st.room.ID()}
	st.done(st.maria.Mention(t.Context(), in, "hello"))
	st.done(st.maria.Press(t.Context(), in, st.last(st.maria, in.Channel, 1).TS, "Public"))
	for range 5 {
		st.done(st.Replay(t.Context()))
	}
	st.last(st.maria, in.Channel, 2)
	st.heardOnce("hello", "public")
}

// While the inbox stands still more comes in than the SDK has room for, and then
// the connection breaks: the adapter must not wait for a connection that waits
// for the adapter.
func TestAFullConnectionThatBreaksIsReplaced(t *testing.T) {
	st, kept, _ := socketStage(t, 500*time.Millisecond, func(o *staged) {
		o.stand.Retries = []time.Duration{} // each comes once
		o.answer = func(bot.Event) bot.Reply { return bot.Reply{} }
	})
	open := make(chan struct{})
	door := func() error { <-open; return nil }
	kept.door.Store(&door)
	var wg sync.WaitGroup
	for i := range 120 {
		wg.Go(func() {
			if _, err := st.maria.Mention(t.Context(), slacktest.In{Channel: st.room.ID()}, fmt.Sprintf("number %d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	st.Break()
	st.connected(0)
	close(open)
	st.connected(1)
	st.talker.took()
	d, err := st.maria.Mention(t.Context(), slacktest.In{Channel: st.room.ID()}, "after all")
	if err != nil {
		t.Fatal(err)
	}
	_ = d // it may be answered too late, behind all the others
	for range 100 {
		st.idle()
		all := st.talker.took()
		if slices.ContainsFunc(all, func(e bot.Event) bool { return e.Text == "after all" }) {
			return
		}
		st.done(st.Replay(t.Context()))
	}
	t.Error("nothing comes through any more")
}

// A token that Slack refuses is told, ends nothing, and is tried again: the admin
// may mend it at Slack.
func TestATokenThatSlackRefusesIsTriedAgain(t *testing.T) {
	st := newStage(t, nil)
	told := make(chan string, 100)
	adapter, err := slack.New(slack.Options{
		Handler: st.talker, Inbox: &inbox.Memory{}, Now: st.time, API: st.APIURL(), AppToken: "xapp-of-nobody", Again: time.Millisecond,
		Installations: slack.Only{Team: st.home.ID, Token: st.in.Token}, Hello: card.New(card.Paragraph("hello")),
		Log: slog.New(slog.NewTextHandler(lines(told), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- adapter.Run(ctx) }()
	for range 3 {
		if line := <-told; !strings.Contains(line, "invalid_auth") || !strings.Contains(line, "connections:write") || strings.Contains(line, "xapp-of-nobody") {
			t.Errorf("the log says %s", line)
		}
	}
	before := st.Connections()
	st.Configure(func(a *slacktest.App) { a.AppToken, a.SocketMode = "xapp-of-nobody", true })
	if err := st.AwaitConnections(t.Context(), before+1); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// lines hands over each line that is written, as long as somebody listens.
type lines chan<- string

func (l lines) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}
