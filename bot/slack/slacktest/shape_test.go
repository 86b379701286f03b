package slacktest

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shape returns every path in JSON with the kind of what is there; the first
// element of a list stands for all.
func shape(v any, path string, into map[string]string) map[string]string {
	switch v := v.(type) {
	case map[string]any:
		into[path] = "object"
		for k, below := range v {
			shape(below, path+"/"+k, into)
		}
	case []any:
		into[path] = "list"
		if len(v) > 0 {
			shape(v[0], path+"/0", into)
		}
	case string:
		into[path] = "string"
	case float64:
		into[path] = "number"
	case bool:
		into[path] = "bool"
	default:
		into[path] = "null"
	}
	return into
}

// What the stand-in sends has all that the official SDKs' samples have.
func TestShapes(t *testing.T) {
	shared := os.Getenv("TANDEM_SHARED")
	if shared == "" {
		t.Skip("TANDEM_SHARED names no folder of payloads")
	}
	st := newStage(t)
	st.Configure(func(a *App) { a.Events = append(a.Events, "message.channels") })
	// Not ours: organisations of several workspaces, legacy fields, and blocks
	// that another app has sent.
	skip := []string{"/enterprise_id", "/enterprise_name", "/authed_users", "/elements/0", "/accessory", "/blocks/0/text", "/blocks/0/label", "/blocks/0/element", "/title/emoji", "/event/inviter", "/tokens/oauth/0", "/state/values/", "/actions/0/style"}
	like := func(sample string, sent obj, at ...string) {
		t.Helper()
		raw, err := os.ReadFile(filepath.Join(shared, "payloads/slack", sample))
		if err != nil {
			t.Fatal(err)
		}
		var want obj
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		for _, key := range at {
			want = sub(want, key)
		}
		if form := str(want, "form"); form != "" {
			values, err := url.ParseQuery(form)
			if err != nil {
				t.Fatal(err)
			}
			want = obj{}
			for k, v := range values {
				want[k] = v[0]
			}
		}
		var got obj
		if err := json.Unmarshal(encode(sent), &got); err != nil {
			t.Fatal(err)
		}
		have := shape(got, "", map[string]string{})
		for path, kind := range shape(want, "", map[string]string{}) {
			if slices.ContainsFunc(skip, func(s string) bool { return strings.Contains(path, s) }) {
				continue
			}
			if is, there := have[path]; !there || is != kind && is != "null" && kind != "null" {
				t.Errorf("%s has a %s at %s, the stand-in %q", sample, kind, path, is)
			}
		}
	}
	room := In{Channel: "C0COORD0001"}
	mention := st.done(st.devon.Mention(t.Context(), room, "hey")).Payload
	like("bolt-python/app__app_mention_event_body.json", mention)
	like("java-slack-sdk/EventInSharedChannels__appMentionPayload.json", mention)
	said := st.done(st.maria.Say(t.Context(), room, "Hello World!")).Payload
	like("bolt-python/message__message_body.json", said)
	like("bolt-python/message_bot__user_message_event_payload.json", said)
	st.ok("chat.postMessage", obj{"channel": "C0COORD0001", "text": "hi", "blocks": blocks(actions(button("Click", "a", "v")))})
	st.Due(t.Context())
	all := st.Deliveries()
	like("java-slack-sdk/EventInSharedChannels__messagePayload.json", all[len(all)-1].Payload)
	own := st.one(st.maria, "C0COORD0001")
	st.ok("chat.update", obj{"channel": "C0COORD0001", "ts": own.TS, "blocks": own.Blocks, "text": "hi again"})
	st.Due(t.Context())
	all = st.Deliveries()
	like("bolt-python/message_changed__event_payload.json", all[len(all)-1].Payload)
	press := st.done(st.maria.Press(t.Context(), room, own.TS, "Click")).Payload
	like("bolt-python/block_actions__body.json", press)
	join := st.room.Join(t.Context(), st.devon).Payload
	like("bolt-python/events_shared_channels__join_event_body.json", join)
	slash := st.done(st.maria.Slash(t.Context(), room, "/tandem", "Hi")).Payload
	like("bolt-python/slash_command__slash_command_body.json", slash)
	st.ok("views.open", obj{"trigger_id": slash["trigger_id"], "view": away()})
	like("bolt-python/view_submission__body.json", st.done(st.maria.Submit(t.Context(), map[string]string{"who": "devon", "cover": "x"})).Payload)
	st.ok("views.publish", obj{"user_id": st.maria.ID, "view": obj{"type": "home", "blocks": own.Blocks}})
	like("java-slack-sdk/BlockAction__realPayload.json", st.done(st.maria.PressView(t.Context(), "Click", nil)).Payload)
	st.Configure(func(a *App) { a.SocketMode = true })
	st.dial(false, nil)
	envelope := func() obj {
		var o obj
		all := st.Deliveries()
		if err := json.Unmarshal(all[len(all)-1].Body, &o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	st.done(st.devon.Mention(t.Context(), room, "hey"))
	like("java-slack-sdk/MockSocketMode__eventsEnvelope.json", envelope())
	st.done(st.maria.Slash(t.Context(), room, "/tandem", ""))
	like("java-slack-sdk/MockSocketMode__commandEnvelope.json", envelope())
	st.done(st.maria.Press(t.Context(), room, own.TS, "Click"))
	like("java-slack-sdk/MockSocketMode__interactiveEnvelope.json", envelope())
	for i, d := range st.in.Uninstall(t.Context()) {
		like([]string{"bolt-python/events__tokens_revoked_body.json", "bolt-python/events__app_uninstalled_body.json"}[i], d.Payload)
	}
}
