package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// maxConnections is how many sockets an app may have at once.
const maxConnections = 10

// sockets are the connections of Socket Mode.
type sockets struct {
	mu      sync.Mutex
	tickets map[string]bool
	open    []*socket        // that payloads go to
	all     map[*socket]bool // also those that were told to go
	next    int
	ended   bool
	changed chan struct{} // closed and replaced when open changes
	serving sync.WaitGroup
}

// socket is one connection.
type socket struct {
	conn    *websocket.Conn
	writing sync.Mutex
	mu      sync.Mutex
	waits   map[string]chan json.RawMessage // by envelope
	gone    chan struct{}
}

func (k *sockets) init() {
	k.tickets, k.all, k.changed = map[string]bool{}, map[*socket]bool{}, make(chan struct{})
}

func (c *call) connectionsOpen() (obj, *refusal) {
	if !c.app.SocketMode {
		return nil, no("forbidden_team") // Socket Mode is switched off
	}
	ticket := c.id("ticket-")
	c.sock.mu.Lock()
	defer c.sock.mu.Unlock()
	if len(c.sock.open) >= maxConnections {
		return nil, no("too_many_websockets")
	}
	c.sock.tickets[ticket] = true
	return obj{"url": "ws" + strings.TrimPrefix(c.URL, "http") + "/link/?ticket=" + ticket + "&app_id=" + c.app.ID}, nil
}

// serveLink is the other end of a socket. A ticket is good once.
func (s *Slack) serveLink(w http.ResponseWriter, r *http.Request) {
	k := &s.sock
	ticket := r.URL.Query().Get("ticket")
	k.mu.Lock()
	good := k.tickets[ticket] && !k.ended
	delete(k.tickets, ticket)
	k.mu.Unlock()
	if !good {
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	// Slack takes a connection from any origin, and its Go SDK names Slack's own.
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has answered
	}
	c := &socket{conn: conn, waits: map[string]chan json.RawMessage{}, gone: make(chan struct{})}
	app := s.App()
	k.mu.Lock()
	if k.ended {
		k.mu.Unlock()
		_ = conn.Close() // there is nobody to tell
		return
	}
	k.open = append(k.open, c)
	k.all[c] = true
	n := len(k.open)
	k.serving.Add(1)
	hello := obj{
		"type": "hello", "num_connections": n, "connection_info": obj{"app_id": app.ID},
		"debug_info": obj{"host": "applink-stand-in", "build_number": 1, "approximate_connection_time": 18060},
	}
	c.writing.Lock()
	err = conn.WriteMessage(websocket.TextMessage, encode(hello))
	c.writing.Unlock()
	k.announce()
	k.mu.Unlock()
	defer k.serving.Done()
	if err == nil {
		c.read()
	}
	k.drop(c)
	k.mu.Lock()
	delete(k.all, c)
	k.mu.Unlock()
	close(c.gone)
	_ = conn.Close() // it is closed already where the other side has gone
}

// announce wakes those who wait for connections. The lock is held.
func (k *sockets) announce() {
	close(k.changed)
	k.changed = make(chan struct{})
}

func (k *sockets) drop(c *socket) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.open = slices.DeleteFunc(k.open, func(o *socket) bool { return o == c })
	k.announce()
}

// read takes acknowledgements until the connection ends.
func (c *socket) read() {
	for {
		_, raw, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) != nil {
			continue
		}
		c.mu.Lock()
		if waits := c.waits[ack.Envelope]; waits != nil {
			waits <- ack.Payload
			delete(c.waits, ack.Envelope)
		}
		c.mu.Unlock()
	}
}

func (c *socket) write(v any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.conn.WriteMessage(websocket.TextMessage, encode(v))
}

// Connections returns how many sockets the app has open.
func (s *Slack) Connections() int {
	s.sock.mu.Lock()
	defer s.sock.mu.Unlock()
	return len(s.sock.open)
}

// AwaitConnections waits until the app has n sockets open, no more and no fewer.
func (s *Slack) AwaitConnections(ctx context.Context, n int) error {
	for {
		s.sock.mu.Lock()
		open, changed := len(s.sock.open), s.sock.changed
		s.sock.mu.Unlock()
		if open == n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Disconnect tells the oldest socket to go: "warning" that it soon will have to,
// "refresh_requested" and "link_disabled" that it ends now.
func (s *Slack) Disconnect(reason string) error {
	s.sock.mu.Lock()
	if len(s.sock.open) == 0 {
		s.sock.mu.Unlock()
		return errNoConnection
	}
	c := s.sock.open[0]
	s.sock.mu.Unlock()
	err := c.write(obj{"type": "disconnect", "reason": reason, "debug_info": obj{"host": "applink-stand-in"}})
	if err != nil || reason == "warning" {
		return err
	}
	s.sock.drop(c)
	// The connection ends once the app has closed it as well; it may be the quicker.
	_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Time{})
	return nil
}

// Break ends every socket without a word.
func (s *Slack) Break() {
	s.sock.mu.Lock()
	defer s.sock.mu.Unlock()
	for _, c := range s.sock.open {
		_ = c.conn.Close() // ended either way
	}
}

var errNoConnection = errors.New("the app has no socket open")

func (k *sockets) close() {
	k.mu.Lock()
	k.ended = true
	for c := range k.all {
		_ = c.conn.Close() // ended either way
	}
	k.mu.Unlock()
	k.serving.Wait()
}

// overSocket sends a shipment over one of the sockets, each time the next.
func (s *Slack) overSocket(ctx context.Context, sh *shipment, d *Delivery) {
	s.mu.Lock()
	id := s.id("envelope-")
	s.mu.Unlock()
	env := obj{"envelope_id": id, "type": sh.kind, "payload": sh.payload, "accepts_response_payload": sh.takesAnswer()}
	if sh.kind == KindEvent {
		env["retry_attempt"], env["retry_reason"] = sh.attempt, sh.reason
	}
	d.Body = encode(env)
	k := &s.sock
	k.mu.Lock()
	if len(k.open) == 0 {
		k.mu.Unlock()
		d.Failed, d.Err = "connection_failed", errNoConnection
		return
	}
	k.next++
	c := k.open[k.next%len(k.open)]
	k.mu.Unlock()
	waits := make(chan json.RawMessage, 1)
	c.mu.Lock()
	c.waits[id] = waits
	c.mu.Unlock()
	if err := c.write(env); err != nil {
		d.Failed, d.Err = "connection_failed", err
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.Deadline)
	defer cancel()
	select {
	case answer := <-waits:
		d.Status, d.Answer = http.StatusOK, answer
		if len(answer) > 20<<10 {
			d.Status, d.Failed = 0, "too_large" // Slack closes the connection on it
			_ = c.conn.Close()                  // ended either way
		}
	case <-c.gone:
		d.Failed, d.Err = "connection_failed", errNoConnection
	case <-ctx.Done():
		d.Failed, d.Err = "timeout", ctx.Err()
	}
	c.mu.Lock()
	delete(c.waits, id)
	c.mu.Unlock()
}

// takesAnswer reports whether an acknowledgement may carry an answer.
func (sh *shipment) takesAnswer() bool {
	return sh.kind == KindCommand || sh.kind == KindInteractive && str(sh.payload, "type") == "view_submission"
}
