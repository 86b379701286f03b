package sqlite_test

import (
	"database/sql"
	"fmt"
	"strconv"
	"testing"

	"github.com/tandem-bot/tandem/store/sqlite"
)

// The baselines do no more than SQLite has to: the same bytes, by the same
// driver, with the same pragmas and one transaction each. What a use case
// costs above its baseline is ours.

// contents returns the stored JSON of one engagement of 45 rows.
func contents(b *testing.B) (rest, matrix string) {
	b.Helper()
	db := open(b, newPath(b), sqlite.Options{})
	importing(b, db, client("harbor-legal"))
	err := db.Writer().QueryRow(`
		SELECT r.content, m.content FROM engagement_revisions r JOIN matrix_versions m USING (engagement_id)`).Scan(&rest, &matrix)
	if err != nil {
		b.Fatal(err)
	}
	return rest, matrix
}

func BenchmarkImport(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		db := open(b, newPath(b), sqlite.Options{})
		e := client("")
		n := 0
		for b.Loop() {
			n++
			e.ID = "client-" + strconv.Itoa(n)
			importing(b, db, e)
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		db := open(b, newPath(b), sqlite.Options{})
		e := client("harbor-legal")
		importing(b, db, e)
		for b.Loop() {
			importing(b, db, e)
		}
	})
	b.Run("baseline", func(b *testing.B) {
		rest, matrix := contents(b)
		db := open(b, newPath(b), sqlite.Options{}).Writer()
		mustExec(b, db, "CREATE TABLE plain (id TEXT PRIMARY KEY, rest TEXT, matrix TEXT) STRICT")
		n := 0
		for b.Loop() {
			n++
			tx, err := db.Begin()
			if err != nil {
				b.Fatal(err)
			}
			if _, err := tx.Exec("INSERT INTO plain VALUES ($1, $2, $3)", "client-"+strconv.Itoa(n), rest, matrix); err != nil {
				b.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEngagement(b *testing.B) {
	const clients = 200
	b.Run("read", func(b *testing.B) {
		db := open(b, newPath(b), sqlite.Options{})
		for i := range clients {
			importing(b, db, client(fmt.Sprint("client-", i)))
		}
		n := 0
		for b.Loop() {
			n++
			if _, err := db.Engagement(ctx, fmt.Sprint("client-", n%clients)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline", func(b *testing.B) {
		rest, matrix := contents(b)
		db := open(b, newPath(b), sqlite.Options{}).Writer()
		mustExec(b, db, "CREATE TABLE plain (id TEXT PRIMARY KEY, rest TEXT, matrix TEXT) STRICT")
		for i := range clients {
			mustExec(b, db, "INSERT INTO plain VALUES ($1, $2, $3)", fmt.Sprint("client-", i), rest, matrix)
		}
		n := 0
		for b.Loop() {
			n++
			var r, m string
			if err := db.QueryRow("SELECT rest, matrix FROM plain WHERE id = $1", fmt.Sprint("client-", n%clients)).Scan(&r, &m); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOpen is what each command on the command line pays first.
func BenchmarkOpen(b *testing.B) {
	path := fill(b, newPath(b))
	for name, o := range map[string]sqlite.Options{"read": {ReadOnly: true}, "write": {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				db, err := sqlite.Open(ctx, path, o)
				if err != nil {
					b.Fatal(err)
				}
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTenThousand is for -benchtime=1x: an MSP's every client at once.
func BenchmarkTenThousand(b *testing.B) {
	if testing.Short() {
		b.Skip("takes long")
	}
	for b.Loop() {
		db := open(b, newPath(b), sqlite.Options{})
		e := client("")
		for i := range 10_000 {
			e.ID = "client-" + strconv.Itoa(i)
			importing(b, db, e)
		}
	}
}

func mustExec(b *testing.B, db *sql.DB, statement string, args ...any) {
	b.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		b.Fatal(err)
	}
}
