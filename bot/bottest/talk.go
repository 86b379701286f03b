package bottest

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

func testEvents(t *testing.T, open Opener) {
	a := play(t, open, nil)
	platform := a.Platform().Name()
	first := a.say(Spot{maria, channel, ""}, "who owns password resets?")
	if first.Platform != platform || first.ID == "" || first.User == "" || first.Channel == "" || first.Thread != "" ||
		first.Text != "who owns password resets?" || first.Say != "" || first.Values != nil || first.Message != "" {
		t.Errorf("a text in a channel is %+v", first)
	}
	if !first.At.Equal(night) {
		t.Errorf("it happened at %v, want %v", first.At, night)
	}
	direct := a.say(Spot{maria, "", ""}, "who is on call")
	if !direct.Direct() || direct.Text != "who is on call" || direct.User != first.User || direct.ID == first.ID {
		t.Errorf("a text in a direct message is %+v", direct)
	}
	others := a.say(Spot{devon, another, ""}, "the same")
	if others.User == first.User || others.Channel == first.Channel || others.ID == first.ID {
		t.Errorf("somebody else in another channel is %+v", others)
	}
	stranger := a.say(Spot{pat, channel, ""}, "hello")
	if stranger.User == first.User || stranger.User == others.User || stranger.Name == "" || stranger.Channel != first.Channel {
		t.Errorf("a stranger is %+v", stranger)
	}
	if to := a.Address(Spot{maria, channel, ""}); to.Channel != first.Channel || to.Tenant != first.Tenant || to.Platform != platform {
		t.Errorf("the channel's address is %+v, its events say %q of %q", to, first.Channel, first.Tenant)
	}
	if to := a.Address(Spot{maria, "", ""}); to.Channel != "" || to.User != first.User {
		t.Errorf("the person's address is %+v, their events say %q", to, first.User)
	}
	for _, person := range []string{maria, devon, pat} {
		a.none(person, channel)
		a.none(person, "")
	}
}

func testTyped(t *testing.T, open Opener) {
	a := play(t, open, nil)
	for _, text := range Hostile() {
		if strings.ContainsAny(text, "\r\n") || readable(text) != text {
			continue // what a platform's own input would change
		}
		for _, place := range []string{channel, ""} {
			if got := a.say(Spot{maria, place, ""}, "about "+text).Text; got != "about "+text {
				t.Errorf("in %q, %q arrives as %q", place, "about "+text, got)
			}
		}
	}
}

func testReplies(t *testing.T, open Opener) {
	a := play(t, open, func(e bot.Event) bot.Reply {
		if e.Text == "be quiet" {
			return bot.Reply{}
		}
		return bot.Say(card.Heading("Heard"), card.Paragraph(e.Text))
	})
	a.say(Spot{maria, channel, ""}, "one in the channel")
	a.say(Spot{maria, channel, ""}, "be quiet")
	for _, person := range []string{maria, devon, pat} {
		m := a.one(person, channel)
		a.reads(m, "Heard one in the channel")
		if m.Private || m.ID == "" || m.Thread != "" {
			t.Errorf("%s sees %+v", person, m)
		}
		a.none(person, another)
		a.none(person, "")
	}
	a.say(Spot{maria, "", ""}, "one between us")
	a.reads(a.one(maria, ""), "Heard one between us")
	a.none(devon, "")
	a.none(pat, "")
	a.say(Spot{pat, "", ""}, "one of a stranger")
	a.reads(a.one(pat, ""), "Heard one of a stranger")
	a.one(maria, channel)
}

func testPrivate(t *testing.T, open Opener) {
	a := play(t, open, func(e bot.Event) bot.Reply { return bot.Whisper(card.Paragraph("for you: " + e.Text)) })
	a.say(Spot{maria, channel, ""}, "the phone numbers")
	if m := a.one(maria, channel); !m.Private {
		t.Errorf("nothing says that only maria sees %+v", m)
	} else {
		a.reads(m, "for you: the phone numbers")
	}
	for _, person := range []string{devon, pat} {
		a.none(person, channel)
		a.none(person, "")
	}
	a.say(Spot{devon, "", ""}, "alone anyway")
	a.reads(a.one(devon, ""), "for you: alone anyway")
	a.none(maria, "")
}

