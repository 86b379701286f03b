package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/web"
)

// sse is one event as it came.
type sse struct {
	id   int64
	name string
	data struct {
		ID    int64
		HTML  string
		Text  string
		Moved string
	}
}

// listener is a live page.
type listener struct {
	t      *testing.T
	events chan sse
	beats  chan struct{}
	stop   context.CancelFunc
}

func listen(t *testing.T, base, person, channel, lastID string) *listener {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	url := base + strings.Replace(chatURL(person, channel), "/chat", "/events", 1)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(r) //nolint:bodyclose // read closes it
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	l := &listener{t: t, events: make(chan sse, 1000), beats: make(chan struct{}, 1000), stop: stop}
	go l.read(resp.Body)
	return l
}

func (l *listener) read(body io.ReadCloser) {
	defer func() { _ = body.Close() }()
	defer close(l.events)
	var e sse
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			e.id, _ = strconv.ParseInt(value, 10, 64)
		case "event":
			e.name = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e.data); err != nil {
				return // the stream ended in the middle
			}
			l.events <- e
			e = sse{}
		case "":
			if value == "alive" {
				select {
				case l.beats <- struct{}{}:
				default:
				}
			}
		}
	}
}

// next waits for the next event of a name.
func (l *listener) next(name string) sse {
	l.t.Helper()
	for {
		select {
		case e, ok := <-l.events:
			if !ok {
				l.t.Fatalf("the stream ended before a %s", name)
			}
			if e.name == name {
				return e
			}
		case <-time.After(10 * time.Second):
			l.t.Fatalf("no %s came", name)
		}
	}
}

// ended waits for the end of the stream.
func (l *listener) ended() {
	l.t.Helper()
	for {
		select {
		case _, ok := <-l.events:
			if !ok {
				return
			}
		case <-time.After(10 * time.Second):
			l.t.Fatal("the stream goes on")
		}
	}
}

func serve(t *testing.T, w *world) string {
	t.Helper()
	s := httptest.NewServer(w.web)
	t.Cleanup(s.Close)
	t.Cleanup(w.web.Close) // before the server, which waits for its streams
	return s.URL
}

func TestTwoPagesSeeTheSameLive(t *testing.T) {
	w := open(t, &memory{}, nil)
	base := serve(t, w)
	c := client{t: t, w: w}
	maria, devon := listen(t, base, "maria", "coordination", ""), listen(t, base, "devon", "coordination", "")
	page := c.say(chatURL("maria", "coordination"), "who owns password resets?")
	for _, l := range []*listener{maria, devon} {
		if e := l.next("message"); e.id != 1 || e.data.ID != 1 || !strings.Contains(e.data.HTML, "who owns password resets?") {
			t.Errorf("%+v", e)
		}
		if e := l.next("message"); e.id != 2 || !strings.Contains(e.data.HTML, "Escalation path") {
			t.Errorf("%+v", e)
		}
	}
	// A private reply comes to one; the update after it to both.
	action, fields := c.form(page, "Why this row?")
	fields["say"] = "why password-resets"
	c.post(action, fields)
	action, fields = c.form(c.get(chatURL("maria", "coordination")).Body.String(), "Escalate")
	fields["say"] = "escalate password-resets"
	c.post(action, fields)
	if e := maria.next("message"); e.id != 3 || !strings.Contains(e.data.HTML, "Only you see this") {
		t.Errorf("%+v", e)
	}
	for _, l := range []*listener{maria, devon} {
		if e := l.next("message"); e.id != 4 || e.data.ID != 2 || !strings.Contains(e.data.HTML, "By Maria Ortega.") {
			t.Errorf("%+v", e)
		}
	}
	// What came by the stream can be pressed.
	if _, err := w.web.Send(t.Context(), bot.Post{To: bot.Address{User: "harbor-legal/devon"}, Card: answer(noon)}); err != nil {
		t.Fatal(err)
	}
	direct := listen(t, base, "devon", "", "")
	action, fields = c.form(direct.next("message").data.HTML, "Escalate")
	fields["say"] = "why password-resets"
	if rec := c.post(action, fields); rec.Code != http.StatusSeeOther {
		t.Errorf("status %d", rec.Code)
	}
	if e := direct.next("message"); strings.Contains(e.data.HTML, "Only you see this") {
		t.Error("a direct message says that it is private")
	}
}

func TestAPageThatComesBackMissesNothing(t *testing.T) {
	w := open(t, &memory{}, nil)
	base := serve(t, w)
	l := listen(t, base, "maria", "coordination", "")
	fill(t, w, 3)
	for range 3 {
		l.next("message")
	}
	l.stop()
	l.ended()
	fill(t, w, 230)
	l = listen(t, base, "maria", "coordination", "3")
	for want := int64(4); want <= 233; want++ {
		if e := l.next("message"); e.id != want {
			t.Fatalf("change %d, want %d", e.id, want)
		}
	}
	// A number that is none, and one of the future.
	for _, id := range []string{"x", "-1"} {
		if e := listen(t, base, "maria", "coordination", id).next("message"); e.id != 184 { // the newest 50
			t.Errorf("after %q: change %d", id, e.id)
		}
	}
	listen(t, base, "maria", "coordination", "999999").next("clock")
}

func TestALivePageShowsThatItLives(t *testing.T) {
	w := open(t, &memory{}, func(o *web.Options) { o.Heartbeat = 5 * time.Millisecond })
	l := listen(t, serve(t, w), "maria", "coordination", "")
	for range 3 {
		select {
		case <-l.beats:
		case <-time.After(10 * time.Second):
			t.Fatal("no sign of life")
		}
	}
}

func TestTheClockMovesForEverybody(t *testing.T) {
	w := open(t, &memory{}, nil)
	l := listen(t, serve(t, w), "devon", "managers", "")
	if e := l.next("clock"); e.data.Text != "Wed 25 Nov 2026, 12:00 EST" || e.data.Moved != "0s" {
		t.Errorf("%+v", e)
	}
	c := client{t: t, w: w}
	action, fields := c.form(c.get(chatURL("maria", "")).Body.String(), "+1 hour")
	fields["by"] = "1h"
	for range 2 { // twice the same form
		if rec := c.post(action, fields); rec.Code != http.StatusSeeOther {
			t.Fatal(rec.Code)
		}
	}
	if e := l.next("clock"); e.data.Text != "Wed 25 Nov 2026, 13:00 EST" || !strings.Contains(e.data.HTML, "Back to real time") {
		t.Errorf("%+v", e)
	}
	if len(w.moved) != 1 || !w.moved[0].Equal(noon.Add(time.Hour)) {
		t.Errorf("moved %v", w.moved)
	}
}
