package commands

import (
	"slices"

	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// taught returns the engagement with the learned aliases among its own, so
// that questions near to them find their subject. The given one is not changed.
func taught(e *store.Engagement, learned []store.LearnedAlias) *store.Engagement {
	if len(learned) == 0 {
		return e
	}
	with := *e
	with.Matrix.Functions = slices.Clone(e.Matrix.Functions)
	with.Matrix.OutOfScope = slices.Clone(e.Matrix.OutOfScope)
	with.Artifacts = slices.Clone(e.Artifacts)
	for _, a := range learned {
		var aliases *[]string
		switch a.Subject.Kind {
		case ownership.KindFunction:
			if f, ok := with.Function(a.Subject.ID); ok {
				aliases = &f.Aliases
			}
		case ownership.KindArtifact:
			if x, ok := with.Artifact(a.Subject.ID); ok {
				aliases = &x.Aliases
			}
		case ownership.KindOutOfScope:
			for i := range with.Matrix.OutOfScope {
				if x := &with.Matrix.OutOfScope[i]; x.Name == a.Subject.ID {
					aliases = &x.Aliases
				}
			}
		}
		if aliases != nil {
			*aliases = append(slices.Clone(*aliases), a.Phrase)
		}
	}
	return &with
}

// learn keeps the learned aliases by key: a question that is one, whatever
// small words stand around it, is answered by it and by nothing else.
func (d *Desk) learn(learned []store.LearnedAlias) {
	d.learned = map[string]ownership.Subject{}
	for _, a := range learned {
		subject := ownership.Subject{Kind: a.Subject.Kind, ID: a.Subject.ID}
		if key := d.index.Key(a.Phrase); key != "" && d.knows(subject) {
			d.learned[key] = subject
		}
	}
}

// find asks the learned aliases, then the index.
func (d *Desk) find(question string) ownership.Answer {
	if len(d.learned) > 0 {
		if subject, ok := d.learned[d.index.Key(question)]; ok {
			return ownership.Answer{
				Outcome: ownership.Answered, Subject: subject,
				Choices: []ownership.Choice{{Subject: subject, Score: 1}}, Matched: []string{"an alias that a lead confirmed"},
			}
		}
	}
	return d.index.Ask(question)
}

// knows reports whether the engagement has the subject.
func (d *Desk) knows(s ownership.Subject) bool {
	switch s.Kind {
	case ownership.KindFunction:
		_, ok := d.e.Function(s.ID)
		return ok
	case ownership.KindTool:
		_, ok := d.e.Tool(s.ID)
		return ok
	case ownership.KindArtifact:
		_, ok := d.e.Artifact(s.ID)
		return ok
	case ownership.KindSeverity:
		_, ok := d.e.Severity(severityLevel(s.ID))
		return ok
	case ownership.KindOutOfScope:
		_, ok := d.exclusion(s.ID)
		return ok
	case ownership.KindPerson:
		_, ok := d.e.Person(s.ID)
		return ok
	}
	return false
}
