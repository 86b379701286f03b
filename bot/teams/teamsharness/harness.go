// Package teamsharness is Teams as a bottest.Harness: people act in a stand-in for
// Teams, which posts signed activities to the adapter, and see what the adapter
// put there by the Connector.
package teamsharness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
	"github.com/tandem-bot/tandem/store"
)

// The identity of the bot in the stand-in.
const (
	App    = "11111111-2222-4333-8444-555555555555"
	Tenant = "99999999-8888-4777-8666-555555555555"
	Secret = "a secret of the stand-in"
)

// Harness is a tenant with the people and channels of a world.
type Harness struct {
	Teams   *teamstest.Teams
	Adapter *teams.Teams
	Memory  *teams.Memory
	Bot     string // the address of the adapter

	w bottest.World

	mu    sync.Mutex
	said  map[string]bool // what people wrote begins threads
	again map[string]any
}

// Open is a bottest.Opener.
func Open(tb testing.TB, w bottest.World) bottest.Harness {
	tb.Helper()
	return New(tb, w)
}

// New starts a stand-in and the adapter before it.
func New(tb testing.TB, w bottest.World) *Harness {
	tb.Helper()
	h := &Harness{w: w, Memory: &teams.Memory{}, said: map[string]bool{}}
	h.Teams = teamstest.Open(tb, teamstest.Options{App: App, Tenant: Tenant, Secret: Secret, Now: w.Clock.Now})
	Identify(w.Engagements...)
	for _, e := range w.Engagements {
		for _, c := range e.Channels {
			h.Teams.Channel(c.Teams)
		}
	}
	var err error
	h.Adapter, err = teams.New(teams.Options{
		Handler: w.Handler, Inbox: h.Memory, References: h.Memory, Now: w.Clock.Now,
		AppID: App, Tenant: Tenant, Secret: Secret, Emulator: strings.TrimRight(h.Teams.URL(), "/"),
		Limits: []teams.Limit{}, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(h.Adapter)
	h.Bot = server.URL + "/api/messages"
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
	return h
}

// Identify gives people and channels without an identity at Teams one that is made
// of their id, so that every engagement can be played there.
func Identify(engagements ...*store.Engagement) {
	for _, e := range engagements {
		for i := range e.People {
			if p := &e.People[i]; p.Teams == "" {
				// Who has the same e-mail in two engagements is one person at Teams.
				of := strings.ToLower(p.Email)
				if of == "" {
					of = e.ID + "." + p.ID
				}
				p.Teams = "person-" + of
			}
		}
		for i := range e.Channels {
			if c := &e.Channels[i]; c.Teams == "" {
				c.Teams = "19:" + e.ID + "-" + c.Name + "@thread.tacv2"
			}
		}
	}
}

// Platform returns the adapter.
func (h *Harness) Platform() bot.Platform { return h.Adapter }

// who returns the Entra object id and the name of a person or stranger.
func (h *Harness) who(person string) (id, name string, err error) {
	e, id := h.w.Engagement(person)
	if stranger, ok := strings.CutPrefix(id, "?"); ok {
		return "stranger-" + stranger, stranger, nil
	}
	for _, of := range h.w.Engagements {
		for _, p := range of.People {
			if of.ID == e && p.ID == id {
				return p.Teams, p.Name, nil
			}
		}
	}
	return "", "", fmt.Errorf("there is nobody %s", person)
}

// channel returns the conversation of a place.
func (h *Harness) channel(person, place string) (string, error) {
	e, _ := h.w.Engagement(person)
	for _, of := range h.w.Engagements {
		for _, c := range of.Channels {
			if of.ID == e && c.Name == place {
				return c.Teams, nil
			}
		}
	}
	return "", fmt.Errorf("there is no channel %s", place)
}

// Address returns where a post for the spot goes.
func (h *Harness) Address(s bottest.Spot) bot.Address {
	a := bot.Address{Platform: teams.Platform, Tenant: Tenant, Thread: s.Thread}
	if s.Place == "" {
		a.User, _, _ = h.who(s.Person)
		return a
	}
	var err error
	if a.Channel, err = h.channel(s.Person, s.Place); err != nil {
		a.Channel = "19:nowhere@thread.tacv2"
	}
	return a
}

// begin makes an activity of a person in a conversation.
func (h *Harness) begin(s bottest.Spot, kind, id, thread string) (map[string]any, error) {
	user, name, err := h.who(s.Person)
	if err != nil {
		return nil, err
	}
	conversation := h.Teams.Chat(user)
	if s.Place != "" {
		if conversation, err = h.channel(s.Person, s.Place); err != nil {
			return nil, err
		}
		conversation += ";messageid=" + thread
	}
	return h.Teams.Activity(kind, id, conversation, user, name), nil
}

// deliver posts an activity and waits until what it caused is there.
func (h *Harness) deliver(ctx context.Context, a map[string]any) error {
	h.mu.Lock()
	h.again = a
	h.mu.Unlock()
	status, body, err := h.Teams.Deliver(ctx, h.Bot, a)
	if err != nil {
		return err
	}
	if status != 200 {
		return fmt.Errorf("the adapter answers %d %s", status, body)
	}
	return h.Adapter.Idle(ctx)
}

// Say types a text, with a mention in a channel.
func (h *Harness) Say(ctx context.Context, s bottest.Spot, text string) error {
	id := h.Teams.NextID()
	thread := s.Thread
	if thread == "" {
		thread = id
		h.mu.Lock()
		h.said[id] = true
		h.mu.Unlock()
	}
	a, err := h.begin(s, "message", id, thread)
	if err != nil {
		return err
	}
	a["text"], a["textFormat"] = text, "plain"
	if s.Place != "" {
		a["text"] = "<at>Tandem</at> " + text
		a["entities"] = []any{
			map[string]any{"type": "mention", "text": "<at>Tandem</at>", "mentioned": map[string]any{"id": "28:" + App, "name": "Tandem"}},
			map[string]any{"type": "clientInfo", "locale": "en-US"},
		}
	}
	return h.deliver(ctx, a)
}

// Again delivers the last event once more.
func (h *Harness) Again(ctx context.Context) error {
	h.mu.Lock()
	a := h.again
	h.mu.Unlock()
	if a == nil {
		return errors.New("nothing was delivered yet")
	}
	return h.deliver(ctx, a)
}

// Press presses a button of a message by its label.
func (h *Harness) Press(ctx context.Context, s bottest.Spot, message, label string) error {
	m, err := h.message(s, message)
	if err != nil {
		return err
	}
	for _, action := range read(m.Activity).actions {
		if action["title"] == label {
			return h.invoke(ctx, s, m, action, nil)
		}
	}
	return fmt.Errorf("message %s has no button %q", message, label)
}

// Submit sends the form of a message.
func (h *Harness) Submit(ctx context.Context, s bottest.Spot, message string, values map[string]string) error {
	m, err := h.message(s, message)
	if err != nil {
		return err
	}
	c := read(m.Activity)
	if len(c.inputs) == 0 || len(c.actions) == 0 {
		return fmt.Errorf("message %s has no form", message)
	}
	filled := map[string]any{}
	for _, in := range c.inputs {
		id, _ := in["id"].(string)
		v := in["value"]
		if given, ok := values[strings.TrimPrefix(id, "field.")]; ok {
			v = given
		}
		if v != nil && v != "" { // Teams leaves out what is empty
			filled[id] = v
		}
	}
	return h.invoke(ctx, s, m, c.actions[len(c.actions)-1], filled)
}

// invoke sends an action as Teams does.
func (h *Harness) invoke(ctx context.Context, s bottest.Spot, m teamstest.Message, action, filled map[string]any) error {
	a, err := h.begin(s, "invoke", "f:"+h.Teams.NextID(), m.Thread)
	if err != nil {
		return err
	}
	a["name"], a["replyToId"] = "adaptiveCard/action", m.ID
	a["value"] = invoked(action, filled, "manual")
	return h.deliver(ctx, a)
}

// Refresh lets the client of a person look at a message, and returns the answer. It
// asks only for whom the card names, unless the person asks for it themselves.
func (h *Harness) Refresh(ctx context.Context, s bottest.Spot, message string, manual bool) (answer map[string]any, asked bool, err error) {
	m, err := h.message(s, message)
	if err != nil {
		return nil, false, err
	}
	user, _, err := h.who(s.Person)
	if err != nil {
		return nil, false, err
	}
	of := refreshOf(m.Activity)
	people, _ := of["userIds"].([]any)
	if of == nil || !manual && !slices.Contains(people, any("29:"+user)) {
		return nil, false, nil
	}
	a, err := h.begin(s, "invoke", "f:"+h.Teams.NextID(), m.Thread)
	if err != nil {
		return nil, false, err
	}
	action, _ := of["action"].(map[string]any)
	a["name"], a["replyToId"] = "adaptiveCard/action", m.ID
	a["value"] = invoked(action, nil, map[bool]string{true: "manual", false: "automatic"}[manual])
	status, body, err := h.Teams.Deliver(ctx, h.Bot, a)
	if err != nil {
		return nil, true, err
	}
	if status != 200 {
		return nil, true, fmt.Errorf("the adapter answers %d %s", status, body)
	}
	return answer, true, json.Unmarshal(body, &answer)
}

// invoked is the value of an invoke.
func invoked(action, filled map[string]any, trigger string) map[string]any {
	data := map[string]any{}
	if own, ok := action["data"].(map[string]any); ok {
		for k, v := range own {
			data[k] = v
		}
	}
	for k, v := range filled {
		data[k] = v
	}
	return map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": action["verb"], "data": data}, "trigger": trigger}
}
