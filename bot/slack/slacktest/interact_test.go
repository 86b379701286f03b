package slacktest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// hookSays posts to a response URL.
func (st *stage) hookSays(to any, a obj) (int, obj) {
	st.t.Helper()
	req, err := http.NewRequestWithContext(st.t.Context(), http.MethodPost, to.(string), bytes.NewReader(encode(a)))
	if err != nil {
		st.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, o := st.do(req)
	return resp.StatusCode, o
}

func TestPress(t *testing.T) {
	st := newStage(t)
	ts := str(st.ok("chat.postMessage", obj{"channel": "C0COORD0001", "text": "ack?", "blocks": blocks(
		section(plain("Please acknowledge.")), actions(button("Acknowledge", "ack", "ack 1"), button("Later", "later", "later 1")),
	)}), "ts")
	m := st.one(st.devon, "C0COORD0001")
	if m.Text != "Please acknowledge." || len(m.Buttons) != 2 || m.Buttons[1].Label != "Later" || m.Buttons[1].Value != "later 1" {
		t.Errorf("devon sees %+v", m)
	}
	d, err := st.devon.Press(t.Context(), In{Channel: "C0COORD0001"}, ts, "Later")
	st.done(d, err)
	h := st.took()
	p := h[0].payload(t)
	a := list(p, "actions")[0].(obj)
	if h[0].path != "/interactive" || p["type"] != "block_actions" || a["action_id"] != "later" || a["value"] != "later 1" ||
		sub(p, "team")["id"] != st.away.ID || sub(p, "user")["id"] != st.devon.ID || sub(p, "container")["message_ts"] != ts {
		t.Errorf("the press is %v", p)
	}
	if _, err := st.devon.Press(t.Context(), In{Channel: "C0COORD0001"}, ts, "Never"); err == nil {
		t.Error("a button that isn't there is pressed")
	}
	hook := p["response_url"]
	if status, o := st.hookSays(hook, obj{"text": "for devon"}); status != http.StatusOK || o["ok"] != true {
		t.Errorf("%d %v", status, o)
	}
	if status, _ := st.hookSays(hook, obj{"text": "Acknowledged.", "replace_original": true}); status != http.StatusOK {
		t.Errorf("%d", status)
	}
	if m := st.one(st.maria, "C0COORD0001"); m.TS != ts || m.Text != "Acknowledged." || len(m.Buttons) > 0 {
		t.Errorf("maria sees %+v", m)
	}
	if seen := st.seen(st.devon, "C0COORD0001"); len(seen) != 2 || !seen[1].Ephemeral {
		t.Errorf("devon sees %+v", seen)
	}
	for range 3 {
		st.hookSays(hook, obj{"text": "more", "response_type": "in_channel"})
	}
	if status, o := st.hookSays(hook, obj{"text": "the sixth"}); status != http.StatusNotFound || o["error"] != "used_url" {
		t.Errorf("the sixth use: %d %v", status, o)
	}
	if seen := st.seen(st.maria, "C0COORD0001"); len(seen) != 4 {
		t.Errorf("maria sees %d messages", len(seen))
	}
}

func TestResponseURLExpires(t *testing.T) {
	st := newStage(t)
	d := st.done(st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "help"))
	st.pass(30 * time.Minute)
	if status, _ := st.hookSays(d.Payload["response_url"], obj{"text": "half an hour later"}); status != http.StatusOK {
		t.Errorf("%d", status)
	}
	st.pass(time.Second)
	if status, o := st.hookSays(d.Payload["response_url"], obj{"text": "too late"}); status != http.StatusNotFound || o["error"] != "expired_url" {
		t.Errorf("%d %v", status, o)
	}
}

