package commands

import (
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// severityPrefix starts a severity's id: sev1.
const severityPrefix = "sev"

// severityLevel returns the level of a severity's id, 0 for what is none.
func severityLevel(id string) int {
	level, err := strconv.Atoi(strings.TrimPrefix(id, severityPrefix))
	if err != nil {
		return 0
	}
	return level
}

// worst is the least bad level at which the playbook is shown.
const worst = 2

func severityTitle(s *store.Severity) string {
	title := "Severity " + strconv.Itoa(s.Level)
	if s.Name != "" {
		title += ", " + s.Name
	}
	return title
}

// severityCard says how bad it is, who leads, how soon, and who is told.
func (d *Desk) severityCard(s *store.Severity, lead calendar.Lead, at time.Time) card.Message {
	facts := d.leadFacts(lead, at)
	if !s.RespondWithin.IsZero() {
		facts = append(facts, card.Fact{Label: "Respond within", Value: s.RespondWithin.Words()})
	}
	if told := d.names(paged(s.Page, lead.Side), at); len(told) > 0 {
		facts = append(facts, card.Fact{Label: "Told at once", Value: card.And(told)})
	}
	if who := d.names([]string{s.BusinessResponse}, at); len(who) > 0 {
		facts = append(facts, card.Fact{Label: "Talks to the business", Value: card.And(who)})
	}
	advice := "Tandem is no pager: ring whoever leads."
	if s.Level <= worst {
		facts = append(facts, d.playbookFacts(at)...)
		if len(d.e.Playbook.CallOrder) > 0 {
			advice = "Tandem is no pager: ring the first in the call order."
		}
	}
	if len(s.Examples) > 0 {
		facts = append(facts, card.Fact{Label: "Examples", Value: strings.Join(s.Examples, "; ")})
	}
	return card.New(card.Heading(severityTitle(s)), facts, card.Note(advice), d.trust(at))
}

// paged leaves out the side that leads: it isn't paged twice.
func paged(ids []string, leads store.Side) []string {
	var out []string
	for _, id := range ids {
		if id != string(leads) {
			out = append(out, id)
		}
	}
	return out
}

// playbookFacts say who may do what in an incident, by name as of the instant.
func (d *Desk) playbookFacts(at time.Time) card.Facts {
	var facts card.Facts
	p := &d.e.Playbook
	if who := d.names(p.MayIsolateEndpoint, at); len(who) > 0 {
		facts = append(facts, card.Fact{Label: "May isolate an endpoint", Value: card.Or(who)})
	}
	if who := d.names([]string{p.NotifiesLeadership}, at); len(who) > 0 {
		facts = append(facts, card.Fact{Label: "Notifies leadership", Value: card.And(who)})
	}
	if who := d.names(p.CallOrder, at); len(who) > 0 {
		facts = append(facts, card.Fact{Label: "Call order", Value: strings.Join(who, ", then ")})
	}
	return facts
}

// names says people, sides and rotations in order, a rotation as whoever is on
// call at the instant. Nobody is named twice.
func (d *Desk) names(ids []string, at time.Time) []string {
	var out []string
	for _, id := range ids {
		if side := store.Side(id); side.Valid() {
			out = append(out, d.e.SideName(side))
			continue
		}
		for _, step := range d.cal.Path([]string{id}, at) {
			out = append(out, stepName(step))
		}
	}
	return unique(out)
}

func stepName(s calendar.Step) string {
	switch {
	case s.Rotation != nil && s.Absent:
		return s.Name + " (on call, but away)"
	case s.Rotation != nil:
		return s.Name + " (on call)"
	case s.Absent:
		return s.Name + " (away)"
	}
	return s.Name
}
