package store

import (
	"fmt"
	"strings"
)

// Lint returns what is allowed but worth a lead's minute, in the order of the
// file: gaps in the matrix, hours that nobody covers, dates that have passed.
// It expects an engagement without errors. A zero day skips what needs one.
func (e *Engagement) Lint(today Date) []Problem {
	l := &linter{e: e, today: today}
	l.engagement()
	l.people()
	l.channels()
	l.version()
	for i, f := range e.Matrix.Functions {
		l.function(at("matrix.functions", i), f)
	}
	l.ambiguous()
	l.tools()
	l.artifacts()
	l.severities()
	l.rotations()
	l.afterHours()
	l.cadences()
	return l.problems
}

type linter struct {
	e        *Engagement
	today    Date
	problems []Problem
	split    bool // what nobody leads outside business hours was told by splitHours
}

func (l *linter) warn(path, hint, format string, args ...any) {
	l.problems = append(l.problems, Problem{Path: path, Message: fmt.Sprintf(format, args...), Hint: hint, Warning: true})
}

func (l *linter) engagement() {
	e := l.e
	if len(e.BusinessHours) == 0 {
		l.warn("engagement.business_hours", "add business_hours", "no business hours: every hour counts as one, and nothing is ever after hours")
	}
	l.splitHours()
	if len(e.Patterns) == 0 {
		l.warn("engagement.patterns", "name them: "+strings.Join(Patterns, ", "), "no pattern is named, so nobody can say how the work was meant to be divided")
	}
	for i, name := range e.Frameworks {
		l.frameworkSpelling(at("engagement.frameworks", i), name)
	}
}

// frameworkSpelling warns of a name of one's own that looks like a slip in a known one.
func (l *linter) frameworkSpelling(path, name string) {
	if contains(Frameworks, name) {
		return
	}
	if hint := didYouMean(name, Frameworks); hint != "" {
		l.warn(path, hint, "%q is a framework that Tandem does not know", name)
	}
}

func (l *linter) people() {
	e := l.e
	var internal, unreachable []string
	for _, p := range e.People {
		if p.Side == Internal {
			internal = append(internal, p.Name)
		}
		if p.Slack == "" && p.Teams == "" && p.Email == "" {
			unreachable = append(unreachable, p.Name)
		}
	}
	switch len(internal) {
	case 0:
		l.warn("people", "add them", "nobody of %s is listed; without an internal side this is not co-managed", e.Client)
	case 1:
		l.warn("people", "name who stands in", "%s is the only person of %s: when they are out, nobody answers there", internal[0], e.Client)
	}
	for _, side := range []Side{Internal, MSP} {
		if _, ok := e.SideLead(side); !ok && (side == MSP || len(internal) > 0) {
			l.warn("people", fmt.Sprintf("give somebody the role %s-lead", side), "%s has no lead to answer where no person is named", e.SideName(side))
		}
	}
	if len(unreachable) > 0 {
		l.warn("people", "add slack or teams, or email to find them by", "with neither a chat identity nor an e-mail address, and so out of reach for Tandem: %s", names(unreachable))
	}
}

func (l *linter) channels() {
	for _, ch := range l.e.Channels {
		if ch.Slack == "" && ch.Teams == "" {
			l.warn("channels."+ch.Name, "add slack or teams", "the channel %s has no address, so nothing can be posted there", ch.Name)
		}
	}
}

// names lists a few and counts the rest.
func names(all []string) string {
	const shown = 5
	if len(all) <= shown {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:shown], ", "), len(all)-shown)
}

func (l *linter) version() {
	m := l.e.Matrix
	l.signatures()
	reviewed := false
	for _, c := range l.e.Cadences {
		reviewed = reviewed || c.Kind == KindMatrixReview || c.Kind == KindQBR
	}
	if !reviewed {
		l.warn("matrix", "add a cadence of kind matrix-review or qbr", "nothing says when this matrix is reviewed next")
	}
	if m.Version == 0 && len(m.Signed) > 0 {
		l.warn("matrix", "add version: 1", "the matrix is signed but has no version, so nobody can say which one was signed")
	}
}

