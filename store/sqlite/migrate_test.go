package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqldb"
)

// steps makes migrations of statements, numbered from 1.
func steps(statements ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i, s := range statements {
		fsys[fmt.Sprintf("%05d_step.sql", i+1)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + s)}
	}
	return fsys
}

func writer(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := file{path: path}.connectWriter(context.Background())
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

func number(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// TestMigrateFails: a migration that fails half-way leaves the schema before
// it, and the same store goes on once the migration is mended.
func TestMigrateFails(t *testing.T) {
	ctx := context.Background()
	db := writer(t, filepath.Join(t.TempDir(), "tandem.db"))
	good := "CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1);"
	err := sqldb.Migrate(ctx, db, engine.Name, steps(good, "CREATE TABLE b (n INTEGER); INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1);"), claim)
	if err == nil {
		t.Fatal("a broken migration went through")
	}
	if n := number(t, db, "SELECT MAX(version_id) FROM goose_db_version"); n != 1 {
		t.Errorf("schema %d after the second migration failed", n)
	}
	if n := number(t, db, "SELECT COUNT(*) FROM a"); n != 1 {
		t.Errorf("%d rows: half of a migration stayed", n)
	}
	if n := number(t, db, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'b'"); n != 0 {
		t.Error("the table of a failed migration stayed")
	}
	if err := sqldb.Migrate(ctx, db, engine.Name, steps(good, "CREATE TABLE b (n INTEGER);"), claim); err != nil {
		t.Fatal(err)
	}
	if n := number(t, db, "SELECT MAX(version_id) FROM goose_db_version"); n != 2 {
		t.Errorf("schema %d after mending", n)
	}
}

// TestMigrateAtOnce: migrations that would do harm when run twice run once,
// however many processes begin together.
func TestMigrateAtOnce(t *testing.T) {
	// The third has nothing that fails by itself the second time.
	migrations := steps("CREATE TABLE a (n INTEGER);", "INSERT INTO a VALUES (1);", "UPDATE a SET n = n * 2;", "UPDATE a SET n = n + 5;")
	for range 10 {
		path := filepath.Join(t.TempDir(), "tandem.db")
		var all sync.WaitGroup
		for range 4 {
			db := writer(t, path)
			all.Go(func() {
				if err := sqldb.Migrate(context.Background(), db, engine.Name, migrations, claim); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := number(t, writer(t, path), "SELECT n FROM a"); n != 7 {
			t.Fatalf("n is %d, want 7", n)
		}
	}
}

// TestMigrateNewer: what another process brought further meanwhile is not ours.
func TestMigrateNewer(t *testing.T) {
	ctx := context.Background()
	db := writer(t, filepath.Join(t.TempDir(), "tandem.db"))
	if err := sqldb.Migrate(ctx, db, engine.Name, steps("CREATE TABLE a (n INTEGER);", "CREATE TABLE b (n INTEGER);"), claim); err != nil {
		t.Fatal(err)
	}
	err := sqldb.Migrate(ctx, db, engine.Name, steps("CREATE TABLE a (n INTEGER);"), claim)
	if store.ErrorCode(err) != store.CodeUnavailable {
		t.Errorf("migrating a newer store: %v", err)
	}
}

// TestOlderToRead: reading alone never changes a schema, so an older one is
// told and left.
func TestOlderToRead(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "tandem.db")
	db := writer(t, path)
	if _, err := db.Exec(claim); err != nil { // schema 0
		t.Fatal(err)
	}
	_, err := Open(ctx, path, Options{ReadOnly: true})
	if store.ErrorCode(err) != store.CodeUnavailable || !bytes.Contains([]byte(store.ErrorMessage(err)), []byte("an older Tandem (schema 0")) {
		t.Errorf("an older store to read: %v", err)
	}
	current, err := Open(ctx, path, Options{}) // as a crash between the two transactions leaves it
	if err != nil {
		t.Fatal(err)
	}
	if err := current.Close(); err != nil {
		t.Error(err)
	}
}

// TestExplain: a person is told what each code means, and whatever the code,
// that nothing they had is lost.
func TestExplain(t *testing.T) {
	for code, want := range sentences {
		if want.Code == "" || want.Message == "" {
			t.Errorf("code %d has no sentence", code)
		}
	}
	for _, c := range []struct {
		code, primary int
	}{{5 | 1<<8, 5}, {6, 5}, {6 | 1<<8, 5}, {8 | 4<<8, 8}, {10 | 12<<8, 10}, {11 | 1<<8, 11}, {13, 13}} {
		if got := primary(c.code); got != c.primary {
			t.Errorf("primary(%d) is %d, want %d", c.code, got, c.primary)
		}
	}
	if e := explain(errors.New("database is locked (5) (SQLITE_BUSY)")); e != nil {
		t.Errorf("the text of an error was believed: %v", e)
	}
	if got := store.ErrorCode(explained(errors.New("anything"))); got != store.CodeInternal {
		t.Errorf("an unknown error is %q", got)
	}
}

func TestOptions(t *testing.T) {
	if got := (Options{}).busyTimeout(); got != 5*time.Second {
		t.Errorf("the default wait is %s", got)
	}
	most := (Options{}).readers()
	for given, want := range map[int]int{-1: most, 0: most, 1: 1, 1 << 20: most} {
		if got := (Options{Readers: given}).readers(); got != want {
			t.Errorf("%d readers become %d, want %d", given, got, want)
		}
	}
}
