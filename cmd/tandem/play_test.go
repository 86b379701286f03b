package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/cmd/tandem/simulate"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// played plays a story of the sample as the demo does: from the Monday on, with
// the sample's dates moved along.
func played(t *testing.T, name string, first store.Date) *simulate.Transcript {
	t.Helper()
	w, _, _ := ownWorld(t, false, false)
	a := &app{world: w}
	e, err := a.fileOrSample(sampleWord)
	if err != nil {
		t.Fatal(err)
	}
	script, err := simulate.Story(name)
	if err != nil {
		t.Fatal(err)
	}
	simulate.Shift(e, script.From.DaysUntil(first))
	cal, err := calendar.New(e, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := a.inMemory(t.Context(), e, script, cal.Instant(first, dayBegins), cal.Instant(first.AddDays(script.Days), 0))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// Wherever in the year the demo begins, the healthy quarter stays healthy, and
// the others show what they are there for.
func TestStoriesAtAnyTimeOfTheYear(t *testing.T) {
	if testing.Short() {
		t.Skip("plays years")
	}
	wanted := map[string][]string{
		"healthy": nil, "fading": {"stretching:weekly-standup", "became:weekly-standup"}, "no-leadership": {"no-leadership:qbr"},
	}
	for name, findings := range wanted {
		for _, first := range []store.Date{
			{Year: 2026, Month: 3, Day: 2}, {Year: 2026, Month: 7, Day: 13}, {Year: 2028, Month: 11, Day: 13},
		} {
			tr := played(t, name, first)
			for _, want := range findings {
				found := false
				for _, f := range tr.Summary.Findings {
					found = found || f.Finding == want
				}
				if !found {
					t.Errorf("%s from %s lacks %s", name, first, want)
				}
			}
			for _, f := range tr.Summary.Findings {
				if name != "fading" && (len(findings) == 0 || f.Finding != findings[0]) {
					t.Errorf("%s from %s has %s: %+v", name, first, f.Finding, f.Steps)
				}
			}
			for _, e := range tr.Entries {
				if e.Kind == simulate.KindAct && (strings.Contains(e.Text, "Nothing was changed") || strings.Contains(e.Text, "Nothing was recorded")) {
					t.Errorf("%s from %s: %s at %s %s %q and is refused:\n%s", name, first, e.Person, e.At, e.Did, e.Said, e.Text)
				}
			}
		}
	}
}

// A standup that fades is told first to its owner alone, then to both leads in
// one message, which says the same sentence; and so each step reads.
func TestFadingIsToldToTheOwnerAndThenToBothLeads(t *testing.T) {
	tr := played(t, "fading", store.Date{Year: 2026, Month: 10, Day: 5})
	var told strings.Builder
	var heard []string
	for _, e := range tr.Entries {
		if !strings.HasPrefix(e.Key, "drift/stretching:") && !strings.HasPrefix(e.Key, "drift/became:") {
			continue
		}
		to := "#" + e.Channel
		if e.Channel == "" {
			to = e.Person
		}
		heard = append(heard, e.At.Format("2 Jan")+" "+to)
		told.WriteString("=== " + e.At.Format("Mon 2 Jan 2006 15:04 MST") + ", " + to + "\n" + e.Text + "\n\n")
		if sentence := "The weekly standup has been running every 12 days."; e.At.Month() == time.November && !strings.Contains(e.Text, sentence) {
			t.Errorf("it is told in other words:\n%s", e.Text)
		}
	}
	if got := strings.Join(heard, ", "); !strings.HasPrefix(got, "23 Nov maria, 25 Nov #managers, ") {
		t.Errorf("it is told to %s", got)
	}
	golden := filepath.Join("testdata", "simulate", "fading-drift.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(told.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != told.String() {
		t.Errorf("%s differs (go test -update writes it anew): %v\n%s", golden, err, told.String())
	}
}