func testButtons(t *testing.T, open Opener) {
	offer := card.Buttons{{Label: "Installs", Say: "who software-installs", Tone: card.Primary}, {Label: "Patching", Say: "who patch-management", Tone: card.Danger}}
	a := play(t, open, func(e bot.Event) bot.Reply {
		if e.Say != "" {
			return bot.Say(card.Paragraph("chosen: " + e.Say))
		}
		return bot.Say(card.Heading("Which one?"), offer)
	})
	asked := a.say(Spot{maria, channel, ""}, "who owns updates?")
	m := a.one(maria, channel)
	if want := []string{"Installs", "Patching"}; !slices.Equal(m.Buttons, want) {
		t.Fatalf("the buttons are %q, want %q", m.Buttons, want)
	}
	for _, person := range []string{maria, devon, pat} {
		e := a.press(Spot{person, channel, ""}, m.ID, "Patching")
		if e.Say != "who patch-management" || e.Text != "" || e.Message != m.ID || e.Channel != asked.Channel || e.ID == asked.ID || !e.At.Equal(night) {
			t.Errorf("%s's press is %+v", person, e)
		}
		if (e.User == asked.User) != (person == maria) {
			t.Errorf("%s pressed, and the event says %s", person, e.User)
		}
	}
	if seen := a.seen(devon, channel); len(seen) != 4 {
		t.Errorf("after three presses there are %d messages", len(seen))
	}
	a.say(Spot{maria, "", ""}, "who owns updates?")
	if e := a.press(Spot{maria, "", ""}, a.one(maria, "").ID, "Installs"); !e.Direct() || e.Say != "who software-installs" {
		t.Errorf("a press in a direct message is %+v", e)
	}
}

func testForms(t *testing.T, open Opener) {
	form := card.Form{
		Title: "Who is away?", Say: "away", Submit: "Record", Typed: "away PERSON FROM..TO",
		Fields: []card.Field{
			{Name: "who", Label: "Who", Kind: card.Choice, Options: []card.Option{{Value: maria, Label: "Maria Ortega"}, {Value: devon, Label: "Devon Pruitt"}}, Required: true},
			{Name: "from", Label: "From", Kind: card.Day, Value: "2026-12-24", Required: true},
			{Name: "days", Label: "Days", Kind: card.Number},
			{Name: "why", Label: "Why", Kind: card.Text, Hint: "nobody else sees it"},
			{Name: "cover", Label: "Cover", Value: "theo"},
		},
	}
	a := play(t, open, func(e bot.Event) bot.Reply {
		if e.Say != "" {
			return bot.Say(card.Paragraph("Recorded."))
		}
		return bot.Say(card.Paragraph("Fill it in."), form)
	})
	for i, place := range []string{channel, ""} {
		asked := a.say(Spot{maria, place, ""}, "away")
		m := a.one(maria, place)
		if want := []string{"who", "from", "days", "why", "cover"}; !slices.Equal(m.Fields, want) {
			t.Fatalf("the fields are %q, want %q", m.Fields, want)
		}
		given := map[string]string{"who": devon, "days": "3", "why": "skiing <b>& more</b>"}
		want := map[string]string{"who": devon, "from": "2026-12-24", "days": "3", "why": "skiing <b>& more</b>", "cover": "theo"}
		if i == 1 {
			delete(given, "why")
			want["why"] = ""
		}
		e := a.submit(Spot{maria, place, ""}, m.ID, given)
		if e.Say != "away" || e.Text != "" || e.Message != m.ID || e.User != asked.User || e.Channel != asked.Channel || !maps.Equal(e.Values, want) {
			t.Errorf("in %q the form is %+v, want the values %v", place, e, want)
		}
		seen := a.seen(maria, place)
		a.reads(seen[len(seen)-1], "Recorded.")
	}
}

func testReplacing(t *testing.T, open Opener) {
	a := play(t, open, func(e bot.Event) bot.Reply {
		if e.Say != "" {
			r := bot.Say(card.Paragraph("Acknowledged by one."), card.Buttons{{Label: "Undo", Say: "undo"}})
			r.Replace = true
			return r
		}
		return bot.Say(card.Paragraph("Please acknowledge."), card.Buttons{{Label: "Acknowledge", Say: "ack 1"}})
	})
	for _, place := range []string{channel, ""} {
		a.say(Spot{maria, place, ""}, "announce")
		before := a.one(maria, place)
		a.press(Spot{maria, place, ""}, before.ID, "Acknowledge")
		after := a.one(maria, place)
		if after.ID != before.ID || strings.Contains(after.Text, "Please") || !slices.Equal(after.Buttons, []string{"Undo"}) {
			t.Errorf("in %q, %+v became %+v", place, before, after)
		}
		a.reads(after, "Acknowledged by one.")
	}
	a.reads(a.one(devon, channel), "Acknowledged by one.")
}

func testRepeats(t *testing.T, open Opener) {
	a := play(t, open, func(bot.Event) bot.Reply {
		return bot.Say(card.Paragraph("once"), card.Buttons{{Label: "Go", Say: "go"}})
	})
	a.say(Spot{maria, channel, ""}, "hello")
	again := func(acted string) {
		t.Helper()
		events, seen := len(a.events()), len(a.seen(maria, channel))
		if err := a.Again(t.Context()); errors.Is(err, errors.ErrUnsupported) {
			t.Skip("this platform repeats no events")
		} else if err != nil {
			t.Fatal(err)
		}
		if len(a.events()) != events || len(a.seen(maria, channel)) != seen {
			t.Errorf("%s, delivered again, had an effect again", acted)
		}
	}
	again("a text")
	a.press(Spot{maria, channel, ""}, a.one(maria, channel).ID, "Go")
	again("a press")
	a.say(Spot{maria, channel, ""}, "hello")
	if n := len(a.events()); n != 3 {
		t.Errorf("the same text typed again is no repeat, but there are %d events", n)
	}
}
