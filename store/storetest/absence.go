package storetest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func testAbsences(t *testing.T, open func(*testing.T) Store) {
	christmas := store.Absence{Person: "maria", From: day(2026, 12, 24), To: day(2027, 1, 2), Cover: "theo"}
	with := func(f func(*store.Absence)) store.Absence {
		a := christmas
		f(&a)
		return a
	}
	s := open(t)
	// Each case has an engagement of its own, and is recorded after christmas.
	for i, c := range []struct {
		name    string
		a       store.Absence
		code    store.Code
		message string
	}{
		{"the day before", with(func(a *store.Absence) { a.From, a.To = day(2026, 12, 20), day(2026, 12, 23) }), "", ""},
		{"the day after", with(func(a *store.Absence) { a.From, a.To = day(2027, 1, 3), day(2027, 1, 3) }), "", ""},
		{"another person on the same days", with(func(a *store.Absence) { a.Person, a.Cover = "theo", "" }), "", ""},
		{"without a cover", with(func(a *store.Absence) { a.From, a.To, a.Cover = day(2027, 2, 1), day(2027, 2, 1), "" }), "", ""},
		{"the same again", christmas, store.CodeConflict, "They are already away from 2026-12-24 to 2027-01-02 (absence 1)"},
		{"its last day", with(func(a *store.Absence) { a.From, a.To = day(2027, 1, 2), day(2027, 1, 9) }), store.CodeConflict, "2027-01-02"},
		{"its first day", with(func(a *store.Absence) { a.From, a.To = day(2026, 12, 1), day(2026, 12, 24) }), store.CodeConflict, "2026-12-24"},
		{"within it", with(func(a *store.Absence) { a.From, a.To = day(2026, 12, 26), day(2026, 12, 26) }), store.CodeConflict, "absence 1"},
		{"around it", with(func(a *store.Absence) { a.From, a.To = day(2026, 1, 1), day(2027, 12, 31) }), store.CodeConflict, "absence 1"},
		{"nobody", with(func(a *store.Absence) { a.Person = "nobody" }), store.CodeNotFound, `no person "nobody" in client-`},
		{"no name", with(func(a *store.Absence) { a.Person = "" }), store.CodeNotFound, `no person ""`},
		{"covered by nobody", with(func(a *store.Absence) { a.Cover = "nobody" }), store.CodeNotFound, `no person "nobody"`},
		{"covered by themselves", with(func(a *store.Absence) { a.Cover = "maria" }), store.CodeInvalid, "Nobody covers for themselves"},
		{"backwards", with(func(a *store.Absence) { a.To = day(2026, 12, 23) }), store.CodeInvalid, "ends on 2026-12-23, before it begins on 2026-12-24"},
		{"no first day", with(func(a *store.Absence) { a.From = store.Date{} }), store.CodeInvalid, "first day"},
		{"no last day", with(func(a *store.Absence) { a.To = store.Date{} }), store.CodeInvalid, "last day"},
		{"a day that does not exist", with(func(a *store.Absence) { a.To = day(2027, 2, 30) }), store.CodeInvalid, "last day"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := fmt.Sprint("client-", i)
			importing(t, s, sample(client), hour(0))
			if id, err := s.RecordAbsence(t.Context(), client, christmas, "devon", hour(1)); id != 1 || err != nil {
				t.Fatalf("the first absence is %d, %v", id, err)
			}
			before := mustLook(t, s, client)
			id, err := s.RecordAbsence(t.Context(), client, c.a, "devon", hour(2))
			if c.code != "" {
				wantCode(t, err, c.code, c.message)
				wantEqual(t, "after an absence refused", mustLook(t, s, client), before)
				return
			}
			if id != 2 || err != nil {
				t.Fatalf("the second absence is %d, %v", id, err)
			}
			if got := mustLook(t, s, client); len(got.Absences) != 2 || len(got.Audit) != 3 {
				t.Errorf("%d absences, %d audit entries", len(got.Absences), len(got.Audit))
			}
		})
	}
	t.Run("life", func(t *testing.T) { testAbsenceLife(t, open(t), christmas) })
}

