package simulate

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// What an entry can be.
const (
	KindPost = "post" // Tandem posted something
	KindAct  = "act"  // somebody did something, and Tandem answered
)

// Entry is one thing that was posted or done.
type Entry struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Channel string    `json:"channel,omitempty"` // "" is a direct message
	Thread  bool      `json:"thread,omitempty"`
	Person  string    `json:"person,omitempty"` // who did it, or alone sees it
	Only    bool      `json:"only,omitempty"`   // in a channel, for the eyes of Person
	Key     string    `json:"key,omitempty"`    // of a post
	Did     string    `json:"did,omitempty"`    // of an act: says, answers, records, acknowledges
	Said    string    `json:"said,omitempty"`
	Text    string    `json:"text"` // of the card, as plain text
}

// Transcript is everything that happened in a play.
type Transcript struct {
	Story      string    `json:"story"`
	Engagement string    `json:"engagement"`
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"`
	Entries    []Entry   `json:"entries"`
	Summary    Summary   `json:"summary"`

	names map[string]string
}

func (p *Play) transcript(ctx context.Context, from, to time.Time) (*Transcript, error) {
	t := &Transcript{
		Story: p.Script.Name, Engagement: p.Engagement.ID, From: from.In(p.zone), Until: to.In(p.zone),
		Entries: p.entries, names: map[string]string{},
	}
	for i := range t.Entries {
		t.Entries[i].At = t.Entries[i].At.In(p.zone)
	}
	for _, person := range p.Engagement.People {
		t.names[person.ID] = person.Name
	}
	var err error
	t.Summary, err = p.summary(ctx)
	return t, err
}

// Print writes the transcript as text, a paragraph for each entry, with the
// summary at the end.
func (t *Transcript) Print(w io.Writer) {
	day := ""
	for i := range t.Entries {
		e := &t.Entries[i]
		if today := e.At.Format("Mon 2 Jan 2006"); today != day {
			day = today
			fmt.Fprintf(w, "== %s\n\n", day)
		}
		fmt.Fprintf(w, "%s  %s\n", e.At.Format("15:04 MST"), t.headline(e))
		if e.Text != "" {
			fmt.Fprintln(w, indent(e.Text, "    "))
		}
		fmt.Fprintln(w)
	}
	t.PrintSummary(w)
}

// headline says who does what where, and who sees it.
func (t *Transcript) headline(e *Entry) string {
	if e.Kind == KindAct {
		where := "in a direct message"
		if e.Channel != "" {
			where = "in #" + e.Channel
		}
		text := t.names[e.Person] + " " + e.Did + " " + where + ": " + e.Said
		switch {
		case e.Text == "":
			return text
		case e.Only:
			return text + "\n  Tandem, to " + t.names[e.Person] + " alone:"
		}
		return text + "\n  Tandem:"
	}
	switch {
	case e.Channel == "":
		return "Tandem to " + t.names[e.Person] + " alone:"
	case e.Only:
		return "Tandem in #" + e.Channel + ", to " + t.names[e.Person] + " alone:"
	case e.Thread:
		return "Tandem in a thread of #" + e.Channel + ":"
	}
	return "Tandem in #" + e.Channel + ":"
}

func indent(text, by string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = by + line
		}
	}
	return strings.Join(lines, "\n")
}
