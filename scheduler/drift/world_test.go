package drift

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// fate is what becomes of one due date.
type fate struct {
	state store.OccurrenceState // held, missed or skipped
	after int                   // hours from the due date until it was held
	who   []string
	why   string
}

// world is an engagement whose records unfold as the clock goes on.
type world struct {
	e      *store.Engagement
	away   []store.Absence
	from   store.Date // a Monday
	weeks  int
	fates  map[string][]fate // by cadence
	pauses []store.Pause
	every  map[string]int // weeks
	clock  *calendar.Calendar
}

var missedFate = fate{state: store.Missed}

func drawFate(t *rapid.T, kinds []int) fate {
	switch rapid.SampledFrom(kinds).Draw(t, "fate") {
	case 0: // on time, both sides
		return fate{state: store.Held, after: rapid.IntRange(0, 24).Draw(t, "after"), who: []string{"maria", "devon", "dana"}}
	case 1: // late
		return fate{state: store.Held, after: rapid.IntRange(25, 150).Draw(t, "after"), who: []string{"theo", "sam"}}
	case 2: // one side alone
		return fate{state: store.Held, after: 2, who: []string{"maria"}}
	case 3:
		return fate{state: store.Missed, who: []string{"devon"}}
	case 4:
		return fate{state: store.Skipped, why: rapid.SampledFrom([]string{store.SkippedOutage, store.SkippedHoliday, "a conference"}).Draw(t, "why")}
	default:
		return missedFate
	}
}

var (
	anyFate   = []int{0, 0, 0, 1, 2, 3, 4, 5, 5}
	plainFate = []int{0, 0, 1, 3, 5}
)

func drawWorld(t *rapid.T, kinds []int) *world {
	w := &world{
		e: harbor(), from: day("2026-01-05"), weeks: rapid.IntRange(1, 30).Draw(t, "weeks"),
		fates: map[string][]fate{}, every: map[string]int{"standup": 1, "report": 4, "qbr": 13},
	}
	for _, c := range []string{"standup", "report", "qbr"} {
		n := 30/w.every[c] + 1
		for range n {
			w.fates[c] = append(w.fates[c], drawFate(t, kinds))
		}
	}
	return w
}

// crowd adds pauses, absences and holidays.
func (w *world) crowd(t *rapid.T) {
	date := func(label string) store.Date { return w.from.AddDays(rapid.IntRange(0, 210).Draw(t, label)) }
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		from := date("pause")
		w.pauses = append(w.pauses, store.Pause{
			Cadence: rapid.SampledFrom([]string{"standup", "report", "qbr"}).Draw(t, "paused"),
			From:    from, Until: from.AddDays(rapid.IntRange(0, 25).Draw(t, "for")),
		})
	}
	for range rapid.IntRange(0, 4).Draw(t, "absences") {
		from := date("away")
		w.away = append(w.away, store.Absence{
			Person: rapid.SampledFrom([]string{"maria", "theo", "devon", "sam"}).Draw(t, "who"), From: from,
			To: from.AddDays(rapid.IntRange(0, 20).Draw(t, "for")), Cover: rapid.SampledFrom([]string{"", "priya", "dana"}).Draw(t, "cover"),
		})
	}
	if rapid.Bool().Draw(t, "holidays") {
		w.e.Holidays = []string{"us-federal"}
	}
}

// at is the record as it stands at the instant, moved on by whole weeks.
func (w *world) at(tb rapid.TB, now time.Time, shift int) *Input {
	if w.clock == nil {
		w.clock = input(tb, w.e, w.away).Calendar
	}
	in := &Input{Engagement: w.e, Calendar: w.clock}
	in.Matrix.Reviewed = local("2025-12-15T09:00").AddDate(0, 0, 7*shift)
	for _, c := range []string{"standup", "report", "qbr"} {
		r := Rhythm{Cadence: c, Every: float64(7 * w.every[c])}
		for i, f := range w.fates[c] {
			o := occurrence(c, w.from.AddDays(7*(i*w.every[c]+shift)).String(), store.Scheduled)
			next := o.Due.In(newYork).AddDate(0, 0, 7*w.every[c])
			if o.Due.After(now) {
				r.Next = o.Due
				break
			}
			o.State, o.Record.Attended = store.Prompted, f.who
			due := o.Due.In(newYork) // hours on the wall, whether or not the clocks change
			held := time.Date(due.Year(), due.Month(), due.Day(), due.Hour()+f.after, 0, 0, 0, newYork)
			switch {
			case f.state == store.Skipped:
				o.State, o.Reason = store.Skipped, f.why
			case f.state == store.Held && !now.Before(held):
				o.State, o.Record.At = store.Held, held
			case !now.Before(next):
				o.State = store.Missed
			case !now.Before(o.Grace):
				o.State = store.Overdue
			}
			r.Occurrences = append(r.Occurrences, o)
		}
		for _, p := range w.pauses {
			if p.Cadence == c {
				r.Pauses = append(r.Pauses, p)
			}
		}
		in.Rhythms = append(in.Rhythms, r)
	}
	return in
}

// walk detects and steps twice a day, and tells each step.
func (w *world) walk(tb rapid.TB, shift int, each func(now time.Time, in *Input, before, after []store.OpenFinding, found []store.Finding, changes []Transition)) {
	var open []store.OpenFinding
	for i := range 14 * w.weeks {
		d := w.from.AddDays(i/2 + 7*shift)
		now := local(fmt.Sprintf("%sT%02d:30", d, 9+3*(i%2)))
		in := w.at(tb, now, shift)
		found := Detect(in, now)
		next, changes := Step(in, open, found, now)
		each(now, in, open, next, found, changes)
		open = next
	}
}
