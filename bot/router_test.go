package bot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// town is a directory and an inbox in memory. Devon is in two engagements.
type town struct {
	mu       sync.Mutex
	channels map[string][]string
	members  map[string][]store.Membership
	people   map[string]store.Person
	only     string
	chosen   string
	chosenAt time.Time
	seen     map[string]bool
	broken   error
}

func newTown() *town {
	return &town{
		channels: map[string][]string{"C-harbor": {"harbor"}, "C-lake": {"lake"}, "C-both": {"harbor", "lake"}},
		members: map[string][]store.Membership{
			"maria": {{Engagement: "harbor", Client: "Harbor Legal", Person: "maria"}},
			"devon": {{Engagement: "harbor", Client: "Harbor Legal", Person: "devon"}, {Engagement: "lake", Client: "Lakeside", Person: "devon"}},
			"theo":  {{Engagement: "harbor", Client: "Harbor Legal", Person: "theo"}},
		},
		people: map[string]store.Person{
			"maria": {ID: "maria", Name: "Maria", Side: store.Internal, Roles: []string{store.RoleInternalLead}},
			"devon": {ID: "devon", Name: "Devon", Side: store.MSP, Roles: []string{store.RoleMSPLead}},
			"theo":  {ID: "theo", Name: "Theo", Side: store.Internal},
		},
		seen: map[string]bool{},
	}
}

func (t *town) AcceptEvent(_ context.Context, platform, tenant, id string, _ time.Time) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := platform + tenant + id
	fresh := !t.seen[key]
	t.seen[key] = true
	return fresh, t.broken
}

func (t *town) ChannelEngagements(_ context.Context, _, _, channel string) ([]string, error) {
	return t.channels[channel], nil
}

func (t *town) Memberships(_ context.Context, _, _, user string) ([]store.Membership, error) {
	return t.members[user], nil
}

func (t *town) LearnIdentity(_ context.Context, _, _, user, email string, _ time.Time) (bool, error) {
	if m, ok := t.members[email]; ok {
		t.members[user] = m
	}
	return true, nil
}

func (t *town) Greet(_ context.Context, ev *Event) (bool, error) {
	first := !t.seen["greeted "+ev.User]
	t.seen["greeted "+ev.User] = true
	return first, nil
}

func (t *town) ChosenEngagement(context.Context, string, string, string) (string, time.Time, error) {
	return t.chosen, t.chosenAt, nil
}

func (t *town) ChooseEngagement(_ context.Context, _, _, _, engagement string, at time.Time) error {
	t.chosen, t.chosenAt = engagement, at
	return nil
}
func (t *town) OnlyEngagement(context.Context) (string, error) { return t.only, nil }
func (t *town) Person(_ context.Context, _, id string) (*store.Person, error) {
	p, ok := t.people[id]
	if !ok {
		return nil, store.Errorf(store.CodeNotFound, "no %s", id)
	}
	return &p, nil
}

