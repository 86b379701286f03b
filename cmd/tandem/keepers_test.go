package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store/sqlite"
)

// follow sweeps at each instant that its input says, and says when it has.
func (k *keeper) follow(ctx context.Context, in io.Reader) error {
	fmt.Println("ready")
	for lines := bufio.NewScanner(in); lines.Scan(); {
		at, err := time.Parse(time.RFC3339Nano, lines.Text())
		if err != nil {
			return err
		}
		k.now = at
		if err := k.sweep(ctx, at); err != nil {
			return err
		}
		if err := k.people(ctx); err != nil {
			return err
		}
		fmt.Println("swept")
	}
	return nil
}

// follower is a child that follows.
type follower struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string // closed when it has ended
	err   *strings.Builder
}

func startFollower(t *testing.T, path, remote string, seed uint64) *follower {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f := &follower{cmd: exec.CommandContext(t.Context(), self), lines: make(chan string, 100), err: &strings.Builder{}}
	f.cmd.Args = []string{keeperProgram, path, remote, strconv.FormatUint(seed, 10), "follow"}
	f.cmd.Stderr = f.err
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if f.in, err = f.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := f.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			f.lines <- lines.Text()
		}
		close(f.lines)
	}()
	return f
}

// until reads what a follower says up to a line. It reports false where the
// follower ended before.
func (f *follower) until(t *testing.T, line string, told map[string]bool) bool {
	t.Helper()
	for said := range f.lines {
		if what, ok := strings.CutPrefix(said, "recorded "); ok {
			told[what] = true
		}
		if said == line {
			return true
		}
	}
	_ = f.cmd.Wait() // it was killed, or says below why it ended
	if f.err.Len() > 0 {
		t.Fatalf("a keeper failed by itself: %s", f.err)
	}
	return false
}

// TestTwoKeepersKilled lets two processes keep one rhythm at the same instants,
// and kills one or both in the midst of a sweep, forty times. The next instant
// comes when both have swept or are dead, so that a lease runs out of the dead alone.
func TestTwoKeepersKilled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process is killed by a signal here")
	}
	dir := t.TempDir()
	path, remote := filepath.Join(dir, "tandem.db"), filepath.Join(dir, "remote.db")
	dice := mathrand.New(mathrand.NewPCG(killSeed, 2))
	told, killed, began := map[string]bool{}, 0, time.Now()
	var pair [2]*follower
	for i := range pair {
		pair[i] = startFollower(t, path, remote, dice.Uint64())
		if !pair[i].until(t, "ready", told) {
			t.Fatal("a keeper did not begin")
		}
	}
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{BusyTimeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	now, err := time.Parse(time.RFC3339, keeperBegin)
	if err != nil {
		t.Fatal(err)
	}
	instants := 0
	for end := now.AddDate(0, 0, keeperDays); now.Before(end); instants++ {
		for i, f := range pair {
			fmt.Fprintln(f.in, now.Format(time.RFC3339Nano))
			if killed < kills && dice.IntN(20) == 0 {
				killed++
				time.AfterFunc(time.Duration(dice.IntN(8000))*time.Microsecond, func() { _ = pair[i].cmd.Process.Kill() })
				time.Sleep(8 * time.Millisecond) // it hits this one, and in its sweep
			}
		}
		for i, f := range pair {
			if f.until(t, "swept", told) {
				continue
			}
			pair[i] = startFollower(t, path, remote, dice.Uint64())
			if !pair[i].until(t, "ready", told) {
				t.Fatal("a keeper did not begin again")
			}
		}
		next, err := db.NextDue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if latest := now.Add(2 * time.Hour); next.IsZero() || next.After(latest) {
			next = latest
		}
		if soonest := now.Add(time.Second); next.Before(soonest) {
			next = soonest
		}
		now = next
	}
	for _, f := range pair {
		_ = f.in.Close()
		if !f.until(t, "done", told) {
			t.Error("a keeper did not end well")
		} else if err := f.cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d kills among two processes in %s, %d instants, %d acknowledgements told as recorded", killed, time.Since(began).Round(time.Second), instants, len(told))
	if killed < kills {
		t.Errorf("only %d were killed", killed)
	}
	wantAcknowledged(t, db, told)
	wantPrompts(t, db, remote)
	if check, err := db.VerifyAudit(t.Context(), "keeper"); err != nil || check.Broken != nil {
		t.Errorf("the audit log: %s, %v", check, err)
	}
}
