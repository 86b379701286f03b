package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
	"github.com/tandem-bot/tandem/store"
)

const (
	teamsApp     = "11111111-2222-4333-8444-555555555555"
	teamsTenant  = "99999999-8888-4777-8666-555555555555"
	teamsMaria   = "5607d348-b76a-4195-bf56-87562435f232"
	teamsDevon   = "1a34e88c-4e04-4a81-8192-da7e68df2cc1"
	teamsChannel = "19:2f87b58e252b23387ae8e5b2405d2977@thread.tacv2"
)

// teamsTown is the sample engagement's Teams, before a serve.
type teamsTown struct {
	*teamstest.Teams
	t      *testing.T
	served *served
}

func newTeamsTown(t *testing.T) *teamsTown {
	t.Helper()
	w := &teamsTown{t: t, Teams: teamstest.Open(t, teamstest.Options{App: teamsApp, Tenant: teamsTenant, Secret: "a secret", Now: time.Now})}
	w.Channel(teamsChannel)
	w.Channel("19:bdc3fbc7a8789c5c027f12c916d3bfb7@thread.tacv2")
	return w
}

// section is the configuration's.
func (w *teamsTown) section() string {
	return `
teams: {app_id: ` + teamsApp + `, tenant: ` + teamsTenant + `, secret: a secret, emulator: "` + strings.TrimRight(w.URL(), "/") + `"}
`
}

func (w *teamsTown) config() string {
	return `
store: tandem.db
listen: 127.0.0.1:0
log: {format: json, level: debug}
health: {listen: "127.0.0.1:0"}
` + w.section()
}

func (w *teamsTown) deliver(activity map[string]any) string {
	w.t.Helper()
	status, body, err := w.Deliver(w.t.Context(), "http://"+w.served.chat+"/api/messages", activity)
	if err != nil || status != http.StatusOK {
		w.t.Fatalf("%d %s %v", status, body, err)
	}
	return string(body)
}

// say types a text, in the channel with a mention; "" is the chat with Tandem.
func (w *teamsTown) say(user, channel, text string) {
	w.t.Helper()
	id := w.NextID()
	conversation := w.Chat(user)
	if channel != "" {
		conversation = channel + ";messageid=" + id
	}
	a := w.Activity("message", id, conversation, user, "Somebody")
	a["text"] = text
	if channel != "" {
		a["text"] = "<at>Tandem</at> " + text
		a["entities"] = []any{map[string]any{"type": "mention", "text": "<at>Tandem</at>", "mentioned": map[string]any{"id": "28:" + teamsApp, "name": "Tandem"}}}
	}
	w.deliver(a)
}

// press presses a button of a message by its title, and returns the answer.
func (w *teamsTown) press(user string, m teamstest.Message, title string) string {
	w.t.Helper()
	action := actionOf(m.Activity, title)
	if action == nil {
		w.t.Fatalf("there is no button %q: %s", title, jsonOf(m.Activity))
	}
	a := w.Activity("invoke", "f:"+w.NextID(), m.Conversation+";messageid="+m.Thread, user, "Somebody")
	a["name"], a["replyToId"] = "adaptiveCard/action", m.ID
	a["value"] = map[string]any{"action": action, "trigger": "manual"}
	return w.deliver(a)
}

// actionOf looks for an action anywhere in an activity.
func actionOf(in any, title string) map[string]any {
	switch v := in.(type) {
	case map[string]any:
		if v["title"] == title && v["verb"] != nil {
			return v
		}
		for _, child := range v {
			if found := actionOf(child, title); found != nil {
				return found
			}
		}
	case []any:
		for _, child := range v {
			if found := actionOf(child, title); found != nil {
				return found
			}
		}
	}
	return nil
}

func jsonOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// said waits until so many messages of a conversation hold a text.
func (w *teamsTown) said(conversation, text string, times int) []teamstest.Message {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var of []teamstest.Message
		all := w.Messages(conversation)
		for _, m := range all {
			if strings.Contains(jsonOf(m.Activity), text) {
				of = append(of, m)
			}
		}
		if len(of) >= times {
			return of
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%q was not said %d times: %s\n%s", text, times, jsonOf(all), w.served.logged())
		}
	}
}

