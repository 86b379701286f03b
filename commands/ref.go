package commands

import (
	"strings"

	"github.com/tandem-bot/tandem/commands/ownership"
)

// refPrefix says the kind of a subject where its id alone would not.
var refPrefix = map[string]string{
	ownership.KindTool:       "tool:",
	ownership.KindArtifact:   "document:",
	ownership.KindOutOfScope: "excluded:",
	ownership.KindPerson:     "person:",
}

// ref names a subject in a command, as people can type it: password-resets,
// tool:edr, document:wisp, sev1, excluded:Website content.
func ref(s ownership.Subject) string { return refPrefix[s.Kind] + s.ID }

// subjectOf reads what ref wrote, or the name of a row or document as people
// say it.
func (d *Desk) subjectOf(text string) (ownership.Subject, bool) {
	text = strings.TrimSpace(text)
	for kind, prefix := range refPrefix {
		if id, ok := strings.CutPrefix(text, prefix); ok {
			s := ownership.Subject{Kind: kind, ID: id}
			return s, d.knows(s)
		}
	}
	for _, kind := range []string{ownership.KindFunction, ownership.KindSeverity} {
		if s := (ownership.Subject{Kind: kind, ID: strings.ToLower(text)}); d.knows(s) {
			return s, true
		}
	}
	for i := range d.e.Matrix.Functions {
		if f := &d.e.Matrix.Functions[i]; strings.EqualFold(f.Name, text) {
			return ownership.Subject{Kind: ownership.KindFunction, ID: f.ID}, true
		}
	}
	for i := range d.e.Artifacts {
		if a := &d.e.Artifacts[i]; strings.EqualFold(a.Name, text) || strings.EqualFold(a.ID, text) {
			return ownership.Subject{Kind: ownership.KindArtifact, ID: a.ID}, true
		}
	}
	for i := range d.e.Tools {
		if t := &d.e.Tools[i]; strings.EqualFold(t.Layer, text) || strings.EqualFold(t.Product, text) {
			return ownership.Subject{Kind: ownership.KindTool, ID: t.Layer}, true
		}
	}
	for _, x := range d.e.Matrix.OutOfScope {
		if strings.EqualFold(x.Name, text) {
			return ownership.Subject{Kind: ownership.KindOutOfScope, ID: x.Name}, true
		}
	}
	return ownership.Subject{}, false
}

// name says a subject in as few words as there are.
func (d *Desk) name(s ownership.Subject) string {
	switch s.Kind {
	case ownership.KindFunction:
		if f, ok := d.e.Function(s.ID); ok {
			return f.Name
		}
	case ownership.KindTool:
		if t, ok := d.e.Tool(s.ID); ok {
			return t.Product
		}
	case ownership.KindArtifact:
		if a, ok := d.e.Artifact(s.ID); ok {
			return a.Name
		}
	case ownership.KindSeverity:
		if v, ok := d.e.Severity(severityLevel(s.ID)); ok {
			return severityTitle(v)
		}
	case ownership.KindPerson:
		return d.personName(s.ID)
	case ownership.KindOnCall:
		return "Who is on call"
	}
	return s.ID
}
