package slack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

// at home, each person has cards of their own.
func homely(e bot.Event) bot.Reply {
	switch {
	case e.Say == "mine":
		return bot.Whisper(card.Heading("Open for "+e.Name), card.Buttons{{Label: "Done", Say: "ack 7"}, {Label: "Nothing", Say: "nothing"}})
	case e.Say == "dates":
		return bot.Say(card.Table{Title: "Dates:", Columns: []string{"What", "When"}, Rows: [][]string{{"Review", "5 Jan"}, {"Backup", "6 Jan"}}},
			card.Buttons{{Label: "Away", Say: "away"}})
	case e.Say == "away" && e.Values == nil:
		return bot.Say(card.Form{Title: "Who is away?", Say: "away", Fields: []card.Field{{Name: "who", Label: "Who", Required: true}}})
	case e.Say == "away":
		return bot.Say(card.Paragraph("recorded " + e.Values["who"]))
	case strings.HasPrefix(e.Say, "ack"):
		return bot.Reply{Card: card.New(card.Paragraph("acknowledged " + e.Say)), Replace: true}
	}
	return bot.Reply{}
}

func homeStage(t *testing.T, says ...string) *stage {
	t.Helper()
	return newStage(t, func(o *staged) { o.slack.HomeSays, o.answer = says, homely })
}

// openHome returns the Home tab as somebody finds it when they open it.
func (st *stage) openHome(p *slacktest.Person) slacktest.View {
	st.t.Helper()
	st.done(p.OpenHome(st.t.Context()))
	v, ok := p.Home()
	if !ok {
		st.t.Fatalf("%s has no Home tab", p.ID)
	}
	return v
}

func TestHomeIsWhatThePersonSees(t *testing.T) {
	st := homeStage(t, "mine", "empty", "dates")
	v := st.openHome(st.maria)
	st.sees(v.Message, "Open for Maria Ortega", "Dates:", "Review", "5 Jan")
	var labels []string
	for _, b := range v.Message.Buttons {
		labels = append(labels, b.Label)
	}
	if !slices.Equal(labels, []string{"Done", "Nothing", "Away"}) {
		t.Errorf("the buttons are %q", labels)
	}
	for _, e := range st.talker.took() {
		if e.User != st.maria.ID || e.Tenant != st.home.ID || !e.Direct() || e.ID != "" || e.Foreign {
			t.Errorf("it is asked as %+v", e)
		}
	}
	// It is anew each time, for each person their own.
	st.openHome(st.maria)
	st.sees(st.openHome(st.devon).Message, "Open for Devon Pruitt")
	for _, e := range st.talker.took()[3:] {
		if e.User != st.away.ID+"/"+st.devon.ID || !e.Foreign || e.Tenant != st.home.ID {
			t.Errorf("for somebody of the other workspace it is asked as %+v", e)
		}
	}
	if n := len(st.Calls("views.publish")); n != 3 {
		t.Errorf("it was published %d times", n)
	}
	if said := st.said(st.maria, ""); len(said) > 0 {
		t.Errorf("opening it says %+v", said)
	}
}

func TestTheMessagesTabIsNoHome(t *testing.T) {
	st := homeStage(t, "mine")
	st.done(st.maria.OpenMessages(t.Context()))
	if calls, events := st.Calls(""), st.talker.took(); len(calls) > 0 || len(events) > 0 {
		t.Errorf("it calls %+v and asks %+v", calls, events)
	}
}

func TestAHomeWithoutCardsSaysHello(t *testing.T) {
	st := homeStage(t, "empty")
	st.sees(st.openHome(st.maria).Message, "I am Tandem")
}

func TestHomeLeavesOutWhatIsNotTheirs(t *testing.T) {
	st := newStage(t, func(o *staged) {
		o.slack.HomeSays = []string{"mine", "dates", "team"}
		o.answer = func(e bot.Event) bot.Reply {
			switch {
			case e.Say == "dates":
				return bot.Say(card.Paragraph("The dates"))
			case e.Refresh:
				return bot.Reply{}
			}
			return bot.Whisper(card.Heading("Not yours to do"))
		}
	})
	v := st.openHome(st.maria)
	st.sees(v.Message, "I am Tandem", "The dates")
	if strings.Contains(v.Message.Text, "Not yours") {
		t.Errorf("it shows %q", v.Message.Text)
	}
}

