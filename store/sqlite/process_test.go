package sqlite_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// What a process that a test starts is told.
const (
	childRole = "TANDEM_TEST_ROLE"
	childPath = "TANDEM_TEST_PATH"
)

// Roles of a child.
const (
	roleImporter = "importer" // opens the store and imports until it is killed
	roleOpener   = "opener"   // opens a new store for each line of its input
	roleReader   = "reader"   // opens the store as nobody and tells what works
	roleAccepter = "accepter" // accepts the same events as every other and tells how many were new
	roleKeeper   = "keeper"   // acknowledges, sweeps and delivers until it is killed
)

func child(role, path string) int {
	work := map[string]func(string) error{roleImporter: importForever, roleOpener: openEach, roleReader: readAsNobody, roleAccepter: acceptAll, roleKeeper: keepForever}[role]
	if err := work(path); err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	return 0
}

// importForever tells each engagement after its import has returned.
func importForever(path string) error {
	db, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		id := fmt.Sprintf("client-%d-%d", os.Getpid(), i)
		if _, err := db.ImportEngagement(ctx, client(id), "maria", noon); err != nil {
			return err
		}
		fmt.Println(id)
	}
}

// openEach opens, for each line, the store of that name in the folder.
func openEach(folder string) error {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		db, err := sqlite.Open(ctx, filepath.Join(folder, in.Text()), sqlite.Options{})
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
		fmt.Println("opened", in.Text())
	}
	return in.Err()
}

func start(t *testing.T, role, path string, stdin io.Reader) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Stdin = stdin
	cmd.Env = append(os.Environ(), childRole+"="+role, childPath+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestKill: two processes open one new store and import; both are killed in
// the middle, again and again. Whatever was told as stored is there, whole.
func TestKill(t *testing.T) {
	path := newPath(t)
	told := map[string]bool{}
	for round := range 4 {
		one, first := start(t, roleImporter, path, nil)
		two, second := start(t, roleImporter, path, nil)
		for range 5 + 3*round {
			for _, out := range []*bufio.Scanner{first, second} {
				if !out.Scan() || strings.HasPrefix(out.Text(), "failed:") {
					t.Fatalf("a child stopped: %q, %v", out.Text(), out.Err())
				}
				told[out.Text()] = true
			}
		}
		for _, cmd := range []*exec.Cmd{one, two} {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		for _, out := range []*bufio.Scanner{first, second} {
			for out.Scan() { // what was told before the kill
				told[out.Text()] = true
			}
		}
		for _, cmd := range []*exec.Cmd{one, two} {
			if err := cmd.Wait(); err == nil {
				t.Fatal("a killed child ended well")
			}
		}
	}
	db := open(t, path, sqlite.Options{})
	wantIntact(t, db)
	for id := range told {
		e, err := db.Engagement(ctx, id)
		if err != nil || len(e.Matrix.Functions) != 45 {
			t.Errorf("%s was told as stored: %v", id, err)
		}
	}
	list, err := db.Engagements(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list { // also those whose import was not told any more
		if _, err := db.Engagement(ctx, s.ID); err != nil {
			t.Errorf("%s is not whole: %v", s.ID, err)
		}
	}
}

// TestProcessesOpenAtOnce: two processes make the same new store, in step.
func TestProcessesOpenAtOnce(t *testing.T) {
	const rounds = 40
	folder := t.TempDir()
	var orders [2]*io.PipeWriter
	var answers [2]*bufio.Scanner
	for i := range orders {
		in, order := io.Pipe()
		cmd, answer := start(t, roleOpener, folder, in)
		orders[i], answers[i] = order, answer
		defer func() {
			if err := errors.Join(order.Close(), cmd.Wait()); err != nil {
				t.Error(err)
			}
		}()
	}
	for n := range rounds {
		for _, order := range orders {
			fmt.Fprintf(order, "%d.db\n", n)
		}
		for _, answer := range answers {
			if !answer.Scan() || !strings.HasPrefix(answer.Text(), "opened ") {
				t.Fatalf("round %d: %s", n, answer.Text())
			}
		}
	}
}

// TestLocked: another process holds the lock for longer than we wait.
func TestLocked(t *testing.T) {
	path := newPath(t)
	db := open(t, path, sqlite.Options{BusyTimeout: 20 * time.Millisecond})
	importing(t, db, client("harbor-legal"))
	other := raw(t, path)
	other.SetMaxOpenConns(1)
	run(t, other, "BEGIN IMMEDIATE")

	_, err := db.ImportEngagement(ctx, client("lakeside-dental"), "maria", noon)
	wantError(t, err, store.CodeUnavailable, "Another process is writing", "Nothing was changed")
	if _, err := db.Engagement(ctx, "harbor-legal"); err != nil {
		t.Errorf("reading beside a writer: %v", err)
	}
	late := open(t, path, sqlite.Options{BusyTimeout: 20 * time.Millisecond})
	if _, err := late.Engagement(ctx, "harbor-legal"); err != nil {
		t.Errorf("opening beside a writer: %v", err)
	}
	_, err = sqlite.Open(ctx, newPathBeside(t), sqlite.Options{BusyTimeout: 20 * time.Millisecond})
	wantError(t, err, store.CodeUnavailable, "Another process is writing")

	run(t, other, "ROLLBACK")
	importing(t, db, client("lakeside-dental"))
}

// newPathBeside is a new store that somebody else is about to fill.
func newPathBeside(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	other := raw(t, path)
	other.SetMaxOpenConns(1)
	run(t, other, "BEGIN EXCLUSIVE")
	t.Cleanup(func() { run(t, other, "ROLLBACK") })
	return path
}

// TestFull: a disk without room refuses the import, keeps everything and goes
// on reading; with room again it goes on writing.
func TestFull(t *testing.T) {
	db := open(t, newPath(t), sqlite.Options{})
	importing(t, db, client("harbor-legal"))
	var pages int
	if err := db.Writer().QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	run(t, db.Writer(), fmt.Sprintf("PRAGMA max_page_count = %d", pages+3))
	before, err := db.Engagement(ctx, "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ImportEngagement(ctx, client("lakeside-dental"), "maria", noon)
	wantError(t, err, store.CodeUnavailable, "The disk is full", "reading goes on")
	_, err = db.Engagement(ctx, "lakeside-dental")
	wantError(t, err, store.CodeNotFound)
	after, err := db.Engagement(ctx, "harbor-legal")
	if err != nil || len(after.Matrix.Functions) != len(before.Matrix.Functions) {
		t.Errorf("after a full disk: %v", err)
	}
	run(t, db.Writer(), "PRAGMA max_page_count = 1000000")
	importing(t, db, client("lakeside-dental"))
	wantIntact(t, db)
}
