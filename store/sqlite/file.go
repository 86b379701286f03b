package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// file is a store's file, and what was found out about it.
type file struct {
	path    string // absolute after prepare
	options Options
	empty   bool // it holds nothing yet
	// frozen: nobody can write it from here, and no log lies beside it, so it
	// is read without locks, which would need a file beside it.
	frozen bool
}

// prepare finds the file, or makes it with its folder.
func (f file) prepare() (file, error) {
	if f.path == "" || strings.ContainsRune(f.path, 0) {
		return f, store.Errorf(store.CodeInvalid, "The store needs the path of a file.")
	}
	abs, err := filepath.Abs(f.path)
	if err != nil {
		return f, err
	}
	f.path = abs
	// The log first: it comes into being after the file has a content.
	log := sizeOf(abs + "-wal")
	info, err := os.Stat(abs)
	if gone := errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().IsRegular() && info.Size() == 0; gone && log > 0 {
		return f, store.Errorf(store.CodeUnavailable,
			"The file is empty or gone, and its log (-wal) is still there and would be lost. Nothing was changed; move the log away and put the last backup in place of the file.")
	}
	if errors.Is(err, fs.ErrNotExist) && !f.options.ReadOnly {
		if info, err = create(abs); err != nil {
			return f, err
		}
	}
	if err != nil {
		return f, err
	}
	if info.IsDir() {
		return f, store.Errorf(store.CodeInvalid, "This is a folder. Nothing was changed; name a file in it, such as %s.", filepath.Join(f.path, "tandem.db"))
	}
	if !info.Mode().IsRegular() {
		return f, store.Errorf(store.CodeInvalid, "This is no regular file. Nothing was changed; name another.")
	}
	f.empty = info.Size() == 0
	if f.empty && f.options.ReadOnly {
		return f, store.Errorf(store.CodeNotFound, "The file is empty; there is nothing to read. Import an engagement first.")
	}
	return f, nil
}

// create makes an empty file for its owner alone; SQLite's own files beside it
// get the same mode. It comes under another name first: to close a file
// drops every lock that this process holds on it, and once it has its name somebody may.
func create(path string) (fs.FileInfo, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	blank, err := os.CreateTemp(dir, ".tandem-*") // 0600
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(blank.Name()) }() // an empty file at worst
	if err := blank.Close(); err != nil {
		return nil, err
	}
	if err := os.Link(blank.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return createInPlace(path)
	}
	return os.Stat(path)
}

// createInPlace is for the file systems that have no links.
func createInPlace(path string) (fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err == nil {
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return os.Stat(path)
}

// sizeOf is 0 for a file that is not there.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// look opens the file without the right to write. Where that needs a file
// beside it that can't be made, reading alone does without.
func (f file) look(ctx context.Context) (file, *sql.DB, error) {
	db, err := connect(ctx, f.dsn(looking), 1)
	if err == nil {
		// Only a read takes the locks.
		if _, err = db.ExecContext(ctx, "SELECT 1 FROM sqlite_schema"); err == nil {
			return f, db, nil
		}
		err = errors.Join(err, db.Close())
	}
	if !f.options.ReadOnly || f.frozen || !cannotLock(err) || sizeOf(f.path+"-wal") > 0 {
		return f, nil, err
	}
	f.frozen = true
	return f.look(ctx)
}

// purpose is what a connection is for.
type purpose int

const (
	writing purpose = iota
	reading
	looking // reading a file about which nothing is known yet
	copying // reading here and writing a new file elsewhere
)

// dsn is the driver's name for a connection to the file. Values set by their own keys come in
// the order that SQLite needs: the time to wait, then the journal.
func (f file) dsn(p purpose) string {
	q := url.Values{
		"_busy_timeout": {strconv.FormatInt(f.options.busyTimeout().Milliseconds(), 10)},
		"_foreign_keys": {"on"},
		"_dqs":          {"0"}, // "x" is a name, never quietly a text
		"_defensive":    {"1"},
		"_pragma":       {"temp_store(memory)"},
	}
	switch {
	case p == copying:
		q.Set("mode", "ro") // and not query_only, which holds for every file
	case f.options.ReadOnly || p == looking:
		q.Set("mode", "ro")
		q.Set("_query_only", "on")
	case p == reading:
		q.Set("_query_only", "on")
	case p == writing:
		q.Set("_journal_mode", "WAL")
		q.Set("_synchronous", "FULL")
		q.Set("_txlock", "immediate")
		// REPLACE deletes; with this it meets the triggers that forbid it.
		q.Add("_pragma", "recursive_triggers(on)")
		// A commit in the usual measure, every 1,000 pages, has to copy them into the
		// file as well. This rarely, they are mostly the same pages: grouped
		// acknowledgements are a quarter quicker, and the log holds 16 MB at most.
		q.Add("_pragma", "wal_autocheckpoint(4000)")
	}
	if f.frozen {
		q.Set("immutable", "1")
	}
	return f.uri() + "?" + q.Encode()
}

// uri is the path as SQLite's URI, in which ?, # and % would have a meaning.
func (f file) uri() string {
	if f.path == Memory {
		return "file::memory:"
	}
	path := filepath.ToSlash(f.path)
	if !strings.HasPrefix(path, "/") { // a drive letter
		path = "/" + path
	}
	u := url.URL{Scheme: "file", Path: path}
	return u.String()
}

// explain makes an error of opening a sentence that names the file.
func (f file) explain(err error) error {
	e, ok := errors.AsType[*store.Error](explained(err))
	if !ok {
		return err
	}
	named := *e
	named.Message = fmt.Sprintf("%s: %s", f.path, e.Message)
	return &named
}
