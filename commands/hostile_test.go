package commands

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// hostile is a name that would forge a line, colour a terminal, set its title
// and turn the rest of the line around.
const hostile = "Eve\nOwner: Nobody\r\x1b[31m\x1b]0;pwned\x07\u202Eevil\u2066\u200B\U000E0041\x00\u2028x"

// poison puts the hostile text wherever people write free text.
func poison(e *store.Engagement) {
	texts := []*string{&e.Client, &e.MSP}
	for i := range e.People {
		texts = append(texts, &e.People[i].Name, &e.People[i].Title)
	}
	for i := range e.Matrix.Functions {
		f := &e.Matrix.Functions[i]
		texts = append(texts, &f.Name, &f.Description, &f.Duties.Internal, &f.Duties.MSP, &f.Vendor.Name, &f.Vendor.Contact, &f.Note)
	}
	for i := range e.Matrix.OutOfScope {
		texts = append(texts, &e.Matrix.OutOfScope[i].Name, &e.Matrix.OutOfScope[i].Note)
	}
	for i := range e.Tools {
		t := &e.Tools[i]
		texts = append(texts, &t.Layer, &t.Product, &t.Export)
		for j := range t.Also {
			texts = append(texts, &t.Also[j].Product, &t.Also[j].Where)
		}
		for j := range t.Grandfathered {
			texts = append(texts, &t.Grandfathered[j].Product, &t.Grandfathered[j].Where)
		}
		for j := range t.Replaces {
			texts = append(texts, &t.Replaces[j])
		}
	}
	for i := range e.Artifacts {
		texts = append(texts, &e.Artifacts[i].Name)
		for j := range e.Artifacts[i].Frameworks {
			texts = append(texts, &e.Artifacts[i].Frameworks[j])
		}
	}
	for i := range e.Severities {
		texts = append(texts, &e.Severities[i].Name)
	}
	for i := range e.OnCall {
		texts = append(texts, &e.OnCall[i].Name)
	}
	for i := range e.Cadences {
		texts = append(texts, &e.Cadences[i].Name)
	}
	for _, text := range texts {
		*text += hostile
	}
}

// TestNamesCannotForgeACard compares each card with that of harmless names:
// it has the same number of lines, and no character that steers a terminal.
func TestNamesCannotForgeACard(t *testing.T) {
	harmless := desk(t, brewery(t, func(e *store.Engagement) {
		poison(e)
		clean(e)
	}))
	forged := desk(t, brewery(t, poison))
	want := everyCard(t, harmless)
	for i, text := range everyCard(t, forged) {
		if strings.Count(text, "\n") != strings.Count(want[i], "\n") {
			t.Errorf("a name adds a line:\n%s", text)
		}
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\x07\x00\r\u202E\u2066\u200B\u2028\U000E0041") {
			t.Errorf("a name steers: %q", text)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "Owner: Nobody") {
				t.Errorf("a name forges a fact:\n%s", text)
			}
		}
	}
}

// clean takes the sting out of the names that people, rows and sides have, so
// that nothing is empty and nothing breaks a line.
func clean(e *store.Engagement) {
	e.Client, e.MSP = card.Clean(e.Client), card.Clean(e.MSP)
	for i := range e.People {
		e.People[i].Name = card.Clean(e.People[i].Name)
	}
	for i := range e.Matrix.Functions {
		e.Matrix.Functions[i].Name = card.Clean(e.Matrix.Functions[i].Name)
	}
}

// everyCard renders one card of every kind, and the other outcomes.
func everyCard(t *testing.T, d *Desk) []string {
	t.Helper()
	var out []string
	var choices []ownership.Choice
	for _, s := range everySubject(d.e) {
		out = append(out, about(t, d, s.Kind, s.ID, "is "+hostile+" ours?", tuesday).Text)
		choices = append(choices, ownership.Choice{Subject: s})
	}
	return append(out, d.chooseCard("is x\u202Ey ours?", choices).Plain(), d.unnamedCard("is x\u202Ey ours?", choices).Plain(), d.helpCard().Plain())
}

// everySubject lists all that can be asked about.
func everySubject(e *store.Engagement) []ownership.Subject {
	var out []ownership.Subject
	add := func(kind, id string) { out = append(out, ownership.Subject{Kind: kind, ID: id}) }
	for i := range e.Matrix.Functions {
		add(ownership.KindFunction, e.Matrix.Functions[i].ID)
	}
	for i := range e.Tools {
		add(ownership.KindTool, e.Tools[i].Layer)
	}
	for i := range e.Artifacts {
		add(ownership.KindArtifact, e.Artifacts[i].ID)
	}
	for _, id := range []string{"sev1", "sev2", "sev3", "sev4"} {
		add(ownership.KindSeverity, id)
	}
	for i := range e.Matrix.OutOfScope {
		add(ownership.KindOutOfScope, e.Matrix.OutOfScope[i].Name)
	}
	for i := range e.People {
		add(ownership.KindPerson, e.People[i].ID)
	}
	add(ownership.KindOnCall, "msp")
	return out
}
