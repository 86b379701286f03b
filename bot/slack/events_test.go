package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// shape tells what kind of delivery a stored payload is.
func shape(t *testing.T, data []byte) (byte, []byte) {
	t.Helper()
	var p struct {
		Form    string          `json:"form"`
		Payload json.RawMessage `json:"payload"`
		Type    string          `json:"type"`
		Command string          `json:"command"`
	}
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	switch {
	case p.Form != "":
		kind, raw, ok := kindOf("application/x-www-form-urlencoded", []byte(p.Form))
		if !ok {
			t.Fatalf("%s is no form", p.Form)
		}
		return kind, raw
	case p.Payload != nil:
		return map[string]byte{"interactive": kindInteraction, "slash_commands": kindCommand}[p.Type] | map[bool]byte{true: kindEvent}[p.Type == "events_api"], p.Payload
	case p.Type == "event_callback" || p.Type == "url_verification":
		return kindEvent, data
	}
	return kindInteraction, data
}

func TestWhatPeopleTyped(t *testing.T) {
	name := func(user string) string { return map[string]string{"U1": "Maria Ortega"}[user] }
	for in, want := range map[string]string{
		"<@UBOT> who owns <#C1|patching>?":                                "who owns #patching?",
		"hey <@UBOT|tandem>, help":                                        "hey help",
		"<@UBOT> away <@U1> tomorrow":                                     "away @Maria Ortega tomorrow",
		"<@UBOT> and <@UBOT> again":                                       "and @UBOT again",
		"<@U2|devon> is it us or them":                                    "@devon is it us or them",
		"a &lt;b&gt; &amp;amp; c":                                         "a <b> &amp; c",
		"<https://x.example/a?b=1&amp;c=2>":                               "https://x.example/a?b=1&c=2",
		"<http://x.example|x.example>":                                    "x.example",
		"<https://evil.example|your bank>":                                "your bank (https://evil.example)",
		"<mailto:a@b.example|a@b.example> <!here> <!date^1^{date}|today>": "a@b.example @here today",
		"<!subteam^S1|@it> a < b":                                         "@it a < b",
		"":                                                                "",
	} {
		if got := spoken(in, "UBOT", name); got != want {
			t.Errorf("%q was %q, want %q", in, got, want)
		}
	}
}

func TestPeopleOfAnotherWorkspace(t *testing.T) {
	s, _ := receiver(t, nil)
	c := &client{Installation: Installation{Team: "T1", BotUser: "UBOT"}, api: sdk.New("xoxb-1", sdk.OptionAPIURL(s.o.API))}
	for _, k := range []struct {
		what, raw, user string
		kind            byte
		foreign         bool
	}{
		{"a mention from the other side", `{"type":"event_callback","event_id":"E1","team_id":"T9","is_ext_shared_channel":true,"authorizations":[{"team_id":"T1"}],"event":{"type":"app_mention","user":"U9","user_team":"T9","team":"T9","channel":"C1","ts":"1.1","text":"x"}}`, "T9/U9", kindEvent, true},
		{"a mention from here", `{"type":"event_callback","event_id":"E1","team_id":"T9","is_ext_shared_channel":true,"authorizations":[{"team_id":"T1"}],"event":{"type":"app_mention","user":"U1","team":"T1","channel":"C1","ts":"1.1","text":"x"}}`, "U1", kindEvent, false},
		{"a press from the other side", `{"type":"block_actions","team":{"id":"T9"},"user":{"id":"U9","team_id":"T9"},"channel":{"id":"C1"},"container":{"message_ts":"1.1"},"actions":[{"action_id":"say/0","value":"x"}]}`, "T9/U9", kindInteraction, true},
		{"a slash command", `{"command":"/tandem","text":"x","team_id":"T1","user_id":"U1","channel_id":"C1"}`, "U1", kindCommand, false},
	} {
		d := parse(k.kind, []byte(k.raw))
		e := s.event(t.Context(), c, d)
		if e.User != k.user || e.Foreign != k.foreign || e.Tenant != "T1" || d.act == actNone {
			t.Errorf("%s is %+v", k.what, e)
		}
		if k.kind == kindEvent && d.teams[0] != "T1" {
			t.Errorf("%s chooses the token of %v", k.what, d.teams)
		}
	}
}

