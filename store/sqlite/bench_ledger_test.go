package sqlite_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

func BenchmarkAcceptEvent(b *testing.B) {
	b.Run("fresh", func(b *testing.B) {
		db := open(b, newPath(b), sqlite.Options{})
		n := 0
		for b.Loop() {
			n++
			if fresh, err := db.AcceptEvent(ctx, "slack", "T1", "Ev"+strconv.Itoa(n), noon); !fresh || err != nil {
				b.Fatal(fresh, err)
			}
		}
	})
	b.Run("repeated", func(b *testing.B) {
		db := open(b, newPath(b), sqlite.Options{})
		for b.Loop() {
			if _, err := db.AcceptEvent(ctx, "slack", "T1", "Ev", noon); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline", func(b *testing.B) {
		db := open(b, newPath(b), sqlite.Options{}).Writer()
		mustExec(b, db, "CREATE TABLE plain (id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID")
		n := 0
		for b.Loop() {
			n++
			mustExec(b, db, "INSERT INTO plain VALUES ($1)", "Ev"+strconv.Itoa(n))
		}
	})
}

// BenchmarkDirectory looks up among 10,000 engagements of 8 people.
func BenchmarkDirectory(b *testing.B) {
	const clients, people = 10_000, 8
	db := open(b, newPath(b), sqlite.Options{})
	e := &store.Engagement{
		ID: "template", Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", TimeZone: "UTC",
		Matrix: store.Matrix{Version: 1, Functions: []store.Function{{ID: "row", Name: "Row", Owner: store.MSP}}},
	}
	for p := range people {
		e.People = append(e.People, store.Person{ID: fmt.Sprint("p", p), Name: "Maria Ortega", Side: store.Internal})
	}
	importing(b, db, e)
	// The other engagements are copies of the first with their own addresses;
	// the last of the people is one person of ten engagements.
	for _, statement := range []string{
		`CREATE TEMP TABLE numbers AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(clients-1) + `) SELECT i FROM n`,
		`INSERT INTO matrix_versions SELECT 'client-' || i, version, content, sha256, effective, reason, created_at FROM matrix_versions, numbers WHERE engagement_id = 'template'`,
		`INSERT INTO engagement_revisions SELECT 'client-' || i, revision, content, sha256, imported_at, imported_by FROM engagement_revisions, numbers WHERE engagement_id = 'template'`,
		`INSERT INTO engagements SELECT 'client-' || i, client, msp, revision, matrix_version, updated_at, changes, 0, '' FROM engagements, numbers WHERE id = 'template'`,
		`INSERT INTO people SELECT 'client-' || i, person, 'U' || i || person, 'teams-' || i || person,
			CASE person WHEN 'p7' THEN 'p7-' || (i / 10) ELSE person || '-' || i END || '@example.com' FROM people, numbers WHERE engagement_id = 'template'`,
		`INSERT INTO channels SELECT 'client-' || i, 'coordination', 'C' || i, '19:' || i FROM numbers`,
	} {
		if _, err := db.Writer().Exec("PRAGMA foreign_keys = OFF"); err != nil {
			b.Fatal(err)
		}
		mustExec(b, db.Writer(), statement)
	}
	n := 0
	number := func() string {
		n = (n + 7919) % clients
		return strconv.Itoa(n)
	}
	for name, c := range map[string]struct {
		platform, before, after string
		want                    int
	}{
		"Memberships/slack": {"slack", "U", "p3", 1},
		"Memberships/teams": {"teams", "TEAMS-", "P3", 1},
		"Memberships/web":   {"web", "client-", "/p7", 10},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if list, err := db.Memberships(ctx, c.platform, "T1", c.before+number()+c.after); err != nil || len(list) != c.want {
					b.Fatal(list, err)
				}
			}
		})
	}
	b.Run("ChannelEngagements", func(b *testing.B) {
		for b.Loop() {
			if list, err := db.ChannelEngagements(ctx, "slack", "T1", "C"+number()); err != nil || len(list) != 1 {
				b.Fatal(list, err)
			}
		}
	})
	b.Run("EngagementStamp", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.EngagementStamp(ctx, "client-"+number()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline", func(b *testing.B) {
		for b.Loop() {
			var one int
			if err := db.Writer().QueryRow("SELECT revision FROM engagements WHERE id = $1", "client-"+number()).Scan(&one); err != nil {
				b.Fatal(err)
			}
		}
	})
}
