package commands

import (
	"context"
	"slices"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

func (o *Office) escalateCommand() bot.Command {
	return bot.Command{
		Name: "escalate", Usage: "ROW", Needs: bot.MayConverse, Hidden: true,
		Short:    "Name the next on the escalation path, with the number to ring",
		Examples: []string{"escalate password-resets", "escalate sev1"},
		Mine:     o.namesSubject, Run: o.escalate,
	}
}

// escalate is for the person alone: it holds phone numbers.
func (o *Office) escalate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, ok := d.subjectOf(r.Args)
	if !ok {
		return bot.Reply{}, notHere(r.Args)
	}
	var lead calendar.Lead
	var path []calendar.Step
	switch s.Kind {
	case ownership.KindFunction:
		f, _ := d.e.Function(s.ID)
		lead, path = d.cal.Lead(f, r.At), d.cal.Escalation(f, r.At)
	case ownership.KindSeverity:
		v, _ := d.e.Severity(severityLevel(s.ID))
		lead, path = d.cal.SeverityLead(v, r.At), d.cal.Path(d.e.Playbook.CallOrder, r.At)
	default:
		return bot.Reply{}, usage("%s has no escalation path; only rows and severities have one.", d.name(s))
	}
	m := card.New(card.Heading("Escalate: "+d.name(s)), d.callFacts(lead, path))
	if len(path) > 0 {
		m.Add(card.List{Title: "The whole path:", Items: d.callList(path), Ordered: true})
	}
	m.Add(card.Note("Tandem is no pager: nobody has been called or messaged. Ring them."))
	return bot.Reply{Card: m, Private: true}, nil
}

// callFacts say whom to ring: who leads now, then the next present one.
func (d *Desk) callFacts(lead calendar.Lead, path []calendar.Step) card.Facts {
	facts := card.Facts{{Label: "Leads now", Value: d.withPhone(lead.Person, lead.Side)}}
	after := 1 + slices.IndexFunc(path, func(s calendar.Step) bool { return s.Person == lead.Person })
	for _, s := range path[after:] {
		if s.Person == lead.Person || s.Absent && s.Cover == "" {
			continue
		}
		who := s.Person
		if s.Absent {
			who = s.Cover
		}
		return append(facts, card.Fact{Label: "Next", Value: d.withPhone(who, s.Side)})
	}
	return append(facts, card.Fact{Label: "Next", Value: "the path names nobody after them who is there"})
}

// callList is the path with its phone numbers.
func (d *Desk) callList(path []calendar.Step) []string {
	out := make([]string, len(path))
	for i, s := range path {
		out[i] = d.withPhone(s.Person, s.Side)
		if s.Rotation != nil {
			out[i] += " (on call)"
		}
		switch {
		case s.Absent && s.Cover != "":
			out[i] += " (away, covered by " + d.withPhone(s.Cover, s.Side) + ")"
		case s.Absent:
			out[i] += " (away)"
		}
	}
	return out
}

// withPhone says a person with the number to ring.
func (d *Desk) withPhone(id string, side store.Side) string {
	p, ok := d.e.Person(id)
	if !ok {
		return d.e.SideName(side) + " (no person is named)"
	}
	text := p.Name + ", " + d.e.SideName(p.Side)
	if p.Phone == "" {
		return text + ", no phone number is on file"
	}
	return text + ", " + p.Phone
}
