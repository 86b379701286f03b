package commands

import (
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// artifactCard says whose document it is, when it was reviewed and when it is due.
func (d *Desk) artifactCard(a *store.Artifact, at time.Time) card.Message {
	facts := card.Facts{{Label: "Owner", Value: d.personOfSide(a.Owner)}}
	facts = append(facts, reviewFacts(a, store.DateOf(at.In(d.zone)))...)
	if a.AuthoredBy.Valid() {
		facts = append(facts, card.Fact{Label: "Written by", Value: d.e.SideName(a.AuthoredBy)})
	}
	if a.ExecutedBy.Valid() {
		facts = append(facts, card.Fact{Label: "Carried out by", Value: d.e.SideName(a.ExecutedBy)})
	}
	if len(a.Frameworks) > 0 {
		facts = append(facts, card.Fact{Label: "Required by", Value: strings.Join(a.Frameworks, ", ")})
	}
	if rows := d.rowsWith(func(f *store.Function) bool { return f.Artifact == a.ID }); rows != "" {
		facts = append(facts, card.Fact{Label: "Goes with", Value: rows})
	}
	return card.New(card.Heading(a.Name), facts, d.trust(at))
}

// reviewFacts says when a document was reviewed, and when it is due or how
// late it is.
func reviewFacts(a *store.Artifact, today store.Date) card.Facts {
	next, ok := nextReview(a)
	switch {
	case a.LastReviewed.IsZero() && a.ReviewEvery.IsZero():
		return card.Facts{{Label: "Last reviewed", Value: "never recorded"}, {Label: "Next review due", Value: "no date agreed"}}
	case a.LastReviewed.IsZero():
		return card.Facts{
			{Label: "Last reviewed", Value: "never recorded"},
			{Label: "Next review due", Value: "now; a review every " + a.ReviewEvery.Words() + " was agreed"},
		}
	case !ok:
		return card.Facts{{Label: "Last reviewed", Value: day(a.LastReviewed)}, {Label: "Next review due", Value: "no date agreed"}}
	}
	due := day(next)
	if late := next.DaysUntil(today); late > 0 {
		due += ", overdue by " + card.Count(late, "day")
	}
	return card.Facts{{Label: "Last reviewed", Value: day(a.LastReviewed)}, {Label: "Next review due", Value: due}}
}

// nextReview returns the day by which an artifact is to be reviewed again.
func nextReview(a *store.Artifact) (store.Date, bool) {
	if a.LastReviewed.IsZero() {
		return store.Date{}, false
	}
	n := a.ReviewEvery.N
	switch a.ReviewEvery.Unit {
	case store.Days:
		return a.LastReviewed.AddDays(n), true
	case store.Weeks:
		return a.LastReviewed.AddDays(7 * n), true
	case store.Months:
		return a.LastReviewed.AddMonths(n), true
	case store.Years:
		return a.LastReviewed.AddMonths(12 * n), true
	default: // the file takes no other for a document
		return store.Date{}, false
	}
}

// rowsWith names the rows of which the condition holds.
func (d *Desk) rowsWith(holds func(*store.Function) bool) string {
	var names []string
	for i := range d.e.Matrix.Functions {
		if f := &d.e.Matrix.Functions[i]; holds(f) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}
