package teams_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/teams/teamsharness"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
)

var here = bot.Address{Platform: "teams", Tenant: teamsharness.Tenant, Channel: channel}

func hello(to bot.Address) bot.Post {
	return bot.Post{To: to, Card: card.New(card.Heading("Standup"), card.Paragraph("hello"))}
}

// What the Connector refuses is told as it is: to be tried again, never, or unknown.
func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		fault     teamstest.Fault
		sure      bool
		permanent bool
		after     time.Duration // at least
	}{
		"429 with Retry-After":     {teamstest.Fault{Status: 429, After: "7"}, true, false, 7 * time.Second},
		"429 without":              {teamstest.Fault{Status: 429}, true, false, time.Second},
		"429 that asks for days":   {teamstest.Fault{Status: 429, After: "999999999"}, true, false, time.Hour},
		"412":                      {teamstest.Fault{Status: 412, Code: "PreconditionFailed"}, true, false, time.Second},
		"403 blocked":              {teamstest.Fault{Status: 403, Code: "MessageWritesBlocked"}, true, true, 0},
		"404":                      {teamstest.Fault{Status: 404, Code: "ConversationNotFound"}, true, true, 0},
		"400":                      {teamstest.Fault{Status: 400, Code: "BadSyntax"}, true, true, 0},
		"502":                      {teamstest.Fault{Status: 502}, false, false, 0},
		"504 and it arrived":       {teamstest.Fault{Status: 504, Arrives: true}, false, false, 0},
		"500":                      {teamstest.Fault{Status: 500}, false, false, 0},
		"a cut connection":         {teamstest.Fault{}, false, false, 0},
		"a redirect, not followed": {teamstest.Fault{Status: 307}, false, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, nil)
			w.Teams.Fail(test.fault)
			id, err := w.Adapter.Send(t.Context(), hello(here))
			refused, sure := errors.AsType[*bot.SendError](err)
			if err == nil || id != "" || sure != test.sure {
				t.Fatalf("%q, %v", id, err)
			}
			if sure && (refused.Permanent != test.permanent || refused.After < test.after || refused.After > 2*time.Hour) {
				t.Errorf("%+v", refused)
			}
			if id, err := w.Adapter.Send(t.Context(), hello(here)); err != nil || id == "" {
				t.Errorf("the next one: %q, %v", id, err)
			}
		})
	}
}

// After an uninstall, and to whom has blocked Tandem, there is no sending.
func TestBlocked(t *testing.T) {
	w := open(t, nil)
	w.Teams.Block(channel)
	w.Teams.Block(w.Teams.Chat(maria))
	for _, to := range []bot.Address{here, {Platform: "teams", User: maria}} {
		_, err := w.Adapter.Send(t.Context(), hello(to))
		if refused, ok := errors.AsType[*bot.SendError](err); !ok || !refused.Permanent {
			t.Errorf("%+v: %v", to, err)
		}
	}
}

// What is posted is a card alone, as a new thread, and nothing that was never said.
func TestWhatIsSent(t *testing.T) {
	w := open(t, nil)
	id, err := w.Adapter.Send(t.Context(), hello(here))
	if err != nil {
		t.Fatal(err)
	}
	to := here
	to.Thread = id
	if _, err := w.Adapter.Send(t.Context(), hello(to)); err != nil {
		t.Fatal(err)
	}
	p := hello(here)
	p.Update = id
	if _, err := w.Adapter.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Adapter.Send(t.Context(), hello(bot.Address{Platform: "teams", User: maria})); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, r := range w.Teams.Requests() {
		asked = append(asked, r.Method+" "+strings.ReplaceAll(r.Path, id, "ID"))
		data, err := json.Marshal(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"0001-01-01", "{}", `"text":""`, `"relatesTo"`} {
			if strings.Contains(string(data), bad) {
				t.Errorf("%s is sent along: %s", bad, data)
			}
		}
		activity := r.Body
		if of, ok := r.Body["activity"].(map[string]any); ok {
			activity = of
		}
		if r.Path != "/v3/conversations" && (activity["text"] != nil || activity["summary"] != "Standup" || activity["attachments"] == nil) {
			t.Errorf("the activity is %s", data)
		}
	}
	want := "POST /v3/conversations|POST /v3/conversations/" + channel + ";messageid=ID/activities|PUT /v3/conversations/" + channel +
		"/activities/ID|POST /v3/conversations|POST /v3/conversations/a:chat-" + maria + "/activities"
	if got := strings.Join(asked, "|"); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	if w.Teams.Grants() != 1 {
		t.Errorf("%d tokens were fetched", w.Teams.Grants())
	}
}

// A token that isn't taken any more is replaced.
func TestTokenIsReplaced(t *testing.T) {
	w := open(t, nil)
	if _, err := w.Adapter.Send(t.Context(), hello(here)); err != nil {
		t.Fatal(err)
	}
	w.Teams.Revoke()
	if _, err := w.Adapter.Send(t.Context(), hello(here)); err != nil || w.Teams.Grants() != 2 {
		t.Errorf("%v, %d tokens", err, w.Teams.Grants())
	}
}

