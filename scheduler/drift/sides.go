package drift

import (
	"fmt"
	"slices"

	"github.com/tandem-bot/tandem/store"
)

// oneSidedCounted is how many in a row one side alone must have answered.
const oneSidedCounted = 3

// reviewsCounted is how many reviews in a row may not pass without leadership.
const reviewsCounted = 2

// sides returns which sides were there, or answered.
func (r *rhythm) sides(m *mark) (internal, msp bool) {
	for _, id := range m.Record.Attended {
		if p, ok := r.Engagement.Person(id); ok {
			internal = internal || p.Side == store.Internal
			msp = msp || p.Side == store.MSP
		}
	}
	return internal, msp
}

// oneSide reports whether exactly one side was there, or answered.
func (r *rhythm) oneSide(m *mark) bool {
	internal, msp := r.sides(m)
	return internal != msp
}

// forBoth reports whether the cadence is one in which both sides take part: it
// expects people of both, or it expects nobody by name and is a meeting of both.
func (r *rhythm) forBoth() bool {
	var internal, msp bool
	for _, id := range r.cadence.Expects {
		if p, ok := r.Engagement.Person(id); ok {
			internal = internal || p.Side == store.Internal
			msp = msp || p.Side == store.MSP
		}
	}
	if len(r.cadence.Expects) > 0 {
		return internal && msp
	}
	switch r.cadence.Kind {
	case store.KindStandup, store.KindQBR, store.KindMatrixReview:
		return true
	default:
		return false
	}
}

// oneSided finds three in a row that one side alone answered or attended. A
// standup that one side alone answered was not held, and counts all the same. One
// for which everybody of a side was away is passed over.
func (r *rhythm) oneSided() (store.Finding, bool) {
	if !r.forBoth() {
		return store.Finding{}, false
	}
	var dates []string
	for i := len(r.marks) - 1; i >= 0 && len(dates) < oneSidedCounted; i-- {
		m := &r.marks[i]
		alone := r.oneSide(m)
		if m.excused || m.State != store.Held && m.State != store.Missed || alone && r.sideAway(m.Due) {
			continue
		}
		if !alone {
			break
		}
		dates = append(dates, r.date(m.due))
	}
	if len(dates) < oneSidedCounted {
		return store.Finding{}, false
	}
	verb := "attended"
	if r.cadence.Kind == store.KindStandup {
		verb = "answered"
	}
	f := r.finding(store.FindingOneSided, "%s has been %s by one side only the last three times.", the(r.cadence.Name), verb)
	slices.Reverse(dates)
	f.Explain = []string{fmt.Sprintf("one side only: %s, %s, %s; a finding from %d in a row", dates[0], dates[1], dates[2], oneSidedCounted)}
	return f, true
}

// led reports whether leadership was there: the record says so, or it names
// somebody of the cadence's leadership, or an executive where none is named.
func (r *rhythm) led(m *mark) bool {
	if m.State != store.Held {
		return false
	}
	return m.Record.Leadership || slices.ContainsFunc(m.Record.Attended, func(id string) bool {
		if len(r.cadence.Leadership) > 0 {
			return slices.Contains(r.cadence.Leadership, id)
		}
		p, ok := r.Engagement.Person(id)
		return ok && p.HasRole(store.RoleExecutive)
	})
}

// noLeadership finds a QBR whose last one was held without leadership, and any
// cadence with leadership of which two in a row passed without it: held without,
// not held, or skipped by somebody.
func (r *rhythm) noLeadership() (store.Finding, bool) {
	qbr := r.cadence.Kind == store.KindQBR
	if !qbr && len(r.cadence.Leadership) == 0 {
		return store.Finding{}, false
	}
	var passed []*mark // without leadership, newest first
	lastHeld := (*mark)(nil)
	for i := len(r.marks) - 1; i >= 0; i-- {
		m := &r.marks[i]
		if m.excused || !m.State.Done() {
			continue
		}
		if lastHeld == nil && m.State == store.Held {
			lastHeld = m
		}
		if r.led(m) {
			break
		}
		passed = append(passed, m)
	}
	name := the(r.cadence.Name)
	var f store.Finding
	switch {
	case qbr && lastHeld != nil && !r.led(lastHeld):
		f = r.finding(store.FindingNoLeadership, "%s was last held without leadership, on %s.", name, fullDate(r.day(heldAt(lastHeld.Occurrence))))
	case len(passed) >= reviewsCounted:
		f = r.finding(store.FindingNoLeadership, "the last %s dates of %s passed without leadership.", times(len(passed)), name)
	default:
		return store.Finding{}, false
	}
	for _, m := range slices.Backward(passed) {
		f.Explain = append(f.Explain, r.date(m.due)+": "+r.without(m))
	}
	return f, true
}

func (r *rhythm) without(m *mark) string {
	switch m.State {
	case store.Held:
		return "held without leadership"
	case store.Skipped:
		return "skipped"
	default:
		return "not held"
	}
}
