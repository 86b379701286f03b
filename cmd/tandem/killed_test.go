package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store/sqlite"
)

// An import that is killed in its midst has stored what it told, and the next
// one goes on from there.
func TestKilledImport(t *testing.T) {
	dir := t.TempDir()
	text, err := sampleText("harbor-legal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"tandem", "--store", filepath.Join(dir, "tandem.db"), "import"}
	for i := range 100 {
		path := filepath.Join(dir, fmt.Sprintf("client-%d.yaml", i))
		client := strings.Replace(string(text), "id: harbor-legal", fmt.Sprintf("id: client-%d", i), 1)
		if err := os.WriteFile(path, []byte(client), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Args = args
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var told []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		id, _, _ := strings.Cut(lines.Text(), ":")
		if told = append(told, id); len(told) == 5 {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(told) < 5 || len(told) == 100 {
		t.Fatalf("it was not killed in its midst: %d told, %v", len(told), err)
	}

	if stored := storedIDs(t, args[2]); !subset(told, stored) || len(stored) > len(told)+1 {
		t.Errorf("told %v, stored %v", told, stored)
	}
	w, _, stderr := ownWorld(t, false, false)
	if status := run(context.Background(), w, args[1:]); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if stored := storedIDs(t, args[2]); len(stored) != 100 {
		t.Errorf("%d stored in the end", len(stored))
	}
}

func storedIDs(t *testing.T, path string) []string {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	all, err := db.Engagements(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	var ids []string
	for _, e := range all {
		ids = append(ids, e.ID)
	}
	return ids
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
