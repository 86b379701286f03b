package store

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Rules are the checks that need more than this package. A nil one is skipped.
type Rules struct {
	// Holidays returns an error that says what would be right if there is no
	// holiday calendar of the name.
	Holidays func(name string) error
	// Schedule returns an error if the cron line, narrowed to the week, is
	// nothing that a cadence can run on.
	Schedule func(line string, week Week) error
}

// The longest texts. They keep a card within what chat platforms take.
const (
	maxName = 200   // characters of a name, a title, an alias
	maxText = 4_000 // characters of a note, a description, a question
)

// Validate returns everything that makes the engagement unusable, in the order
// of the file. An engagement with such a problem must not be stored.
func (e *Engagement) Validate(r Rules) []Problem {
	c := newChecker(e)
	c.rules = r
	c.engagement()
	c.people()
	c.channels()
	c.matrix()
	c.tools()
	c.artifacts()
	c.severities()
	c.playbook()
	c.rotations()
	c.cadences()
	return c.problems
}

// checker gathers problems, and knows every id that may be referred to.
type checker struct {
	e        *Engagement
	rules    Rules
	problems []Problem

	persons, layers, documents, places, steps []string
}

func newChecker(e *Engagement) *checker {
	c := &checker{e: e}
	for _, p := range e.People {
		c.persons = append(c.persons, p.ID)
	}
	for _, t := range e.Tools {
		c.layers = append(c.layers, t.Layer)
	}
	for _, a := range e.Artifacts {
		c.documents = append(c.documents, a.ID)
	}
	for _, ch := range e.Channels {
		c.places = append(c.places, ch.Name)
	}
	c.steps = append(c.steps, c.persons...)
	for _, r := range e.OnCall {
		c.steps = append(c.steps, OnCallPrefix+string(r.Side))
		if r.Name != "" {
			c.steps = append(c.steps, OnCallPrefix+r.Name)
		}
	}
	return c
}