// Whom an event takes for somebody of here, and Slack says is of another workspace:
// their address counts for nothing, since that workspace's admin gave it to them.
func TestTheAddressOfAnotherWorkspacesPeople(t *testing.T) {
	const home = `{"type":"event_callback","event_id":"E1","team_id":"T1","authorizations":[{"team_id":"T1"}],"event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}`
	for what, k := range map[string]struct {
		user, enterprise, email string
	}{
		"of here":                                 {`"team_id":"T1"`, "", "maria@client.example"},
		"of nowhere that Slack names":             {`"name":"maria"`, "", "maria@client.example"},
		"of another workspace":                    {`"team_id":"T9"`, "", ""},
		"of another organisation":                 {`"team_id":"T9","enterprise_user":{"enterprise_id":"E9"}`, "E1", ""},
		"of another workspace of an organisation": {`"team_id":"T9","enterprise_user":{"enterprise_id":"E1"}`, "E1", "maria@client.example"},
	} {
		t.Run(what, func(t *testing.T) {
			slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"ok":true,"user":{"id":"U1",`+k.user+`,"profile":{"email":"maria@client.example"}}}`)
			}))
			defer slack.Close()
			s, _ := receiver(t, func(o *Options) { o.API = slack.URL + "/" })
			c := &client{Installation: Installation{Team: "T1", Enterprise: k.enterprise, BotUser: "UBOT"}, api: sdk.New("xoxb-1", sdk.OptionAPIURL(s.o.API))}
			if e := s.event(t.Context(), c, parse(kindEvent, []byte(home))); e.User != "U1" || e.Email != k.email {
				t.Errorf("it is %+v", e)
			}
		})
	}
}

// What Slack says of somebody is asked for again after a day, since an address may be
// somebody else's by then; and where Slack doesn't say, what it said before holds.
func TestPeopleAreAskedForAgain(t *testing.T) {
	var email atomic.Value
	email.Store("old@client.example")
	var asked atomic.Int32
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if email.Load() == "" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintf(w, `{"ok":true,"user":{"id":"U1","team_id":"T1","name":"maria","profile":{"email":%q}}}`, email.Load())
	}))
	defer slack.Close()
	var passed atomic.Int64
	s, _ := receiver(t, func(o *Options) {
		o.API = slack.URL + "/"
		o.Now = func() time.Time { return noon.Add(time.Duration(passed.Load())) }
	})
	c := &client{Installation: Installation{Team: "T1", BotUser: "UBOT"}, api: sdk.New("xoxb-1", sdk.OptionAPIURL(s.o.API))}
	for i, k := range []struct {
		after     time.Duration
		now, want string
		asked     int32
	}{
		{0, "old@client.example", "old@client.example", 1},
		{personFresh - 1, "new@client.example", "old@client.example", 1},
		{personFresh, "", "old@client.example", 2},
		{personFresh, "new@client.example", "new@client.example", 3},
		{2*personFresh - 1, "newest@client.example", "new@client.example", 3},
	} {
		passed.Store(int64(k.after))
		email.Store(k.now)
		if p := s.personOf(t.Context(), c, "U1"); p.email != k.want || p.name != "maria" || asked.Load() != k.asked {
			t.Errorf("%d: it is %+v, asked %d times", i, p, asked.Load())
		}
	}
}

// An event of a kind that Tandem doesn't know may hold anything; one that it
// knows may not.
func TestEventsOfOtherShapes(t *testing.T) {
	for event, pass := range map[string]string{
		`{"type":"team_join","user":{"id":"U1"}}`:                   countUnknown + "team_join",
		`{"type":"team_join","user":"U1"}`:                          countUnknown + "team_join",
		`{"type":"message","user":{"id":"U1"},"channel_type":"im"}`: countUnread,
		`["app_mention"]`:          countUnread,
		`{"type":["app_mention"]}`: countUnread,
		`{"user":"U1"}`:            countUnknown + "others",
		`null`:                     countUnknown + "others",
	} {
		d := parse(kindEvent, []byte(`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":`+event+`}`))
		if d.act != actNone || d.pass != pass {
			t.Errorf("%s is %d, %q; want %q", event, d.act, d.pass, pass)
		}
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	s, _ := receiver(t, nil)
	c := &client{Installation: Installation{Team: "T1"}}
	for _, k := range []struct {
		err       error
		reason    string
		permanent bool
		after     time.Duration
	}{
		{sdk.SlackErrorResponse{Err: "is_archived"}, "archived", true, 0},
		{sdk.SlackErrorResponse{Err: "not_in_channel"}, "/invite", true, 0},
		{sdk.SlackErrorResponse{Err: "channel_not_found"}, "no such channel", true, 0},
		{sdk.SlackErrorResponse{Err: "token_revoked"}, "install it again", true, 0},
		{sdk.SlackErrorResponse{Err: "missing_scope", Needed: "channels:history"}, "channels:history", true, 0},
		{&sdk.RateLimitedError{RetryAfter: 30 * time.Second}, "wait", false, 30 * time.Second},
		{sdk.StatusCodeError{Code: 429}, "wait", false, defaultWait},
	} {
		got, ok := errors.AsType[*bot.SendError](s.judge(c, "chat.postMessage", k.err))
		if !ok || got.Permanent != k.permanent || got.After != k.after || !strings.Contains(got.Reason, k.reason) {
			t.Errorf("%v means %+v", k.err, got)
		}
	}
	for _, err := range []error{sdk.StatusCodeError{Code: 503}, sdk.SlackErrorResponse{Err: "internal_error"}, errors.New("reset by peer")} {
		if _, sure := errors.AsType[*bot.SendError](s.judge(c, "chat.postMessage", err)); sure {
			t.Errorf("%v is taken for a refusal", err)
		}
	}
	// What was asked of one method in one workspace concerns no other.
	now := s.o.Now()
	if s.gates.check(c, "chat.postMessage", now) == nil || s.gates.check(c, "chat.update", now) != nil ||
		s.gates.check(&client{Installation: Installation{Team: "T2"}}, "chat.postMessage", now) != nil ||
		s.gates.check(c, "chat.postMessage", now.Add(31*time.Second)) != nil {
		t.Error("a wait is not kept by method and workspace")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(byte(kindEvent), mention("Ev1", "<@UBOT> hello"))
	f.Add(byte(kindInteraction), []byte(`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"form/0","value":"{\"s\":\"x\",\"f\":[{\"n\":\"a\"}]}"}]}`))
	f.Add(byte(kindCommand), []byte(`{"command":"/tandem","user_id":"U1","channel_id":"C1","text":"x"}`))
	f.Fuzz(func(t *testing.T, kind byte, raw []byte) {
		d := parse(kind, raw)
		if d.id == "" || d.act == actNone && d.pass == "" || d.act == actSay && (d.user == "" || d.channel == "") {
			t.Errorf("%+v", d)
		}
		if got := spoken(d.text, d.botUser, func(string) string { return "" }); len(got) > 4*len(d.text)+10 {
			t.Errorf("%q becomes %q", d.text, got)
		}
		if d.act == actOpen {
			if form, err := FormOf(d.say); err == nil {
				Modal(card.New(form), formMeta{})
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw := mention("Ev1", "<@UBOT> who owns password resets?")
	b.ReportAllocs()
	for b.Loop() {
		parse(kindEvent, raw)
	}
}
