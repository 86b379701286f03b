// Package slackharness is Slack as a bottest.Harness: people act in a stand-in
// for Slack, which delivers signed requests or Socket Mode envelopes to the
// adapter, and see what the adapter put there by the Web API.
package slackharness

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store"
)

// Home is the workspace that Tandem is installed in.
const Home = "T0HOME00001"

// Harness is a workspace with the people and channels of a world.
type Harness struct {
	Slack   *slacktest.Slack
	Adapter *slack.Slack

	w      bottest.World
	home   *slacktest.Workspace
	mu     sync.Mutex
	teams  map[string]*slacktest.Workspace
	people map[string]*slacktest.Person // by ENGAGEMENT/PERSON
	byID   map[string]*slacktest.Person
	places map[string]*slacktest.Channel
	spots  map[string]bottest.Spot // where a person last acted
}

// Open is a bottest.Opener that delivers by HTTP.
func Open(tb testing.TB, w bottest.World) bottest.Harness {
	tb.Helper()
	return New(tb, w, false)
}

// OpenSocket is a bottest.Opener that delivers by Socket Mode.
func OpenSocket(tb testing.TB, w bottest.World) bottest.Harness {
	tb.Helper()
	return New(tb, w, true)
}

// New starts a stand-in and the adapter before it.
func New(tb testing.TB, w bottest.World, socket bool) *Harness {
	tb.Helper()
	h := &Harness{
		w: w, teams: map[string]*slacktest.Workspace{}, people: map[string]*slacktest.Person{}, byID: map[string]*slacktest.Person{},
		places: map[string]*slacktest.Channel{}, spots: map[string]bottest.Spot{},
	}
	h.Slack = slacktest.Open(tb, slacktest.Options{
		Now:      w.Clock.Now,
		SignedAt: time.Now, //nolint:forbidigo // signatures are checked by the machine's clock
		App:      slacktest.App{SocketMode: socket, EscapeCommands: true},
	})
	h.home = h.Slack.Workspace(Home, "Home")
	h.teams[Home] = h.home
	install := h.home.Install(slacktest.Scopes...)
	Identify(w.Engagements...)
	for _, e := range w.Engagements {
		for _, p := range e.People {
			h.people[e.ID+"/"+p.ID] = h.person(p.Slack, p.Name, p.Email)
		}
		for _, c := range e.Channels {
			h.channel(e, c)
		}
	}
	o := slack.Options{
		Handler: w.Handler, Inbox: &inbox.Memory{}, Now: w.Clock.Now, API: h.Slack.APIURL(),
		Installations: slack.Only{Team: Home, Token: install.Token},
		Log:           slog.New(slog.NewTextHandler(tb.Output(), nil)),
	}
	if app := h.Slack.App(); socket {
		o.AppToken = app.AppToken
	} else {
		o.SigningSecret = app.SigningSecret
	}
	var err error
	if h.Adapter, err = slack.New(o); err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(h.Adapter)
	h.Slack.Configure(func(a *slacktest.App) {
		a.EventsURL, a.InteractivityURL, a.CommandsURL = server.URL+"/slack/events", server.URL+"/slack/actions", server.URL+"/slack/commands"
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan error, 1)
	go func() { ended <- h.Adapter.Run(ctx) }()
	tb.Cleanup(func() {
		server.Close()
		cancel()
		if err := <-ended; err != nil {
			tb.Errorf("the adapter ended with %v", err)
		}
	})
	if socket {
		wait, stop := context.WithTimeout(tb.Context(), 20*time.Second)
		defer stop()
		if err := h.Slack.AwaitConnections(wait, 1); err != nil {
			tb.Fatal(err)
		}
	}
	return h
}

// Identify gives people and channels without an identity at Slack one that is
// made of their e-mail or id, so that every engagement can be played there. It
// comes before the engagements are stored.
func Identify(engagements ...*store.Engagement) {
	for _, e := range engagements {
		for i := range e.People {
			if p := &e.People[i]; p.Slack == "" {
				// Who has the same e-mail in two engagements is one person at Slack.
				of := p.Email
				if of == "" {
					of = e.ID + "." + p.ID
				}
				p.Slack = "U0" + made(of)
			}
		}
		for i := range e.Channels {
			if c := &e.Channels[i]; c.Slack == "" {
				c.Slack = "C0" + made(e.ID+"."+c.Name)
			}
		}
	}
}

func made(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '0'
	}, strings.ToUpper(id))
}

