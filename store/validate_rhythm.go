package store

import (
	"fmt"
	"strconv"
	"strings"
)

// maxLevel is the mildest severity: more than nine levels is a typing error.
const maxLevel = 9

func (c *checker) severities() {
	levels := c.unique("severity")
	for i, s := range c.e.Severities {
		path := at("severities", i)
		if s.Level < 1 || s.Level > maxLevel {
			c.error(path+".level", fmt.Sprintf("write 1, the worst, to %d", maxLevel), "there is no severity %d", s.Level)
		} else {
			levels(path+".level", strconv.Itoa(s.Level), s.Name)
		}
		c.line(path+".name", s.Name)
		c.lines(path+".examples", s.Examples)
		c.duration(path+".respond_within", s.RespondWithin, Minutes, Hours, Days, Weeks)
		c.lead(path+".lead", s.Lead)
		c.eachOnce(path+".page", s.Page)
		for j, who := range s.Page {
			c.sideOrPerson(at(path+".page", j), who)
		}
		if s.BusinessResponse != "" {
			c.sideOrPerson(path+".business_response", s.BusinessResponse)
		}
	}
}

func (c *checker) sideOrPerson(path, who string) {
	if Side(who).Valid() || contains(c.persons, who) {
		return
	}
	hint := c.personHint(who, append(append([]string{}, sides...), c.persons...))
	for _, s := range sides {
		if who == OnCallPrefix+s {
			hint = "write " + s + ": its rotation says who that is"
		}
	}
	if hint == "" {
		hint = "write internal, msp or a person's id"
	}
	c.error(path, hint, "%q is no side and no person", short(who))
}

func (c *checker) playbook() {
	b := c.e.Playbook
	c.stepList("playbook.may_isolate_endpoint", b.MayIsolateEndpoint)
	c.person("playbook.notifies_leadership", b.NotifiesLeadership)
	c.stepList("playbook.call_order", b.CallOrder)
}

func (c *checker) rotations() {
	names := map[string]bool{}
	for i, r := range c.e.OnCall {
		path := at("on_call", i)
		c.side(path+".side", "side", r.Side)
		c.rotationName(path, r, names)
		if r.From.IsZero() {
			c.missing(path+".from", "from", "write the day of the first turn")
		}
		c.date(path+".from", r.From)
		c.weekday(path+".handoff", r.Handoff.Day)
		c.clock(path+".handoff", r.Handoff.Time)
		if r.Every.IsZero() {
			c.missing(path+".every", "every", "such as 1w")
		}
		c.duration(path+".every", r.Every, Days, Weeks)
		if len(r.People) == 0 {
			c.missing(path+".people", "people", "name at least one person, in the order of their turns")
		}
		c.personList(path+".people", r.People)
	}
}

// rotationName sees to it that a name means one rotation.
func (c *checker) rotationName(path string, r Rotation, taken map[string]bool) {
	if r.Name == "" || !c.slug(path+".name", "name", r.Name) {
		return
	}
	switch {
	case reserved(r.Name):
		c.error(path+".name", "leave it out: the first rotation of a side has its name", "%q means a side and cannot be a rotation's name", r.Name)
	case taken[r.Name]:
		c.error(path+".name", "give one of them another", "the rotation %q is there twice", r.Name)
	}
	taken[r.Name] = true
}

func (c *checker) cadences() {
	ids := c.unique("cadence")
	for i, d := range c.e.Cadences {
		path := at("cadences", i)
		if c.slug(path+".id", "id", d.ID) {
			ids(path+".id", d.ID, d.Name)
		}
		c.required(path+".name", "name", d.Name)
		c.kind(path+".kind", d.Kind)
		c.schedule(path, d)
		c.reference(path+".channel", "channel", "channels", d.Channel, c.places)
		c.person(path+".owner", d.Owner)
		c.personList(path+".expects", d.Expects)
		c.personList(path+".leadership", d.Leadership)
		c.texts(path+".questions", d.Questions)
		c.texts(path+".agenda", d.Agenda)
		for j, r := range d.Remind {
			c.duration(at(path+".remind", j), r)
		}
		c.duration(path+".grace", d.Grace)
		holidays := []string{HolidayNextBusinessDay, HolidayKeep, HolidaySkip}
		if d.OnHoliday != "" && !contains(holidays, d.OnHoliday) {
			c.error(path+".on_holiday", oneOf(d.OnHoliday, holidays), "unknown on_holiday %q", short(d.OnHoliday))
		}
	}
}

func (c *checker) texts(path string, values []string) {
	for i, v := range values {
		if strings.TrimSpace(v) == "" {
			c.error(at(path, i), "write something, or delete it", "an empty entry")
		}
		c.text(at(path, i), v)
	}
}

func (c *checker) kind(path string, k CadenceKind) {
	kinds := make([]string, len(CadenceKinds))
	for i, known := range CadenceKinds {
		if k == known {
			return
		}
		kinds[i] = string(known)
	}
	if k == "" {
		c.missing(path, "kind", "such as standup; custom for one of your own")
		return
	}
	c.error(path, oneOf(string(k), kinds), "unknown kind %q", short(string(k)))
}

func (c *checker) schedule(path string, d Cadence) {
	if d.Week < 0 || d.Week > LastWeek {
		c.error(path+".week", "write 1 to 4, or last", "there is no week %d of a month", int(d.Week))
		return
	}
	if d.Schedule == "" {
		c.missing(path+".schedule", "schedule", "a five-field cron line, like \"0 9 * * MON\"")
		return
	}
	c.line(path+".schedule", d.Schedule)
	if c.rules.Schedule == nil {
		return
	}
	if err := c.rules.Schedule(d.Schedule, d.Week); err != nil {
		c.error(path+".schedule", "", "%s", errorText(err))
	}
}
