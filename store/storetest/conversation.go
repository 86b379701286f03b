package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// asking asks one question or ends the test.
func asking(t *testing.T, s Store, question, key string, who store.Asker, at time.Time) (store.Conversation, bool) {
	t.Helper()
	c, opened, err := s.AskedUnnamed(t.Context(), "harbor-legal", store.Conversation{Question: question, Key: key, Asker: who}, at)
	if err != nil {
		t.Fatal(err)
	}
	return c, opened
}

// conversations returns all of them, or the open ones.
func conversations(t *testing.T, s Store, open bool) []store.Conversation {
	t.Helper()
	list, err := s.Conversations(t.Context(), "harbor-legal", open)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func aliases(t *testing.T, s Store) []store.LearnedAlias {
	t.Helper()
	list, err := s.LearnedAliases(t.Context(), "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var (
	theo     = store.Asker{Person: "theo", Platform: "slack", User: "UTHEO"}
	stranger = store.Asker{Platform: "teams", User: "cccc", Name: "Sam <script>"}
)

func testConversations(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("harbor-legal"), hour(0))
	wantEqual(t, "at first", conversations(t, s, false), []store.Conversation(nil))

	nearest := []store.SubjectRef{row("passwords"), {Kind: store.SubjectTool, ID: "edr"}}
	first, opened, err := s.AskedUnnamed(ctx, "harbor-legal", store.Conversation{
		ID: 99, Question: "Who has the keys <&>?\nשלום", Key: "keys", Nearest: nearest, Asker: stranger, Times: 9, Opened: hour(9),
		Closed: &store.Closing{By: "nobody"},
	}, hour(1))
	if err != nil || !opened {
		t.Fatalf("opened is %t, %v", opened, err)
	}
	want := store.Conversation{
		ID: 1, Question: "Who has the keys <&>?\nשלום", Key: "keys", Nearest: nearest, Asker: stranger,
		Opened: hour(1), Times: 1, Last: hour(1),
	}
	wantEqual(t, "opened", first, want)
	again, opened := asking(t, s, "keys?", "keys", theo, hour(3))
	want.Times, want.Last = 2, hour(3)
	wantEqual(t, "counted", again, want)
	if opened {
		t.Error("opened twice")
	}
	other, opened := asking(t, s, "And the doors?", "doors", theo, hour(4))
	if !opened || other.ID != 2 || other.Nearest != nil {
		t.Errorf("another question is %+v, opened %t", other, opened)
	}
	wantEqual(t, "the open ones", conversations(t, s, true), []store.Conversation{want, other})

	// A closed one stays as it is; the same question opens another.
	if err := s.CloseAsAlias(ctx, "harbor-legal", 1, "keys", row("passwords"), "maria", hour(5)); err != nil {
		t.Fatal(err)
	}
	third, opened := asking(t, s, "keys again?", "keys", theo, hour(6))
	if !opened || third.ID != 3 || third.Times != 1 {
		t.Errorf("after closing it is %+v, opened %t", third, opened)
	}
	want.Closed = &store.Closing{As: store.ClosedAsAlias, Subject: row("passwords"), Alias: "keys", By: "maria", At: hour(5)}
	wantEqual(t, "the open ones", conversations(t, s, true), []store.Conversation{other, third})
	wantEqual(t, "all", conversations(t, s, false), []store.Conversation{want, other, third})

	before := mustLook(t, s, "harbor-legal")
	good := store.Conversation{Question: "Who?", Key: "who", Asker: theo}
	for name, spoil := range map[string]func(*store.Conversation){
		"no question":         func(c *store.Conversation) { c.Question = " \n" },
		"a long question":     func(c *store.Conversation) { c.Question = strings.Repeat("é", 4001) },
		"no UTF-8":            func(c *store.Conversation) { c.Question = "who\xff" },
		"no key":              func(c *store.Conversation) { c.Key = "" },
		"nobody":              func(c *store.Conversation) { c.Asker = store.Asker{Name: "somebody"} },
		"an asker of no UTF8": func(c *store.Conversation) { c.Asker.Name = "\xff" },
	} {
		bad := good
		spoil(&bad)
		_, _, err := s.AskedUnnamed(ctx, "harbor-legal", bad, hour(7))
		if store.ErrorCode(err) != store.CodeInvalid || !strings.Contains(err.Error(), "Nothing was changed") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err = s.AskedUnnamed(ctx, "harbor-legal", good, time.Time{})
	wantCode(t, err, store.CodeInvalid)
	_, _, err = s.AskedUnnamed(ctx, "nobody", good, hour(7))
	wantCode(t, err, store.CodeNotFound, `no engagement "nobody"`)
	_, err = s.Conversations(ctx, "nobody", true)
	wantCode(t, err, store.CodeNotFound)
	wantEqual(t, "after what was refused", mustLook(t, s, "harbor-legal"), before)
}

// testAskedAtOnce: many ask the same at once, and a lead closes meanwhile.
func testAskedAtOnce(t *testing.T, open func(*testing.T) Store) {
	const people, rounds = 6, 8
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("harbor-legal"), hour(0))
	var opened, closed, confirmed atomic.Int64
	var all sync.WaitGroup
	for p := range people {
		all.Go(func() {
			for r := range rounds {
				c := store.Conversation{Question: fmt.Sprintf("keys, %d?", p), Key: fmt.Sprint("keys ", r), Asker: theo}
				now, first, err := s.AskedUnnamed(ctx, "harbor-legal", c, hour(r))
				if err != nil || now.Closed != nil {
					t.Errorf("asked: %+v, %v", now, err)
				}
				if first {
					opened.Add(1)
				}
				if err := s.SuggestAlias(ctx, "harbor-legal", "the updates", "updates", row("patching"), theo, hour(r)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	list := conversations(t, s, true)
	if len(list) != rounds || opened.Load() != rounds {
		t.Fatalf("%d conversations, opened %d times, want %d", len(list), opened.Load(), rounds)
	}
	for _, c := range list {
		if c.Times != people {
			t.Errorf("conversation %d was asked %d times", c.ID, c.Times)
		}
	}
	// Two leads decide the same: one of them wins.
	count := func(n *atomic.Int64, err error) {
		switch store.ErrorCode(err) {
		case "":
			n.Add(1)
		case store.CodeConflict:
		default:
			t.Error(err)
		}
	}
	for _, lead := range []string{"maria", "devon", "theo"} {
		all.Go(func() {
			for c := range rounds {
				f := store.Function{ID: fmt.Sprintf("keys-%d-%s", c, lead), Name: "Keys", Owner: store.MSP}
				_, err := s.CloseAsRow(ctx, "harbor-legal", c+1, f, lead, hour(20))
				count(&closed, err)
			}
			count(&confirmed, s.ConfirmAlias(ctx, "harbor-legal", 1, lead, hour(20)))
		})
	}
	all.Wait()
	e, err := s.Engagement(ctx, "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	if closed.Load() != rounds || e.Matrix.Version != 3+rounds || len(e.Matrix.Functions) != 2+rounds || confirmed.Load() != 1 {
		t.Errorf("closed %d, version %d with %d rows, confirmed %d", closed.Load(), e.Matrix.Version, len(e.Matrix.Functions), confirmed.Load())
	}
}

// testClosing: as an alias, and what is refused.
func testClosing(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	e := sample("harbor-legal")
	e.Matrix.Functions[0].Aliases = []string{"Locked out"}
	e.Matrix.OutOfScope[0].Aliases = []string{"blog"}
	e.Artifacts = []store.Artifact{{ID: "wisp", Name: "Security plan", Aliases: []string{"the plan"}}}
	e.Severities = []store.Severity{{Level: 1, Name: "Down"}}
	importing(t, s, e, hour(0))
	asking(t, s, "keys?", "keys", theo, hour(1))
	asking(t, s, "doors?", "doors", stranger, hour(1))
	if err := s.CloseAsAlias(ctx, "harbor-legal", 2, "door", row("passwords"), "maria", hour(2)); err != nil {
		t.Fatal(err)
	}
	before := mustLook(t, s, "harbor-legal")
	wantEqual(t, "the alias", before.Ledger.Aliases, []store.LearnedAlias{{Phrase: "door", Subject: row("passwords"), By: "maria", At: hour(2)}})
	wantEqual(t, "the last audit entry", unsummed(t, before.Audit[len(before.Audit)-1]), store.AuditEntry{
		Seq: 2, At: hour(2), By: "maria", Action: store.AuditConversationClosed,
		Detail: json.RawMessage(`{"id":2,"question":"doors?","times":1,"as":"alias","subject":{"kind":"function","id":"passwords"},"alias":"door"}`),
	})
	for _, c := range []struct {
		name         string
		conversation int
		phrase       string
		subject      store.SubjectRef
		by           string
		code         store.Code
		words        string
	}{
		{"no conversation", 7, "key", row("patching"), "maria", store.CodeNotFound, "harbor-legal has no conversation 7"},
		{"number 0", 0, "key", row("patching"), "maria", store.CodeNotFound, "no conversation 0"},
		{"closed before", 2, "key", row("patching"), "devon", store.CodeConflict, `closed already, by maria on 2026-10-01, as the alias "door" of passwords`},
		{"nobody", 1, "key", row("patching"), "", store.CodeInvalid, "Say who"},
		{"no phrase", 1, " \t", row("patching"), "maria", store.CodeInvalid, "can't be an alias"},
		{"a long phrase", 1, strings.Repeat("é", 201), row("patching"), "maria", store.CodeInvalid, "at most 200"},
		{"a control character", 1, "key\x07", row("patching"), "maria", store.CodeInvalid, "control character"},
		{"no UTF-8", 1, "\xff", row("patching"), "maria", store.CodeInvalid, "UTF-8"},
		{"no row", 1, "key", row("nothing"), "maria", store.CodeNotFound, `harbor-legal has no row "nothing"`},
		{"no tool", 1, "key", store.SubjectRef{Kind: store.SubjectTool, ID: "rmm"}, "maria", store.CodeNotFound, `no tool "rmm"`},
		{"no document", 1, "key", store.SubjectRef{Kind: store.SubjectArtifact, ID: "edr"}, "maria", store.CodeNotFound, `no artifact "edr"`},
		{"no severity", 1, "key", store.SubjectRef{Kind: store.SubjectSeverity, ID: "sev01"}, "maria", store.CodeNotFound, `no severity "sev01"`},
		{"no exclusion", 1, "key", store.SubjectRef{Kind: store.SubjectOutOfScope, ID: "website content"}, "maria", store.CodeNotFound, "no exclusion"},
		{"no such kind", 1, "key", store.SubjectRef{Kind: "person", ID: "maria"}, "maria", store.CodeNotFound, "no subject"},
		{"another's name", 1, "PATCHING", row("passwords"), "maria", store.CodeConflict, `"PATCHING" means "Patching" (row "patching") already`},
		{"another's alias", 1, " locked  OUT", row("patching"), "maria", store.CodeConflict, `(row "passwords") already`},
		{"an exclusion's alias", 1, "Blog", row("patching"), "maria", store.CodeConflict, `(exclusion "Website content") already`},
		{"a document's alias", 1, "the plan", row("patching"), "maria", store.CodeConflict, `"Security plan" (artifact "wisp") already`},
		{"a product", 1, "defender", row("patching"), "maria", store.CodeConflict, `(tool "edr") already`},
		{"a severity", 1, "Severity 1", row("patching"), "maria", store.CodeConflict, `(severity "sev1") already`},
		{"learned for another", 1, "DOOR", row("patching"), "maria", store.CodeConflict, `(row "passwords") already`},
	} {
		err := s.CloseAsAlias(ctx, "harbor-legal", c.conversation, c.phrase, c.subject, c.by, hour(3))
		if store.ErrorCode(err) != c.code || !strings.Contains(store.ErrorMessage(err), c.words) || !strings.Contains(store.ErrorMessage(err), "Nothing was changed") {
			t.Errorf("%s: %v (%s), want %s: %s", c.name, err, store.ErrorCode(err), c.code, c.words)
		}
	}
	wantCode(t, s.CloseAsAlias(ctx, "nobody", 1, "key", row("patching"), "maria", hour(3)), store.CodeNotFound, `no engagement "nobody"`)
	wantCode(t, s.CloseAsAlias(ctx, "harbor-legal", 1, "key", row("patching"), "maria", time.Time{}), store.CodeInvalid)
	wantEqual(t, "after what was refused", mustLook(t, s, "harbor-legal"), before)

	// What the subject is called already is learned once; every kind can be named.
	asks := 2
	for phrase, subject := range map[string]store.SubjectRef{
		"door": row("passwords"), "locked out": row("passwords"), "antivirus": {Kind: store.SubjectTool, ID: "edr"},
		"the binder": {Kind: store.SubjectArtifact, ID: "wisp"}, "fire": {Kind: store.SubjectSeverity, ID: "sev1"},
		"homepage": {Kind: store.SubjectOutOfScope, ID: "Website content"},
	} {
		asks++
		asking(t, s, phrase, phrase, theo, hour(4))
		if err := s.CloseAsAlias(ctx, "harbor-legal", asks, "  "+strings.ReplaceAll(phrase, " ", " \n "), subject, "devon", hour(5)); err != nil {
			t.Errorf("%s: %v", phrase, err)
		}
	}
	if list := aliases(t, s); len(list) != 6 {
		t.Errorf("learned %+v", list)
	}
}

// testClosingVersion: closing as a row or an exclusion makes a version.
func testClosingVersion(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	e := signed(sample("harbor-legal"), store.Signature{By: "maria", Date: day(2026, 9, 29)}, store.Signature{By: "devon", Date: day(2026, 9, 30)})
	importing(t, s, e, hour(0))
	long := "Who has\nthe keys\x07? " + strings.Repeat("Please! ", 100)
	asking(t, s, long, "keys", theo, hour(1))
	asking(t, s, "And the blog?", "blog", stranger, hour(1))
	asking(t, s, "Doors?", "doors", stranger, hour(1))

	keys := store.Function{ID: "keys", Name: "Keys", Owner: store.MSP, Escalation: []string{"devon"}}
	before := mustLook(t, s, "harbor-legal")
	refuse := func(what string, err error, code store.Code, words string) {
		t.Helper()
		if store.ErrorCode(err) != code || !strings.Contains(store.ErrorMessage(err), words) {
			t.Errorf("%s: %v (%s), want %s: %s", what, err, store.ErrorCode(err), code, words)
		}
	}
	asRow := func(n int, f store.Function, by string) error {
		_, err := s.CloseAsRow(ctx, "harbor-legal", n, f, by, hour(2))
		return err
	}
	asExclusion := func(n int, x store.Exclusion, by string) error {
		_, err := s.CloseAsExclusion(ctx, "harbor-legal", n, x, by, hour(2))
		return err
	}
	refuse("no id", asRow(1, store.Function{Name: "Keys", Owner: store.MSP}, "maria"), store.CodeInvalid, "matrix.functions[2].id")
	refuse("an id taken", asRow(1, store.Function{ID: "patching", Name: "Keys", Owner: store.MSP}, "maria"), store.CodeInvalid, `"patching" is there twice`)
	refuse("no owner", asRow(1, store.Function{ID: "keys", Name: "Keys"}, "maria"), store.CodeInvalid, "owner")
	refuse("a stranger to call", asRow(1, store.Function{ID: "keys", Name: "Keys", Owner: store.MSP, Escalation: []string{"sam"}}, "maria"), store.CodeInvalid, "sam")
	refuse("no conversation", asRow(9, keys, "maria"), store.CodeNotFound, "no conversation 9")
	refuse("nobody", asRow(1, keys, ""), store.CodeInvalid, "Say who")
	refuse("no name", asExclusion(1, store.Exclusion{}, "maria"), store.CodeInvalid, "out_of_scope[1].name")
	refuse("excluded before", asExclusion(1, store.Exclusion{Name: "website  Content"}, "maria"), store.CodeConflict, `"Website content" is out of scope of harbor-legal already`)
	_, err := s.CloseAsRow(ctx, "nobody", 1, keys, "maria", hour(2))
	refuse("no engagement", err, store.CodeNotFound, `no engagement "nobody"`)
	wantEqual(t, "after what was refused", mustLook(t, s, "harbor-legal"), before)

	r, err := s.CloseAsRow(ctx, "harbor-legal", 1, keys, "maria", hour(3))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "the result", r, store.ImportResult{
		Engagement: "harbor-legal", Status: store.ImportUpdated, OldVersion: 3, Version: 4, OldRevision: 1, Revision: 1,
	})
	now, err := s.Engagement(ctx, "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	want := sample("harbor-legal")
	want.Matrix.Version, want.Matrix.Effective = 4, store.Date{}
	want.Matrix.Functions = append(want.Matrix.Functions, keys)
	reason := now.Matrix.Reason
	if !strings.HasPrefix(reason, "Conversation 1: Who has the keys? Please! Please!") || len([]rune(reason)) > 200 || !strings.HasSuffix(reason, "…") {
		t.Errorf("the reason is %q", reason)
	}
	want.Matrix.Reason = reason
	wantEqual(t, "the engagement", now, want)

	if r, err = s.CloseAsExclusion(ctx, "harbor-legal", 2, store.Exclusion{Name: "Blog", Note: "Agreed."}, "devon", hour(4)); err != nil || r.Version != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	shot := mustLook(t, s, "harbor-legal")
	wantEqual(t, "out of scope", shot.Engagement.Matrix.OutOfScope, []store.Exclusion{{Name: "Website content"}, {Name: "Blog", Note: "Agreed."}})
	wantEqual(t, "the reason", shot.Engagement.Matrix.Reason, "Conversation 2: And the blog?")
	wantEqual(t, "the first version", shot.Old[0].Matrix, e.Matrix)
	all := shot.Ledger.Conversations
	wantEqual(t, "closed", []*store.Closing{all[0].Closed, all[1].Closed, all[2].Closed}, []*store.Closing{
		{As: store.ClosedAsRow, Subject: row("keys"), By: "maria", At: hour(3)},
		{As: store.ClosedAsExclusion, Subject: store.SubjectRef{Kind: store.SubjectOutOfScope, ID: "Blog"}, By: "devon", At: hour(4)},
		nil,
	})
	var actions []string
	for _, a := range shot.Audit {
		actions = append(actions, a.Action)
	}
	wantEqual(t, "the audit log", actions, []string{
		store.AuditImported, store.AuditImported, store.AuditConversationClosed, store.AuditImported, store.AuditConversationClosed,
	})
	refuse("closed as a row", asRow(1, keys, "devon"), store.CodeConflict, "Conversation 1 of harbor-legal was closed already, by maria on 2026-10-01, as the row keys")
	refuse("closed as an exclusion", asExclusion(2, store.Exclusion{Name: "X"}, "maria"), store.CodeConflict, `by devon on 2026-10-01, as the exclusion "Blog"`)
	wantEqual(t, "after that", mustLook(t, s, "harbor-legal"), shot)

	// Both sides sign what came of it by importing what the store holds.
	agreed := signed(shot.Engagement, store.Signature{By: "maria", Date: day(2026, 10, 2)}, store.Signature{By: "devon", Date: day(2026, 10, 2)})
	if r := importing(t, s, agreed, hour(5)); r.Version != 5 || len(r.Signed) != 2 {
		t.Errorf("signing: %+v", r)
	}
}
