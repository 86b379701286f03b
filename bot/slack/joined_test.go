package slack_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

func TestHelloIsSaidOnceWhereTandemIsAdded(t *testing.T) {
	st := newStage(t, nil)
	room := st.home.Channel(slacktest.NewChannel{ID: "C0NEW000001", Name: "new", Members: []*slacktest.Person{st.maria}})
	st.done(room.Invite(t.Context(), st.maria, st.in), nil)
	st.sees(st.last(st.maria, room.ID(), 1), "I am Tandem", "Say help")
	for range 3 {
		st.done(st.Replay(t.Context()))
	}
	st.last(st.maria, room.ID(), 1)
	// Whoever else comes in is told nothing.
	st.done(room.Join(t.Context(), st.devon), nil)
	st.last(st.maria, room.ID(), 1)
	st.done(st.room.Join(t.Context(), st.devon), nil)
	if said := st.said(st.maria, st.room.ID()); len(said) > 0 {
		t.Errorf("to somebody who came in it says %+v", said)
	}
	if events := st.talker.took(); len(events) > 0 {
		t.Errorf("it asks %+v", events)
	}
}

// forgetful is an inbox in which nothing is ever done, as where the process
// ends each time before it could say so.
type forgetful struct{ inbox.Memory }

func (*forgetful) Done(context.Context, string) error { return errors.New("the process has ended") }

// left is an inbox of a process that has ended while it was at what it had.
type left struct{ *inbox.Memory }

func (l left) Pending(ctx context.Context, after int64) iter.Seq2[inbox.Delivery, error] {
	return func(yield func(inbox.Delivery, error) bool) {
		for d, err := range l.Memory.Pending(ctx, after) {
			if d.Again = true; !yield(d, err) {
				return
			}
		}
	}
}

func TestHelloIsSaidOnceOverARestart(t *testing.T) {
	kept := &forgetful{}
	st := newStage(t, func(o *staged) { o.slack.Inbox = kept })
	st.done(st.room.Invite(t.Context(), st.maria, st.in), nil)
	st.last(st.maria, st.room.ID(), 1)
	st.stop()
	st.start(slack.Options{Inbox: left{&kept.Memory}, Now: st.time})
	st.awaitDone(&kept.Memory)
	st.last(st.maria, st.room.ID(), 1)
}

// awaitDone waits until a new adapter has worked on what was left to it. It may
// take what comes in before that, so it is asked until there is nothing.
func (st *stage) awaitDone(kept *inbox.Memory) {
	st.t.Helper()
	for range 100 {
		n := 0
		for _, err := range kept.Pending(st.t.Context(), 0) {
			if n++; err != nil {
				st.t.Fatal(err)
			}
		}
		if n == 0 {
			return
		}
		st.done(st.maria.Mention(st.t.Context(), slacktest.In{Channel: st.shared.ID()}, "after the restart"))
	}
	st.t.Fatal("something is left")
}

func TestAHelloThatWasLostIsSaidAfterARestart(t *testing.T) {
	kept := &inbox.Memory{}
	payload := `e{"type":"event_callback","event_id":"Ev1","team_id":"T0HARBOR001","authorizations":[{"team_id":"T0HARBOR001"}],"event":{"type":"member_joined_channel","user":"BOT","channel":"C0ROOM00001"}}`
	st := newStage(t, func(o *staged) { o.slack.Inbox = &forgetful{} })
	st.stop()
	payload = strings.Replace(payload, "BOT", st.in.UserID, 1)
	if fresh, err := kept.Accept(t.Context(), "Ev1", []byte(payload), st.time()); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	st.start(slack.Options{Inbox: left{kept}, Now: st.time})
	st.awaitDone(kept)
	st.sees(st.last(st.maria, st.room.ID(), 1), "I am Tandem")
}

func TestAMovedChannelIsTold(t *testing.T) {
	st := newStage(t, nil)
	st.done(st.shared.Renumber(t.Context(), "C0SHARED999"), nil)
	st.done(st.Replay(t.Context()))
	if got, want := st.changes.all(), []string{"moved T0HARBOR001 C0COORD0001 C0SHARED999"}; !slices.Equal(got, want) {
		t.Errorf("told is %q, want %q", got, want)
	}
	// In its new place everything goes on.
	st.done(st.devon.Mention(t.Context(), slacktest.In{Channel: "C0SHARED999"}, "hello"))
	st.sees(st.last(st.maria, "C0SHARED999", 1), "heard hello")
}

// What could not be told isn't lost: Slack says it only once.
func TestAChangeThatCouldNotBeToldComesAgain(t *testing.T) {
	kept := &inbox.Memory{}
	st := newStage(t, func(o *staged) { o.slack.Inbox = kept })
	st.changes.fail(errors.New("the store is busy"))
	st.done(st.shared.Renumber(t.Context(), "C0SHARED999"), nil)
	st.done(st.in.Tell(t.Context(), map[string]any{"type": "app_uninstalled"}), nil)
	if got := st.changes.all(); len(got) > 0 {
		t.Fatalf("told is %q", got)
	}
	st.stop()
	st.changes.fail(nil)
	st.start(slack.Options{Inbox: kept, Now: st.time})
	st.awaitDone(kept)
	got := st.changes.all()
	slices.Sort(got)
	if want := []string{"moved T0HARBOR001 C0COORD0001 C0SHARED999", "removed T0HARBOR001 Tandem was uninstalled from the workspace"}; !slices.Equal(got, want) {
		t.Errorf("told is %q, want %q", got, want)
	}
}