// testAbsenceLife: recorded, listed by day, cancelled once, recorded anew.
func testAbsenceLife(t *testing.T, s Store, christmas store.Absence) {
	ctx := t.Context()
	importing(t, s, sample("harbor-legal"), hour(0))
	record := func(a store.Absence, want int) {
		t.Helper()
		if id, err := s.RecordAbsence(ctx, "harbor-legal", a, "devon", hour(want)); id != want || err != nil {
			t.Fatalf("absence %d is %d, %v", want, id, err)
		}
	}
	list := func(from store.Date, want ...store.RecordedAbsence) {
		t.Helper()
		got, err := s.Absences(ctx, "harbor-legal", from)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "absences from "+from.String(), got, want)
	}
	november := store.Absence{Person: "theo", From: day(2026, 11, 2), To: day(2026, 11, 6)}
	kept := func(id int, a store.Absence) store.RecordedAbsence {
		return store.RecordedAbsence{ID: id, Absence: a, RecordedBy: "devon", RecordedAt: hour(id)}
	}
	list(store.Date{})
	record(christmas, 1)
	record(november, 2)
	list(store.Date{}, kept(2, november), kept(1, christmas))
	list(day(2026, 11, 6), kept(2, november), kept(1, christmas))
	list(day(2026, 11, 7), kept(1, christmas))
	list(day(2027, 1, 3))

	if err := s.CancelAbsence(ctx, "harbor-legal", 1, "maria", hour(5)); err != nil {
		t.Fatal(err)
	}
	list(store.Date{}, kept(2, november))
	wantCode(t, s.CancelAbsence(ctx, "harbor-legal", 1, "theo", hour(6)), store.CodeConflict, "Absence 1 of maria was cancelled already, by maria on 2026-10-01")
	wantCode(t, s.CancelAbsence(ctx, "harbor-legal", 7, "theo", hour(6)), store.CodeNotFound, "harbor-legal has no absence 7")
	wantCode(t, s.CancelAbsence(ctx, "harbor-legal", 2, "", hour(6)), store.CodeInvalid)
	record(christmas, 3) // a number is never used again
	list(store.Date{}, kept(2, november), kept(3, christmas))

	// An import without the person keeps what was recorded.
	next := sample("harbor-legal")
	next.Matrix.Version = 4
	next.Matrix.Functions[0].Accountable = store.Accountable{}
	next.People = append(next.People[:1], next.People[2:]...)
	importing(t, s, next, hour(8))
	list(store.Date{}, kept(2, november), kept(3, christmas))
}

func testAudit(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	e := signed(sample("harbor-legal"), store.Signature{By: "maria", Date: day(2026, 9, 29)})
	importing(t, s, e, hour(0))
	importing(t, s, e, hour(1)) // nothing new: no entry
	a := store.Absence{Person: "maria", From: day(2026, 12, 24), To: day(2027, 1, 2), Cover: "theo"}
	if _, err := s.RecordAbsence(ctx, "harbor-legal", a, "devon", hour(2)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RecordAbsence(ctx, "harbor-legal", a, "devon", hour(3)); err == nil {
		t.Fatal("the same absence twice")
	}
	if err := s.CancelAbsence(ctx, "harbor-legal", 1, "theo", hour(4).In(time.FixedZone("west", -8*60*60))); err != nil {
		t.Fatal(err)
	}
	got, err := s.Audit(ctx, "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i] = unsummed(t, got[i])
	}
	wantEqual(t, "the audit log", got, []store.AuditEntry{
		{
			Seq: 1, At: hour(0), By: "maria", Action: store.AuditImported,
			Detail: json.RawMessage(`{"engagement":"harbor-legal","status":"created","version":3,"revision":1,"signed":[{"by":"maria","date":"2026-09-29"}]}`),
		},
		{
			Seq: 2, At: hour(2), By: "devon", Action: store.AuditAbsenceRecorded,
			Detail: json.RawMessage(`{"id":1,"person":"maria","from":"2026-12-24","to":"2027-01-02","cover":"theo"}`),
		},
		{
			Seq: 3, At: hour(4), By: "theo", Action: store.AuditAbsenceCancelled,
			Detail: json.RawMessage(`{"id":1,"person":"maria","from":"2026-12-24","to":"2027-01-02","cover":"theo"}`),
		},
	})
}

// unsummed takes the sum off an entry, after a look at its form.
func unsummed(t *testing.T, a store.AuditEntry) store.AuditEntry {
	t.Helper()
	if !sumForm.MatchString(a.SHA256) {
		t.Errorf("entry %d has the sum %q", a.Seq, a.SHA256)
	}
	a.SHA256 = ""
	return a
}
