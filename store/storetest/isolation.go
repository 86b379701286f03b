package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// The two engagements of the isolation test. They have the same ids of people,
// rows and absences, so that nothing but the engagement's id keeps them apart.
const (
	ours   = "harbor-legal"
	theirs = "lakeside-dental"
)

// marks stand in everything of theirs, down to the days and instants, and in
// nothing of ours.
var marks = []string{"akeside", "2031"}

// call is one method of the contract as the isolation test calls it.
type call struct {
	// run calls the method for one engagement. What it returns is searched
	// for anything of another engagement. It is nil for a method that is about the whole store.
	run func(ctx context.Context, id string) (any, error)
	// writes says that a call changes the engagement.
	writes bool
	// miss asks one engagement for what only the other has; its error is
	// searched as well. It may be nil.
	miss func(ctx context.Context, id string) error
}

// calls has an entry for each method of Store; a test holds it to that.
func calls(s Store) map[string]call {
	sometime := hour(20)
	table := map[string]call{
		"ImportEngagement": {writes: true, run: func(ctx context.Context, id string) (any, error) {
			e := sample(id)
			e.Matrix.Version = 0
			e.Matrix.Functions[0].Note = "imported later"
			e.People[0].Title = "imported later"
			return s.ImportEngagement(ctx, e, "maria", sometime)
		}},
		"Engagement": {run: func(ctx context.Context, id string) (any, error) { return s.Engagement(ctx, id) }},
		"EngagementAt": {
			run:  func(ctx context.Context, id string) (any, error) { return s.EngagementAt(ctx, id, 3) },
			miss: func(ctx context.Context, id string) error { _, err := s.EngagementAt(ctx, id, 4); return err },
		},
		"MatrixVersions": {run: func(ctx context.Context, id string) (any, error) { return s.MatrixVersions(ctx, id) }},
		"Absences":       {run: func(ctx context.Context, id string) (any, error) { return s.Absences(ctx, id, store.Date{}) }},
		"Audit":          {run: func(ctx context.Context, id string) (any, error) { return s.Audit(ctx, id) }},
		"RecordAbsence": {writes: true, run: func(ctx context.Context, id string) (any, error) {
			// Theirs has the same person away on these very days.
			return s.RecordAbsence(ctx, id, store.Absence{Person: "theo", From: day(2029, 1, 1), To: day(2033, 1, 1)}, "maria", sometime)
		}},
		"CancelAbsence": {
			writes: true,
			run: func(ctx context.Context, id string) (any, error) {
				return nil, s.CancelAbsence(ctx, id, 1, "maria", sometime)
			},
			miss: func(ctx context.Context, id string) error { return s.CancelAbsence(ctx, id, 3, "maria", sometime) },
		},
		"Engagements": {}, // the list for the operator: every engagement, nothing from inside one
		"Close":       {},
	}
	maps.Copy(table, ledgerCalls(s, sometime))
	maps.Copy(table, rhythmCalls(s))
	return table
}

// missing returns the methods of the contract that calls leaves out, and
// entries that are no method.
func missing(table map[string]call) []string {
	var wrong []string
	contract := reflect.TypeFor[Store]()
	for i := range contract.NumMethod() {
		if _, ok := table[contract.Method(i).Name]; !ok {
			wrong = append(wrong, contract.Method(i).Name+" is not in the table of calls")
		}
	}
	for name := range table {
		if _, ok := contract.MethodByName(name); !ok {
			wrong = append(wrong, name+" is no method of the contract")
		}
	}
	slices.Sort(wrong)
	return wrong
}

func testIsolation(t *testing.T, open func(*testing.T) Store) {
	for _, wrong := range missing(calls(nil)) {
		t.Error(wrong)
	}
	for name, c := range calls(nil) {
		if c.run == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for _, leak := range leaks(t.Context(), open(t), name) {
				t.Error(leak)
			}
		})
	}
}

