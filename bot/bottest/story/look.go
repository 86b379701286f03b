package story

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tandem-bot/tandem/bot/bottest"
)

// remember keeps what everybody sees everywhere, so that later it can be told
// what is new, also to somebody who only then has a look.
func (t *teller) remember() error {
	before := map[string]string{}
	for _, person := range t.everybody() {
		e, _, err := t.engagement(person)
		if err != nil {
			return err
		}
		places := []string{""}
		for _, c := range e.Channels {
			places = append(places, c.Name)
		}
		for _, place := range places {
			seen, err := t.Harness.Seen(t.ctx, person, place)
			if err != nil {
				return err
			}
			for _, m := range seen {
				before[mark(e.ID, person, place, m)] = whole(m)
			}
		}
	}
	t.before = before
	return nil
}

// everybody is each person of each engagement, and the strangers of the story.
func (t *teller) everybody() []string {
	var all []string
	for _, e := range t.World.Engagements {
		for _, p := range e.People {
			all = append(all, e.ID+"/"+p.ID)
		}
	}
	for _, s := range t.strangers {
		engagement, id := t.World.Engagement(s)
		all = append(all, engagement+"/"+id)
	}
	return all
}

// mark tells messages apart: in a channel everybody sees the same ones.
func mark(engagement, person, place string, m bottest.Message) string {
	if place != "" {
		person = ""
	}
	return strings.Join([]string{engagement, person, place, m.ID}, " ")
}

// whole is all that can be seen of a message.
func whole(m bottest.Message) string { return fmt.Sprintf("%+v", m) }

// since returns what the person sees in a place that is new or changed since
// the last step.
func (t *teller) since(person, place string) ([]bottest.Message, error) {
	e, id, err := t.engagement(person)
	if err != nil {
		return nil, err
	}
	seen, err := t.Harness.Seen(t.ctx, person, place)
	return slices.DeleteFunc(seen, func(m bottest.Message) bool {
		return t.before[mark(e.ID, e.ID+"/"+id, place, m)] == whole(m)
	}), err
}

// look takes the flags of a word off, and returns what is new to the speaker
// in the place that they name.
func (t *teller) look(args []string) (place string, news []bottest.Message, rest []string, err error) {
	if t.spot.Person == "" {
		return "", nil, nil, errNobody
	}
	place = t.spot.Place
	switch {
	case len(args) > 0 && args[0] == "-dm":
		place, args = "", args[1:]
	case len(args) > 1 && args[0] == "-channel":
		if place, err = t.place(args[1]); err != nil {
			return "", nil, nil, err
		}
		args = args[2:]
	}
	news, err = t.since(t.spot.Person, place)
	return place, news, args, err
}

func expect(t *teller, _ *testscript.TestScript, not bool, args []string) error {
	_, news, args, err := t.look(args)
	if err != nil {
		return err
	}
	text := strings.Join(args, " ")
	if text == "" {
		return errors.New("usage: [!] expect [-channel NAME | -dm] TEXT…")
	}
	found := slices.ContainsFunc(news, func(m bottest.Message) bool { return holds(m, text) })
	switch {
	case found && not:
		return fmt.Errorf("%s sees %q, and should not:\n%s", t.spot.Person, text, show(news))
	case !found && !not:
		return fmt.Errorf("%s does not see %q. New is:\n%s", t.spot.Person, text, show(news))
	}
	return nil
}

func private(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	place, news, args, err := t.look(args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return errors.New("usage: private [-channel NAME | -dm]")
	}
	if len(news) == 0 {
		return fmt.Errorf("%s sees nothing new", t.spot.Person)
	}
	if place == "" {
		return nil
	}
	mine, me, err := t.engagement(t.spot.Person)
	if err != nil {
		return err
	}
	for _, other := range t.everybody() {
		e, id, err := t.engagement(other)
		if err != nil {
			return err
		}
		if e != mine || id == me {
			continue
		}
		theirs, err := t.since(other, place)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(theirs, func(m bottest.Message) bool {
			return slices.ContainsFunc(news, func(n bottest.Message) bool { return n.ID == m.ID })
		}) {
			return fmt.Errorf("%s sees it as well:\n%s", id, show(theirs))
		}
	}
	for _, m := range news {
		if !m.Private {
			return fmt.Errorf("nobody else sees it, but %s is not told so:\n%s", t.spot.Person, show(news))
		}
	}
	return nil
}

func nothing(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	_, news, args, err := t.look(args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return errors.New("usage: nothing [-channel NAME | -dm]")
	}
	if len(news) > 0 {
		return fmt.Errorf("%s sees\n%s", t.spot.Person, show(news))
	}
	return nil
}

func screen(t *teller, ts *testscript.TestScript, _ bool, args []string) error {
	all := len(args) > 0 && args[0] == "-all"
	if all {
		args = args[1:]
	}
	place, news, args, err := t.look(args)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return errors.New("usage: screen [-all] [-channel NAME | -dm]")
	}
	if all {
		if news, err = t.Harness.Seen(t.ctx, t.spot.Person, place); err != nil {
			return err
		}
	}
	_, err = ts.Stdout().Write([]byte(show(news)))
	return err
}

// holds reports whether a message says a text, whatever its spaces.
func holds(m bottest.Message, text string) bool {
	said := []string{m.Text}
	for _, label := range m.Buttons {
		said = append(said, "["+label+"]")
	}
	return strings.Contains(oneLine(strings.Join(said, " ")), oneLine(text))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// show writes messages as a reader of a story should see them: without ids,
// which differ between platforms.
func show(messages []bottest.Message) string {
	var b strings.Builder
	for _, m := range messages {
		b.WriteString("Tandem")
		if m.Thread != "" {
			b.WriteString(", in a thread")
		}
		if m.Private {
			b.WriteString(", to you alone")
		}
		b.WriteString(":\n")
		for line := range strings.SplitSeq(m.Text, "\n") {
			b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		}
		for i, label := range m.Buttons {
			b.WriteString(map[bool]string{true: "  ", false: " "}[i == 0] + "[" + label + "]")
		}
		if len(m.Buttons) > 0 {
			b.WriteByte('\n')
		}
		if len(m.Fields) > 0 {
			b.WriteString("  form: " + strings.Join(m.Fields, ", ") + "\n")
		}
	}
	if len(messages) == 0 {
		return "nothing\n"
	}
	return b.String()
}
