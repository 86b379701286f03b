package commands

import (
	"fmt"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// toolCard says which product is ours, and what became of the others.
func (d *Desk) toolCard(t *store.Tool, question string, at time.Time) card.Message {
	m := card.New(card.Heading(layerName(t.Layer) + ": " + t.Product))
	today := store.DateOf(at.In(d.zone))
	if verdict := productVerdict(t, question, today); verdict != "" {
		m.Add(card.Paragraph(verdict))
	}
	facts := card.Facts{{Label: "Product", Value: t.Product}}
	if t.RunBy.Valid() {
		facts = append(facts, card.Fact{Label: "Run by", Value: d.e.SideName(t.RunBy)})
	}
	for _, a := range t.Also {
		facts = append(facts, card.Fact{Label: "Also in use", Value: placed(a.Product, a.Where)})
	}
	for _, g := range t.Grandfathered {
		facts = append(facts, card.Fact{Label: "Exception", Value: exception(g, today)})
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
	if rows := d.rowsOfTool(t.Layer); rows != "" {
		facts = append(facts, card.Fact{Label: "Used for", Value: rows})
	}
	m.Add(facts, d.trust(at))
	return m
}

func placed(product, where string) string {
	if where == "" {
		return product
	}
	return product + ", on " + where
}

func exception(g store.Grandfathered, today store.Date) string {
	text := placed(g.Product, g.Where)
	switch {
	case g.Until.IsZero():
		return text + ", no end agreed"
	case g.Until.Before(today):
		return text + ", ended " + day(g.Until)
	}
	return text + ", until " + day(g.Until)
}

// productVerdict answers "is X ours?" for the product that the question
// names: the canonical one, an exception, or retired. "" if it names none.
func productVerdict(t *store.Tool, question string, today store.Date) string {
	for _, p := range t.Replaces {
		if namesProduct(question, p) {
			return fmt.Sprintf("%s is retired: %s replaced it.", p, t.Product)
		}
	}
	for _, g := range t.Grandfathered {
		if namesProduct(question, g.Product) {
			return fmt.Sprintf("%s is an exception: %s. Everywhere else it is %s.", g.Product, exception(g, today), t.Product)
		}
	}
	for _, a := range t.Also {
		if namesProduct(question, a.Product) {
			return fmt.Sprintf("Yes, %s is ours too, beside %s.", placed(a.Product, a.Where), t.Product)
		}
	}
	if namesProduct(question, t.Product) {
		return fmt.Sprintf("Yes, %s is ours.", t.Product)
	}
	return ""
}

// namesProduct reports whether the question holds the product's first word of
// four letters or more, which is what people call it: Barracuda, Carbonite.
func namesProduct(question, product string) bool {
	question = squash(question)
	for word := range strings.FieldsSeq(product) {
		if word = squash(word); len(word) >= 4 && word != "microsoft" && word != "windows" {
			return strings.Contains(question, word)
		}
	}
	return false
}

// squash keeps only letters and digits, lowered: "sentinel one" and
// "SentinelOne" are the same.
func squash(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(text))
}

func (d *Desk) rowsOfTool(layer string) string {
	var names []string
	for i := range d.e.Matrix.Functions {
		if f := &d.e.Matrix.Functions[i]; f.Tool == layer {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
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

// artifactCard says whose document it is, when it was reviewed and when it is due.
func (d *Desk) artifactCard(a *store.Artifact, at time.Time) card.Message {
	m := card.New(card.Heading(a.Name))
	facts := card.Facts{{Label: "Owner", Value: d.personOrNobody(a.Owner)}}
	if a.AuthoredBy.Valid() {
		facts = append(facts, card.Fact{Label: "Written by", Value: d.e.SideName(a.AuthoredBy)})
	}
	if a.ExecutedBy.Valid() {
		facts = append(facts, card.Fact{Label: "Carried out by", Value: d.e.SideName(a.ExecutedBy)})
	}
	reviewed, due := "never recorded", "no review date agreed"
	if !a.LastReviewed.IsZero() {
		reviewed = day(a.LastReviewed)
		if next, ok := nextReview(a); ok {
			due = day(next)
			if late := next.DaysUntil(store.DateOf(at.In(d.zone))); late > 0 {
				due += ", overdue by " + count(late, "day")
			}
		}
	}
	facts = append(facts, card.Fact{Label: "Last reviewed", Value: reviewed}, card.Fact{Label: "Next review due", Value: due})
	if len(a.Frameworks) > 0 {
		facts = append(facts, card.Fact{Label: "Required by", Value: strings.Join(a.Frameworks, ", ")})
	}
	if rows := d.rowsOfArtifact(a.ID); rows != "" {
		facts = append(facts, card.Fact{Label: "Goes with", Value: rows})
	}
	m.Add(facts, d.trust(at))
	return m
}

// nextReview returns the day by which an artifact is to be reviewed again.
func nextReview(a *store.Artifact) (store.Date, bool) {
	n := a.ReviewEvery.N
	switch a.ReviewEvery.Unit {
	case store.Days:
		return a.LastReviewed.AddDays(n), true
	case store.Weeks:
		return a.LastReviewed.AddDays(7 * n), true
	case store.Months:
		return a.LastReviewed.AddMonths(n), true
	case store.Years:
		return a.LastReviewed.AddMonths(12 * n), true
	}
	return store.Date{}, false
}

func (d *Desk) rowsOfArtifact(id string) string {
	var names []string
	for i := range d.e.Matrix.Functions {
		if f := &d.e.Matrix.Functions[i]; f.Artifact == id {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// exclusionCard says that both sides agreed that it is nobody's here.
func (d *Desk) exclusionCard(x *store.Exclusion, at time.Time) card.Message {
	m := card.New(card.Heading(x.Name),
		card.Paragraph(fmt.Sprintf("Out of scope: %s and %s agreed that neither of them does this.", d.e.Client, d.e.MSP)))
	if x.Note != "" {
		m.Add(card.Facts{{Label: "Instead", Value: x.Note}})
	}
	m.Add(d.trust(at))
	return m
}

// personCard lists everything that a person answers for.
func (d *Desk) personCard(p *store.Person, at time.Time) card.Message {
	m := card.New(card.Heading(p.Name))
	facts := card.Facts{{Label: "Side", Value: d.e.SideName(p.Side)}}
	if p.Title != "" {
		facts = append(facts, card.Fact{Label: "Title", Value: p.Title})
	}
	if a, away := d.cal.Absent(p.ID, at); away {
		facts = append(facts, card.Fact{Label: "Away", Value: d.awayText(a)})
	}
	m.Add(facts)
	var rows, documents, cadences []string
	for i := range d.e.Matrix.Functions {
		f := &d.e.Matrix.Functions[i]
		for _, id := range f.Accountable.People() {
			if id == p.ID {
				rows = append(rows, f.Name)
			}
		}
	}
	for i := range d.e.Artifacts {
		if a := &d.e.Artifacts[i]; a.Owner == p.ID {
			documents = append(documents, a.Name)
		}
	}
	for i := range d.e.Cadences {
		if c := &d.e.Cadences[i]; c.Owner == p.ID {
			cadences = append(cadences, c.Name)
		}
	}
	if len(rows)+len(documents)+len(cadences) == 0 {
		m.Add(card.Paragraph("Nothing in the matrix names " + p.Name + " as accountable."))
	}
	for _, l := range []card.List{
		{Title: "Accountable for " + count(len(rows), "row") + ":", Items: rows},
		{Title: "Owns " + count(len(documents), "document") + ":", Items: documents},
		{Title: "Runs:", Items: cadences},
	} {
		if len(l.Items) > 0 {
			m.Add(l)
		}
	}
	m.Add(d.trust(at))
	return m
}
