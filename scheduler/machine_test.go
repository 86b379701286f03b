package scheduler_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

// step is one thing that happens; it happens alike in every house.
type step struct {
	what   string
	person string
	text   string
	move   time.Duration
}

var people = []string{"maria", "theo", "devon", "sam", "dana"}

func drawStep(t *rapid.T) step {
	return step{
		what: rapid.SampledFrom([]string{
			"later", "later", "later", "later", "answer", "answer", "nothing", "away", "move", "skip", "pause", "outage", "back",
			"record", "rsvp", "ask", "acknowledge", "undo", "absence", "import",
		}).Draw(t, "what"),
		person: rapid.SampledFrom(people).Draw(t, "person"),
		text:   rapid.SampledFrom([]string{"one", "two"}).Draw(t, "text"),
		move:   time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour,
	}
}

var machineCadences = []string{"weekly-standup", "tested-restore", "qbr"}

// Whatever people do, and in whatever order, it ends in one state: a house in
// which two processes sweep again and again says and records what a house does in
// which one sweeps once. No key stands anywhere twice, what is done stays done, and
// the chain of the audit log holds.
func TestAnyOrderEndsInOneState(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		most := 16
		if raceEnabled {
			most = 6
		}
		steps := rapid.SliceOfN(rapid.Custom(drawStep), 4, most).Draw(rt, "steps")
		edit := onlyCadences(machineCadences...)
		calm, busy := newHouse(t, "2026-11-12T08:00", edit), newHouse(t, "2026-11-12T08:00", edit)
		other := busy.sweeper("two")
		done := map[string]store.OccurrenceState{}
		for i, s := range steps {
			a, b := calm.do(s), busy.do(s)
			if (a == nil) != (b == nil) {
				rt.Fatalf("step %d, %+v: %v in the one and %v in the other", i, s, a, b)
			}
			calm.settleDown()
			for range 2 {
				if _, err := other.Sweep(t.Context(), busy.now); err != nil {
					rt.Fatal(err)
				}
				busy.settleDown()
			}
			calm.now, busy.now = calm.now.Add(time.Minute), busy.now.Add(time.Minute)
			for _, h := range []*house{calm, busy} {
				h.check(rt, done)
			}
			if a, b := calm.everything(), busy.everything(); a != b {
				rt.Fatalf("after step %d, %+v, the one is\n%s\nand the other\n%s", i, s, a, b)
			}
		}
		_ = calm.db.Close()
		_ = busy.db.Close()
	})
}

// settleDown sweeps with time standing still but for the spacing of a channel;
// afterwards the clock is where it was.
func (h *house) settleDown() {
	now := h.now
	for range 3 { // something may wait for a channel
		h.tick()
		h.now = h.now.Add(2 * store.DeliverySpacing)
	}
	h.now = now
}

