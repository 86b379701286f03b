package engagement

import (
	"strings"
	"unicode"
)

// String renders the report for a terminal: each problem with its line and a
// caret under the column, then a count. It is "" for a report with no problem.
func (r Report) String() string {
	var b strings.Builder
	for _, p := range r.Problems {
		b.WriteString(headline(r.Name, p) + "\n")
		if p.Line > 0 {
			b.WriteString(excerpt(p.Text, p.Column))
		}
	}
	if r.Hidden > 0 {
		b.WriteString(count(r.Hidden, "more problem") + " not shown\n")
	}
	if r.Partial {
		b.WriteString("whether the rest fits together was not checked: what it refers to could not be read\n")
	}
	switch {
	case r.Errors() > 0:
		b.WriteString(count(r.Errors(), "error") + "; nothing was changed\n")
	case r.Warnings() > 0:
		b.WriteString(count(r.Warnings(), "warning") + "\n")
	}
	return b.String()
}

const (
	excerptWidth = 100 // characters of a line that are shown
	excerptLead  = 60  // of them before the column, in a line that is longer
	margin       = "    "
)

// excerpt shows the line and a caret below the column. A long line is clipped
// around the column; tabs stay tabs in both lines so that the caret stands
// right whatever their width.
func excerpt(line string, column int) string {
	runes := []rune(line)
	at := min(max(column-1, 0), len(runes))
	start, end := 0, len(runes)
	before, after := "", ""
	if len(runes) > excerptWidth {
		start = max(0, min(at-excerptLead, len(runes)-excerptWidth))
		end = min(len(runes), start+excerptWidth)
		if start > 0 {
			before = "…"
		}
		if end < len(runes) {
			after = "…"
		}
	}
	text := margin + before + visible(string(runes[start:end])) + after
	return strings.TrimRight(text, " ") + "\n" + margin + padding(before+visible(string(runes[start:at]))) + "^\n"
}

// padding is as wide as s on a terminal that gives each character one cell.
func padding(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return '\t'
		}
		return ' '
	}, s)
}

// visible escapes what would change a terminal instead of showing on it:
// control characters, line separators and the marks that turn the direction
// of writing. Tabs stay.
func visible(s string) string {
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			b.WriteString(escape(r))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func hidden(r rune) bool {
	if r == '\t' || r == ' ' {
		return false
	}
	return !unicode.IsPrint(r) || r == unicode.ReplacementChar
}
