package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// theDay is when every story is told, unless it sets TANDEM_TEST_NOW:
// Friday 20 November 2026, 23:12 in Florida.
const theDay = "2026-11-20T23:12:00-05:00"

// realTandem is the program as it is, with the real clock and signals.
const realTandem = "tandem-real"

// keeperProgram keeps a rhythm until it is killed; see kill_test.go.
const keeperProgram = "tandem-keeper"

func TestMain(m *testing.M) {
	testscript.Main(leakChecked{m}, map[string]func(){
		"tandem":      func() { os.Exit(runAsTandem()) },
		realTandem:    main,
		keeperProgram: runAsKeeper,
	})
}

type leakChecked struct{ m *testing.M }

func (l leakChecked) Run() int {
	status := l.m.Run()
	if err := goleak.Find(); err != nil && status == 0 {
		fmt.Fprintln(os.Stderr, err)
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
		patience: 100 * time.Millisecond,
	}
	return run(context.Background(), w, os.Args[1:])
}

// TestStories runs testdata/script. Beside the usual commands, a story has:
//
//	status N tandem …     run it and compare its exit status
//	sql FILE STATEMENT    change a database behind Tandem's back
//	hold FILE             keep its write lock until the story ends
//	write FILE "TEXT"     write a file from a text with Go's escapes
//	repeat FILE N TEXT    write a file of a text, many times over
//	take HOST NAME        take a port until the story ends, and name it in NAME
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
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": wantStatus, "sql": changeDatabase, "hold": holdLock, "write": writeFile, "repeat": repeatText,
			"take": takePort,
		},
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

// database opens a database as another program would.
func database(ts *testscript.TestScript, name string) *sql.DB {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(ts.MkAbs(name)))
	ts.Check(err)
	db.SetMaxOpenConns(1)
	return db
}

func changeDatabase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db := database(ts, args[0])
	_, err := db.Exec(args[1])
	ts.Check(errors.Join(err, db.Close()))
}

func holdLock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold FILE")
	}
	db := database(ts, args[0])
	_, err := db.Exec("BEGIN IMMEDIATE")
	ts.Check(err)
	ts.Defer(func() { _ = db.Close() })
}

func writeFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: write FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func repeatText(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat FILE N TEXT")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat(args[2], n)), 0o600))
}

func takePort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: take HOST NAME")
	}
	l, err := net.Listen("tcp", net.JoinHostPort(args[0], "0"))
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv(args[1], port)
}
