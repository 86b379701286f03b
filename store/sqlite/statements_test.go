package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// keeping opens a database of one connection and returns what it keeps.
func keeping(t *testing.T) (*sql.DB, func() map[string]*statement) {
	t.Helper()
	f := file{path: filepath.Join(t.TempDir(), "t.db")}
	db, err := connect(t.Context(), f.dsn(writing), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	mustRun(t, db, "CREATE TABLE a (n INTEGER PRIMARY KEY, s TEXT UNIQUE) STRICT")
	return db, func() map[string]*statement {
		var kept map[string]*statement
		c, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Raw(func(c any) error { kept = c.(*conn).kept; return nil }); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		return kept
	}
}

func mustRun(t *testing.T, db *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatal(text, err)
	}
}

const (
	addRow  = "INSERT INTO a VALUES ($1, $2)"
	allRows = "SELECT * FROM a WHERE n >= $1 ORDER BY n"
)

func ask(t *testing.T, db *sql.DB, from int) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), allRows, from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		to := make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			said = append(said, v.String)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(said, " ")
}

// TestKept: a statement is prepared once, and runs with the values that it is
// given: also after one that failed, and after the schema has changed.
func TestKept(t *testing.T) {
	db, kept := keeping(t)
	mustRun(t, db, addRow, 1, "one")
	first := kept()[addRow]
	if _, err := db.ExecContext(t.Context(), addRow, 2, "one"); err == nil {
		t.Error("the same text went in twice")
	}
	if _, err := db.ExecContext(t.Context(), addRow, 2); err == nil {
		t.Error("a value from before stood in for one that was left out")
	}
	mustRun(t, db, addRow, 2, nil)
	if got := ask(t, db, 1); got != "1 one 2 " {
		t.Error(got)
	}
	if got := ask(t, db, 2); got != "2 " {
		t.Error(got)
	}
	if again := kept()[addRow]; first == nil || again != first {
		t.Errorf("kept %p, then %p", first, again)
	}
	mustRun(t, db, "ALTER TABLE a ADD COLUMN more TEXT NOT NULL DEFAULT 'more'")
	if got := ask(t, db, 2); got != "2  more" {
		t.Error(got)
	}
	mustRun(t, db, "DROP TABLE a")
	if _, err := db.QueryContext(t.Context(), allRows, 1); err == nil { //nolint:rowserrcheck,sqlclosecheck // there are none
		t.Error("read a table that is gone")
	}
}

// TestKeptInUse: the same text between two rows of itself, and rows that
// nobody reads to their end.
func TestKeptInUse(t *testing.T) {
	db, kept := keeping(t)
	for n := range 3 {
		mustRun(t, db, addRow, n, nil)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	var down func(from int)
	down = func(from int) {
		rows, err := tx.QueryContext(t.Context(), allRows, from)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		if !rows.Next() {
			if err := rows.Err(); err != nil {
				t.Error(err)
			}
			return
		}
		var n int
		var s sql.NullString
		if err := rows.Scan(&n, &s); err != nil {
			t.Fatal(err)
		}
		down(n + 1)
		sum += 1 + n
		for rows.Next() {
			sum += 100
		}
		if err := rows.Err(); err != nil {
			t.Error(err)
		}
	}
	down(0)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if sum != 306 {
		t.Errorf("the rows add up to %d", sum)
	}
	leave(t, db)
	if got := ask(t, db, 1); got != "1  2 " {
		t.Error(got)
	}
	if list := kept(); len(list) != 2 {
		t.Errorf("%d statements are kept", len(list))
	}
}

// leave reads a row, and goes before the others come.
func leave(t *testing.T, db *sql.DB) {
	t.Helper()
	ended, end := context.WithCancel(t.Context())
	defer end()
	rows, err := db.QueryContext(ended, allRows, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		t.Error("no row", rows.Err())
	}
	end()
}

// TestNotKept: a PRAGMA takes effect each time, and there is an end to what is kept.
func TestNotKept(t *testing.T) {
	db, kept := keeping(t)
	for range 2 {
		for _, want := range []string{"0", "1"} {
			mustRun(t, db, "PRAGMA foreign_keys = "+want)
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA foreign_keys").Scan(&got); err != nil || got != want {
				t.Errorf("foreign_keys is %s, %v; want %s", got, err, want)
			}
		}
	}
	if list := kept(); len(list) != 0 {
		t.Errorf("%d statements are kept", len(list))
	}
	for n := range mostKept + 10 {
		var got int
		if err := db.QueryRowContext(t.Context(), "SELECT "+strconv.Itoa(n)).Scan(&got); err != nil || got != n {
			t.Fatal(got, err)
		}
	}
	if list := kept(); len(list) != mostKept {
		t.Errorf("%d statements are kept", len(list))
	}
}

// TestKeptClosed: a connection that is closed has none any more, so that the
// file is closed with it.
func TestKeptClosed(t *testing.T) {
	f := file{path: filepath.Join(t.TempDir(), "t.db")}
	connector, err := newConnector(f.dsn(writing))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := connector.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := plain.(*conn)
	for _, text := range []string{"CREATE TABLE a (n INTEGER) STRICT", "SELECT n FROM a", "INSERT INTO a VALUES (1)"} {
		s, err := c.PrepareContext(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.(driver.StmtExecContext).ExecContext(t.Context(), nil); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(c.kept) != 2 || sizeOf(f.path+"-wal") == 0 {
		t.Errorf("%d statements are kept", len(c.kept))
	}
	if err := c.Close(); err != nil || len(c.kept) != 0 {
		t.Errorf("%d statements are kept, %v", len(c.kept), err)
	}
	if sizeOf(f.path+"-wal") != 0 {
		t.Error("the log is still there")
	}
}
