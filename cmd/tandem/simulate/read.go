package simulate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// field is a key of a group, and what reads it.
type field struct {
	name string
	read func(node)
}

// Read reads a script. Its error tells every problem, each with file, line and
// column, and has code invalid. The name is used in messages only.
func Read(name string, data []byte) (*Script, error) {
	r := &reader{name: name}
	s := &Script{Seed: 1}
	if root, ok := r.tree(data); ok {
		r.script(s, root)
	}
	if len(r.problems) > 0 {
		return nil, store.Errorf(store.CodeInvalid, "%s", r.Error())
	}
	return s, nil
}

func (r *reader) script(s *Script, root node) {
	format := ""
	r.group(root,
		field{"format", func(n node) {
			if format = r.text(n); format != Format {
				r.fail(n, "%q is no format of a story; write format: %s", format, Format)
			}
		}},
		field{"name", func(n node) { s.Name = r.text(n) }},
		field{"about", func(n node) { s.About = r.text(n) }},
		field{"from", func(n node) { s.From = r.date(n) }},
		field{"days", func(n node) { s.Days = r.number(n, 1, 3660) }},
		field{"seed", func(n node) { s.Seed = uint64(max(r.number(n, 0, 1<<31), 0)) }}, //nolint:gosec // not below zero
		field{"away", each(r, &s.Away, r.away)},
		field{"answer", each(r, &s.Answer, r.rule("says"))},
		field{"rsvp", each(r, &s.RSVP, r.rule("says"))},
		field{"record", each(r, &s.Record, r.rule("with", "result", "minutes", "findings", "evidence", "next"))},
		field{"acknowledge", each(r, &s.Acknowledge, r.rule())},
		field{"say", each(r, &s.Say, r.line)},
		field{"ask", each(r, &s.Ask, r.asking)},
	)
	if root.group && format == "" {
		r.fail(root, "the format is missing; write \"format: %s\" as the first line", Format)
	}
	for i := range s.RSVP {
		for _, said := range s.RSVP[i].Says {
			if said != "yes" && said != "no" {
				r.fail(root, "rsvp says %q; it can say yes or no", said)
			}
		}
	}
}

// group reads a group by its fields; a key that is none of them is a problem.
func (r *reader) group(n node, fields ...field) {
	if !n.group {
		r.fail(n, "a group of keys belongs here")
		return
	}
	for _, k := range n.keys {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == k.name })
		if i < 0 {
			var names []string
			for _, f := range fields {
				names = append(names, f.name)
			}
			r.fail(node{line: k.line, column: k.column}, "there is no key %q here; there are %s", k.name, strings.Join(names, ", "))
			continue
		}
		fields[i].read(k.value)
	}
}

// each reads a list of groups.
func each[T any](r *reader, into *[]T, read func(*T, node)) func(node) {
	return func(n node) {
		if !n.list {
			r.fail(n, "a list belongs here, each with a dash before it")
			return
		}
		for _, item := range n.items {
			var v T
			read(&v, item)
			*into = append(*into, v)
		}
	}
}

func (r *reader) away(a *Away, n node) {
	a.Told = 3
	r.group(n,
		field{"who", func(n node) { a.Who = r.text(n) }},
		field{"from", func(n node) { a.From = r.day(n) }},
		field{"until", func(n node) { a.Until = r.day(n) }},
		field{"cover", func(n node) { a.Cover = r.text(n) }},
		field{"told", func(n node) { a.Told = r.number(n, 0, 365) }},
	)
	if n.group && (a.Who == "" || a.From.IsZero()) {
		r.fail(n, "an absence needs who and from")
	}
	if a.Until.IsZero() {
		a.Until = a.From
	}
}

// rule reads a rule; more are the keys that this kind has beside the usual ones.
func (r *reader) rule(more ...string) func(*Rule, node) {
	return func(u *Rule, n node) {
		u.Every, u.Fields = 1, map[string]string{}
		fields := []field{
			{"who", func(n node) { u.Who = r.texts(n) }},
			{"cadence", func(n node) { u.Cadences = r.texts(n) }},
			{"from", func(n node) { u.From = r.day(n) }},
			{"until", func(n node) { u.Until = r.day(n) }},
			{"every", func(n node) { u.Every = r.number(n, 1, 1000) }},
			{"forgets", func(n node) { u.Forgets = r.share(n) }},
			{"after", func(n node) { u.After = r.length(n) }},
			{"within", func(n node) { u.Within = r.length(n) }},
			{"never", func(n node) { u.Never = r.yes(n) }},
		}
		for _, name := range more {
			read := func(n node) { u.Fields[name] = r.text(n) }
			switch name {
			case "says":
				read = func(n node) { u.Says = r.texts(n) }
			case "with":
				read = func(n node) { u.Fields["attended"] = strings.Join(r.texts(n), ", ") }
			case "next":
				read = func(n node) { u.Fields[name] = r.date(n).String() }
			}
			fields = append(fields, field{name, read})
		}
		r.group(n, fields...)
	}
}

