package scheduler

import (
	"strconv"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// reminderCard says that something is coming: a standup with its questions, a
// report to its owner, and everything else with its agenda and who will be there.
func (p *planner) reminderCard(c *cadence, o *occurrence) card.Message {
	m := card.New(card.Heading(p.title(c, o)))
	when := "It is due " + p.when(o.Due) + "."
	if !o.Moved.IsZero() && o.Reason != "" {
		when = "It was moved to " + p.when(o.Due) + ": " + o.Reason + "."
	}
	m.Add(card.Paragraph(when))
	switch c.Kind {
	case store.KindStandup:
		if len(c.Questions) > 0 {
			m.Add(card.List{Title: "The questions:", Items: c.Questions, Ordered: true})
		}
		m.Add(card.Buttons{
			{Label: "Answer", Say: "answer " + ref(&o.Occurrence), Tone: card.Primary},
			{Label: "I'm away", Say: "absent " + ref(&o.Occurrence)},
		})
	case store.KindReport:
		m.Add(card.Buttons{{Label: "It is posted", Say: "record " + ref(&o.Occurrence), Tone: card.Primary}})
	default:
		m.Add(card.List{Title: "Agenda:", Items: p.agenda(c), Ordered: true})
		m.Add(p.comingFacts(c, o))
		m.Add(card.Buttons{
			{Label: "I'll be there", Say: "rsvp " + ref(&o.Occurrence) + " yes", Tone: card.Primary},
			{Label: "I can't", Say: "rsvp " + ref(&o.Occurrence) + " no"},
		})
	}
	return m
}

// olderCard takes the place of a reminder that a newer one has followed, so that
// an agenda stands in a channel once.
func (p *planner) olderCard(c *cadence, o *occurrence) card.Message {
	return card.New(card.Heading(p.title(c, o)), card.Paragraph("It is due "+p.when(o.Due)+". A newer reminder stands below."))
}

// comingFacts say who will be there, who can't, and whose word is awaited.
func (p *planner) comingFacts(c *cadence, o *occurrence) card.Facts {
	var coming, cannot, open []string
	for i := range p.e.People {
		id := p.e.People[i].ID
		r, said := p.rsvp(o, id)
		switch {
		case said && r.Coming:
			coming = append(coming, id)
		case said:
			cannot = append(cannot, id)
		case contains(c.Expects, id) || contains(c.Leadership, id):
			open = append(open, id)
		}
	}
	facts := card.Facts{{Label: "Will be there", Value: "nobody has said so yet"}}
	if len(coming) > 0 {
		facts[0].Value = p.names(coming)
	}
	if len(cannot) > 0 {
		facts = append(facts, card.Fact{Label: "Can't", Value: p.names(cannot)})
	}
	if len(open) > 0 {
		facts = append(facts, card.Fact{Label: "Invited", Value: p.names(open)})
	}
	return facts
}

func contains(list []string, id string) bool {
	for _, s := range list {
		if s == id {
			return true
		}
	}
	return false
}

// agenda is the matrix first, always, then what is open, then what the cadence
// names itself.
func (p *planner) agenda(c *cadence) []string {
	items := []string{p.matrixItem(c)}
	if n := len(p.Conversations); n > 0 {
		items = append(items, "Open conversations: "+card.Count(n, "question")+" that the matrix doesn't name")
	}
	for i := range p.Rhythm.Findings {
		items = append(items, "Drift: "+p.Rhythm.Findings[i].Facts)
	}
	open := 0
	for i := range p.Rhythm.Requests {
		if a := &p.Rhythm.Requests[i]; a.Closed.IsZero() && a.What != store.AckDrift {
			open++
		}
	}
	if open > 0 {
		items = append(items, "Acknowledgements: "+strconv.Itoa(open)+" still open")
	}
	today := store.DateOf(p.cal.Local(p.at))
	for i := range p.e.Artifacts {
		a := &p.e.Artifacts[i]
		if next, ok := a.NextReview(); ok && next.Before(today) {
			items = append(items, "Past its review: "+a.Name+", due "+short(next))
		}
	}
	return append(items, c.Agenda...)
}

// matrixItem says the version, since when it holds, and what has happened to it
// since the cadence was held last.
func (p *planner) matrixItem(c *cadence) string {
	text := "The matrix: version " + strconv.Itoa(max(p.e.Matrix.Version, 1))
	if p.e.Draft() {
		text += ", an unsigned draft"
	}
	since := p.e.Matrix.Effective
	for _, s := range p.e.Matrix.Signed {
		if since.Before(s.Date) {
			since = s.Date
		}
	}
	var last store.Date
	for _, o := range p.occurrences[c.ID] {
		if o.State == store.Held {
			last = store.DateOf(p.cal.Local(o.Due))
		}
	}
	switch {
	case since.IsZero():
	case store.DateOf(p.cal.Local(p.at)).Before(since):
		text += ", from " + short(since) + " on"
	case last.IsZero() || last.Before(since):
		text += ", changed on " + short(since)
		if p.e.Matrix.Reason != "" {
			text += ": " + p.e.Matrix.Reason
		}
	default:
		text += ", unchanged since " + short(last)
	}
	return text
}

// leadershipCard brings to the owner that leadership has not said it will come.
func (p *planner) leadershipCard(c *cadence, o *occurrence) card.Message {
	var facts card.Facts
	for _, id := range c.Leadership {
		state := "has not said yet"
		if _, said := p.rsvp(o, id); said {
			state = "can't be there"
		}
		facts = append(facts, card.Fact{Label: p.name(id), Value: state})
	}
	return card.New(card.Heading("Leadership for "+p.title(c, o)),
		card.Paragraph("It is due "+p.when(o.Due)+", and nobody of the leadership has said that they will be there. A word from you may settle it, or another date."),
		facts,
		card.Buttons{{Label: "What is coming", Say: "upcoming"}},
		card.Note("Only you see this."))
}
