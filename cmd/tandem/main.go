// Command tandem answers who owns what in a co-managed IT engagement, and
// keeps the engagement files that the answers come from.
package main

import (
	"context"
	"fmt"
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
	exitProblems = 3 // an engagement file has errors, or lint has something to tell
)

// world is what a command may touch; tests give it another one.
type world struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time
	getenv func(string) string
	// terminal: stdout is one; live: stderr is one, and progress may be drawn.
	terminal, live bool
	color          bool // colour is wanted where a terminal is
	// patience is how long to wait for another process that writes the store;
	// zero is the store's own measure.
	patience time.Duration
}

// graceful is how long a command may take to stop once it is asked to; one that
// waits for its input never would.
const graceful = 2 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	w := &world{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now, getenv: os.Getenv,
		terminal: term.IsTerminal(int(os.Stdout.Fd())),
		live:     term.IsTerminal(int(os.Stderr.Fd())),
		color:    os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}
	done := make(chan int, 1)
	go func() { done <- run(ctx, w, os.Args[1:]) }()
	select {
	case status := <-done:
		os.Exit(status)
	case <-ctx.Done():
		stop() // a second interrupt ends it at once
	}
	select {
	case status := <-done:
		os.Exit(status)
	case <-time.After(graceful):
		fmt.Fprintln(os.Stderr, stopped)
		os.Exit(exitFailed)
	}
}
