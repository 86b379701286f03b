package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
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

// stopped stops it in good order.
func (s *served) stopped() {
	s.t.Helper()
	s.signal(syscall.SIGTERM)
	if err := s.end(); err != nil {
		s.t.Errorf("it ended with %v\n%s", err, s.logged())
	}
}

// killed ends it at once.
func (s *served) killed() {
	s.t.Helper()
	s.signal(syscall.SIGKILL)
	if err := s.end(); err == nil {
		s.t.Error("it ended well")
	}
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
