package commands

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// title says a subject in a line, so that it can be told from the others of a
// choice: what it is, and whose.
func (d *Desk) title(s ownership.Subject) string {
	switch s.Kind {
	case ownership.KindFunction:
		if f, ok := d.e.Function(s.ID); ok {
			return d.rowTitle(f)
		}
	case ownership.KindTool:
		if t, ok := d.e.Tool(s.ID); ok {
			return layerName(t.Layer) + ": " + t.Product + " (the product)"
		}
	case ownership.KindArtifact:
		if a, ok := d.e.Artifact(s.ID); ok {
			return d.documentTitle(a)
		}
	case ownership.KindOutOfScope:
		return s.ID + " (out of scope)"
	case ownership.KindSeverity:
		if v, ok := d.e.Severity(severityLevel(s.ID)); ok {
			return severityTitle(v) + " (an incident to report)"
		}
	case ownership.KindPerson:
		return "What " + d.personName(s.ID) + " owns"
	case ownership.KindOnCall:
		return "Who is on call"
	}
	return s.ID
}

func (d *Desk) rowTitle(f *store.Function) string {
	owner := "both sides"
	if f.Owner.Valid() {
		owner = d.e.SideName(f.Owner)
	}
	line := f.Name + " (" + owner + ")"
	if f.Description != "" {
		line += ": " + f.Description
	}
	return line
}

func (d *Desk) documentTitle(a *store.Artifact) string {
	if p, ok := d.e.Person(a.Owner); ok {
		return a.Name + " (the document; " + p.Name + " owns it)"
	}
	return a.Name + " (the document)"
}

func (d *Desk) titles(choices []ownership.Choice) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = d.title(c.Subject)
	}
	return out
}

// chooseCard offers what could be meant. Where a product is among it, and the
// one that was asked about is none of ours, it says so.
func (d *Desk) chooseCard(question string, choices []ownership.Choice) card.Message {
	m := card.New(card.Heading("Which one?"))
	isTool := func(c ownership.Choice) bool { return c.Kind == ownership.KindTool }
	if slices.ContainsFunc(choices, isTool) && d.asksUnknownProduct(question) {
		m.Add(unknownProduct(question))
	}
	m.Add(card.List{Title: "It could be any of these:", Items: d.titles(choices), Ordered: true})
	return m
}

// unnamedCard is the answer to what the matrix does not name. Both leads are
// named, because the conversation is theirs to have.
func (d *Desk) unnamedCard(question string, nearest []ownership.Choice) card.Message {
	m := card.New(card.Heading("Not named"))
	if d.asksUnknownProduct(question) {
		m.Add(unknownProduct(question))
	}
	m.Add(card.Paragraph("It isn't named in the matrix, so it's a conversation, not an assumption."))
	if len(nearest) > 0 {
		m.Add(card.List{Title: "Nearest in the matrix:", Items: d.titles(nearest)})
	}
	if leads := d.leadNames(); len(leads) > 0 {
		m.Add(card.Facts{{Label: "Bring it to", Value: card.And(leads)}})
	}
	return m
}

// leadNames says the lead of each side that has one.
func (d *Desk) leadNames() []string {
	var out []string
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if p, ok := d.e.SideLead(side); ok {
			out = append(out, p.Name+", "+d.e.SideName(side))
		}
	}
	return out
}

// exclusion returns what is out of scope by that name.
func (d *Desk) exclusion(name string) (*store.Exclusion, bool) {
	for i := range d.e.Matrix.OutOfScope {
		if x := &d.e.Matrix.OutOfScope[i]; x.Name == name {
			return x, true
		}
	}
	return nil, false
}

// exclusionCard says that both sides agreed that it is nobody's here.
func (d *Desk) exclusionCard(x *store.Exclusion, at time.Time) card.Message {
	m := card.New(card.Heading(x.Name),
		card.Paragraph("Out of scope: "+d.e.Client+" and "+d.e.MSP+" agreed that neither of them does this."))
	if x.Note != "" {
		m.Add(card.Facts{{Label: "Note", Value: x.Note}})
	}
	m.Add(d.trust(at))
	return m
}

func (d *Desk) helpCard() card.Message {
	return card.New(card.Heading("Ask me who owns what"),
		card.Paragraph("I answer from the responsibility matrix of "+d.e.Client+" and "+d.e.MSP+"."),
		card.List{Title: "Try:", Items: d.examples()})
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
