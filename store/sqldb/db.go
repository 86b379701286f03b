package sqldb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Engine is what a database engine does its own way.
type Engine struct {
	// Name is the engine's name, and that of its folder of migrations: "sqlite".
	Name string
	// Explain turns an error of the driver into the sentence that a person
	// sees, or returns nil for one that only a fault of Tandem can cause.
	Explain func(error) *store.Error
}

// DB is a store in SQL. It is safe for concurrent use.
type DB struct {
	engine Engine
	write  *sql.DB // nil where the store was opened for reading only
	read   *sql.DB
	group  *group // over write
}

// New returns a DB over two pools of connections to the same database, which
// may be one and the same. A nil write makes every writing method fail with
// store.CodeUnavailable. The DB closes both.
func New(engine Engine, write, read *sql.DB) *DB {
	return &DB{engine: engine, write: write, read: read, group: newGroup(write)}
}

// Close closes every connection, the writing one last: it is the one that
// may tidy up. Methods called later fail.
func (db *DB) Close() error {
	err := db.read.Close()
	if db.write != nil && db.write != db.read {
		err = errors.Join(err, db.write.Close())
	}
	return db.explain(err)
}

// Queryer is what reading needs: a *sql.DB, or a *sql.Tx.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// explain makes a *store.Error of any error.
func (db *DB) explain(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*store.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &store.Error{
			Code: store.CodeUnavailable, Err: err,
			Message: "Stopped before it was done. Nothing was changed; try again.",
		}
	}
	if e := db.engine.Explain(err); e != nil {
		return e
	}
	return &store.Error{Code: store.CodeInternal, Message: "The store failed.", Err: err}
}

// all reads every row of a query with scan.
func all[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var list []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}

// instantLayout is RFC 3339 in UTC with every digit, so that stored instants
// sort as text and come back to the nanosecond.
const instantLayout = "2006-01-02T15:04:05.000000000Z"

// instant is the stored form of t.
func instant(t time.Time) string { return t.UTC().Format(instantLayout) }

// instantColumn scans the stored form.
type instantColumn struct{ to *time.Time }

// Scan reads what instant wrote.
func (c instantColumn) Scan(value any) error {
	t, err := time.Parse(instantLayout, text(value))
	*c.to = t
	return err
}

// endColumn scans the stored form, and NULL as the zero time.
type endColumn struct{ to *time.Time }

// Scan reads what instant wrote, or nothing.
func (c endColumn) Scan(value any) error {
	if value == nil {
		*c.to = time.Time{}
		return nil
	}
	return instantColumn(c).Scan(value)
}

// jsonColumn scans JSON.
type jsonColumn struct{ to any }

// Scan reads what marshal wrote.
func (c jsonColumn) Scan(value any) error { return json.Unmarshal([]byte(text(value)), c.to) }

// dateColumn scans an ISO date, or "" as the zero Date.
type dateColumn struct{ to *store.Date }

// Scan reads what Date.String wrote.
func (c dateColumn) Scan(value any) error { return c.to.UnmarshalText([]byte(text(value))) }

// textColumn scans a text, and NULL as "".
type textColumn struct{ to *string }

// Scan reads the text, or nothing.
func (c textColumn) Scan(value any) error {
	*c.to = text(value)
	return nil
}

// text returns a TEXT column's value, whichever way the driver hands it over.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// checkCaller refuses what every writing method needs.
func checkCaller(by string, at time.Time) error {
	if by == "" {
		return &store.Error{Code: store.CodeInvalid, Field: "by", Message: "Say who does this. Nothing was changed."}
	}
	return checkInstant(at)
}

// checkInstant refuses what has no stored form that sorts.
func checkInstant(at time.Time) error {
	if year := at.UTC().Year(); year < 1970 || year > 9999 {
		return &store.Error{
			Code: store.CodeInvalid, Field: "at",
			Message: "The instant must lie between the years 1970 and 9999. Nothing was changed.",
		}
	}
	return nil
}

// unknownEngagement names no other engagement: what is stored of one client
// is none of the business of who asks for another.
func unknownEngagement(id string) error {
	return &store.Error{
		Code: store.CodeNotFound, Field: "engagement",
		Message: "There is no engagement " + quoted(id) + " in this store. Check the id, or import its file.",
	}
}

// firstOf returns the first error there is.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
