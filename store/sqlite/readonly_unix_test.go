//go:build unix

package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// readAsNobody is what a child without rights finds. The test may run as
// root, for whom no mode holds; the child gives that up first.
func readAsNobody(path string) error {
	if os.Getuid() == 0 {
		if err := syscall.Setgid(65534); err != nil {
			return err
		}
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	_, err := sqlite.Open(ctx, path, sqlite.Options{})
	fmt.Printf("to write: %s %s\n", store.ErrorCode(err), store.ErrorMessage(err))
	db, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err != nil {
		fmt.Printf("to read: %s %s\n", store.ErrorCode(err), store.ErrorMessage(err))
		return nil
	}
	list, err := db.Engagements(ctx)
	fmt.Printf("to read: %d engagements, %v\n", len(list), err)
	return db.Close()
}

// TestReadOnlyPlaces: a store in a folder, or a file, that this user can't
// write is read all the same.
func TestReadOnlyPlaces(t *testing.T) {
	for _, c := range []struct {
		name         string
		folder, file os.FileMode
		live         bool // somebody else has it open for writing
		write, read  string
	}{
		{"a folder and file to read", 0o555, 0o444, false, "unavailable", "1 engagements, <nil>"},
		{"a file to read", 0o777, 0o444, false, "unavailable", "1 engagements, <nil>"},
		{"a folder and file to read, in use", 0o555, 0o444, true, "unavailable", "2 engagements, <nil>"},
		{"a file that can't be read", 0o777, 0o000, false, "unavailable", "unavailable"},
		{"a folder that can't be entered", 0o000, 0o444, false, "unavailable", "unavailable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := publicPath(t)
			fill(t, path)
			if c.live {
				importing(t, open(t, path, sqlite.Options{}), client("lakeside-dental"))
			}
			chmod(t, c.file, path, path+"-wal", path+"-shm")
			chmod(t, c.folder, filepath.Dir(path))
			t.Cleanup(func() { chmod(t, 0o700, filepath.Dir(path)) })

			cmd, out := start(t, roleReader, path, nil)
			var lines []string
			for out.Scan() {
				lines = append(lines, out.Text())
			}
			if err := cmd.Wait(); err != nil || len(lines) != 2 {
				t.Fatalf("the child: %v, %q", err, lines)
			}
			if !strings.HasPrefix(lines[0], "to write: "+c.write) || !strings.Contains(lines[0], "othing was changed") {
				t.Errorf("%q, want %q", lines[0], c.write)
			}
			if !strings.HasPrefix(lines[1], "to read: "+c.read) {
				t.Errorf("%q, want %q", lines[1], c.read)
			}
		})
	}
}

// publicPath is in a folder that every user can reach.
func publicPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tandem-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	chmod(t, 0o755, dir)
	return filepath.Join(dir, "store", "tandem.db")
}

func chmod(t *testing.T, mode os.FileMode, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.Chmod(path, mode); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}
