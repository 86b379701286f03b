package sqlite_test

import (
	"bytes"
	"database/sql"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqldb"
	"github.com/tandem-bot/tandem/store/sqlite"
)

var update = flag.Bool("update", false, "write the dump of a store of today's schema, if there is none yet")

// TestUpgrade opens a store of every schema that there has been, from its dump
// in testdata, and finds everything in it. A dump is written once, with
// -update, when its schema is new, and never again: users have such stores.
func TestUpgrade(t *testing.T) {
	migrations, err := sqldb.Migrations("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	latest, err := sqldb.LatestSchema(migrations)
	if err != nil {
		t.Fatal(err)
	}
	if name := dumpName(latest); *update && !exists(name) {
		write(t, name, dump(t, history(t)))
	}
	fresh := open(t, history(t), sqlite.Options{})
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		schema, err := goose.NumericComponent(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprint("schema ", schema), func(t *testing.T) {
			path := newPath(t)
			old, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			run(t, old, string(read(t, dumpName(schema))))
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			db := open(t, path, sqlite.Options{})
			wantIntact(t, db)
			if got, want := tables(t, db), tables(t, fresh); got != want {
				t.Errorf("upgraded, the tables are\n%s\nwant\n%s", got, want)
			}
			wantHistory(t, db)
			if schema >= 2 {
				wantLedger(t, db)
			}
			wantRhythm(t, db, schema)
			if schema >= 4 {
				wantPlatforms(t, db)
			}
		})
	}
}

func dumpName(schema int64) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%d.sql", schema))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// history makes a store with something in every table and returns its path.
func history(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	db, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	importing(t, db, small())
	importing(t, db, smallNext())
	away := store.Absence{Person: "maria", From: store.DateOf(noon), To: store.DateOf(noon), Cover: "devon"}
	for id := 1; id <= 2; id++ {
		if _, err := db.RecordAbsence(ctx, "harbor-legal", away, "devon", noon); err != nil {
			t.Fatal(err)
		}
		if id == 1 {
			if err := db.CancelAbsence(ctx, "harbor-legal", id, "devon", noon); err != nil {
				t.Fatal(err)
			}
		}
	}
	fillLedger(t, db)
	rhythmOfHistory(t, db)
	platformsOfHistory(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// rhythmOfHistory has an engagement of its own, with something in every table
// of schema 3.
func rhythmOfHistory(t *testing.T, db *sqlite.DB) {
	t.Helper()
	e := small()
	e.ID = "bay-clinic"
	e.Cadences = []store.Cadence{{ID: "standup", Name: "Standup", Kind: store.KindStandup, Schedule: "0 9 * * MON"}}
	importing(t, db, e)
	rhythmHistory(t, db, e.ID)
	rest := store.Pause{Cadence: "standup", From: store.DateOf(noon), Until: store.DateOf(noon), Reason: "a holiday", By: "maria"}
	if err := db.PauseCadence(ctx, e.ID, rest, noon); err != nil {
		t.Fatal(err)
	}
}

// wantRhythm checks what rhythmOfHistory stored, where it could.
func wantRhythm(t *testing.T, db *sqlite.DB, schema int64) {
	t.Helper()
	for _, id := range []string{"harbor-legal", "bay-clinic"} {
		check, err := db.VerifyAudit(ctx, id)
		if schema < 3 && id == "bay-clinic" {
			wantError(t, err, store.CodeNotFound)
		} else if err != nil || check.Broken != nil || check.Good < 5 {
			t.Errorf("%s, %v", check, err)
		}
	}
	// Every engagement that there was has its first sweep.
	list, err := db.ClaimSweeps(ctx, "sweeper", noon, noon.Add(time.Hour), 10)
	if err != nil || !slices.Contains(list, "harbor-legal") {
		t.Errorf("due are %v, %v", list, err)
	}
	if schema < 3 {
		return
	}
	r, err := db.Rhythm(ctx, "bay-clinic")
	if err != nil || len(r.Occurrences) != 2 || len(r.Answers) != 1 || len(r.RSVPs) != 1 || len(r.Pauses) != 1 ||
		len(r.Requests) != 1 || len(r.Requests[0].Given) != 1 || len(r.Findings) != 1 || len(r.Posts) != 1 || r.Posts[0].Stands[0].Message != "m1" {
		t.Errorf("the rhythm: %+v, %v", r, err)
	}
	if list, err := db.Acknowledgements(ctx, "bay-clinic", store.AckFilter{}); err != nil || len(list) != 2 || list[0].Why != "over" {
		t.Errorf("acknowledgements: %+v, %v", list, err)
	}
}

func small() *store.Engagement {
	e := client("harbor-legal")
	e.Matrix.Functions = e.Matrix.Functions[:2]
	return e
}

func smallNext() *store.Engagement {
	e := small()
	e.Matrix.Version, e.Matrix.Functions[0].Owner, e.People[0].Title = 2, store.Internal, "IT Manager"
	return e
}

// wantHistory checks what history stored.
func wantHistory(t *testing.T, db *sqlite.DB) {
	t.Helper()
	first, err := db.EngagementAt(ctx, "harbor-legal", 1)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first.Matrix, small().Matrix) {
		t.Errorf("version 1 is %+v", first.Matrix)
	}
	now, err := db.Engagement(ctx, "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(now, smallNext()) {
		t.Errorf("version 2 is %+v", now)
	}
	absences, err := db.Absences(ctx, "harbor-legal", store.Date{})
	if err != nil || len(absences) != 1 || absences[0].ID != 2 || absences[0].Cover != "devon" {
		t.Errorf("absences: %+v, %v", absences, err)
	}
	if entries, err := db.Audit(ctx, "harbor-legal"); err != nil || len(entries) < 5 {
		t.Errorf("%d audit entries, %v", len(entries), err)
	}
	// What an older Tandem stored is the same to this one: nothing new to write.
	r, err := db.ImportEngagement(ctx, smallNext(), "maria", noon)
	if err != nil || r.Status != store.ImportUnchanged {
		t.Errorf("the same again: %s, %v", r, err)
	}
}

// tables is the schema as text.
func tables(t *testing.T, db *sqlite.DB) string {
	t.Helper()
	return strings.Join(column(t, db.Writer(), "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY type, name"), "\n")
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// dump is a store as statements that make it again.
func dump(t *testing.T, path string) []byte {
	t.Helper()
	db := raw(t, path)
	var b bytes.Buffer
	b.WriteString("PRAGMA foreign_keys = OFF;\nPRAGMA application_id = " + column(t, db, "PRAGMA application_id")[0] + ";\n")
	for _, s := range column(t, db, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
		b.WriteString(s + ";\n")
	}
	for _, table := range column(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
		fields := column(t, db, "SELECT 'quote(' || name || ')' FROM pragma_table_info('"+table+"')")
		for _, row := range column(t, db, "SELECT "+strings.Join(fields, " || ', ' || ")+" FROM "+table) {
			fmt.Fprintf(&b, "INSERT INTO %s VALUES (%s);\n", table, row)
		}
	}
	for _, s := range column(t, db, "SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL") {
		b.WriteString(s + ";\n")
	}
	return b.Bytes()
}
