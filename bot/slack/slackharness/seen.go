package slackharness

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

// fieldBlock begins the block ids of a form's inputs.
const fieldBlock = "field/"

// Press presses a button of a message, or of the modal that is open.
func (h *Harness) Press(ctx context.Context, s bottest.Spot, message, label string) error {
	p, in, err := h.act(s)
	if err != nil {
		return err
	}
	if v, open := p.Modal(); open && v.ID == message {
		d, err := p.PressView(ctx, label, nil)
		return h.after(ctx, d, err)
	}
	d, err := p.Press(ctx, in, message, label)
	return h.after(ctx, d, err)
}

// Submit sends the form of a message, wherever Slack shows it: in a modal that
// is open, behind the message's button, or in the message itself.
func (h *Harness) Submit(ctx context.Context, s bottest.Spot, message string, values map[string]string) error {
	p, in, err := h.act(s)
	if err != nil {
		return err
	}
	filled := map[string]string{}
	for name, v := range values {
		filled[fieldBlock+name] = v
	}
	if v, open := p.Modal(); !open || v.ID != message {
		m, err := h.message(p, in.Channel, message)
		if err != nil {
			return err
		}
		button, inline := formButton(m)
		if button == "" {
			return fmt.Errorf("message %s has no form", message)
		}
		if inline {
			p.Fill(message, filled)
		}
		d, err := p.PressID(ctx, in, message, button)
		if err := h.after(ctx, d, err); err != nil || inline {
			return err
		}
	}
	d, err := p.Submit(ctx, filled)
	return h.after(ctx, d, err)
}

func (h *Harness) message(p *slacktest.Person, channel, id string) (slacktest.Message, error) {
	seen, err := p.Seen(channel)
	if err != nil {
		return slacktest.Message{}, err
	}
	i := slices.IndexFunc(seen, func(m slacktest.Message) bool { return m.TS == id })
	if i < 0 {
		return slacktest.Message{}, fmt.Errorf("there is no message %s there", id)
	}
	return seen[i], nil
}

// formButton returns the action of the button that opens or sends a form.
func formButton(m slacktest.Message) (action string, inline bool) {
	for _, b := range m.Buttons {
		switch kind, _, _ := strings.Cut(b.ActionID, "/"); kind {
		case "form":
			return b.ActionID, false
		case "send":
			return b.ActionID, true
		}
	}
	return "", false
}

// Seen returns what Tandem said that the person sees in the place. A modal is
// seen, last, where its person acted last.
func (h *Harness) Seen(_ context.Context, person, place string) ([]bottest.Message, error) {
	p, channel, err := h.who(person, place)
	if err != nil {
		return nil, err
	}
	seen, err := p.Seen(channel)
	if err != nil {
		return nil, err
	}
	var out []bottest.Message
	asked := map[string]bool{} // a thread below a question stands where the question does
	for _, m := range seen {
		if !m.App {
			asked[m.TS] = true
			continue
		}
		if len(m.Mentions) > 0 || len(m.Links) > 0 {
			return nil, fmt.Errorf("message %s mentions %q and links to %q", m.TS, m.Mentions, m.Links)
		}
		one := shown(m)
		one.ID, one.Thread, one.Private = m.TS, m.Thread, m.Ephemeral
		if one.Thread == m.TS || asked[one.Thread] {
			one.Thread = ""
		}
		out = append(out, one)
	}
	h.mu.Lock()
	at := h.spots[p.ID]
	h.mu.Unlock()
	if v, open := p.Modal(); open && at.Place == place {
		one := shown(v.Message)
		one.ID, one.Private, one.Text = v.ID, true, v.Title+"\n"+one.Text
		out = append(out, one)
	}
	return out, nil
}

func shown(m slacktest.Message) bottest.Message {
	one := bottest.Message{Text: labelled(m)}
	for _, b := range m.Buttons {
		switch kind, _, _ := strings.Cut(b.ActionID, "/"); kind {
		case "form":
			if f, err := slack.FormOf(b.Value); err == nil {
				for _, field := range f.Fields {
					one.Fields = append(one.Fields, field.Name)
				}
			}
		case "send":
		default:
			one.Buttons = append(one.Buttons, b.Label)
		}
	}
	for _, f := range m.Fields {
		if name, ours := strings.CutPrefix(f.BlockID, fieldBlock); ours {
			one.Fields = append(one.Fields, name)
		}
	}
	return one
}

// labelled is a message's text with the column's name before each cell of a
// table but the first, as the head of the column says it to whoever looks.
func labelled(m slacktest.Message) string {
	text := m.Text
	for _, b := range m.Blocks {
		block, ok := b.(map[string]any)
		if !ok || block["type"] != "table" {
			continue
		}
		rows, ok := block["rows"].([]any)
		if !ok {
			continue
		}
		var head []string
		for i, row := range rows {
			cells := cellsOf(row)
			if i == 0 {
				head = cells
				continue
			}
			said := slices.Clone(cells)
			for k := 1; k < len(said) && k < len(head); k++ {
				said[k] = head[k] + ": " + said[k]
			}
			text = strings.Replace(text, strings.Join(cells, " | "), strings.Join(said, "; "), 1)
		}
	}
	return text
}

func cellsOf(row any) []string {
	all, _ := row.([]any)
	out := make([]string, len(all))
	for i, c := range all {
		if cell, ok := c.(map[string]any); ok {
			out[i], _ = cell["text"].(string)
		}
	}
	return out
}
