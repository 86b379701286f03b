package card

import (
	"strconv"
	"strings"
	"unicode"
)

// Plain renders the card as text that reads well on a terminal and aloud: a
// heading on a line of its own, facts as "Label: value", steps with their
// number, buttons as what to type, a table as a line for each row that says its
// columns. Nothing is told by colour, column or symbol alone. It ends without a
// line break.
func (m Message) Plain() string {
	var b strings.Builder
	for i, block := range m.Blocks {
		if i > 0 {
			b.WriteByte('\n')
			if apart(m.Blocks[i-1], block) {
				b.WriteByte('\n')
			}
		}
		plain(&b, block)
	}
	return b.String()
}

// apart says whether an empty line stands between two blocks: before small
// print and around paragraphs, so that facts stay together.
func apart(above, below Block) bool {
	if _, heading := above.(Heading); heading {
		_, para := below.(Paragraph)
		return para
	}
	switch below.(type) {
	case Note, Paragraph, Buttons, Form:
		return true
	}
	_, para := above.(Paragraph)
	return para
}

func plain(b *strings.Builder, block Block) {
	switch block := block.(type) {
	case Heading:
		b.WriteString(Clean(string(block)))
	case Paragraph:
		b.WriteString(Clean(string(block)))
	case Note:
		b.WriteString(Clean(string(block)))
	case Table:
		plainTable(b, block)
	case Buttons:
		plainButtons(b, block)
	case Form:
		plainForm(b, block)
	case Facts:
		for i, f := range block {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(Clean(f.Label) + ": " + Clean(f.Value))
		}
	case List:
		b.WriteString(Clean(block.Title))
		for i, item := range block.Items {
			b.WriteString("\n  ")
			if block.Ordered {
				b.WriteString(strconv.Itoa(i+1) + ". ")
			} else {
				b.WriteString("- ")
			}
			b.WriteString(Clean(item))
		}
	}
}

// plainTable says a row in a line: its first cell, then each other cell after
// its column's name. An empty cell is left out.
func plainTable(b *strings.Builder, t Table) {
	b.WriteString(Clean(t.Title))
	for _, row := range t.Rows {
		b.WriteString("\n  - ")
		said := false
		for i, cell := range row {
			if cell = Clean(cell); cell == "" {
				continue
			}
			if said {
				b.WriteString("; ")
			}
			if i > 0 && i < len(t.Columns) {
				b.WriteString(Clean(t.Columns[i]) + ": ")
			}
			b.WriteString(cell)
			said = true
		}
	}
}

func plainButtons(b *strings.Builder, buttons Buttons) {
	for i, button := range buttons {
		if i > 0 {
			b.WriteByte('\n')
		}
		label := Clean(button.Label)
		if !strings.HasSuffix(label, "?") {
			label += ":"
		}
		b.WriteString(label + " type `" + Clean(button.Say) + "`")
	}
}

// spelledOut is how many options of a choice are read aloud.
const spelledOut = 12

func plainForm(b *strings.Builder, f Form) {
	b.WriteString(Clean(f.Title))
	for _, field := range f.Fields {
		b.WriteString("\n  - " + Clean(field.Label))
		if hint := Clean(field.Hint); hint != "" {
			b.WriteString(" (" + hint + ")")
		}
		if !field.Required {
			b.WriteString(", if you like")
		}
		switch n := len(field.Options); {
		case n > spelledOut:
			b.WriteString(": one of " + strconv.Itoa(n))
		case n > 0:
			b.WriteString(": " + strings.Join(labels(field.Options), "; "))
		}
		if value := Clean(field.Value); value != "" {
			b.WriteString("; now: " + value)
		}
	}
	if f.Typed != "" {
		b.WriteString("\nIn one line: type `" + Clean(f.Typed) + "`")
	}
}

func labels(options []Option) []string {
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = Clean(o.Label)
	}
	return out
}

// Clean makes one line of a text: control characters, line breaks and the
// invisible characters that turn the direction of a text are taken out or
// become a space, so that nothing that people wrote can steer a terminal or
// make one line look like another.
func Clean(text string) string {
	if clean(text) {
		return text
	}
	out := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return ' '
		case unicode.IsControl(r) || turnsDirection(r) || unseen(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(out), " ")
}

// clean is the common case: printable ASCII without double spaces.
func clean(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' || text[i] == ' ' && (i == 0 || i == len(text)-1 || text[i-1] == ' ') {
			return false
		}
	}
	return true
}

// turnsDirection reports the marks, embeddings, overrides and isolates of the
// Unicode bidirectional algorithm (UAX #9).
func turnsDirection(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' ||
		r == '\u200E' || r == '\u200F' || r == '\u061C'
}

// unseen reports characters without a shape of their own that can hide in a
// name. The joiners of emoji and of scripts (U+200C, U+200D) stay.
func unseen(r rune) bool {
	switch {
	case r == '\u00AD', r == '\u180E', r == '\u200B', r == '\uFEFF':
		return true
	case r >= '\u2060' && r <= '\u2064', r >= '\u206A' && r <= '\u206F', r >= '\uFFF9' && r <= '\uFFFB':
		return true
	}
	return r >= 0xE0000 && r <= 0xE007F // tags, which spell text that nobody sees
}