// echo says which command ran, in which engagement, as whom, with what.
func echo(name string) func(context.Context, Request) (Reply, error) {
	return func(_ context.Context, r Request) (Reply, error) {
		return Say(card.Paragraph(strings.Join([]string{name, r.Member.Engagement, string(r.Member.Role), r.Args}, "|"))), nil
	}
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newRouter(t *town, log *bytes.Buffer) *Router {
	return NewRouter(Options{
		Question: "who", Inbox: t, Directory: t, Log: slog.New(slog.NewTextHandler(log, nil)),
		Commands: []Command{
			{Name: "who", Needs: MayAsk, Run: echo("who")},
			{Name: "people", Aliases: []string{"folk"}, Needs: MayConverse, Run: echo("people"), Mine: func(_ context.Context, r Request) bool { return r.Args == "" }},
			{Name: "pause", Needs: MayManage, Run: echo("pause")},
			{Name: "panics", Needs: MayAsk, Run: func(context.Context, Request) (Reply, error) { panic("the secret is 1234") }},
			{Name: "locked", Needs: MayAsk, Run: func(context.Context, Request) (Reply, error) {
				return Reply{}, &store.Error{Code: store.CodeUnavailable, Message: "The store is locked.", Err: errors.New("SQLITE_BUSY")}
			}},
		},
	})
}

// Whoever is on no list by their id may be by their e-mail address, is greeted
// once, and is answered again where nobody knows whether they were.
func TestSomebodyNew(t *testing.T) {
	town := newTown()
	town.members["theo@harbor.example"] = town.members["theo"]
	r := newRouter(town, &bytes.Buffer{})
	r.Greeter = town
	ev := Event{Platform: "slack", ID: "1", Channel: "C-harbor", User: "U1", Text: "x", At: noon}
	ask := func(want ...string) {
		t.Helper()
		reply, fresh := r.Handle(t.Context(), ev)
		got := reply.Card.Plain()
		if !fresh {
			got = "nothing"
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("got %q, want %q", got, w)
			}
		}
		if n := strings.Count(got, "first talk"); n != 0 && len(want) < 2 {
			t.Errorf("greeted: %q", got)
		}
	}
	ask("who|harbor|stranger|x") // a stranger, whom nobody greets
	ev.ID, ev.Email = "2", "theo@harbor.example"
	ask("who|harbor|staff|x", "Hello Theo, this is our first talk.")
	ask("nothing")
	ev.Again = true
	ask("who|harbor|staff|x")
	ev.ID, ev.Again = "3", false
	ask("who|harbor|staff|x")
}

func TestWhoAsksWhereIsWhatTheyGet(t *testing.T) {
	for name, test := range map[string]struct {
		ev   Event
		only string
		want string
	}{
		"a question in a channel":              {ev: Event{User: "maria", Channel: "C-harbor", Text: "who owns vpn?"}, want: "who|harbor|lead|who owns vpn?"},
		"only the channel's engagement exists": {ev: Event{User: "maria", Channel: "C-lake", Text: "vpn"}, want: "who|lake|stranger|vpn"},
		"in several, in a channel of one":      {ev: Event{User: "devon", Channel: "C-lake", Text: "vpn"}, want: "who|lake|lead|vpn"},
		"a stranger may ask":                   {ev: Event{User: "eve", Channel: "C-harbor", Text: "vpn"}, want: "who|harbor|stranger|vpn"},
		"a direct message":                     {ev: Event{User: "theo", Text: "people"}, want: "people|harbor|staff|"},
		"an alias, whatever its case":          {ev: Event{User: "theo", Text: "/Folk"}, want: "people|harbor|staff|"},
		"what the command doesn't want":        {ev: Event{User: "theo", Text: "people can't print"}, want: "who|harbor|staff|people can't print"},
		"a button says its command":            {ev: Event{User: "maria", Channel: "C-harbor", Text: "ignored", Say: "pause standup"}, want: "pause|harbor|lead|standup"},
		"a channel of two, a person of one":    {ev: Event{User: "theo", Channel: "C-both", Text: "vpn"}, want: "who|harbor|staff|vpn"},
		"a stranger to the only engagement":    {ev: Event{User: "eve", Text: "vpn"}, only: "harbor", want: "who|harbor|stranger|vpn"},
		"a stranger among several":             {ev: Event{User: "eve", Text: "vpn"}, want: "I don't know which engagement you belong to: no list of people names you. Ask in your team's channel, or ask a lead to add you to the engagement's file."},
		"who may not":                          {ev: Event{User: "theo", Text: "pause standup"}, want: "Not yours to do\n\nThat is for the leads of both sides, and Theo is not one of them. Nothing was changed."},
		"a stranger may not":                   {ev: Event{User: "eve", Channel: "C-harbor", Text: "people"}, want: "Not yours to do\n\nThat is for people of the engagement, and you are not one of them. Nothing was changed. If you belong to this engagement, ask a lead to add you to its file."},
		"the engagement in a button is forged": {ev: Event{User: "eve", Channel: "C-harbor", Say: "in lake people"}, want: "who|harbor|stranger|in lake people"},
	} {
		t.Run(name, func(t *testing.T) {
			town := newTown()
			town.only = test.only
			test.ev.At = noon
			reply, ok := newRouter(town, &bytes.Buffer{}).Handle(t.Context(), test.ev)
			if got := reply.Card.Plain(); !ok || got != test.want {
				t.Errorf("got %q, %t; want %q", got, ok, test.want)
			}
		})
	}
}

