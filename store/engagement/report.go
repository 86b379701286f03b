package engagement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/store"
)

// MaxProblems is how many problems a [Report] lists; the rest are counted.
const MaxProblems = 200

// Problem is a problem with its place in the file.
type Problem struct {
	store.Problem
	Line   int    // from 1; 0 where the problem has no place, as with an empty file
	Column int    // from 1, in characters
	Text   string // the line itself
}

// Report is what reading a file found: errors, or else warnings, in the order
// of the file. Warnings are looked for only in a file without errors.
type Report struct {
	Name     string // of the file, as given
	Problems []Problem
	Hidden   int // problems beyond MaxProblems
	// Partial says that references and values were not checked, since a person
	// or something else that others refer to could not be read.
	Partial bool
}

// OK reports whether there is no error; warnings may remain.
func (r Report) OK() bool { return r.Errors() == 0 }

// Errors returns the number of errors, the hidden ones included.
func (r Report) Errors() int {
	n := 0
	for _, p := range r.Problems {
		if !p.Warning {
			n++
		}
	}
	if n > 0 {
		n += r.Hidden
	}
	return n
}

// Warnings returns the number of warnings, the hidden ones included.
func (r Report) Warnings() int {
	if r.Errors() > 0 {
		return 0
	}
	return len(r.Problems) + r.Hidden
}

// Err returns nil if there is no error, and otherwise one *store.Error of
// code invalid that names the first and counts the rest.
func (r Report) Err() error {
	if r.OK() {
		return nil
	}
	first := r.Problems[0]
	more := ""
	if n := r.Errors() - 1; n > 0 {
		more = fmt.Sprintf(", and %s more", count(n, "error"))
	}
	return store.Errorf(store.CodeInvalid, "%s%s; nothing was changed", headline(r.Name, first), more)
}

// collector gathers problems while a file is read.
type collector struct {
	lines    []string
	problems []Problem
	hidden   int
	failed   bool
	partial  bool
}

func (c *collector) errorAt(line, column int, message, hint string) {
	c.add(line, column, store.Problem{Message: message, Hint: hint})
}

func (c *collector) add(line, column int, p store.Problem) {
	c.failed = c.failed || !p.Warning
	if len(c.problems) == MaxProblems {
		c.hidden++
		return
	}
	text := ""
	if line >= 1 && line <= len(c.lines) {
		text = c.lines[line-1]
		// The library places what is missing one step beyond the line's end.
		column = min(column, utf8.RuneCountInString(text)+1)
	}
	c.problems = append(c.problems, Problem{Problem: p, Line: line, Column: column, Text: text})
}

func (c *collector) report(name string) Report {
	slices.SortStableFunc(c.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return Report{Name: name, Problems: c.problems, Hidden: c.hidden, Partial: c.partial}
}

// count writes "1 error" and "2 errors".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// clip keeps a text of the file short enough for a message.
func clip(s string) string {
	const limit = 60
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}

// headline is the first line of a problem: place, level, message and hint.
func headline(name string, p Problem) string {
	var b strings.Builder
	if name != "" {
		b.WriteString(visible(name) + ":")
	}
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", p.Line, p.Column)
	}
	if b.Len() > 0 {
		b.WriteString(" ")
	}
	level := "error"
	if p.Warning {
		level = "warning"
	}
	b.WriteString(level + ": " + visible(p.Message))
	if p.Hint != "" {
		b.WriteString("; " + visible(p.Hint))
	}
	return b.String()
}
