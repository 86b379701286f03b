package drift

import (
	"fmt"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// unsignedFor is how many days a signature may be missing.
const unsignedFor = 14

// matrixStale finds a matrix that was not reviewed in a quarter plus grace, or
// that has lacked a signature for more than two weeks.
func (v *view) matrixStale(rhythms []*rhythm) []store.Finding {
	var parts, explain []string
	if last, due, stale := v.reviewDue(rhythms); stale {
		parts = append(parts, "has not been reviewed since "+fullDate(last))
		explain = append(explain, fmt.Sprintf("last reviewed, or first stored, %s; a quarter plus grace ended on %s, %s ago", fullDate(last), fullDate(due), count(due.DaysUntil(v.today), "day")))
	}
	if since := v.unsignedSince(); !since.IsZero() && since.DaysUntil(v.today) > unsignedFor {
		parts = append(parts, "has lacked a signature since "+fullDate(since))
		explain = append(explain, fmt.Sprintf("a signature missing since %s; %s, a finding after %d", fullDate(since), count(since.DaysUntil(v.today), "day"), unsignedFor))
	}
	if len(parts) == 0 {
		return nil
	}
	facts := "The matrix " + parts[0]
	if len(parts) > 1 {
		facts += " and " + parts[1]
	}
	return []store.Finding{{Kind: store.FindingMatrixStale, Subject: store.SubjectMatrix, Name: "Matrix", Facts: facts + ".", Explain: explain}}
}

func (v *view) unsignedSince() store.Date {
	if v.Matrix.Unsigned.IsZero() {
		return store.Date{}
	}
	return v.day(v.Matrix.Unsigned)
}

// reviewDue returns the last review of the matrix, the last day on which the
// next one is in time, and whether that day has passed. Nothing is stale while
// the matrix reviews are paused, or where nothing says since when there is one.
func (v *view) reviewDue(rhythms []*rhythm) (last, due store.Date, stale bool) {
	reviews := matrixReviews(rhythms)
	last = v.lastReview(reviews)
	if last.IsZero() {
		return last, due, false
	}
	grace := store.Duration{N: 1, Unit: store.BusinessDays}
	due = last.AddMonths(3)
	for _, r := range reviews {
		if _, paused := r.paused(v.today); paused {
			return last, due, false
		}
		due = later(due, r.quarterlyDue(last))
		if r.cadence.Grace.N > 0 {
			grace = r.cadence.Grace
		}
	}
	end, err := v.Calendar.AddToDate(due, grace)
	if err == nil {
		due = end
	}
	return last, due, due.Before(v.today)
}

// matrixReviews returns the cadences that review the matrix: those of that kind,
// or else the QBRs, whose agenda it heads.
func matrixReviews(rhythms []*rhythm) []*rhythm {
	for _, kind := range []store.CadenceKind{store.KindMatrixReview, store.KindQBR} {
		var out []*rhythm
		for _, r := range rhythms {
			if r.cadence.Kind == kind {
				out = append(out, r)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// lastReview is the latest day on which both sides looked at the matrix: they
// held a review, or the last of both signed it. Before any, it is the day on
// which the store first held a matrix.
func (v *view) lastReview(reviews []*rhythm) store.Date {
	var last store.Date
	if !v.Matrix.Reviewed.IsZero() {
		last = v.day(v.Matrix.Reviewed)
	}
	if !v.Engagement.Draft() {
		for _, s := range v.Engagement.Matrix.Signed {
			last = later(last, s.Date)
		}
	}
	for _, r := range reviews {
		for i := range r.marks {
			if m := &r.marks[i]; m.State == store.Held {
				last = later(last, r.day(heldAt(m.Occurrence)))
			}
		}
	}
	if last.IsZero() && !v.Matrix.Since.IsZero() {
		return v.day(v.Matrix.Since)
	}
	return last
}

// quarterlyDue returns the first due date at least half a quarter after the
// review, if it is one that a quarterly rhythm can have: the first Tuesday of a
// quarter may come 14 weeks after the one before, and a holiday moves it further.
// Otherwise it returns the zero day.
func (r *rhythm) quarterlyDue(last store.Date) store.Date {
	var next store.Date
	consider := func(d store.Date) {
		if n := last.DaysUntil(d); n > 45 && n <= 15*7 && (next.IsZero() || d.Before(next)) {
			next = d
		}
	}
	for i := range r.marks {
		consider(r.marks[i].due)
	}
	if !r.Next.IsZero() {
		consider(r.day(r.Next))
	}
	return next
}

// artifacts finds every document that is past its review date.
func (v *view) artifacts() []store.Finding {
	var found []store.Finding
	for i := range v.Engagement.Artifacts {
		a := &v.Engagement.Artifacts[i]
		due, ok := a.NextReview()
		if !ok || !due.Before(v.today) {
			continue
		}
		found = append(found, store.Finding{
			Kind: store.FindingArtifact, Subject: a.ID, Name: a.Name,
			Facts: fmt.Sprintf("The review of %s was due on %s.", the(a.Name), fullDate(due)),
			Explain: []string{fmt.Sprintf("last reviewed %s; a review every %s; due %s, %s ago",
				fullDate(a.LastReviewed), a.ReviewEvery.Words(), fullDate(due), count(due.DaysUntil(v.today), "day"))},
		})
	}
	return found
}

// unanswered finds every message that still waits after its last reminder.
func (v *view) unanswered() []store.Finding {
	var found []store.Finding
	for i := range v.Requests {
		q := &v.Requests[i]
		if q.Alert || q.Waiting <= 0 || q.LastReminder.IsZero() || !v.now.After(q.LastReminder) {
			continue
		}
		found = append(found, store.Finding{
			Kind: store.FindingUnanswered, Subject: q.ID, Name: q.Title,
			Facts: fmt.Sprintf("“%s” of %s waits for %d of %s.", q.Title, fullDate(v.day(q.Asked)), q.Waiting, count(q.Of, "acknowledgement")),
			Explain: []string{fmt.Sprintf("asked %s; last reminder %s; open %d of %d",
				v.stamp(q.Asked), v.stamp(q.LastReminder), q.Waiting, q.Of)},
		})
	}
	return found
}

func (v *view) stamp(t time.Time) string {
	return v.Calendar.Local(t).Format("Mon 2 Jan 2006 15:04 MST")
}
