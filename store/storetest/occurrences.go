package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// prepared has an engagement with one due date of each cadence.
func prepared(t *testing.T, open func(*testing.T) Store) Store {
	t.Helper()
	s := open(t)
	importing(t, s, sample("acme"), hour(0))
	applying(t, s, hour(1), store.Change{Create: []store.Occurrence{standup(), review(30)}, Next: hour(8)})
	return s
}

// dues returns whether the engagement is due at the instant, and takes it.
func due(t *testing.T, s Store, at time.Time) bool {
	t.Helper()
	list, err := s.ClaimSweeps(t.Context(), "sweeper", at, at.Add(time.Hour), 9)
	must(t, err)
	for _, id := range list {
		r := reading(t, s, id)
		must(t, s.ApplySweep(t.Context(), id, "sweeper", store.Change{Seen: r.Seen, Next: hour(1000)}, at))
	}
	return len(list) > 0
}

func testOccurrences(t *testing.T, open func(*testing.T) Store) {
	s := prepared(t, open)
	ctx := t.Context()
	due(t, s, hour(9))
	move := store.Moving{Cadence: "qbr", Civil: tuesday, Due: hour(60), Grace: hour(80), Reason: "Maria travels", By: "maria"}
	for name, c := range map[string]struct {
		change func(*store.Moving)
		at     time.Time
		code   store.Code
	}{
		"no reason":            {func(m *store.Moving) { m.Reason = " " }, hour(10), store.CodeInvalid},
		"nobody":               {func(m *store.Moving) { m.By = "" }, hour(10), store.CodeInvalid},
		"no due date":          {func(m *store.Moving) { m.Due = time.Time{} }, hour(10), store.CodeInvalid},
		"a grace before":       {func(m *store.Moving) { m.Grace = hour(59) }, hour(10), store.CodeInvalid},
		"another time":         {func(m *store.Moving) { m.Civil = "2027-01-05T10:00" }, hour(10), store.CodeNotFound},
		"another cadence":      {func(m *store.Moving) { m.Cadence = "standup" }, hour(10), store.CodeNotFound},
		"an instant of no use": {func(*store.Moving) {}, time.Time{}, store.CodeInvalid},
	} {
		before := mustLook(t, s, "acme")
		m := move
		c.change(&m)
		if err := s.MoveOccurrence(ctx, "acme", m, c.at); store.ErrorCode(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		wantEqual(t, name, mustLook(t, s, "acme"), before)
	}
	must(t, s.MoveOccurrence(ctx, "acme", move, hour(10)))
	if !due(t, s, hour(10)) {
		t.Error("a move does not make the engagement due")
	}
	move.Due, move.Grace, move.Reason = hour(70), hour(90), "and again"
	must(t, s.MoveOccurrence(ctx, "acme", move, hour(11)))
	want := review(30)
	want.Moved, want.Due, want.Grace, want.Reason = hour(30), hour(70), hour(90), "and again"
	list, err := s.Occurrences(ctx, "acme", "qbr", 0)
	must(t, err)
	wantEqual(t, "moved twice", list, []store.Occurrence{want})

	// What was prompted is scheduled again by a move.
	applying(t, s, hour(70), store.Change{Transitions: []store.OccurrenceChange{{Cadence: "qbr", Civil: tuesday, From: store.Scheduled, To: store.Prompted}}})
	move.Due, move.Grace = hour(100), hour(110)
	must(t, s.MoveOccurrence(ctx, "acme", move, hour(71)))
	must(t, s.SkipOccurrence(ctx, "acme", store.Skipping{Cadence: "qbr", Civil: tuesday, Reason: "nobody has time", By: "devon"}, hour(72)))
	transitions, err := s.Transitions(ctx, "acme", "qbr", tuesday)
	must(t, err)
	var story []string
	for _, x := range transitions {
		story = append(story, fmt.Sprintf("%s>%s by %s: %s", x.From, x.To, x.By, x.Why))
	}
	wantEqual(t, "the story", story, []string{
		">scheduled by tandem: ", "scheduled>scheduled by maria: Maria travels", "scheduled>scheduled by maria: and again",
		"scheduled>prompted by tandem: ", "prompted>scheduled by maria: and again", "scheduled>skipped by devon: nobody has time",
	})
	wantCode(t, s.MoveOccurrence(ctx, "acme", move, hour(73)), store.CodeConflict, "2026-10-06 10:00 of qbr is skipped already")
	wantCode(t, s.SkipOccurrence(ctx, "acme", store.Skipping{Cadence: "qbr", Civil: tuesday, Reason: "x", By: "devon"}, hour(73)), store.CodeConflict)
	wantCode(t, s.SkipOccurrence(ctx, "acme", store.Skipping{Cadence: "standup", Civil: monday, By: "devon"}, hour(73)), store.CodeInvalid, "only for a reason")

	// The newest first, of every cadence or one.
	list, err = s.Occurrences(ctx, "acme", "", 0)
	must(t, err)
	if len(list) != 2 || list[0].Cadence != "qbr" || list[1].Cadence != "standup" {
		t.Errorf("the list is %v", list)
	}
	if list, err = s.Occurrences(ctx, "acme", "", 1); err != nil || len(list) != 1 || list[0].Cadence != "qbr" {
		t.Errorf("the list of one is %v, %v", list, err)
	}
}

func testRecording(t *testing.T, open func(*testing.T) Store) {
	s := prepared(t, open)
	ctx := t.Context()
	record := store.Record{By: "maria", Attended: []string{"maria", "devon"}, Leadership: true, Result: "agreed", Next: day(2027, 1, 5)}
	refused := func(code store.Code, words string, change func(*store.Record)) {
		t.Helper()
		before := mustLook(t, s, "acme")
		r := record
		change(&r)
		wantCode(t, s.RecordOccurrence(t.Context(), "acme", "qbr", tuesday, r, hour(31)), code, words)
		wantEqual(t, words, mustLook(t, s, "acme"), before)
	}
	refused(store.CodeInvalid, "Quarterly review is not done until the next one is dated", func(r *store.Record) { r.Next = store.Date{} })
	refused(store.CodeInvalid, "can't be on 2026-10-06", func(r *store.Record) { r.Next = day(2026, 10, 6) })
	refused(store.CodeInvalid, "not done until the next one is dated", func(r *store.Record) { r.Next = day(2027, 2, 30) })
	refused(store.CodeInvalid, "Say who does this", func(r *store.Record) { r.By = "" })
	refused(store.CodeNotFound, `no person "nobody"`, func(r *store.Record) { r.Attended = []string{"nobody"} })

	must(t, s.RecordOccurrence(ctx, "acme", "qbr", tuesday, record, hour(31)))
	want := review(30)
	want.State, want.Record = store.Held, record
	want.Record.At = hour(31)
	list, err := s.Occurrences(ctx, "acme", "qbr", 0)
	must(t, err)
	wantEqual(t, "held", list, []store.Occurrence{want})

	// A correction is kept beside what it corrects.
	record.Evidence, record.At = "https://example.com/minutes", hour(30)
	must(t, s.RecordOccurrence(ctx, "acme", "qbr", tuesday, record, hour(32)))
	transitions, err := s.Transitions(ctx, "acme", "qbr", tuesday)
	must(t, err)
	if n := len(transitions); n != 3 || transitions[2].From != store.Held || transitions[2].To != store.Held {
		t.Errorf("transitions %v", transitions)
	}

	// A standup needs no date, and one that was skipped is not held.
	must(t, s.RecordOccurrence(ctx, "acme", "standup", monday, store.Record{By: "devon"}, hour(9)))
	applying(t, s, hour(40), store.Change{Create: []store.Occurrence{{
		Cadence: "standup", Civil: "2026-10-12T09:00", Due: hour(40), Grace: hour(48), State: store.Skipped, Reason: store.SkippedOutage,
	}}})
	wantCode(t, s.RecordOccurrence(ctx, "acme", "standup", "2026-10-12T09:00", store.Record{By: "devon"}, hour(41)), store.CodeConflict, "is skipped already")
}

func testPauses(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	rest := store.Pause{Cadence: "standup", From: day(2026, 12, 20), Until: day(2027, 1, 3), Reason: "the holidays", By: "maria"}
	for words, change := range map[string]func(*store.Pause){
		"needs a reason":              func(p *store.Pause) { p.Reason = "" },
		"Say who":                     func(p *store.Pause) { p.By = "" },
		"a first and a last day":      func(p *store.Pause) { p.Until = store.Date{} },
		"before it begins":            func(p *store.Pause) { p.Until = day(2026, 12, 19) },
		`There is no cadence "lunch"`: func(p *store.Pause) { p.Cadence = "lunch" },
	} {
		p := rest
		change(&p)
		if err := s.PauseCadence(ctx, "acme", p, hour(1)); store.ErrorCode(err) != store.CodeInvalid && store.ErrorCode(err) != store.CodeNotFound {
			t.Errorf("%s: %v", words, err)
		} else {
			wantCode(t, err, store.ErrorCode(err), words)
		}
	}
	must(t, s.PauseCadence(ctx, "acme", rest, hour(1)))
	wantCode(t, s.PauseCadence(ctx, "acme", rest, hour(1)), store.CodeConflict, "rests already from 2026-12-20 to 2027-01-03, because the holidays (maria)")
	other := rest
	other.Cadence = "qbr"
	must(t, s.PauseCadence(ctx, "acme", other, hour(1)))
	wantEqual(t, "the pauses", reading(t, s, "acme").Pauses, []store.Pause{rest, other})

	wantCode(t, s.ResumeCadence(ctx, "acme", store.Resuming{Cadence: "standup", From: day(2027, 1, 4), By: "theo"}, hour(2)), store.CodeConflict, "does not rest on 2027-01-04")
	must(t, s.ResumeCadence(ctx, "acme", store.Resuming{Cadence: "standup", From: day(2026, 12, 28), By: "theo"}, hour(2)))
	wantCode(t, s.ResumeCadence(ctx, "acme", store.Resuming{Cadence: "standup", From: day(2026, 12, 28), By: "theo"}, hour(2)), store.CodeConflict)
	shorter := rest
	shorter.Until = day(2026, 12, 27)
	wantEqual(t, "ended early", reading(t, s, "acme").Pauses, []store.Pause{shorter, other})
	again := rest
	again.From = day(2026, 12, 28)
	must(t, s.PauseCadence(ctx, "acme", again, hour(3)))
	must(t, s.ResumeCadence(ctx, "acme", store.Resuming{Cadence: "qbr", From: day(2026, 12, 1), By: "theo"}, hour(4)))
	wantEqual(t, "one never began", reading(t, s, "acme").Pauses, []store.Pause{shorter, again})
}
