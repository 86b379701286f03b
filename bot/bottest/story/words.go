package story

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/store"
)

// word is one command of a story.
type word struct {
	negated bool // ! may stand before it
	run     func(t *teller, ts *testscript.TestScript, not bool, args []string) error
}

var words = map[string]word{
	"as":      {run: as},
	"in":      {run: in},
	"thread":  {run: thread},
	"say":     {run: say},
	"click":   {run: click},
	"fill":    {run: fill},
	"submit":  {run: submit},
	"at":      {run: at},
	"advance": {run: advance},
	"expect":  {negated: true, run: expect},
	"private": {run: private},
	"nothing": {run: nothing},
	"screen":  {run: screen},
}

// teller is a story being told.
type teller struct {
	Stage
	ctx       context.Context //nolint:containedctx // a story's words get none of their own
	spot      bottest.Spot
	filled    map[string]string
	strangers []string
	before    map[string]string // what stood at the last step, by place and id
}

func as(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: as PERSON")
	}
	person := args[0]
	if person == "somebody" {
		person = "?somebody"
	}
	e, id, err := t.engagement(person)
	if err != nil {
		return err
	}
	if strings.HasPrefix(id, "?") {
		if !slices.Contains(t.strangers, person) {
			t.strangers = append(t.strangers, person)
		}
	} else if !slices.ContainsFunc(e.People, func(p store.Person) bool { return p.ID == id }) {
		return fmt.Errorf("there is no %q in %s; a stranger is ?%s", id, e.ID, id)
	}
	was, _, err := t.engagement(t.spot.Person)
	if err != nil || was != e {
		t.spot = bottest.Spot{}
	}
	t.spot.Person = person
	return nil
}

// engagement returns the engagement of a person, and their id in it.
func (t *teller) engagement(person string) (*store.Engagement, string, error) {
	name, id := t.World.Engagement(person)
	for _, e := range t.World.Engagements {
		if e.ID == name {
			return e, id, nil
		}
	}
	return nil, "", fmt.Errorf("there is no engagement %q", name)
}

func in(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: in CHANNEL, or in dm")
	}
	place, err := t.place(args[0])
	if err == nil {
		t.spot.Place, t.spot.Thread = place, ""
	}
	return err
}

// place reads the name of a channel of the speaker's engagement, or dm.
func (t *teller) place(name string) (string, error) {
	if name = strings.TrimPrefix(name, "#"); name == "dm" {
		return "", nil
	}
	e, _, err := t.engagement(t.spot.Person)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(e.Channels, func(c store.Channel) bool { return c.Name == name }) {
		return "", fmt.Errorf("%s has no channel %q", e.ID, name)
	}
	return name, nil
}

func thread(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	if len(args) == 0 {
		return errors.New("usage: thread TEXT…")
	}
	m, err := t.last("holds "+strings.Join(args, " "), func(m bottest.Message) bool { return holds(m, strings.Join(args, " ")) })
	if err != nil {
		return err
	}
	if t.spot.Thread = m.Thread; m.Thread == "" {
		t.spot.Thread = m.ID
	}
	return nil
}

// last returns the last message that the speaker sees in their place and that fits.
func (t *teller) last(what string, fits func(bottest.Message) bool) (bottest.Message, error) {
	if t.spot.Person == "" {
		return bottest.Message{}, errNobody
	}
	seen, err := t.Harness.Seen(t.ctx, t.spot.Person, t.spot.Place)
	if err != nil {
		return bottest.Message{}, err
	}
	for _, m := range slices.Backward(seen) {
		if fits(m) {
			return m, nil
		}
	}
	return bottest.Message{}, fmt.Errorf("%s sees no message that %s:\n%s", t.spot.Person, what, show(seen))
}

var errNobody = errors.New("nobody acts yet; say who, as in: as maria")

// step remembers what stands everywhere, and then acts.
func (t *teller) step(act func() error) error {
	if t.spot.Person == "" {
		return errNobody
	}
	if err := t.remember(); err != nil {
		return err
	}
	return act()
}

func say(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	if len(args) == 0 {
		return errors.New("usage: say TEXT…")
	}
	return t.step(func() error { return t.Harness.Say(t.ctx, t.spot, strings.Join(args, " ")) })
}

func click(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	of := ""
	if len(args) > 2 && args[0] == "-of" {
		of, args = args[1], args[2:]
	}
	if len(args) == 0 {
		return errors.New("usage: click [-of TEXT] LABEL…")
	}
	label := strings.Join(args, " ")
	what := fmt.Sprintf("has the button %q", label)
	if of != "" {
		what += " and holds " + of
	}
	m, err := t.last(what, func(m bottest.Message) bool { return slices.Contains(m.Buttons, label) && holds(m, of) })
	if err != nil {
		return err
	}
	return t.step(func() error { return t.Harness.Press(t.ctx, t.spot, m.ID, label) })
}

func fill(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	for _, a := range args {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return fmt.Errorf("%q is no NAME=VALUE", a)
		}
		t.filled[name] = value
	}
	return nil
}

func submit(t *teller, ts *testscript.TestScript, not bool, args []string) error {
	if err := fill(t, ts, not, args); err != nil {
		return err
	}
	m, err := t.last("has a form", func(m bottest.Message) bool { return len(m.Fields) > 0 })
	if err != nil {
		return err
	}
	values := t.filled
	t.filled = map[string]string{}
	for name := range values {
		if !slices.Contains(m.Fields, name) {
			return fmt.Errorf("the form has no field %q; it has %s", name, strings.Join(m.Fields, ", "))
		}
	}
	return t.step(func() error { return t.Harness.Submit(t.ctx, t.spot, m.ID, values) })
}

func at(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	return t.move(clock.Instant, args)
}

func advance(t *teller, _ *testscript.TestScript, _ bool, args []string) error {
	return t.move(clock.After, args)
}

// move moves the clock, by the local time of the speaker or of the first engagement.
func (t *teller) move(read func(string, time.Time) (time.Time, error), args []string) error {
	e, _, err := t.engagement(t.spot.Person)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(e.TimeZone)
	if err != nil {
		return err
	}
	to, err := read(strings.Join(args, " "), t.World.Clock.Now().In(zone))
	if err != nil {
		return err
	}
	if err := t.remember(); err != nil {
		return err
	}
	return t.World.Clock.Move(t.ctx, to)
}