func (r *reader) line(l *Line, n node) {
	l.Number = n.line
	r.group(n,
		field{"who", func(n node) { l.Who = r.text(n) }},
		field{"in", func(n node) { l.In = r.channel(n) }},
		field{"at", func(n node) { l.At = r.moment(n) }},
		field{"text", func(n node) { l.Text = r.text(n) }},
	)
	if n.group && (l.Who == "" || l.Text == "" || l.At.IsZero()) {
		r.fail(n, "what is said needs who, at and text")
	}
}

func (r *reader) asking(a *Asking, n node) {
	a.Every, a.At = 1, 10*60
	r.group(n,
		field{"who", func(n node) { a.Who = r.texts(n) }},
		field{"in", func(n node) { a.In = r.channel(n) }},
		field{"from", func(n node) { a.From = r.day(n) }},
		field{"until", func(n node) { a.Until = r.day(n) }},
		field{"every", func(n node) { a.Every = r.number(n, 1, 1000) }},
		field{"at", func(n node) { a.At = r.clock(n, r.text(n)) }},
		field{"within", func(n node) { a.Within = r.length(n) }},
		field{"questions", func(n node) { a.Questions = r.texts(n) }},
	)
	if n.group && (len(a.Who) == 0 || len(a.Questions) == 0) {
		r.fail(n, "asking needs who and questions")
	}
}

func (r *reader) text(n node) string {
	if !n.single || strings.TrimSpace(n.text) == "" {
		r.fail(n, "a text belongs here")
	}
	return strings.TrimSpace(n.text)
}

// texts reads a text or a list of them.
func (r *reader) texts(n node) []string {
	if !n.list {
		return []string{r.text(n)}
	}
	var out []string
	for _, item := range n.items {
		out = append(out, r.text(item))
	}
	return out
}

func (r *reader) channel(n node) string {
	name := strings.TrimPrefix(r.text(n), "#")
	if name == "dm" {
		return ""
	}
	return name
}

func (r *reader) number(n node, least, most int) int {
	v, err := strconv.Atoi(n.text)
	if err != nil || v < least || v > most {
		r.fail(n, "a whole number from %d to %d belongs here", least, most)
	}
	return v
}

func (r *reader) yes(n node) bool {
	if n.text != "true" && n.text != "false" {
		r.fail(n, "true or false belongs here")
	}
	return n.text == "true"
}

func (r *reader) share(n node) int {
	text, ok := strings.CutSuffix(n.text, "%")
	v, err := strconv.Atoi(text)
	if !ok || err != nil || v < 0 || v > 100 {
		r.fail(n, "%q is no share; write it as 10%%", n.text)
	}
	return v
}

var lengthText = regexp.MustCompile(`^(\d{1,4})([mhd])$`)

func (r *reader) length(n node) time.Duration {
	parts := lengthText.FindStringSubmatch(n.text)
	if parts == nil {
		r.fail(n, "%q is no length of time; write 20m, 3h or 2d", n.text)
		return 0
	}
	v, _ := strconv.Atoi(parts[1]) // four digits at most
	unit := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[parts[2]]
	return time.Duration(v) * unit
}

func (r *reader) date(n node) store.Date {
	d, err := store.ParseDate(n.text)
	if err != nil {
		r.fail(n, "%v", err)
	}
	return d
}

var dayText = regexp.MustCompile(`^day (\d{1,4})$`)

func (r *reader) day(n node) Day { return r.dayOf(n, n.text) }

func (r *reader) dayOf(n node, text string) Day {
	if parts := dayText.FindStringSubmatch(text); parts != nil {
		if v, _ := strconv.Atoi(parts[1]); v > 0 {
			return Day{N: v}
		}
	}
	d, err := store.ParseDate(text)
	if err != nil {
		r.fail(n, "%q is no day; write 2026-12-24, or day 12 for the twelfth day", text)
	}
	return Day{Date: d}
}

func (r *reader) clock(n node, text string) store.Clock {
	c, err := store.ParseClock(text)
	if err != nil {
		r.fail(n, "%q is no time of day; write 09:30", text)
	}
	return c
}

// moment reads "2026-12-01 09:30" and "day 12 09:30".
func (r *reader) moment(n node) Moment {
	i := strings.LastIndex(n.text, " ")
	if i < 0 {
		r.fail(n, "%q is no instant; write 2026-12-01 09:30, or day 12 09:30", n.text)
		return Moment{}
	}
	return Moment{r.dayOf(n, n.text[:i]), r.clock(n, n.text[i+1:])}
}
