package storetest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func testAliases(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("harbor-legal"), hour(0))
	asking(t, s, "keys?", "keys", theo, hour(1))
	asking(t, s, "doors?", "doors", theo, hour(1))
	asking(t, s, "keys again?", "keys again", theo, hour(1))
	if err := s.CloseAsAlias(ctx, "harbor-legal", 1, "The Keys", row("patching"), "maria", hour(2)); err != nil {
		t.Fatal(err)
	}
	if err := s.CloseAsAlias(ctx, "harbor-legal", 2, "doors", row("passwords"), "devon", hour(3)); err != nil {
		t.Fatal(err)
	}
	keys := store.LearnedAlias{Phrase: "The Keys", Subject: row("patching"), By: "maria", At: hour(2)}
	doors := store.LearnedAlias{Phrase: "doors", Subject: row("passwords"), By: "devon", At: hour(3)}
	wantEqual(t, "learned", aliases(t, s), []store.LearnedAlias{keys, doors})

	// Without its row an alias says nothing; with it again, it does.
	without := sample("harbor-legal")
	without.Matrix.Version, without.Matrix.Functions = 4, without.Matrix.Functions[:1]
	importing(t, s, without, hour(4))
	wantEqual(t, "without the row", aliases(t, s), []store.LearnedAlias{doors})
	with := sample("harbor-legal")
	with.Matrix.Version = 5
	importing(t, s, with, hour(5))
	wantEqual(t, "with the row", aliases(t, s), []store.LearnedAlias{keys, doors})

	// The file goes before what was learned.
	with.Matrix.Version, with.Matrix.Functions[1].Aliases = 6, []string{"Doors"}
	importing(t, s, with, hour(6))
	wantEqual(t, "where the file says otherwise", aliases(t, s), []store.LearnedAlias{keys})

	// An alias of what is gone gives way to another.
	without.Matrix.Version = 7
	importing(t, s, without, hour(7))
	if err := s.CloseAsAlias(ctx, "harbor-legal", 3, "the keys", row("passwords"), "devon", hour(8)); err != nil {
		t.Fatal(err)
	}
	again := store.LearnedAlias{Phrase: "the keys", Subject: row("passwords"), By: "devon", At: hour(8)}
	wantEqual(t, "learned anew", aliases(t, s), []store.LearnedAlias{doors, again})

	before := mustLook(t, s, "harbor-legal")
	wantCode(t, s.ForgetAlias(ctx, "harbor-legal", "windows", "maria", hour(9)), store.CodeNotFound, `harbor-legal has learned no alias "windows"`)
	wantCode(t, s.ForgetAlias(ctx, "harbor-legal", "doors", "", hour(9)), store.CodeInvalid, "Say who")
	wantCode(t, s.ForgetAlias(ctx, "nobody", "doors", "maria", hour(9)), store.CodeNotFound, `no engagement "nobody"`)
	_, err := s.LearnedAliases(ctx, "nobody")
	wantCode(t, err, store.CodeNotFound)
	wantEqual(t, "after what was refused", mustLook(t, s, "harbor-legal"), before)

	if err := s.ForgetAlias(ctx, "harbor-legal", " DOORS ", "maria", hour(9)); err != nil {
		t.Fatal(err)
	}
	after := mustLook(t, s, "harbor-legal")
	wantEqual(t, "forgotten", after.Ledger.Aliases, []store.LearnedAlias{again})
	wantEqual(t, "the last audit entry", unsummed(t, after.Audit[len(after.Audit)-1]), store.AuditEntry{
		Seq: len(after.Audit), At: hour(9), By: "maria", Action: store.AuditAliasForgotten,
		Detail: json.RawMessage(`{"phrase":"doors","subject":{"kind":"function","id":"passwords"}}`),
	})
	wantCode(t, s.ForgetAlias(ctx, "harbor-legal", "doors", "maria", hour(10)), store.CodeNotFound)
}

