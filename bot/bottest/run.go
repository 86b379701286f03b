package bottest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // the stage stands in Florida, wherever the test runs

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/store"
)

// Run is what every platform must do.
func Run(t *testing.T, open Opener) {
	t.Helper()
	for _, c := range []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"events", testEvents},
		{"what people type arrives as it is", testTyped},
		{"replies", testReplies},
		{"private replies", testPrivate},
		{"buttons", testButtons},
		{"forms", testForms},
		{"replacing", testReplacing},
		{"sending", testSending},
		{"updating", testUpdating},
		{"repeats", testRepeats},
		{"finding", testFinding},
		{"threads", testThreads},
		{"hostile text", testHostile},
		{"long cards", testLong},
		{"refusals", testRefusals},
		{"cancelling", testCancelling},
		{"sending at once", testAtOnce},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

// The places and people of the suite's engagement.
const (
	channel = "coordination"
	another = "incidents"
	maria   = "maria"
	devon   = "devon"
	pat     = "?pat"
)

// Stage is the small engagement that the suite plays in.
func Stage() *store.Engagement {
	return &store.Engagement{
		ID: "harbor-legal", Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", TimeZone: "America/New_York",
		People: []store.Person{
			{ID: maria, Name: "Maria Ortega", Side: store.Internal, Roles: []string{store.RoleInternalLead}, Slack: "U0HY0VMD4PW", Teams: "5607d348-b76a-4195-bf56-87562435f232"},
			{ID: devon, Name: "Devon Pruitt", Side: store.MSP, Roles: []string{store.RoleMSPLead}, Slack: "T04PALMR1DG/U088K5NH4HT", Teams: "1a34e88c-4e04-4a81-8192-da7e68df2cc1"},
		},
		Channels: []store.Channel{
			{Name: channel, Slack: "C0COORD0001", Teams: "19:coordination@thread.tacv2"},
			{Name: another, Slack: "C0INCID0001", Teams: "19:incidents@thread.tacv2"},
		},
	}
}

// night is when the suite plays.
var night = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)

// script is a handler that remembers, and answers as a test wants.
type script struct {
	mu     sync.Mutex
	events []bot.Event // without repeats
	answer func(e bot.Event) bot.Reply
}

// Handle answers an event once.
func (s *script) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.events, func(old bot.Event) bool { return old.ID == e.ID }) {
		return bot.Reply{}, false
	}
	s.events = append(s.events, e)
	if s.answer == nil {
		return bot.Reply{}, true
	}
	return s.answer(e), true
}

// actor is a test's hand on a platform: what fails, fails the test.
type actor struct {
	Harness
	t *testing.T
	s *script
}

func play(t *testing.T, open Opener, answer func(e bot.Event) bot.Reply) *actor {
	t.Helper()
	s := &script{answer: answer}
	return &actor{open(t, World{[]*store.Engagement{Stage()}, s, clock.At(night, nil, nil)}), t, s}
}

func (a *actor) check(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *actor) say(s Spot, text string) bot.Event {
	a.t.Helper()
	before := len(a.events())
	a.check(a.Say(a.t.Context(), s, text))
	return a.next(before)
}

func (a *actor) press(s Spot, message, label string) bot.Event {
	a.t.Helper()
	before := len(a.events())
	a.check(a.Press(a.t.Context(), s, message, label))
	return a.next(before)
}

func (a *actor) submit(s Spot, message string, values map[string]string) bot.Event {
	a.t.Helper()
	before := len(a.events())
	a.check(a.Submit(a.t.Context(), s, message, values))
	return a.next(before)
}

func (a *actor) events() []bot.Event {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return slices.Clone(a.s.events)
}

// next returns the one event that came since.
func (a *actor) next(before int) bot.Event {
	a.t.Helper()
	all := a.events()
	if len(all) != before+1 {
		a.t.Fatalf("%d events came, want one", len(all)-before)
	}
	return all[before]
}

func (a *actor) send(p bot.Post) string {
	a.t.Helper()
	id, err := a.Platform().Send(a.t.Context(), p)
	a.check(err)
	if id == "" {
		a.t.Fatal("a message was sent without an id")
	}
	return id
}

func (a *actor) seen(person, place string) []Message {
	a.t.Helper()
	seen, err := a.Seen(a.t.Context(), person, place)
	a.check(err)
	return seen
}

// one returns the only message that the person sees in the place.
func (a *actor) one(person, place string) Message {
	a.t.Helper()
	seen := a.seen(person, place)
	if len(seen) != 1 {
		a.t.Fatalf("%s sees %d messages in %q, want one: %+v", person, len(seen), place, seen)
	}
	return seen[0]
}

// none fails where the person sees anything in the place.
func (a *actor) none(person, place string) {
	a.t.Helper()
	if seen := a.seen(person, place); len(seen) > 0 {
		a.t.Errorf("%s sees in %q: %+v", person, place, seen)
	}
}

// readable is a text as it is read: in one line, without what has no shape.
func readable(text string) string { return card.Clean(text) }

func (a *actor) reads(m Message, want string) {
	a.t.Helper()
	if !strings.Contains(readable(m.Text), readable(want)) {
		a.t.Errorf("message %s reads\n%s\nwhich lacks %q", m.ID, m.Text, want)
	}
}
