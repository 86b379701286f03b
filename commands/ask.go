package commands

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// Answer is what `ask` says: its JSON form is a contract (PRODUCT §1), its
// card is the same in words. Fields that don't belong to the kind of the
// subject are left out; on a function and a severity LeadNow, Hours and Until
// always stand.
type Answer struct {
	ID       string `json:"id,omitempty"`
	Question string `json:"question"`
	// At is the instant of the answer as RFC 3339 in the engagement's zone,
	// whatever offset was asked with, so that it compares with Until by eye.
	At      string             `json:"at"`
	Outcome ownership.Outcome  `json:"outcome"`
	Subject *ownership.Subject `json:"subject,omitempty"`
	// Owner is a row's owner, the side that runs a tool, or the side of the
	// person who owns a document or was asked about.
	Owner store.Side `json:"owner,omitempty"`
	// Accountable holds ids of people: whoever answers for the row, the internal
	// side first where a joint row has two, or who owns the document.
	Accountable []string           `json:"accountable,omitempty"`
	LeadNow     store.Side         `json:"lead_now,omitempty"`
	Hours       string             `json:"hours,omitempty"` // business or after
	Until       Until              `json:"until,omitzero"`
	Choices     []ownership.Choice `json:"choices"`
	Text        string             `json:"text"`

	Card    card.Message `json:"-"`
	Matched []string     `json:"-"` // the words that spoke for the first choice
}

// Until is the instant at which the hours change from business to after or
// back. In JSON it is RFC 3339 with the engagement's offset, and null where
// they never change, as in an engagement around the clock without holidays.
type Until struct {
	stands bool // the answer has hours at all
	at     time.Time
}

// Time returns the instant, and whether there is one.
func (u Until) Time() (time.Time, bool) { return u.at, !u.at.IsZero() }

// IsZero reports whether the answer has no hours, and so no `until`.
func (u Until) IsZero() bool { return !u.stands }

// MarshalJSON writes RFC 3339, or null.
func (u Until) MarshalJSON() ([]byte, error) {
	if u.at.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(u.at.Format(time.RFC3339))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (u *Until) UnmarshalJSON(data []byte) error {
	*u = Until{stands: true}
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	return json.Unmarshal(data, &u.at)
}

// Ask answers a question as of an instant. Any text has an outcome.
func (d *Desk) Ask(question string, at time.Time) Answer {
	found := d.find(question)
	at = at.In(d.zone)
	question = strings.ToValidUTF8(question, "\uFFFD") // as JSON would have it
	a := Answer{
		Question: question, At: at.Format(time.RFC3339), Outcome: found.Outcome,
		Choices: found.Choices, Matched: found.Matched,
	}
	if a.Choices == nil {
		a.Choices = []ownership.Choice{}
	}
	if found.Outcome == ownership.Help && d.asksUnknownProduct(question) {
		a.Outcome = ownership.Unnamed
	}
	switch a.Outcome {
	case ownership.Answered:
		subject := found.Subject
		if subject.Kind == ownership.KindOnCall {
			subject = d.onCallSubject(subject, at)
			a.Choices = []ownership.Choice{{Subject: subject, Score: 1}}
		}
		a.Subject = &subject
		d.answer(&a, at)
	case ownership.Choose:
		a.Card = d.chooseCard(question, found.Choices)
	case ownership.Unnamed:
		a.Card = d.unnamedCard(question, found.Choices)
	default:
		a.Card = d.helpCard()
	}
	a.Text = a.Card.Plain()
	return a
}

// About answers for a subject that is known, such as one that was chosen. It
// reports false where the engagement doesn't have it.
func (d *Desk) About(s ownership.Subject, question string, at time.Time) (Answer, bool) {
	if s.Kind == ownership.KindOnCall || !d.knows(s) {
		return Answer{}, false
	}
	at = at.In(d.zone)
	a := Answer{
		Question: question, At: at.Format(time.RFC3339), Outcome: ownership.Answered,
		Subject: &s, Choices: []ownership.Choice{{Subject: s, Score: 1}},
	}
	d.answer(&a, at)
	a.Text = a.Card.Plain()
	return a, true
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
		a.Owner, a.Accountable = f.Owner, d.accountable(f)
		a.lead(lead)
		a.Card = d.functionCard(f, lead, at)
	case ownership.KindSeverity:
		s, _ := d.e.Severity(severityLevel(id))
		lead := d.cal.SeverityLead(s, at)
		a.lead(lead)
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
		if x, ok := d.exclusion(id); ok {
			a.Card = d.exclusionCard(x, at)
		}
	case ownership.KindOnCall:
		a.Card = d.onCallCard(id, at)
	case ownership.KindPerson:
		p, _ := d.e.Person(id)
		a.Owner = p.Side
		a.Card = d.personCard(p, at)
	}
}

// lead copies who leads, in which hours and until when, into the contract.
func (a *Answer) lead(l calendar.Lead) {
	a.LeadNow, a.Hours = l.Side, l.Hours
	a.Until = Until{stands: true}
	if y := l.Until.Year(); y >= 0 && y <= 9999 { // RFC 3339 has no other years
		a.Until.at = l.Until
	}
}