func TestSomebodyInSeveralIsAskedWhichOnce(t *testing.T) {
	town := newTown()
	r := newRouter(town, &bytes.Buffer{})
	say := func(text string, at time.Time) string {
		reply, _ := r.Handle(t.Context(), Event{User: "devon", Text: text, At: at})
		return reply.Card.Plain()
	}
	asked := say("who owns vpn?", noon)
	for _, want := range []string{"Which engagement?", "type `in harbor who owns vpn?`", "type `in lake who owns vpn?`"} {
		if !strings.Contains(asked, want) {
			t.Errorf("%q lacks %q", asked, want)
		}
	}
	const note = "\n\nAnswered for Lakeside. For another engagement say `in harbor`."
	if got, want := say("in lake who owns vpn?", noon), "who|lake|lead|who owns vpn?"+note; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := say("printers", noon.Add(chosenFor-time.Second)), "who|lake|lead|printers"+note; got != want {
		t.Errorf("within a working day: got %q, want %q", got, want)
	}
	if got := say("printers", noon.Add(chosenFor)); !strings.Contains(got, "Which engagement?") {
		t.Errorf("after a working day: got %q", got)
	}
	if got := say("in the office who owns wifi", noon); !strings.HasPrefix(got, "who|lake|lead|in the office who owns wifi") {
		t.Errorf("a question that begins with in: got %q", got)
	}
}

// A look at a card is answered with a card, or with nothing: never with what went
// wrong, a question back, or a greeting.
func TestALookAtACardHearsOfNoTrouble(t *testing.T) {
	town := newTown()
	r := newRouter(town, &bytes.Buffer{})
	r.Greeter = town
	for name, test := range map[string]struct {
		ev   Event
		want string
	}{
		"a card":           {Event{User: "theo", Channel: "C-harbor", Say: "who is it"}, "who|harbor|staff|who is it"},
		"not theirs":       {Event{User: "nobody", Channel: "C-harbor", Say: "people"}, ""},
		"a locked store":   {Event{User: "theo", Channel: "C-harbor", Say: "locked"}, ""},
		"a fault":          {Event{User: "theo", Channel: "C-harbor", Say: "panics"}, ""},
		"which engagement": {Event{User: "devon", Say: "who is it"}, ""},
	} {
		test.ev.Platform, test.ev.ID, test.ev.At, test.ev.Refresh = "teams", name, noon, true
		reply, fresh := r.Handle(t.Context(), test.ev)
		if got := reply.Card.Plain(); !fresh || got != test.want {
			t.Errorf("%s: %q, %t", name, got, fresh)
		}
	}
}

func TestARepeatSaysNothing(t *testing.T) {
	r := newRouter(newTown(), &bytes.Buffer{})
	ev := Event{Platform: "web", ID: "1", User: "maria", Text: "vpn", At: noon}
	var said []bool
	for range 3 {
		_, ok := r.Handle(t.Context(), ev)
		said = append(said, ok)
	}
	if want := []bool{true, false, false}; !slices.Equal(said, want) {
		t.Errorf("got %v, want %v", said, want)
	}
}

func TestOutsideItsChannelsOnlyNamesAndSides(t *testing.T) {
	r := newRouter(newTown(), &bytes.Buffer{})
	reply, _ := r.Handle(t.Context(), Event{User: "theo", Channel: "C-lobby", Text: "people", At: noon})
	if !reply.Private {
		t.Error("a list of people was said in a channel that is none of the engagement's")
	}
	reply, _ = r.Handle(t.Context(), Event{User: "theo", Channel: "C-lobby", Text: "vpn", At: noon})
	if reply.Private {
		t.Error("an answer with names and sides was hidden from the channel")
	}
}

