package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// formOf returns the form that a card ends in.
func formOf(m card.Message) (card.Form, bool) {
	if len(m.Blocks) == 0 {
		return card.Form{}, false
	}
	form, ok := m.Blocks[len(m.Blocks)-1].(card.Form)
	return form, ok
}

func runForm(ctx context.Context, c *Console, rest string) error {
	n := 0 // the last
	if rest != "" {
		var bad error
		if n, bad = strconv.Atoi(rest); bad != nil || n < 1 {
			c.note("/form takes the number of a message.")
			return nil //nolint:nilerr // the person was told
		}
	}
	m, ok := c.find(n, func(m message) bool { _, has := formOf(m.card); return has })
	if !ok {
		c.note("There is no such card with a form.")
		return nil
	}
	filled, err := c.fill(ctx, m)
	if err != nil || filled == nil {
		return err
	}
	return c.event(ctx, *filled)
}

// fill asks for each field of a form and returns the event that sends it: the
// form's command with its values, or the text where the person typed it all in
// one line instead. It is nil where they gave it up.
func (c *Console) fill(ctx context.Context, m message) (*bot.Event, error) {
	form, _ := formOf(m.card)
	c.note("Fill it in: an empty line leaves a field as it is, a single . gives it up.")
	e := c.on(m, form.Say)
	e.Values = map[string]string{}
	for i := 0; i < len(form.Fields); {
		f := form.Fields[i]
		line, err := c.read(ctx, question(f), false)
		line = strings.TrimSpace(line)
		switch {
		case errors.Is(err, errInterrupted), errors.Is(err, errCleared), err == nil && line == ".":
			c.note("Given up; nothing was sent.")
			return nil, nil
		case errors.Is(err, io.EOF):
			c.note("The input ended before the form did; nothing was sent.")
			return nil, err
		case errors.Is(err, errTooLong):
			c.note(sentence(err.Error()))
			continue
		case err != nil:
			return nil, err
		case i == 0 && form.Typed != "" && strings.HasPrefix(line, form.Say+" "):
			return &bot.Event{Text: line, Channel: e.Channel, Thread: e.Thread}, nil
		}
		value, why := answer(f, line)
		if why != "" {
			c.note(why)
			continue
		}
		e.Values[f.Name] = value
		i++
	}
	return &e, nil
}

// question is what to ask for a field.
func question(f card.Field) string {
	q := card.Clean(f.Label)
	var about []string
	if hint := card.Clean(f.Hint); hint != "" {
		about = append(about, hint)
	}
	for _, o := range f.Options {
		about = append(about, card.Clean(o.Label))
	}
	if len(about) > 0 {
		q += " (" + strings.Join(about, ", ") + ")"
	}
	if f.Value != "" {
		q += " [" + card.Clean(labelOf(f)) + "]"
	}
	return q + ": "
}

func labelOf(f card.Field) string {
	for _, o := range f.Options {
		if o.Value == f.Value {
			return o.Label
		}
	}
	return f.Value
}

// answer reads what was typed for a field, or says why it won't do.
func answer(f card.Field, line string) (value, why string) {
	if line == "" {
		if f.Required && f.Value == "" {
			return "", "This one is needed."
		}
		return f.Value, ""
	}
	switch f.Kind {
	case card.Choice:
		for _, o := range f.Options {
			if line == o.Value || strings.EqualFold(line, card.Clean(o.Label)) {
				return o.Value, ""
			}
		}
		return "", fmt.Sprintf("%q is none of them.", line)
	case card.Day:
		if _, err := store.ParseDate(line); err != nil {
			return "", fmt.Sprintf("%q is no day; write it as 2026-11-20.", line)
		}
	case card.Number:
		if _, err := strconv.Atoi(line); err != nil {
			return "", fmt.Sprintf("%q is no whole number.", line)
		}
	case card.Line, card.Text:
	}
	return line, ""
}
