package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup copies the store into a new file at path, for its owner alone, while
// reading and writing go on; it holds everything committed before. The file
// appears when it is whole. One that is there already is never overwritten: that is store.CodeConflict.
func (db *DB) Backup(ctx context.Context, path string) error {
	if err := db.backup(ctx, path); err != nil {
		return file{path: path}.explain(err)
	}
	return nil
}

func (db *DB) backup(ctx context.Context, path string) error {
	path, err := filepath.Abs(path) // or SQLite could take "file:…" for a URI
	if err != nil {
		return err
	}
	if err := mustNotExist(path); err != nil {
		return err
	}
	partial, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(partial.Name()) }() // gone already if all went well
	if err := errors.Join(partial.Close(), db.copyTo(ctx, partial.Name())); err != nil {
		return err
	}
	if err := mustNotExist(path); err != nil {
		return err
	}
	return os.Rename(partial.Name(), path)
}

func mustNotExist(path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return fs.ErrExist
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

// copyTo uses a connection of its own: the writing one would be held for the
// time of the copy, and the reading ones may not write even elsewhere.
func (db *DB) copyTo(ctx context.Context, path string) error {
	if db.file.path == Memory { // another connection would see another store
		_, err := db.write.ExecContext(ctx, "VACUUM INTO $1", path)
		return errors.Join(err, syncFile(path))
	}
	conn, err := connect(ctx, db.file.dsn(copying), 1)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		return errors.Join(err, conn.Close())
	}
	return errors.Join(conn.Close(), syncFile(path))
}

// syncFile makes sure that the copy is on the disk before it gets its name.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
