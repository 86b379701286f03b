package commands

import (
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// title says a subject in a line: what it is, and whose.
func (d *Desk) title(s ownership.Subject) string {
	switch s.Kind {
	case ownership.KindFunction:
		if f, ok := d.e.Function(s.ID); ok {
			line := f.Name
			if f.Description != "" {
				line += ": " + f.Description
			}
			return line + " (" + d.ownerName(f.Owner) + ")"
		}
	case ownership.KindTool:
		if t, ok := d.e.Tool(s.ID); ok {
			return layerName(t.Layer) + ": the product, " + t.Product
		}
	case ownership.KindArtifact:
		if a, ok := d.e.Artifact(s.ID); ok {
			return a.Name + ": the document, " + d.personOrNobody(a.Owner)
		}
	case ownership.KindOutOfScope:
		return s.ID + " (out of scope)"
	case ownership.KindSeverity:
		return "Report it as an incident, " + severityName(d.e, s.ID)
	}
	return s.ID
}

// ownerName says whose a row is.
func (d *Desk) ownerName(side store.Side) string {
	if side == store.Joint {
		return "both sides"
	}
	return d.e.SideName(side)
}

func (d *Desk) titles(choices []ownership.Choice) []string {
	var out []string
	for _, c := range choices {
		out = append(out, d.title(c.Subject))
	}
	return out
}

func (d *Desk) chooseCard(choices []ownership.Choice) card.Message {
	return card.New(card.Heading("Which one?"),
		card.List{Title: "It could be any of these:", Items: d.titles(choices), Ordered: true})
}

// unnamedCard is the answer to what the matrix does not name. Both leads are
// named, because the conversation is theirs to have.
func (d *Desk) unnamedCard(nearest []ownership.Choice) card.Message {
	m := card.New(card.Heading("Not named"),
		card.Paragraph("It isn't named in the matrix, so it's a conversation, not an assumption."))
	if len(nearest) > 0 {
		m.Add(card.List{Title: "Nearest rows:", Items: d.titles(nearest)})
	}
	if leads := d.leadNames(); leads != "" {
		m.Add(card.Facts{{Label: "Bring it to", Value: leads}})
	}
	return m
}

func (d *Desk) leadNames() string {
	var names string
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if p, ok := d.e.SideLead(side); ok {
			if names != "" {
				names += " and "
			}
			names += p.Name + ", " + d.e.SideName(side)
		}
	}
	return names
}

func (d *Desk) helpCard() card.Message {
	m := card.New(card.Heading("Ask me who owns what"),
		card.Paragraph("I answer from the responsibility matrix of "+d.e.Client+" and "+d.e.MSP+"."))
	m.Add(card.List{Title: "Try:", Items: d.examples()})
	return m
}

// examples are questions that this engagement can answer, one of each sort.
func (d *Desk) examples() []string {
	var out []string
	if len(d.e.Matrix.Functions) > 0 {
		out = append(out, "who owns "+d.e.Matrix.Functions[0].Name+"?")
	}
	if len(d.e.Tools) > 0 {
		out = append(out, "is "+d.e.Tools[0].Product+" ours?")
	}
	if len(d.e.Artifacts) > 0 {
		out = append(out, "who has the "+d.e.Artifacts[0].Name+", and is it current?")
	}
	if len(d.e.OnCall) > 0 {
		out = append(out, "who is on call?")
	}
	if len(d.e.People) > 0 {
		out = append(out, "what does "+d.e.People[0].Name+" own?")
	}
	return out
}