// What Teams finds too large comes in smaller messages, all of it.
func TestTooLarge(t *testing.T) {
	w := open(t, nil)
	m := card.New(card.Heading("Everything"))
	for i := range 300 {
		m.Add(card.Paragraph(fmt.Sprintf("line %04d of what there is to say", i)))
	}
	w.Teams.Fail(teamstest.Fault{Status: 413})
	id, err := w.Adapter.Send(t.Context(), bot.Post{To: here, Card: m})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := w.Seen(t.Context(), "maria", "coordination")
	if err != nil || len(seen) < 4 || seen[0].ID != id || seen[1].Thread != id {
		t.Fatalf("%d messages, %v", len(seen), err)
	}
	var all strings.Builder
	for _, s := range seen {
		all.WriteString(s.Text)
	}
	for i := range 300 {
		if n := strings.Count(all.String(), fmt.Sprintf("line %04d ", i)); n != 1 {
			t.Fatalf("line %d is seen %d times", i, n)
		}
	}
	// Put into a shorter one, nothing is left of the rest.
	p := hello(here)
	p.Update = id
	if _, err := w.Adapter.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if seen, err := w.Seen(t.Context(), "maria", "coordination"); err != nil || len(seen) != 1 {
		t.Errorf("%d messages are left, %v", len(seen), err)
	}
}

// A reply of which nobody knows whether it arrived is said again, and says so.
func TestPossibleRepeat(t *testing.T) {
	w := open(t, func(bot.Event) bot.Reply { return bot.Say(card.Paragraph("the answer")) })
	w.Teams.Fail(teamstest.Fault{Status: 504, Arrives: true})
	if err := w.Say(t.Context(), bottest.Spot{Person: "maria", Place: "coordination"}, "who"); err != nil {
		t.Fatal(err)
	}
	seen, err := w.Seen(t.Context(), "maria", "coordination")
	if err != nil || len(seen) != 2 || strings.Contains(seen[0].Text, "repeat") || !strings.Contains(seen[1].Text, "This may be a repeat") {
		t.Errorf("%+v, %v", seen, err)
	}
}

// Where a tenant has no messages for one person alone, they get them in their chat.
func TestWhisperFallsBack(t *testing.T) {
	w := open(t, func(bot.Event) bot.Reply { return bot.Whisper(card.Paragraph("for you alone")) })
	w.Teams.Untarget()
	if err := w.Say(t.Context(), bottest.Spot{Person: "maria", Place: "coordination"}, "who"); err != nil {
		t.Fatal(err)
	}
	if seen, _ := w.Seen(t.Context(), "devon", "coordination"); len(seen) != 0 {
		t.Errorf("the channel sees %+v", seen)
	}
	if seen, _ := w.Seen(t.Context(), "maria", ""); len(seen) != 1 {
		t.Errorf("maria sees %+v", seen)
	}
}

// Ids lead nowhere else than they should.
func TestIDsLeadNowhereElse(t *testing.T) {
	w := open(t, nil)
	for _, id := range []string{"../../x", "a/b", "a?b", "a#b", "%2e%2e", "..", "a b", "a\nb"} {
		p := hello(bot.Address{Platform: "teams", Channel: id})
		q := hello(here)
		q.Update = id
		for _, p := range []bot.Post{p, q, hello(bot.Address{Platform: "teams", Channel: channel, Thread: id})} {
			_, err := w.Adapter.Send(t.Context(), p)
			if refused, ok := errors.AsType[*bot.SendError](err); !ok || !refused.Permanent {
				t.Errorf("%q: %v", id, err)
			}
		}
	}
	if n := len(w.Teams.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// A conversation takes so many messages in a time, and others don't wait for it.
func TestPace(t *testing.T) {
	w := open(t, nil)
	var waited []time.Duration
	now := start
	a, err := teams.New(teams.Options{
		Handler: w.voice, Inbox: w.Memory, References: w.Memory, Now: func() time.Time { return now },
		AppID: teamsharness.App, Tenant: teamsharness.Tenant, Secret: teamsharness.Secret, Emulator: strings.TrimRight(w.Teams.URL(), "/"),
		Wait: func(_ context.Context, d time.Duration) error {
			waited = append(waited, d)
			now = now.Add(d)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	to := here
	if to.Thread, err = a.Send(t.Context(), hello(here)); err != nil {
		t.Fatal(err)
	}
	for range 7 {
		if _, err := a.Send(t.Context(), hello(to)); err != nil {
			t.Fatal(err)
		}
	}
	if len(waited) != 0 {
		t.Fatalf("seven waited %v", waited)
	}
	began := now
	for range 1800 - 7 {
		_, err = a.Send(t.Context(), hello(to))
		if refused, ok := errors.AsType[*bot.SendError](err); ok {
			if refused.After < 15*time.Second || refused.After > time.Hour {
				t.Errorf("told to wait %v", refused.After)
			}
			now = now.Add(refused.After)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if len(waited) == 0 || waited[0] != time.Second || now.Sub(began) < 14*time.Minute {
		t.Errorf("1800 messages took %v", now.Sub(began))
	}
	if _, err := a.Send(t.Context(), hello(bot.Address{Platform: "teams", Channel: "19:incidents@thread.tacv2"})); err != nil {
		t.Errorf("another conversation: %v", err)
	}
}
