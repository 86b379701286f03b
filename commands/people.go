package commands

import (
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// personCard lists everything that a person answers for.
func (d *Desk) personCard(p *store.Person, at time.Time) card.Message {
	m := card.New(card.Heading(p.Name), d.personFacts(p, at))
	lists := []card.List{
		list("Accountable for", "row", d.rowsOf(p.ID)),
		list("Owns", "document", d.documentsOf(p.ID)),
		list("Runs", "cadence", d.cadencesOf(p.ID)),
	}
	nothing := true
	for _, l := range lists {
		if len(l.Items) > 0 {
			m.Add(l)
			nothing = false
		}
	}
	if nothing {
		m.Add(card.Paragraph("No row, document or cadence names " + p.Name + " as accountable."))
	}
	m.Add(d.trust(at))
	return m
}

func list(verb, noun string, items []string) card.List {
	return card.List{Title: verb + " " + card.Count(len(items), noun) + ":", Items: items}
}

func (d *Desk) personFacts(p *store.Person, at time.Time) card.Facts {
	facts := card.Facts{{Label: "Side", Value: d.e.SideName(p.Side)}}
	if p.Title != "" {
		facts = append(facts, card.Fact{Label: "Title", Value: p.Title})
	}
	if a, away := d.cal.Absent(p.ID, at); away {
		facts = append(facts, card.Fact{Label: "Now", Value: d.coverText(a, at)})
	}
	if duty := d.dutyOf(p.ID, at); duty != "" {
		facts = append(facts, card.Fact{Label: "On call", Value: duty})
	}
	return facts
}

// dutyOf says for which rotations a person is on call at the instant.
func (d *Desk) dutyOf(person string, at time.Time) string {
	var out []string
	for i := range d.e.OnCall {
		r := &d.e.OnCall[i]
		turn := d.cal.OnCall(r, at)
		if turn.Person != person {
			continue
		}
		text := "for " + d.rotationName(r)
		if !turn.Until.IsZero() {
			text += " until " + instant(turn.Until, at)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", and ")
}

func (d *Desk) rowsOf(person string) []string {
	var names []string
	for i := range d.e.Matrix.Functions {
		if f := &d.e.Matrix.Functions[i]; slices.Contains(d.accountable(f), person) {
			names = append(names, f.Name)
		}
	}
	return names
}

func (d *Desk) documentsOf(person string) []string {
	var names []string
	for i := range d.e.Artifacts {
		if a := &d.e.Artifacts[i]; a.Owner == person {
			names = append(names, a.Name)
		}
	}
	return names
}

func (d *Desk) cadencesOf(person string) []string {
	var names []string
	for i := range d.e.Cadences {
		if c := &d.e.Cadences[i]; c.Owner == person {
			names = append(names, c.Name)
		}
	}
	return names
}
