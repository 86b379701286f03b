package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

var offer = card.Buttons{
	{Label: "Public", Say: "public"},
	{Label: "Private", Say: "private"},
	{Label: "Replace", Say: "replace"},
	{Label: "Long", Say: "long"},
	{Label: "Long private", Say: "long private"},
	{Label: "Whisper", Say: "whisper"},
}

// long is a card of many messages.
func long() card.Message {
	items := make([]string, 1200)
	for i := range items {
		items[i] = fmt.Sprintf("item %04d of a list that is long enough for several messages", i)
	}
	return card.New(card.List{Title: "All:", Items: items})
}

// answers gives each kind of reply to its button.
func answers(e bot.Event) bot.Reply {
	switch e.Say {
	case "public":
		return bot.Say(card.Paragraph("for all"))
	case "private":
		return bot.Whisper(card.Paragraph("for you"))
	case "replace":
		return bot.Reply{Card: card.New(card.Paragraph("replaced")), Replace: true}
	case "replace privately":
		return bot.Reply{Card: card.New(card.Paragraph("replaced for you"), card.Buttons{{Label: "On", Say: "replace privately"}}), Replace: true, Private: true}
	case "long":
		return bot.Reply{Card: long()}
	case "long private":
		return bot.Reply{Card: long(), Private: true}
	case "whisper":
		return bot.Whisper(card.Paragraph("look"), card.Buttons{{Label: "Replace", Say: "replace privately"}, {Label: "Public", Say: "public"}})
	}
	return bot.Say(card.Paragraph("Well?"), offer)
}

// posted is a room with a message that has buttons.
func posted(t *testing.T, change func(o *staged)) (*stage, slacktest.In, string) {
	t.Helper()
	st := newStage(t, func(o *staged) {
		o.answer = answers
		if change != nil {
			change(o)
		}
	})
	in := slacktest.In{Channel: st.room.ID()}
	st.done(st.maria.Mention(t.Context(), in, "hello"))
	return st, in, st.last(st.maria, in.Channel, 1).TS
}

// used returns how often response URLs were used, and refused.
func (st *stage) used() (n, refused int) {
	for _, c := range st.Calls("response_url") {
		if n++; c.Error != "" {
			refused++
		}
	}
	return n, refused
}

func TestAButtonAnswersWhereTandemIsNoMember(t *testing.T) {
	st, in, ts := posted(t, nil)
	watcher := st.home.Person(slacktest.User{Name: "watcher"})
	st.room.Add(watcher)
	st.room.RemoveBot()
	st.done(st.maria.Press(t.Context(), in, ts, "Public"))
	if m := st.last(st.maria, in.Channel, 2); m.Text != "for all" || m.Ephemeral {
		t.Errorf("for all there is %+v", m)
	}
	st.done(st.maria.Press(t.Context(), in, ts, "Private"))
	if m := st.last(st.maria, in.Channel, 3); m.Text != "for you" || !m.Ephemeral {
		t.Errorf("for one there is %+v", m)
	}
	st.last(watcher, in.Channel, 2)
	if n, refused := st.used(); n != 2 || refused != 0 {
		t.Errorf("response URLs were used %d times, %d in vain: %+v", n, refused, st.Calls("response_url"))
	}
	if direct := st.said(st.maria, ""); len(direct) > 0 {
		t.Errorf("directly it says %+v", direct)
	}
}

func TestACommandAnswersWhereTandemIsNoMember(t *testing.T) {
	st, in, _ := posted(t, nil)
	st.room.RemoveBot()
	st.done(st.maria.Slash(t.Context(), in, "/tandem", "hello"))
	if m := st.last(st.maria, in.Channel, 2); !strings.HasPrefix(m.Text, "Well?") {
		t.Errorf("there is %+v", m)
	}
}

func TestAnAnswerByTheResponseURLStaysInItsThread(t *testing.T) {
	st, in, _ := posted(t, nil)
	if d, err := st.maria.Say(t.Context(), in, "no mention"); err != nil || d != nil {
		t.Fatal(d, err)
	}
	all, err := st.maria.Seen(in.Channel)
	if err != nil {
		t.Fatal(err)
	}
	in.Thread = all[len(all)-1].TS
	st.done(st.maria.Mention(t.Context(), in, "hello"))
	inside := st.last(st.maria, in.Channel, 2)
	if inside.Thread != in.Thread {
		t.Fatalf("the reply is %+v", inside)
	}
	st.room.RemoveBot()
	for i, label := range []string{"Public", "Private"} {
		st.done(st.maria.Press(t.Context(), in, inside.TS, label))
		if m := st.last(st.maria, in.Channel, 3+i); m.Thread != in.Thread {
			t.Errorf("the answer to %s stands in the thread %q, not %q", label, m.Thread, in.Thread)
		}
	}
}

func TestWhatOnePersonSeesIsReplaced(t *testing.T) {
	st, in, ts := posted(t, nil)
	st.done(st.maria.Press(t.Context(), in, ts, "Whisper"))
	own := st.last(st.maria, in.Channel, 2)
	st.done(st.maria.Press(t.Context(), in, own.TS, "Replace"))
	if m := st.last(st.maria, in.Channel, 2); m.TS != own.TS || m.Text != "replaced for you" || !m.Ephemeral {
		t.Errorf("it became %+v", m)
	}
	// Each press has a response URL of its own, so five uses are no limit here.
	for range 7 {
		st.done(st.maria.Press(t.Context(), in, own.TS, "On"))
	}
	st.last(st.maria, in.Channel, 2)
	if n, refused := st.used(); n != 8 || refused != 0 {
		t.Errorf("response URLs were used %d times, %d in vain: %+v", n, refused, st.Calls("response_url"))
	}
}

