package card

import (
	_ "embed" // the templates
	"fmt"
	"html/template"
	"strings"
)

// The names under which a form of a card in HTML is sent. A value of a card's
// own form has FieldPrefix before its name, so that it can't pose as another.
const (
	SayField    = "say"
	FieldPrefix = "field."
)

// Wiring says how a card in HTML reaches whoever serves the page.
type Wiring struct {
	ID     string // begins every id that the card has in the page
	Action string // where buttons and forms are posted to
	// Hidden returns what goes along unseen with a form. It is called once for
	// each form of the card; nil means nothing.
	Hidden func() []Hidden
}

// Hidden is a field of a form that nobody sees.
type Hidden struct {
	Name  string
	Value string
}

//go:embed html.tmpl
var htmlText string

var htmlTemplates = template.Must(template.New("card").Funcs(template.FuncMap{"clean": Clean}).Parse(htmlText))

// HTML renders the card as a fragment of a page: a heading of the third level,
// facts as a description list, a path as numbered steps, small print, and real
// forms with real buttons, which need no script. The fact right under the
// heading is what the card is for, and is marked to stand out. The same card
// and wiring give the same bytes, but for what Hidden returns.
func (m Message) HTML(w Wiring) (template.HTML, error) {
	var b strings.Builder
	for i, block := range m.Blocks {
		name, data := view(block, &w, fmt.Sprintf("%s-%d", w.ID, i), i > 0 && isHeading(m.Blocks[i-1]))
		if name == "" {
			return "", fmt.Errorf("card: a block of type %T", block)
		}
		if err := htmlTemplates.ExecuteTemplate(&b, name, data); err != nil {
			return "", fmt.Errorf("card: block %s: %w", name, err)
		}
	}
	return template.HTML(b.String()), nil //nolint:gosec // html/template has escaped all of it
}

func isHeading(b Block) bool {
	_, ok := b.(Heading)
	return ok
}

// What the templates see of a block.
type (
	listView struct {
		List
		ID string
	}
	tableView struct {
		Table
		ID string
	}
	factsView struct {
		Lead *leadView
		Rest Facts
	}
	// leadView is a fact in three parts, so that the eye finds the first.
	leadView struct{ Label, Who, More, Until string }
	formView struct {
		ID, Action string
		Hidden     []Hidden
		Buttons    Buttons
		Form       Form
		Fields     []fieldView
	}
	fieldView struct {
		Field
		ID, As string
	}
)

// Column is the name of a column, for a phone, which has no room for a head.
func (t tableView) Column(i int) string {
	if i >= len(t.Columns) {
		return ""
	}
	return Clean(t.Columns[i])
}

// view returns the template of a block and what it shows; "" where there is none.
func view(block Block, w *Wiring, id string, underHeading bool) (string, any) {
	switch b := block.(type) {
	case Heading:
		return jsonHeading, string(b)
	case Paragraph:
		return jsonParagraph, string(b)
	case Note:
		return jsonNote, string(b)
	case Facts:
		v := factsView{Rest: b}
		if underHeading && len(b) > 0 {
			lead := leadOf(b[0])
			v = factsView{Lead: &lead, Rest: b[1:]}
		}
		return jsonFacts, v
	case List:
		return jsonList, listView{b, id}
	case Table:
		return jsonTable, tableView{b, id}
	case Buttons:
		return jsonButtons, formView{ID: id, Action: w.Action, Hidden: w.hidden(), Buttons: b}
	case Form:
		v := formView{ID: id, Action: w.Action, Hidden: w.hidden(), Form: b}
		for i, f := range b.Fields {
			v.Fields = append(v.Fields, fieldView{f, fmt.Sprintf("%s-%d", id, i), FieldPrefix + f.Name})
		}
		return jsonForm, v
	}
	return "", nil
}

func (w *Wiring) hidden() []Hidden {
	if w.Hidden == nil {
		return nil
	}
	return w.Hidden()
}

// leadOf takes a fact apart: who, what else, and until when. Put together
// again the parts are the value, so that nothing is lost where a name has a
// comma or no end is told.
func leadOf(f Fact) leadView {
	v := leadView{Label: Clean(f.Label)}
	rest, found := "", false
	v.Who, rest, found = strings.Cut(Clean(f.Value), ", ")
	if !found {
		return v
	}
	v.More = rest
	if i := strings.LastIndex(rest, "until "); i == 0 || i > 0 && rest[i-1] == ' ' {
		v.More, v.Until = rest[:i], rest[i:]
	}
	return v
}
