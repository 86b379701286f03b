package commands

import (
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// leadFacts says who acts now and for how long, and for whom they stand in.
func (d *Desk) leadFacts(l calendar.Lead, at time.Time) card.Facts {
	facts := card.Facts{{Label: "Leads now", Value: d.leadText(l) + ", " + hoursText(l, at)}}
	if l.StandsInFor != "" {
		facts = append(facts, card.Fact{Label: "Standing in for", Value: d.standInText(l)})
	}
	if next := l.PersonUntil; l.Until.IsZero() && !next.IsZero() || next.Before(l.Until) && !next.IsZero() {
		facts = append(facts, card.Fact{Label: "Next change of person", Value: instant(next, at)})
	}
	return facts
}

// leadText names the person before the side, and says when being on call is
// what makes it them.
func (d *Desk) leadText(l calendar.Lead) string {
	p, ok := d.e.Person(l.Person)
	if !ok {
		return d.e.SideName(l.Side) + " (no person is named)"
	}
	link := ", "
	if l.OnCall != nil && l.Turn.Person == l.Person {
		link = ", on call for "
	}
	text := p.Name + link + d.e.SideName(p.Side)
	if p.Side != l.Side {
		text += ", for " + d.e.SideName(l.Side)
	}
	if l.Absent {
		text += " (" + awayText(l.Absence) + "; nobody was found to stand in)"
	}
	return text
}

// standInText says who is away, how long, and why it fell to the one who leads.
func (d *Desk) standInText(l calendar.Lead) string {
	text := d.personName(l.StandsInFor)
	if l.OnCall != nil && l.Turn.Person == l.StandsInFor {
		text += ", on call for " + d.e.SideName(l.OnCall.Side)
	}
	text += ", " + awayText(l.Absence)
	switch l.Reason {
	case calendar.ByCover:
		return text + "; named as cover"
	case calendar.ByEscalation:
		return text + "; next on the escalation path"
	default:
		return text + "; the escalation path has nobody else"
	}
}

// hoursText says which hours these are, why, and until when.
func hoursText(l calendar.Lead, at time.Time) string {
	text := "business hours"
	if l.Hours == calendar.AfterHours {
		text = "after hours"
		if l.Holiday != "" {
			text += " (" + l.Holiday + ")"
		}
	}
	if l.Until.IsZero() {
		return text + " around the clock"
	}
	return text + " until " + instant(l.Until, at)
}

// awayText says the last day of an absence, which counts as away.
func awayText(a store.Absence) string { return "away through " + day(a.To) }

// personName says a person, or nobody where the record names none.
func (d *Desk) personName(id string) string {
	if p, ok := d.e.Person(id); ok {
		return p.Name
	}
	return "nobody"
}

// personOfSide says a person with their side, or that nobody is named.
func (d *Desk) personOfSide(id string) string {
	if p, ok := d.e.Person(id); ok {
		return p.Name + ", " + d.e.SideName(p.Side)
	}
	return "nobody is named"
}
