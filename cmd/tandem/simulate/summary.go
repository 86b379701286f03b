package simulate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// Summary is what came of a play.
type Summary struct {
	Cadences         []CadenceSummary `json:"cadences"`
	Findings         []FindingSummary `json:"findings"`
	Acknowledgements AckSummary       `json:"acknowledgements"`
	Questions        QuestionSummary  `json:"questions"`
	Posted           int              `json:"posted"` // messages
	Done             int              `json:"done"`   // things that people did
}

// CadenceSummary counts the due dates of a cadence that have come.
type CadenceSummary struct {
	Cadence string `json:"cadence"`
	Name    string `json:"name"`
	Held    int    `json:"held"`
	Missed  int    `json:"missed"`
	Skipped int    `json:"skipped"`
	Open    int    `json:"open"` // prompted or overdue at the end
	Moved   int    `json:"moved"`
}

// FindingSummary is one finding with its life.
type FindingSummary struct {
	Finding string        `json:"finding"` // its fingerprint, such as stretching:weekly-standup
	Opened  time.Time     `json:"opened"`
	Closed  time.Time     `json:"closed,omitzero"`
	Steps   []FindingStep `json:"steps"`
}

// FindingStep is one opening, climb, descent or closing.
type FindingStep struct {
	At    time.Time         `json:"at"`
	Move  store.FindingMove `json:"move"`
	Level string            `json:"level"`
	Facts string            `json:"facts"`
}

// AckSummary counts people: each who was asked is one.
type AckSummary struct {
	Messages int `json:"messages"`
	Asked    int `json:"asked"`
	Given    int `json:"given"`
	Waiting  int `json:"waiting"` // asked, not given, and the message is still open
}

// QuestionSummary counts what was asked by what came of it.
type QuestionSummary struct {
	Asked    int `json:"asked"`
	Answered int `json:"answered"`
	Chosen   int `json:"asked_back"`
	Unnamed  int `json:"unnamed"`
}

func (p *Play) summary(ctx context.Context) (s Summary, err error) {
	if s.Cadences, err = p.cadences(ctx); err != nil {
		return s, err
	}
	if s.Findings, err = p.findings(ctx); err != nil {
		return s, err
	}
	asked, err := p.Store.Acknowledgements(ctx, p.Engagement.ID, store.AckFilter{})
	if err != nil {
		return s, err
	}
	for i := range asked {
		a := &asked[i]
		s.Acknowledgements.Messages++
		s.Acknowledgements.Asked += len(a.Asked)
		s.Acknowledgements.Given += len(a.Given)
		if a.Closed.IsZero() {
			s.Acknowledgements.Waiting += len(a.Missing())
		}
	}
	if s.Questions, err = p.questions(); err != nil {
		return s, err
	}
	for i := range p.entries {
		if p.entries[i].Kind == KindPost {
			s.Posted++
		} else {
			s.Done++
		}
	}
	return s, nil
}

