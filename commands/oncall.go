package commands

import (
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// onCallSubject settles whose rotation is meant: the one asked for, or else
// that of the side that takes calls at the instant.
func (d *Desk) onCallSubject(s ownership.Subject, at time.Time) ownership.Subject {
	if s.ID != "" || len(d.e.OnCall) == 0 {
		return s
	}
	side := store.Internal
	if !d.cal.Hours(at).Business && d.e.AfterHours.Valid() {
		side = d.e.AfterHours
	}
	if _, ok := d.e.SideRotation(side); !ok {
		side = d.e.OnCall[0].Side
	}
	s.ID = string(side)
	return s
}

// onCallCard says who is on call in every rotation and until when, the one
// that was asked for first.
func (d *Desk) onCallCard(asked string, at time.Time) card.Message {
	var first, rest card.Facts
	for i := range d.e.OnCall {
		r := &d.e.OnCall[i]
		fact := card.Fact{Label: d.rotationName(r), Value: d.turnText(r, at)}
		if strings.EqualFold(r.Name, asked) || string(r.Side) == asked {
			first = append(first, fact)
		} else {
			rest = append(rest, fact)
		}
	}
	m := card.New(card.Heading("On call now"))
	if len(first)+len(rest) > 0 {
		m.Add(append(first, rest...))
	} else {
		m.Add(card.Paragraph("Nobody is: no on-call rotation is set up."))
	}
	m.Add(card.Note(d.hoursNote(at)), d.trust(at))
	return m
}

func (d *Desk) rotationName(r *store.Rotation) string {
	name := d.e.SideName(r.Side)
	if r.Name != "" {
		name += " (" + r.Name + ")"
	}
	return name
}

// turnText says who holds a rotation, until when, and whether they are away.
func (d *Desk) turnText(r *store.Rotation, at time.Time) string {
	turn := d.cal.OnCall(r, at)
	text := d.personName(turn.Person)
	if turn.Until.IsZero() {
		text += ", with no hand-off"
	} else {
		text += ", until " + instant(turn.Until, at)
	}
	if a, away := d.cal.Absent(turn.Person, at); away {
		text += " (" + d.coverText(a, at) + ")"
	}
	return text
}

// coverText says how long somebody is away, and who covers if they are there.
func (d *Desk) coverText(a store.Absence, at time.Time) string {
	p, ok := d.e.Person(a.Cover)
	if _, away := d.cal.Absent(a.Cover, at); !ok || away {
		return awayText(a) + ", nobody is named as cover"
	}
	return awayText(a) + ", covered by " + p.Name
}

// hoursNote says which hours these are for the whole engagement, and who takes
// calls in them.
func (d *Desk) hoursNote(at time.Time) string {
	h := d.cal.Hours(at)
	l := calendar.Lead{Hours: h.Name(), Until: h.Until, Holiday: h.Holiday}
	text := "It is " + moment(at) + ", " + hoursText(l, at) + "."
	if !h.Business && d.e.AfterHours.Valid() {
		text += " After hours, calls go to " + d.e.SideName(d.e.AfterHours) + "."
	}
	return text
}
