package main

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// slackTown is the sample engagement's Slack, with a serve before it.
type slackTown struct {
	*slacktest.Slack
	t            *testing.T
	dir          string
	home         *slacktest.Workspace
	in           *slacktest.Install
	maria, devon *slacktest.Person // of the home workspace, and of the MSP's
	theo         *slacktest.Person // whom the file knows by e-mail only
	coordination *slacktest.Channel
	// hold holds up calls of chat.postMessage: before Slack has them, or after.
	hold atomic.Int32
	held chan struct{}
}

const (
	holdNothing = iota
	holdBefore
	holdAfter
)

func newSlackTown(t *testing.T, socket bool) *slackTown {
	t.Helper()
	w := &slackTown{t: t, held: make(chan struct{}, 16)}
	w.Slack = slacktest.Open(t, slacktest.Options{Now: time.Now, App: slacktest.App{SocketMode: socket, EscapeCommands: true}, Retries: []time.Duration{}})
	w.home = w.Workspace("T0HARBOR001", "Harbor Legal")
	away := w.Workspace("T04PALMR1DG", "Palmetto Ridge")
	w.in = w.home.Install(slacktest.Scopes...)
	w.maria = w.home.Person(slacktest.User{ID: "U0HY0VMD4PW", Name: "maria", RealName: "Maria Ortega"})
	w.theo = w.home.Person(slacktest.User{ID: "U0SOMEBODY1", Name: "theo", RealName: "Theo", Email: "Theo@harborlegal.example"})
	w.devon = away.Person(slacktest.User{ID: "U088K5NH4HT", Name: "devon", RealName: "Devon Price"})
	w.coordination = w.home.Channel(slacktest.NewChannel{ID: "C0OUFM616QQ", Name: "coordination", Bot: true})
	w.coordination.Add(w.maria, w.devon, w.theo)
	w.home.Channel(slacktest.NewChannel{ID: "C0E3EK6SAWS", Name: "managers", Bot: true}).Add(w.maria, w.devon)

	api, err := url.Parse(w.APIURL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: api.Scheme, Host: api.Host})
	gone := make(chan struct{})
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		how := w.hold.Load()
		if how == holdNothing || !strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
			proxy.ServeHTTP(rw, r)
			return
		}
		if how == holdAfter {
			proxy.ServeHTTP(httptest.NewRecorder(), r)
		}
		w.held <- struct{}{}
		<-gone
	}))
	t.Cleanup(front.Close)
	t.Cleanup(func() { close(gone) })

	way := "signing_secret: " + w.App().SigningSecret
	if socket {
		way = "receive: socket, app_token: " + w.App().AppToken
	}
	w.dir = servedFolder(t, `
store: tandem.db
listen: 127.0.0.1:0
log: {format: json, level: debug}
health: {listen: "127.0.0.1:0"}
slack: {bot_token: `+w.in.Token+`, api: "`+front.URL+api.Path+`", `+way+`}
`, 1)
	db, err := sqlite.Open(t.Context(), filepath.Join(w.dir, "tandem.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := db.Engagement(t.Context(), "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := e.Person("theo")
	p.Slack, p.Email = "", "theo@harborlegal.example"
	if _, err := db.ImportEngagement(t.Context(), e, "test", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

// also adds a section to the configuration.
func (w *slackTown) also(section string) {
	w.t.Helper()
	path := filepath.Join(w.dir, "tandem.yaml")
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, append(data, section...), 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// configure puts another configuration in the place of the town's.
func (w *slackTown) configure(text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "tandem.yaml"), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// serve starts Tandem and tells Slack where it is.
func (w *slackTown) serve() *served {
	w.t.Helper()
	s := serveIn(w.t, w.dir)
	w.Configure(func(a *slacktest.App) {
		a.EventsURL = "http://" + s.chat + "/slack/events"
		a.InteractivityURL, a.CommandsURL = a.EventsURL, a.EventsURL
	})
	if w.App().SocketMode {
		if err := w.AwaitConnections(w.t.Context(), 1); err != nil {
			w.t.Fatal(err)
		}
	}
	return s
}

// said waits until what Tandem said to somebody holds a text so many times.
func (w *slackTown) said(by *slacktest.Person, channel, text string, times int) []slacktest.Message {
	w.t.Helper()
	var of []slacktest.Message
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		all, err := by.Seen(channel)
		if err != nil {
			w.t.Fatal(err)
		}
		of = nil
		for _, m := range all {
			if m.App && strings.Contains(m.Text, text) {
				of = append(of, m)
			}
		}
		if len(of) >= times {
			return of
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%q was not said %d times in %q: %+v", text, times, channel, all)
		}
	}
}

// saidWith waits for a message that holds a text and has a button.
func (w *slackTown) saidWith(by *slacktest.Person, channel, text, button string) slacktest.Message {
	w.t.Helper()
	for n := 1; ; n++ {
		all := w.said(by, channel, text, n)
		for _, m := range all {
			for _, b := range m.Buttons {
				if b.Label == button {
					return m
				}
			}
		}
		n = max(n, len(all))
	}
}

func (w *slackTown) mention(p *slacktest.Person, text string) {
	w.t.Helper()
	d, err := p.Mention(w.t.Context(), slacktest.In{Channel: w.coordination.ID()}, text)
	if err != nil || !d.OK() {
		w.t.Fatalf("%v %+v", err, d)
	}
}

const leads = "Leads now: Theo Lindqvist"

// TestServeSlack: people of both companies ask, press and read in one channel.
func TestServeSlack(t *testing.T) {
	for name, socket := range map[string]bool{"http": false, "socket": true} {
		t.Run(name, func(t *testing.T) {
			w := newSlackTown(t, socket)
			s := w.serve()
			channel := w.coordination.ID()
			w.mention(w.maria, "who owns password resets?")
			got := w.said(w.maria, channel, leads, 1)[0]
			if !strings.Contains(got.Text, "this is our first talk") || got.Thread == "" {
				t.Errorf("the first answer is %+v", got)
			}
			w.mention(w.maria, "who owns password resets?")
			if got := w.said(w.maria, channel, leads, 2)[1]; strings.Contains(got.Text, "first talk") {
				t.Errorf("she is greeted again: %s", got.Text)
			}
			w.mention(w.devon, "status")
			w.said(w.devon, channel, "Weekly standup", 1)
			// The file knows Theo by his address.
			if d, err := w.theo.Say(t.Context(), slacktest.In{}, "acks mine"); err != nil || !d.OK() {
				t.Fatal(err, d)
			}
			w.said(w.theo, "", "Hello Theo Lindqvist", 1)
			if d, err := w.theo.OpenHome(t.Context()); err != nil || !d.OK() {
				t.Fatal(err, d)
			}
			for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
				if v, ok := w.theo.Home(); ok && holdsAll(v.Message.Text, "Waiting for you", "On call", "What is coming", "The rhythm") {
					break
				} else if time.Now().After(deadline) {
					t.Fatalf("his Home tab is %+v", v)
				}
			}
			if _, metrics := s.get(s.health, "/metrics"); !strings.Contains(metrics, `tandem_arrivals_total{outcome="accepted",platform="slack"} 5`) {
				t.Errorf("the metrics lack what arrived: %s", metrics)
			}
			// The channel is shared anew, and has another id from now on.
			if d := w.coordination.Renumber(t.Context(), "C0NEWNUMBER"); !d.OK() {
				t.Fatal(d)
			}
			w.mention(w.maria, "who owns the firewall?")
			w.said(w.maria, "C0NEWNUMBER", "irewall", 1)
			s.stopped()
		})
	}
}

// TestServeSlackKilled: what Slack was told is kept is answered once, also where
// Tandem is killed before or after its answer arrives at Slack.
func TestServeSlackKilled(t *testing.T) {
	for name, hold := range map[string]int32{"before": holdBefore, "after": holdAfter} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it waits for a lease to end
			w := newSlackTown(t, false)
			s := w.serve()
			w.hold.Store(hold)
			w.mention(w.maria, "who owns password resets?")
			<-w.held
			s.killed()
			w.hold.Store(holdNothing)
			s = w.serve()
			for deadline := time.Now().Add(time.Minute); countRows(t, w.dir, `SELECT COUNT(*) FROM arrivals WHERE payload IS NOT NULL`) > 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("it is not worked on")
				}
			}
			if got := w.said(w.maria, w.coordination.ID(), leads, 1); len(got) != 1 {
				t.Errorf("it is answered %d times", len(got))
			}
			s.stopped()
		})
	}
}

