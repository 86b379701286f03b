package scheduler_test

import (
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func standupsOnly(e *store.Engagement) { onlyCadences("weekly-standup")(e) }

func TestAfterAnOutage(t *testing.T) {
	for _, c := range []struct {
		name, back string
		state      store.OccurrenceState
		late       bool
	}{
		{"a minute", "2026-11-16T09:01", store.Prompted, false},
		{"an hour", "2026-11-16T10:00", store.Prompted, true},
		{"3 h 59", "2026-11-16T12:59", store.Prompted, true},
		{"4 h", "2026-11-16T13:00", store.Prompted, true},
		{"4 h 01", "2026-11-16T13:01", store.Skipped, false},
		{"5 h", "2026-11-16T14:00", store.Skipped, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, "2026-11-12T10:00", standupsOnly)
			h.jump(c.back)
			h.tick()
			o := h.state("weekly-standup", "2026-11-16T09:00")
			if o.State != c.state || o.Late != c.late {
				t.Errorf("it is %s, late %t (%s)", o.State, o.Late, o.Reason)
			}
			if c.state == store.Skipped {
				if h.none("prompt/"); !o.Outage() {
					t.Errorf("it was skipped because %q", o.Reason)
				}
				return
			}
			m := h.one("prompt/")
			if c.late {
				h.says(m, "This comes late: it was due Mon 16 Nov 09:00 EST, and Tandem was down.")
			}
		})
	}
}

func TestNineDaysDownIsNoDriftOfTheTeam(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	h.jump("2026-11-24T10:00")
	h.until("2026-11-24T18:00")
	h.none("")
	for _, civil := range []string{"2026-11-16T09:00", "2026-11-23T09:00"} {
		if o := h.state("weekly-standup", civil); !o.Outage() {
			t.Errorf("%s is %s because %q", civil, o.State, o.Reason)
		}
	}
	h.until("2026-11-30T09:30")
	h.one("prompt/")
	h.none("drift/")
}

func TestAYearDownIsWrittenDownAndNothingIsMadeUpFor(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	h.jump("2027-11-09T12:00")
	h.tick()
	h.none("prompt/")
	list, err := h.db.Occurrences(t.Context(), h.id, "weekly-standup", 0)
	h.must(err)
	skipped := 0
	for _, o := range list {
		if o.Outage() {
			skipped++
		}
	}
	if skipped < 50 {
		t.Errorf("%d are skipped", skipped)
	}
	h.until("2027-11-15T10:00")
	h.one("prompt/")
}

func TestOneLatePromptACadence(t *testing.T) {
	h := newHouse(t, "2026-11-16T07:30", func(e *store.Engagement) {
		standupsOnly(e)
		e.Cadences[0].Schedule, e.Cadences[0].Grace = "0 * * * *", store.Duration{N: 30, Unit: store.Minutes}
	})
	h.jump("2026-11-16T10:50")
	h.tick()
	h.says(h.one("prompt/"), "due Mon 16 Nov 10:00 EST", "Answers until Mon 16 Nov 11:20 EST")
	for _, civil := range []string{"2026-11-16T08:00", "2026-11-16T09:00"} {
		if o := h.state("weekly-standup", civil); !o.Outage() {
			t.Errorf("%s is %s", civil, o.State)
		}
	}
}

// The grace of a late prompt is as long as that of any other.
func TestALatePromptHasItsWholeGrace(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", func(e *store.Engagement) {
		standupsOnly(e)
		e.Cadences[0].Grace = store.Duration{N: 2, Unit: store.Hours}
	})
	h.jump("2026-11-16T12:00")
	h.tick()
	h.until("2026-11-16T12:55")
	h.none("nudge/")
	h.until("2026-11-16T13:30")
	if n := len(h.keys("nudge/")); n != 4 {
		t.Errorf("%d were nudged", n)
	}
	h.none("digest/")
	h.until("2026-11-16T14:01")
	h.one("digest/")
}

// A meeting was held whether or not Tandem was up: its owner is asked for it
// while the grace lasts.
func TestAMeetingDuringAnOutageIsRecordedAllTheSame(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", onlyCadences("tested-restore"))
	h.jump("2026-11-19T12:00")
	h.tick()
	h.says(h.one("prompt/"), "This comes late: it was due Wed 18 Nov 11:00 EST")
	if o := h.state("tested-restore", "2026-11-18T11:00"); o.State != store.Prompted || !o.Late {
		t.Errorf("it is %s", o.State)
	}
}

// The clock is put back by a day: nothing is said twice, and what is to come comes.
func TestAClockThatJumps(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	h.until("2026-11-16T09:30")
	h.one("prompt/")
	h.jump("2026-11-15T09:00")
	h.until("2026-11-16T12:00")
	h.one("prompt/")
	h.until("2026-11-17T10:00")
	h.one("digest/")
	h.until("2026-11-23T10:00")
	if n := len(h.keys("prompt/")); n != 2 {
		t.Errorf("there are %d prompts", n)
	}
}

// Around the two nights on which clocks change a nightly standup is prompted
// once a night.
func TestNightsOnWhichClocksChange(t *testing.T) {
	for _, c := range []struct{ name, schedule, from, to string }{
		{"spring", "30 2 * * *", "2027-03-12T12:00", "2027-03-16T12:00"},
		{"autumn", "30 1 * * *", "2026-10-30T12:00", "2026-11-03T12:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, c.from, func(e *store.Engagement) {
				standupsOnly(e)
				e.Cadences[0].Schedule, e.Cadences[0].Grace = c.schedule, store.Duration{N: 2, Unit: store.Hours}
			})
			h.until(c.to)
			if n := len(h.keys("prompt/")); n != 4 {
				t.Errorf("there are %d prompts in four nights\n%s", n, h.transcript())
			}
		})
	}
}

func TestHolidays(t *testing.T) {
	for rule, want := range map[string]struct {
		state store.OccurrenceState
		day   string
	}{
		store.HolidayNextBusinessDay: {store.Prompted, "Tue 24 Nov 2026"},
		store.HolidayKeep:            {store.Prompted, "Mon 23 Nov 2026"},
		store.HolidaySkip:            {store.Skipped, ""},
	} {
		t.Run(rule, func(t *testing.T) {
			h := newHouse(t, "2026-11-19T10:00", func(e *store.Engagement) {
				standupsOnly(e)
				e.Cadences[0].OnHoliday = rule
				e.Holidays = append(e.Holidays, "2026-11-23")
			})
			h.until("2026-11-24T09:10")
			o := h.state("weekly-standup", "2026-11-23T09:00")
			if want.day == "" {
				if h.none("prompt/"); o.State != store.Skipped || o.Reason != store.SkippedHoliday {
					t.Errorf("it is %s because %q", o.State, o.Reason)
				}
				return
			}
			h.says(h.keys("prompt/")[0], want.day)
		})
	}
}

// A cadence that holidays skip year after year is looked for a few years ahead,
// and is not written down for all time to come.
func TestACadenceThatHolidaysAlwaysSkip(t *testing.T) {
	h := newHouse(t, "2026-11-19T10:00", func(e *store.Engagement) {
		standupsOnly(e)
		e.Cadences[0].Schedule, e.Cadences[0].OnHoliday = "0 9 25 12 *", store.HolidaySkip
	})
	h.until("2026-12-28T10:00")
	h.none("prompt/")
	list, err := h.db.Occurrences(t.Context(), h.id, "", 0)
	if h.must(err); len(list) != 1 || list[0].Reason != store.SkippedHoliday {
		t.Errorf("there are %+v", list)
	}
}
