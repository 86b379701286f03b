package commands

import (
	"fmt"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

func severityName(e *store.Engagement, id string) string {
	for _, s := range e.Severities {
		if id == fmt.Sprintf("sev%d", s.Level) {
			return severityTitle(&s)
		}
	}
	return id
}

func severityTitle(s *store.Severity) string {
	title := fmt.Sprintf("Severity %d", s.Level)
	if s.Name != "" {
		title += ", " + s.Name
	}
	return title
}

// severityCard says how bad it is, who leads, how soon, and who is told.
func (d *Desk) severityCard(s *store.Severity, lead calendar.Lead, at time.Time) card.Message {
	m := card.New(card.Heading(severityTitle(s)))
	facts := d.leadFacts(lead, at)
	if !s.RespondWithin.IsZero() {
		facts = append(facts, card.Fact{Label: "Respond within", Value: s.RespondWithin.Words()})
	}
	if told := d.names(s.Page); told != "" {
		facts = append(facts, card.Fact{Label: "Told at once", Value: told})
	}
	if s.BusinessResponse != "" {
		facts = append(facts, card.Fact{Label: "Talks to the business", Value: d.names([]string{s.BusinessResponse})})
	}
	if s.Level <= 2 {
		facts = append(facts, d.playbookFacts()...)
	}
	if len(s.Examples) > 0 {
		facts = append(facts, card.Fact{Label: "Examples", Value: strings.Join(s.Examples, "; ")})
	}
	m.Add(facts, card.Note("Tandem is no pager: ring the first on the list."))
	return m
}

// playbookFacts say who may do what in an incident.
func (d *Desk) playbookFacts() card.Facts {
	var facts card.Facts
	p := &d.e.Playbook
	if who := d.names(p.MayIsolateEndpoint); who != "" {
		facts = append(facts, card.Fact{Label: "May isolate an endpoint", Value: who})
	}
	if who := d.names([]string{p.NotifiesLeadership}); who != "" {
		facts = append(facts, card.Fact{Label: "Notifies leadership", Value: who})
	}
	if who := d.names(p.CallOrder); who != "" {
		facts = append(facts, card.Fact{Label: "Call order", Value: who})
	}
	return facts
}

// names says people, sides and rotations in a line, in order.
func (d *Desk) names(ids []string) string {
	var out []string
	for _, id := range ids {
		switch p, ok := d.e.Person(id); {
		case ok:
			out = append(out, p.Name)
		case store.Side(id).Valid():
			out = append(out, d.e.SideName(store.Side(id)))
		case strings.HasPrefix(id, store.OnCallPrefix):
			if r, ok := d.e.Rotation(id); ok {
				out = append(out, "whoever is on call for "+d.rotationName(r))
			}
		}
	}
	return strings.Join(out, ", ")
}

func (d *Desk) rotationName(r *store.Rotation) string {
	name := d.e.SideName(r.Side)
	if r.Name != "" {
		name += " (" + r.Name + ")"
	}
	return name
}

// onCallSubject settles whose rotation is meant: the one asked for, or else
// that of the side that takes calls at the instant.
func (d *Desk) onCallSubject(s ownership.Subject, at time.Time) ownership.Subject {
	if s.ID != "" {
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

// onCallCard says who is on call in every rotation, and until when.
func (d *Desk) onCallCard(at time.Time) card.Message {
	m := card.New(card.Heading("On call now"))
	var facts card.Facts
	for i := range d.e.OnCall {
		r := &d.e.OnCall[i]
		turn := d.cal.OnCall(r, at)
		text := d.personName(turn.Person)
		if !turn.Until.IsZero() {
			text += ", until " + until(turn.Until.In(d.zone), at)
		}
		if a, away := d.cal.Absent(turn.Person, at); away {
			text += " (" + d.awayText(a) + ")"
		}
		facts = append(facts, card.Fact{Label: d.rotationName(r), Value: text})
	}
	hours := "business hours"
	if h := d.cal.Hours(at); !h.Business {
		hours = "after hours"
		if h.Holiday != "" {
			hours += " (" + h.Holiday + ")"
		}
		if d.e.AfterHours.Valid() {
			hours += ", calls go to " + d.e.SideName(d.e.AfterHours)
		}
	}
	m.Add(facts, card.Note("It is "+at.In(d.zone).Format("Mon 2 Jan 15:04 MST")+": "+hours+"."))
	return m
}

func (d *Desk) personName(id string) string {
	if p, ok := d.e.Person(id); ok {
		return p.Name
	}
	return "nobody"
}
