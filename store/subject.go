package store

import (
	"iter"
	"strconv"
	"strings"
)

// The kinds of a [SubjectRef] that an alias can stand for.
const (
	SubjectFunction   = "function"     // ID is the row's
	SubjectTool       = "tool"         // ID is the layer
	SubjectArtifact   = "artifact"     // ID is the artifact's
	SubjectSeverity   = "severity"     // ID is sevN
	SubjectOutOfScope = "out_of_scope" // ID is the exclusion's name
)

// SubjectName returns what people call the subject, and whether the
// engagement has it.
func (e *Engagement) SubjectName(ref SubjectRef) (string, bool) {
	for r, name := range e.subjects() {
		if r == ref {
			return name, true
		}
	}
	return "", false
}

// CalledSo returns the first subject but one whose name or alias in the file is
// the phrase, and whether there is one.
func (e *Engagement) CalledSo(phrase string, but SubjectRef) (SubjectRef, bool) {
	folded := FoldPhrase(phrase)
	for ref, name := range e.subjects() {
		if ref != but && FoldPhrase(name) == folded {
			return ref, true
		}
	}
	return SubjectRef{}, false
}

// subjects goes through what an alias can stand for: each with its name
// first, and then once more for each alias.
func (e *Engagement) subjects() iter.Seq2[SubjectRef, string] {
	return func(yield func(SubjectRef, string) bool) {
		more := true
		each := func(kind, id, name string, aliases []string) {
			ref := SubjectRef{kind, id}
			more = more && yield(ref, name)
			for _, a := range aliases {
				more = more && yield(ref, a)
			}
		}
		for _, f := range e.Matrix.Functions {
			each(SubjectFunction, f.ID, f.Name, f.Aliases)
		}
		for _, t := range e.Tools {
			each(SubjectTool, t.Layer, t.Product, nil)
		}
		for _, a := range e.Artifacts {
			each(SubjectArtifact, a.ID, a.Name, a.Aliases)
		}
		for _, s := range e.Severities {
			level := strconv.Itoa(s.Level)
			each(SubjectSeverity, "sev"+level, "severity "+level, nil)
		}
		for _, x := range e.Matrix.OutOfScope {
			each(SubjectOutOfScope, x.Name, x.Name, x.Aliases)
		}
	}
}

// FoldPhrase is what two spellings of one phrase have in common: case and
// spaces tell nothing.
func FoldPhrase(s string) string { return strings.ToLower(OneLine(s)) }

// OneLine is s with each stretch of white space as one space, and none around it.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Printable is s on one line, without control characters and cut to most
// characters, for a place that takes no other.
func Printable(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if control(r) {
			return -1
		}
		return r
	}, OneLine(strings.ToValidUTF8(s, "")))
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

// CheckAlias returns what keeps a phrase from being an alias, which the engagement
// file could hold as well, or "".
func CheckAlias(phrase string) string {
	c := newChecker(&Engagement{})
	c.lines("", []string{phrase})
	if len(c.problems) == 0 {
		return ""
	}
	return c.problems[0].Message
}
