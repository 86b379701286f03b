package slack_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store"
)

// several are the installations of several workspaces.
type several map[string]slack.Installation

func (s several) Installation(_ context.Context, team, _ string) (slack.Installation, error) {
	if in, ok := s[team]; ok {
		return in, nil
	}
	return slack.Installation{}, store.Errorf(store.CodeNotFound, "Tandem is not installed in %s.", team)
}

// asked is a handler that lets one person alone acknowledge, whoever presses.
func asked(user string) func(e bot.Event) bot.Reply {
	form := card.Form{Title: "Who is away?", Say: "away", Fields: []card.Field{{Name: "who", Label: "Who", Required: true}}}
	return func(e bot.Event) bot.Reply {
		switch {
		case e.Values != nil:
			return bot.Whisper(card.Paragraph("recorded " + e.Values["who"] + " by " + e.User))
		case e.Say == "ack" && e.User != user:
			return bot.Whisper(card.Paragraph("not asked of " + e.User))
		case e.Say == "ack":
			return bot.Reply{Card: card.New(card.Paragraph("acknowledged by " + e.Name)), Replace: true}
		case e.Say == "whisper":
			return bot.Whisper(card.Paragraph("between us"), card.Buttons{{Label: "Acknowledge", Say: "ack"}})
		}
		return bot.Say(card.Paragraph("heard "+e.Text+" of "+e.User), card.Buttons{{Label: "Acknowledge", Say: "ack"}, {Label: "Whisper", Say: "whisper"}}, form)
	}
}

const devonUser = "T04PALMR1DG/U088K5NH4HT"

// who fails where an event is not of devon, as somebody of the other workspace.
func (st *stage) ofDevon(tenant string) {
	st.t.Helper()
	events := st.talker.took()
	if len(events) == 0 {
		st.t.Error("nothing was heard")
	}
	for _, e := range events {
		if e.User != devonUser || !e.Foreign || e.Tenant != tenant || e.Name != "Devon Pruitt" {
			st.t.Errorf("heard is %+v", e)
		}
	}
}

func TestPeopleOfTheOtherWorkspaceDoEverything(t *testing.T) {
	for name, socket := range map[string]bool{"HTTP": false, "Socket Mode": true} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t, func(o *staged) {
				o.stand.App.SocketMode, o.answer, o.slack.HomeSays = socket, asked(devonUser), []string{"home"}
			})
			st.doesEverything(st.home.ID)
		})
	}
}

// Where the other workspace has a Tandem of its own as well, what happens in the
// shared channel is still this one's.
func TestPeopleWhoseWorkspaceHasATandemToo(t *testing.T) {
	all := several{}
	st := newStage(t, func(o *staged) { o.answer, o.slack.Installations = asked(devonUser), all })
	own := st.away.Install(slacktest.Scopes...)
	all[st.home.ID] = slack.Installation{Team: st.home.ID, Token: st.in.Token}
	all[st.away.ID] = slack.Installation{Team: st.away.ID, Token: own.Token}
	shared := slacktest.In{Channel: st.shared.ID()}
	st.inTheChannel(shared, st.home.ID)
	for _, c := range st.Calls("") {
		if c.Team == st.away.ID && c.Method != "auth.test" {
			t.Errorf("the other workspace's token was used: %+v", c)
		}
	}
	// Directly they talk with their own.
	st.done(st.devon.Say(t.Context(), slacktest.In{}, "hello"))
	if all := st.talker.took(); len(all) != 1 || all[0].Tenant != st.away.ID || all[0].Foreign || all[0].User != st.devon.ID {
		t.Errorf("their own hears %+v", all)
	}
}

