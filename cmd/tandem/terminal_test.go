package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ownWorld is a world of a test's own, a terminal if so wanted.
func ownWorld(t *testing.T, terminal, color bool) (w *world, stdout, stderr *bytes.Buffer) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, theDay)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return &world{
		stdin: strings.NewReader(""), stdout: stdout, stderr: stderr, now: func() time.Time { return at },
		getenv:   func(name string) string { return map[string]string{"HOME": home}[name] },
		terminal: terminal, live: terminal, color: color,
	}, stdout, stderr
}

// Color repeats what a word says, on a terminal alone, and NO_COLOR takes it away.
func TestColor(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("format: tandem/v1\nerror: yes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name            string
		terminal, color bool
		args            []string
		want            string // with color
	}{
		{"heading", true, true, []string{"ask", "password resets"}, "\x1b[1mPassword resets\x1b[0m\n"},
		{"error", true, true, []string{"validate", bad}, bad + ":2:1: \x1b[1;31merror:\x1b[0m unknown key \"error\""},
		{"complaint", true, true, []string{"validate", "nowhere.yaml"}, "\x1b[1;31mtandem:\x1b[0m there is no file nowhere.yaml\n"},
		{"no color", true, false, []string{"validate", bad}, ""},
		{"no terminal", false, true, []string{"validate", bad}, ""},
		{"no terminal for an answer", false, true, []string{"ask", "password resets"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, stdout, stderr := ownWorld(t, tt.terminal, tt.color)
			run(context.Background(), w, tt.args)
			got := stdout.String() + stderr.String()
			if !strings.Contains(got, tt.want) || (tt.want == "") == strings.Contains(got, "\x1b") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			plain, out, errs := ownWorld(t, false, false)
			run(context.Background(), plain, tt.args)
			if bare := strings.NewReplacer(bold, "", red, "", yellow, "", reset, "").Replace(got); bare != out.String()+errs.String() {
				t.Errorf("color says more than the words:\n%q\n%q", got, out.String()+errs.String())
			}
		})
	}
}

func TestWarningsAreMarkedAsWarnings(t *testing.T) {
	a := &app{world: &world{color: true}}
	got := a.report("x.yaml:1:2: warning: error: y\n      error: quoted line\n", true)
	if want := "x.yaml:1:2: \x1b[1;33mwarning:\x1b[0m error: y\n      error: quoted line\n"; got != want {
		t.Errorf("%q", got)
	}
}

// Progress shows from the first second on, ten times a second at most, and is
// gone when something else is printed.
func TestProgress(t *testing.T) {
	w, _, stderr := ownWorld(t, true, true)
	clock := w.now()
	w.now = func() time.Time { return clock }
	p := (&app{world: w}).progress("importing", 500)
	for n := range 151 {
		p.at(n)
		clock = clock.Add(10 * time.Millisecond)
	}
	const want = "\rimporting 100 of 500\rimporting 110 of 500\rimporting 120 of 500\rimporting 130 of 500\rimporting 140 of 500\rimporting 150 of 500"
	if got := stderr.String(); got != want {
		t.Errorf("got %q", got)
	}
	p.clear()
	p.clear()
	if got := strings.TrimPrefix(stderr.String(), want); got != "\r"+strings.Repeat(" ", 20)+"\r" {
		t.Errorf("cleared with %q", got)
	}
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	w, _, stderr := ownWorld(t, false, true)
	clock := w.now()
	w.now = func() time.Time { clock = clock.Add(time.Minute); return clock }
	p := (&app{world: w}).progress("answered", 0)
	for n := range 10 {
		p.at(n)
	}
	p.clear()
	if stderr.Len() > 0 {
		t.Errorf("drawn: %q", stderr)
	}
}

// A batch of long ago shows how far it is where only stderr is a terminal.
func TestBatchShowsProgress(t *testing.T) {
	w, stdout, stderr := ownWorld(t, false, false)
	w.live = true
	clock := w.now()
	w.now = func() time.Time { clock = clock.Add(time.Second); return clock }
	w.stdin = strings.NewReader(strings.Repeat(`{"q":"password resets"}`+"\n", 3))
	if status := run(context.Background(), w, []string{"ask", "--batch", "-"}); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if !strings.Contains(stderr.String(), "\ranswered 2") || strings.Count(stdout.String(), "\n") != 3 {
		t.Errorf("%q\n%s", stderr, stdout)
	}
}

// Who interrupts a batch that waits for its input is heard, and what was
// answered before is printed.
func TestInterruptWhileWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, typed := io.Pipe()
	w, stdout, stderr := ownWorld(t, false, false)
	w.stdin = interruptible{ctx, in}
	go func() {
		_, err := io.WriteString(typed, `{"q":"password resets"}`+"\n")
		if err != nil {
			t.Error(err)
		}
		cancel()
	}()
	status := run(ctx, w, []string{"ask", "--batch", "-"})
	if err := typed.Close(); err != nil { // lets the read that nobody waits for end
		t.Error(err)
	}
	if status != exitFailed || !strings.Contains(stderr.String(), "stopped; what was finished before is kept") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if n := strings.Count(stdout.String(), "\n"); n > 1 {
		t.Errorf("%d answers to one question", n)
	}
}
