package scheduler

import (
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// recordCard asks the owner to say how something went, or to post a report.
func (p *planner) recordCard(c *cadence, o *occurrence) card.Message {
	m := card.New(card.Heading(p.title(c, o)))
	if o.Late {
		m.Add(card.Paragraph("This comes late: it was due " + p.when(o.Due) + ", and Tandem was down."))
	}
	label := "Record it"
	switch c.Kind {
	case store.KindReport:
		label = "It is posted"
		m.Add(card.Paragraph("The report is due. Post it, or link where it is, by " + p.when(p.end(o)) + "."))
	default:
		m.Add(card.Paragraph("When it is over, please record how it went, by " + p.when(p.end(o)) + "."))
		m.Add(card.List{Title: "To record:", Items: toRecord(c)})
	}
	m.Add(card.Buttons{{Label: label, Say: "record " + ref(&o.Occurrence), Tone: card.Primary}})
	return m
}

// toRecord is what the owner is asked for.
func toRecord(c *cadence) []string {
	items := []string{"who was there"}
	if len(c.Leadership) > 0 {
		items[0] += ", and whether leadership was"
	}
	switch c.Kind {
	case store.KindTestedRestore:
		items = append(items, "pass or fail, how many minutes it took, and a link to the evidence")
	case store.KindTabletop:
		items = append(items, "what came of it, and the findings")
	default:
		items = append(items, "what came of it")
	}
	return append(items, "the next date: nothing is done until the next one is dated")
}

// recordNudgeCard reminds the owner once, at half of the grace.
func (p *planner) recordNudgeCard(c *cadence, o *occurrence) card.Message {
	text, label := "If it took place, please record it by "+p.when(p.end(o))+". If it did not, it can be moved or skipped with a reason.", "Record it"
	if c.Kind == store.KindReport {
		text, label = "The report has room until "+p.when(p.end(o))+". A link is enough.", "It is posted"
	}
	return card.New(card.Heading(p.title(c, o)), card.Paragraph(text),
		card.Buttons{{Label: label, Say: "record " + ref(&o.Occurrence), Tone: card.Primary}},
		card.Note("Only you see this, and it comes once."))
}

// restoreCard tells both leads that a tested restore failed.
func (p *planner) restoreCard(c *cadence, o *occurrence) card.Message {
	m := card.New(card.Heading("A tested restore failed"),
		card.Paragraph(c.Name+" of "+p.day(o.Due)+" did not bring the data back. It is better known today than on the day it is needed."))
	m.Add(p.recordFacts(c, &o.Record)...)
	m.Add(card.Note("Both leads hear this at once, in the same words."))
	return m
}