// TestServeSlackInstalled: a workspace installs Tandem by itself, and takes it out
// again; the store holds no token that can be read.
func TestServeSlackInstalled(t *testing.T) {
	w := newSlackTown(t, false)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	app := w.App()
	if err := os.WriteFile(filepath.Join(w.dir, "tandem.yaml"), []byte(`
store: tandem.db
listen: `+address+`
log: {format: json, level: debug}
health: {listen: "127.0.0.1:0"}
slack:
  signing_secret: `+app.SigningSecret+`
  client_id: "`+app.ClientID+`"
  client_secret: `+app.ClientSecret+`
  key: 00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef
  url: http://`+address+`
  teams: [T0HARBOR001]
  api: "`+w.APIURL()+`"
`), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Configure(func(a *slacktest.App) { a.Redirects = []string{"http://" + address + "/slack/oauth/callback"} })
	s := w.serve()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	visit := func(page string) (status int, location string) {
		t.Helper()
		answer, err := browser.Get(page)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		return answer.StatusCode, answer.Header.Get("Location")
	}
	status, at := visit("http://" + address + "/slack/install")
	back, err := w.maria.Approve(at)
	if err != nil {
		t.Fatalf("%d: %v", status, err)
	}
	if status, _ := visit(back); status != http.StatusOK {
		t.Fatalf("the way back ends in %d\n%s", status, s.logged())
	}
	w.mention(w.maria, "who owns password resets?")
	w.said(w.maria, w.coordination.ID(), leads, 1)
	if n := countRows(t, w.dir, `SELECT COUNT(*) FROM slack_installations WHERE instr(sealed, 'xoxb') > 0`); n != 0 {
		t.Error("the store holds a token that can be read")
	}
	if strings.Contains(s.logged(), "xoxb") || strings.Contains(s.logged(), app.ClientSecret) {
		t.Error("the log tells a secret")
	}
	for _, d := range w.in.Uninstall(t.Context()) {
		if !d.OK() {
			t.Error(d)
		}
	}
	for deadline := time.Now().Add(time.Minute); countRows(t, w.dir, `SELECT COUNT(*) FROM slack_installations`) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the tokens are kept\n%s", s.logged())
		}
	}
	s.stopped()
}

