package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// theDay is when every story is told, unless it sets TANDEM_TEST_NOW:
// Friday 20 November 2026, 23:12 in Florida.
const theDay = "2026-11-20T23:12:00-05:00"

func TestMain(m *testing.M) {
	testscript.Main(leakChecked{m}, map[string]func(){"tandem": func() { os.Exit(runAsTandem()) }})
}

type leakChecked struct{ m *testing.M }

func (l leakChecked) Run() int {
	status := l.m.Run()
	if err := goleak.Find(); err != nil && status == 0 {
		os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	return status
}

func runAsTandem() int {
	now := os.Getenv("TANDEM_TEST_NOW")
	if now == "" {
		now = theDay
	}
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		panic(err)
	}
	w := &world{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		now: func() time.Time { return at }, getenv: os.Getenv,
	}
	return run(context.Background(), w, os.Args[1:])
}

// TestStories runs testdata/script. A story may ask for an exit status with
// `status N tandem …`, and for the text of a JSON line with grep.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_DATA_HOME", e.WorkDir+"/data")
			e.Setenv("USER", "maria")
			for _, name := range []string{"harbor-legal.yaml", "lakeside-dental.yaml"} {
				text, err := sampleText(name)
				if err != nil {
					return err
				}
				if err := os.WriteFile(e.WorkDir+"/"+name, text, 0o600); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": wantStatus},
	})
}

// wantStatus runs the program and compares its exit status.
func wantStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command [arguments]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}
