package engagement

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/cronline"
)

// check applies the rules of store to what was read, and gives each problem
// its place in the file. Warnings are for a file without errors: over half an
// engagement they would mislead.
func check(found *collector, root *node, e *store.Engagement, unread []string, o Options) {
	if loses(unread) {
		found.partial = true
		return
	}
	rules := store.Rules{Holidays: o.KnownHolidays, Schedule: checkSchedule}
	for _, p := range e.Validate(rules) {
		if told(unread, p.Path) {
			continue
		}
		line, column := locate(root, p.Path)
		found.add(line, column, p)
	}
	if found.failed {
		return
	}
	for _, p := range append(e.Lint(o.Today), eitherDay(e)...) {
		p.Warning = true
		line, column := locate(root, p.Path)
		found.add(line, column, p)
	}
}

func checkSchedule(line string, week store.Week) error {
	s, err := cronline.Parse(line)
	if err != nil {
		return err
	}
	_, err = s.Week(week)
	return err
}

// eitherDay warns of cron lines that name both days of the month and weekdays.
func eitherDay(e *store.Engagement) []store.Problem {
	var problems []store.Problem
	for i, c := range e.Cadences {
		if s, err := cronline.Parse(c.Schedule); err == nil && s.EitherDay() {
			problems = append(problems, store.Problem{
				Path:    "cadences[" + strconv.Itoa(i) + "].schedule",
				Message: "this fires on those days of the month and on those weekdays as well",
				Hint:    "for the n-th weekday of a month write * as the day of month, and week: 1",
			})
		}
	}
	return problems
}

// told reports whether a complaint about the path would repeat that its value,
// or a part of it, could not be read.
func told(unread []string, path string) bool {
	for _, u := range unread {
		if u == path || within(u, path) || within(path, u) {
			return true
		}
	}
	return false
}

func within(inner, outer string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
}

// identity matches the paths whose loss would make right references look wrong.
var identity = regexp.MustCompile(`^(people|channels|tools|artifacts|on_call)(\[\d+\](\.(id|name|layer|side))?)?$|^channels\.`)

func loses(unread []string) bool {
	for _, path := range unread {
		if identity.MatchString(path) {
			return true
		}
	}
	return false
}

// locate finds the place of a path in the file: of the value, of its key where
// the value is a list or a group, and where the path goes on beyond the file,
// of the nearest thing around it.
func locate(root *node, path string) (line, column int) {
	line, column = root.line, root.column
	at := root
	for _, step := range steps(path) {
		if i, err := strconv.Atoi(step.index); err == nil {
			if i >= len(at.items) {
				return line, column
			}
			at = at.items[i]
			line, column = at.line, at.column
			continue
		}
		en, ok := at.find(step.key)
		if !ok {
			return line, column
		}
		at = en.value
		line, column = en.line, en.column
	}
	if at.kind == scalarKind {
		return at.line, at.column
	}
	return line, column
}

// step is one part of a path: a key, or the index of an item.
type step struct{ key, index string }

func steps(path string) []step {
	var out []step
	for _, part := range strings.Split(path, ".") {
		key, rest, _ := strings.Cut(part, "[")
		if key != "" {
			out = append(out, step{key: key})
		}
		for index := range strings.SplitSeq(rest, "[") {
			if index != "" {
				out = append(out, step{index: strings.TrimSuffix(index, "]")})
			}
		}
	}
	return out
}
