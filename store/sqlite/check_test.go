package sqlite_test

import (
	"os"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

func TestQuickCheck(t *testing.T) {
	path := newPath(t)
	fill(t, path)
	db := open(t, path, sqlite.Options{ReadOnly: true})
	if faults, err := db.QuickCheck(ctx); err != nil || len(faults) > 0 {
		t.Fatalf("a new store: %q, %v", faults, err)
	}
	outside := raw(t, path)
	for _, statement := range []string{
		`PRAGMA foreign_keys = off`,
		`INSERT INTO people (engagement_id, person, slack, teams, email) VALUES ('nowhere', 'x', '', '', '')`,
	} {
		if _, err := outside.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	faults, err := db.QuickCheck(ctx)
	if err != nil || len(faults) != 1 || faults[0] != "a row of people refers to one of engagements that is not there" {
		t.Errorf("a row that refers to nothing: %q, %v", faults, err)
	}
}

func TestQuickCheckOfADamagedFile(t *testing.T) {
	path := newPath(t)
	fill(t, path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(text) / 2; i < len(text)/2+8192; i++ {
		text[i] = 0xA5
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Skip("the damage keeps it from being opened, which is as well")
	}
	defer func() { _ = db.Close() }()
	if faults, err := db.QuickCheck(ctx); err == nil && len(faults) == 0 {
		t.Error("nothing was found")
	}
}

func TestBacklog(t *testing.T) {
	db := open(t, sqlite.Memory, sqlite.Options{})
	if b, err := db.Backlog(ctx, noon); err != nil || b != (store.Backlog{}) {
		t.Errorf("an empty store: %+v, %v", b, err)
	}
	importing(t, db, client("harbor-legal"))
	fillLedger(t, db)
	b, err := db.Backlog(ctx, noon.Add(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if b.Engagements != 1 || b.Conversations == 0 || b.SweepsDue != 1 || !b.SweepDue.Equal(noon) || b.Dead+b.Pending+b.Sending != 0 {
		t.Errorf("one engagement with its ledger: %+v", b)
	}
	if err := db.Ready(ctx); err != nil {
		t.Error(err)
	}
}
