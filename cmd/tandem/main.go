// Command tandem answers who owns what in a co-managed IT engagement, and
// keeps the engagement files that the answers come from.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

	"golang.org/x/term"
)

// Exit statuses.
const (
	exitOK       = 0
	exitFailed   = 1
	exitUsage    = 2
	exitProblems = 3 // a file has errors, or lint, doctor, audit verify or people has something to tell
)

// world is what a command may touch; tests give it another one.
type world struct {
	stdin io.Reader
	// keyboard is the terminal that stdin is, bare; nil where it is none. Only
	// what edits lines itself reads from it.
	keyboard *os.File
	stdout   io.Writer
	stderr   io.Writer
	now      func() time.Time
	getenv   func(string) string
	// terminal: stdout is one; live: stderr is one, and progress may be drawn.
	terminal, live bool
	color          bool // colour is wanted where a terminal is
	// patience is how long to wait for another process that writes the store;
	// zero is the store's own measure.
	patience time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends it at once
	w := &world{
		stdin: interruptible{ctx, os.Stdin}, stdout: os.Stdout, stderr: os.Stderr, now: time.Now, getenv: os.Getenv,
		terminal: term.IsTerminal(int(os.Stdout.Fd())),
		live:     term.IsTerminal(int(os.Stderr.Fd())),
		color:    os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		w.keyboard = os.Stdin
	}
	os.Exit(run(ctx, w, os.Args[1:]))
}

// interruptible is an input that ends with its context: reading from a
// terminal waits for ever otherwise, whatever the person presses.
type interruptible struct {
	ctx context.Context
	in  io.Reader
}

// Read reads into a buffer of its own, since a read that nobody waits for any
// more may still come to its end.
func (r interruptible) Read(p []byte) (int, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data := make([]byte, len(p))
		n, err := r.in.Read(data)
		done <- result{data[:n], err}
	}()
	select {
	case got := <-done:
		return copy(p, got.data), got.err
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}
