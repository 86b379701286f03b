package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

func inMemory(t *testing.T) Store {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// leaky is a store whose one method also does, for theirs, what it is asked
// for ours, or does it for theirs alone.
type leaky struct {
	Store
	method string
}

func (l leaky) id(method, id string) string {
	if l.method == method && id == ours {
		return theirs
	}
	return id
}

func (l leaky) ImportEngagement(ctx context.Context, e *store.Engagement, by string, at time.Time) (store.ImportResult, error) {
	if l.method == "ImportEngagement" && e.People[0].Title == "imported later" {
		other := clone(e)
		other.ID = theirs
		if _, err := l.Store.ImportEngagement(ctx, other, by, at); err != nil {
			return store.ImportResult{}, err
		}
	}
	return l.Store.ImportEngagement(ctx, e, by, at)
}

func (l leaky) Engagement(ctx context.Context, id string) (*store.Engagement, error) {
	return l.Store.Engagement(ctx, l.id("Engagement", id))
}

func (l leaky) EngagementAt(ctx context.Context, id string, version int) (*store.Engagement, error) {
	return l.Store.EngagementAt(ctx, l.id("EngagementAt", id), version)
}

func (l leaky) MatrixVersions(ctx context.Context, id string) ([]store.MatrixVersion, error) {
	return l.Store.MatrixVersions(ctx, l.id("MatrixVersions", id))
}

func (l leaky) Absences(ctx context.Context, id string, from store.Date) ([]store.RecordedAbsence, error) {
	return l.Store.Absences(ctx, l.id("Absences", id), from)
}

func (l leaky) Audit(ctx context.Context, id string) ([]store.AuditEntry, error) {
	return l.Store.Audit(ctx, l.id("Audit", id))
}

func (l leaky) RecordAbsence(ctx context.Context, id string, a store.Absence, by string, at time.Time) (int, error) {
	return l.Store.RecordAbsence(ctx, l.id("RecordAbsence", id), a, by, at)
}

func (l leaky) CancelAbsence(ctx context.Context, id string, absence int, by string, at time.Time) error {
	if l.method == "CancelAbsence" {
		if err := l.Store.CancelAbsence(ctx, theirs, absence, by, at); err != nil {
			return err
		}
	}
	return l.Store.CancelAbsence(ctx, id, absence, by, at)
}

// TestIsolationCanFail: each method that mixes engagements up is found out.
func TestIsolationCanFail(t *testing.T) {
	for method, c := range calls(nil) {
		if c.run == nil {
			continue
		}
		s := leaky{Store: inMemory(t), method: method}
		found := leaks(t.Context(), s, method)
		if len(found) == 0 {
			t.Errorf("a leak in %s goes unseen", method)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestEveryMethodIsCalled: a method added to the contract and forgotten in
// the table is told, and so is an entry that is none.
func TestEveryMethodIsCalled(t *testing.T) {
	table := calls(nil)
	delete(table, "Audit")
	table["Forget"] = call{}
	got := strings.Join(missing(table), "; ")
	if want := "Audit is not in the table of calls; Forget is no method of the contract"; got != want {
		t.Errorf("missing says %q, want %q", got, want)
	}
}
