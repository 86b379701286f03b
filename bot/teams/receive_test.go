package teams_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/teams/teamsharness"
)

func (w *town) deliver(t *testing.T, a map[string]any) (int, string) {
	t.Helper()
	status, body, err := w.Teams.Deliver(t.Context(), w.Bot, a)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Adapter.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return status, string(body)
}

// Tandem says hello once, however often it is told that it was added, and forgets
// the conversation when it is taken out.
func TestAddedAndTakenOut(t *testing.T) {
	w := open(t, nil)
	added := func(id string) map[string]any {
		a := w.Teams.Activity("conversationUpdate", id, channel, maria, "")
		a["membersAdded"] = []any{map[string]any{"id": "28:" + teamsharness.App}}
		return a
	}
	install := func(action string) map[string]any {
		a := w.Teams.Activity("installationUpdate", "i-"+action, channel, maria, "")
		a["action"] = action
		return a
	}
	for _, a := range []map[string]any{added("1"), added("1"), added("2"), install("add"), install("add-upgrade")} {
		if status, _ := w.deliver(t, a); status != http.StatusOK {
			t.Errorf("answered %d", status)
		}
	}
	if seen := w.Teams.Messages(channel); len(seen) != 1 {
		t.Errorf("hello was said %d times", len(seen))
	}
	if url, _ := w.Memory.ServiceURL(t.Context(), teamsharness.Tenant, channel); url != w.Teams.URL() {
		t.Errorf("the conversation is at %q", url)
	}
	w.deliver(t, install("remove"))
	w.deliver(t, install("remove"))
	if url, _ := w.Memory.ServiceURL(t.Context(), teamsharness.Tenant, channel); url != "" {
		t.Errorf("after it was taken out the conversation is at %q", url)
	}
	if len(w.voice.heard()) != 0 {
		t.Error("that was an event")
	}
}

// Somebody else who joins is nothing to Tandem, nor are reactions and typing.
func TestPassedOver(t *testing.T) {
	w := open(t, nil)
	joined := w.Teams.Activity("conversationUpdate", "1", channel, maria, "")
	joined["membersAdded"] = []any{map[string]any{"id": "29:somebody"}}
	for _, a := range []map[string]any{
		joined, w.Teams.Activity("messageReaction", "2", channel, maria, "Maria"), w.Teams.Activity("typing", "3", channel, maria, "Maria"),
		w.Teams.Activity("messageDelete", "4", channel, maria, "Maria"), w.Teams.Activity("message", "5", channel, maria, "Maria"), w.Teams.Activity("brandNew", "6", channel, maria, "Maria"),
	} {
		if status, _ := w.deliver(t, a); status != http.StatusOK {
			t.Errorf("%s is answered %d", a["type"], status)
		}
	}
	unknown := w.Teams.Activity("invoke", "7", channel, maria, "Maria")
	unknown["name"], unknown["value"] = "task/fetch", "no object"
	if status, _ := w.deliver(t, unknown); status != http.StatusNotImplemented {
		t.Errorf("an invoke that is not known is answered %d", status)
	}
	if len(w.Teams.Messages("")) != 0 || len(w.voice.heard()) != 0 {
		t.Error("something was said")
	}
}

// An older client sends a button as a message with a value.
func TestSubmit(t *testing.T) {
	w := open(t, nil)
	a := w.Teams.Activity("message", "1", channel+";messageid=42", maria, "Maria")
	a["replyToId"] = "42"
	a["value"] = map[string]any{"say": "away", "fields": []string{"who", "days", "why", "odd"}, "field.who": "devon", "field.days": 3, "field.odd": map[string]any{}, "field.forged": "x"}
	w.deliver(t, a)
	heard := w.voice.heard()
	if len(heard) != 1 {
		t.Fatalf("%d events", len(heard))
	}
	e := heard[0]
	if e.Say != "away" || e.Message != "42" || e.Thread != "" || e.Text != "" || len(e.Values) != 4 || e.Values["who"] != "devon" || e.Values["days"] != "3" || e.Values["why"] != "" || e.Values["odd"] != "" {
		t.Errorf("%+v", e)
	}
}

// The mention of Tandem is taken out by its entity, and others become names.
func TestMentions(t *testing.T) {
	w := open(t, nil)
	a := w.text("<at>Tandem</at> is <at>Devon P</at> or <at>nobody</at> on call?\u00a0\n")
	a["entities"] = []any{
		map[string]any{"type": "mention", "text": "<at>Tandem</at>", "mentioned": map[string]any{"id": "28:" + teamsharness.App, "name": "Tandem"}},
		map[string]any{"type": "mention", "text": "<at>Devon P</at>", "mentioned": map[string]any{"id": "29:devon", "name": "Devon Pruitt"}},
	}
	w.deliver(t, a)
	if heard := w.voice.heard(); len(heard) != 1 || heard[0].Text != "is Devon Pruitt or <at>nobody</at> on call?" {
		t.Errorf("%+v", heard)
	}
}

