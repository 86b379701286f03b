package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func testAnswers(t *testing.T, open func(*testing.T) Store) {
	s := prepared(t, open)
	ctx := t.Context()
	a := store.Answer{
		Cadence: "standup", Civil: monday, Person: "maria", Kind: store.Answered,
		Answers: []string{"tickets", "the licence <& \"server\">"}, Platform: "web", How: store.ByForm,
	}
	refused := func(code store.Code, words string, change func(*store.Answer)) {
		t.Helper()
		before := mustLook(t, s, "acme")
		b := a
		change(&b)
		wantCode(t, s.RecordAnswer(t.Context(), "acme", b, nil, hour(8)), code, words)
		wantEqual(t, words, mustLook(t, s, "acme"), before)
	}
	refused(store.CodeNotFound, `no person "nobody"`, func(a *store.Answer) { a.Person = "nobody" })
	refused(store.CodeNotFound, "no due date", func(a *store.Answer) { a.Civil = tuesday })
	refused(store.CodeInvalid, "Say who", func(a *store.Answer) { a.Person = "" })
	refused(store.CodeInvalid, "An answer is", func(a *store.Answer) { a.Kind = "" })
	refused(store.CodeInvalid, "something to report", func(a *store.Answer) { a.Kind = store.SaidAway })

	licence := store.Blocker{Text: "the licence server", Function: "patching"}
	must(t, s.RecordAnswer(ctx, "acme", a, []store.Blocker{licence, {Text: "no keys"}}, hour(8)))
	if !due(t, s, hour(8)) {
		t.Error("an answer does not make the engagement due")
	}
	must(t, s.RecordAnswer(ctx, "acme", store.Answer{Cadence: "standup", Civil: monday, Person: "theo", Kind: store.SaidAway}, nil, hour(9)))
	edited := a
	edited.Answers = []string{"tickets", "the licence server", ""}
	must(t, s.RecordAnswer(ctx, "acme", edited, []store.Blocker{licence, {Text: "the badge"}}, hour(10)))
	r := reading(t, s, "acme")
	edited.At, edited.Edits = hour(10), 1
	wantEqual(t, "the answers", r.Answers, []store.Answer{{Cadence: "standup", Civil: monday, Person: "theo", Kind: store.SaidAway, At: hour(9)}, edited})
	open1 := store.Blocker{ID: 1, Cadence: "standup", Civil: monday, Person: "maria", Text: "the licence server", Function: "patching", Opened: hour(8)}
	open3 := store.Blocker{ID: 3, Cadence: "standup", Civil: monday, Person: "maria", Text: "the badge", Opened: hour(10)}
	wantEqual(t, "the blockers", r.Blockers, []store.Blocker{open1, open3})

	must(t, s.CloseBlocker(ctx, "acme", 1, "devon", hour(11)))
	wantCode(t, s.CloseBlocker(ctx, "acme", 1, "devon", hour(12)), store.CodeConflict, "Blocker 1 was closed already, by devon on 2026-10-01")
	wantCode(t, s.CloseBlocker(ctx, "acme", 2, "devon", hour(12)), store.CodeConflict, "by maria")
	wantCode(t, s.CloseBlocker(ctx, "acme", 4, "devon", hour(12)), store.CodeNotFound, "acme has no blocker 4")
	wantCode(t, s.CloseBlocker(ctx, "acme", 3, "", hour(12)), store.CodeInvalid)
	wantEqual(t, "the blockers", reading(t, s, "acme").Blockers, []store.Blocker{open3})

	// Blockers outlive the standup that they were said in; answers to it don't show.
	applying(t, s, hour(16), store.Change{Transitions: []store.OccurrenceChange{{
		Cadence: "standup", Civil: monday, From: store.Scheduled, To: store.Held, Record: store.Record{At: hour(16), By: store.ByTandem, Attended: []string{"maria"}},
	}}})
	r = reading(t, s, "acme")
	wantEqual(t, "the blockers", r.Blockers, []store.Blocker{open3})
	if len(r.Answers) != 0 {
		t.Errorf("answers to a standup that is done: %v", r.Answers)
	}
	must(t, s.RecordAnswer(ctx, "acme", a, nil, hour(16))) // held before its grace ended

	// RSVPs: the last one counts.
	for i, coming := range []bool{true, false} {
		must(t, s.RSVP(ctx, "acme", store.RSVP{Cadence: "qbr", Civil: tuesday, Person: "maria", Coming: coming, How: store.ByButton}, hour(17+i)))
	}
	wantEqual(t, "the RSVPs", reading(t, s, "acme").RSVPs, []store.RSVP{{Cadence: "qbr", Civil: tuesday, Person: "maria", How: store.ByButton, At: hour(18)}})
	must(t, s.SkipOccurrence(ctx, "acme", store.Skipping{Cadence: "qbr", Civil: tuesday, Reason: "x", By: "maria"}, hour(19)))
	wantCode(t, s.RSVP(ctx, "acme", store.RSVP{Cadence: "qbr", Civil: tuesday, Person: "maria"}, hour(20)), store.CodeConflict, "was skipped")
	wantCode(t, s.RSVP(ctx, "acme", store.RSVP{Cadence: "standup", Civil: monday, Person: "nobody"}, hour(20)), store.CodeNotFound)
}

