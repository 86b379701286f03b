package commands

import (
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// trust says how far an answer can be trusted: the version, who signed it and
// when, or who has not, and the next review or how late it is.
func (d *Desk) trust(at time.Time) card.Note {
	return card.Note(d.signed + ". " + d.reviewText(at) + ".")
}

func (d *Desk) signedText() string {
	text := "Matrix version " + strconv.Itoa(max(d.e.Matrix.Version, 1))
	if d.e.Draft() {
		return text + ", unsigned draft: " + d.missingText()
	}
	return text + ", signed by " + card.And(d.signatures())
}

// missingText says who has signed a draft so far, and who has not.
func (d *Desk) missingText() string {
	signed := d.signatures()
	if len(signed) == 0 {
		return "neither side has signed"
	}
	missing := store.Internal
	for _, s := range d.e.Matrix.Signed {
		if p, ok := d.e.Person(s.By); ok && p.Side == store.Internal {
			missing = store.MSP
		}
	}
	return "signed by " + card.And(signed) + ", not yet by " + d.e.SideName(missing)
}

// signatures says each signature: who, and on which day.
func (d *Desk) signatures() []string {
	var out []string
	for _, s := range d.e.Matrix.Signed {
		if p, ok := d.e.Person(s.By); ok {
			out = append(out, p.Name+" on "+date(s.Date))
		}
	}
	return out
}

// reviewText says when the matrix is to be reviewed next: the first matrix
// review that comes due after this version was agreed, or after today if
// nobody has said when it was.
func (d *Desk) reviewText(at time.Time) string {
	today := store.DateOf(at.In(d.zone))
	due := d.due
	if due.IsZero() {
		due = d.matrixReviewAfter(today)
	}
	if due.IsZero() {
		return "No review is scheduled"
	}
	if late := due.DaysUntil(today); late > 0 {
		return "Review overdue by " + card.Count(late, "day")
	}
	return "Next review " + date(due)
}

// matrixReviewAfter returns the first day after the given one on which a
// review of the matrix comes due, or the zero day if none ever does.
func (d *Desk) matrixReviewAfter(day store.Date) store.Date {
	var first store.Date
	end := d.cal.Instant(day, 24*60).Add(-1)
	for _, r := range d.rhythms {
		if r.Cadence().Kind != store.KindMatrixReview {
			continue
		}
		due, ok := r.Next(end)
		if on := store.DateOf(due.Due); ok && (first.IsZero() || on.Before(first)) {
			first = on
		}
	}
	return first
}

// agreed returns the day from which the version holds: when it took effect, or
// its last signature if that came later.
func (d *Desk) agreed() store.Date {
	last := d.e.Matrix.Effective
	for _, s := range d.e.Matrix.Signed {
		if last.IsZero() || last.Before(s.Date) {
			last = s.Date
		}
	}
	return last
}