// TestServeTeams: the channel, the personal chat, and a restart.
func TestServeTeams(t *testing.T) {
	w := newTeamsTown(t)
	dir := servedFolder(t, w.config(), 1)
	w.served = serveIn(t, dir)
	w.say(teamsMaria, teamsChannel, "who owns password resets?")
	got := w.said(teamsChannel, "Theo Lindqvist", 1)[0]
	if got.Thread == got.ID {
		t.Errorf("the answer stands alone: %+v", got)
	}
	w.say(teamsDevon, "", "who is on call?")
	w.said(w.Chat(teamsDevon), "Lee Tran", 1)
	w.served.stopped()

	// A new process knows the conversations: it speaks in them unasked.
	w.served = serveIn(t, dir)
	w.say(teamsMaria, "", `announce "The office is closed on Friday." ack by Devon Pruitt`)
	asked := w.said(teamsChannel, "The office is closed on Friday.", 1)[0]
	if answer := w.press(teamsMaria, asked, "Acknowledge"); !strings.Contains(answer, "200") {
		t.Errorf("who wasn't asked is answered %s", answer)
	}
	w.press(teamsDevon, asked, "Acknowledge")
	w.said(teamsChannel, `"text":"Devon Pruitt on `, 1) // acknowledged, and when
	w.served.stopped()
}

// TestServeTeamsWithoutTokens: the development mode is loud and on this machine.
func TestServeTeamsWithoutTokens(t *testing.T) {
	w := newTeamsTown(t)
	dir := servedFolder(t, strings.Replace(w.config(), "secret: a secret", "no_tokens: yes", 1), 1)
	w.served = serveIn(t, dir)
	if !strings.Contains(w.served.logged(), "TEAMS WITHOUT TOKENS") || !strings.HasPrefix(w.served.chat, "127.0.0.1:") {
		t.Errorf("it says nothing of it, or listens at %s\n%s", w.served.chat, w.served.logged())
	}
	status, _, err := teamstest.Post(t.Context(), "http://"+w.served.chat+"/api/messages", "", w.Activity("message", w.NextID(), w.Chat(teamsMaria), teamsMaria, "Maria"))
	if err != nil || status != http.StatusOK {
		t.Errorf("%d %v", status, err)
	}
	w.served.stopped()
}

// TestServeBoth: the internal team in Slack and the MSP in Teams, at once. What one
// acknowledges is seen by the others.
func TestServeBoth(t *testing.T) {
	s, w := newSlackTown(t, false), newTeamsTown(t)
	s.also(w.section())
	// A standup late each day can be answered from the afternoon before on, so always.
	edit(t, s.dir, func(e *store.Engagement) {
		for i := range e.Cadences {
			if c := &e.Cadences[i]; c.Kind == store.KindStandup {
				c.Schedule, c.OnHoliday = "30 23 * * *", store.HolidayKeep
			}
		}
	})
	w.served = s.serve()
	// Until somebody spoke in Teams, nothing is known of its conversations.
	w.say(teamsDevon, teamsChannel, "who owns password resets?")
	w.said(teamsChannel, "Theo Lindqvist", 1)

	s.mention(s.maria, `announce "The firewall is replaced on Sunday." ack by Maria Ortega, Devon Pruitt`)
	inTeams := w.said(teamsChannel, "The firewall is replaced on Sunday.", 1)[0]
	inSlack := s.saidWith(s.maria, s.coordination.ID(), "The firewall is replaced on Sunday.", "Acknowledge")
	if d, err := s.maria.Press(t.Context(), slacktest.In{Channel: s.coordination.ID()}, inSlack.TS, "Acknowledge"); err != nil || !d.OK() {
		t.Fatal(err, d)
	}
	w.said(teamsChannel, `"text":"Maria Ortega on `, 1) // acknowledged, and when
	w.press(teamsDevon, inTeams, "Acknowledge")
	w.said(teamsChannel, "and Devon Pruitt on ", 1)
	s.said(s.maria, s.coordination.ID(), "and Devon Pruitt on ", 1)
	// Answers to one standup come from both, and each sees what is theirs.
	s.mention(s.maria, "answer weekly-standup: laptops / printers / nothing")
	s.said(s.maria, s.coordination.ID(), "Thank you. The digest goes into the thread", 1)
	w.say(teamsDevon, "", "mine")
	w.said(w.Chat(teamsDevon), "Your answer: ", 1)
	w.say(teamsDevon, "", "nothing weekly-standup")
	w.said(w.Chat(teamsDevon), "Nothing to report, noted", 1)
	if n := countRows(t, s.dir, `SELECT COUNT(DISTINCT platform) FROM answers GROUP BY cadence, civil`); n != 2 {
		t.Errorf("the answers to the standup come from %d platforms", n)
	}
	if n := countRows(t, s.dir, `SELECT COUNT(DISTINCT platform) FROM acknowledgement_events WHERE event = 'given'`); n != 2 {
		t.Errorf("the acknowledgements come from %d platforms", n)
	}
	if n := countRows(t, s.dir, `SELECT COUNT(*) FROM deliveries WHERE state = 'dead'`); n != 0 {
		t.Errorf("%d messages were given up\n%s", n, w.served.logged())
	}
	w.served.stopped()
}