// A press is answered with the card that takes the old one's place, or a word.
func TestInvokeIsAnswered(t *testing.T) {
	w := open(t, func(e bot.Event) bot.Reply {
		r := bot.Say(card.Heading("Which one?"), card.Buttons{{Label: "Ack", Say: "ack 1"}})
		r.Replace = e.Say == "ack 1"
		if e.Say == "panic" {
			panic("the secret is 1234")
		}
		return r
	})
	w.deliver(t, w.text("hello"))
	seen := w.Teams.Messages(channel)
	press := func(say string) (int, map[string]any) {
		a := w.Teams.Activity("invoke", "f:"+say, channel+";messageid="+seen[0].Thread, maria, "Maria")
		a["name"], a["replyToId"] = "adaptiveCard/action", seen[0].ID
		a["value"] = map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": "say", "data": map[string]any{"say": say}}}
		status, body := w.deliver(t, a)
		var got map[string]any
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		return status, got
	}
	for say, kind := range map[string]string{
		"ack 1": "application/vnd.microsoft.card.adaptive", "why": "application/vnd.microsoft.activity.message", "panic": "application/vnd.microsoft.activity.message",
	} {
		status, got := press(say)
		if status != http.StatusOK || got["statusCode"] != 200.0 || got["type"] != kind || got["value"] == nil {
			t.Errorf("%s is answered %d %v", say, status, got)
		}
		if text, _ := got["value"].(string); strings.Contains(text, "1234") || say == "panic" && !strings.Contains(text, "Reference: teams-") {
			t.Errorf("%s is answered %q", say, text)
		}
	}
	n := len(w.voice.heard())
	if _, got := press("ack 1"); got["value"] != "That was done already." || len(w.voice.heard()) != n {
		t.Errorf("a repeat is answered %v", got)
	}
}

// What was accepted before a crash is worked on after it.
func TestResume(t *testing.T) {
	w := open(t, nil)
	body, err := json.Marshal(w.text("who is on call"))
	if err != nil {
		t.Fatal(err)
	}
	m := &teams.Memory{}
	if _, err := m.Accept(t.Context(), "kept", body, start); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Accept(t.Context(), "unread", []byte("{"), start); err != nil {
		t.Fatal(err)
	}
	a := plainAdapter(t, w, m, false)
	ended := make(chan error)
	ctx, cancel := contextOf(t)
	go func() { ended <- a.Run(ctx) }()
	for len(w.Teams.Messages(channel)) == 0 {
		if err := a.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if heard := w.voice.heard(); len(heard) != 1 || heard[0].ID != "kept" || heard[0].Text != "who is on call" {
		t.Errorf("%+v", heard)
	}
}

// Without tokens only this machine is heard.
func TestNoTokens(t *testing.T) {
	w := open(t, nil)
	a := plainAdapter(t, w, &teams.Memory{}, true)
	body, err := json.Marshal(w.text("hello"))
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]int{"127.0.0.1:5": 200, "[::1]:5": 200, "192.168.1.4:5": 401, "203.0.113.9:5": 401, "rubbish": 401} {
		r := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(string(body)))
		r.RemoteAddr = from
		rec := httptest.NewRecorder()
		a.ServeHTTP(rec, r)
		if rec.Code != want {
			t.Errorf("from %s: %d, want %d", from, rec.Code, want)
		}
	}
}

// What is no activity is refused, and leaves nothing behind.
func TestBodies(t *testing.T) {
	w := open(t, nil)
	token := "Bearer " + sign(t, w, w.Teams.Claims(), nil)
	for body, want := range map[string]int{
		"": 400, "null": 400, "[]": 400, "{": 400, "{}": 401, `"x"`: 400, `{"type":7}`: 400, `{"serviceUrl":` + strings.Repeat("[", 100000): 400,
		strings.Repeat(" ", 2<<20): http.StatusRequestEntityTooLarge,
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(body))
		r.Header.Set("Authorization", token)
		rec := httptest.NewRecorder()
		w.Adapter.ServeHTTP(rec, r)
		if rec.Code != want {
			t.Errorf("%.20q is answered %d, want %d", body, rec.Code, want)
		}
	}
	if w.Memory.Accepted() != 0 {
		t.Error("something was kept")
	}
	rec := httptest.NewRecorder()
	w.Adapter.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/api/messages", http.NoBody))
	if rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered %d", rec.Code)
	}
}

// Somebody of another organisation is told apart.
func TestForeign(t *testing.T) {
	w := open(t, nil)
	a := w.text("hello")
	a["from"].(map[string]any)["tenantId"] = "00000000-0000-4000-8000-000000000000"
	w.deliver(t, a)
	if err := w.Say(t.Context(), bottest.Spot{Person: "maria", Place: "coordination"}, "hello"); err != nil {
		t.Fatal(err)
	}
	if heard := w.voice.heard(); len(heard) != 2 || !heard[0].Foreign || heard[1].Foreign {
		t.Errorf("%+v", heard)
	}
}

// A message that one person alone sees can't be changed as others are: the answer
// to their press draws it anew, and nothing is said to the channel.
func TestReplaceForOneAlone(t *testing.T) {
	w := open(t, func(e bot.Event) bot.Reply {
		r := bot.Whisper(card.Paragraph("for you"), card.Buttons{{Label: "Next", Say: "next"}})
		r.Replace = e.Say != ""
		return r
	})
	w.deliver(t, w.text("hello"))
	m := w.Teams.Messages(channel)[0]
	a := w.Teams.Activity("invoke", "f:1", channel+";messageid="+m.Thread, maria, "Maria")
	a["name"], a["replyToId"] = "adaptiveCard/action", m.ID
	a["value"] = map[string]any{"action": map[string]any{"data": map[string]any{"say": "next"}}}
	status, body := w.deliver(t, a)
	if status != http.StatusOK || !strings.Contains(body, "application/vnd.microsoft.card.adaptive") || len(w.Teams.Messages(channel)) != 1 {
		t.Errorf("answered %d %s", status, body)
	}
}
