// Package commands is what people can say to Tandem, and what it answers.
package commands

import (
	"time"

	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// Desk is one engagement made ready to be asked: its record, its index and
// its clock. It is read-only and safe for concurrent use.
type Desk struct {
	e     *store.Engagement
	index *ownership.Index
	cal   *calendar.Calendar
	zone  *time.Location
}

// NewDesk makes a desk. It fails with code invalid where the engagement names
// a time zone, a holiday or a rotation that cannot be.
func NewDesk(e *store.Engagement, absences []store.Absence) (*Desk, error) {
	cal, err := calendar.New(e, absences)
	if err != nil {
		return nil, err
	}
	return &Desk{e: e, index: ownership.NewIndex(e), cal: cal, zone: cal.Location()}, nil
}

// Engagement returns the record behind the desk; it must not be changed.
func (d *Desk) Engagement() *store.Engagement { return d.e }

// Location returns the engagement's time zone.
func (d *Desk) Location() *time.Location { return d.zone }
