package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// It becomes ready, counts what happens, and on SIGTERM lets a request under
// way finish, gives back its leases and ends well.
func TestServe(t *testing.T) {
	dir := servedFolder(t, strings.Replace(servedConfig, `0"}`, `0", metrics_token_env: TOKEN}`, 1), 2)
	s := serveIn(t, dir)
	if status, text := s.get(s.health, "/healthz"); status != http.StatusOK || text != "alive\n" {
		t.Errorf("healthz: %d %s", status, text)
	}
	s.ready()
	const said = "who waters the yucca palm of suite nine?"
	form := s.form(said)
	for range 2 { // the second time it is a repeat
		if !s.say(form) {
			t.Error("it was not said")
		}
	}
	if !s.say(s.form("who owns password resets?")) {
		t.Error("it was not said")
	}
	if status, _ := s.get(s.health, "/metrics"); status != http.StatusUnauthorized {
		t.Errorf("metrics without a token: %d", status)
	}
	status, metrics := s.get(s.health, "/metrics", "Authorization", "Bearer s3cret")
	for _, want := range []string{
		`tandem_events_total{outcome="answered",platform="web"} 2`, `tandem_events_total{outcome="repeat",platform="web"} 1`,
		"tandem_conversations_open 1", "tandem_engagements 2", `tandem_outbox{state="dead"} 0`, "tandem_store_up 1",
		`tandem_swept_engagements_total{outcome="failed"} 0`, "tandem_build_info{", "go_goroutines ", "process_resident_memory_bytes ",
	} {
		if status != http.StatusOK || !strings.Contains(metrics, want) {
			t.Errorf("metrics: %d, no %s", status, want)
		}
	}
	if strings.Contains(metrics, "harbor") || strings.Contains(metrics, "Harbor") || strings.Contains(metrics, "client-1") {
		t.Error("the metrics name a client")
	}

	finish := s.beginSaying(s.form("the last word"))
	form = s.form("the last word")
	s.signal(syscall.SIGTERM)
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if status, text := s.get(s.health, "/readyz"); status == http.StatusServiceUnavailable && strings.Contains(text, "it is stopping") {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("while it stops: %d %s", status, text)
		}
	}
	if s.say(form) {
		t.Error("it still takes requests")
	}
	select {
	case <-s.ended:
		t.Fatal("it did not wait for the request under way")
	case <-time.After(100 * time.Millisecond):
	}
	finish()
	if err := s.end(); err != nil {
		t.Errorf("it ended with %v\n%s", err, s.logged())
	}
	if n := countRows(t, dir, `SELECT COUNT(*) FROM sweeps WHERE lease_owner <> ''`) + countRows(t, dir, `SELECT COUNT(*) FROM deliveries WHERE lease_owner <> ''`); n != 0 {
		t.Errorf("%d leases were not given back", n)
	}
	log := s.logged()
	for _, never := range []string{"yucca", "last word", "s3cret", "password resets"} {
		if strings.Contains(log, never) {
			t.Errorf("the log holds %q\n%s", never, log)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(log), "\n") {
		var entry struct{ Time, Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Time == "" || entry.Level == "" || entry.Msg == "" {
			t.Errorf("no entry of a log: %s", line)
		}
		if entry.Level == "WARN" || entry.Level == "ERROR" {
			t.Errorf("a trouble: %s", line)
		}
	}
}

// A second signal ends it at once; what was confirmed is kept.
func TestServeSecondSignal(t *testing.T) {
	dir := servedFolder(t, servedConfig, 1)
	s := serveIn(t, dir)
	s.beginSaying(s.form("never finished"))
	s.signal(syscall.SIGTERM)
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(s.logged(), "stopping"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not stop")
		}
	}
	// The first signal releases the handler in a goroutine of its own; until then
	// another one is still heard by it.
	time.Sleep(500 * time.Millisecond)
	began := time.Now()
	s.signal(syscall.SIGTERM)
	var how *exec.ExitError
	if err := s.end(); !errors.As(err, &how) || time.Since(began) > 3*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

// Whatever was confirmed is there after a kill -9, each once, and a new start is
// ready soon.
func TestServeKilled(t *testing.T) {
	dir := servedFolder(t, servedConfig, 1)
	var mu sync.Mutex
	var confirmed []string
	const rounds = 3
	for round := range rounds {
		s := serveIn(t, dir)
		s.ready()
		var people sync.WaitGroup
		for person := range 4 {
			people.Go(func() {
				for n := 0; ; n++ {
					text := fmt.Sprintf("word-%d-%d-%d", round, person, n)
					status, page := s.get(s.chat, mariasPage)
					_, composer, _ := strings.Cut(page, `id="composer"`)
					nonce := nonceField.FindStringSubmatch(composer)
					if status != http.StatusOK || nonce == nil || !s.say(url.Values{"nonce": {nonce[1]}, "text": {text}}.Encode()) {
						return
					}
					mu.Lock()
					confirmed = append(confirmed, text)
					mu.Unlock()
				}
			})
		}
		enough := func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(confirmed) >= 20*(round+1)
		}
		for end := time.Now().Add(20 * time.Second); !enough() && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		s.signal(os.Kill)
		people.Wait()
		if s.end() == nil {
			t.Error("it was not killed")
		}
	}
	for _, text := range confirmed {
		if n := countRows(t, dir, `SELECT COUNT(*) FROM web_messages WHERE body = '`+text+`'`); n != 1 {
			t.Errorf("%s is there %d times", text, n)
		}
	}
	answered := countRows(t, dir, `SELECT COUNT(DISTINCT key) FROM web_messages WHERE key LIKE 'reply:%'`)
	if doubled := countRows(t, dir, `SELECT COUNT(*) - COUNT(DISTINCT key) FROM web_messages WHERE key LIKE 'reply:%'`); answered < len(confirmed) || doubled != 0 {
		t.Errorf("%d confirmed, %d answered, %d twice", len(confirmed), answered, doubled)
	}
	s := serveIn(t, dir)
	t.Logf("%d killed, %d words confirmed and kept; ready again after %v", rounds, len(confirmed), s.ready().Round(time.Millisecond))
	s.signal(syscall.SIGTERM)
	if err := s.end(); err != nil || len(confirmed) < 20*rounds {
		t.Errorf("%d confirmed, %v", len(confirmed), err)
	}
}

