package drift

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

// mark works out what an occurrence counts for.
func (r *rhythm) mark(o *store.Occurrence) mark {
	m := mark{Occurrence: o, due: r.day(o.Due)}
	_, m.paused = r.paused(m.due)
	switch o.State {
	case store.Held:
		m.onTime = o.Late || !heldAt(o).After(deadline(o))
	case store.Skipped:
		m.excused = m.paused || o.Outage() || o.Reason == store.SkippedHoliday
	case store.Missed, store.Overdue:
		m.excused = m.paused || r.sideAway(o.Due) || r.Calendar.Hours(o.Due).Holiday != ""
	default:
		m.excused = m.paused
	}
	return m
}

// heldAt is when the occurrence was held; a record without a time means its due date.
func heldAt(o *store.Occurrence) time.Time {
	if o.Record.At.IsZero() {
		return o.Due
	}
	return o.Record.At
}

// deadline is the end of the grace, as if nobody had moved the due date back.
func deadline(o *store.Occurrence) time.Time {
	end := o.Grace
	if end.Before(o.Due) {
		end = o.Due
	}
	if o.Moved.IsZero() || !o.Moved.Before(o.Due) {
		return end
	}
	return o.Moved.Add(end.Sub(o.Due))
}

// expected returns whose part is awaited: the people that the cadence expects,
// or else its owner.
func (r *rhythm) expected() []string {
	if len(r.cadence.Expects) == 0 && r.cadence.Owner != "" {
		return []string{r.cadence.Owner}
	}
	return r.cadence.Expects
}

// sideAway reports whether everybody expected of one side was announced away.
func (r *rhythm) sideAway(at time.Time) bool { return r.anySideAway(r.expected(), at) }

// anySideAway reports whether, of those of either side, everybody is away.
func (v *view) anySideAway(ids []string, at time.Time) bool {
	here, away := make(map[store.Side]bool, 2), make(map[store.Side]bool, 2)
	for _, id := range ids {
		p, ok := v.Engagement.Person(id)
		if !ok {
			continue
		}
		if v.away(id, at) {
			away[p.Side] = true
		} else {
			here[p.Side] = true
		}
	}
	for side := range away {
		if !here[side] {
			return true
		}
	}
	return false
}

// away reports whether the person is absent and nobody stands in.
func (v *view) away(id string, at time.Time) bool {
	a, absent := v.Calendar.Absent(id, at)
	return absent && !v.standsIn(a, at)
}

// standsIn reports whether the cover of the absence is somebody who is there.
func (v *view) standsIn(a store.Absence, at time.Time) bool {
	if _, ok := v.Engagement.Person(a.Cover); !ok {
		return false
	}
	_, absent := v.Calendar.Absent(a.Cover, at)
	return !absent
}

// inARow counts the newest due dates that are good, back to the first one that
// is not. Excused ones and those that are still open neither count nor break the
// row; those that were held before the instant end it.
func (r *rhythm) inARow(after time.Time, good func(*mark) bool) int {
	n := 0
	for i := len(r.marks) - 1; i >= 0; i-- {
		m := &r.marks[i]
		switch {
		case m.excused || m.State == store.Scheduled || m.State == store.Prompted:
			continue
		case m.State != store.Held || !good(m) || !heldAt(m.Occurrence).After(after):
			return n
		}
		n++
	}
	return n
}

// toClose is how many due dates in a row must be good to close a finding.
const toClose = 2

// good returns what a due date must be to count towards closing the kind: on
// time, and free of what was found.
func (r *rhythm) good(kind store.FindingKind) func(*mark) bool {
	switch kind {
	case store.FindingOneSided:
		return func(m *mark) bool { return m.onTime && !r.oneSide(m) }
	case store.FindingNoLeadership:
		return func(m *mark) bool { return m.onTime && r.led(m) }
	default:
		return func(m *mark) bool { return m.onTime }
	}
}
