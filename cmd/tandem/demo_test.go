package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// printed is an output that one goroutine writes and another waits for.
type printed struct {
	mu   sync.Mutex
	text strings.Builder
	grew chan struct{}
}

func newPrinted() *printed { return &printed{grew: make(chan struct{}, 100)} }

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.grew <- struct{}{}:
	default:
	}
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// wait returns the first match of a pattern, once it is printed.
func (p *printed) wait(t *testing.T, pattern string) string {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		if found := regexp.MustCompile(pattern).FindString(p.String()); found != "" {
			return found
		}
		select {
		case <-p.grew:
		case <-late:
			t.Fatalf("%s was not printed; printed was:\n%s", pattern, p)
		}
	}
}

// startDemo runs a demo until the returned function ends it, and says where.
func startDemo(t *testing.T, args ...string) (address string, out *printed, stop func() int) {
	t.Helper()
	w, _, _ := ownWorld(t, false, false)
	out = newPrinted()
	w.stdout, w.stderr, w.now = out, out, time.Now
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int, 1)
	go func() { done <- run(ctx, w, append([]string{"demo", "--address", "127.0.0.1:0"}, args...)) }()
	address = out.wait(t, `http://127\.0\.0\.1:\d+`)
	var once sync.Once
	status := -1
	stop = func() int {
		once.Do(func() { cancel(); status = <-done })
		return status
	}
	t.Cleanup(func() { stop() })
	return address, out, stop
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	http.DefaultClient.CloseIdleConnections()
	return string(body)
}

func TestTheDemoNeedsNothingAndStopsWell(t *testing.T) {
	data := t.TempDir()
	address, out, stop := startDemo(t, "--data", data)
	for _, want := range []string{"Open it in a browser", "who looks after the espresso machine?", filepath.Join(data, "tandem.db"), "--fresh"} {
		out.wait(t, regexp.QuoteMeta(want))
	}
	if page := get(t, address+"/people"); !strings.Contains(page, "Maria Ortega") || !strings.Contains(page, "Somebody else") {
		t.Error("one cannot speak as the people of the sample")
	}
	if page := get(t, address+"/chat?as=harbor-legal/maria&in=coordination"); !strings.Contains(page, "locked out of my account") {
		t.Error("the page offers no question to try")
	}
	if status := stop(); status != exitOK {
		t.Errorf("exit status %d; %s", status, out)
	}
}

func TestTheDemoKeepsItsStoreUntilItIsToldToBeginAnew(t *testing.T) {
	data := t.TempDir()
	mine := filepath.Join(data, "notes.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, stop := startDemo(t, "--data", data, filepath.Join("..", "..", "store", "engagement", "sample", "lakeside-dental.yaml"))
	stop()
	address, _, stop := startDemo(t, "--data", data)
	if page := get(t, address+"/people"); !strings.Contains(page, "Lakeside") || strings.Contains(page, "Maria Ortega") {
		t.Error("the store of the last run is not there any more")
	}
	stop()
	address, _, stop = startDemo(t, "--data", data, "--fresh")
	if page := get(t, address+"/people"); strings.Contains(page, "Lakeside") || !strings.Contains(page, "Maria Ortega") {
		t.Error("--fresh did not begin anew")
	}
	stop()
	if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
		t.Errorf("--fresh touched what was not the demo's: %q, %v", text, err)
	}
}

func TestAnAddressThatIsTakenIsSaid(t *testing.T) {
	address, _, _ := startDemo(t, "--data", t.TempDir())
	w, _, stderr := ownWorld(t, false, false)
	status := run(t.Context(), w, []string{"demo", "--data", t.TempDir(), "--address", strings.TrimPrefix(address, "http://")})
	if status != exitFailed || !strings.Contains(stderr.String(), "Choose another with --address") {
		t.Errorf("exit status %d: %s", status, stderr)
	}
}
