package commands

import (
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
)

// outsideCard is an answer for those who are on no list: names and sides, and
// nothing else that the engagement wrote down.
func (d *Desk) outsideCard(a *Answer, at time.Time) card.Message {
	at = at.In(d.zone)
	switch a.Outcome {
	case ownership.Choose:
		return card.New(card.Heading("Which one?"),
			card.List{Title: "It could be any of these:", Items: d.shortNames(a.Choices), Ordered: true})
	case ownership.Unnamed:
		m := card.New(card.Heading("Not named"),
			card.Paragraph("It isn't named in the matrix, so it's a conversation, not an assumption."))
		if len(a.Choices) > 0 {
			m.Add(card.List{Title: "Nearest in the matrix:", Items: d.shortNames(a.Choices)})
		}
		return m
	default:
	}
	m := card.New(card.Heading(d.name(*a.Subject)))
	switch id := a.Subject.ID; a.Subject.Kind {
	case ownership.KindFunction:
		f, _ := d.e.Function(id)
		m.Add(append(d.leadFacts(d.cal.Lead(f, at), at), card.Fact{Label: "Owner", Value: d.ownerText(f)}))
		if f.Support.Valid() {
			m.Add(card.Facts{{Label: "Support", Value: d.e.SideName(f.Support)}})
		}
		m.Add(d.pathBlock(f, at))
	case ownership.KindSeverity:
		s, _ := d.e.Severity(severityLevel(id))
		m.Add(d.leadFacts(d.cal.SeverityLead(s, at), at))
	case ownership.KindTool:
		t, _ := d.e.Tool(id)
		if t.RunBy.Valid() {
			m.Add(card.Facts{{Label: "Run by", Value: d.e.SideName(t.RunBy)}})
		}
	case ownership.KindArtifact:
		x, _ := d.e.Artifact(id)
		m.Add(card.Facts{{Label: "Owner", Value: d.personOfSide(x.Owner)}})
	case ownership.KindOutOfScope:
		m.Add(card.Paragraph("Out of scope: " + d.e.Client + " and " + d.e.MSP + " agreed that neither of them does this."))
	case ownership.KindOnCall:
		return d.onCallCard(id, at)
	case ownership.KindPerson:
		m.Add(card.Facts{{Label: "Side", Value: d.personSide(id)}})
	}
	m.Add(d.trust(at))
	return m
}

// shortNames says each choice by name and side, without what the engagement
// wrote about it.
func (d *Desk) shortNames(choices []ownership.Choice) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = d.name(c.Subject)
		if f, ok := d.e.Function(c.ID); ok && c.Kind == ownership.KindFunction {
			out[i] += " (" + d.e.SideName(f.Owner) + ")"
		}
	}
	return out
}

func (d *Desk) personSide(id string) string {
	if p, ok := d.e.Person(id); ok {
		return d.e.SideName(p.Side)
	}
	return "nobody is named"
}
