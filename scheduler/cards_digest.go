package scheduler

import (
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// digestCard is a standup in one message: blockers first, then what each side
// said. It says how the standup went, and names nobody as missing.
//
// Ages are those of when it was posted, so that it is drawn anew only where
// somebody said something.
func (p *planner) digestCard(c *cadence, o *occurrence, t *tally) card.Message {
	if posted := p.posts[digestKey(o)]; posted != nil {
		defer func(at time.Time) { p.at = at }(p.at)
		p.at = posted.At
	}
	m := card.New(card.Heading("Digest: "+p.title(c, o)), card.Paragraph(p.summary(o, t)))
	open := p.Rhythm.Blockers
	if len(open) > 0 {
		m.Add(p.blockerList("Blockers:", open))
	}
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if list := p.answersOf(c, t, side); len(list.Items) > 0 {
			m.Add(list)
		}
	}
	if len(t.away) > 0 {
		m.Add(card.Facts{{Label: "Away", Value: p.names(t.away)}})
	}
	if next := p.dueAfter(o); !next.IsZero() {
		m.Add(card.Note("The next one is due " + p.when(next) + "."))
	}
	if buttons := closeButtons(open); len(buttons) > 0 {
		m.Add(buttons)
	}
	return m
}

// summary is one sentence about how the standup went.
func (p *planner) summary(o *occurrence, t *tally) string {
	switch {
	case len(t.answers) == 0 && len(t.missing) == 0 && len(t.away) > 0:
		return "Everybody was away."
	case len(t.answers) == 0:
		return "Nobody answered this time."
	case len(t.whole) == 2 && len(t.silent) == 0:
		text := "Both sides answered: " + card.Count(len(t.answers), "answer")
		if o.State == store.Held && o.Record.At.After(p.end(o)) {
			text += ", the last of them after the end of the grace"
		}
		return text + "."
	default:
		return "Answers came from one side, " + p.sideOf(t) + ": " + card.Count(len(t.answers), "answer") + "."
	}
}

func (p *planner) sideOf(t *tally) string {
	for _, side := range t.whole {
		if !slices.Contains(t.silent, side) {
			return p.e.SideName(side)
		}
	}
	return ""
}

// answersOf lists what the people of one side said, a line for each.
func (p *planner) answersOf(c *cadence, t *tally, side store.Side) card.List {
	list := card.List{Title: p.e.SideName(side) + ":"}
	for i := range t.answers {
		a := &t.answers[i]
		person, ok := p.e.Person(a.Person)
		if !ok || person.Side != side {
			continue
		}
		list.Items = append(list.Items, person.Name+": "+said(c, a))
	}
	return list
}

// saysNothing are parts of an answer that a digest leaves out.
var saysNothing = []string{"", "-", "no", "none", "nothing", "n/a"}

// said is one person's answer in a line, each part after its question.
func said(c *cadence, a *store.Answer) string {
	if a.Kind == store.NothingToReport {
		return "nothing to report"
	}
	var parts []string
	for i, text := range a.Answers {
		if text = strings.TrimSpace(text); slices.Contains(saysNothing, strings.ToLower(strings.TrimRight(text, ".!"))) {
			continue
		}
		if i < len(c.Questions) && len(c.Questions) > 1 {
			text = strings.TrimRight(c.Questions[i], " ") + " " + text
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return "nothing to report"
	}
	return strings.Join(parts, " · ")
}
