package slack_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

// stage is a client's workspace that Tandem is installed in, its MSP's, a
// channel of both, and the adapter before the stand-in for Slack.
type stage struct {
	*slacktest.Slack
	t          *testing.T
	home, away *slacktest.Workspace
	in         *slacktest.Install
	maria      *slacktest.Person // of the client
	devon      *slacktest.Person // of the MSP, so foreign
	room       *slacktest.Channel
	shared     *slacktest.Channel

	talker  *talker
	changes *changes
	adapter *slack.Slack
	stop    func() // ends the adapter, once

	mu  sync.Mutex
	now time.Time
}

// staged is what a test may change before the adapter starts.
type staged struct {
	slack   slack.Options
	stand   slacktest.Options
	answer  func(e bot.Event) bot.Reply
	changes *changes
}

func newStage(t *testing.T, change func(o *staged)) *stage {
	t.Helper()
	st := &stage{t: t, now: time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC), changes: &changes{}}
	o := staged{
		stand:   slacktest.Options{Now: st.time, SignedAt: time.Now, App: slacktest.App{EscapeCommands: true}},
		slack:   slack.Options{Inbox: &inbox.Memory{}, Now: st.time},
		changes: st.changes,
	}
	if change != nil {
		change(&o)
	}
	st.talker = &talker{answer: o.answer}
	st.Slack = slacktest.Open(t, o.stand)
	st.home, st.away = st.Workspace("T0HARBOR001", "Harbor Legal Group"), st.Workspace("T04PALMR1DG", "Palmetto Ridge IT")
	st.in = st.home.Install(slacktest.Scopes...)
	st.maria = st.home.Person(slacktest.User{ID: "U0HY0VMD4PW", Name: "maria", RealName: "Maria Ortega"})
	st.devon = st.away.Person(slacktest.User{ID: "U088K5NH4HT", Name: "devon", RealName: "Devon Pruitt"})
	st.room = st.home.Channel(slacktest.NewChannel{ID: "C0ROOM00001", Name: "it", Members: []*slacktest.Person{st.maria}, Bot: true})
	st.shared = st.home.Channel(slacktest.NewChannel{
		ID: "C0COORD0001", Name: "coordination", Members: []*slacktest.Person{st.maria, st.devon}, Bot: true,
	})
	st.start(o.slack)
	return st
}

// start starts an adapter; an earlier one has to be stopped before.
func (st *stage) start(o slack.Options) {
	st.t.Helper()
	o.Handler, o.API = st.talker, st.APIURL()
	o.Log = slog.New(slog.NewTextHandler(st.t.Output(), nil))
	if o.Installations == nil {
		o.Installations = slack.Only{Team: st.home.ID, Token: st.in.Token}
	}
	if o.Changes == nil {
		o.Changes = st.changes
	}
	app := st.App()
	if app.SocketMode {
		o.AppToken = app.AppToken
	} else {
		o.SigningSecret = app.SigningSecret
	}
	adapter, err := slack.New(o)
	if err != nil {
		st.t.Fatal(err)
	}
	server := httptest.NewServer(adapter)
	st.Configure(func(a *slacktest.App) {
		a.EventsURL, a.InteractivityURL, a.CommandsURL = server.URL, server.URL, server.URL
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(st.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- adapter.Run(ctx) }()
	st.adapter = adapter
	st.stop = sync.OnceFunc(func() {
		server.Close()
		cancel()
		if err := <-ended; err != nil {
			st.t.Errorf("the adapter ended with %v", err)
		}
	})
	st.t.Cleanup(st.stop)
	if app.SocketMode {
		st.connected(1)
	}
}

func (st *stage) time() time.Time {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.now
}

func (st *stage) pass(d time.Duration) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.now = st.now.Add(d)
}

// connected waits until so many sockets are open.
func (st *stage) connected(n int) {
	st.t.Helper()
	ctx, cancel := context.WithTimeout(st.t.Context(), 20*time.Second)
	defer cancel()
	if err := st.AwaitConnections(ctx, n); err != nil {
		st.t.Fatalf("there are %d connections, not %d: %v", st.Connections(), n, err)
	}
}

// idle waits until the adapter has nothing to do.
func (st *stage) idle() {
	st.t.Helper()
	ctx, cancel := context.WithTimeout(st.t.Context(), 20*time.Second)
	defer cancel()
	if err := st.adapter.Idle(ctx); err != nil {
		st.t.Fatal(err)
	}
}

// done is an act that the adapter has taken, and what came of it.
func (st *stage) done(d *slacktest.Delivery, err error) {
	st.t.Helper()
	if err == nil && d == nil {
		err = errors.New("the app hears nothing of it")
	}
	if err == nil && !d.OK() {
		err = errors.New(d.Failed)
	}
	if err != nil {
		st.t.Fatal(err)
	}
	st.idle()
}

// said is what somebody sees of Tandem's in a channel, or with "" in their
// direct message with it.
func (st *stage) said(p *slacktest.Person, channel string) []slacktest.Message {
	st.t.Helper()
	all, err := p.Seen(channel)
	if err != nil {
		st.t.Fatal(err)
	}
	var out []slacktest.Message
	for _, m := range all {
		if m.App {
			out = append(out, m)
		}
	}
	return out
}

// last is the last of so many messages that somebody sees.
func (st *stage) last(p *slacktest.Person, channel string, of int) slacktest.Message {
	st.t.Helper()
	all := st.said(p, channel)
	if len(all) != of {
		st.t.Fatalf("%s sees %d messages of Tandem's in %q, not %d: %.500v", p.ID, len(all), channel, of, all)
	}
	return all[of-1]
}

// sees fails where a message lacks a text.
func (st *stage) sees(m slacktest.Message, texts ...string) {
	st.t.Helper()
	for _, text := range texts {
		if !strings.Contains(m.Text, text) {
			st.t.Fatalf("%q is not in %q", text, m.Text)
		}
	}
}

// talker answers as a test wants, each event once, and remembers.
type talker struct {
	answer func(e bot.Event) bot.Reply

	mu     sync.Mutex
	seen   map[string]bool
	events []bot.Event
}

func (k *talker) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen[e.ID] && e.ID != "" {
		return bot.Reply{}, false
	}
	if k.seen == nil {
		k.seen = map[string]bool{}
	}
	k.seen[e.ID] = true
	k.events = append(k.events, e)
	if k.answer == nil {
		return bot.Say(card.Paragraph("heard " + e.Text + e.Say)), true
	}
	return k.answer(e), true
}

// took returns the events since the last time.
func (k *talker) took() []bot.Event {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := k.events
	k.events = nil
	return all
}

// changes remembers what changed at Slack, and fails while it is told to.
type changes struct {
	mu    sync.Mutex
	fails error
	heard []string
}

func (c *changes) add(words ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fails != nil {
		return c.fails
	}
	c.heard = append(c.heard, strings.Join(words, " "))
	return nil
}

func (c *changes) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fails = err
}

func (c *changes) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.heard...)
}

func (c *changes) ChannelMoved(_ context.Context, tenant, from, to string) error {
	return c.add("moved", tenant, from, to)
}

func (c *changes) Removed(_ context.Context, tenant, why string) error {
	return c.add("removed", tenant, why)
}
