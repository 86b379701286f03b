package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"sync"
	"testing"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// raw opens a database as another program would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func run(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPaths: any name that a file can have, each its own store.
func TestPaths(t *testing.T) {
	dir := t.TempDir()
	names := []string{"tandem.db", "a b.db", "100%.db", "%41.db", "é.db", "a#b.db", "a&mode=memory.db", "file:x.db", "-wal", "'quoted'.db"}
	if runtime.GOOS != "windows" {
		names = append(names, "what?.db", "what?mode=memory", `back\slash`, `"x".db`, "new\nline")
	}
	for i, name := range names {
		e := client(fmt.Sprint("client-", i))
		db, err := sqlite.Open(ctx, filepath.Join(dir, name), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		importing(t, db, e)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
		list, err := open(t, filepath.Join(dir, name), sqlite.Options{ReadOnly: true}).Engagements(ctx)
		if err != nil || len(list) != 1 || list[0].ID != e.ID {
			t.Errorf("%q holds %v, %v", name, list, err)
		}
	}
}

// wantMode checks a mode where the system has them.
func wantMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want && runtime.GOOS != "windows" {
		t.Errorf("%s has the mode %v, want %v", path, got, want)
	}
}

func TestModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folders", "tandem.db")
	db := open(t, path, sqlite.Options{})
	importing(t, db, client("harbor-legal"))
	wantMode(t, filepath.Dir(path), 0o700)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		wantMode(t, path+suffix, 0o600)
	}
}

// TestPragmas: what each connection of the pools is set to.
func TestPragmas(t *testing.T) {
	db := open(t, newPath(t), sqlite.Options{})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
		"temp_store": "2", "recursive_triggers": "1", "query_only": "0",
	} {
		var got string
		if err := db.Writer().QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v, want %s", pragma, got, err, want)
		}
	}
	if n := db.Writer().Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections may write", n)
	}
}

func TestRefusedPaths(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, []byte("x"))
	for _, c := range []struct {
		name, path string
		o          sqlite.Options
		code       store.Code
		words      string
	}{
		{"no path", "", sqlite.Options{}, store.CodeInvalid, "needs the path of a file"},
		{"a NUL", "a\x00b", sqlite.Options{}, store.CodeInvalid, "needs the path of a file"},
		{"a folder", dir, sqlite.Options{}, store.CodeInvalid, "This is a folder"},
		{"a folder, to read", dir, sqlite.Options{ReadOnly: true}, store.CodeInvalid, "This is a folder"},
		{"no file to read", filepath.Join(dir, "none"), sqlite.Options{ReadOnly: true}, store.CodeNotFound, "no such file"},
		{"no folder to read", filepath.Join(dir, "no", "ne"), sqlite.Options{ReadOnly: true}, store.CodeNotFound, "no such file"},
		{"memory to read", sqlite.Memory, sqlite.Options{ReadOnly: true}, store.CodeInvalid, "begins empty"},
		{"too long", filepath.Join(dir, string(bytes.Repeat([]byte("x"), 5000))), sqlite.Options{}, store.CodeInvalid, "too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sqlite.Open(ctx, c.path, c.o)
			wantError(t, err, c.code, c.words)
		})
	}
	t.Run("under a file", func(t *testing.T) {
		_, err := sqlite.Open(ctx, filepath.Join(file, "tandem.db"), sqlite.Options{})
		if code := store.ErrorCode(err); code != store.CodeInvalid && code != store.CodeNotFound {
			t.Errorf("%q: %v", code, err)
		}
	})
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Errorf("refusals left %v behind, %v", names, err)
	}
}

// TestRefusedFiles: what is no store of ours is told and not touched.
func TestRefusedFiles(t *testing.T) {
	foreign := func(t *testing.T, path string) {
		t.Helper()
		run(t, raw(t, path), "CREATE TABLE notes (body TEXT)")
	}
	for _, c := range []struct {
		name  string
		make  func(t *testing.T, path string)
		code  store.Code
		words string
	}{
		{"garbage", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, bytes.Repeat([]byte("garbage "), 1000))
		}, store.CodeUnavailable, "no Tandem store, or it is damaged"},
		{"a few bytes", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, []byte("SQLite"))
		}, store.CodeUnavailable, "put the last backup in its place"},
		{"a header alone", func(t *testing.T, path string) {
			t.Helper()
			write(t, path, read(t, fill(t, path))[:100])
		}, store.CodeUnavailable, "damaged"},
		{"cut in half", func(t *testing.T, path string) {
			t.Helper()
			b := read(t, fill(t, path))
			write(t, path, b[:len(b)/2])
		}, store.CodeUnavailable, "damaged"},
		{"another program's", foreign, store.CodeInvalid, "another program"},
		{"marked by another program", func(t *testing.T, path string) {
			t.Helper()
			run(t, raw(t, path), "PRAGMA application_id = 7; PRAGMA user_version = 1")
		}, store.CodeInvalid, "another program"},
		{"a newer Tandem's", func(t *testing.T, path string) {
			t.Helper()
			run(t, raw(t, fill(t, path)), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (1007, 1)")
		}, store.CodeUnavailable, "written by a newer Tandem (schema 1007, this one knows"},
	} {
		for _, o := range []sqlite.Options{{}, {ReadOnly: true}} {
			t.Run(fmt.Sprintf("%s, read-only %t", c.name, o.ReadOnly), func(t *testing.T) {
				path := newPath(t)
				c.make(t, path)
				before := read(t, path)
				_, err := sqlite.Open(ctx, path, o)
				wantError(t, err, c.code, c.words, path, "othing was changed")
				if !bytes.Equal(read(t, path), before) {
					t.Error("the file was changed")
				}
			})
		}
	}
}

