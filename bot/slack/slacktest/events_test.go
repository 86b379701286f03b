package slacktest

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What people type comes as a signed request, with the other workspace's id
// outside where it is one of theirs, and ours in the authorizations.
func TestMention(t *testing.T) {
	st := newStage(t)
	d := st.done(st.devon.Mention(t.Context(), In{Channel: "C0COORD0001"}, "who owns <b> & https://x.example?"))
	h := st.took()
	if len(h) != 1 || h[0].path != "/events" {
		t.Fatalf("the app heard %+v", h)
	}
	stamp := strconv.FormatInt(night.Unix(), 10)
	want := st.App().Sign(h[0].body, night)
	if h[0].header.Get("X-Slack-Signature") != want.Get("X-Slack-Signature") || h[0].header.Get("X-Slack-Request-Timestamp") != stamp {
		t.Errorf("it is signed %v, want %v", h[0].header, want)
	}
	if h[0].header.Get("X-Slack-Retry-Num") != "" {
		t.Error("a first attempt is called a retry")
	}
	p := h[0].payload(t)
	ev := sub(p, "event")
	if p["team_id"] != st.away.ID || p["is_ext_shared_channel"] != true || list(p, "authorizations")[0].(obj)["team_id"] != st.home.ID {
		t.Errorf("the envelope is %v", p)
	}
	if ev["type"] != "app_mention" || ev["user"] != st.devon.ID || ev["user_team"] != st.away.ID ||
		ev["text"] != "<@"+st.in.UserID+"> who owns &lt;b&gt; &amp; <https://x.example>?" {
		t.Errorf("the event is %v", ev)
	}
	again, err := st.Replay(t.Context())
	st.done(again, err)
	r := st.took()[0]
	if r.header.Get("X-Slack-Retry-Num") != "1" || r.header.Get("X-Slack-Retry-Reason") != "http_timeout" || string(r.body) != string(d.Body) {
		t.Errorf("the replay is %v", r)
	}
}

func TestDirectMessageIsHeardWithItsEcho(t *testing.T) {
	st := newStage(t)
	st.done(st.maria.Say(t.Context(), In{}, "hello"))
	ev := sub(st.took()[0].payload(t), "event")
	if ev["type"] != "message" || ev["channel_type"] != "im" || ev["text"] != "hello" {
		t.Errorf("the event is %v", ev)
	}
	st.ok("chat.postMessage", obj{"channel": st.maria.ID, "text": "hi"})
	if n := st.Due(t.Context()); n != 1 {
		t.Fatalf("%d events are about the app's own message", n)
	}
	if ev := sub(st.took()[0].payload(t), "event"); ev["bot_id"] != st.in.BotID || ev["text"] != "hi" {
		t.Errorf("the echo is %v", ev)
	}
}

func TestRetries(t *testing.T) {
	st := newStage(t)
	st.answers(func(*http.Request, []byte) (int, string) { return 500, "" })
	d, err := st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello")
	if err != nil || d.OK() {
		t.Fatalf("%+v, %v", d, err)
	}
	check := func(nums ...string) {
		t.Helper()
		h := st.took()
		if len(h) != len(nums) {
			t.Fatalf("%d attempts, want %v", len(h), nums)
		}
		for i, n := range nums {
			if h[i].header.Get("X-Slack-Retry-Num") != n || n != "" && h[i].header.Get("X-Slack-Retry-Reason") != "http_error" {
				t.Errorf("attempt %d is %v", i, h[i].header)
			}
		}
	}
	check("", "1")
	st.Due(t.Context())
	check()
	st.pass(time.Minute)
	st.Due(t.Context())
	check("2")
	st.pass(5 * time.Minute)
	st.answers(nil)
	st.Due(t.Context())
	check("3")
	if st.Waiting() != 0 {
		t.Error("more attempts wait")
	}
}

func TestDeadline(t *testing.T) {
	st := newStage(t, func(o *Options) { o.Deadline = 20 * time.Millisecond; o.Retries = []time.Duration{} })
	st.answers(func(r *http.Request, _ []byte) (int, string) { <-r.Context().Done(); return 200, "" })
	d, err := st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello")
	if err != nil || d.Failed != "http_timeout" {
		t.Errorf("%+v, %v", d, err)
	}
	d, err = st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "help")
	if err != nil || !strings.Contains(d.Shown, "operation_timeout") {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestNoRetryIsHonoured(t *testing.T) {
	st := newStage(t)
	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusInternalServerError)
	})
	other := newApp(t, app)
	st.Configure(func(a *App) { a.EventsURL = other })
	if _, err := st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"); err != nil || len(st.Deliveries()) != 1 || st.Waiting() != 0 {
		t.Errorf("%v: %d attempts", err, len(st.Deliveries()))
	}
}