// person adds somebody by what an engagement says of them, once.
func (h *Harness) person(id, name, email string) *slacktest.Person {
	team, user, foreign := strings.Cut(id, "/")
	if !foreign {
		team, user = Home, id
	}
	if p := h.byID[user]; p != nil {
		return p
	}
	w := h.teams[team]
	if w == nil {
		w = h.Slack.Workspace(team, team)
		h.teams[team] = w
	}
	p := w.Person(slacktest.User{ID: user, Name: strings.ToLower(user), RealName: name, Email: email})
	h.byID[user] = p
	return p
}

// channel adds a channel with everybody of its engagement.
func (h *Harness) channel(e *store.Engagement, c store.Channel) {
	id := c.Slack[strings.Index(c.Slack, "/")+1:]
	ch := h.home.Channel(slacktest.NewChannel{ID: id, Name: c.Name, Bot: true})
	for _, p := range e.People {
		ch.Add(h.people[e.ID+"/"+p.ID])
	}
	h.places[e.ID+"/"+c.Name] = ch
}

// who returns a person of a spot, and their channel; a stranger is made when
// they first act.
func (h *Harness) who(person, place string) (*slacktest.Person, string, error) {
	e, id := h.w.Engagement(person)
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.people[e+"/"+id]
	if p == nil && strings.HasPrefix(id, "?") {
		p = h.person("U0STRANGER"+made(id[1:]), id[1:], "")
		h.people[e+"/"+id] = p
	}
	if p == nil {
		return nil, "", fmt.Errorf("there is nobody %s", person)
	}
	if place == "" {
		return p, "", nil
	}
	ch := h.places[e+"/"+place]
	if ch == nil {
		return nil, "", fmt.Errorf("there is no channel %s", place)
	}
	ch.Add(p)
	return p, ch.ID(), nil
}

// Platform returns the adapter.
func (h *Harness) Platform() bot.Platform { return h.Adapter }

// Address returns where a post for the spot goes.
func (h *Harness) Address(s bottest.Spot) bot.Address {
	a := bot.Address{Platform: slack.Platform, Tenant: Home, Thread: s.Thread}
	if s.Place != "" {
		if _, id, err := h.who(s.Person, s.Place); err == nil {
			a.Channel = id
		} else {
			a.Channel = "C0NOWHERE01"
		}
		return a
	}
	e, id := h.w.Engagement(s.Person)
	for _, of := range h.w.Engagements {
		for _, p := range of.People {
			if of.ID == e && p.ID == id {
				a.User = p.Slack
			}
		}
	}
	if p, _, err := h.who(s.Person, ""); a.User == "" && err == nil {
		a.User = p.ID
	}
	return a
}

// after waits until what an act caused is there, and says whether it came.
func (h *Harness) after(ctx context.Context, d *slacktest.Delivery, err error) error {
	if err != nil {
		return err
	}
	if d != nil && !d.OK() {
		return fmt.Errorf("the adapter was not reached: %s %w", d.Failed, d.Err)
	}
	return h.Adapter.Idle(ctx)
}

// act finds the person and place of a spot, and remembers it.
func (h *Harness) act(s bottest.Spot) (*slacktest.Person, slacktest.In, error) {
	p, id, err := h.who(s.Person, s.Place)
	if err == nil {
		h.mu.Lock()
		h.spots[p.ID] = s
		h.mu.Unlock()
	}
	return p, slacktest.In{Channel: id, Thread: s.Thread}, err
}

// Say types a text, with a mention in a channel.
func (h *Harness) Say(ctx context.Context, s bottest.Spot, text string) error {
	p, in, err := h.act(s)
	if err != nil {
		return err
	}
	var d *slacktest.Delivery
	if s.Place == "" {
		d, err = p.Say(ctx, in, text)
	} else {
		d, err = p.Mention(ctx, in, text)
	}
	if err == nil && d == nil {
		return errors.New("the app hears nothing of it")
	}
	return h.after(ctx, d, err)
}

// Again delivers the last event once more.
func (h *Harness) Again(ctx context.Context) error {
	d, err := h.Slack.Replay(ctx)
	return h.after(ctx, d, err)
}
