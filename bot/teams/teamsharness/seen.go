package teamsharness

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
)

// shown is an Adaptive Card as it is read.
type shown struct {
	text    []string
	actions []map[string]any
	inputs  []map[string]any
}

func read(activity map[string]any) shown {
	var s shown
	attachments, _ := activity["attachments"].([]any)
	for _, a := range attachments {
		o, _ := a.(map[string]any)
		c, _ := o["content"].(map[string]any)
		s.walk(c["body"])
	}
	return s
}

// refreshOf is how a message is had anew; nil where it is the same to all.
func refreshOf(activity map[string]any) map[string]any {
	attachments, _ := activity["attachments"].([]any)
	for _, a := range attachments {
		o, _ := a.(map[string]any)
		c, _ := o["content"].(map[string]any)
		if of, ok := c["refresh"].(map[string]any); ok {
			return of
		}
	}
	return nil
}

// walk reads elements from top to bottom.
func (s *shown) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, of := range v {
			s.walk(of)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		switch {
		case kind == "TextBlock":
			text, _ := v["text"].(string)
			s.text = append(s.text, acted(text))
		case kind == "RichTextBlock":
			var line strings.Builder
			inlines, _ := v["inlines"].([]any)
			for _, in := range inlines {
				o, _ := in.(map[string]any)
				text, _ := o["text"].(string)
				line.WriteString(function.ReplaceAllString(text, "(a date)"))
			}
			s.text = append(s.text, line.String())
		case kind == "Table":
			s.table(v)
		case kind == "ActionSet":
			actions, _ := v["actions"].([]any)
			for _, a := range actions {
				if o, ok := a.(map[string]any); ok {
					s.actions = append(s.actions, o)
				}
			}
		case strings.HasPrefix(kind, "Input."):
			s.inputs = append(s.inputs, v)
		default:
			for _, of := range []string{"rows", "cells", "items", "columns", "body"} {
				s.walk(v[of])
			}
		}
	}
}

// table reads a table as it is read aloud: each cell after its column's name, but
// for the first.
func (s *shown) table(t map[string]any) {
	rows, _ := t["rows"].([]any)
	var top []string
	for i, r := range rows {
		var cells shown
		o, _ := r.(map[string]any)
		cells.walk(o["cells"])
		if i == 0 {
			top = cells.text
			continue
		}
		var said []string
		for j, c := range cells.text {
			if j > 0 && j < len(top) && c != "" {
				c = top[j] + ": " + c
			}
			if c != "" {
				said = append(said, c)
			}
		}
		s.text = append(s.text, strings.Join(said, "; "))
	}
}

// What a TextBlock acts on, roughly: {{DATE(…)}}, emphasis, code, links, lists,
// headings, references and tags. A backslash takes the meaning away.
var (
	function = regexp.MustCompile(`\{\{(DATE|TIME)\([^)]*\)\}\}`)
	markup   = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])|\\*\\*?|__?|~~|`+|!?\\[[^\\]]*\\]\\([^)]*\\)|<[^>]+>|&#?\\w+;|^(#+|>|-|\\+|\\d+\\.) ")
)

func acted(text string) string {
	text = function.ReplaceAllString(text, "(a date)")
	return markup.ReplaceAllStringFunc(text, func(m string) string {
		if m[0] == '\\' {
			return m[1:]
		}
		return ""
	})
}

// Seen returns what Tandem said that the person sees in the place, oldest first.
// In a channel every text begins a thread, in which Tandem answers: a message
// stands in a thread only where somebody else than its asker began it.
func (h *Harness) Seen(_ context.Context, person, place string) ([]bottest.Message, error) {
	user, _, err := h.who(person)
	if err != nil {
		return nil, err
	}
	at := h.Teams.Chat(user)
	if place != "" {
		if at, err = h.channel(person, place); err != nil {
			return nil, err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []bottest.Message
	for _, m := range h.Teams.Messages(at) {
		if m.Only != "" && m.Only != "29:"+user {
			continue
		}
		c := read(m.Activity)
		one := bottest.Message{ID: m.ID, Text: strings.Join(c.text, "\n"), Private: m.Only != ""}
		if m.Thread != m.ID && !h.said[m.Thread] {
			one.Thread = m.Thread
		}
		actions := c.actions
		if len(c.inputs) > 0 { // the last is the form's own
			actions = actions[:len(actions)-1]
		}
		for _, a := range actions {
			title, _ := a["title"].(string)
			one.Buttons = append(one.Buttons, title)
		}
		for _, in := range c.inputs {
			id, _ := in["id"].(string)
			one.Fields = append(one.Fields, strings.TrimPrefix(id, "field."))
		}
		out = append(out, one)
	}
	return out, nil
}

// message returns one that is seen from the spot.
func (h *Harness) message(s bottest.Spot, id string) (teamstest.Message, error) {
	user, _, err := h.who(s.Person)
	if err != nil {
		return teamstest.Message{}, err
	}
	at := h.Teams.Chat(user)
	if s.Place != "" {
		if at, err = h.channel(s.Person, s.Place); err != nil {
			return teamstest.Message{}, err
		}
	}
	for _, m := range h.Teams.Messages(at) {
		if m.ID == id && (m.Only == "" || m.Only == "29:"+user) {
			return m, nil
		}
	}
	return teamstest.Message{}, fmt.Errorf("there is no message %q there", id)
}
