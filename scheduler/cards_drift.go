package scheduler

import (
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/scheduler/drift"
	"github.com/tandem-bot/tandem/store"
)

// alert is what one transition of drift says, to everybody in the same words.
type alert struct {
	title string
	lines []string
	over  bool
}

// datesShown is how many of the last dates an alert shows.
const datesShown = 8

// alert puts a transition into words: the fact, what the level means, and the
// last dates. They are facts about the rhythm, and nobody's fault.
func (p *planner) alert(in *drift.Input, t *drift.Transition) alert {
	f := &t.Finding
	name := f.Name
	if name == "" {
		name = "The rhythm"
	}
	a := alert{lines: []string{t.Facts}}
	switch t.Change {
	case drift.Closed:
		a.title, a.over = "Back on track: "+name, true
	case drift.Better:
		a.title = "Better: " + name
		a.lines = append(a.lines, "Level: "+t.To.String()+", from "+t.From.String()+".")
	case drift.Worse:
		a.title = "Drift: " + name
		level := "Level: " + t.To.String()
		if t.From != t.To {
			level += ", from " + t.From.String()
		}
		a.lines = append(a.lines, level+", open "+p.age(f.Opened)+". "+p.hears(t))
	default:
		a.title = "Worth a look: " + name
		a.lines = append(a.lines, "Level: "+t.To.String()+". "+p.hears(t))
	}
	if dates := drift.NewTimeline(in, f.Subject, datesShown, p.now); f.Kind.OfCadence() && len(dates) > 0 {
		a.lines = append(a.lines, "The last dates: "+dates.Row()+".")
	}
	return a
}

// hears says who hears of the level.
func (p *planner) hears(t *drift.Transition) string {
	level := t.To
	if level == store.LevelWatch && len(t.Audience) != 1 {
		level = store.LevelDrift // nobody owns it, so both leads hear it from the beginning
	}
	switch level {
	case store.LevelDrift:
		return "The leads of both sides hear this together, in the same words."
	case store.LevelStalled:
		return "The leads of both sides, the executives and the vCIO hear this together, in the same words."
	default:
		return "So far only you hear this; in two business days the leads of both sides do."
	}
}

// alertCard is an alert that asks for no acknowledgement.
func (p *planner) alertCard(a *alert) card.Message {
	m := card.New(card.Heading(a.title))
	for _, line := range a.lines {
		m.Add(card.Paragraph(line))
	}
	if !a.over {
		m.Add(card.Buttons{{Label: "The arithmetic", Say: "drift"}, {Label: "What is coming", Say: "upcoming"}})
	}
	return m
}
