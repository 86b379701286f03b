package scheduler

import (
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// blockerButtons is for how many blockers a card has buttons.
const blockerButtons = 5

// title is a cadence with the day that it is about.
func (p *planner) title(c *cadence, o *occurrence) string { return c.Name + ", " + p.day(o.Due) }

// promptCard asks a standup's questions. It names nobody who is silent.
func (p *planner) promptCard(c *cadence, o *occurrence) card.Message {
	m := card.New(card.Heading(p.title(c, o)))
	if o.Late {
		m.Add(card.Paragraph("This comes late: it was due " + p.when(o.Due) + ", and Tandem was down."))
	}
	m.Add(card.Paragraph("Answers until " + p.when(p.end(o)) + " go into one digest. Two minutes are enough."))
	if len(c.Questions) > 0 {
		m.Add(card.List{Title: "The questions:", Items: c.Questions, Ordered: true})
	}
	m.Add(p.expectedFacts(c, o)...)
	buttons := card.Buttons{
		{Label: "Answer", Say: "answer " + ref(&o.Occurrence), Tone: card.Primary},
		{Label: "Nothing to report", Say: "nothing " + ref(&o.Occurrence)},
		{Label: "I'm away", Say: "absent " + ref(&o.Occurrence)},
	}
	if open := p.Rhythm.Blockers; len(open) > 0 {
		m.Add(p.blockerList("Still open:", open))
		buttons = append(buttons, closeButtons(open)...)
	}
	m.Add(buttons)
	return m
}

// expectedFacts say who is expected, and who is announced away.
func (p *planner) expectedFacts(c *cadence, o *occurrence) []card.Block {
	var here, away []string
	for _, id := range c.Expects {
		if _, absent := p.cal.Absent(id, o.Due); absent {
			away = append(away, id)
		} else {
			here = append(here, id)
		}
	}
	var facts card.Facts
	if len(here) > 0 {
		facts = append(facts, card.Fact{Label: "Expected", Value: p.names(here)})
	}
	if len(away) > 0 {
		facts = append(facts, card.Fact{Label: "Away", Value: p.names(away)})
	}
	if len(facts) == 0 {
		return nil
	}
	return []card.Block{facts}
}

// blockerList says each blocker with its number, its age and whose row it is.
func (p *planner) blockerList(title string, blockers []store.Blocker) card.List {
	list := card.List{Title: title}
	for i := range blockers {
		b := &blockers[i]
		item := strconv.Itoa(b.ID) + ". " + b.Text + " (" + p.name(b.Person) + ", open " + p.age(b.Opened) + ")"
		if lead := p.leadOf(b.Function); lead != "" {
			item += ". " + lead
		}
		list.Items = append(list.Items, item)
	}
	return list
}

// leadOf says who leads the row that a blocker is about.
func (p *planner) leadOf(function string) string {
	f, ok := p.e.Function(function)
	if !ok {
		return ""
	}
	lead := p.cal.Lead(f, p.at)
	if lead.Person == "" {
		return "Row: " + f.Name + ", led by " + p.e.SideName(lead.Side)
	}
	return "Row: " + f.Name + ", led now by " + p.name(lead.Person)
}

func closeButtons(blockers []store.Blocker) card.Buttons {
	var buttons card.Buttons
	for i := range blockers[:min(len(blockers), blockerButtons)] {
		n := strconv.Itoa(blockers[i].ID)
		buttons = append(buttons, card.Button{Label: "Close blocker " + n, Say: "unblock " + n})
	}
	return buttons
}

// nudgeCard is a private and gentle word to somebody whose answer is missing.
func (p *planner) nudgeCard(c *cadence, o *occurrence) card.Message {
	m := card.New(card.Heading(p.title(c, o)),
		card.Paragraph("There is still room for your answer until "+p.when(p.end(o))+". One line is plenty, and nothing to report is an answer too."))
	if len(c.Questions) > 0 {
		m.Add(card.List{Title: "The questions:", Items: c.Questions, Ordered: true})
	}
	m.Add(card.Buttons{
		{Label: "Answer", Say: "answer " + ref(&o.Occurrence), Tone: card.Primary},
		{Label: "Nothing to report", Say: "nothing " + ref(&o.Occurrence)},
		{Label: "I'm away", Say: "absent " + ref(&o.Occurrence)},
	}, card.Note("Only you see this, and it comes once."))
	return m
}

// doneCard takes the place of what asked for an occurrence that is past.
func (p *planner) doneCard(c *cadence, o *occurrence) card.Message {
	m := card.New(card.Heading(p.title(c, o)))
	r := &o.Record
	switch o.State {
	case store.Held:
		text := "Held"
		if c.Kind == store.KindReport {
			text = "Posted"
		}
		if len(r.Attended) > 0 && c.Kind == store.KindStandup {
			m.Add(card.Paragraph(text + ": answered by " + p.names(r.Attended) + ". The digest is in the thread."))
			return m
		}
		m.Add(card.Paragraph(text + " on " + p.day(later(r.At, o.Due)) + "."))
		m.Add(p.recordFacts(c, r)...)
	case store.Overdue:
		m.Add(card.Paragraph("The time for answers is up. The digest is in the thread."))
	case store.Missed:
		m.Add(card.Paragraph("Not held; the next one has come due."))
	case store.Skipped:
		m.Add(card.Paragraph("Skipped: " + strings.TrimSuffix(o.Reason, ".") + "."))
	default:
	}
	return m
}

// recordFacts say what was recorded.
func (p *planner) recordFacts(c *cadence, r *store.Record) []card.Block {
	var facts card.Facts
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, card.Fact{Label: label, Value: value})
		}
	}
	add("Recorded by", p.name(r.By))
	add("There", p.names(r.Attended))
	if len(c.Leadership) > 0 {
		add("Leadership", map[bool]string{true: "was there", false: "was not there"}[r.Leadership])
	}
	add("Result", r.Result)
	if r.Minutes > 0 {
		add("Took", card.Count(r.Minutes, "minute"))
	}
	add("Findings", r.Findings)
	add("Evidence", r.Evidence)
	if !r.Next.IsZero() {
		add("Next date", short(r.Next))
	}
	if len(facts) == 0 {
		return nil
	}
	return []card.Block{facts}
}

// movedCard takes the place of what asked for a due date that was moved.
func (p *planner) movedCard(c *cadence, o *occurrence) card.Message {
	return card.New(card.Heading(c.Name+", "+p.day(o.Moved)),
		card.Paragraph("Moved to "+p.when(o.Due)+": "+strings.TrimSuffix(o.Reason, ".")+"."))
}
