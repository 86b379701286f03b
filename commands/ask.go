package commands

import (
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// Answer is what `ask` says: its JSON form is a contract (PRODUCT §1), its
// card is the same in words.
type Answer struct {
	ID          string             `json:"id,omitempty"`
	Question    string             `json:"question"`
	At          string             `json:"at"` // RFC 3339, in the engagement's zone
	Outcome     ownership.Outcome  `json:"outcome"`
	Subject     *ownership.Subject `json:"subject,omitempty"`
	Owner       store.Side         `json:"owner,omitempty"`
	Accountable []string           `json:"accountable,omitempty"`
	LeadNow     store.Side         `json:"lead_now,omitempty"`
	Hours       string             `json:"hours,omitempty"` // business or after
	Until       string             `json:"until,omitempty"` // RFC 3339; "" where the hours never change
	Choices     []ownership.Choice `json:"choices"`
	Text        string             `json:"text"`

	Card    card.Message `json:"-"`
	Matched []string     `json:"-"` // the words that spoke for the first choice
}

// Ask answers a question as of an instant.
func (d *Desk) Ask(question string, at time.Time) Answer {
	found := d.index.Ask(question)
	at = at.In(d.zone)
	a := Answer{
		Question: question, At: at.Format(time.RFC3339), Outcome: found.Outcome,
		Choices: found.Choices, Matched: found.Matched,
	}
	if a.Choices == nil {
		a.Choices = []ownership.Choice{}
	}
	switch found.Outcome {
	case ownership.Answered:
		subject := found.Subject
		if subject.Kind == ownership.KindOnCall {
			subject = d.onCallSubject(subject, at)
			a.Choices = []ownership.Choice{{Subject: subject, Score: 1}}
		}
		a.Subject = &subject
		d.answer(&a, at)
	case ownership.Choose:
		a.Card = d.chooseCard(found.Choices)
	case ownership.Unnamed:
		a.Card = d.unnamedCard(found.Choices)
	default:
		a.Card = d.helpCard()
	}
	a.Text = a.Card.Plain()
	return a
}

// Why explains an answer: the words of the question that spoke for it.
func (a *Answer) Why() string {
	if len(a.Matched) == 0 {
		return "No word of the question matched a row."
	}
	return "Matched on: " + strings.Join(a.Matched, ", ") + "."
}

// answer fills in the facts and the card of the subject.
func (d *Desk) answer(a *Answer, at time.Time) {
	switch id := a.Subject.ID; a.Subject.Kind {
	case ownership.KindFunction:
		f, _ := d.e.Function(id)
		lead := d.cal.Lead(f, at)
		a.Owner, a.Accountable = f.Owner, f.Accountable.People()
		a.lead(lead, d.zone)
		a.Card = d.functionCard(f, lead, at)
	case ownership.KindSeverity:
		level, _ := strconv.Atoi(strings.TrimPrefix(id, "sev"))
		s, _ := d.e.Severity(level)
		lead := d.cal.SeverityLead(s, at)
		a.lead(lead, d.zone)
		a.Card = d.severityCard(s, lead, at)
	case ownership.KindTool:
		t, _ := d.e.Tool(id)
		a.Owner = t.RunBy
		a.Card = d.toolCard(t, a.Question, at)
	case ownership.KindArtifact:
		x, _ := d.e.Artifact(id)
		if p, ok := d.e.Person(x.Owner); ok {
			a.Owner, a.Accountable = p.Side, []string{p.ID}
		}
		a.Card = d.artifactCard(x, at)
	case ownership.KindOutOfScope:
		for i := range d.e.Matrix.OutOfScope {
			if x := &d.e.Matrix.OutOfScope[i]; x.Name == id {
				a.Card = d.exclusionCard(x, at)
			}
		}
	case ownership.KindOnCall:
		a.Card = d.onCallCard(at)
	case ownership.KindPerson:
		p, _ := d.e.Person(id)
		a.Owner = p.Side
		a.Card = d.personCard(p, at)
	}
}