func TestHomeAsksOnceWhichEngagementIsMeant(t *testing.T) {
	st := newStage(t, func(o *staged) {
		o.slack.HomeSays = []string{"mine", "dates"}
		o.answer = func(e bot.Event) bot.Reply {
			if e.Refresh {
				return bot.Reply{}
			}
			return bot.Whisper(card.Heading("Which engagement?"), card.Buttons{{Label: "Harbor", Say: "in harbor " + e.Say}})
		}
	})
	v := st.openHome(st.maria)
	if n := strings.Count(v.Message.Text, "Which engagement?"); n != 1 || len(v.Message.Buttons) != 1 || strings.Contains(v.Message.Text, "I am Tandem") {
		t.Errorf("it shows %q with %+v", v.Message.Text, v.Message.Buttons)
	}
}

func TestHomeNamesWhatItLeavesOut(t *testing.T) {
	many := func(word string, n int) bot.Reply {
		var all []card.Block
		for i := range n {
			all = append(all, card.Paragraph(fmt.Sprintf("%s %03d", word, i)))
		}
		return bot.Say(all...)
	}
	counts := map[string]int{"first": 60, "second": 38, "third": 5, "fourth": 1}
	st := newStage(t, func(o *staged) {
		o.slack.HomeSays = []string{"first", "second", "third", "fourth"}
		o.answer = func(e bot.Event) bot.Reply { return many(e.Say, counts[e.Say]) }
	})
	// 60 and 38 with a line between are all that there is room for beside the note.
	v := st.openHome(st.maria)
	st.sees(v.Message, "first 059", "second 037", "say third, or fourth.")
	if text := v.Message.Text; strings.Contains(text, "third 000") || strings.Contains(text, "say first") || strings.Contains(text, "or second") {
		t.Errorf("it shows %q", text)
	}
	counts["second"]++ // its last line has no room any more, so it is named too
	st.sees(st.openHome(st.maria).Message, "second 037", "say second, or third, or fourth.")
	counts["first"], counts["second"], counts["third"] = 40, 50, 4
	if v := st.openHome(st.maria); strings.Contains(v.Message.Text, "more than") || !strings.Contains(v.Message.Text, "fourth 000") {
		t.Errorf("with room for everything it shows %q", v.Message.Text)
	}
}

func TestButtonsOfTheHomeTabAnswerDirectly(t *testing.T) {
	st := homeStage(t, "mine", "dates")
	st.openHome(st.maria)
	st.talker.took()
	st.done(st.maria.PressView(t.Context(), "Done", nil))
	st.sees(st.last(st.maria, "", 1), "acknowledged ack 7")
	st.done(st.Replay(t.Context()))
	st.last(st.maria, "", 1)
	if all := st.talker.took(); len(all) != 1 || all[0].Say != "ack 7" || all[0].User != st.maria.ID || !all[0].Direct() || all[0].ID == "" {
		t.Errorf("the press is %+v", all)
	}
	// What says nothing says nothing; a form opens, and its answer comes directly too.
	st.done(st.maria.PressView(t.Context(), "Nothing", nil))
	st.last(st.maria, "", 1)
	st.done(st.maria.PressView(t.Context(), "Away", nil))
	st.last(st.maria, "", 1)
	if v, open := st.maria.Modal(); !open || v.Title != "Who is away?" {
		t.Fatalf("no form is open: %+v", v)
	}
	st.done(st.maria.Submit(t.Context(), map[string]string{"field/who": "theo"}))
	st.sees(st.last(st.maria, "", 2), "recorded theo")
	for _, c := range st.Calls("") {
		if c.Error != "" {
			t.Errorf("in vain %s was tried with %v: %s", c.Method, c.Args, c.Error)
		}
	}
	for _, c := range []*slacktest.Channel{st.room, st.shared} {
		if said := st.said(st.maria, c.ID()); len(said) > 0 {
			t.Errorf("in %s it says %+v", c.ID(), said)
		}
	}
}