func (p *Play) cadences(ctx context.Context) ([]CadenceSummary, error) {
	var out []CadenceSummary
	for i := range p.Engagement.Cadences {
		c := CadenceSummary{Cadence: p.Engagement.Cadences[i].ID, Name: p.Engagement.Cadences[i].Name}
		list, err := p.Store.Occurrences(ctx, p.Engagement.ID, c.Cadence, 0)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			if o.Due.After(p.now) && !o.State.Done() {
				continue
			}
			if !o.Moved.IsZero() {
				c.Moved++
			}
			switch o.State {
			case store.Held:
				c.Held++
			case store.Missed:
				c.Missed++
			case store.Skipped:
				c.Skipped++
			default:
				c.Open++
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func (p *Play) findings(ctx context.Context) ([]FindingSummary, error) {
	steps, err := p.Store.FindingTransitions(ctx, p.Engagement.ID)
	if err != nil {
		return nil, err
	}
	out := []FindingSummary{}
	for _, t := range steps {
		i := slices.IndexFunc(out, func(f FindingSummary) bool { return f.Finding == t.Fingerprint && f.Closed.IsZero() })
		if i < 0 {
			out = append(out, FindingSummary{Finding: t.Fingerprint, Opened: t.At.In(p.zone)})
			i = len(out) - 1
		}
		f := &out[i]
		f.Steps = append(f.Steps, FindingStep{t.At.In(p.zone), t.Move, t.To.String(), t.Facts})
		if t.Move == store.FindingClosed {
			f.Closed = t.At.In(p.zone)
		}
	}
	return out, nil
}

// questions asks the typed questions of the play again, to count what came of each.
func (p *Play) questions() (q QuestionSummary, err error) {
	desk, err := commands.NewDesk(p.Engagement, nil)
	if err != nil {
		return q, err
	}
	asked := map[string]bool{}
	for _, a := range p.Script.Ask {
		for _, text := range a.Questions {
			asked[text] = true
		}
	}
	for i := range p.entries {
		e := &p.entries[i]
		if e.Did != "says" || !asked[e.Said] {
			continue
		}
		q.Asked++
		switch desk.Ask(e.Said, e.At).Outcome {
		case ownership.Answered:
			q.Answered++
		case ownership.Choose:
			q.Chosen++
		case ownership.Unnamed:
			q.Unnamed++
		default:
		}
	}
	return q, nil
}

// PrintSummary writes the summary as text.
func (t *Transcript) PrintSummary(w io.Writer) {
	const day = "Mon 2 Jan 2006"
	s := &t.Summary
	fmt.Fprintf(w, "Summary of %q, %s to %s\n\n", t.Story, t.From.Format(day), t.Until.Format(day))
	fmt.Fprintln(w, "Cadences:")
	for _, c := range s.Cadences {
		parts := []string{fmt.Sprintf("%d held", c.Held), fmt.Sprintf("%d missed", c.Missed), fmt.Sprintf("%d skipped", c.Skipped)}
		if c.Moved > 0 {
			parts = append(parts, fmt.Sprintf("%d moved", c.Moved))
		}
		if c.Open > 0 {
			parts = append(parts, fmt.Sprintf("%d still open", c.Open))
		}
		fmt.Fprintf(w, "  %s: %s\n", c.Name, strings.Join(parts, ", "))
	}
	if len(s.Findings) == 0 {
		fmt.Fprintln(w, "\nDrift: none")
	} else {
		fmt.Fprintln(w, "\nDrift:")
	}
	for _, f := range s.Findings {
		end := "still open"
		if !f.Closed.IsZero() {
			end = "closed " + f.Closed.Format(day)
		}
		fmt.Fprintf(w, "  %s: opened %s, %s\n", f.Finding, f.Opened.Format(day), end)
		for _, step := range f.Steps {
			at := step.At.Format("2 Jan 15:04 MST")
			if heir := s.heir(&f, &step); heir != "" {
				fmt.Fprintf(w, "    %s: it goes on as %s.\n", at, heir)
				continue
			}
			fmt.Fprintf(w, "    %s: %s, %s. %s\n", at, step.Move, step.Level, step.Facts)
		}
	}
	a, q := s.Acknowledgements, s.Questions
	fmt.Fprintf(w, "\nAcknowledgements: %d asked for in %d messages, %d given, %d waiting\n", a.Asked, a.Messages, a.Given, a.Waiting)
	fmt.Fprintf(w, "Questions: %d asked, %d answered, %d asked back, %d not named in the matrix\n", q.Asked, q.Answered, q.Chosen, q.Unnamed)
	fmt.Fprintf(w, "Tandem posted %d messages; people did %d things.\n", s.Posted, s.Done)
}

// heir is the finding that a finding became when it was closed, "" for none: a
// standup that stretched has become fortnightly, and is not well.
func (s *Summary) heir(f *FindingSummary, step *FindingStep) string {
	_, subject, _ := strings.Cut(f.Finding, ":")
	for i := range s.Findings {
		other := &s.Findings[i]
		if step.Move == store.FindingClosed && other.Opened.Equal(step.At) && strings.HasSuffix(other.Finding, ":"+subject) && other.Finding != f.Finding {
			return other.Finding
		}
	}
	return ""
}
