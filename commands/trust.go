package commands

import (
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/cronline"
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
	return text + ", signed by " + and(d.signatures())
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
	return "signed by " + and(signed) + ", not yet by " + d.e.SideName(missing)
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
		return "Review overdue by " + count(late, "day")
	}
	return "Next review " + date(due)
}

// review is one cadence that reviews the matrix.
type review struct {
	schedule  cronline.Schedule
	onHoliday string
}

// matrixReviews reads the schedules of the matrix reviews. One that cannot be
// read is left out: the file refuses it, but an older store may hold it.
func matrixReviews(e *store.Engagement) []review {
	var out []review
	for i := range e.Cadences {
		c := &e.Cadences[i]
		if c.Kind != store.KindMatrixReview {
			continue
		}
		s, err := cronline.Parse(c.Schedule)
		if err == nil && c.Week != 0 {
			s, err = s.Week(c.Week)
		}
		if err == nil {
			out = append(out, review{s, c.OnHoliday})
		}
	}
	return out
}

// matrixReviewAfter returns the first day after the given one on which a
// review of the matrix comes due, or the zero day if none ever does.
func (d *Desk) matrixReviewAfter(day store.Date) store.Date {
	var first store.Date
	for i := range d.reviews {
		due, ok := d.dueAfter(&d.reviews[i], day)
		if ok && (first.IsZero() || due.Before(first)) {
			first = due
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

// skippedAtMost bounds the search where every due date is a skipped holiday.
const skippedAtMost = 20

// dueAfter returns the first day after the given one on which a review comes
// due, moved as the cadence says if that is a holiday.
func (d *Desk) dueAfter(r *review, after store.Date) (store.Date, bool) {
	for range skippedAtMost {
		next := r.schedule.Next(time.Date(after.Year, after.Month, after.Day, 23, 59, 59, 0, time.UTC))
		if next.IsZero() {
			break
		}
		due := store.DateOf(next)
		if r.onHoliday == store.HolidayKeep || !d.holiday(due) {
			return due, true
		}
		if r.onHoliday != store.HolidaySkip {
			moved, err := d.cal.NextBusinessDay(due)
			return moved, err == nil
		}
		after = due
	}
	return store.Date{}, false
}

func (d *Desk) holiday(day store.Date) bool {
	return d.cal.Hours(d.cal.Instant(day, 12*60)).Holiday != ""
}
