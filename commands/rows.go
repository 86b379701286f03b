package commands

import (
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// lead copies who leads, in which hours and until when, into the contract.
func (a *Answer) lead(l calendar.Lead, zone *time.Location) {
	a.LeadNow, a.Hours = l.Side, l.Hours
	if !l.Until.IsZero() {
		a.Until = l.Until.In(zone).Format(time.RFC3339)
	}
}

// functionCard is the answer that people see most: who leads right now and
// until when first, then whose it is, then whom to go to next.
func (d *Desk) functionCard(f *store.Function, lead calendar.Lead, at time.Time) card.Message {
	m := card.New(card.Heading(f.Name))
	if f.Description != "" {
		m.Add(card.Paragraph(f.Description))
	}
	facts := d.leadFacts(lead, at)
	facts = append(facts, card.Fact{Label: "Owner", Value: d.ownerText(f)})
	for _, side := range []struct {
		side store.Side
		duty string
	}{{store.Internal, f.Duties.Internal}, {store.MSP, f.Duties.MSP}} {
		if side.duty != "" {
			facts = append(facts, card.Fact{Label: d.e.SideName(side.side), Value: side.duty})
		}
	}
	if f.Support.Valid() {
		facts = append(facts, card.Fact{Label: "Support", Value: d.e.SideName(f.Support)})
	}
	m.Add(facts)
	if path := d.path(f, at); len(path) > 0 {
		m.Add(card.List{Title: "Escalation path:", Items: path, Ordered: true})
	}
	if more := d.moreFacts(f); len(more) > 0 {
		m.Add(more)
	}
	m.Add(d.trust(at))
	return m
}

// leadFacts says who acts now and for how long, and for whom they stand in.
func (d *Desk) leadFacts(l calendar.Lead, at time.Time) card.Facts {
	facts := card.Facts{{Label: "Leads now", Value: d.leadText(l) + ", " + d.hoursText(l, at)}}
	if l.StandsInFor != "" {
		absent := d.personName(l.StandsInFor) + ", " + d.awayText(l.Absence)
		facts = append(facts, card.Fact{Label: "Standing in for", Value: absent})
	}
	return facts
}

// leadText names the person before the side, and says when being on call is
// what makes it them.
func (d *Desk) leadText(l calendar.Lead) string {
	p, ok := d.e.Person(l.Person)
	if !ok {
		return d.e.SideName(l.Side) + "; no person is named"
	}
	link := ", "
	if l.OnCall != nil && l.Turn.Person == l.Person {
		link = ", on call for "
	}
	text := p.Name + link + d.e.SideName(p.Side)
	if p.Side != l.Side {
		text += ", for " + d.e.SideName(l.Side)
	}
	if l.Absent {
		text += " (" + d.awayText(l.Absence) + "; nobody else could be found)"
	}
	return text
}

// hoursText says which hours these are, why, and until when.
func (d *Desk) hoursText(l calendar.Lead, at time.Time) string {
	text := "business hours"
	if l.Hours == "after" {
		text = "after hours"
		if l.Holiday != "" {
			text += " (" + l.Holiday + ")"
		}
	}
	if l.Until.IsZero() {
		return text + ", around the clock"
	}
	return text + " until " + until(l.Until.In(d.zone), at)
}

func (d *Desk) awayText(a store.Absence) string {
	text := "away until " + day(a.To)
	if p, ok := d.e.Person(a.Cover); ok {
		text += ", covered by " + p.Name
	}
	return text
}

// ownerText names the accountable person before the side. On a joint row each
// side has one: the person named, or else the side's lead.
func (d *Desk) ownerText(f *store.Function) string {
	if f.Owner == store.Joint {
		return "both sides: " + d.answersFor(f, store.Internal) + "; " + d.answersFor(f, store.MSP)
	}
	side := d.e.SideName(f.Owner) + " (" + string(f.Owner) + ")"
	p, ok := d.e.Person(f.Accountable.Person)
	if !ok {
		return side + "; no person is named"
	}
	if p.Side != f.Owner {
		return p.Name + " of " + d.e.SideName(p.Side) + ", for " + side
	}
	return p.Name + ", " + side
}

// answersFor says who answers for a side of a joint row.
func (d *Desk) answersFor(f *store.Function, side store.Side) string {
	for _, id := range f.Accountable.People() {
		if p, ok := d.e.Person(id); ok && p.Side == side {
			return p.Name + ", " + d.e.SideName(side)
		}
	}
	if p, ok := d.e.SideLead(side); ok {
		return p.Name + ", " + d.e.SideName(side)
	}
	return d.e.SideName(side)
}

// path says the escalation path as of the instant.
func (d *Desk) path(f *store.Function, at time.Time) []string {
	var out []string
	for _, step := range d.cal.Escalation(f, at) {
		p, ok := d.e.Person(step.Person)
		if !ok {
			continue
		}
		text := p.Name + ", " + d.e.SideName(p.Side)
		if step.Rotation != nil {
			text = p.Name + ", on call for " + d.e.SideName(p.Side)
		}
		if step.Absent {
			text += " (away)"
		}
		out = append(out, text)
	}
	return out
}

// moreFacts are the rest of the row: product, vendor, document, playbook, note.
func (d *Desk) moreFacts(f *store.Function) card.Facts {
	var facts card.Facts
	if t, ok := d.e.Tool(f.Tool); ok {
		facts = append(facts, card.Fact{Label: "Tool", Value: t.Product})
	}
	if f.Vendor.Name != "" {
		value := f.Vendor.Name
		if f.Vendor.Contact != "" {
			value += ", " + f.Vendor.Contact
		}
		facts = append(facts, card.Fact{Label: "Vendor", Value: value})
	}
	if a, ok := d.e.Artifact(f.Artifact); ok {
		facts = append(facts, card.Fact{Label: "Document", Value: a.Name + ", " + d.personOrNobody(a.Owner)})
	}
	if ownership.RunsIncidents(f) {
		facts = append(facts, d.playbookFacts()...)
	}
	if f.Note != "" {
		facts = append(facts, card.Fact{Label: "Note", Value: f.Note})
	}
	return facts
}

func (d *Desk) personOrNobody(id string) string {
	if p, ok := d.e.Person(id); ok {
		return p.Name + ", " + d.e.SideName(p.Side)
	}
	return "nobody is named"
}
