package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func testImport(t *testing.T, open func(*testing.T) Store) {
	change := func(f func(*store.Engagement)) *store.Engagement {
		e := sample("harbor-legal")
		f(e)
		return e
	}
	// Each case is imported after sample, which is version 3 and revision 1.
	for _, c := range []struct {
		name     string
		e        *store.Engagement
		status   store.ImportStatus
		version  int
		revision int
		conflict string // words of the error, if it is one
	}{
		{"the same again", sample("harbor-legal"), store.ImportUnchanged, 3, 1, ""},
		{"no version, the same rows", change(func(e *store.Engagement) { e.Matrix.Version = 0 }), store.ImportUnchanged, 3, 1, ""},
		{"no version, other rows", change(func(e *store.Engagement) {
			e.Matrix.Version = 0
			e.Matrix.Functions[0].Owner = store.MSP
		}), store.ImportUpdated, 4, 1, ""},
		{
			"the same version, other rows", change(func(e *store.Engagement) { e.Matrix.Functions[0].Note = "new" }),
			"", 0, 0, "version 3 of harbor-legal is already stored with other rows; versions never change: set matrix.version to 4",
		},
		{"the same version, other order", change(func(e *store.Engagement) {
			e.Matrix.Functions[0], e.Matrix.Functions[1] = e.Matrix.Functions[1], e.Matrix.Functions[0]
		}), "", 0, 0, "other rows"},
		{"the same version, another reason", change(func(e *store.Engagement) { e.Matrix.Reason = "" }), "", 0, 0, "other rows"},
		{"the same version, an exclusion more", change(func(e *store.Engagement) {
			e.Matrix.OutOfScope = append(e.Matrix.OutOfScope, store.Exclusion{Name: "Badges"})
		}), "", 0, 0, "other rows"},
		{"a lower version", change(func(e *store.Engagement) { e.Matrix.Version = 2 }), "", 0, 0, "version 2 of harbor-legal is older than the active version 3"},
		{"the next version", change(func(e *store.Engagement) {
			e.Matrix.Version = 4
			e.Matrix.Functions[0].Owner = store.MSP
		}), store.ImportUpdated, 4, 1, ""},
		{"a version further on", change(func(e *store.Engagement) { e.Matrix.Version = 9 }), store.ImportUpdated, 9, 1, ""},
		{"other people", change(func(e *store.Engagement) { e.People[1].Title = "Technician" }), store.ImportUpdated, 3, 2, ""},
		{"another order of people", change(func(e *store.Engagement) { e.People[0], e.People[1] = e.People[1], e.People[0] }), store.ImportUpdated, 3, 2, ""},
		{"other rows and other people", change(func(e *store.Engagement) {
			e.Matrix.Version = 0
			e.Matrix.Functions[0].Owner = store.MSP
			e.Client = "Harbor Law"
		}), store.ImportUpdated, 4, 2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			first := importing(t, s, sample("harbor-legal"), hour(0))
			wantEqual(t, "the first import", first, store.ImportResult{Engagement: "harbor-legal", Status: store.ImportCreated, Version: 3, Revision: 1})
			before := mustLook(t, s, "harbor-legal")
			given := clone(c.e)
			result, err := s.ImportEngagement(t.Context(), given, "devon", hour(1))
			wantEqual(t, "what the caller holds", given, clone(c.e))
			if c.conflict != "" {
				wantCode(t, err, store.CodeConflict, c.conflict, "Nothing was changed")
				wantEqual(t, "after a conflict", mustLook(t, s, "harbor-legal"), before)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, "the result", result, store.ImportResult{
				Engagement: "harbor-legal", Status: c.status,
				OldVersion: 3, Version: c.version, OldRevision: 1, Revision: c.revision,
			})
			checkStored(t, s, c.e, c.version)
			if c.status == store.ImportUnchanged {
				wantEqual(t, "after an import of nothing new", mustLook(t, s, "harbor-legal"), before)
				return
			}
			checkHistory(t, s, c.version)
		})
	}
}