// current is the token that a workspace has now.
type current struct{ in *slacktest.Install }

func (c *current) Installation(context.Context, string, string) (slack.Installation, error) {
	return slack.Installation{Team: c.in.Team, Token: c.in.Token, BotUser: c.in.UserID}, nil
}

func TestBeingRemovedIsTold(t *testing.T) {
	now := &current{}
	st := newStage(t, func(o *staged) { o.slack.Installations = now })
	now.in = st.in
	st.done(st.maria.Mention(t.Context(), slacktest.In{Channel: st.room.ID()}, "before"))
	st.last(st.maria, st.room.ID(), 1)
	// A person's token is none of Tandem's.
	st.done(st.in.Tell(t.Context(), map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []any{"U1"}, "bot": []any{}}}), nil)
	if got := st.changes.all(); len(got) > 0 {
		t.Errorf("of a person's token it tells %q", got)
	}
	for _, d := range st.in.Uninstall(t.Context()) {
		st.done(d, nil)
	}
	st.done(st.Replay(t.Context()))
	got := st.changes.all()
	slices.Sort(got)
	if want := []string{"removed T0HARBOR001 Tandem was uninstalled from the workspace", "removed T0HARBOR001 the bot's token was revoked"}; !slices.Equal(got, want) {
		t.Errorf("told is %q, want %q", got, want)
	}
	// Installed again it works again.
	st.home.Install(slacktest.Scopes...)
	st.done(st.room.Invite(t.Context(), st.maria, st.in), nil)
	st.sees(st.last(st.maria, st.room.ID(), 2), "I am Tandem")
}

// late is an inbox that takes its time, by the stand-in's clock.
type late struct {
	inbox.Memory
	before func()
}

func (l *late) Accept(ctx context.Context, id string, payload []byte, at time.Time) (bool, error) {
	if l.before != nil {
		l.before()
	}
	return l.Memory.Accept(ctx, id, payload, at)
}

// away asks for a form by a button that carries it.
func away(e bot.Event) bot.Reply {
	form := card.Form{Title: "Who is away?", Say: "away", Fields: []card.Field{{Name: "who", Label: "Who", Required: true}}}
	switch {
	case e.Values != nil:
		return bot.Whisper(card.Paragraph("recorded " + e.Values["who"]))
	case e.Say == "form":
		return bot.Say(form)
	case e.Say == "mine":
		return bot.Say(form)
	}
	return bot.Say(card.Paragraph("Well?"), card.Buttons{{Label: "Ask", Say: "form"}}, form)
}

func TestAFormThatComesTooLateSaysSo(t *testing.T) {
	slow := &late{}
	st := newStage(t, func(o *staged) { o.slack.Inbox, o.answer, o.slack.HomeSays = slow, away, []string{"mine"} })
	room := slacktest.In{Channel: st.room.ID()}
	st.done(st.maria.Mention(t.Context(), room, "away"))
	st.done(st.maria.Say(t.Context(), slacktest.In{}, "away"))
	st.openHome(st.maria)
	asks, direct := st.last(st.maria, st.room.ID(), 1), st.last(st.maria, "", 1)
	slow.before = func() { st.pass(4 * time.Second) } // a trigger is good for three
	const sorry = "press the button again"

	st.done(st.maria.Press(t.Context(), room, asks.TS, "Fill in …"))
	if m := st.last(st.maria, st.room.ID(), 2); !m.Ephemeral || !strings.Contains(m.Text, sorry) {
		t.Errorf("in a channel it says %+v", m)
	}
	st.done(st.maria.Press(t.Context(), slacktest.In{}, direct.TS, "Fill in …"))
	st.sees(st.last(st.maria, "", 2), sorry)
	st.done(st.maria.PressView(t.Context(), "Fill in …", nil))
	st.sees(st.last(st.maria, "", 3), sorry)
	// What a command would have opened stands in the channel instead.
	st.done(st.maria.Press(t.Context(), room, asks.TS, "Ask"))
	if m := st.last(st.maria, st.room.ID(), 3); len(m.Buttons) != 1 || m.Buttons[0].Label != "Fill in …" {
		t.Errorf("instead of a form there is %+v", m)
	}
	if v, open := st.maria.Modal(); open {
		t.Fatalf("a form is open: %+v", v)
	}
	// Pressed again in time it opens.
	slow.before = nil
	st.done(st.maria.Press(t.Context(), room, asks.TS, "Fill in …"))
	st.done(st.maria.Submit(t.Context(), map[string]string{"field/who": "theo"}))
	if m := st.last(st.maria, st.room.ID(), 4); !m.Ephemeral || m.Text != "recorded theo" {
		t.Errorf("after the form there is %+v", m)
	}
}
