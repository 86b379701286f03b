package commands

import (
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// functionCard is the answer that people see most: who leads right now and
// until when first, then whose it is, then whom to go to next.
func (d *Desk) functionCard(f *store.Function, lead calendar.Lead, at time.Time) card.Message {
	facts := append(d.leadFacts(lead, at), card.Fact{Label: "Owner", Value: d.ownerText(f)})
	facts = append(facts, d.dutyFacts(f)...)
	switch {
	case f.Support.Valid():
		facts = append(facts, card.Fact{Label: "Support", Value: d.e.SideName(f.Support)})
	case f.Owner.Valid(): // a joint row has both sides on it already
		facts = append(facts, card.Fact{Label: "Support", Value: "no side is named"})
	}
	m := card.New(card.Heading(f.Name), facts, d.pathBlock(f, at))
	if more := d.moreFacts(f, at); len(more) > 0 {
		m.Add(more)
	}
	m.Add(d.trust(at))
	return m
}

// accountable returns the ids of those who answer for a row: those whom it
// names, and on a joint row that doesn't name one person for both, the lead of
// a side that it leaves open.
func (d *Desk) accountable(f *store.Function) []string {
	if f.Owner != store.Joint || f.Accountable.Person != "" {
		return f.Accountable.People()
	}
	var ids []string
	for _, of := range []struct {
		side  store.Side
		named string
	}{{store.Internal, f.Accountable.Internal}, {store.MSP, f.Accountable.MSP}} {
		if of.named != "" {
			ids = append(ids, of.named)
		} else if p, ok := d.e.SideLead(of.side); ok {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// ownerText names the accountable person before the side.
func (d *Desk) ownerText(f *store.Function) string {
	if f.Owner == store.Joint {
		return d.jointText(f)
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

// jointText says who answers for a row that both sides hold.
func (d *Desk) jointText(f *store.Function) string {
	var who []string
	for _, id := range d.accountable(f) {
		if p, ok := d.e.Person(id); ok {
			who = append(who, p.Name+" of "+d.e.SideName(p.Side))
		}
	}
	if len(who) == 0 {
		return "both sides (joint); no person is named"
	}
	return card.And(who) + ", for both sides (joint)"
}

// dutyFacts says which side does which part of a joint row.
func (d *Desk) dutyFacts(f *store.Function) card.Facts {
	var facts card.Facts
	if f.Duties.Internal != "" {
		facts = append(facts, card.Fact{Label: "What " + d.e.Client + " does", Value: f.Duties.Internal})
	}
	if f.Duties.MSP != "" {
		facts = append(facts, card.Fact{Label: "What " + d.e.MSP + " does", Value: f.Duties.MSP})
	}
	return facts
}

// pathBlock is the escalation path, or that the row has none.
func (d *Desk) pathBlock(f *store.Function, at time.Time) card.Block {
	path := d.path(f, at)
	if len(path) == 0 {
		return card.Facts{{Label: "Escalation path", Value: "nobody is named"}}
	}
	return card.List{Title: "Escalation path:", Items: path, Ordered: true}
}

// path says the escalation path as of the instant.
func (d *Desk) path(f *store.Function, at time.Time) []string {
	steps := d.cal.Escalation(f, at)
	out := make([]string, len(steps))
	for i, s := range steps {
		link := ", "
		if s.Rotation != nil {
			link = ", on call for "
		}
		out[i] = s.Name + link + d.e.SideName(s.Side)
		switch {
		case s.Absent && s.Cover != "":
			out[i] += " (away, covered by " + d.personName(s.Cover) + ")"
		case s.Absent:
			out[i] += " (away)"
		}
	}
	return out
}

// moreFacts are the rest of the row: what it covers, product, vendor,
// document, playbook, note.
func (d *Desk) moreFacts(f *store.Function, at time.Time) card.Facts {
	var facts card.Facts
	if f.Description != "" {
		facts = append(facts, card.Fact{Label: "Covers", Value: f.Description})
	}
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
		facts = append(facts, card.Fact{Label: "Document", Value: a.Name + ", owned by " + d.personName(a.Owner)})
	}
	if d.index.RunsIncidents(f.ID) {
		facts = append(facts, d.playbookFacts(at)...)
	}
	if f.Note != "" {
		facts = append(facts, card.Fact{Label: "Note", Value: f.Note})
	}
	return facts
}
