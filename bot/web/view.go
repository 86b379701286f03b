package web

import (
	"cmp"
	"encoding/json"
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// messageView is what the page shows of one message.
type messageView struct {
	ID, Change int64
	Thread     int64
	Reply      string // the address to answer it in its thread
	Tandem     bool   // it is Tandem's
	Mine       bool
	Private    bool // only the viewer sees it
	Name       string
	Side       string
	Initials   string
	At         instantView
	Edited     *instantView
	Lines      string
	Card       template.HTML
}

// instantView is an instant as the page shows it, in the engagement's zone.
type instantView struct {
	ISO  string
	Text string
}

func viewInstant(t time.Time, zone *time.Location) instantView {
	t = t.In(zone)
	return instantView{t.Format(time.RFC3339), t.Format("Mon 2 Jan, 15:04 MST")}
}

// viewMessage makes of a message what the speaker of a seat sees of it.
func (w *Web) viewMessage(m *store.WebMessage, s seat, e *Engagement) messageView {
	v := messageView{
		ID: m.ID, Change: m.Change, Thread: m.Thread, Tandem: m.Author == "", Mine: m.Author == s.User(), Private: m.For != "",
		Name: card.Clean(m.Name), At: viewInstant(m.At, e.zone()), Lines: cleanLines(m.Text),
	}
	if !m.Edited.IsZero() {
		edited := viewInstant(m.Edited, e.zone())
		v.Edited = &edited
	}
	if v.Tandem {
		v.Name = "Tandem"
	} else if id, who, _ := strings.Cut(m.Author, "/"); id == e.ID {
		if p, ok := e.person(who); ok {
			v.Side = p.Side
			if strings.HasPrefix(who, "?") {
				v.Side = p.Roles
			}
		}
	}
	if !v.Private {
		v.Reply = s.threadURL(cmp.Or(m.Thread, m.ID)) + "#say"
	}
	v.Initials = initials(v.Name)
	if len(m.Card) > 0 {
		v.Card = w.viewCard(m, s)
	}
	return v
}

// viewCard draws the card of a message. One that can't be read is said to be so.
func (w *Web) viewCard(m *store.WebMessage, s seat) template.HTML {
	var c card.Message
	if err := json.Unmarshal(m.Card, &c); err != nil {
		w.o.Log.Error("a card can't be read", "message", m.ID, "error", err)
		c = card.New(card.Paragraph("This card can't be shown here; a newer Tandem may have written it."))
	}
	on := origin{m.ID, m.For != ""}
	html, err := c.HTML(card.Wiring{
		ID: "m" + on.String(), Action: s.URL("/press"),
		Hidden: func() []card.Hidden {
			return []card.Hidden{{Name: "nonce", Value: w.mint.nonce(s, on)}, {Name: "on", Value: on.String()}}
		},
	})
	if err != nil {
		w.o.Log.Error("a card can't be drawn", "message", m.ID, "error", err)
	}
	return html
}

// cleanLines takes out of a text what could make it look like another, line by
// line.
func cleanLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = card.Clean(line)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// initials are the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	out := string(unicode.ToUpper(first))
	if len(words) > 1 {
		last, _ := utf8.DecodeRuneInString(words[len(words)-1])
		out += string(unicode.ToUpper(last))
	}
	return out
}
