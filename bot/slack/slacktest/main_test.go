package slacktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// night is when these tests play.
var night = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)

// stage is a Slack of two connected workspaces, and an app that remembers.
type stage struct {
	*Slack
	t          *testing.T
	home, away *Workspace
	in         *Install
	maria      *Person // of the home workspace
	theo       *Person
	devon      *Person // of the other one
	room       *Channel
	shared     *Channel

	mu     sync.Mutex
	now    time.Time
	heard  []heard
	answer func(r *http.Request, body []byte) (int, string)
}

// heard is a request that came to the app.
type heard struct {
	path   string
	header http.Header
	body   []byte
}

func (h heard) payload(t *testing.T) obj {
	t.Helper()
	text := h.body
	if v, err := url.ParseQuery(string(h.body)); err == nil && v.Get("payload") != "" {
		text = []byte(v.Get("payload"))
	}
	var o obj
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return o
}

func newStage(t *testing.T, change ...func(*Options)) *stage {
	t.Helper()
	st := &stage{t: t, now: night}
	o := Options{Now: st.time}
	for _, c := range change {
		c(&o)
	}
	st.Slack = Open(t, o)
	app := httptest.NewServer(http.HandlerFunc(st.serve))
	t.Cleanup(app.Close)
	st.Configure(func(a *App) {
		a.EventsURL, a.InteractivityURL, a.CommandsURL = app.URL+"/events", app.URL+"/interactive", app.URL+"/commands"
		a.Redirects = []string{"https://tandem.example/slack/oauth"}
	})
	st.home, st.away = st.Workspace("T0HARBOR001", "Harbor Legal Group"), st.Workspace("T04PALMR1DG", "Palmetto Ridge IT")
	st.in = st.home.Install(Scopes...)
	st.maria = st.home.Person(User{ID: "U0HY0VMD4PW", Name: "maria", RealName: "Maria Ortega", Email: "maria@harbor.example"})
	st.theo = st.home.Person(User{ID: "U0THEO00001", Name: "theo", RealName: "Theo Lindqvist", Email: "theo@harbor.example"})
	st.devon = st.away.Person(User{ID: "U088K5NH4HT", Name: "devon", RealName: "Devon Pruitt", Email: "devon@palmetto.example"})
	st.room = st.home.Channel(NewChannel{ID: "C0ROOM00001", Name: "it", Members: []*Person{st.maria, st.theo}, Bot: true})
	st.shared = st.home.Channel(NewChannel{ID: "C0COORD0001", Name: "coordination", Members: []*Person{st.maria, st.devon}, Bot: true})
	return st
}

func (st *stage) time() time.Time {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.now
}

func (st *stage) pass(d time.Duration) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.now = st.now.Add(d)
}

func (st *stage) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		st.t.Error(err)
	}
	st.mu.Lock()
	st.heard = append(st.heard, heard{r.URL.Path, r.Header, body})
	answer := st.answer
	st.mu.Unlock()
	if answer == nil {
		return
	}
	status, text := answer(r, body)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// took returns what the app heard since the last time.
func (st *stage) took() []heard {
	st.mu.Lock()
	defer st.mu.Unlock()
	h := st.heard
	st.heard = nil
	return h
}

func (st *stage) answers(f func(r *http.Request, body []byte) (int, string)) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.answer = f
}

// api calls a method with JSON and the installation's token.
func (st *stage) api(method string, a obj) obj {
	st.t.Helper()
	_, o := st.as(st.in.Token, method, a)
	return o
}

// ok is api where it must go well.
func (st *stage) ok(method string, a obj) obj {
	st.t.Helper()
	o := st.api(method, a)
	if o["ok"] != true {
		st.t.Fatalf("%s answers %v", method, o)
	}
	return o
}

// refused is api where it must be refused with a word.
func (st *stage) refused(word, method string, a obj) obj {
	st.t.Helper()
	o := st.api(method, a)
	if o["ok"] != false || o["error"] != word {
		st.t.Errorf("%s of %.200v answers %v, want %s", method, a, o, word)
	}
	return o
}

func (st *stage) as(token, method string, a obj) (*answered, obj) {
	st.t.Helper()
	req, err := http.NewRequestWithContext(st.t.Context(), http.MethodPost, st.APIURL()+method, bytes.NewReader(encode(a)))
	if err != nil {
		st.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return st.do(req)
}

// answered is what an answer says outside of its body.
type answered struct {
	StatusCode int
	Header     http.Header
}

func (st *stage) do(req *http.Request) (*answered, obj) {
	st.t.Helper()
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, obj{"ok": nil, "error": err.Error()}
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		st.t.Fatal(err)
	}
	var o obj
	if json.Unmarshal(body, &o) != nil {
		o = obj{"ok": nil, "error": strings.TrimSpace(string(body))}
	}
	return &answered{resp.StatusCode, resp.Header}, o
}

// done is a delivery that must have gone well.
func (st *stage) done(d *Delivery, err error) *Delivery {
	st.t.Helper()
	if err != nil {
		st.t.Fatal(err)
	}
	if !d.OK() {
		st.t.Fatalf("the delivery is %+v", d)
	}
	return d
}

// seen is what somebody sees.
func (st *stage) seen(p *Person, channel string) []Message {
	st.t.Helper()
	seen, err := p.Seen(channel)
	if err != nil {
		st.t.Fatal(err)
	}
	return seen
}

// one is the only message of the app that somebody sees.
func (st *stage) one(p *Person, channel string) Message {
	st.t.Helper()
	var own []Message
	for _, m := range st.seen(p, channel) {
		if m.App {
			own = append(own, m)
		}
	}
	if len(own) != 1 {
		st.t.Fatalf("%s sees %+v, want one message", p.ID, own)
	}
	return own[0]
}

func plain(text string) obj { return obj{"type": "plain_text", "text": text} }

func mrkdwn(text string) obj { return obj{"type": "mrkdwn", "text": text} }

func section(text obj) obj { return obj{"type": "section", "text": text} }

func actions(elements ...any) obj { return obj{"type": "actions", "elements": elements} }

func button(label, id, value string) obj {
	return obj{"type": "button", "text": plain(label), "action_id": id, "value": value}
}

func blocks(b ...any) []any { return b }

func newApp(t *testing.T, h http.Handler) string {
	t.Helper()
	app := httptest.NewServer(h)
	t.Cleanup(app.Close)
	return app.URL
}
