package drift

import (
	"fmt"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

// history is a busy engagement: seven cadences with a year of occurrences, some
// of which slip.
func history(b *testing.B) (*Input, []store.OpenFinding) {
	b.Helper()
	e := harbor()
	var rhythms []Rhythm
	for i := range 7 {
		c := e.Cadences[0]
		c.ID = fmt.Sprintf("standup-%d", i)
		e.Cadences = append(e.Cadences, c)
		var list []store.Occurrence
		for j := range 52 {
			state := store.Held
			if (i+j)%(i+2) == 0 {
				state = store.Missed
			}
			list = append(list, occurrence(c.ID, day("2026-01-05").AddDays(7*j).String(), state))
		}
		rhythms = append(rhythms, Rhythm{Cadence: c.ID, Every: 7, Occurrences: list, Next: ahead})
	}
	in := input(b, e, nil, rhythms...)
	open, _ := Step(in, nil, Detect(in, local("2027-01-01T09:00")), local("2027-01-01T09:00"))
	return in, open
}

func BenchmarkDetect(b *testing.B) {
	in, _ := history(b)
	now := local("2027-01-04T12:00")
	b.ReportAllocs()
	for b.Loop() {
		Detect(in, now)
	}
}

func BenchmarkStep(b *testing.B) {
	in, open := history(b)
	now := local("2027-01-04T12:00")
	found := Detect(in, now)
	b.ReportAllocs()
	for b.Loop() {
		Step(in, open, found, now)
	}
}
