package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

func post(to bot.Address, text string) bot.Post {
	return bot.Post{To: to, Card: card.New(card.Paragraph(text))}
}

func testSending(t *testing.T, open Opener) {
	a := play(t, open, nil)
	here, direct := a.Address(Spot{maria, channel, ""}), a.Address(Spot{maria, "", ""})
	first := a.send(post(here, "the standup"))
	second := a.send(post(here, "the standup")) // without a key the same again is another one
	third := a.send(post(direct, "a nudge"))
	if first == second || second == third || first == third {
		t.Errorf("the ids are %q, %q, %q", first, second, third)
	}
	for _, person := range []string{maria, devon, pat} {
		if seen := a.seen(person, channel); len(seen) != 2 || seen[0].ID != first || seen[1].ID != second || seen[0].Private {
			t.Errorf("%s sees %+v", person, seen)
		}
		a.none(person, another)
	}
	if m := a.one(maria, ""); m.ID != third {
		t.Errorf("the nudge is %+v, want %s", m, third)
	} else {
		a.reads(m, "a nudge")
	}
	a.none(devon, "")
	a.none(pat, "")
}

// A post of Tandem's own accord has buttons and can be pressed, and is changed in its place.
func testUpdating(t *testing.T, open Opener) {
	a := play(t, open, nil)
	for _, s := range []Spot{{maria, channel, ""}, {maria, "", ""}} {
		p := bot.Post{To: a.Address(s), Card: card.New(card.Heading("Standup"), card.Buttons{{Label: "Answer", Say: "standup answer"}})}
		id := a.send(p)
		if e := a.press(s, id, "Answer"); e.Say != "standup answer" || e.Message != id {
			t.Errorf("the press is %+v, of %s", e, id)
		}
		for _, text := range []string{"one has answered", "all have answered"} {
			p.Update, p.Card = id, card.New(card.Heading("Standup"), card.Paragraph(text))
			if again := a.send(p); again != id {
				t.Errorf("updated, %s is %s", id, again)
			}
			m := a.one(s.Person, s.Place)
			a.reads(m, text)
			if m.ID != id || len(m.Buttons) > 0 || strings.Contains(m.Text, "one has") == strings.Contains(m.Text, "all have") {
				t.Errorf("updated, it is %+v", m)
			}
		}
	}
}

func testFinding(t *testing.T, open Opener) {
	a := play(t, open, nil)
	finder, ok := a.Platform().(bot.Finder)
	if !ok {
		t.Skip("this platform can't look for its posts")
	}
	here, direct := a.Address(Spot{maria, channel, ""}), a.Address(Spot{maria, "", ""})
	find := func(to bot.Address, key, want string) {
		t.Helper()
		id, found, err := finder.Find(t.Context(), bot.Post{To: to, Card: card.New(card.Paragraph("post")), Key: key})
		a.check(err)
		if id != want || found != (want != "") {
			t.Errorf("key %q in %+v is %q, %v; want %q", key, to, id, found, want)
		}
	}
	find(here, "standup/1", "")
	p := post(here, "post")
	p.Key = "standup/1"
	id := a.send(p)
	p.Key = "standup/11"
	other := a.send(p)
	p.To, p.Key = direct, "nudge/1"
	nudge := a.send(p)
	a.send(post(here, "without a key"))
	find(here, "standup/1", id)
	find(here, "standup/11", other)
	find(direct, "nudge/1", nudge)
	find(here, "standup/111", "")
	find(here, "standup/", "")
	find(here, "nudge/1", "")
	find(direct, "standup/1", "")
	find(a.Address(Spot{maria, another, ""}), "standup/1", "")
	find(here, "", "")
}

func testThreads(t *testing.T, open Opener) {
	a := play(t, open, func(e bot.Event) bot.Reply { return bot.Say(card.Paragraph("heard " + e.Text)) })
	s := Spot{maria, channel, ""}
	root := a.send(post(a.Address(s), "the standup"))
	s.Thread = root
	digest := a.send(post(a.Address(s), "the digest"))
	e := a.say(s, "no blockers")
	if e.Thread != root {
		t.Errorf("a text in the thread of %s is %+v", root, e)
	}
	seen := a.seen(devon, channel)
	if len(seen) != 3 {
		t.Fatalf("devon sees %+v", seen)
	}
	for i, want := range []Message{{ID: root}, {ID: digest, Thread: root}, {ID: seen[2].ID, Thread: root}} {
		if seen[i].ID != want.ID || seen[i].Thread != want.Thread {
			t.Errorf("message %d is %+v, want %s in the thread of %q", i, seen[i], want.ID, want.Thread)
		}
	}
	a.reads(seen[2], "heard no blockers")
}

func testRefusals(t *testing.T, open Opener) {
	a := play(t, open, nil)
	refused := func(what string, p bot.Post) {
		t.Helper()
		id, err := a.Platform().Send(t.Context(), p)
		refusal, ok := errors.AsType[*bot.SendError](err)
		if !ok || id != "" || refusal.Reason == "" || !refusal.Permanent {
			t.Errorf("a post to %s is %q, %#v; want a permanent SendError with its reason", what, id, err)
		}
	}
	refused("a channel that is not there", post(a.Address(Spot{maria, "nowhere", ""}), "hello"))
	p := post(a.Address(Spot{maria, channel, ""}), "hello")
	p.Update = "no-such-message"
	refused("a message that is not there", p)
	a.none(maria, channel)
	a.send(post(a.Address(Spot{maria, channel, ""}), "still there"))
	a.reads(a.one(maria, channel), "still there")
}

func testCancelling(t *testing.T, open Opener) {
	a := play(t, open, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := post(a.Address(Spot{maria, channel, ""}), "too late")
	p.Key = "late"
	if id, err := a.Platform().Send(ctx, p); !errors.Is(err, context.Canceled) || id != "" {
		t.Errorf("sent with a cancelled context: %q, %v", id, err)
	}
	if finder, ok := a.Platform().(bot.Finder); ok {
		if _, found, err := finder.Find(ctx, p); !errors.Is(err, context.Canceled) || found {
			t.Errorf("found with a cancelled context: %v, %v", found, err)
		}
	}
	a.none(maria, channel)
}

func testAtOnce(t *testing.T, open Opener) {
	a := play(t, open, func(e bot.Event) bot.Reply { return bot.Say(card.Paragraph("heard " + e.Text)) })
	const many = 20
	ids, errs := make([]string, many), make([]error, many)
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			p := post(a.Address(Spot{maria, channel, ""}), fmt.Sprintf("post number %d.", i))
			ids[i], errs[i] = a.Platform().Send(t.Context(), p)
		})
	}
	a.say(Spot{devon, channel, ""}, "meanwhile")
	wg.Wait()
	a.check(errors.Join(errs...))
	seen := a.seen(maria, channel)
	if len(seen) != many+1 {
		t.Fatalf("%d messages are seen, want %d", len(seen), many+1)
	}
	for i, id := range ids {
		at := slices.IndexFunc(seen, func(m Message) bool { return m.ID == id })
		if at < 0 {
			t.Fatalf("%q is not among %+v", id, seen)
		}
		a.reads(seen[at], fmt.Sprintf("post number %d.", i))
		seen[at].ID = "" // so that no id counts twice
	}
}
