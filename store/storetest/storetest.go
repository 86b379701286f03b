// Package storetest is the contract of a store, as a suite of tests that every
// engine passes: Run(t, open).
package storetest

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Store is the whole contract. Only this suite and cmd see all of it; any
// other consumer declares the few methods that it needs.
type Store interface {
	ImportEngagement(ctx context.Context, e *store.Engagement, by string, at time.Time) (store.ImportResult, error)
	Engagement(ctx context.Context, id string) (*store.Engagement, error)
	EngagementAt(ctx context.Context, id string, version int) (*store.Engagement, error)
	Engagements(ctx context.Context) ([]store.EngagementSummary, error)
	MatrixVersions(ctx context.Context, id string) ([]store.MatrixVersion, error)
	RecordAbsence(ctx context.Context, id string, a store.Absence, by string, at time.Time) (int, error)
	CancelAbsence(ctx context.Context, id string, absence int, by string, at time.Time) error
	Absences(ctx context.Context, id string, from store.Date) ([]store.RecordedAbsence, error)
	Audit(ctx context.Context, id string) ([]store.AuditEntry, error)
	Directory
	Ledger
	WebChat
	Platforms
	rhythmStore
	Close() error
}

// Run runs the contract. open returns a new empty store; Run closes it.
func Run(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	fresh := func(t *testing.T) Store {
		t.Helper()
		s := open(t)
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
		return s
	}
	for name, test := range map[string]func(*testing.T, func(*testing.T) Store){
		"import":      testImport,
		"signatures":  testSignatures,
		"round trip":  testRoundTrip,
		"refused":     testRefused,
		"not found":   testNotFound,
		"lists":       testLists,
		"absences":    testAbsences,
		"audit":       testAudit,
		"isolation":   testIsolation,
		"concurrency": testConcurrency,
		"cancelled":   testCancelled,

		"directory":           testDirectory,
		"people of several":   testSeveral,
		"stamp":               testStamp,
		"chosen engagement":   testChosen,
		"events":              testEvents,
		"conversations":       testConversations,
		"conversation closes": testClosing,
		"closed as a version": testClosingVersion,
		"learned aliases":     testAliases,
		"suggestions":         testSuggestions,
		"asked at once":       testAskedAtOnce,
		"web chat":            testWebChat,
		"arrivals":            testArrivals,
		"identities":          testIdentities,
		"moved channels":      testMovedChannels,
		"installations":       testInstallations,
		"conversations there": testTeamsConversations,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh) })
	}
	for name, test := range rhythmTests {
		t.Run(name, func(t *testing.T) { test(t, fresh) })
	}
}

// noon is the instant of the suite's first use case; later ones count hours from it.
var noon = time.Date(2026, 10, 1, 12, 0, 0, 123456789, time.UTC)

func hour(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

func day(y int, m time.Month, d int) store.Date { return store.Date{Year: y, Month: m, Day: d} }

// sample is a small engagement with something in every corner that the store
// looks at.
func sample(id string) *store.Engagement {
	return &store.Engagement{
		ID: id, Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", TimeZone: "America/New_York", Users: 52,
		People: []store.Person{
			{ID: "maria", Name: "Maria Ortega", Side: store.Internal, Roles: []string{store.RoleInternalLead}},
			{ID: "theo", Name: "Theo Lindqvist", Side: store.Internal},
			{ID: "devon", Name: "Devon Price", Side: store.MSP, Roles: []string{store.RoleMSPLead}},
		},
		Matrix: store.Matrix{
			Version: 3, Effective: day(2026, 10, 1), Reason: "Quarterly review",
			Functions: []store.Function{
				{ID: "passwords", Name: "Password resets <& \"more\">", Owner: store.Internal, Accountable: store.Accountable{Person: "theo"}},
				{ID: "patching", Name: "Patching", Owner: store.MSP, Escalation: []string{"devon", "maria"}},
			},
			OutOfScope: []store.Exclusion{{Name: "Website content"}},
		},
		Tools:    []store.Tool{{Layer: "edr", Product: "Defender", RunBy: store.MSP}},
		Cadences: sampleCadences(),
	}
}

// signed adds signatures to a copy of e's matrix.
func signed(e *store.Engagement, by ...store.Signature) *store.Engagement {
	c := clone(e)
	c.Matrix.Signed = append(c.Matrix.Signed, by...)
	return c
}

// clone is a deep copy, so that a test can change one and compare with the other.
func clone(e *store.Engagement) *store.Engagement {
	var c store.Engagement
	b, err := json.Marshal(e)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		panic(err) // only a fault of this suite
	}
	return &c
}

// importing stores e or ends the test.
func importing(t *testing.T, s Store, e *store.Engagement, at time.Time) store.ImportResult {
	t.Helper()
	r, err := s.ImportEngagement(t.Context(), e, "maria", at)
	if err != nil {
		t.Fatalf("ImportEngagement(%s): %v", e.ID, err)
	}
	return r
}

// wantCode checks an error's code, and that its sentence holds the words.
func wantCode(t *testing.T, err error, code store.Code, words ...string) {
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

// wantEqual compares deeply and shows both as JSON.
func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	g, _ := json.MarshalIndent(got, "", " ") //nolint:errchkjson // shown to a person
	w, _ := json.MarshalIndent(want, "", " ")
	t.Errorf("%s:\n%s\nwant:\n%s", what, g, w)
}

// snapshot is all that the contract shows of one engagement.
type snapshot struct {
	Engagement *store.Engagement
	Versions   []store.MatrixVersion
	Old        []*store.Engagement // one for each version
	Absences   []store.RecordedAbsence
	Audit      []store.AuditEntry
	Summary    []store.EngagementSummary
	Ledger     ledger
	Rhythm     rhythmSnapshot
}

func look(ctx context.Context, s Store, id string) (snapshot, error) {
	var shot snapshot
	var err error
	if shot.Engagement, err = s.Engagement(ctx, id); err != nil {
		return shot, err
	}
	if shot.Versions, err = s.MatrixVersions(ctx, id); err != nil {
		return shot, err
	}
	for _, v := range shot.Versions {
		e, err := s.EngagementAt(ctx, id, v.Version)
		if err != nil {
			return shot, err
		}
		shot.Old = append(shot.Old, e)
	}
	if shot.Absences, err = s.Absences(ctx, id, store.Date{}); err != nil {
		return shot, err
	}
	if shot.Audit, err = s.Audit(ctx, id); err != nil {
		return shot, err
	}
	if shot.Ledger, err = lookAtLedger(ctx, s, id); err != nil {
		return shot, err
	}
	list, err := s.Engagements(ctx)
	for _, e := range list {
		if e.ID == id {
			shot.Summary = append(shot.Summary, e)
		}
	}
	if err != nil {
		return shot, err
	}
	shot.Rhythm, err = lookRhythm(ctx, s, id)
	return shot, err
}

// mustLook is look, or the end of the test.
func mustLook(t *testing.T, s Store, id string) snapshot {
	t.Helper()
	shot, err := look(t.Context(), s, id)
	if err != nil {
		t.Fatalf("reading %s: %v", id, err)
	}
	return shot
}

// unequal is "" for deeply equal engagements, and otherwise both as JSON.
func unequal(got, want *store.Engagement) string {
	if reflect.DeepEqual(got, want) {
		return ""
	}
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	return string(g) + "\nwant " + string(w)
}
