package slacktest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// client is an app's end of a socket. It acknowledges what comes, unless it is deaf.
type client struct {
	conn *websocket.Conn
	got  chan obj
	done chan struct{}
}

func socketMode(o *Options) {
	o.App.SocketMode = true
	o.Deadline = 50 * time.Millisecond
}

func (st *stage) dial(deaf bool, answer any) *client {
	st.t.Helper()
	_, o := st.as(st.App().AppToken, "apps.connections.open", obj{})
	if o["ok"] != true {
		st.t.Fatal(o)
	}
	conn, resp, err := websocket.DefaultDialer.DialContext(st.t.Context(), str(o, "url"), nil)
	if err != nil {
		st.t.Fatal(err)
	}
	_ = resp.Body.Close() // an upgrade has none
	c := &client{conn, make(chan obj, 100), make(chan struct{})}
	go func() {
		defer close(c.done)
		for {
			_, raw, err := conn.ReadMessage()
			if err != nil {
				return
			}
			var o obj
			if err := json.Unmarshal(raw, &o); err != nil {
				st.t.Error(err)
			}
			c.got <- o
			if id := o["envelope_id"]; id != nil && !deaf {
				if err := conn.WriteMessage(websocket.TextMessage, encode(obj{"envelope_id": id, "payload": answer})); err != nil {
					st.t.Error(err)
				}
			}
		}
	}()
	st.t.Cleanup(func() { _ = conn.Close(); <-c.done })
	if hello := <-c.got; hello["type"] != "hello" {
		st.t.Errorf("the first message is %v", hello)
	}
	return c
}

func TestSocketMode(t *testing.T) {
	st := newStage(t, socketMode)
	if d, err := st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "nobody listens"); err != nil || d.Failed != "connection_failed" {
		t.Errorf("%+v, %v", d, err)
	}
	c := st.dial(false, nil)
	d := st.done(st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"))
	e := <-c.got
	if e["type"] != "events_api" || e["accepts_response_payload"] != false || e["retry_attempt"] != 0.0 || sub(e, "payload")["event_id"] != d.Payload["event_id"] {
		t.Errorf("the envelope is %v", e)
	}
	st.done(st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "help"))
	if e := <-c.got; e["type"] != "slash_commands" || sub(e, "payload")["command"] != "/tandem" || e["accepts_response_payload"] != true {
		t.Errorf("the envelope is %v", e)
	}
	if err := st.Disconnect("warning"); err != nil {
		t.Fatal(err)
	}
	if e := <-c.got; e["type"] != "disconnect" || e["reason"] != "warning" {
		t.Errorf("%v", e)
	}
	if st.Connections() != 1 {
		t.Error("a warning ended the connection")
	}
	if err := st.Disconnect("refresh_requested"); err != nil {
		t.Fatal(err)
	}
	if e := <-c.got; e["reason"] != "refresh_requested" {
		t.Errorf("%v", e)
	}
	<-c.done
	if err := st.AwaitConnections(t.Context(), 0); err != nil {
		t.Error(err)
	}
	if err := st.Disconnect("warning"); err == nil {
		t.Error("there is no connection, but it is warned")
	}
}

// What one connection doesn't acknowledge goes to another.
func TestSocketsShare(t *testing.T) {
	st := newStage(t, socketMode)
	first, second := st.dial(true, nil), st.dial(false, nil)
	d := st.done(st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"))
	if d.Attempt == 0 { // the good one was next
		<-second.got
		d = st.done(st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"))
	}
	lost, again := <-first.got, <-second.got
	if d.Attempt != 1 || sub(lost, "payload")["event_id"] != sub(again, "payload")["event_id"] || again["retry_attempt"] != 1.0 ||
		again["retry_reason"] != "timeout" || lost["envelope_id"] == again["envelope_id"] {
		t.Errorf("%v came again as %v", lost, again)
	}
	st.Break()
	<-first.done
	<-second.done
	if err := st.AwaitConnections(t.Context(), 0); err != nil {
		t.Error(err)
	}
}

func TestSocketAnswers(t *testing.T) {
	st := newStage(t, socketMode)
	c := st.dial(false, obj{"text": "*heard*"})
	st.done(st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "help"))
	if m := st.one(st.maria, "C0ROOM00001"); m.Text != "heard" || !m.Ephemeral {
		t.Errorf("maria sees %+v", m)
	}
	<-c.got
	_ = st.dial(false, obj{"text": strings.Repeat("x", 20<<10)})
	for range 2 {
		d, err := st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "help")
		if err != nil {
			t.Fatal(err)
		}
		if d.Failed == "too_large" {
			return
		}
	}
	t.Error("an answer of more than 20 kB is taken")
}

func TestTickets(t *testing.T) {
	st := newStage(t, socketMode)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, st.APIURL()+"apps.connections.open", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json") // as slack-go asks: with no body at all
	req.Header.Set("Authorization", "Bearer "+st.App().AppToken)
	_, o := st.do(req)
	open := func() error {
		conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), str(o, "url"), nil)
		if err == nil {
			t.Cleanup(func() { _ = conn.Close() })
		}
		if resp != nil {
			_ = resp.Body.Close()
		}
		return err
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	if err := open(); err == nil {
		t.Error("a ticket is good twice")
	}
	for range maxConnections - 1 {
		st.dial(false, nil)
	}
	if _, o := st.as(st.App().AppToken, "apps.connections.open", obj{}); o["ok"] == true {
		t.Error("an eleventh connection is let in")
	}
	st.Configure(func(a *App) { a.SocketMode = false })
	if _, o := st.as(st.App().AppToken, "apps.connections.open", obj{}); o["ok"] == true {
		t.Error("Socket Mode is off, but a connection is let in")
	}
}