func testSuggestions(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("harbor-legal"), hour(0))
	suggest := func(phrase, key, subject string, who store.Asker, n int) {
		t.Helper()
		if err := s.SuggestAlias(ctx, "harbor-legal", phrase, key, row(subject), who, hour(n)); err != nil {
			t.Fatal(err)
		}
	}
	undecided := func(want ...store.AliasSuggestion) {
		t.Helper()
		got, err := s.AliasSuggestions(ctx, "harbor-legal")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "suggestions", got, want)
	}
	undecided()
	suggest("The updates?", "updates", "patching", stranger, 1)
	suggest("updates please", "updates", "patching", theo, 3)
	suggest("updates", "updates", "passwords", theo, 4)
	suggest("upgrades", "upgrades", "patching", theo, 5)
	first := store.AliasSuggestion{ID: 1, Phrase: "The updates?", Subject: row("patching"), Asker: stranger, Times: 2, First: hour(1), Last: hour(3)}
	second := store.AliasSuggestion{ID: 2, Phrase: "updates", Subject: row("passwords"), Asker: theo, Times: 1, First: hour(4), Last: hour(4)}
	third := store.AliasSuggestion{ID: 3, Phrase: "upgrades", Subject: row("patching"), Asker: theo, Times: 1, First: hour(5), Last: hour(5)}
	undecided(first, second, third)
	wantEqual(t, "learned before anybody decides", aliases(t, s), []store.LearnedAlias(nil))

	before := mustLook(t, s, "harbor-legal")
	for name, err := range map[string]error{
		"no phrase":     s.SuggestAlias(ctx, "harbor-legal", "", "k", row("patching"), theo, hour(6)),
		"a long phrase": s.SuggestAlias(ctx, "harbor-legal", strings.Repeat("a", 201), "k", row("patching"), theo, hour(6)),
		"no key":        s.SuggestAlias(ctx, "harbor-legal", "p", "", row("patching"), theo, hour(6)),
		"nobody asks":   s.SuggestAlias(ctx, "harbor-legal", "p", "k", row("patching"), store.Asker{}, hour(6)),
		"no instant":    s.SuggestAlias(ctx, "harbor-legal", "p", "k", row("patching"), theo, time.Time{}),
		"nobody says":   s.ConfirmAlias(ctx, "harbor-legal", 1, "", hour(6)),
		"nobody denies": s.DismissAlias(ctx, "harbor-legal", 1, "", hour(6)),
	} {
		if store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"no subject":           s.SuggestAlias(ctx, "harbor-legal", "p", "k", row("nothing"), theo, hour(6)),
		"no engagement":        s.SuggestAlias(ctx, "nobody", "p", "k", row("patching"), theo, hour(6)),
		"no suggestion":        s.ConfirmAlias(ctx, "harbor-legal", 9, "maria", hour(6)),
		"none to dismiss":      s.DismissAlias(ctx, "harbor-legal", 9, "maria", hour(6)),
		"of no engagement":     s.ConfirmAlias(ctx, "nobody", 1, "maria", hour(6)),
		"not of an engagement": func() error { _, err := s.AliasSuggestions(ctx, "nobody"); return err }(),
	} {
		if store.ErrorCode(err) != store.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantEqual(t, "after what was refused", mustLook(t, s, "harbor-legal"), before)

	// Confirmed: learned, and the other of the same words is settled.
	if err := s.ConfirmAlias(ctx, "harbor-legal", 1, "maria", hour(7)); err != nil {
		t.Fatal(err)
	}
	undecided(third)
	wantEqual(t, "learned", aliases(t, s), []store.LearnedAlias{{Phrase: "The updates?", Subject: row("patching"), By: "maria", At: hour(7)}})
	log := mustLook(t, s, "harbor-legal").Audit
	wantEqual(t, "the last audit entry", unsummed(t, log[len(log)-1]), store.AuditEntry{
		Seq: 2, At: hour(7), By: "maria", Action: store.AuditAliasConfirmed,
		Detail: json.RawMessage(`{"suggestion":1,"phrase":"The updates?","subject":{"kind":"function","id":"patching"}}`),
	})
	wantCode(t, s.ConfirmAlias(ctx, "harbor-legal", 1, "devon", hour(8)), store.CodeConflict, "Suggestion 1 of harbor-legal was confirmed already, by maria on 2026-10-01")
	wantCode(t, s.DismissAlias(ctx, "harbor-legal", 2, "devon", hour(8)), store.CodeConflict, "Suggestion 2 of harbor-legal was settled already: maria confirmed another")

	// Dismissed: it goes on counting and is not asked about again.
	if err := s.DismissAlias(ctx, "harbor-legal", 3, "devon", hour(9)); err != nil {
		t.Fatal(err)
	}
	suggest("upgrades", "upgrades", "patching", theo, 10)
	undecided()
	wantCode(t, s.ConfirmAlias(ctx, "harbor-legal", 3, "maria", hour(10)), store.CodeConflict, "was dismissed already, by devon")

	// What was confirmed and forgotten can be suggested anew.
	if err := s.ForgetAlias(ctx, "harbor-legal", "the updates?", "devon", hour(11)); err != nil {
		t.Fatal(err)
	}
	suggest("the updates", "updates", "patching", theo, 12)
	undecided(store.AliasSuggestion{ID: 4, Phrase: "the updates", Subject: row("patching"), Asker: theo, Times: 1, First: hour(12), Last: hour(12)})

	// One that means another by now, or whose row is gone, is not confirmed.
	suggest("machines", "machines", "patching", theo, 13)
	asking(t, s, "machines?", "machines", theo, hour(13))
	if err := s.CloseAsAlias(ctx, "harbor-legal", 1, "machines", row("passwords"), "maria", hour(14)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.ConfirmAlias(ctx, "harbor-legal", 5, "maria", hour(15)), store.CodeConflict, `"machines" means`, `(row "passwords") already`)
	without := sample("harbor-legal")
	without.Matrix.Version, without.Matrix.Functions = 4, without.Matrix.Functions[:1]
	importing(t, s, without, hour(16))
	wantCode(t, s.ConfirmAlias(ctx, "harbor-legal", 4, "maria", hour(17)), store.CodeNotFound, `no row "patching"`)
	if err := s.DismissAlias(ctx, "harbor-legal", 4, "maria", hour(17)); err != nil {
		t.Error(err)
	}
}
