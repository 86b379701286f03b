package slacktest

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestPostUpdateDelete(t *testing.T) {
	st := newStage(t)
	meta := obj{"event_type": "tandem", "event_payload": obj{"key": "standup/1"}}
	posted := st.ok("chat.postMessage", obj{"channel": "C0COORD0001", "text": "standup", "metadata": meta})
	ts := str(posted, "ts")
	if tsTime(ts).Unix() != night.Unix() || sub(posted, "message")["bot_id"] != st.in.BotID {
		t.Errorf("posted: %v", posted)
	}
	reply := st.ok("chat.postMessage", obj{"channel": "C0COORD0001", "text": "digest", "thread_ts": ts})
	history := list(st.ok("conversations.history", obj{"channel": "C0COORD0001", "include_all_metadata": true}), "messages")
	if len(history) != 1 {
		t.Fatalf("the history is %v, want the root alone", history)
	}
	root := history[0].(obj)
	if sub(sub(root, "metadata"), "event_payload")["key"] != "standup/1" || root["reply_count"] != 1.0 {
		t.Errorf("the root is %v", root)
	}
	if m := list(st.ok("conversations.history", obj{"channel": "C0COORD0001"}), "messages")[0].(obj); m["metadata"] != nil {
		t.Error("metadata come unasked")
	}
	if all := list(st.ok("conversations.replies", obj{"channel": "C0COORD0001", "ts": ts}), "messages"); len(all) != 2 {
		t.Errorf("the thread is %v", all)
	}
	st.ok("chat.update", obj{"channel": "C0COORD0001", "ts": ts, "text": "standup, done"})
	seen := st.seen(st.devon, "C0COORD0001")
	if len(seen) != 2 || seen[0].Text != "standup, done" || !seen[0].Edited || seen[1].Thread != ts || seen[1].TS != str(reply, "ts") {
		t.Errorf("devon sees %+v", seen)
	}
	if seen[0].Metadata == nil {
		t.Error("an update without metadata took them away")
	}
	if link := st.ok("chat.getPermalink", obj{"channel": "C0COORD0001", "message_ts": ts})["permalink"]; !strings.HasPrefix(link.(string), "https://harbor-legal-group.slack.com/archives/C0COORD0001/p") {
		t.Errorf("the link is %v", link)
	}
	st.ok("chat.delete", obj{"channel": "C0COORD0001", "ts": ts})
	st.refused("message_not_found", "chat.update", obj{"channel": "C0COORD0001", "ts": ts, "text": "again"})
}

func TestRefusals(t *testing.T) {
	st := newStage(t)
	said, err := st.maria.Say(t.Context(), In{Channel: "C0ROOM00001"}, "mine")
	if said != nil || err != nil {
		t.Fatal(said, err)
	}
	private := st.home.Channel(NewChannel{ID: "C0SECRET001", Name: "secret", Private: true, Members: []*Person{st.maria}})
	st.home.Channel(NewChannel{ID: "C0OTHER0001", Name: "other", Members: []*Person{st.maria}})
	for _, c := range []struct {
		word, method string
		args         obj
	}{
		{"channel_not_found", "chat.postMessage", obj{"channel": "C0NOWHERE01", "text": "x"}},
		{"channel_not_found", "chat.postMessage", obj{"text": "x"}},
		{"channel_not_found", "chat.postMessage", obj{"channel": private.ID(), "text": "x"}},
		{"not_in_channel", "chat.postMessage", obj{"channel": "C0OTHER0001", "text": "x"}},
		{"not_in_channel", "conversations.history", obj{"channel": "C0OTHER0001"}},
		{"no_text", "chat.postMessage", obj{"channel": "C0ROOM00001"}},
		{"msg_too_long", "chat.postMessage", obj{"channel": "C0ROOM00001", "text": strings.Repeat("é", 40_001)}},
		{"thread_not_found", "chat.postMessage", obj{"channel": "C0ROOM00001", "text": "x", "thread_ts": "1.000001"}},
		{"invalid_blocks_format", "chat.postMessage", obj{"channel": "C0ROOM00001", "blocks": "{}"}},
		{"invalid_metadata_format", "chat.postMessage", obj{"channel": "C0ROOM00001", "text": "x", "metadata": "no"}},
		{"cant_update_message", "chat.update", obj{"channel": "C0ROOM00001", "ts": st.seen(st.maria, "C0ROOM00001")[0].TS, "text": "x"}},
		{"message_not_found", "chat.update", obj{"channel": "C0ROOM00001", "ts": "1.000001", "text": "x"}},
		{"user_not_in_channel", "chat.postEphemeral", obj{"channel": "C0ROOM00001", "user": st.devon.ID, "text": "x"}},
		{"unknown_method", "chat.postMassage", obj{}},
		{"user_not_found", "conversations.open", obj{"users": "U0NOBODY001"}},
		{"not_allowed_token_type", "apps.connections.open", obj{}},
	} {
		st.refused(c.word, c.method, c.args)
	}
	st.in.Drop("chat:write")
	if o := st.refused("missing_scope", "chat.postMessage", obj{"channel": "C0ROOM00001", "text": "x"}); o["needed"] != "chat:write" || !strings.Contains(o["provided"].(string), "im:write") {
		t.Errorf("of the scope it says %v", o)
	}
	for token, word := range map[string]string{"": "not_authed", "xoxb-made-up": "invalid_auth", st.App().AppToken: "not_allowed_token_type"} {
		if _, o := st.as(token, "auth.test", obj{}); o["error"] != word {
			t.Errorf("with the token %q: %v", token, o)
		}
	}
	st.ok("auth.revoke", obj{})
	st.refused("token_revoked", "auth.test", obj{})
}

