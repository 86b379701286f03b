package scheduler_test

import (
	"testing"

	"github.com/tandem-bot/tandem/store"
)

const civil = "2026-11-16T09:00"

// monday is a house on the Monday of a standup, at nine.
func monday(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	h.until("2026-11-16T09:00")
	return h
}

func (h *house) away(person string) {
	h.Helper()
	h.must(h.db.RecordAnswer(h.Context(), h.id, store.Answer{
		Cadence: "weekly-standup", Civil: civil, Person: person, Kind: store.SaidAway, How: store.ByButton,
	}, nil, h.now))
	h.tick()
}

func TestEverybodyHasAnswered(t *testing.T) {
	h := monday(t)
	for _, person := range []string{"maria", "theo", "devon"} {
		h.answer(civil, person)
		h.none("digest/")
	}
	h.until("2026-11-16T09:20")
	h.answer(civil, "sam", "All done.")
	h.says(h.one("digest/"), "Both sides answered: 4 answers.", "Sam Okafor: What got done last week? All done.")
	o := h.state("weekly-standup", civil)
	if o.State != store.Held || len(o.Record.Attended) != 4 {
		t.Errorf("it is %s by %v", o.State, o.Record.Attended)
	}
	h.until("2026-11-17T12:00")
	h.none("nudge/")
	h.one("digest/")
}

func TestAnswersFromTheEveningBefore(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	h.until("2026-11-15T20:00")
	for _, person := range []string{"maria", "theo", "devon", "sam"} {
		h.answer(civil, person)
	}
	h.none("")
	h.until("2026-11-16T09:01")
	h.one("prompt/")
	h.says(h.one("digest/"), "Both sides answered")
	if at := h.state("weekly-standup", civil).Record.At; !at.Equal(h.at("2026-11-16T09:00")) {
		t.Errorf("held at %s", at)
	}
}

func TestNudgesGoToThoseMissingOnceAndPrivately(t *testing.T) {
	h := monday(t)
	h.answer(civil, "maria")
	h.away("theo")
	_, err := h.db.RecordAbsence(t.Context(), h.id, store.Absence{Person: "sam", From: store.Date{Year: 2026, Month: 11, Day: 16}, To: store.Date{Year: 2026, Month: 11, Day: 20}}, "sam", h.now)
	h.must(err)
	h.until("2026-11-16T20:55")
	h.none("nudge/")
	h.until("2026-11-17T08:55")
	if m := h.one("nudge/"); m.to.User != "harbor-legal/devon" || m.to.Channel != "" {
		t.Errorf("nudged %+v", m.to)
	}
	// Devon is the only one still missing, and of the MSP nobody else is there.
	h.answer(civil, "devon")
	h.says(h.one("digest/"), "Both sides answered: 2 answers.", "Away: Theo Lindqvist and Sam Okafor")
}

func TestNobodyAnsweredIsADigestToo(t *testing.T) {
	h := monday(t)
	h.until("2026-11-17T09:00")
	h.says(h.one("digest/"), "Nobody answered this time.", "The next one is due Mon 23 Nov 09:00 EST.")
	if o := h.state("weekly-standup", civil); o.State != store.Overdue {
		t.Errorf("it is %s", o.State)
	}
	h.until("2026-11-23T09:00")
	if o := h.state("weekly-standup", civil); o.State != store.Missed {
		t.Errorf("it is %s", o.State)
	}
}

func TestOneSideAnswered(t *testing.T) {
	h := monday(t)
	h.answer(civil, "maria")
	h.until("2026-11-17T09:00")
	h.says(h.one("digest/"), "Answers came from one side, Harbor Legal Group: 1 answer.")
	o := h.state("weekly-standup", civil)
	if o.State != store.Overdue || len(o.Record.Attended) != 1 {
		t.Errorf("it is %s by %v", o.State, o.Record.Attended)
	}
	t.Run("and then the other", func(t *testing.T) {
		h.until("2026-11-17T11:00")
		h.answer(civil, "devon")
		if o := h.state("weekly-standup", civil); o.State != store.Held || !o.Record.At.After(o.Grace) {
			t.Errorf("it is %s at %s", o.State, o.Record.At)
		}
		h.says(h.one("digest/"), "Both sides answered: 2 answers, the last of them after the end of the grace.")
	})
}