// leaks fills an empty store with both engagements, calls one method for ours
// and returns what it showed or changed of theirs, or failed to do for ours.
func leaks(ctx context.Context, s Store, method string) []string {
	if err := fill(ctx, s); err != nil {
		return []string{"filling the store: " + err.Error()}
	}
	before, err := both(ctx, s)
	if err != nil {
		return []string{err.Error()}
	}
	c := calls(s)[method]
	if found := misses(ctx, c); len(found) > 0 {
		return found
	}
	shown, err := c.run(ctx, ours)
	if err != nil {
		return []string{fmt.Sprintf("%s for %s: %v", method, ours, err)}
	}
	var found []string
	text, err := json.Marshal(shown)
	if err != nil {
		return []string{err.Error()}
	}
	if shows(string(text)) {
		found = append(found, fmt.Sprintf("%s for %s shows %s", method, ours, text))
	}
	after, err := both(ctx, s)
	if err != nil {
		return append(found, err.Error())
	}
	if !reflect.DeepEqual(before[1], after[1]) {
		found = append(found, fmt.Sprintf("%s for %s changed %s", method, ours, theirs))
	}
	if changed := !reflect.DeepEqual(before[0], after[0]); changed != c.writes {
		found = append(found, fmt.Sprintf("%s for %s: changed it is %t, want %t", method, ours, changed, c.writes))
	}
	for i, entry := range after[0].Audit {
		if entry.Seq != i+1 {
			found = append(found, fmt.Sprintf("entry %d of %s has the number %d", i+1, ours, entry.Seq))
		}
	}
	return found
}

// misses asks for what only theirs has.
func misses(ctx context.Context, c call) []string {
	if c.miss == nil {
		return nil
	}
	err := c.miss(ctx, ours)
	if store.ErrorCode(err) != store.CodeNotFound || shows(err.Error()) {
		return []string{fmt.Sprintf("what only %s has, asked of %s: %v", theirs, ours, err)}
	}
	return nil
}

// shows reports whether a text holds anything of theirs.
func shows(text string) bool {
	return slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(text, m) })
}

func both(ctx context.Context, s Store) ([2]snapshot, error) {
	first, err := look(ctx, s, ours)
	if err != nil {
		return [2]snapshot{}, err
	}
	second, err := look(ctx, s, theirs)
	return [2]snapshot{first, second}, err
}

// fill stores theirs around ours, so that a query without its engagement meets
// theirs both first and last.
func fill(ctx context.Context, s Store) error {
	later := func(n int) time.Time { return hour(n).AddDate(5, 0, 0) } // in 2031
	their := sample(theirs)
	their.Client, their.MSP = "Lakeside Dental", "Lakeside Networks"
	for i := range their.People {
		their.People[i].Name += " of Lakeside"
	}
	their.People[1].Email = "theo@lakeside.example"
	m := &their.Matrix
	m.Reason, m.Effective = "Lakeside review", day(2031, 1, 1)
	for i := range m.Functions {
		m.Functions[i].Note = "Lakeside"
	}
	m.Signed = []store.Signature{{By: "maria", Date: day(2031, 1, 1)}, {By: "devon", Date: day(2031, 1, 2)}}

	our := signed(sample(ours), store.Signature{By: "maria", Date: day(2026, 9, 29)})
	our.People[1].Email = "theo@harbor.example"
	next := clone(their)
	next.Matrix.Version, next.Matrix.Functions[0].Owner = 2031, store.MSP
	next.People[0].Title = "Lakeside lead"

	absence := func(id, person string, year int, by string, at time.Time) error {
		_, err := s.RecordAbsence(ctx, id, store.Absence{Person: person, From: day(year, 1, 1), To: day(year, 1, 9)}, by, at)
		return err
	}
	steps := []func() error{
		func() error { _, err := s.ImportEngagement(ctx, their, "lakeside", later(0)); return err },
		func() error { return absence(theirs, "maria", 2031, "lakeside", later(1)) },
		func() error { _, err := s.ImportEngagement(ctx, our, "maria", hour(0)); return err },
		func() error { return absence(ours, "maria", 2027, "maria", hour(1)) },
		func() error { _, err := s.ImportEngagement(ctx, next, "lakeside", later(2)); return err },
		func() error { return absence(theirs, "theo", 2031, "lakeside", later(3)) },
		func() error { return absence(theirs, "devon", 2031, "lakeside", later(3)) },
		func() error { return s.CancelAbsence(ctx, theirs, 3, "lakeside", later(4)) },
		func() error { return fillLedger(ctx, s, later(5)) },
		func() error {
			_, err := s.LearnIdentity(ctx, "slack", "T1", "Ulakeside", "theo@lakeside.example", later(6))
			return err
		},
		func() error {
			_, err := s.LearnIdentity(ctx, "slack", "T1", "UTHEO", "theo@harbor.example", hour(6))
			return err
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return fillRhythm(ctx, s, later)
}