func testFindings(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	f := store.OpenFinding{
		Finding: store.Finding{Kind: store.FindingStretching, Subject: "standup", Facts: "Every 16 days.", Ratio: 2.25, Explain: []string{"16 ÷ 7"}},
		Level:   store.LevelWatch, Opened: hour(1), Climbed: hour(1),
	}
	change := func(at int, closed bool, want ...store.OpenFinding) {
		t.Helper()
		applying(t, s, hour(at), store.Change{Findings: []store.FindingChange{{OpenFinding: f, Closed: closed}}, Next: hour(at)})
		wantEqual(t, "the findings", reading(t, s, "acme").Findings, want)
	}
	change(1, false, f)
	change(1, false, f) // again
	f.Ratio, f.OnTime = 2.5, 1
	change(2, false, f) // other figures: no transition
	f.Level, f.Climbed = store.LevelDrift, hour(3)
	change(3, false, f)

	// An acknowledgement of its alert marks it, and an undo takes the mark away.
	ask := store.AckRequest{ID: 1, Key: "drift-1", What: store.AckDrift, Subject: f.Fingerprint(), Title: "Drift", Mode: store.AckEach, Asked: []string{"maria", "devon"}}
	applying(t, s, hour(4), store.Change{Requests: []store.AckRequest{ask}, Next: hour(4)})
	press := store.Acknowledging{Request: 1, Person: "devon", How: store.ByButton}
	_, err := s.Acknowledge(ctx, "acme", press, hour(5))
	must(t, err)
	f.Acknowledged = hour(5)
	wantEqual(t, "acknowledged", reading(t, s, "acme").Findings, []store.OpenFinding{f})
	must(t, s.UndoAcknowledgement(ctx, "acme", store.Undoing{Request: 1, Person: "devon", How: store.ByButton}, hour(5)))
	f.Acknowledged = time.Time{}
	wantEqual(t, "undone", reading(t, s, "acme").Findings, []store.OpenFinding{f})

	f.Level = store.LevelWatch
	change(6, false, f)
	change(7, true)
	change(7, true) // again
	f.Opened, f.Climbed, f.Facts = hour(8), hour(8), "Once more."
	change(8, false, f)
	list, err := s.FindingTransitions(ctx, "acme")
	must(t, err)
	var story []string
	for _, x := range list {
		story = append(story, fmt.Sprintf("%d %s %s>%s %s %s", x.At.Hour(), x.Move, x.From, x.To, x.Fingerprint, x.Facts))
	}
	wantEqual(t, "the story", story, []string{
		"13 opened on track>watch stretching:standup Every 16 days.",
		"15 worse watch>drift stretching:standup Every 16 days.",
		"18 better drift>watch stretching:standup Every 16 days.",
		"19 closed watch>on track stretching:standup Every 16 days.",
		"20 opened on track>watch stretching:standup Once more.",
	})
}

// testRhythmDepth: of each cadence what is not done, and the last that are, with
// the posts of the newest.
func testRhythmDepth(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	importing(t, s, sample("acme"), hour(0))
	var c store.Change
	add := func(cadence string, n int, state store.OccurrenceState) {
		at := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, 7*n)
		o := store.Occurrence{Cadence: cadence, Civil: at.Format(store.CivilLayout), Due: at, Grace: at.Add(time.Hour), State: state}
		if state == store.Held {
			o.Record = store.Record{At: at, By: "maria"}
		}
		c.Create = append(c.Create, o)
		c.Posts = append(c.Posts, postOf(cadence+o.Civil, store.AboutOccurrence(cadence, o.Civil), "it"))
	}
	for n := range 50 {
		state := []store.OccurrenceState{store.Held, store.Missed, store.Skipped}[n%3]
		if n >= 48 || n == 3 {
			state = store.Overdue // two ahead, and one from long ago
		}
		add("standup", n, state)
	}
	for n := range 5 {
		add("qbr", n, store.Held)
	}
	add("attestation", 0, store.Scheduled)
	applying(t, s, hour(1), c)
	r := reading(t, s, "acme")
	count := map[string]int{}
	for _, o := range r.Occurrences {
		count[fmt.Sprint(o.Cadence, o.State.Done())]++
	}
	wantEqual(t, "how many", count, map[string]int{"standuptrue": store.RhythmDepth, "standupfalse": 3, "qbrtrue": 5, "attestationfalse": 1})
	// Of the standups those not done and four that are, four reviews, one attestation.
	if r.Transitions != 56 || len(r.Posts) != 12 {
		t.Errorf("%d transitions, %d posts", r.Transitions, len(r.Posts))
	}
	for i := 1; i < len(r.Occurrences); i++ {
		a, b := r.Occurrences[i-1], r.Occurrences[i]
		if a.Cadence > b.Cadence || a.Cadence == b.Cadence && a.Civil >= b.Civil {
			t.Errorf("%s %s comes before %s %s", a.Cadence, a.Civil, b.Cadence, b.Civil)
		}
	}
	if first := r.Occurrences[6]; first.Cadence != "standup" || first.State != store.Overdue || r.Occurrences[7].Civil != "2026-04-23T09:00" {
		t.Errorf("the standups begin with %v, %v", first, r.Occurrences[7])
	}
}

func testRhythmNotFound(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	importing(t, s, sample("acme"), hour(0))
	for name, c := range rhythmCalls(s) {
		if c.run == nil || name == "FinishDelivery" {
			continue
		}
		for _, id := range []string{"nobody", "", "acme%", "\xff"} {
			if _, err := c.run(t.Context(), id); store.ErrorCode(err) != store.CodeNotFound {
				t.Errorf("%s of %q: %v", name, id, err)
			}
		}
	}
}
