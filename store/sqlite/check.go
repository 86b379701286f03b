package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/tandem-bot/tandem/store"
)

// mostFaults bounds what a check tells.
const mostFaults = 20

// QuickCheck looks whether the file holds together, by SQLite's own means, and
// whether every row's references are there. It returns what it found, nothing
// where all is well; an error means that the check could not be made. It reads
// the whole file and keeps nobody waiting.
func (db *DB) QuickCheck(ctx context.Context) (faults []string, err error) {
	if db.file.path == Memory {
		return nil, store.Errorf(store.CodeInvalid, "A store in memory has no file to check.")
	}
	conn, err := connect(ctx, db.file.dsn(copying), 1)
	if err != nil {
		return nil, db.file.explain(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, query := range []string{
		`SELECT quick_check FROM pragma_quick_check WHERE quick_check <> 'ok' LIMIT $1`,
		`SELECT 'a row of ' || "table" || ' refers to one of ' || parent || ' that is not there' FROM pragma_foreign_key_check LIMIT $1`,
	} {
		more, err := texts(ctx, conn, query, mostFaults)
		if err != nil {
			return nil, db.file.explain(err)
		}
		faults = append(faults, more...)
	}
	return faults, nil
}

// texts reads one column.
func texts(ctx context.Context, conn *sql.DB, query string, args ...any) ([]string, error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
