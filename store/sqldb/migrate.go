package sqldb

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"github.com/tandem-bot/tandem/store"
)

// One folder an engine, with the same numbers and names in each.
//
//go:embed migrations
var embedded embed.FS

// versionTable is goose's own: one row for each migration applied.
const versionTable = "goose_db_version"

// Migrations returns the embedded migrations of an engine.
func Migrations(engine string) (fs.FS, error) {
	return fs.Sub(embedded, "migrations/"+engine)
}

// LatestSchema returns the number of the newest migration.
func LatestSchema(migrations fs.FS) (int64, error) {
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return 0, err
	}
	var latest int64
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		latest = max(latest, n)
	}
	return latest, nil
}

// Schema returns the number of the newest migration that the database went
// through, or 0 before the first. The table of versions must be there.
func Schema(ctx context.Context, db Queryer) (int64, error) {
	var n sql.NullInt64
	err := db.QueryRowContext(ctx, "SELECT MAX(version_id) FROM "+versionTable).Scan(&n)
	return n.Int64, err
}

// CheckSchema refuses a database that a newer Tandem has written: this one
// would read it wrong.
func CheckSchema(have, latest int64) error {
	if have <= latest {
		return nil
	}
	return &store.Error{
		Code: store.CodeUnavailable,
		Message: fmt.Sprintf("The store was written by a newer Tandem (schema %d, this one knows %d). Nothing was changed; use the newer Tandem, or restore a backup from before the upgrade.",
			have, latest),
	}
}

// Migrate brings the database to the newest schema. claim is the engine's
// script that makes the table of versions, if it is not there, with a version
// recorded at most once, and marks the database as a Tandem store.
//
// Each migration is one transaction, so one that fails leaves the schema
// before it. Two processes may migrate at once: since a version is recorded
// once, the slower one undoes its own attempt and finds the work done.
func Migrate(ctx context.Context, db *sql.DB, engine string, migrations fs.FS, claim string) error {
	latest, err := LatestSchema(migrations)
	if err != nil {
		return err
	}
	if err := inTransaction(ctx, db, claim); err != nil {
		return err
	}
	for {
		before, err := Schema(ctx, db)
		if err != nil {
			return err
		}
		if before >= latest {
			return CheckSchema(before, latest)
		}
		failed := up(ctx, db, engine, migrations)
		if failed == nil {
			return nil
		}
		after, err := Schema(ctx, db)
		if err != nil {
			return errors.Join(failed, err)
		}
		if after == before { // nobody got further, so it was no race
			return failed
		}
	}
}

// dialects are goose's names of the engines.
var dialects = map[string]goose.Dialect{"sqlite": goose.DialectSQLite3}

// up applies what is pending.
func up(ctx context.Context, db *sql.DB, engine string, migrations fs.FS) error {
	provider, err := goose.NewProvider(dialects[engine], db, migrations, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

func inTransaction(ctx context.Context, db *sql.DB, script string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, script); err != nil {
		_ = tx.Rollback() // the first failure is the one to tell
		return err
	}
	return tx.Commit()
}
