package commands

import (
	"fmt"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/cronline"
)

// trust says how far an answer can be trusted: the version, who signed it and
// when, and the next review or how late it is.
func (d *Desk) trust(at time.Time) card.Note {
	m := &d.e.Matrix
	text := fmt.Sprintf("Matrix version %d", max(m.Version, 1))
	if d.e.Draft() {
		text += ", unsigned draft"
		if signed := d.signatures(); signed != "" {
			text += " (so far signed by " + signed + ")"
		}
	} else {
		text += ", signed by " + d.signatures()
	}
	return card.Note(text + "." + d.reviewText(at))
}

func (d *Desk) signatures() string {
	var out []string
	for _, s := range d.e.Matrix.Signed {
		out = append(out, d.personName(s.By)+" on "+date(s.Date))
	}
	return strings.Join(out, " and ")
}

// reviewText says when the matrix is to be reviewed next: the first matrix
// review that comes due after this version took effect.
func (d *Desk) reviewText(at time.Time) string {
	due, ok := d.nextMatrixReview(at)
	if !ok {
		return " No review is scheduled."
	}
	today := store.DateOf(at.In(d.zone))
	if late := due.DaysUntil(today); late > 0 {
		return " Review overdue by " + count(late, "day") + "."
	}
	return " Next review " + date(due) + "."
}

func (d *Desk) nextMatrixReview(at time.Time) (store.Date, bool) {
	since := d.e.Matrix.Effective
	for _, s := range d.e.Matrix.Signed {
		if since.IsZero() || since.Before(s.Date) {
			since = s.Date
		}
	}
	if since.IsZero() {
		since = store.DateOf(at.In(d.zone))
	}
	var first store.Date
	for i := range d.e.Cadences {
		c := &d.e.Cadences[i]
		if c.Kind != store.KindMatrixReview {
			continue
		}
		s, err := cronline.Parse(c.Schedule)
		if err == nil && c.Week != 0 {
			s, err = s.Week(c.Week)
		}
		if err != nil {
			continue // refused when the file was read; an old store may still hold it
		}
		next := store.DateOf(s.Next(time.Date(since.Year, since.Month, since.Day, 23, 59, 59, 0, time.UTC)))
		if first.IsZero() || next.Before(first) {
			first = next
		}
	}
	return first, !first.IsZero()
}
