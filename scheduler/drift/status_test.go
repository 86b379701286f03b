package drift

import (
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func TestTimeline(t *testing.T) {
	t.Parallel()
	list := weekly(m, h, h, h, m, h, s, s, store.Scheduled, store.Scheduled)
	list[3].Record.At = list[3].Due.AddDate(0, 0, 3)
	list[6].Reason, list[7].Reason = store.SkippedHoliday, "by Maria"
	pauses := []store.Pause{{From: day("2026-02-22"), Until: day("2026-02-24"), Reason: "office move", By: "maria"}}
	in := input(t, harbor(), nil, Rhythm{Cadence: "standup", Every: 7, Occurrences: list, Pauses: pauses})
	line := NewTimeline(in, "standup", 8, local("2026-02-27T12:00"))
	if got, want := line.Words(), "held, held, late, missed, held, skipped (a holiday), paused, due"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := line[4:].Row(), "9 Feb held, 16 Feb skipped (a holiday), 23 Feb paused, 2 Mar due"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := NewTimeline(in, "standup", 20, local("2027-01-01T12:00")).Words(); got != "missed, held, held, late, missed, held, skipped (a holiday), paused, due, due" {
		t.Errorf("all: %q", got)
	}
	if NewTimeline(in, "none", 8, local("2026-02-27T12:00")) != nil || (Timeline{}).Words() != "" || (Timeline{}).Row() != "" {
		t.Error("nothing is nothing")
	}
	years := Timeline{{day("2025-12-29"), "held"}, {day("2026-01-05"), "late"}}
	if got := years.Row(); got != "29 Dec 2025 held, 5 Jan late" {
		t.Errorf("%q", got)
	}
}

func TestTimelineWords(t *testing.T) {
	t.Parallel()
	o := func(change func(*store.Occurrence)) store.Occurrence {
		out := occurrence("", "2026-01-05", h)
		change(&out)
		return out
	}
	away := []store.Absence{{Person: "devon", From: day("2026-01-05"), To: day("2026-01-05")}}
	tests := []struct {
		cadence string
		o       store.Occurrence
		away    []store.Absence
		want    string
	}{
		{"qbr", o(func(*store.Occurrence) {}), nil, "held (without leadership)"},
		{"qbr", o(func(o *store.Occurrence) { o.Record.Leadership = true }), nil, "held"},
		{"restore", o(func(o *store.Occurrence) { o.Record.Result = store.ResultFail }), nil, "held (restore failed)"},
		{"report", o(func(o *store.Occurrence) { o.State = store.Missed }), away, "missed (announced absences)"},
		{"report", o(func(o *store.Occurrence) { o.State = store.Overdue }), nil, "overdue"},
		{"report", o(func(o *store.Occurrence) { o.State, o.Reason = store.Skipped, store.SkippedOutage }), nil, "skipped (the bot was down)"},
		{"report", o(func(o *store.Occurrence) { o.State = store.Skipped }), nil, "skipped"},
		{"report", o(func(o *store.Occurrence) { o.State = store.Prompted }), nil, "due"},
		{"report", o(func(o *store.Occurrence) { o.Record.At = o.Grace }), nil, "held"},
		{"report", o(func(o *store.Occurrence) { o.Record.At = o.Grace.Add(1) }), nil, "late"},
		{"report", o(func(o *store.Occurrence) { o.Record.At, o.Late = o.Grace.Add(1), true }), nil, "held"},
	}
	for _, tt := range tests {
		in := input(t, harbor(), tt.away, Rhythm{Cadence: tt.cadence, Every: 30, Occurrences: []store.Occurrence{tt.o}})
		if got := NewTimeline(in, tt.cadence, 8, local("2026-01-20T12:00")).Words(); got != tt.want {
			t.Errorf("%s %+v: %q, want %q", tt.cadence, tt.o, got, tt.want)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	pause := store.Pause{Cadence: "qbr", From: day("2026-02-01"), Until: day("2026-02-28"), Reason: "office move", By: "maria"}
	in := input(
		t, harbor(), nil,
		Rhythm{Cadence: "standup", Every: 7, Occurrences: gaps("standup", 10, 12, 11), Next: ahead},
		Rhythm{Cadence: "qbr", Every: 91.3, Pauses: []store.Pause{pause}},
	)
	open := []store.OpenFinding{at(store.LevelWatch, "2026-02-02T09:00"), at(store.LevelDrift, "2026-02-02T09:00"), at(store.LevelStalled, "2026-02-02T09:00")}
	open[1].Kind = store.FindingStretching
	open[2].Kind = store.FindingArtifact // a document may have the id of a cadence
	got := Status(in, open, local("2026-02-10T12:00"))
	if len(got) != 5 {
		t.Fatalf("%+v", got)
	}
	if s := got[0]; s.Cadence != "standup" || s.Level != store.LevelDrift || s.Declared != "weekly" || s.Running != "every 11 days" || !s.Next.Equal(ahead) || s.Pause != nil || s.Timeline.Words() != "late, late, late, late" {
		t.Errorf("%+v", s)
	}
	if s := got[1]; s.Cadence != "report" || s.Level != store.LevelNone || s.Declared != "" || s.Running != "" || s.Timeline != nil {
		t.Errorf("%+v", s)
	}
	if s := got[2]; s.Declared != "quarterly" || s.Pause == nil || *s.Pause != pause {
		t.Errorf("%+v", s)
	}
	for every, want := range map[float64]string{0: "", 1: "daily", 7: "weekly", 14: "fortnightly", 30.4: "monthly", 91.3: "quarterly", 182.6: "half-yearly", 365.2: "yearly", 3.5: "every 4 days", 60.9: "every 61 days"} {
		if got := declared(every); got != want {
			t.Errorf("%v: %q, want %q", every, got, want)
		}
	}
}

func TestParticipation(t *testing.T) {
	t.Parallel()
	list := attended(weekly(h, h, m, s, h, store.Prompted), "maria devon", "maria", "", "", "theo sam", "theo")
	in := input(t, harbor(), nil, Rhythm{Cadence: "report"}, Rhythm{Cadence: "standup", Every: 7, Occurrences: list})
	now := local("2026-02-10T12:00")
	for n, want := range map[int]Balance{0: {}, 2: {1, 1, 2}, 3: {2, 1, 3}, 8: {3, 2, 4}} {
		if got := Participation(in, "standup", n, now); got != want {
			t.Errorf("%d: %+v, want %+v", n, got, want)
		}
	}
	if got := Participation(in, "none", 8, now); got != (Balance{}) {
		t.Errorf("%+v", got)
	}
}

func TestThe(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Weekly standup": "the weekly standup", "QBR": "the QBR", "Harbor catch-up": "the Harbor catch-up",
		"The standup": "the standup", "standup": "the standup", "": "the ",
	} {
		if got := the(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for f, want := range map[float64]string{1.499: "1.49", 1.5: "1.50", 16.0 / 7: "2.29", 1.7499: "1.74", 3.4999: "3.49", 0.5: "0.50"} {
		if got := hundredths(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
	if sentence("") != "" || sentence("état") != "État" || everyDays(1.2) != "every day" || times(12) != "12" {
		t.Error("words")
	}
}
