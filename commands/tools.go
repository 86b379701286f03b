package commands

import (
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// toolCard says which product is ours, and what became of the others.
func (d *Desk) toolCard(t *store.Tool, question string, at time.Time) card.Message {
	m := card.New(card.Heading(layerName(t.Layer)))
	today := store.DateOf(at.In(d.zone))
	if verdict := d.verdict(t, question, today); verdict != "" {
		m.Add(card.Paragraph(verdict))
	}
	m.Add(d.toolFacts(t, today), d.trust(at))
	return m
}

func (d *Desk) toolFacts(t *store.Tool, today store.Date) card.Facts {
	facts := card.Facts{{Label: "Product", Value: t.Product}}
	if t.RunBy.Valid() {
		facts = append(facts, card.Fact{Label: "Run by", Value: d.e.SideName(t.RunBy)})
	}
	for _, a := range t.Also {
		facts = append(facts, card.Fact{Label: "Also in use", Value: placed(a.Product, a.Where)})
	}
	for _, g := range t.Grandfathered {
		facts = append(facts, card.Fact{Label: "Exception", Value: placed(g.Product, g.Where) + ", " + ending(g.Until, today)})
	}
	if len(t.Replaces) > 0 {
		facts = append(facts, card.Fact{Label: "Replaced, uninstalled", Value: strings.Join(t.Replaces, ", ")})
	}
	if t.DataOwner.Valid() {
		facts = append(facts, card.Fact{Label: "Data belongs to", Value: d.e.SideName(t.DataOwner)})
	}
	if t.Export != "" {
		facts = append(facts, card.Fact{Label: "Export", Value: t.Export})
	}
	if rows := d.rowsWith(func(f *store.Function) bool { return f.Tool == t.Layer }); rows != "" {
		facts = append(facts, card.Fact{Label: "Used for", Value: rows})
	}
	return facts
}

// placed says a product with the place where it is used.
func placed(product, where string) string {
	if where == "" {
		return product
	}
	return product + " (" + where + ")"
}

// ending says when an exception ends, its last day counting, or when it ended.
func ending(until, today store.Date) string {
	switch {
	case until.IsZero():
		return "no end agreed"
	case until.Before(today):
		return "ended " + day(until)
	}
	return "until " + day(until)
}

var layerNames = map[string]string{
	"rmm": "Remote monitoring and management (RMM)", "edr": "Endpoint detection and response (EDR)",
	"soc": "Security operations (SOC)", "email-security": "Email security", "backup": "Backup",
	"documentation": "IT documentation", "psa": "Ticketing (PSA)", "security-training": "Security awareness training",
	"dns-filtering": "DNS filtering", "vcio": "vCIO platform",
}

// layerName says a layer in words; one of the engagement's own keeps its name.
func layerName(layer string) string {
	if name, ok := layerNames[layer]; ok {
		return name
	}
	name := strings.ReplaceAll(layer, "-", " ")
	if name == "" {
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
