package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqldb"
)

// engine is what the use cases need to know of SQLite.
var engine = sqldb.Engine{Name: "sqlite", Explain: explain}

// sentences are what a person is told, by primary result code. What is not
// here can only come from a fault of Tandem.
var sentences = map[int]store.Error{
	codes.SQLITE_BUSY: {
		Code:    store.CodeUnavailable,
		Message: "Another process is writing to the store and did not finish in time. Nothing was changed; try again, and if it stays so, find the process that holds the file.",
	},
	codes.SQLITE_READONLY: {
		Code:    store.CodeUnavailable,
		Message: "The store can't be written: its file or folder is read-only. Nothing was changed, and reading goes on; give this user the right to write both.",
	},
	codes.SQLITE_FULL: {
		Code:    store.CodeUnavailable,
		Message: "The disk is full. Nothing was changed, and reading goes on; free some space and try again.",
	},
	codes.SQLITE_CANTOPEN: {
		Code:    store.CodeUnavailable,
		Message: "The store can't be opened. Nothing was changed; check that this user may read and write the file and its folder.",
	},
	codes.SQLITE_PERM: {
		Code:    store.CodeUnavailable,
		Message: "The store can't be opened. Nothing was changed; check that this user may read and write the file and its folder.",
	},
	codes.SQLITE_IOERR: {
		Code:    store.CodeUnavailable,
		Message: "The disk failed. What was stored before is kept; check the disk, and the store by opening it again.",
	},
	codes.SQLITE_NOMEM: {
		Code:    store.CodeUnavailable,
		Message: "There is not enough memory. Nothing was changed; try again.",
	},
	codes.SQLITE_TOOBIG: {
		Code:    store.CodeInvalid,
		Message: "This is too large to be stored. Nothing was changed.",
	},
	codes.SQLITE_CORRUPT: {Code: store.CodeUnavailable, Message: damaged},
	codes.SQLITE_NOTADB:  {Code: store.CodeUnavailable, Message: damaged},
}

const damaged = "This is no Tandem store, or it is damaged. Nothing was changed. Check the path; if it is the store, move the file away together with those beside it (-wal, -shm) and put the last backup in its place."

// explain gives the sentence for an error of the driver, by its code: its
// text is nothing to rely on.
func explain(err error) *store.Error {
	sentence, ok := sentences[codeIn(err)]
	if !ok {
		return nil
	}
	sentence.Err = err
	return &sentence
}

// primary drops the detail of an extended result code.
func primary(code int) int {
	const low = 0xff
	if code&low == codes.SQLITE_LOCKED {
		return codes.SQLITE_BUSY
	}
	return code & low
}

// codeIn returns the primary code of the driver's error in err's chain, or 0.
func codeIn(err error) int {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		return primary(e.Code())
	}
	return 0
}

// busy reports whether another connection was in the way.
func busy(err error) bool { return codeIn(err) == codes.SQLITE_BUSY }

// notWritable is the error of writing to what can only be read.
func notWritable() error {
	e := sentences[codes.SQLITE_READONLY]
	return &e
}

// cannotLock reports whether reading failed for want of the files beside the
// store, as in a folder that is read-only.
func cannotLock(err error) bool {
	code := codeIn(err)
	return code == codes.SQLITE_CANTOPEN || code == codes.SQLITE_READONLY
}

// explained makes a *store.Error of what opening or copying a file can fail with.
func explained(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*store.Error](err); ok {
		return err
	}
	if e := explain(err); e != nil {
		return e
	}
	return &store.Error{Code: codeOf(err), Message: reason(err), Err: err}
}

func codeOf(err error) store.Code {
	for _, known := range fileErrors {
		if errors.Is(err, known.is) {
			return known.code
		}
	}
	return store.CodeInternal
}

func reason(err error) string {
	for _, known := range fileErrors {
		if errors.Is(err, known.is) {
			return known.message
		}
	}
	return "The store could not be opened."
}

// fileErrors are the operating system's, and the caller's own.
var fileErrors = []struct {
	is      error
	code    store.Code
	message string
}{
	{fs.ErrNotExist, store.CodeNotFound, "There is no such file. Check the path."},
	{fs.ErrExist, store.CodeConflict, "There is a file of that name already. Nothing was changed; choose another."},
	{fs.ErrPermission, store.CodeUnavailable, "This user may not open it. Nothing was changed; check the rights of the file and its folder."},
	{syscall.ENOTDIR, store.CodeInvalid, "A part of the path is a file, not a folder. Nothing was changed; check the path."},
	{syscall.ENAMETOOLONG, store.CodeInvalid, "The path is too long. Nothing was changed; choose a shorter one."},
	{syscall.ENOSPC, store.CodeUnavailable, "The disk is full. Nothing was changed; free some space and try again."},
	{syscall.EROFS, store.CodeUnavailable, "The disk is read-only. Nothing was changed."},
	{context.Canceled, store.CodeUnavailable, "Stopped before it was done. Nothing was changed; try again."},
	{context.DeadlineExceeded, store.CodeUnavailable, "Stopped before it was done. Nothing was changed; try again."},
}