func TestWhatOnePersonSeesIsSaidAnewWhereTheURLExpired(t *testing.T) {
	slow := &late{}
	st, in, ts := posted(t, func(o *staged) { o.slack.Inbox = slow })
	st.done(st.maria.Press(t.Context(), in, ts, "Whisper"))
	own := st.last(st.maria, in.Channel, 2)
	slow.before = func() { st.pass(31 * time.Minute) }
	st.done(st.maria.Press(t.Context(), in, own.TS, "Replace"))
	if m := st.last(st.maria, in.Channel, 3); m.Text != "replaced for you" || !m.Ephemeral {
		t.Errorf("there is %+v", m)
	}
	if n, refused := st.used(); n != 1 || refused != 1 {
		t.Errorf("response URLs were used %d times, %d in vain: %+v", n, refused, st.Calls("response_url"))
	}
}

func TestWithoutAResponseURLTheAnswerComesDirectly(t *testing.T) {
	slow := &late{}
	st, in, ts := posted(t, func(o *staged) { o.slack.Inbox = slow })
	st.room.RemoveBot()
	slow.before = func() { st.pass(31 * time.Minute) }
	for i, label := range []string{"Public", "Private"} {
		st.done(st.maria.Press(t.Context(), in, ts, label))
		st.sees(st.last(st.maria, "", 1+i), []string{"for all", "for you"}[i])
	}
	st.last(st.maria, in.Channel, 1)
}

func TestAResponseURLIsUsedFiveTimes(t *testing.T) {
	parts := len(slack.Render(long()))
	if parts < 7 {
		t.Fatalf("the long card has %d messages", parts)
	}
	for label, private := range map[string]bool{"Long": false, "Long private": true} {
		st, in, ts := posted(t, nil)
		st.room.RemoveBot()
		st.done(st.maria.Press(t.Context(), in, ts, label))
		here, direct := st.said(st.maria, in.Channel)[1:], st.said(st.maria, "")
		if len(here) != 5 || len(direct) != parts-5 {
			t.Errorf("%s: of %d messages %d are in the channel, %d direct", label, parts, len(here), len(direct))
		}
		var text strings.Builder
		for _, m := range append(here, direct...) {
			text.WriteString(m.Text + "\n")
		}
		for i := range 1200 {
			if n := strings.Count(text.String(), fmt.Sprintf("item %04d", i)); n != 1 {
				t.Fatalf("%s: item %d is there %d times", label, i, n)
			}
		}
		for _, m := range here {
			if m.Ephemeral != private {
				t.Errorf("%s: %+v", label, m)
			}
		}
		if n, refused := st.used(); n != 5 || refused != 0 {
			t.Errorf("%s: the response URL was used %d times, %d in vain", label, n, refused)
		}
	}
}

func TestAMessageIsReplacedWhereTandemIsNoMember(t *testing.T) {
	st := newStage(t, func(o *staged) { o.answer = answers })
	room := st.home.Channel(slacktest.NewChannel{ID: "C0PRIVATE01", Name: "private", Private: true, Members: []*slacktest.Person{st.maria}, Bot: true})
	in := slacktest.In{Channel: room.ID()}
	st.done(st.maria.Mention(t.Context(), in, "hello"))
	ts := st.last(st.maria, in.Channel, 1).TS
	room.RemoveBot() // so it doesn't even know the channel
	st.done(st.maria.Press(t.Context(), in, ts, "Replace"))
	if m := st.last(st.maria, in.Channel, 1); m.Text != "replaced" || m.TS != ts {
		t.Errorf("it became %+v", m)
	}
	if direct := st.said(st.maria, ""); len(direct) > 0 {
		t.Errorf("directly it says %+v", direct)
	}
}

// A replacement whose answer was lost is made again, which is no second one.
func TestALostReplacementIsMadeAgain(t *testing.T) {
	for _, fault := range []slacktest.Fault{slacktest.Lost, slacktest.BrokenAfter, slacktest.Broken, slacktest.Dropped} {
		st, in, ts := posted(t, nil)
		st.Fail("chat.update", fault)
		st.done(st.maria.Press(t.Context(), in, ts, "Replace"))
		if m := st.last(st.maria, in.Channel, 1); m.Text != "replaced" || m.TS != ts {
			t.Errorf("after fault %d it became %+v", fault, m)
		}
	}
}

// What was shown to one person alone can't be changed by its id, so an answer to
// its form, which has no response URL, is said anew.
func TestAFormInAWhisperIsAnswered(t *testing.T) {
	st := newStage(t, func(o *staged) {
		o.answer = func(e bot.Event) bot.Reply {
			if e.Values != nil {
				return bot.Reply{Card: card.New(card.Paragraph("recorded " + e.Values["who"])), Replace: true}
			}
			return bot.Whisper(card.Paragraph("Well?"), card.Form{Title: "Who?", Say: "away", Fields: []card.Field{{Name: "who", Label: "Who"}}})
		}
	})
	in := slacktest.In{Channel: st.room.ID()}
	st.done(st.maria.Mention(t.Context(), in, "away"))
	st.done(st.maria.Press(t.Context(), in, st.last(st.maria, in.Channel, 1).TS, "Fill in …"))
	st.done(st.maria.Submit(t.Context(), map[string]string{"field/who": "theo"}))
	st.sees(st.last(st.maria, in.Channel, 2), "recorded theo")
}
