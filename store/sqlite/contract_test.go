package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
	"github.com/tandem-bot/tandem/store/storetest"
)

// TestMain also runs what a test starts as a process of its own.
func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		os.Exit(child(role, os.Getenv(childPath)))
	}
	goleak.VerifyTestMain(m)
}

var (
	ctx  = context.Background()
	noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
)

// open opens a store that the test's end closes.
func open(tb testing.TB, path string, o sqlite.Options) *sqlite.DB {
	tb.Helper()
	db, err := sqlite.Open(ctx, path, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// fill makes a store with one engagement and returns its path.
func fill(tb testing.TB, path string) string {
	tb.Helper()
	db, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	importing(tb, db, client("harbor-legal"))
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

func newPath(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(tb.TempDir(), "tandem.db")
}

// client is an engagement of 45 rows, as a real one has.
func client(id string) *store.Engagement {
	e := &store.Engagement{
		ID: id, Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", TimeZone: "America/New_York",
		People: []store.Person{
			{ID: "maria", Name: "Maria Ortega", Side: store.Internal, Roles: []string{store.RoleInternalLead}, Email: "maria@harborlegal.example"},
			{ID: "devon", Name: "Devon Price", Side: store.MSP, Roles: []string{store.RoleMSPLead}, Email: "devon@palmetto.example"},
		},
		Matrix: store.Matrix{Version: 1, Reason: "First", Signed: []store.Signature{{By: "maria", Date: store.Date{Year: 2026, Month: 9, Day: 29}}}},
	}
	for i := range 45 {
		e.Matrix.Functions = append(e.Matrix.Functions, store.Function{
			ID: fmt.Sprint("row-", i), Name: fmt.Sprint("Function number ", i), Area: "Helpdesk",
			Description: "First response to user requests and questions, by phone, mail and in person.",
			Aliases:     []string{fmt.Sprint("alias ", i), "help desk", "service desk"}, Owner: store.MSP,
			Accountable: store.Accountable{Person: "devon"}, Support: store.Internal, Escalation: []string{"devon", "maria"},
			Note: strings.Repeat("The receptionist's console is leased; call the vendor first. ", 2),
		})
	}
	return e
}

func importing(tb testing.TB, db *sqlite.DB, e *store.Engagement) {
	tb.Helper()
	if _, err := db.ImportEngagement(ctx, e, "maria", noon); err != nil {
		tb.Fatal(err)
	}
}

// wantError checks a failure's code and words, and that nothing but a
// *store.Error comes out.
func wantError(t *testing.T, err error, code store.Code, words ...string) {
	t.Helper()
	if store.ErrorCode(err) != code {
		t.Fatalf("error is %q (%v), want %q", store.ErrorCode(err), err, code)
	}
	for _, w := range words {
		if !strings.Contains(store.ErrorMessage(err), w) {
			t.Errorf("message %q lacks %q", store.ErrorMessage(err), w)
		}
	}
}

// wantIntact checks the file with SQLite's own means.
func wantIntact(t *testing.T, db *sqlite.DB) {
	t.Helper()
	var verdict string
	if err := db.Writer().QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("integrity_check: %s, %v", verdict, err)
	}
	var broken int
	if err := db.Writer().QueryRow("SELECT COUNT(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil || broken != 0 {
		t.Fatalf("%d foreign keys point nowhere, %v", broken, err)
	}
}

func TestContract(t *testing.T) {
	for name, path := range map[string]func(testing.TB) string{
		"file":   newPath,
		"memory": func(testing.TB) string { return sqlite.Memory },
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) storetest.Store {
				t.Helper()
				db, err := sqlite.Open(ctx, path(t), sqlite.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return db
			})
		})
	}
}