func (l *linter) signatures() {
	e := l.e
	signed := map[Side]bool{}
	for i, s := range e.Matrix.Signed {
		if p, ok := e.Person(s.By); ok {
			signed[p.Side] = true
		}
		if !l.today.IsZero() && l.today.Before(s.Date) {
			l.warn(at("matrix.signed", i)+".date", "", "this signature is dated %s, after today (%s)", s.Date, l.today)
		}
	}
	const hint = "until both sides have signed, answers are marked as an unsigned draft"
	switch {
	case !signed[Internal] && !signed[MSP]:
		l.warn("matrix.signed", hint, "the matrix is not signed by either side")
	case !signed[Internal]:
		l.warn("matrix.signed", hint, "the matrix is not signed by %s", e.Client)
	case !signed[MSP]:
		l.warn("matrix.signed", hint, "the matrix is not signed by %s", e.MSP)
	}
}

// function tells what a row lacks in one sentence, and then what it contradicts.
func (l *linter) function(path string, f Function) {
	var blank []string
	if len(f.Accountable.People()) == 0 {
		blank = append(blank, "accountable person")
	}
	if f.Support == "" && f.Owner != Joint {
		blank = append(blank, "support")
	}
	switch {
	case len(f.Escalation) == 0:
		blank = append(blank, "escalation path")
	case len(f.Escalation) == 1 && f.Escalation[0] == f.Accountable.Person:
		blank = append(blank, "step of escalation beyond the accountable person")
	}
	if len(blank) > 0 {
		l.warn(path, "", "%s has no %s", f.Name, strings.Join(blank, ", no "))
	}
	if f.Support != "" && f.Support == f.Owner {
		l.warn(path+".support", "", "%s is supported by its own owner, %s", f.Name, f.Owner)
	}
	if f.Support != "" && f.Owner == Joint {
		l.warn(path+".support", "leave it out", "%s is held by both sides, so support says nothing", f.Name)
	}
	l.otherSide(path+".accountable", f.Name, f.Owner, f.Accountable.Person)
	l.otherSide(path+".accountable.internal", f.Name, Internal, f.Accountable.Internal)
	l.otherSide(path+".accountable.msp", f.Name, MSP, f.Accountable.MSP)
}

func (l *linter) otherSide(path, row string, want Side, id string) {
	p, ok := l.e.Person(id)
	if ok && want.Valid() && p.Side != want {
		l.warn(path, "", "%s is accountable for %s, which is held by %s, but works for %s",
			p.Name, row, l.e.SideName(want), l.e.SideName(p.Side))
	}
}

// ambiguous tells of a name or an alias that two rows share, or a row and an
// exclusion: a question with that word has no one answer.
func (l *linter) ambiguous() {
	first := map[string]string{} // folded word → who has it, for the message
	owner := map[string]string{} // folded word → path of who has it
	see := func(entry, path, word, who string) {
		key := strings.Join(strings.Fields(strings.ToLower(word)), " ")
		if other, taken := owner[key]; taken && other != entry {
			l.warn(path, "leave it with one of them", "%q names %s as well as %s", short(word), who, first[key])
			return
		}
		owner[key], first[key] = entry, who
	}
	for i, f := range l.e.Matrix.Functions {
		entry := at("matrix.functions", i)
		see(entry, entry+".name", f.Name, "the row "+f.ID)
		for j, alias := range f.Aliases {
			see(entry, at(entry+".aliases", j), alias, "the row "+f.ID)
		}
	}
	for i, x := range l.e.Matrix.OutOfScope {
		entry := at("matrix.out_of_scope", i)
		see(entry, entry+".name", x.Name, "what is out of scope")
		for j, alias := range x.Aliases {
			see(entry, at(entry+".aliases", j), alias, "what is out of scope")
		}
	}
}
