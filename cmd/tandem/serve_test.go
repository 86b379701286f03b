package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// served is a `tandem serve` that runs as a process of its own.
type served struct {
	t            testing.TB
	cmd          *exec.Cmd
	chat, health string // where they are
	began        time.Time
	ended        chan struct{} // closed when it has ended and all is read
	err          error         // how it ended

	mu  sync.Mutex
	log bytes.Buffer
}

const servedConfig = `
store: tandem.db
listen: 127.0.0.1:0
log: {format: json, level: debug}
web: {chat: on}
health: {listen: "127.0.0.1:0"}
`

// servedFolder makes a folder with a configuration and a store of n engagements.
func servedFolder(tb testing.TB, config string, n int) string {
	tb.Helper()
	if runtime.GOOS == "windows" {
		tb.Skip("no signals to send there")
	}
	dir := tb.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tandem.yaml"), []byte(config), 0o600); err != nil {
		tb.Fatal(err)
	}
	db, err := sqlite.Open(tb.Context(), filepath.Join(dir, "tandem.db"), sqlite.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	text, err := sampleText(sampleFile)
	if err != nil {
		tb.Fatal(err)
	}
	e, report := engagement.Parse(sampleFile, text, engagement.Options{})
	if err := report.Err(); err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		if i > 0 {
			e.ID = fmt.Sprint("client-", i)
		}
		if _, err := db.ImportEngagement(tb.Context(), e, "test", time.Now()); err != nil {
			tb.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// serveIn starts it and waits until it says that it runs.
func serveIn(tb testing.TB, dir string) *served {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return serveBy(tb, dir, self)
}

func serveBy(tb testing.TB, dir, program string) *served {
	tb.Helper()
	s := &served{t: tb, cmd: exec.Command(program), ended: make(chan struct{}), began: time.Now()}
	s.cmd.Args = []string{realTandem, "serve", "--config", filepath.Join(dir, "tandem.yaml")}
	s.cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "TANDEM_STORE=", "TOKEN=s3cret")
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	runs := make(chan map[string]any, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			s.mu.Lock()
			s.log.WriteString(lines.Text() + "\n")
			s.mu.Unlock()
			var entry map[string]any
			if json.Unmarshal(lines.Bytes(), &entry) == nil && entry["msg"] == "tandem runs" {
				runs <- entry
			}
		}
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	tb.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.ended
	})
	select {
	case entry := <-runs:
		s.chat, _ = entry["chat"].(string)
		s.health, _ = entry["health"].(string)
	case <-s.ended:
		tb.Fatalf("it ended: %v\n%s", s.err, s.logged())
	case <-time.After(30 * time.Second):
		tb.Fatalf("it does not run\n%s", s.logged())
	}
	return s
}

func (s *served) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

func (s *served) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// end waits until it has ended, and returns how.
func (s *served) end() error {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		s.t.Fatalf("it does not end\n%s", s.logged())
	}
	return s.err
}

// get asks for a page and returns its status and text; 0 where nobody answers.
func (s *served) get(address, path string, header ...string) (status int, text string) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := alone.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(body)
}

// alone uses each connection once and follows nothing.
var alone = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	Timeout:       20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ready waits until it is, and returns how long that took from the start.
func (s *served) ready() time.Duration {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if status, _ := s.get(s.health, "/readyz"); status == http.StatusOK {
			return time.Since(s.began)
		}
	}
	_, text := s.get(s.health, "/readyz")
	s.t.Fatalf("it does not become ready: %s\n%s", text, s.logged())
	return 0
}

const mariasPage = "/chat?as=harbor-legal%2Fmaria&in=coordination"

var nonceField = regexp.MustCompile(`name="nonce" value="([^"]+)"`)

// form is what a browser sends when Maria says a text.
func (s *served) form(text string) string {
	s.t.Helper()
	status, page := s.get(s.chat, mariasPage)
	_, composer, found := strings.Cut(page, `id="composer"`)
	nonce := nonceField.FindStringSubmatch(composer)
	if status != http.StatusOK || !found || nonce == nil {
		s.t.Fatalf("no form: %d\n%s", status, page)
	}
	return url.Values{"nonce": {nonce[1]}, "text": {text}}.Encode()
}

const mariaSays = "/say?as=harbor-legal%2Fmaria&in=coordination"

// say says a text and reports whether that was confirmed.
func (s *served) say(form string) bool {
	answer, err := alone.Post("http://"+s.chat+mariaSays, "application/x-www-form-urlencoded", strings.NewReader(form))
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusSeeOther
}

// beginSaying sends half of a request, so that it is under way, and returns what
// sends the rest and wants it confirmed.
func (s *served) beginSaying(form string) (finish func()) {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.chat)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	half := len(form) / 2
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		mariaSays, s.chat, len(form), form[:half])
	time.Sleep(50 * time.Millisecond) // until it is read
	return func() {
		s.t.Helper()
		if _, err := io.WriteString(conn, form[half:]); err != nil {
			s.t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			s.t.Fatalf("the request under way was broken off: %v", err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusSeeOther {
			s.t.Errorf("the request under way: %s", answer.Status)
		}
	}
}

func countRows(tb testing.TB, dir, query string) (n int) {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "tandem.db")))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		tb.Fatal(err)
	}
	return n
}

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

// What an idle one holds, of the program itself.
func TestServeMemory(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("it builds the program and reads /proc")
	}
	f := figuresOf(t, 1)
	t.Log(f)
	if f.residentKiB > 40<<10 {
		t.Errorf("%d KiB are resident", f.residentKiB)
	}
}

// BenchmarkServe is the way from the start to being ready with a filled store, and
// what an idle one holds.
func BenchmarkServe(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("it reads /proc")
	}
	for b.Loop() {
		f := figuresOf(b, 1000)
		b.ReportMetric(float64(f.ready.Microseconds())/1000, "ms/ready")
		b.ReportMetric(float64(f.residentKiB)/1024, "MB/resident")
		b.ReportMetric(0, "ns/op")
		b.Log(f)
	}
}

type figures struct {
	engagements  int
	ready, first time.Duration // after a start; the first time all that was imported is swept as well
	residentKiB  int
}

// String says them.
func (f figures) String() string {
	return fmt.Sprintf("%d engagements: ready %v after the start (the first time, with all to be swept, %v), idle %.1f MB resident",
		f.engagements, f.ready.Round(time.Millisecond), f.first.Round(time.Millisecond), float64(f.residentKiB)/1024)
}

// figuresOf builds the program and measures it over a store of n engagements.
func figuresOf(tb testing.TB, n int) figures {
	tb.Helper()
	program := filepath.Join(tb.TempDir(), realTandem)
	if out, err := exec.Command("go", "build", "-trimpath", "-o", program, ".").CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	dir := servedFolder(tb, servedConfig, n)
	stop := func(s *served) {
		s.signal(syscall.SIGTERM)
		if err := s.end(); err != nil {
			tb.Fatal(err)
		}
	}
	s := serveBy(tb, dir, program)
	f := figures{engagements: n, first: s.ready(), ready: time.Hour}
	stop(s)
	for range 3 {
		s := serveBy(tb, dir, program)
		f.ready = min(f.ready, s.ready())
		time.Sleep(200 * time.Millisecond)
		f.residentKiB = max(f.residentKiB, residentKiB(tb, s.cmd.Process.Pid))
		stop(s)
	}
	return f
}

func residentKiB(tb testing.TB, pid int) int {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		tb.Fatal(err)
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(text)
	if found == nil {
		tb.Fatal("no VmRSS")
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		tb.Fatal(err)
	}
	return n
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
