package drift

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// kinds is the order in which findings are told.
var kinds = []store.FindingKind{
	store.FindingMissed, store.FindingBecame, store.FindingStretching, store.FindingOneSided, store.FindingNoLeadership,
	store.FindingMatrixStale, store.FindingNoNextDate, store.FindingArtifact, store.FindingUnanswered,
}

// Detect returns what is so at the instant: each kind and subject once, in the
// order of the kinds and within one by subject. A cadence that is paused now has
// no findings, and one that was held on time twice in a row is back in its rhythm
// however long the gap before was.
func Detect(in *Input, now time.Time) []store.Finding {
	v := newView(in, now)
	var found []store.Finding
	rhythms := v.rhythms()
	for _, r := range rhythms {
		if _, paused := r.paused(v.today); !paused {
			found = append(found, r.findings()...)
		}
	}
	found = append(found, v.matrixStale(rhythms)...)
	found = append(found, v.artifacts()...)
	found = append(found, v.unanswered()...)
	slices.SortFunc(found, order)
	return slices.CompactFunc(found, func(a, b store.Finding) bool { return a.Kind == b.Kind && a.Subject == b.Subject })
}

func order(a, b store.Finding) int {
	if c := slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(a.Subject, b.Subject); c != 0 {
		return c
	}
	return strings.Compare(a.Facts, b.Facts)
}

func (r *rhythm) findings() []store.Finding {
	var found []store.Finding
	for _, find := range []func() (store.Finding, bool){r.missed, r.slower, r.oneSided, r.noLeadership, r.noNextDate} {
		if f, ok := find(); ok {
			found = append(found, f)
		}
	}
	return found
}

func (r *rhythm) finding(kind store.FindingKind, facts string, args ...any) store.Finding {
	return store.Finding{
		Kind: kind, Subject: r.cadence.ID, Name: r.cadence.Name,
		Facts: sentence(fmt.Sprintf(facts, args...)),
	}
}

// fortnight is the longest interval that may be missed once.
const fortnight = 14

// mayMiss returns how many misses in a row make a finding.
func mayMiss(every float64) int {
	if every > 0 && every <= fortnight {
		return 2
	}
	return 1
}

// missed finds misses in a row. What is excused, skipped or still open is none
// and leaves the row as it is; what was held ends it.
func (r *rhythm) missed() (store.Finding, bool) {
	var dates []string
	var last store.Date
	for i := len(r.marks) - 1; i >= 0 && r.marks[i].State != store.Held; i-- {
		if m := &r.marks[i]; m.State == store.Missed && !m.excused {
			dates = append(dates, r.date(m.due))
			last = later(last, m.due)
		}
	}
	n, limit := len(dates), mayMiss(r.Every)
	if n < limit {
		return store.Finding{}, false
	}
	facts := "was not held the last " + times(n) + " times."
	if n == 1 {
		facts = "of " + fullDate(last) + " was not held."
	}
	f := r.finding(store.FindingMissed, "%s %s", the(r.cadence.Name), facts)
	f.Ratio = float64(n) / float64(limit)
	slices.Reverse(dates)
	f.Explain = []string{fmt.Sprintf("not held: %s; %d in a row; declared %s days; a finding from %d", strings.Join(dates, ", "), n, number(r.Every), limit)}
	return f, true
}

// slower finds a rhythm that stretches, or that has become another.
func (r *rhythm) slower() (store.Finding, bool) {
	p, ok := r.pace()
	if !ok || p.ratio < stretchedFrom || r.inARow(time.Time{}, r.good(store.FindingStretching)) >= toClose {
		return store.Finding{}, false
	}
	facts := the(r.cadence.Name) + " has been running " + everyDays(p.mean)
	f := r.finding(store.FindingStretching, "%s.", facts)
	if name := became(r.Every, p.ratio); name != "" {
		f = r.finding(store.FindingBecame, "%s: it has become %s.", facts, name)
		f.Became = name
	}
	f.Ratio, f.Explain = p.ratio, p.explain(r)
	return f, true
}

// noNextDate finds a cadence with nothing ahead of it.
func (r *rhythm) noNextDate() (store.Finding, bool) {
	if r.Next.After(r.now) {
		return store.Finding{}, false
	}
	f := r.finding(store.FindingNoNextDate, "%s has no next date.", the(r.cadence.Name))
	f.Explain = []string{"next date: none"}
	if !r.Next.IsZero() {
		f.Explain = []string{"next date: " + r.date(r.day(r.Next)) + ", which has passed"}
	}
	return f, true
}

// Explain returns the arithmetic of the cadence's gaps, a line each, whether or
// not anything is found; nil for a cadence that the input does not have.
func Explain(in *Input, id string, now time.Time) []string {
	for _, r := range newView(in, now).rhythms() {
		if r.Cadence == id {
			p, _ := r.pace()
			return p.explain(r)
		}
	}
	return nil
}