func TestSlash(t *testing.T) {
	st := newStage(t)
	st.answers(func(*http.Request, []byte) (int, string) { return 200, `{"text":"*heard*"}` })
	st.done(st.maria.Slash(t.Context(), In{Channel: "C0COORD0001"}, "/tandem", "who owns backups?"))
	form, err := url.ParseQuery(string(st.took()[0].body))
	if err != nil || form.Get("command") != "/tandem" || form.Get("text") != "who owns backups?" || form.Get("user_id") != st.maria.ID {
		t.Errorf("%v, %v", form, err)
	}
	if m := st.one(st.maria, "C0COORD0001"); !m.Ephemeral || m.Text != "heard" {
		t.Errorf("maria sees %+v", m)
	}
	for name, act := range map[string]func() (*Delivery, error){
		"of another workspace": func() (*Delivery, error) {
			return st.devon.Slash(t.Context(), In{Channel: "C0COORD0001"}, "/tandem", "help")
		},
		"in a thread": func() (*Delivery, error) {
			return st.maria.Slash(t.Context(), In{"C0COORD0001", "1.000001"}, "/tandem", "help")
		},
		"of no app": func() (*Delivery, error) {
			return st.maria.Slash(t.Context(), In{Channel: "C0COORD0001"}, "/weather", "")
		},
	} {
		if _, err := act(); err == nil {
			t.Errorf("a command %s reaches the app", name)
		}
	}
	st.answers(func(*http.Request, []byte) (int, string) { return 500, "" })
	if d, err := st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "help"); err != nil || !strings.Contains(d.Shown, "dispatch_failed") {
		t.Errorf("%+v, %v", d, err)
	}
}

// away is a form in a modal.
func away() obj {
	text := func(id, label string, optional bool) obj {
		return obj{
			"type": "input", "block_id": id, "label": plain(label), "optional": optional,
			"element": obj{"type": "plain_text_input", "action_id": "value"},
		}
	}
	return obj{
		"type": "modal", "callback_id": "away", "title": plain("Who is away?"), "submit": plain("Record"), "close": plain("Cancel"), "private_metadata": "pm",
		"blocks": blocks(
			obj{"type": "input", "block_id": "who", "label": plain("Who"), "element": obj{
				"type": "static_select", "action_id": "value",
				"options": blocks(obj{"text": plain("Maria Ortega"), "value": "maria"}, obj{"text": plain("Devon Pruitt"), "value": "devon"}),
			}},
			obj{"type": "input", "block_id": "from", "label": plain("From"), "element": obj{"type": "datepicker", "action_id": "value", "initial_date": "2026-12-24"}},
			text("why", "Why", true), text("cover", "Cover", false),
		),
	}
}

func TestModal(t *testing.T) {
	st := newStage(t)
	d := st.done(st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "away"))
	trigger := d.Payload["trigger_id"]
	opened := sub(st.ok("views.open", obj{"trigger_id": trigger, "view": away()}), "view")
	st.refused("exchanged_trigger_id", "views.open", obj{"trigger_id": trigger, "view": away()})
	st.refused("invalid_trigger_id", "views.open", obj{"trigger_id": "1.2.3", "view": away()})
	v, ok := st.maria.Modal()
	if !ok || v.ID != opened["id"] || v.Title != "Who is away?" || len(v.Message.Fields) != 4 || v.Message.Fields[1].Value != "2026-12-24" ||
		!slices.Equal(v.Message.Fields[0].Options, []string{"Maria Ortega", "Devon Pruitt"}) {
		t.Errorf("the modal is %+v", v)
	}
	if _, err := st.maria.Submit(t.Context(), map[string]string{"who": "devon"}); err == nil || !strings.Contains(err.Error(), "Cover") {
		t.Errorf("a required field is left empty: %v", err)
	}
	st.took()
	st.answers(func(*http.Request, []byte) (int, string) {
		return 200, `{"response_action":"errors","errors":{"cover":"Nobody is called that."}}`
	})
	st.done(st.maria.Submit(t.Context(), map[string]string{"who": "devon", "cover": "theo"}))
	p := st.took()[0].payload(t)
	values := sub(sub(sub(p, "view"), "state"), "values")
	if p["type"] != "view_submission" || sub(sub(values, "who"), "value")["selected_option"].(obj)["value"] != "devon" ||
		sub(sub(values, "from"), "value")["selected_date"] != "2026-12-24" || sub(sub(values, "why"), "value")["value"] != nil ||
		sub(sub(values, "cover"), "value")["value"] != "theo" || sub(p, "view")["private_metadata"] != "pm" {
		t.Errorf("sent: %v", p)
	}
	if v, _ := st.maria.Modal(); v.Errors["cover"] == "" {
		t.Error("the error isn't shown")
	}
	st.answers(func(*http.Request, []byte) (int, string) {
		return 200, `{"response_action":"errors","errors":{"nosuch":"?"}}`
	})
	if d, err := st.maria.Submit(t.Context(), map[string]string{"who": "devon", "cover": "theo"}); err != nil || d.OK() {
		t.Errorf("an error at no block: %+v, %v", d, err)
	}
	st.answers(func(*http.Request, []byte) (int, string) {
		return 200, fmt.Sprintf(`{"response_action":"push","view":%s}`, encode(away()))
	})
	st.done(st.maria.Submit(t.Context(), map[string]string{"who": "devon", "cover": "theo"}))
	if v, _ := st.maria.Modal(); v.ID == opened["id"] {
		t.Error("nothing was pushed")
	}
	st.answers(nil)
	st.done(st.maria.Submit(t.Context(), map[string]string{"who": "devon", "cover": "theo"}))
	if v, _ := st.maria.Modal(); v.ID != opened["id"] {
		t.Error("the modal below isn't there again")
	}
	if d, err := st.maria.Dismiss(t.Context()); d != nil || err != nil {
		t.Errorf("%+v, %v", d, err)
	}
	if _, ok := st.maria.Modal(); ok {
		t.Error("the modal is still there")
	}
	d = st.done(st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "away"))
	st.pass(3*time.Second + time.Millisecond)
	st.refused("expired_trigger_id", "views.open", obj{"trigger_id": d.Payload["trigger_id"], "view": away()})
}