// A store that another process writes for a while keeps it from being ready, and
// from nothing else.
func TestServeLocked(t *testing.T) {
	dir := servedFolder(t, servedConfig, 1)
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "tandem.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	s := serveIn(t, dir)
	time.Sleep(300 * time.Millisecond)
	if status, text := s.get(s.health, "/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(text, "no sweep has ended yet") {
		t.Errorf("%d %s", status, text)
	}
	if status, _ := s.get(s.health, "/healthz"); status != http.StatusOK {
		t.Errorf("healthz: %d", status)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	s.ready()
}

// What is imported while it runs is on the page without a restart.
func TestServeImportedMeanwhile(t *testing.T) {
	dir := servedFolder(t, servedConfig, 1)
	s := serveIn(t, dir)
	s.ready()
	text, err := sampleText("lakeside-dental.yaml")
	if err != nil {
		t.Fatal(err)
	}
	e, report := engagement.Parse("lakeside-dental.yaml", text, engagement.Options{})
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	page := "/chat?as=lakeside-dental%2F" + e.People[0].ID
	if status, _ := s.get(s.chat, page); status != http.StatusNotFound {
		t.Errorf("before: %d", status)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "tandem.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ImportEngagement(t.Context(), e, "test", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if status, _ := s.get(s.chat, page); status == http.StatusOK {
			break
		} else if time.Now().After(end) {
			t.Fatal("it is not there")
		}
	}
}

// An open chat is said loudly, and answers to the name that was given.
func TestServeOpen(t *testing.T) {
	config := strings.NewReplacer("listen: 127.0.0.1:0\n", "listen: 0.0.0.0:0\n", "web: {chat: on}", "web: {chat: on, open_to_network: yes, hosts: [tandem.example.com]}").Replace(servedConfig)
	s := serveIn(t, servedFolder(t, config, 1))
	s.ready()
	if log := s.logged(); !strings.Contains(log, `"level":"WARN","msg":"THE WEB CHAT IS OPEN TO THE NETWORK: whoever reaches it can speak as anybody"`) {
		t.Error(log)
	}
	_, port, err := net.SplitHostPort(s.chat)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"tandem.example.com": http.StatusOK, "evil.example.com": http.StatusMisdirectedRequest} {
		r, err := http.NewRequest(http.MethodGet, "http://127.0.0.1:"+port+mariasPage, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		answer, err := alone.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s: %s", host, answer.Status)
		}
	}
}

// Stopped in the moment of its start it ends well, whatever it was at.
func TestServeStoppedAtOnce(t *testing.T) {
	dir := servedFolder(t, servedConfig+`
slack: {bot_token: xoxb-1, signing_secret: s, api: "http://127.0.0.1:9/"}
`, 3)
	for range 6 {
		serveIn(t, dir).stopped()
	}
}
