package drift

import (
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// A weekly standup fades to a monthly one, and comes back: all that is said.
func TestStandupsFade(t *testing.T) {
	t.Parallel()
	good := fate{state: store.Held, after: 1, who: []string{"maria", "devon"}}
	w := &world{e: harbor(), from: day("2026-01-05"), weeks: 25, fates: map[string][]fate{}, every: map[string]int{"standup": 1}}
	for _, r := range "hhhhmhmhmhmmmhmmmhmmmhhhhh" {
		f := good
		if r == 'm' {
			f = missedFate
		}
		w.fates["standup"] = append(w.fates["standup"], f)
	}
	w.e.Matrix.Signed, w.e.Artifacts, w.e.Cadences = nil, nil, w.e.Cadences[:1]
	var got []string
	w.walk(t, 0, func(now time.Time, _ *Input, _, _ []store.OpenFinding, _ []store.Finding, changes []Transition) {
		for _, c := range changes {
			if c.Finding.Kind != store.FindingMatrixStale {
				got = append(got, now.In(newYork).Format("2 Jan")+" "+said([]Transition{c})+". "+c.Facts)
			}
		}
	})
	want := `23 Feb opened stretching:standup on track→watch: theo. The weekly standup has been running every 12 days.
25 Feb worse stretching:standup watch→drift: maria devon. The weekly standup has been running every 12 days.
27 Feb worse stretching:standup drift→stalled: maria devon dana priya. The weekly standup has been running every 12 days.
9 Mar worse became:standup stalled→stalled: maria devon dana priya. The weekly standup has been running every 14 days: it has become fortnightly.
30 Mar opened missed:standup on track→watch: theo. The weekly standup was not held the last two times.
1 Apr worse missed:standup watch→drift: maria devon. The weekly standup was not held the last two times.
3 Apr worse missed:standup drift→stalled: maria devon dana priya. The weekly standup was not held the last two times.
1 Jun worse became:standup stalled→stalled: maria devon dana priya. The weekly standup has been running every 28 days: it has become monthly.
8 Jun closed missed:standup stalled→on track: theo maria devon dana priya. The weekly standup was on time twice in a row.
8 Jun closed became:standup stalled→on track: theo maria devon dana priya. The weekly standup is back in its rhythm: it was on time twice in a row.`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}