// inTheChannel lets devon do everything that can be done in a shared channel.
func (st *stage) inTheChannel(shared slacktest.In, tenant string) {
	t := st.t
	t.Helper()
	st.done(st.devon.Mention(t.Context(), shared, "hello"))
	m := st.last(st.maria, shared.Channel, 1)
	st.sees(m, "heard hello of "+devonUser)
	st.ofDevon(tenant)
	// A whisper reaches devon alone, and its button is devon's too.
	st.done(st.devon.Press(t.Context(), shared, m.TS, "Whisper"))
	st.last(st.maria, shared.Channel, 1)
	own := st.last(st.devon, shared.Channel, 2)
	if !own.Ephemeral {
		t.Errorf("the whisper is %+v", own)
	}
	st.done(st.devon.Press(t.Context(), shared, own.TS, "Acknowledge"))
	st.sees(st.last(st.devon, shared.Channel, 3), "acknowledged by Devon Pruitt")
	st.ofDevon(tenant)
	// The form opens, and what is filled in is devon's.
	st.done(st.devon.Press(t.Context(), shared, m.TS, "Fill in …"))
	st.done(st.devon.Submit(t.Context(), map[string]string{"field/who": "theo"}))
	if m := st.last(st.devon, shared.Channel, 4); !m.Ephemeral || m.Text != "recorded theo by "+devonUser {
		t.Errorf("after the form there is %+v", m)
	}
	st.ofDevon(tenant)
	// Each click is checked: maria isn't who was asked, devon is.
	st.done(st.maria.Press(t.Context(), shared, m.TS, "Acknowledge"))
	if m := st.last(st.maria, shared.Channel, 3); !m.Ephemeral || m.Text != "not asked of "+st.maria.ID {
		t.Errorf("maria's click says %+v", m)
	}
	if all := st.talker.took(); len(all) != 1 || all[0].Foreign || all[0].User != st.maria.ID || all[0].Tenant != tenant {
		t.Errorf("maria's click is %+v", all)
	}
	st.done(st.devon.Press(t.Context(), shared, m.TS, "Acknowledge"))
	if m := st.said(st.maria, shared.Channel)[0]; m.Text != "acknowledged by Devon Pruitt" {
		t.Errorf("devon's click makes %+v", m)
	}
	st.ofDevon(tenant)
}

func (st *stage) doesEverything(tenant string) {
	t := st.t
	t.Helper()
	shared := slacktest.In{Channel: st.shared.ID()}
	st.inTheChannel(shared, tenant)

	// Directly it is the same.
	direct := slacktest.In{}
	st.done(st.devon.Say(t.Context(), direct, "hello"))
	m := st.last(st.devon, "", 1)
	st.sees(m, "heard hello of "+devonUser)
	st.done(st.devon.Press(t.Context(), direct, m.TS, "Fill in …"))
	st.done(st.devon.Submit(t.Context(), map[string]string{"field/who": "theo"}))
	st.sees(st.last(st.devon, "", 2), "recorded theo by "+devonUser)
	st.done(st.devon.Press(t.Context(), direct, m.TS, "Acknowledge"))
	st.sees(st.said(st.devon, "")[0], "acknowledged by Devon Pruitt")
	st.ofDevon(tenant)

	// So is the Home tab.
	st.openHome(st.devon)
	st.done(st.devon.PressView(t.Context(), "Whisper", nil))
	st.sees(st.last(st.devon, "", 3), "between us")
	st.ofDevon(tenant)

	// What Tandem says of its own accord reaches devon by what an event calls them.
	id, err := st.adapter.Send(t.Context(), bot.Post{To: bot.Address{Platform: slack.Platform, Tenant: tenant, User: devonUser}, Card: card.New(card.Paragraph("standup"))})
	if err != nil || id == "" {
		t.Fatalf("%q, %v", id, err)
	}
	st.sees(st.last(st.devon, "", 4), "standup")

	// The slash command is not theirs, but maria's.
	if d, err := st.devon.Slash(t.Context(), shared, "/tandem", "hello"); err == nil {
		t.Errorf("the slash command of the other workspace does %+v", d)
	}
	st.done(st.maria.Slash(t.Context(), shared, "/tandem", "by command"))
	// Its answer ends in a form, so it opens before maria.
	if v, open := st.maria.Modal(); !open || !strings.Contains(v.Message.Text, "heard by command of "+st.maria.ID) {
		t.Errorf("the slash command opens %+v", v)
	}
}
