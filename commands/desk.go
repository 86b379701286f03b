// Package commands is what people can say to Tandem, and what it answers.
package commands

import (
	"time"

	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/rhythm"
)

// Desk is one engagement made ready to be asked: its record, its index and
// its clock. It knows of no other engagement. It is read-only and safe for
// concurrent use.
type Desk struct {
	e       *store.Engagement
	index   *ownership.Index
	cal     *calendar.Calendar
	zone    *time.Location
	rhythms []*rhythm.Rhythm // in the order of the cadences
	unread  []string         // the names of cadences whose schedule cannot be read
	// learned are the aliases that leads confirmed, by key.
	learned map[string]ownership.Subject
	// What the trust line says that no clock changes.
	signed string     // the version, and who signed it
	due    store.Date // the next matrix review; zero if that depends on today
}

// NewDesk makes a desk of a valid engagement, which must not change afterwards.
// It fails with code invalid where the engagement names a time zone, a holiday
// or a rotation that cannot be. Learned aliases answer as if they stood in the
// engagement; those whose subject is not there are passed over.
func NewDesk(e *store.Engagement, absences []store.Absence, learned ...store.LearnedAlias) (*Desk, error) {
	cal, err := calendar.New(e, absences)
	if err != nil {
		return nil, err
	}
	d := &Desk{e: e, index: ownership.NewIndex(taught(e, learned)), cal: cal, zone: cal.Location()}
	d.learn(learned)
	d.compileRhythms()
	d.signed = d.signedText()
	if since := d.agreed(); !since.IsZero() {
		d.due = d.matrixReviewAfter(since)
	}
	return d, nil
}

// reviewed counts the reviews of the matrix that were held. It is called
// before the desk is asked.
func (d *Desk) reviewed(held []store.Occurrence) {
	last := d.agreed()
	for i := range held {
		o := &held[i]
		if c, ok := d.cadenceOf(o.Cadence); !ok || c.Kind != store.KindMatrixReview || o.State != store.Held {
			continue
		}
		for _, at := range []time.Time{o.Due, o.Record.At} { // one held early counts for its date
			if day := store.DateOf(at.In(d.zone)); !at.IsZero() && last.Before(day) {
				last = day
			}
		}
	}
	if !last.IsZero() {
		d.due = d.matrixReviewAfter(last)
	}
}

// Location returns the engagement's time zone.
func (d *Desk) Location() *time.Location { return d.zone }

// Engagement returns the record that the desk answers from, which must not be
// changed.
func (d *Desk) Engagement() *store.Engagement { return d.e }

// compileRhythms reads the cadences. One that cannot be read is left out: the
// file refuses it, but an older store may hold it.
func (d *Desk) compileRhythms() {
	for i := range d.e.Cadences {
		c := &d.e.Cadences[i]
		r, err := rhythm.New(d.cal, c)
		if err != nil {
			d.unread = append(d.unread, c.Name)
			continue
		}
		d.rhythms = append(d.rhythms, r)
	}
}
