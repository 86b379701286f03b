package store

import (
	"fmt"
	"strconv"
)

func (l *linter) tools() {
	for i, t := range l.e.Tools {
		path := at("tools", i)
		for j, a := range t.Also {
			l.warn(at(path+".also", j), "", "the layer %s has two products for good: %s and %s", t.Layer, t.Product, a.Product)
		}
		for j, g := range t.Grandfathered {
			here := at(path+".grandfathered", j)
			switch {
			case g.Until.IsZero():
				l.warn(here, "add until, or move it to also", "%s is grandfathered in the layer %s without an end", g.Product, t.Layer)
			case !l.today.IsZero() && g.Until.Before(l.today):
				l.warn(here+".until", "uninstall it or agree on a new date", "%s was to leave the layer %s by %s", g.Product, t.Layer, g.Until)
			}
		}
	}
}

// NextReview returns the day by which the artifact is to be reviewed again. It
// is false where the file does not say how often, or when it last was.
func (a Artifact) NextReview() (Date, bool) {
	every := a.ReviewEvery
	if a.LastReviewed.IsZero() || every.IsZero() {
		return Date{}, false
	}
	switch every.Unit {
	case Years:
		return a.LastReviewed.AddMonths(12 * every.N), true
	case Months:
		return a.LastReviewed.AddMonths(every.N), true
	case Weeks:
		return a.LastReviewed.AddDays(7 * every.N), true
	case Days:
		return a.LastReviewed.AddDays(every.N), true
	default: // no review comes round in hours
		return Date{}, false
	}
}

func (l *linter) artifacts() {
	for i, a := range l.e.Artifacts {
		path := at("artifacts", i)
		if a.Owner == "" {
			l.warn(path, "name a person", "%s has no owner, so nobody will keep it current", a.Name)
		}
		next, ok := a.NextReview()
		switch {
		case a.LastReviewed.IsZero() && !a.ReviewEvery.IsZero():
			l.warn(path+".review_every", "add last_reviewed", "%s is reviewed every %s, but never has been", a.Name, a.ReviewEvery.Words())
		case ok && !l.today.IsZero() && next.Before(l.today):
			l.warn(path+".last_reviewed", "", "the review of %s was due on %s, %s ago", a.Name, next, days(next.DaysUntil(l.today)))
		case !l.today.IsZero() && l.today.Before(a.LastReviewed):
			l.warn(path+".last_reviewed", "", "%s was last reviewed on %s, after today (%s)", a.Name, a.LastReviewed, l.today)
		}
	}
}

func days(n int) string {
	if n == 1 {
		return "a day"
	}
	return strconv.Itoa(n) + " days"
}

func (l *linter) severities() {
	if len(l.e.Severities) == 0 {
		l.warn("severities", "add them", "no severities: nothing says how fast an incident is answered, and by whom")
		return
	}
	if _, ok := l.e.Severity(1); !ok {
		l.warn("severities", "", "there is no severity 1, the worst")
	}
}

func (l *linter) rotations() {
	for i, r := range l.e.OnCall {
		path := at("on_call", i)
		l.rotationName(path, r, l.e.OnCall[:i])
		if len(r.People) == 1 {
			p, _ := l.e.Person(r.People[0])
			l.warn(path+".people", "name who takes turns", "%s is on call for %s without relief", p.Name, l.e.SideName(r.Side))
		}
		for j, id := range r.People {
			if p, ok := l.e.Person(id); ok && p.Side != r.Side {
				l.warn(at(path+".people", j), "", "%s is on call for %s, but works for %s", p.Name, l.e.SideName(r.Side), l.e.SideName(p.Side))
			}
		}
	}
}

// rotationName tells of a rotation that no escalation path can mean: its side
// has one before it, and it has no name.
func (l *linter) rotationName(path string, r Rotation, before []Rotation) {
	if r.Name != "" {
		return
	}
	for _, other := range before {
		if other.Side == r.Side {
			l.warn(path, "give it a name, like `name: soc`",
				"a further rotation of %s has no name, so nobody is ever called by it: %s%s is the first", l.e.SideName(r.Side), OnCallPrefix, r.Side)
			return
		}
	}
}

// afterHours looks at the week's 168 hours: a side that leads outside business
// hours needs a rotation, or nobody picks up.
func (l *linter) afterHours() {
	e := l.e
	quiet := compileWeek(e.BusinessHours).quiet()
	if len(e.BusinessHours) == 0 || quiet <= 0 {
		return
	}
	for _, side := range []Side{Internal, MSP} {
		if _, ok := e.SideRotation(side); ok {
			continue
		}
		var led []string
		for _, f := range e.Matrix.Functions {
			told := l.split && withoutRule(f)
			if e.leadsAfterHours(f) == side && !told {
				led = append(led, f.Name)
			}
		}
		for _, s := range e.Severities {
			if s.Lead.AfterHours == side {
				led = append(led, fmt.Sprintf("severity %d", s.Level))
			}
		}
		if len(led) == 0 {
			continue
		}
		l.warn("on_call", fmt.Sprintf("add a rotation of side %s, or let the other side lead", side),
			"in %s of the week's %d hours, those outside business hours, %s leads %s, and no rotation says who picks up",
			trimHours(quiet), hoursOfWeek, e.SideName(side), names(led))
	}
}

// leadsAfterHours is the side that acts on a row outside business hours when
// no severity says otherwise.
func (e *Engagement) leadsAfterHours(f Function) Side {
	switch {
	case f.Lead.AfterHours != "":
		return f.Lead.AfterHours
	case f.Owner == Internal && e.AfterHours != "":
		return e.AfterHours
	}
	return f.Owner
}

func trimHours(h float64) string { return strconv.FormatFloat(h, 'f', -1, 64) }

func (l *linter) cadences() {
	for i, c := range l.e.Cadences {
		path := at("cadences", i)
		switch {
		case c.Owner == "" && c.Channel == "":
			l.warn(path, "", "%s has no owner and no channel: nobody is asked for it", c.Name)
		case c.Owner == "":
			l.warn(path, "name a person", "%s has no owner to hear when it slips", c.Name)
		case c.Channel == "":
			l.warn(path, "name one", "%s has no channel to be asked for in", c.Name)
		}
		if c.Kind == KindQBR && len(c.Leadership) == 0 {
			l.warn(path, "add leadership", "%s expects nobody of the leadership", c.Name)
		}
		l.leadershipExpected(path, c)
		if c.Kind == KindStandup && len(c.Questions) == 0 {
			l.warn(path, "add questions", "%s asks nothing", c.Name)
		}
	}
}

// leadershipExpected tells of leaders whose answer nobody waits for.
func (l *linter) leadershipExpected(path string, c Cadence) {
	for i, id := range c.Leadership {
		if p, ok := l.e.Person(id); ok && len(c.Expects) > 0 && !contains(c.Expects, id) {
			l.warn(at(path+".leadership", i), "add them to expects", "%s belongs to the leadership of %s but is not expected", p.Name, c.Name)
		}
	}
}