// TestLogAlone: a log without its file is all that is left of some commits;
// to make a new store would delete it.
func TestLogAlone(t *testing.T) {
	for _, name := range []string{"gone", "empty"} {
		path := newPath(t)
		write(t, path+"-wal", []byte("what was not copied yet"))
		if name == "empty" {
			write(t, path, nil)
		}
		_, err := sqlite.Open(ctx, path, sqlite.Options{})
		wantError(t, err, store.CodeUnavailable, "its log (-wal) is still there")
		if got := read(t, path+"-wal"); string(got) != "what was not copied yet" {
			t.Errorf("%s: the log is now %q", name, got)
		}
	}
}

// TestDamaged: a store that opens and turns out to be damaged further in says
// so, keeps the rest readable and changes nothing.
func TestDamaged(t *testing.T) {
	path := fill(t, newPath(t))
	b := read(t, path)
	at := bytes.Index(b, []byte("Function number 7"))
	if at < 0 {
		t.Fatal("the content is not where it was")
	}
	b[at] = 'f'
	write(t, path, b)
	db := open(t, path, sqlite.Options{})
	_, err := db.Engagement(ctx, "harbor-legal")
	wantError(t, err, store.CodeUnavailable, "matrix version 1 of harbor-legal does not match its SHA-256", "restore the last backup")
	if list, err := db.Engagements(ctx); err != nil || len(list) != 1 {
		t.Errorf("the rest: %v, %v", list, err)
	}
}

func TestReadOnly(t *testing.T) {
	path := fill(t, newPath(t))
	before := read(t, path)
	db := open(t, path, sqlite.Options{ReadOnly: true})
	if _, err := db.Engagement(ctx, "harbor-legal"); err != nil {
		t.Error(err)
	}
	_, err := db.ImportEngagement(ctx, client("harbor-legal"), "maria", noon)
	wantError(t, err, store.CodeUnavailable, "opened for reading only")
	_, err = db.RecordAbsence(ctx, "harbor-legal", store.Absence{Person: "maria", From: store.DateOf(noon), To: store.DateOf(noon)}, "maria", noon)
	wantError(t, err, store.CodeUnavailable, "opened for reading only")
	if !bytes.Equal(read(t, path), before) {
		t.Error("reading changed the file")
	}

	empty := newPath(t)
	write(t, empty, nil)
	_, err = sqlite.Open(ctx, empty, sqlite.Options{ReadOnly: true})
	wantError(t, err, store.CodeNotFound, "The file is empty")
}

// TestReadersSeeCommitsOfOthers: reading alone does not mean an old picture.
func TestReadersSeeCommitsOfOthers(t *testing.T) {
	path := newPath(t)
	one := open(t, path, sqlite.Options{})
	two := open(t, path, sqlite.Options{ReadOnly: true, Readers: 1})
	if list, err := two.Engagements(ctx); err == nil && len(list) != 0 {
		t.Fatalf("an empty store lists %v", list)
	}
	importing(t, one, client("harbor-legal"))
	if list, err := two.Engagements(ctx); err != nil || len(list) != 1 {
		t.Errorf("after the import: %v, %v", list, err)
	}
}

// TestOpenAtOnce: many open one new store, and all of them find it whole.
func TestOpenAtOnce(t *testing.T) {
	for range 5 {
		path := newPath(t)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				db, err := sqlite.Open(ctx, path, sqlite.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := db.ImportEngagement(ctx, client(fmt.Sprint("client-", i)), "maria", noon); err != nil {
					t.Error(err)
				}
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		db := open(t, path, sqlite.Options{})
		if list, err := db.Engagements(ctx); err != nil || len(list) != 8 {
			t.Fatalf("%d engagements, %v", len(list), err)
		}
		wantIntact(t, db)
	}
}

func TestOpenCancelled(t *testing.T) {
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := sqlite.Open(ended, newPath(t), sqlite.Options{})
	wantError(t, err, store.CodeUnavailable, "Stopped before it was done")
}

// TestSamples: the whole engagements of the samples come back as they were,
// down to the bytes of their export.
func TestSamples(t *testing.T) {
	db := open(t, newPath(t), sqlite.Options{})
	for _, name := range []string{"harbor-legal", "lakeside-dental"} {
		data, err := sample.FS.ReadFile(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		e, report := engagement.Parse(name, data, engagement.Options{})
		if e == nil {
			t.Fatal(report)
		}
		importing(t, db, e)
		got, err := db.Engagement(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, e) {
			t.Errorf("%s came back different", name)
		}
		if !bytes.Equal(engagement.Format(got), engagement.Format(e)) {
			t.Errorf("%s is exported with other bytes", name)
		}
	}
}