// do lets one thing happen. Most errors are refusals that a person would see.
func (h *house) do(s step) error {
	ctx := h.Context()
	open := h.open("weekly-standup")
	switch s.what {
	case "later":
		for end := h.now.Add(s.move); h.now.Before(end); h.now = h.now.Add(time.Hour) {
			h.tick()
			h.now = h.now.Truncate(time.Minute)
		}
	case "outage":
		h.now = h.now.Add(5 * s.move)
	case "back":
		h.now = h.now.Add(-s.move)
	case "answer", "nothing", "away":
		a := store.Answer{Cadence: open.Cadence, Civil: open.Civil, Person: s.person, Kind: store.NothingToReport, How: store.ByButton}
		var blockers []store.Blocker
		switch s.what {
		case "away":
			a.Kind = store.SaidAway
		case "answer":
			a.Kind, a.Answers = store.Answered, []string{s.text, "", s.text}
			blockers = []store.Blocker{{Text: s.text, Function: "password-resets"}}
		}
		return h.db.RecordAnswer(ctx, h.id, a, blockers, h.now)
	case "move":
		due := open.Due.Add(s.move)
		return h.db.MoveOccurrence(ctx, h.id, store.Moving{
			Cadence: open.Cadence, Civil: open.Civil, Due: due, Grace: due.Add(24 * time.Hour), Reason: s.text, By: s.person,
		}, h.now)
	case "skip":
		return h.db.SkipOccurrence(ctx, h.id, store.Skipping{Cadence: open.Cadence, Civil: open.Civil, Reason: s.text, By: s.person}, h.now)
	case "pause":
		day := store.DateOf(h.now.In(h.zone))
		return h.db.PauseCadence(ctx, h.id, store.Pause{Cadence: "weekly-standup", From: day, Until: day.AddDays(2), Reason: s.text, By: s.person}, h.now)
	case "record":
		o := h.open("tested-restore")
		return h.db.RecordOccurrence(ctx, h.id, o.Cadence, o.Civil, store.Record{
			By: s.person, Attended: []string{s.person}, Result: store.ResultFail, Next: store.Date{Year: 2027, Month: 8, Day: 1},
		}, h.now)
	case "rsvp":
		o := h.open("qbr")
		return h.db.RSVP(ctx, h.id, store.RSVP{Cadence: o.Cadence, Civil: o.Civil, Person: s.person, Coming: s.text == "one", How: store.ByButton}, h.now)
	case "ask":
		_, err := h.db.RequestAcknowledgement(ctx, h.id, store.AckRequest{
			What: store.AckAnnouncement, Title: s.text, Mode: store.AckEach, Asked: []string{"maria", "dana"}, By: "devon",
		}, h.now)
		return err
	case "acknowledge":
		_, err := h.db.Acknowledge(ctx, h.id, store.Acknowledging{Request: 1, Person: s.person, Platform: "web", Identity: s.person, How: store.ByButton}, h.now)
		return err
	case "undo":
		return h.db.UndoAcknowledgement(ctx, h.id, store.Undoing{Request: 1, Person: s.person, Platform: "web", Identity: s.person, How: store.ByButton}, h.now)
	case "import": // another agreement, or the old one again
		e := readHarbor(h)
		onlyCadences(machineCadences...)(e)
		if s.text == "two" {
			e.Cadences[0].Schedule, e.Cadences[0].Grace = "30 10 * * TUE,THU", store.Duration{N: 3, Unit: store.Hours}
			e.Cadences = e.Cadences[:2] // whichever they are, one of them is agreed no more
		}
		_, err := h.db.ImportEngagement(ctx, e, s.person, h.now)
		return err
	case "absence":
		day := store.DateOf(h.now.In(h.zone))
		_, err := h.db.RecordAbsence(ctx, h.id, store.Absence{Person: s.person, From: day, To: day.AddDays(1)}, s.person, h.now)
		return err
	}
	return nil
}

// open returns the first occurrence of a cadence that is not done.
func (h *house) open(cadence string) store.Occurrence {
	list, err := h.db.Occurrences(h.Context(), h.id, cadence, 0)
	h.must(err)
	for _, o := range slices.Backward(list) {
		if !o.State.Done() {
			return o
		}
	}
	return store.Occurrence{Cadence: cadence, Civil: "2000-01-01T00:00", Due: h.now}
}

// check holds what is always so.
func (h *house) check(t *rapid.T, done map[string]store.OccurrenceState) {
	seen := map[string]bool{}
	for _, m := range h.keys("") {
		key := m.key + " at " + m.to.Channel + m.to.User
		if seen[key] {
			t.Fatalf("%s stands there twice", key)
		}
		seen[key] = true
	}
	list, err := h.db.Occurrences(h.Context(), h.id, "", 0)
	h.must(err)
	for _, o := range list {
		key := o.Cadence + "@" + o.Civil
		if was, ok := done[key]; ok && was != o.State {
			t.Fatalf("%s was %s and is %s", key, was, o.State)
		}
		if o.State.Done() {
			done[key] = o.State
		}
	}
	audit, err := h.db.VerifyAudit(h.Context(), h.id)
	h.must(err)
	if audit.Broken != nil {
		t.Fatal(audit)
	}
}

// everything is the state of a house as text: occurrences, and what stands on
// the platform.
func (h *house) everything() string {
	list, err := h.db.Occurrences(h.Context(), h.id, "", 0)
	h.must(err)
	var lines []string
	for _, o := range list {
		lines = append(lines, fmt.Sprintln(o.Cadence, o.Civil, o.State, o.Due.UTC(), o.Late, o.Reason, o.Record.Attended))
	}
	for _, m := range h.keys("") {
		text, err := json.Marshal(m.card)
		h.must(err)
		lines = append(lines, fmt.Sprintln(m.key, m.to.Channel, m.to.User, string(text)))
	}
	slices.Sort(lines)
	return fmt.Sprint(lines)
}