func (st *stage) directID() string {
	return str(sub(st.ok("conversations.open", obj{"users": st.maria.ID}), "channel"), "id")
}

func TestForms(t *testing.T) {
	st := newStage(t)
	form := url.Values{
		"token": {st.in.Token}, "channel": {"#it"}, "text": {"hello"},
		"blocks": {string(encode(blocks(section(plain("from a form")))))}, "metadata": {`{"event_type":"e","event_payload":{"k":1}}`},
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, st.APIURL()+"chat.postMessage", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, o := st.do(req); o["ok"] != true {
		t.Fatal(o)
	}
	if m := st.one(st.maria, "C0ROOM00001"); m.Text != "from a form" || m.Fallback != "hello" || m.Metadata == nil {
		t.Errorf("seen: %+v", m)
	}
}

func TestEphemeral(t *testing.T) {
	st := newStage(t)
	ts := str(st.ok("chat.postEphemeral", obj{"channel": "C0COORD0001", "user": st.devon.ID, "text": "for you"}), "message_ts")
	if m := st.one(st.devon, "C0COORD0001"); !m.Ephemeral || m.TS != ts {
		t.Errorf("devon sees %+v", m)
	}
	if seen := st.seen(st.maria, "C0COORD0001"); len(seen) > 0 {
		t.Errorf("maria sees %+v", seen)
	}
	if all := list(st.ok("conversations.history", obj{"channel": "C0COORD0001"}), "messages"); len(all) > 0 {
		t.Errorf("the history is %v", all)
	}
	st.refused("message_not_found", "chat.update", obj{"channel": "C0COORD0001", "ts": ts, "text": "x"})
}

func TestRates(t *testing.T) {
	st := newStage(t, func(o *Options) { o.RateLimits = true })
	post := func(channel string) (*answered, obj) {
		return st.as(st.in.Token, "chat.postMessage", obj{"channel": channel, "text": "x"})
	}
	if _, o := post("C0ROOM00001"); o["ok"] != true {
		t.Fatal(o)
	}
	r, o := post("C0ROOM00001")
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") != "1" || o["error"] != "ratelimited" {
		t.Errorf("the second within a second: %d %v %v", r.StatusCode, r.Header, o)
	}
	if _, o := post("C0COORD0001"); o["ok"] != true {
		t.Errorf("in another channel: %v", o)
	}
	st.pass(time.Second)
	if _, o := post("C0ROOM00001"); o["ok"] != true {
		t.Errorf("a second later: %v", o)
	}
	for range 20 {
		st.ok("users.list", obj{})
	}
	r, _ = st.as(st.in.Token, "users.list", obj{})
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") != "60" {
		t.Errorf("the 21st call of a method of tier 2: %d %v", r.StatusCode, r.Header)
	}
}

func TestFaults(t *testing.T) {
	st := newStage(t)
	post := func() (int, obj) {
		r, o := st.as(st.in.Token, "chat.postMessage", obj{"channel": "C0ROOM00001", "text": "x"})
		if r == nil {
			return 0, o
		}
		return r.StatusCode, o
	}
	for i, c := range []struct {
		fault   Fault
		status  int
		arrived int
	}{{TooMany, 429, 0}, {Broken, 500, 0}, {BrokenAfter, 500, 1}, {Dropped, 0, 1}, {Lost, 0, 2}, {Nothing, 200, 3}} {
		st.Fail("chat.postMessage", c.fault)
		status, o := post()
		if n := len(st.seen(st.maria, "C0ROOM00001")); status != c.status || n != c.arrived {
			t.Errorf("%d: status %d with %v, and %d messages", i, status, o, n)
		}
	}
	if n := len(st.Calls("chat.postMessage")); n != 6 {
		t.Errorf("%d calls were kept", n)
	}
	draws := []float64{0.01, 0.04, 0.06, 0.5}
	faults := Randomly(func() float64 { d := draws[0]; draws = draws[1:]; return d }, map[Fault]float64{TooMany: 0.03, Broken: 0.02, Lost: 0.03})
	for _, want := range []Fault{TooMany, Broken, Lost, Nothing} {
		if f := faults("chat.postMessage"); f != want {
			t.Errorf("drawn: %v, want %v", f, want)
		}
	}
}

