package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqldb"
)

// applicationID marks a SQLite file as a Tandem store: "TNDM" in ASCII.
const applicationID = 0x544E444D

// claim makes the table of versions as goose does, and what goose leaves out:
// that a version is recorded once, and whose file it is.
var claim = fmt.Sprintf(`
CREATE TABLE IF NOT EXISTS goose_db_version (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id INTEGER NOT NULL,
    is_applied INTEGER NOT NULL,
    tstamp     TIMESTAMP DEFAULT (datetime('now'))
);
CREATE UNIQUE INDEX IF NOT EXISTS goose_db_version_once ON goose_db_version (version_id);
INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1) ON CONFLICT (version_id) DO NOTHING;
PRAGMA application_id = %d;`, applicationID)

// migrate brings a store from schema have to the newest one.
func migrate(ctx context.Context, db *sql.DB, migrations fs.FS, have int64) error {
	latest, err := sqldb.LatestSchema(migrations)
	if err != nil || have == latest {
		return err
	}
	err = sqldb.Migrate(ctx, db, engine.Name, migrations, claim)
	if err == nil || store.ErrorCode(explained(err)) != store.CodeInternal {
		return err
	}
	return &store.Error{
		Code: store.CodeInternal, Err: err,
		Message: fmt.Sprintf("The store could not be brought to schema %d. What is stored is as it was; use the Tandem that wrote it, and report this.", latest),
	}
}

// inspect looks at a file that exists before anything may change it, and
// returns its schema; 0 for an empty one. It refuses a file of another
// program or of a newer Tandem, and for reading alone one of an older Tandem.
func (f file) inspect(ctx context.Context, migrations fs.FS) (file, int64, error) {
	latest, err := sqldb.LatestSchema(migrations)
	if err != nil || f.empty {
		return f, 0, err
	}
	f, db, err := f.look(ctx)
	if err != nil {
		return f, 0, err
	}
	have, err := identify(ctx, db)
	if err = errors.Join(err, db.Close()); err != nil {
		return f, 0, err
	}
	if err := sqldb.CheckSchema(have, latest); err != nil {
		return f, 0, err
	}
	if f.options.ReadOnly && !f.options.AnyOlder && have < latest {
		return f, 0, store.Errorf(store.CodeUnavailable,
			"The store was written by an older Tandem (schema %d, this one reads %d). Nothing was changed; make a backup, then open it once for writing, as an import does, to bring it up to date.", have, latest)
	}
	return f, have, nil
}

// identify returns the schema of a Tandem store, or 0 for a database in which
// nobody has made a table yet. It reads in one transaction: another process
// may be about to make the store.
func identify(ctx context.Context, db *sql.DB) (int64, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var tables, id int64
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return 0, err
	}
	switch {
	case id == applicationID:
		return sqldb.Schema(ctx, tx)
	case id == 0 && tables == 0:
		return 0, nil
	}
	return 0, store.Errorf(store.CodeInvalid, "This is the SQLite database of another program. Nothing was changed; check the path.")
}