func TestASideThatIsAwayIsNotWaitedFor(t *testing.T) {
	h := monday(t)
	h.away("devon")
	h.away("sam")
	h.answer(civil, "maria")
	h.answer(civil, "theo")
	h.says(h.one("digest/"), "Answers came from one side", "Away: Devon Pruitt and Sam Okafor")
	if o := h.state("weekly-standup", civil); o.State != store.Held {
		t.Errorf("it is %s", o.State)
	}
}

func TestEverybodyIsAway(t *testing.T) {
	h := monday(t)
	for _, person := range []string{"maria", "theo", "devon", "sam"} {
		h.away(person)
	}
	h.none("digest/")
	h.until("2026-11-17T09:00")
	h.none("nudge/")
	h.says(h.one("digest/"), "Everybody was away.")
}

func TestTheLastAnswerCounts(t *testing.T) {
	h := monday(t)
	h.answer(civil, "maria", "First thoughts.")
	h.answer(civil, "maria", "Second thoughts.")
	h.until("2026-11-17T09:00")
	text := h.one("digest/").card.Plain()
	if h.says(h.one("digest/"), "Second thoughts."); len(text) == 0 {
		t.Error(text)
	}
}

func TestAPause(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", func(e *store.Engagement) {
		standupsOnly(e)
		e.Cadences[0].Remind = []store.Duration{{N: 1, Unit: store.Days}}
	})
	h.must(h.db.PauseCadence(t.Context(), h.id, store.Pause{
		Cadence: "weekly-standup", From: store.Date{Year: 2026, Month: 11, Day: 14}, Until: store.Date{Year: 2026, Month: 11, Day: 24},
		Reason: "The office moves", By: "maria",
	}, h.now))
	h.until("2026-11-25T10:00")
	h.none("")
	for _, civil := range []string{civil, "2026-11-23T09:00"} {
		if o := h.state("weekly-standup", civil); o.State != store.Skipped || o.Reason != "paused: The office moves" {
			t.Errorf("%s is %s because %q", civil, o.State, o.Reason)
		}
	}
	h.until("2026-11-30T10:00")
	h.one("prompt/")
	h.one("remind/")
	h.none("drift/")
}

func TestSkippedAndMovedByPeople(t *testing.T) {
	h := monday(t)
	h.must(h.db.MoveOccurrence(t.Context(), h.id, store.Moving{
		Cadence: "weekly-standup", Civil: civil, Due: h.at("2026-11-18T09:00"), Grace: h.at("2026-11-19T09:00"), Reason: "a fire drill", By: "maria",
	}, h.now))
	h.until("2026-11-18T09:00")
	prompts := h.keys("prompt/")
	if len(prompts) != 2 {
		t.Fatalf("there are %d prompts", len(prompts))
	}
	h.says(prompts[0], "Moved to Wed 18 Nov 09:00 EST: a fire drill.")
	h.says(prompts[1], "Answers until Thu 19 Nov 09:00 EST")
	h.must(h.db.SkipOccurrence(t.Context(), h.id, store.Skipping{Cadence: "weekly-standup", Civil: civil, Reason: "everybody is at the drill", By: "maria"}, h.now))
	h.tick()
	h.says(prompts[1], "Skipped: everybody is at the drill.")
	h.until("2026-11-20T09:00")
	h.none("digest/")
	h.none("nudge/")
}

func TestTheScheduleIsChanged(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	e := readHarbor(t)
	standupsOnly(e)
	e.Cadences[0].Schedule = "0 10 * * TUE"
	_, err := h.db.ImportEngagement(t.Context(), e, "test", h.now)
	h.must(err)
	h.until("2026-11-17T11:00")
	h.says(h.one("prompt/"), "Tue 17 Nov 2026")
	if o := h.state("weekly-standup", civil); o.State != store.Skipped {
		t.Errorf("the old one is %s", o.State)
	}
	e.Cadences = nil
	_, err = h.db.ImportEngagement(t.Context(), e, "test", h.now)
	h.must(err)
	h.until("2026-11-24T11:00")
	h.one("prompt/")
}