func TestAFaultIsLoggedOnceAndToldWithItsReference(t *testing.T) {
	var log bytes.Buffer
	r := newRouter(newTown(), &log)
	reply, ok := r.Handle(t.Context(), Event{ID: "ev-42", User: "maria", Text: "panics", At: noon})
	if got := reply.Card.Plain(); !ok || !strings.Contains(got, "Reference: ev-42") || strings.Contains(got, "1234") {
		t.Errorf("got %q", got)
	}
	if n := strings.Count(log.String(), "event=ev-42"); n != 1 || !strings.Contains(log.String(), "1234") {
		t.Errorf("logged %d times: %s", n, log.String())
	}
}

func TestTroubleIsASentence(t *testing.T) {
	var log bytes.Buffer
	r := newRouter(newTown(), &log)
	reply, _ := r.Handle(t.Context(), Event{ID: "1", User: "maria", Text: "locked", At: noon})
	if got, want := reply.Card.Plain(), "Not now\n\nThe store is locked."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !strings.Contains(log.String(), "SQLITE_BUSY") {
		t.Errorf("the cause is not in the log: %s", log.String())
	}
}

func TestAnEventThatCannotBeRememberedIsNotActedOn(t *testing.T) {
	town := newTown()
	town.broken = &store.Error{Code: store.CodeUnavailable, Message: "The disk is full."}
	reply, ok := newRouter(town, &bytes.Buffer{}).Handle(t.Context(), Event{ID: "1", User: "maria", Text: "vpn", At: noon})
	if got, want := reply.Card.Plain(), "Not now\n\nThe disk is full."; !ok || got != want {
		t.Errorf("got %q, %t; want %q", got, ok, want)
	}
}

func TestTwoCommandsOfOneWordAreASlip(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(p.(string), `"b"`) {
			t.Errorf("got %v", p)
		}
	}()
	NewRouter(Options{Question: "a", Commands: []Command{{Name: "a", Aliases: []string{"b"}}, {Name: "b"}}})
}

func TestRightsRiseWithTheRole(t *testing.T) {
	order := []Role{Stranger, Staff, Executive, Lead}
	for i, role := range order[1:] {
		for _, right := range rights[order[i]] {
			if !role.May(right) {
				t.Errorf("%s may %s and %s may not", order[i], right, role)
			}
		}
	}
	for right := range needs {
		if !Lead.May(right) {
			t.Errorf("nobody may %s", right)
		}
	}
	if Role("forged").May(MayAsk) {
		t.Error("a role that doesn't exist may ask")
	}
}

func TestARoleIsOfItsSide(t *testing.T) {
	for want, p := range map[Role]*store.Person{
		Stranger:  nil,
		Staff:     {Side: store.Internal, Roles: []string{store.RoleMSPLead}},
		Executive: {Side: store.MSP, Roles: []string{store.RoleEngineer, store.RoleVCIO}},
		Lead:      {Side: store.MSP, Roles: []string{store.RoleVCIO, store.RoleMSPLead}},
	} {
		if got := RoleOf(p); got != want {
			t.Errorf("RoleOf(%+v) = %s, want %s", p, got, want)
		}
	}
}

func FuzzHandle(f *testing.F) {
	for _, text := range []string{"who owns vpn", "people", "/people x", "in lake people", "in", "", " ", "pause\x00", "in harbor in harbor in harbor"} {
		f.Add(text, "", "C-harbor")
	}
	f.Add("", "pause x", "")
	f.Fuzz(func(t *testing.T, text, say, channel string) {
		var log bytes.Buffer
		town := newTown()
		for _, user := range []string{"maria", "devon", "eve"} {
			reply, ok := newRouter(town, &log).Handle(t.Context(), Event{User: user, Text: text, Say: say, Channel: channel, At: noon})
			if !ok || reply.Card.IsZero() {
				t.Errorf("%q, %q said nothing to %s", text, say, user)
			}
			if user == "eve" && strings.HasPrefix(reply.Card.Plain(), "pause|") {
				t.Errorf("%q, %q let a stranger pause", text, say)
			}
		}
	})
}
