package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store/sqlite"
)

// A store with nothing in it is to who asks as if there were none; one that they
// named themselves is not.
func TestAskOfAnEmptyStore(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "tandem", "tandem.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	ask := func(args ...string) (status int, out, errs string) {
		var stdout, stderr bytes.Buffer
		w := &world{
			stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, now: time.Now,
			getenv: func(name string) string { return map[string]string{"XDG_DATA_HOME": home, "HOME": home}[name] },
		}
		return run(t.Context(), w, append([]string{"ask", "who owns password resets?"}, args...)), stdout.String(), stderr.String()
	}
	if status, out, errs := ask(); status != 0 || !strings.HasPrefix(out, "Password resets\n") || !strings.Contains(errs, "nothing is stored yet") {
		t.Errorf("%d %s %s", status, out, errs)
	}
	if status, out, errs := ask("--store", path); status != 1 || out != "" || !strings.Contains(errs, "holds no engagement") {
		t.Errorf("%d %s %s", status, out, errs)
	}
}