func TestPeople(t *testing.T) {
	st := newStage(t)
	user := func(id string) obj { return sub(st.ok("users.info", obj{"user": id}), "user") }
	if u := user(st.maria.ID); sub(u, "profile")["email"] != "maria@harbor.example" || u["team_id"] != st.home.ID {
		t.Errorf("maria is %v", u)
	}
	if u := user(st.devon.ID); sub(u, "profile")["email"] != nil || u["team_id"] != st.away.ID || u["real_name"] != "Devon Pruitt" {
		t.Errorf("devon is %v", u)
	}
	stranger := st.away.Person(User{ID: "U0STRANGER1"})
	st.refused("user_not_visible", "users.info", obj{"user": stranger.ID})
	if all := list(st.ok("users.list", obj{}), "members"); len(all) != 3 {
		t.Errorf("the list has %d people, want two and the app", len(all))
	}
	page := st.ok("users.list", obj{"limit": 1})
	next := str(sub(page, "response_metadata"), "next_cursor")
	if all := list(st.ok("users.list", obj{"limit": 2, "cursor": next}), "members"); len(all) != 2 {
		t.Errorf("the second page is %v", all)
	}
	if u := sub(st.ok("users.lookupByEmail", obj{"email": "MARIA@harbor.example"}), "user"); u["id"] != st.maria.ID {
		t.Errorf("found %v", u)
	}
	st.refused("users_not_found", "users.lookupByEmail", obj{"email": "devon@palmetto.example"})
	st.in.Drop("users:read.email")
	if u := user(st.maria.ID); sub(u, "profile")["email"] != nil {
		t.Error("an e-mail address without its scope")
	}
	st.refused("missing_scope", "users.lookupByEmail", obj{"email": "maria@harbor.example"})
}

func TestChannels(t *testing.T) {
	st := newStage(t)
	c := sub(st.ok("conversations.info", obj{"channel": "C0COORD0001"}), "channel")
	if c["is_ext_shared"] != true || c["is_member"] != true || c["is_private"] != false {
		t.Errorf("the shared channel is %v", c)
	}
	if all := list(st.ok("conversations.list", obj{"types": "public_channel,private_channel"}), "channels"); len(all) != 2 {
		t.Errorf("%d channels are listed", len(all))
	}
	if all := list(st.ok("conversations.members", obj{"channel": "C0COORD0001"}), "members"); len(all) != 3 {
		t.Errorf("the members are %v", all)
	}
	st.in.Drop("channels:read")
	if o := st.refused("missing_scope", "conversations.info", obj{"channel": "C0COORD0001"}); o["needed"] != "channels:read" {
		t.Errorf("%v", o)
	}
	st.refused("missing_scope", "conversations.join", obj{"channel": "C0COORD0001"})
	st.home.Install("channels:join")
	st.room.RemoveBot()
	st.refused("method_not_supported_for_channel_type", "conversations.join", obj{"channel": st.directID()})
	st.ok("conversations.join", obj{"channel": "C0ROOM00001"})
	st.ok("chat.postMessage", obj{"channel": "C0ROOM00001", "text": "here I am"})
}

func TestInstallation(t *testing.T) {
	st := newStage(t)
	st.Configure(func(a *App) { a.Rotation = true })
	ada := st.away.Person(User{Name: "ada"})
	back, err := ada.Approve("https://slack.com/oauth/v2/authorize?client_id=" + st.App().ClientID + "&scope=chat:write,users:read&state=abc")
	if err != nil || !strings.HasPrefix(back, "https://tandem.example/slack/oauth?code=") {
		t.Fatal(back, err)
	}
	u, _ := url.Parse(back)
	if u.Query().Get("state") != "abc" {
		t.Errorf("the state is lost: %s", back)
	}
	access := func(more obj) obj {
		more["client_id"], more["client_secret"] = st.App().ClientID, st.App().ClientSecret
		_, o := st.as("", "oauth.v2.access", more)
		return o
	}
	code := u.Query().Get("code")
	got := access(obj{"code": code})
	if got["ok"] != true || sub(got, "team")["id"] != st.away.ID || got["expires_in"] != 43200.0 {
		t.Fatalf("%v", got)
	}
	if o := access(obj{"code": code}); o["error"] != "code_already_used" {
		t.Errorf("a code twice: %v", o)
	}
	st.pass(13 * time.Hour)
	if _, o := st.as(str(got, "access_token"), "auth.test", obj{}); o["error"] != "token_expired" {
		t.Errorf("13 hours later: %v", o)
	}
	next := access(obj{"grant_type": "refresh_token", "refresh_token": got["refresh_token"]})
	if _, o := st.as(str(next, "access_token"), "auth.test", obj{}); o["team_id"] != st.away.ID {
		t.Errorf("refreshed: %v", o)
	}
	if o := access(obj{"grant_type": "refresh_token", "refresh_token": got["refresh_token"]}); o["error"] != "invalid_refresh_token" {
		t.Errorf("a refresh token twice: %v", o)
	}
}

func TestSendingToNobody(t *testing.T) {
	st := newStage(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d, err := st.maria.Mention(ctx, In{Channel: "C0ROOM00001"}, "too late"); err != nil || d.OK() {
		t.Errorf("with a cancelled context: %+v, %v", d, err)
	}
}