// The app hears only what it subscribes to, has scopes for and is there to hear.
func TestNotHeard(t *testing.T) {
	st := newStage(t)
	st.room.RemoveBot()
	if d, err := st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"); d != nil || err != nil {
		t.Errorf("where the app isn't: %+v, %v", d, err)
	}
	if d, err := st.maria.Say(t.Context(), In{Channel: "C0COORD0001"}, "no mention"); d != nil || err != nil {
		t.Errorf("without a mention: %+v, %v", d, err)
	}
	st.in.Drop("app_mentions:read")
	if d, err := st.maria.Mention(t.Context(), In{Channel: "C0COORD0001"}, "hello"); d != nil || err != nil {
		t.Errorf("without the scope: %+v, %v", d, err)
	}
	if len(st.took()) > 0 {
		t.Error("the app heard it")
	}
	if _, err := st.devon.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"); err == nil {
		t.Error("somebody of another workspace writes in a channel that isn't shared")
	}
}

func TestLifeOfChannels(t *testing.T) {
	st := newStage(t)
	next := func(d *Delivery, kind string) obj {
		t.Helper()
		st.done(d, nil)
		h := st.took()
		if len(h) != 1 {
			t.Fatalf("the app heard %d things", len(h))
		}
		ev := sub(h[0].payload(t), "event")
		if ev["type"] != kind {
			t.Errorf("the event is %v, want %s", ev, kind)
		}
		return ev
	}
	if ev := next(st.room.Join(t.Context(), st.devon), "member_joined_channel"); ev["team"] != st.away.ID {
		t.Errorf("%v", ev)
	}
	st.room.RemoveBot()
	if ev := next(st.room.Invite(t.Context(), st.maria, st.in), "member_joined_channel"); ev["user"] != st.in.UserID || ev["inviter"] != st.maria.ID {
		t.Errorf("%v", ev)
	}
	if ev := next(st.room.Renumber(t.Context(), "C0NEW000001"), "channel_id_changed"); ev["old_channel_id"] != "C0ROOM00001" || ev["new_channel_id"] != "C0NEW000001" {
		t.Errorf("%v", ev)
	}
	st.refused("channel_not_found", "chat.postMessage", obj{"channel": "C0ROOM00001", "text": "hi"})
	st.ok("chat.postMessage", obj{"channel": "C0NEW000001", "text": "hi"})
	if d := st.room.Archive(t.Context(), st.maria); d != nil {
		t.Errorf("an event that the app doesn't subscribe to: %+v", d)
	}
	st.refused("is_archived", "chat.postMessage", obj{"channel": "C0NEW000001", "text": "hi"})
	if all := st.in.Uninstall(t.Context()); len(all) != 2 {
		t.Errorf("of being uninstalled the app hears %d times", len(all))
	}
	st.refused("account_inactive", "auth.test", obj{})
}

func TestVerifyURL(t *testing.T) {
	st := newStage(t)
	if err := st.VerifyURL(t.Context()); err == nil {
		t.Error("an app that doesn't answer with the challenge is good enough")
	}
	st.answers(func(_ *http.Request, body []byte) (int, string) { return 200, string(body) })
	if err := st.VerifyURL(t.Context()); err != nil {
		t.Error(err)
	}
}

// Any payload can be sent as it is, to see what the app makes of it.
func TestDeliver(t *testing.T) {
	st := newStage(t)
	for kind, path := range map[string]string{KindEvent: "/events", KindInteractive: "/interactive", KindCommand: "/commands"} {
		st.done(st.Deliver(t.Context(), kind, obj{"type": "odd", "command": "/odd"}), nil)
		h := st.took()[0]
		if h.path != path || kind != KindCommand && h.payload(t)["type"] != "odd" || kind == KindCommand && string(h.body) != "command=%2Fodd&type=odd" {
			t.Errorf("%s came as %s %s", kind, h.path, h.body)
		}
	}
	st.done(st.in.Tell(t.Context(), obj{"type": "odd"}), nil)
	if p := st.took()[0].payload(t); sub(p, "event")["type"] != "odd" || p["type"] != "event_callback" {
		t.Errorf("told: %v", p)
	}
}

// Everything may happen at once.
func TestAtOnce(t *testing.T) {
	st := newStage(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if d, err := st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"); err != nil || !d.OK() {
				t.Errorf("%+v, %v", d, err)
			}
		})
		wg.Go(func() { st.ok("chat.postMessage", obj{"channel": "C0ROOM00001", "text": strconv.Itoa(i)}) })
		wg.Go(func() { st.seen(st.theo, "C0ROOM00001") })
	}
	wg.Wait()
	ids := map[any]bool{}
	for _, h := range st.took() {
		ids[h.payload(t)["event_id"]] = true
	}
	ts := map[string]bool{}
	for _, m := range st.seen(st.theo, "C0ROOM00001") {
		ts[m.TS] = true
	}
	if len(ids) != 20 || len(ts) != 40 {
		t.Errorf("%d events and %d messages", len(ids), len(ts))
	}
}
