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
	exitProblems = 3 // validate, lint, eval: it ran, and found problems
)

// world is what a command may touch; tests give it another one.
type world struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time
	getenv func(string) string
	color  bool // stdout is a terminal that shows colour
	live   bool // stderr is a terminal: progress may be drawn
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	w := &world{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now, getenv: os.Getenv,
		color: term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		live:  term.IsTerminal(int(os.Stderr.Fd())),
	}
	status := run(ctx, w, os.Args[1:])
	stop()
	os.Exit(status)
}
