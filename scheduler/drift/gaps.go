package drift

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// heldCounted is how many of the last held the mean gap is taken of.
const heldCounted = 4

// stretchedFrom is the ratio from which a rhythm is stretching.
const stretchedFrom = 1.5

// pace is the arithmetic of the last four held.
type pace struct {
	held    []store.Date
	gaps    []int
	leftOut []string // a line for each due date or pause that was left out
	mean    float64
	ratio   float64 // 0 where nothing was declared
}

// pace returns the arithmetic, and whether the cadence was held often enough.
func (r *rhythm) pace() (pace, bool) {
	var at []int
	for i := len(r.marks) - 1; i >= 0 && len(at) < heldCounted; i-- {
		if r.marks[i].State == store.Held {
			at = append(at, i)
		}
	}
	slices.Reverse(at)
	var p pace
	for _, i := range at {
		p.held = append(p.held, r.day(heldAt(r.marks[i].Occurrence)))
	}
	if len(at) < heldCounted {
		return p, false
	}
	sum := 0
	for i := 1; i < len(at); i++ {
		gap := max(0, p.held[i-1].DaysUntil(p.held[i]))
		off := p.leaveOut(r, at[i-1], at[i]) + p.leaveOutPauses(r, p.held[i-1], p.held[i])
		gap = max(gap-off, min(gap, int(r.Every)))
		p.gaps = append(p.gaps, gap)
		sum += gap
	}
	p.mean = float64(sum) / float64(len(p.gaps))
	if r.Every > 0 {
		p.ratio = p.mean / r.Every
	}
	return p, true
}

// leaveOut returns the days that lead to the excused due dates between two that
// were held.
func (p *pace) leaveOut(r *rhythm, from, to int) int {
	days := 0
	for i := from + 1; i < to; i++ {
		if m := &r.marks[i]; m.excused {
			n := r.marks[i-1].due.DaysUntil(m.due)
			p.leftOut = append(p.leftOut, fmt.Sprintf("left out: the %s before %s (%s)", count(n, "day"), r.date(m.due), r.excuse(m)))
			days += n
		}
	}
	return days
}

// leaveOutPauses returns the days between two that were held which lie in a
// pause without a due date. The pauses are taken in order, no day twice.
func (p *pace) leaveOutPauses(r *rhythm, from, to store.Date) int {
	days := 0
	for _, pause := range r.emptyPauses() {
		first, last := later(pause.From, from.AddDays(1)), earlier(pause.Until, to.AddDays(-1))
		if n := first.DaysUntil(last) + 1; n > 0 {
			p.leftOut = append(p.leftOut, fmt.Sprintf("left out: the %s from %s (paused)", count(n, "day"), r.date(first)))
			days += n
			from = last
		}
	}
	return days
}

// emptyPauses returns the pauses in which nothing came due, oldest first.
func (r *rhythm) emptyPauses() []store.Pause {
	var out []store.Pause
	for _, p := range r.Pauses {
		if !slices.ContainsFunc(r.marks, func(m mark) bool { return p.Covers(m.due) }) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b store.Pause) int {
		if c := b.From.DaysUntil(a.From); c != 0 {
			return c
		}
		return b.Until.DaysUntil(a.Until)
	})
	return out
}

func later(a, b store.Date) store.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b store.Date) store.Date {
	if a.Before(b) {
		return a
	}
	return b
}

// excuse says why a due date is left out.
func (r *rhythm) excuse(m *mark) string {
	switch {
	case m.paused:
		return "paused"
	case m.State == store.Skipped:
		return m.Reason
	case r.Calendar.Hours(m.Due).Holiday != "":
		return store.SkippedHoliday
	default:
		return "announced absences"
	}
}

// explain is the arithmetic as lines to read: what was left out, and the sum.
func (p *pace) explain(r *rhythm) []string {
	held := make([]string, len(p.held))
	for i, d := range p.held {
		held[i] = r.date(d)
	}
	text := "held: " + strings.Join(held, ", ")
	if len(held) == 0 {
		text = "held: not yet"
	}
	if len(p.gaps) == 0 {
		if r.Every > 0 {
			text += "; declared " + number(r.Every) + " days"
		}
		return []string{text + fmt.Sprintf("; no mean before it has been held %d times", heldCounted)}
	}
	gaps := make([]string, len(p.gaps))
	for i, g := range p.gaps {
		gaps[i] = strconv.Itoa(g)
	}
	text += fmt.Sprintf("; gaps %s days; mean %.1f", strings.Join(gaps, ", "), p.mean)
	if r.Every > 0 {
		text += fmt.Sprintf("; declared %s days; ratio %s; %s", number(r.Every), hundredths(p.ratio), limits(r.Every, p.ratio))
	}
	return append(p.leftOut, text)
}

// limits says the limit that the ratio has reached, or the first one ahead.
func limits(every, ratio float64) string {
	text := "stretching from 1.5"
	for _, s := range slower(every) {
		if ratio >= s.from {
			text = s.name + " from " + number(s.from)
		}
	}
	return text
}

// rung is the next rhythm that a cadence slips into.
type rung struct {
	from float64
	name string
}

// slower lists the rhythms that one of so many days slips into, the nearest
// first. A month or a quarter is as long as it happens to be.
func slower(every float64) []rung {
	switch {
	case every >= 6 && every <= 8:
		return []rung{{1.75, "fortnightly"}, {3.5, "monthly"}}
	case every >= 27 && every <= 35:
		return []rung{{2.5, "quarterly"}}
	case every >= 84 && every <= 98:
		return []rung{{1.75, "half-yearly"}}
	default:
		return nil
	}
}

// became returns the slowest rhythm that the ratio has reached, or "".
func became(every, ratio float64) string {
	name := ""
	for _, s := range slower(every) {
		if ratio >= s.from {
			name = s.name
		}
	}
	return name
}

// slowness orders the rhythms that a cadence can become.
func slowness(name string) int {
	return slices.Index([]string{"", "fortnightly", "monthly", "quarterly", "half-yearly"}, name)
}
