package drift

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

const (
	h = store.Held
	m = store.Missed
	s = store.Skipped
)

// weekly are occurrences of the standup from Monday 5 Jan 2026, one a week.
func weekly(states ...store.OccurrenceState) []store.Occurrence {
	return spaced("standup", 7, states...)
}

func spaced(cadence string, every int, states ...store.OccurrenceState) []store.Occurrence {
	var out []store.Occurrence
	d := day("2026-01-05")
	for i, state := range states {
		out = append(out, occurrence(cadence, d.AddDays(i*every).String(), state))
	}
	return out
}

// attended changes who was there, oldest first.
func attended(list []store.Occurrence, who ...string) []store.Occurrence {
	for i, w := range who {
		list[i].Record.Attended = strings.Fields(w)
	}
	return list
}

func reason(list []store.Occurrence, i int, why string) []store.Occurrence {
	list[i].Reason = why
	return list
}

func TestDetect(t *testing.T) {
	t.Parallel()
	// Everything happens in 2026 before this, and the signatures are of October.
	const now = "2026-12-15T12:00"
	standup := func(every float64, list []store.Occurrence) Rhythm {
		return Rhythm{Cadence: "standup", Every: every, Occurrences: list, Next: ahead}
	}
	of := func(cadence string, every float64, list []store.Occurrence) Rhythm {
		return Rhythm{Cadence: cadence, Every: every, Occurrences: list, Next: ahead}
	}
	pause := func(r Rhythm, from, until string) Rhythm {
		r.Pauses = append(r.Pauses, store.Pause{Cadence: r.Cadence, From: day(from), Until: day(until), Reason: "office move", By: "maria"})
		return r
	}
	away := func(from, to string, who ...string) []store.Absence {
		var out []store.Absence
		for _, p := range who {
			out = append(out, store.Absence{Person: p, From: day(from), To: day(to)})
		}
		return out
	}
	matrix := func(e *store.Engagement) { e.Matrix.Signed = nil }
	tests := []struct {
		name   string
		rhythm Rhythm
		away   []store.Absence
		change func(*store.Engagement)
		more   func(*Input)
		now    string
		want   string // fingerprints
	}{
		{name: "weekly, one miss", rhythm: standup(7, weekly(h, h, m))},
		{name: "weekly, two misses", rhythm: standup(7, weekly(h, m, m)), want: "missed:standup"},
		{name: "weekly, two misses but not in a row", rhythm: standup(7, weekly(m, h, m))},
		{name: "held after two misses", rhythm: standup(7, weekly(m, m, h))},
		{name: "two weeks, one miss", rhythm: standup(14, weekly(h, m))},
		{name: "two weeks, two misses", rhythm: standup(14, weekly(m, m)), want: "missed:standup"},
		{name: "a day more than two weeks, one miss", rhythm: standup(15, weekly(h, m)), want: "missed:standup"},
		{name: "monthly, one miss", rhythm: of("report", 30.4, spaced("report", 30, h, m)), want: "missed:report"},
		{name: "skipped by somebody is no miss", rhythm: standup(7, weekly(h, m, s))},
		{name: "and does not part two", rhythm: standup(7, weekly(m, s, m)), want: "missed:standup"},
		{name: "an outage is no miss", rhythm: standup(7, reason(weekly(h, m, s), 2, store.SkippedOutage))},
		{name: "a pause covers a miss", rhythm: pause(standup(7, weekly(h, m, m)), "2026-01-19", "2026-01-19")},
		{name: "a pause beside it does not", rhythm: pause(standup(7, weekly(h, m, m)), "2026-01-20", "2026-01-20"), want: "missed:standup"},
		{name: "a miss while one side was away", rhythm: standup(7, weekly(h, m, m)), away: away("2026-01-19", "2026-01-19", "devon", "sam")},
		{name: "a miss while half of each side was away", rhythm: standup(7, weekly(h, m, m)), away: away("2026-01-19", "2026-01-19", "devon", "maria"), want: "missed:standup"},
		{
			name: "somebody stands in", rhythm: standup(7, weekly(h, m, m)), want: "missed:standup",
			away: append(away("2026-01-19", "2026-01-19", "devon"), store.Absence{Person: "sam", From: day("2026-01-19"), To: day("2026-01-19"), Cover: "priya"}),
		},
		{name: "a miss on a holiday", rhythm: standup(7, weekly(h, m, m)), change: func(e *store.Engagement) { e.Holidays = []string{"us-federal"} }}, // Martin Luther King Day

		{name: "just under one and a half", rhythm: standup(8, gaps("standup", 12, 12, 11))},
		{name: "one and a half", rhythm: standup(8, gaps("standup", 12, 12, 12)), want: "stretching:standup"},
		{name: "only the last four count", rhythm: standup(8, gaps("standup", 90, 8, 8, 8))},
		{name: "three held are not enough", rhythm: standup(7, gaps("standup", 30, 30))},
		{name: "no interval, no ratio", rhythm: standup(0, gaps("standup", 30, 30, 30))},
		{name: "just under fortnightly", rhythm: standup(8, gaps("standup", 14, 14, 13)), want: "stretching:standup"},
		{name: "fortnightly", rhythm: standup(8, gaps("standup", 14, 14, 14)), want: "became:standup fortnightly"},
		{name: "just under monthly", rhythm: standup(8, gaps("standup", 28, 28, 27)), want: "became:standup fortnightly"},
		{name: "monthly", rhythm: standup(8, gaps("standup", 28, 28, 28)), want: "became:standup monthly"},
		{name: "just under quarterly", rhythm: of("report", 30, gaps("report", 75, 75, 74)), want: "stretching:report"},
		{name: "quarterly", rhythm: of("report", 30, gaps("report", 75, 75, 75)), want: "became:report quarterly"},
		{name: "just under half-yearly", rhythm: of("restore", 84, gaps("restore", 147, 147, 146)), now: "2027-09-01T12:00", change: matrix, want: "stretching:restore artifact-overdue:wisp"},
		{name: "half-yearly", rhythm: of("restore", 84, gaps("restore", 147, 147, 147)), now: "2027-09-01T12:00", change: matrix, want: "became:restore half-yearly artifact-overdue:wisp"},
		{name: "fortnightly has no next rhythm", rhythm: standup(14, gaps("standup", 60, 60, 60)), want: "stretching:standup"},
		{name: "every other one held", rhythm: standup(7, weekly(h, m, h, m, h, m, h)), want: "became:standup fortnightly"},
		{name: "every other one skipped by somebody", rhythm: standup(7, weekly(h, s, h, s, h, s, h)), want: "became:standup fortnightly"},
		{name: "every other one an outage", rhythm: standup(7, func() []store.Occurrence {
			list := weekly(h, s, h, s, h, s, h)
			for i := range list {
				list[i].Reason = store.SkippedOutage
			}
			return list
		}())},
		{name: "back in rhythm", rhythm: standup(7, weekly(h, h, m, m, m, m, m, m, h, h))},
		{name: "once is not back", rhythm: standup(7, weekly(h, h, h, m, m, m, m, m, m, h)), want: "became:standup fortnightly"},
		{name: "a pause is left out", rhythm: pause(standup(7, weekly(h, h, h, s, s, s, h)), "2026-01-25", "2026-02-10")},
		{name: "a pause without a due date is left out", rhythm: pause(standup(7, gaps("standup", 7, 7, 28)), "2026-01-20", "2026-02-10")},

		{name: "one side twice", rhythm: standup(7, attended(weekly(m, h, h), "", "maria", "theo"))},
		{name: "one side three times", rhythm: standup(7, attended(weekly(h, h, h), "maria", "theo", "maria")), want: "one-sided:standup"},
		{name: "not held for it", rhythm: standup(7, attended(weekly(m, m, m), "devon", "sam", "devon")), want: "missed:standup one-sided:standup"},
		{name: "both in between", rhythm: standup(7, attended(weekly(h, h, h, h), "maria", "maria", "maria devon", "maria"))},
		{name: "nobody at all", rhythm: standup(7, attended(weekly(h, m, h), "maria", "", "maria"))},
		{name: "one side was away", rhythm: standup(7, attended(weekly(h, h, h), "maria", "theo", "maria")), away: away("2026-01-12", "2026-01-12", "devon", "sam")},
		{name: "both, although one was away", rhythm: standup(7, attended(weekly(h, h, h, h), "maria", "maria", "maria devon", "maria")), away: away("2026-01-19", "2026-01-19", "devon", "sam")},
		{name: "one side is all that is expected", rhythm: of("report", 30, attended(spaced("report", 30, h, h, h), "devon", "devon", "devon"))},

		{name: "with leadership", rhythm: of("qbr", 91, attended(spaced("qbr", 91, h), "maria devon dana"))},
		{name: "without leadership", rhythm: of("qbr", 91, spaced("qbr", 91, h)), want: "no-leadership:qbr"},
		{name: "the record says leadership", rhythm: of("qbr", 91, func() []store.Occurrence {
			list := spaced("qbr", 91, h)
			list[0].Record.Leadership = true
			return list
		}())},
		{name: "one review passed", rhythm: of("qbr", 91, attended(spaced("qbr", 91, h, s), "dana devon"))},
		{name: "two reviews passed", rhythm: of("qbr", 91, attended(spaced("qbr", 91, h, s, s), "dana devon")), want: "no-leadership:qbr"},
		{name: "two reviews passed, one unheld", rhythm: of("qbr", 91, attended(spaced("qbr", 91, h, s, m), "dana devon")), want: "missed:qbr no-leadership:qbr"},
		{
			name: "another kind needs two", rhythm: of("report", 30, spaced("report", 30, h)),
			change: func(e *store.Engagement) { e.Cadences[1].Leadership = []string{"dana"} },
		},
		{
			name: "another kind twice", rhythm: of("report", 30, spaced("report", 30, h, h)), want: "no-leadership:report",
			change: func(e *store.Engagement) { e.Cadences[1].Leadership = []string{"dana"} },
		},

		// Signed on 30 Sep: a quarter ends on 30 Dec, its seven days of grace on 6 Jan.
		{name: "the last day of grace", rhythm: of("review", 91, nil), now: "2027-01-06T23:59"},
		{name: "the day after", rhythm: of("review", 91, nil), now: "2027-01-07T00:00", want: "matrix-stale:matrix"},
		{
			name: "the default grace is a business day", rhythm: of("review", 91, nil), now: "2027-01-01T00:00", want: "matrix-stale:matrix",
			change: func(e *store.Engagement) { e.Cadences[3].Grace = store.Duration{} },
		},
		{
			name: "and no earlier", rhythm: of("review", 91, nil), now: "2026-12-31T23:59",
			change: func(e *store.Engagement) { e.Cadences[3].Grace = store.Duration{} },
		},
		{name: "a review that comes late in its quarter", rhythm: Rhythm{Cadence: "review", Every: 91, Next: local("2027-01-05T09:00")}, now: "2027-01-12T12:00", want: "no-next-date:review"},
		{name: "and its grace", rhythm: Rhythm{Cadence: "review", Every: 91, Next: local("2027-01-05T09:00")}, now: "2027-01-13T12:00", want: "matrix-stale:matrix no-next-date:review"},
		{name: "reviewed since", rhythm: of("review", 91, []store.Occurrence{occurrence("review", "2026-10-06", h)}), now: "2027-01-12T12:00"},
		{name: "reviewed otherwise", rhythm: of("review", 91, nil), now: "2027-01-12T12:00", more: func(in *Input) { in.Matrix.Reviewed = local("2026-12-01T09:00") }},
		{name: "the reviews are paused", rhythm: pause(of("review", 91, nil), "2027-01-01", "2027-02-01"), now: "2027-01-12T12:00"},
		{name: "never reviewed", rhythm: of("review", 91, nil), change: matrix, more: func(in *Input) { in.Matrix.Since = local("2026-08-01T09:00") }, want: "matrix-stale:matrix"},
		{name: "a signature missing for 14 days", rhythm: of("review", 91, nil), change: matrix, more: func(in *Input) { in.Matrix.Unsigned = local("2026-12-01T09:00") }},
		{name: "a signature missing for 15 days", rhythm: of("review", 91, nil), change: matrix, more: func(in *Input) { in.Matrix.Unsigned = local("2026-11-30T23:00") }, want: "matrix-stale:matrix"},

		{name: "a next date", rhythm: Rhythm{Cadence: "qbr", Every: 91, Next: local("2026-12-15T12:01")}},
		{name: "no next date", rhythm: Rhythm{Cadence: "qbr", Every: 91}, want: "no-next-date:qbr"},
		{name: "the next date is now", rhythm: Rhythm{Cadence: "qbr", Every: 91, Next: local("2026-12-15T12:00")}, want: "no-next-date:qbr"},
		{name: "paused, so none is needed", rhythm: pause(Rhythm{Cadence: "qbr", Every: 91}, "2026-12-15", "2026-12-15")},
		{name: "a cadence that is no more", rhythm: Rhythm{Cadence: "gone", Every: 7}},

		{name: "a document on its day", rhythm: of("report", 30, nil), now: "2027-01-15T23:59", change: matrix},
		{name: "a document the day after", rhythm: of("report", 30, nil), now: "2027-01-16T00:00", change: matrix, want: "artifact-overdue:wisp"},

		{name: "at the last reminder", rhythm: of("report", 30, nil), more: request("2026-12-15T12:00", 1)},
		{name: "after the last reminder", rhythm: of("report", 30, nil), more: request("2026-12-15T11:59", 1), want: "unanswered:vpn"},
		{name: "all acknowledged", rhythm: of("report", 30, nil), more: request("2026-12-15T11:59", 0)},
		{name: "not reminded yet", rhythm: of("report", 30, nil), more: func(in *Input) { in.Requests = []Request{{ID: "vpn", Waiting: 1, Of: 1}} }},
		{name: "an alert of drift", rhythm: of("report", 30, nil), more: func(in *Input) {
			request("2026-12-15T11:59", 1)(in)
			in.Requests[0].Alert = true
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := harbor()
			if tt.change != nil {
				tt.change(e)
			}
			in := input(t, e, tt.away, tt.rhythm)
			if tt.more != nil {
				tt.more(in)
			}
			at := now
			if tt.now != "" {
				at = tt.now
			}
			found := Detect(in, local(at))
			var got []string
			for i := range found {
				got = append(got, found[i].Fingerprint())
				if found[i].Became != "" {
					got = append(got, found[i].Became)
				}
				if found[i].Facts == "" || len(found[i].Explain) == 0 || found[i].Name == "" {
					t.Errorf("%+v says too little", found[i])
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("found %q, want %q", strings.Join(got, " "), tt.want)
			}
		})
	}
}

func request(reminded string, waiting int) func(*Input) {
	return func(in *Input) {
		in.Requests = []Request{{
			ID: "vpn", Title: "VPN changes Friday", By: "devon", Asked: local("2026-12-10T09:00"),
			LastReminder: local(reminded), Waiting: waiting, Of: 5,
		}}
	}
}

func TestFactsAndArithmetic(t *testing.T) {
	t.Parallel()
	e := harbor()
	e.Artifacts[0].LastReviewed = day("2025-10-01")
	in := input(
		t, e, nil,
		Rhythm{Cadence: "standup", Every: 7, Next: ahead, Occurrences: late("standup", "2026-11-02", "2026-11-16", "2026-12-02", "2026-12-20")},
		Rhythm{Cadence: "report", Every: 30.4375, Next: ahead, Occurrences: spaced("report", 30, h, m)},
		Rhythm{Cadence: "qbr", Every: 91.3, Occurrences: attended(spaced("qbr", 91, h, h, h), "maria", "theo", "maria")},
		Rhythm{Cadence: "review", Every: 91.3, Next: ahead},
	)
	in.Matrix.Unsigned = local("2026-12-02T10:00")
	request("2026-12-16T09:00", 2)(in)
	var got []string
	for _, f := range Detect(in, local("2027-01-11T12:00")) {
		got = append(got, f.Facts)
		got = append(got, f.Explain...)
	}
	want := []string{
		"The monthly report of 4 Feb 2026 was not held.",
		"not held: 4 Feb 2026; 1 in a row; declared 30.44 days; a finding from 1",
		"The weekly standup has been running every 16 days: it has become fortnightly.",
		"held: 2 Nov 2026, 16 Nov 2026, 2 Dec 2026, 20 Dec 2026; gaps 14, 16, 18 days; mean 16.0; declared 7 days; ratio 2.29; fortnightly from 1.75",
		"The quarterly business review has been attended by one side only the last three times.",
		"one side only: 5 Jan 2026, 6 Apr 2026, 6 Jul 2026; a finding from 3 in a row",
		"The quarterly business review was last held without leadership, on 6 Jul 2026.",
		"5 Jan 2026: held without leadership", "6 Apr 2026: held without leadership", "6 Jul 2026: held without leadership",
		"The matrix has not been reviewed since 30 Sep 2026 and has lacked a signature since 2 Dec 2026.",
		"last reviewed, or first stored, 30 Sep 2026; a quarter plus grace ended on 6 Jan 2027, 5 days ago",
		"a signature missing since 2 Dec 2026; 40 days, a finding after 14",
		"The quarterly business review has no next date.", "next date: none",
		"The review of the Written Information Security Program was due on 1 Oct 2026.",
		"last reviewed 1 Oct 2025; a review every 12 months; due 1 Oct 2026, 102 days ago",
		"“VPN changes Friday” of 10 Dec 2026 waits for 2 of 5 acknowledgements.",
		"asked Thu 10 Dec 2026 09:00 EST; last reminder Wed 16 Dec 2026 09:00 EST; open 2 of 5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	list := append(weekly(h, h, m, s, m, h), occurrence("standup", "2026-02-16", h))
	list[3].Reason = store.SkippedOutage
	r := Rhythm{Cadence: "standup", Every: 7, Next: ahead, Occurrences: list, Pauses: []store.Pause{
		{From: day("2026-01-06"), Until: day("2026-01-07")},
		{From: day("2026-01-07"), Until: day("2026-01-08")},
		{From: day("2026-02-02"), Until: day("2026-02-03")},
	}}
	in := input(t, harbor(), nil, r, Rhythm{Cadence: "report", Every: 30.4, Occurrences: spaced("report", 30, h)}, Rhythm{Cadence: "qbr"})
	tests := map[string]string{
		"standup": `left out: the 2 days from 6 Jan (paused)
left out: the 1 day from 8 Jan (paused)
left out: the 7 days before 26 Jan (the bot was down)
left out: the 7 days before 2 Feb (paused)
held: 5 Jan, 12 Jan, 9 Feb, 16 Feb; gaps 7, 14, 7 days; mean 9.3; declared 7 days; ratio 1.33; stretching from 1.5`,
		"report":  "held: 5 Jan; declared 30.4 days; no mean before it has been held 4 times",
		"qbr":     "held: not yet; no mean before it has been held 4 times",
		"restore": "",
	}
	for id, want := range tests {
		if got := strings.Join(Explain(in, id, local("2026-03-01T12:00")), "\n"); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", id, got, want)
		}
	}
}

// A meeting that is always moved is not on time, however late it was moved to.
func TestMovedIsNotOnTime(t *testing.T) {
	t.Parallel()
	var list []store.Occurrence
	for i, d := range []string{"2026-01-05", "2026-01-12", "2026-02-02", "2026-02-23"} {
		o := occurrence("standup", d, h)
		if i > 1 {
			o.Moved = o.Due.AddDate(0, 0, -6)
		}
		list = append(list, o)
	}
	in := input(t, harbor(), nil, Rhythm{Cadence: "standup", Every: 7, Next: ahead, Occurrences: list})
	if got := strings.Join(prints(Detect(in, local("2026-02-24T12:00"))), " "); got != "became:standup" {
		t.Errorf("moved back: %q", got)
	}
	for i := range list {
		list[i].Moved = time.Time{}
	}
	if got := strings.Join(prints(Detect(in, local("2026-02-24T12:00"))), " "); got != "" {
		t.Errorf("on time: %q", got)
	}
}