func holdsAll(text string, words ...string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// A button's value comes from outside: one that names another engagement shows
// nothing of it and writes nothing there, in a channel and in a direct message.
func TestServeSlackForged(t *testing.T) {
	w := newSlackTown(t, false)
	changed(t, w.dir, func(db *sqlite.DB) error {
		text, err := sampleText("lakeside-dental.yaml")
		if err != nil {
			return err
		}
		e, report := engagement.Parse("lakeside-dental.yaml", text, engagement.Options{})
		if err := report.Err(); err != nil {
			return err
		}
		_, err = db.ImportEngagement(t.Context(), e, "test", time.Now())
		return err
	})
	s := w.serve()
	before := countRows(t, w.dir, `SELECT COUNT(*) FROM audit_log WHERE engagement_id = 'lakeside-dental'`)
	for i, say := range []string{"in lakeside-dental status", "in lakeside-dental people", `in lakeside-dental announce "forged" ack by everybody`, "in lakeside-dental: who owns phones?"} {
		for _, channel := range []string{w.coordination.ID(), "D0FORGED001"} {
			d := w.Deliver(t.Context(), slacktest.KindInteractive, map[string]any{
				"type": "block_actions", "trigger_id": strconv.Itoa(i) + channel, "api_app_id": w.App().ID,
				"user": map[string]any{"id": w.maria.ID, "team_id": "T0HARBOR001"}, "team": map[string]any{"id": "T0HARBOR001"},
				"channel": map[string]any{"id": channel}, "container": map[string]any{"type": "message", "message_ts": "1.000100", "channel_id": channel},
				"message": map[string]any{"ts": "1.000100"},
				"actions": []any{map[string]any{"type": "button", "action_id": "say/0", "block_id": "b", "value": say, "action_ts": strconv.Itoa(i) + ".1"}},
			})
			if !d.OK() {
				t.Fatal(d)
			}
		}
	}
	for deadline := time.Now().Add(time.Minute); countRows(t, w.dir, `SELECT COUNT(*) FROM arrivals WHERE payload IS NOT NULL`) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("they are not worked on\n%s", s.logged())
		}
	}
	if n := countRows(t, w.dir, `SELECT COUNT(*) FROM arrivals`); n != 8 {
		t.Errorf("%d presses came in", n)
	}
	for _, channel := range []string{w.coordination.ID(), ""} {
		all, err := w.maria.Seen(channel)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if strings.Contains(m.Text, "Lakeside") || strings.Contains(m.Text, "Cypress") {
				t.Errorf("she is shown %s", m.Text)
			}
		}
	}
	if after := countRows(t, w.dir, `SELECT COUNT(*) FROM audit_log WHERE engagement_id = 'lakeside-dental'`); after != before {
		t.Errorf("%d entries were written into the other engagement's log", after-before)
	}
	s.stopped()
}
