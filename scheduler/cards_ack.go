package scheduler

import (
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// ackCard asks for an acknowledgement, and says in words who has given theirs.
func (p *planner) ackCard(a *store.Acknowledgement) card.Message {
	m := card.New(card.Heading(a.Title))
	for line := range strings.SplitSeq(a.Text, "\n") {
		if strings.TrimSpace(line) != "" {
			m.Add(card.Paragraph(line))
		}
	}
	m.Add(p.ackFacts(a))
	if !a.Closed.IsZero() {
		return m
	}
	buttons := card.Buttons{{Label: "Acknowledge", Say: "ack " + strconv.Itoa(a.ID), Tone: card.Primary}}
	if a.What == store.AckDrift {
		buttons = append(buttons, card.Button{Label: "The arithmetic", Say: "drift"}, card.Button{Label: "What is coming", Say: "upcoming"})
	}
	m.Add(buttons)
	m.Refresh = p.refresh("acks "+strconv.Itoa(a.ID), a.Asked)
	return m
}

// refresh is how people get a card anew that says something else to them than to
// the others; nil where no platform knows them.
func (p *planner) refresh(say string, people []string) *card.Refresh {
	who := map[string][]string{}
	for _, a := range p.reach(people...) {
		if a.User != "" {
			who[a.Platform] = append(who[a.Platform], a.User)
		}
	}
	if len(who) == 0 {
		return nil
	}
	return &card.Refresh{Say: say, For: who}
}

func (p *planner) ackFacts(a *store.Acknowledgement) card.Facts {
	var facts card.Facts
	if a.By != "" && a.By != store.ByTandem {
		facts = append(facts, card.Fact{Label: "Asked by", Value: p.name(a.By)})
	}
	given := make([]string, len(a.Given))
	for i := range a.Given {
		g := &a.Given[i]
		given[i] = p.name(g.Person) + " on " + p.when(g.At)
		if g.OnBehalf() {
			given[i] += " (by " + p.name(g.By) + " on their behalf)"
		}
	}
	if len(given) == 0 {
		given = []string{"nobody yet"}
	}
	facts = append(facts, card.Fact{Label: "Acknowledged", Value: card.And(given)})
	missing := a.Missing()
	switch {
	case !a.Closed.IsZero() && a.Why != "":
		facts = append(facts, card.Fact{Label: "State", Value: "closed, " + a.Why})
	case !a.Closed.IsZero() || a.Satisfied():
		facts = append(facts, card.Fact{Label: "State", Value: "complete"})
	case a.Mode == store.AckFirst && len(missing) > 1:
		facts = append(facts, card.Fact{Label: "Asked", Value: p.names(missing) + "; one of them is enough"})
	default:
		facts = append(facts, card.Fact{Label: "Not yet", Value: p.names(missing)})
	}
	return facts
}

// ackReminderCard reminds somebody privately of what they have not acknowledged.
func (p *planner) ackReminderCard(a *store.Acknowledgement) card.Message {
	m := card.New(card.Heading("Still open: "+a.Title),
		card.Paragraph("This has waited for your acknowledgement since "+p.when(a.At)+". Acknowledging says that you have seen it, not that you agree."))
	for line := range strings.SplitSeq(a.Text, "\n") {
		if strings.TrimSpace(line) != "" {
			m.Add(card.Paragraph(line))
		}
	}
	m.Add(card.Buttons{{Label: "Acknowledge", Say: "ack " + strconv.Itoa(a.ID), Tone: card.Primary}})
	return m
}
