package store

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Patterns lists the five ways in which co-managed work is usually divided.
var Patterns = []string{
	PatternHelpdesk, "tooling-layer", "strategic-augmentation", "compliance-support", "specialty-engineering",
}

// Frameworks lists the obligations that Tandem knows; a file may name its own.
var Frameworks = []string{"hipaa", "ftc-safeguards", "pci-dss", "cmmc", "fl-bar-4-1.6"}

var sides = []string{string(Internal), string(MSP)}

// side checks a required side.
func (c *checker) side(path, key string, s Side) {
	if s == "" {
		c.missing(path, key, "write internal or msp")
		return
	}
	c.sideOr(path, key, s)
}

// sideOr checks a side that may be left out.
func (c *checker) sideOr(path, key string, s Side) {
	switch {
	case s == "" || s.Valid():
	case s == Joint:
		c.error(path, "write internal or msp", "%s cannot be joint", key)
	default:
		c.error(path, oneOf(string(s), sides), "%q is not a side", short(string(s)))
	}
}

// known checks a list of words, each of a closed set and once.
func (c *checker) known(path, what string, words, set []string) {
	seen := map[string]bool{}
	for i, w := range words {
		here := at(path, i)
		if !contains(set, w) {
			c.error(here, oneOf(w, set), "unknown %s %q", what, short(w))
		} else if seen[w] {
			c.error(here, "", "%s is listed twice", w)
		}
		seen[w] = true
	}
}

var frameworkForm = regexp.MustCompile(`^[a-z0-9]+([-.][a-z0-9]+)*$`)

func (c *checker) frameworks(path string, names []string) {
	seen := map[string]bool{}
	for i, name := range names {
		here := at(path, i)
		switch {
		case !frameworkForm.MatchString(name) || len(name) > maxSlug:
			hint := "use small letters, digits, hyphens and dots"
			if near := didYouMean(name, Frameworks); near != "" {
				hint = near
			}
			c.error(here, hint, "%q cannot be the name of a framework", short(name))
		case seen[name]:
			c.error(here, "", "%s is listed twice", name)
		}
		seen[name] = true
	}
}

// person checks an optional reference to a person.
func (c *checker) person(path, id string) {
	if id != "" && !contains(c.persons, id) {
		c.error(path, c.personHint(id, c.persons), "there is no person %q", short(id))
	}
}

// personHint also understands a person's name in the place of the id.
func (c *checker) personHint(id string, candidates []string) string {
	for _, p := range c.e.People {
		first, _, _ := strings.Cut(p.Name, " ")
		if strings.EqualFold(p.Name, id) || strings.EqualFold(first, id) {
			return fmt.Sprintf("did you mean %q?", p.ID)
		}
	}
	return c.near(id, candidates)
}

// persons checks a list of people, each named once.
func (c *checker) personList(path string, ids []string) {
	c.eachOnce(path, ids)
	for i, id := range ids {
		here := at(path, i)
		if id == "" {
			c.error(here, "write a person's id, or delete it", "an empty entry")
		}
		c.person(here, id)
	}
}

// stepList checks a list of people and rotations, each named once.
func (c *checker) stepList(path string, steps []string) {
	c.eachOnce(path, steps)
	for i, step := range steps {
		c.step(at(path, i), step)
	}
}

func (c *checker) step(path, step string) {
	if contains(c.persons, step) {
		return
	}
	if name, ok := strings.CutPrefix(step, OnCallPrefix); ok {
		if _, found := c.e.Rotation(step); found {
			return
		}
		hint := c.near(step, c.steps)
		if hint == "" {
			hint = "add one under on_call"
		}
		c.error(path, hint, "there is no on-call rotation %q", short(name))
		return
	}
	if step == "" {
		c.error(path, "write a person's id, or delete it", "an empty entry")
		return
	}
	if Side(step).Valid() {
		c.error(path, fmt.Sprintf("write %q or a person's id", OnCallPrefix+step), "%q is a side, not somebody to call", step)
		return
	}
	c.error(path, c.personHint(step, c.steps), "there is no person or rotation %q", short(step))
}

func (c *checker) eachOnce(path string, values []string) {
	seen := map[string]bool{}
	for i, v := range values {
		if seen[v] && v != "" {
			c.error(at(path, i), "name it once", "%s is named twice", short(v))
		}
		seen[v] = true
	}
}

// reference checks an optional reference to something that has a list of its own.
func (c *checker) reference(path, what, section, id string, set []string) {
	if id == "" || contains(set, id) {
		return
	}
	hint := c.near(id, set)
	if hint == "" {
		hint = "add it under " + section
	}
	c.error(path, hint, "there is no %s %q", what, short(id))
}

// lead checks a lead rule, of which either half may be left out.
func (c *checker) lead(path string, l LeadRule) {
	if l.BusinessHours == l.AfterHours {
		c.sideOr(path, "lead", l.BusinessHours)
		return
	}
	c.sideOr(path+".business_hours", "lead", l.BusinessHours)
	c.sideOr(path+".after_hours", "lead", l.AfterHours)
}

// duration checks a duration's unit and size.
func (c *checker) duration(path string, d Duration, units ...Unit) {
	if d.IsZero() {
		return
	}
	if parsed, err := ParseDuration(d.String()); err != nil || parsed != d {
		c.error(path, "", "%s", errDurationOf(d))
		return
	}
	for _, u := range units {
		if d.Unit == u {
			return
		}
	}
	if len(units) > 0 {
		names := make([]string, len(units))
		for i, u := range units {
			names[i] = string(u)
		}
		last := len(names) - 1
		c.error(path, "count in "+strings.Join(names[:last], ", ")+" or "+names[last], "%q does not fit here", d)
	}
}

func errDurationOf(d Duration) string {
	_, err := ParseDuration(d.String())
	if err == nil {
		return fmt.Sprintf("%q %s", d, errDuration)
	}
	return err.Error()
}

func (c *checker) clock(path string, t Clock) {
	if t < 0 || t >= 24*60 {
		c.error(path, "write a time from 00:00 to 23:59", "%s is not a time of the day", t)
	}
}

func (c *checker) weekday(path string, d time.Weekday) {
	if d < time.Sunday || d > time.Saturday {
		c.error(path, "", "there is no day %d", int(d))
	}
}

func contains(set []string, s string) bool {
	for _, v := range set {
		if v == s {
			return true
		}
	}
	return false
}