func (c *checker) error(path, hint, format string, args ...any) {
	c.problems = append(c.problems, Problem{Path: path, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// maxHints bounds the search for what was meant, which compares with every id
// there is: a file with more problems than this has another trouble.
const maxHints = 200

// near returns a hint at the nearest candidate, or "".
func (c *checker) near(word string, candidates []string) string {
	if len(c.problems) >= maxHints {
		return ""
	}
	return didYouMean(word, candidates)
}

func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func (c *checker) engagement() {
	e := c.e
	c.slug("engagement.id", "id", e.ID)
	c.required("engagement.client", "client", e.Client)
	c.required("engagement.msp", "msp", e.MSP)
	if e.Users < 0 {
		c.error("engagement.users", "", "there cannot be %d users", e.Users)
	}
	c.timeZone()
	for i, w := range e.BusinessHours {
		c.window(at("engagement.business_hours", i), w)
	}
	c.sideOr("engagement.after_hours", "after_hours", e.AfterHours)
	c.holidays()
	c.known("engagement.patterns", "pattern", e.Patterns, Patterns)
	c.frameworks("engagement.frameworks", e.Frameworks)
	c.date("engagement.onboarding_start", e.OnboardingStart)
}

func (c *checker) timeZone() {
	const path = "engagement.time_zone"
	name := c.e.TimeZone
	const hint = "write an IANA name, like America/New_York"
	if strings.TrimSpace(name) == "" {
		c.missing(path, "time_zone", hint)
		return
	}
	// LoadLocation takes "Local", which is another zone on each machine, and
	// gives up on names with .. or a leading slash by itself.
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		c.error(path, hint, "there is no time zone %q", short(name))
	}
}

func (c *checker) window(path string, w Window) {
	if len(w.Days) == 0 {
		c.missing(path+".days", "days", "such as [mon, tue, wed, thu, fri]")
	}
	seen := map[time.Weekday]bool{}
	for i, day := range w.Days {
		switch {
		case day < time.Sunday || day > time.Saturday:
			c.error(at(path+".days", i), "", "there is no day %d", int(day))
		case seen[day]:
			c.error(at(path+".days", i), "", "%s is listed twice", WeekdayName(day))
		}
		seen[day] = true
	}
	switch {
	case w.From < 0 || w.To > 24*60:
		c.error(path, "write times from 00:00 to 24:00", "business hours outside the day")
	case w.From == w.To:
		c.error(path, "for the whole day write from: \"00:00\", to: \"24:00\"", "business hours from %s to %s are empty", w.From, w.To)
	case w.From > w.To:
		c.error(path, fmt.Sprintf("for hours that pass midnight write two windows, one to \"24:00\" and one from \"00:00\" to %q", w.To),
			"business hours from %s to %s end before they begin", w.From, w.To)
	}
}

func (c *checker) holidays() {
	seen := map[string]bool{}
	for i, h := range c.e.Holidays {
		path := at("engagement.holidays", i)
		if seen[h] {
			c.error(path, "", "%s is listed twice", short(h))
		}
		seen[h] = true
		if h != "" && h[0] >= '0' && h[0] <= '9' {
			if _, err := ParseDate(h); err != nil {
				c.error(path, "", "%s", err)
			}
			continue
		}
		if c.slug(path, "holiday calendar", h) && c.rules.Holidays != nil {
			if err := c.rules.Holidays(h); err != nil {
				c.error(path, "", "%s", errorText(err))
			}
		}
	}
}

func (c *checker) people() {
	if len(c.e.People) == 0 {
		c.missing("people", "people", "an engagement has at least one person")
	}
	ids := c.unique("person")
	for i, p := range c.e.People {
		path := at("people", i)
		if c.slug(path+".id", "id", p.ID) {
			ids(path+".id", p.ID, p.Name)
			if reserved(p.ID) {
				c.error(path+".id", "add something, like "+p.ID+"-1", "%q means a side and cannot be a person's id", p.ID)
			}
		}
		c.required(path+".name", "name", p.Name)
		c.side(path+".side", "side", p.Side)
		c.known(path+".roles", "role", p.Roles, Roles)
		c.line(path+".title", p.Title)
		c.email(path+".email", p.Email)
		c.line(path+".phone", p.Phone)
		c.word(path+".slack", "Slack member id", p.Slack)
		c.word(path+".teams", "Entra object id", p.Teams)
	}
	c.identities()
}

// identities refuses one chat identity for two people: a press of a button
// would count for the wrong one.
func (c *checker) identities() {
	slack, teams := map[string]string{}, map[string]string{}
	for i, p := range c.e.People {
		path := at("people", i)
		if other := slack[p.Slack]; p.Slack != "" && other != "" {
			c.error(path+".slack", "", "this is the Slack identity of %s as well", other)
		}
		if other := teams[p.Teams]; p.Teams != "" && other != "" {
			c.error(path+".teams", "", "this is the Teams identity of %s as well", other)
		}
		slack[p.Slack], teams[p.Teams] = p.Name, p.Name
	}
}

func (c *checker) email(path, address string) {
	c.line(path, address)
	name, domain, ok := strings.Cut(address, "@")
	if address != "" && (!ok || name == "" || domain == "" || strings.ContainsAny(address, " \t<>,")) {
		c.error(path, "write only the address, like maria@example.com", "%q is not an email address", short(address))
	}
}

func (c *checker) channels() {
	names := c.unique("channel")
	for _, ch := range c.e.Channels {
		path := "channels." + ch.Name
		if c.slug(path, "channel name", ch.Name) {
			names(path, ch.Name, "")
		}
		c.word(path+".slack", "Slack channel id", ch.Slack)
		c.word(path+".teams", "Teams conversation id", ch.Teams)
	}
}

// unique returns a check that tells of an id's second use.
func (c *checker) unique(what string) func(path, id, name string) {
	first := map[string]string{}
	return func(path, id, name string) {
		if other, taken := first[id]; taken {
			hint := "give one of them another"
			if other != "" && other != id {
				hint = fmt.Sprintf("the first is %q; %s", short(other), hint)
			}
			c.error(path, hint, "the %s %q is there twice", what, id)
			return
		}
		first[id] = name
	}
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const maxSlug = 64

// slug checks a required id and reports whether it is usable.
func (c *checker) slug(path, what, id string) bool {
	if strings.TrimSpace(id) == "" {
		c.missing(path, what, "")
		return false
	}
	if !slugForm.MatchString(id) || len(id) > maxSlug {
		hint := "use small letters, digits and single hyphens, at most 64"
		if better := slugOf(id); better != "" {
			hint = fmt.Sprintf("write %q", better)
		}
		c.error(path, hint, "%q cannot be %s", short(id), withArticle(what))
		return false
	}
	return true
}

// slugOf makes the slug that a text was meant to be, or "".
func slugOf(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r != '\'' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	slug := strings.ReplaceAll(strings.Join(words, "-"), "'", "")
	if !slugForm.MatchString(slug) || len(slug) > maxSlug {
		return ""
	}
	return slug
}

func reserved(id string) bool { return Side(id).Valid() || Side(id) == Joint }

func (c *checker) missing(path, key, hint string) {
	c.error(path, hint, "missing %q", key)
}

// required checks a name that has to be there.
func (c *checker) required(path, key, value string) {
	if strings.TrimSpace(value) == "" {
		c.missing(path, key, "")
		return
	}
	c.line(path, value)
}

// line checks an optional text of one line.
func (c *checker) line(path, value string) {
	if strings.ContainsAny(value, "\n\r\u0085\u2028\u2029") {
		c.error(path, "", "this has to be one line")
	}
	c.characters(path, value, maxName)
}

// lines checks a list of texts of one line each.
func (c *checker) lines(path string, values []string) {
	for i, v := range values {
		if strings.TrimSpace(v) == "" {
			c.error(at(path, i), "write something, or delete it", "an empty entry")
		}
		c.line(at(path, i), v)
	}
}

// text checks an optional text of any number of lines.
func (c *checker) text(path, value string) { c.characters(path, value, maxText) }

func (c *checker) characters(path, value string, limit int) {
	if !utf8.ValidString(value) {
		c.error(path, "save it as UTF-8", "this is not UTF-8")
		return
	}
	if i := strings.IndexFunc(value, control); i >= 0 {
		c.error(path, "delete it", "a control character (%q)", value[i:i+1])
	}
	if n := utf8.RuneCountInString(value); n > limit {
		c.error(path, "", "%d characters are too many; at most %d fit", n, limit)
	}
}

// control is a character that no text needs and that a terminal or a
// spreadsheet may obey.
func control(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r > 0x7f && r < 0xa0 && r != 0x85 ||
		r == '\uFEFF' || r == 0xFFFE || r == 0xFFFF
}

// word checks an optional identifier of another system.
func (c *checker) word(path, what, value string) {
	c.line(path, value)
	if strings.ContainsAny(value, " \t\n") {
		c.error(path, "", "%q is not %s: it has a space", short(value), withArticle(what))
	}
}

func (c *checker) date(path string, d Date) {
	if !d.IsZero() && (DateOf(d.utc()) != d || d.Year < 1 || d.Year > 9999) {
		c.error(path, "", "%s is not a date that exists", d)
	}
}

func errorText(err error) string {
	if ErrorCode(err) == CodeInternal {
		return err.Error()
	}
	return ErrorMessage(err)
}

// short keeps a text of the file short enough for a message.
func short(s string) string {
	const limit = 60
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeioAEIO", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