func TestHome(t *testing.T) {
	st := newStage(t)
	st.done(st.maria.OpenHome(t.Context()))
	if ev := sub(st.took()[0].payload(t), "event"); ev["type"] != "app_home_opened" || ev["tab"] != "home" {
		t.Errorf("%v", ev)
	}
	home := obj{"type": "home", "blocks": blocks(section(plain("On call: Sam")), actions(button("Away", "away", "away")))}
	first := sub(st.ok("views.publish", obj{"user_id": st.maria.ID, "view": home}), "view")
	if v, ok := st.maria.Home(); !ok || v.Message.Text != "On call: Sam" {
		t.Errorf("%+v", v)
	}
	st.done(st.maria.PressView(t.Context(), "Away", nil))
	p := st.took()[0].payload(t)
	if sub(p, "container")["type"] != "view" || sub(p, "view")["id"] != first["id"] || p["response_url"] != nil {
		t.Errorf("%v", p)
	}
	st.ok("views.open", obj{"trigger_id": p["trigger_id"], "view": away()})
	st.ok("views.publish", obj{"user_id": st.maria.ID, "view": home})
	st.refused("hash_conflict", "views.publish", obj{"user_id": st.maria.ID, "view": home, "hash": first["hash"]})
}

func TestInputsOfAMessageGoAlong(t *testing.T) {
	st := newStage(t)
	ts := str(st.ok("chat.postMessage", obj{"channel": "C0ROOM00001", "text": "form", "blocks": append(list(away(), "blocks"), actions(button("Send", "send", "away")))}), "ts")
	st.maria.Fill(ts, map[string]string{"Why": "skiing"})
	st.done(st.maria.Press(t.Context(), In{Channel: "C0ROOM00001"}, ts, "Send"))
	values := sub(sub(st.took()[0].payload(t), "state"), "values")
	if sub(sub(values, "why"), "value")["value"] != "skiing" || sub(sub(values, "from"), "value")["selected_date"] != "2026-12-24" {
		t.Errorf("the state is %v", values)
	}
	st.done(st.maria.Choose(t.Context(), In{Channel: "C0ROOM00001"}, ts, "value", "maria"))
	a := list(st.took()[0].payload(t), "actions")[0].(obj)
	if sub(a, "selected_option")["value"] != "maria" {
		t.Errorf("chosen: %v", a)
	}
}