// checkStored checks that e came back whole, with the version it was given.
func checkStored(t *testing.T, s Store, e *store.Engagement, version int) {
	t.Helper()
	got, err := s.Engagement(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := clone(e)
	want.Matrix.Version = version
	wantEqual(t, "what was stored", got, want)
}

// checkHistory checks that version 3, the first, is there as it was.
func checkHistory(t *testing.T, s Store, version int) {
	t.Helper()
	shot := mustLook(t, s, "harbor-legal")
	wantEqual(t, "the rows of version 3", shot.Old[0].Matrix, sample("harbor-legal").Matrix)
	wantEqual(t, "the people with version 3", shot.Old[0].People, shot.Engagement.People)
	if got := shot.Summary[0]; got.Version != version || !got.UpdatedAt.Equal(hour(1)) {
		t.Errorf("the list says %+v, want version %d of %s", got, version, hour(1))
	}
	for _, v := range shot.Versions {
		if v.Active != (v.Version == version) {
			t.Errorf("version %d: active is %t", v.Version, v.Active)
		}
	}
	if len(shot.Audit) != 2 {
		t.Errorf("%d audit entries after two imports", len(shot.Audit))
	}
}

func testSignatures(t *testing.T, open func(*testing.T) Store) {
	maria := store.Signature{By: "maria", Date: day(2026, 9, 29)}
	devon := store.Signature{By: "devon", Date: day(2026, 9, 30)}
	late := store.Signature{By: "devon", Date: day(2026, 10, 2)}

	t.Run("are added and never removed", func(t *testing.T) {
		s := open(t)
		unsigned := sample("harbor-legal")
		first := importing(t, s, signed(unsigned, devon), hour(0))
		wantEqual(t, "signed at first", first.Signed, []store.Signature{devon})

		second := importing(t, s, signed(unsigned, devon, maria), hour(1))
		wantEqual(t, "the second import", second, store.ImportResult{
			Engagement: "harbor-legal", Status: store.ImportUpdated, OldVersion: 3, Version: 3, OldRevision: 1, Revision: 1,
			Signed: []store.Signature{maria},
		})
		third := importing(t, s, signed(unsigned, maria), hour(2))
		wantEqual(t, "the third import", third, store.ImportResult{
			Engagement: "harbor-legal", Status: store.ImportUnchanged, OldVersion: 3, Version: 3, OldRevision: 1, Revision: 1,
			Kept: []store.Signature{devon},
		})
		shot := mustLook(t, s, "harbor-legal")
		wantEqual(t, "the signatures", shot.Engagement.Matrix.Signed, []store.Signature{devon, maria})
		wantEqual(t, "the version's signatures", shot.Versions[0].Signed, []store.Signature{devon, maria})
		if shot.Engagement.Draft() {
			t.Error("signed by both sides and still a draft")
		}
	})
	t.Run("come in any order", func(t *testing.T) {
		s := open(t)
		importing(t, s, signed(sample("harbor-legal"), maria, devon), hour(0))
		if r := importing(t, s, signed(sample("harbor-legal"), devon, maria), hour(1)); r.Status != store.ImportUnchanged {
			t.Errorf("the same signatures in another order: %s", r)
		}
	})
	t.Run("never change their date", func(t *testing.T) {
		s := open(t)
		importing(t, s, signed(sample("harbor-legal"), devon), hour(0))
		before := mustLook(t, s, "harbor-legal")
		_, err := s.ImportEngagement(t.Context(), signed(sample("harbor-legal"), maria, late), "maria", hour(1))
		wantCode(t, err, store.CodeConflict, "devon signed version 3 of harbor-legal on 2026-09-30, and the file says 2026-10-02")
		wantEqual(t, "after a conflict", mustLook(t, s, "harbor-legal"), before)
	})
	t.Run("hold for one version", func(t *testing.T) {
		s := open(t)
		importing(t, s, signed(sample("harbor-legal"), maria, devon), hour(0))
		next := sample("harbor-legal")
		next.Matrix.Version, next.Matrix.Functions[0].Owner = 4, store.MSP
		r := importing(t, s, signed(next, late), hour(1))
		wantEqual(t, "signed", r.Signed, []store.Signature{late})
		wantEqual(t, "kept", r.Kept, []store.Signature(nil))
		shot := mustLook(t, s, "harbor-legal")
		wantEqual(t, "the new version's", shot.Engagement.Matrix.Signed, []store.Signature{late})
		wantEqual(t, "the old version's", shot.Old[0].Matrix.Signed, []store.Signature{maria, devon})
	})
	t.Run("outlive their signer in old versions", func(t *testing.T) {
		s := open(t)
		importing(t, s, signed(sample("harbor-legal"), devon), hour(0))
		next := sample("harbor-legal")
		next.People = next.People[:2]
		next.Matrix.Version, next.Matrix.Functions[1].Escalation = 4, []string{"maria"}
		importing(t, s, next, hour(1))
		wantEqual(t, "the old version's", mustLook(t, s, "harbor-legal").Old[0].Matrix.Signed, []store.Signature{devon})
	})
	t.Run("keep their signer among the people", func(t *testing.T) {
		s := open(t)
		e := sample("harbor-legal")
		e.Matrix.Functions[1].Escalation = nil // so that no row names devon
		importing(t, s, signed(e, devon), hour(0))
		gone := clone(e)
		gone.People = gone.People[:2]
		_, err := s.ImportEngagement(t.Context(), gone, "maria", hour(1))
		wantCode(t, err, store.CodeConflict, "devon has signed version 3 of harbor-legal and is missing from people", "set matrix.version to 4")
	})
}

func testRefused(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	refused := func(name string, e *store.Engagement, by string, at time.Time) {
		t.Helper()
		_, err := s.ImportEngagement(ctx, e, by, at)
		wantCode(t, err, store.CodeInvalid, "othing was changed")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	broken := func(f func(*store.Engagement)) *store.Engagement {
		e := sample("harbor-legal")
		f(e)
		return e
	}
	refused("nothing", nil, "maria", noon)
	refused("nobody", sample("harbor-legal"), "", noon)
	refused("no instant", sample("harbor-legal"), "maria", time.Time{})
	refused("an instant beyond the calendar", sample("harbor-legal"), "maria", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))
	refused("no id", broken(func(e *store.Engagement) { e.ID = "" }), "maria", noon)
	refused("a version below zero", broken(func(e *store.Engagement) { e.Matrix.Version = -1 }), "maria", noon)
	refused("no UTF-8", broken(func(e *store.Engagement) { e.Client = "Harbor \xff" }), "maria", noon)
	refused("no UTF-8 in a row", broken(func(e *store.Engagement) { e.Matrix.Functions[0].Note = "\xc3(" }), "maria", noon)
	refused("a day that does not exist", broken(func(e *store.Engagement) { e.Matrix.Effective = day(2026, 2, 30) }), "maria", noon)
	refused("the same id twice", broken(func(e *store.Engagement) { e.People[1].ID = "maria" }), "maria", noon)
	refused("signed by nobody", broken(func(e *store.Engagement) {
		e.Matrix.Signed = []store.Signature{{By: "nobody", Date: day(2026, 1, 1)}}
	}), "maria", noon)
	refused("an id of a megabyte", broken(func(e *store.Engagement) { e.ID = strings.Repeat("a", 1<<20) }), "maria", noon)
	if list, err := s.Engagements(ctx); err != nil || len(list) != 0 {
		t.Errorf("after refusals the store holds %v, %v", list, err)
	}
}
