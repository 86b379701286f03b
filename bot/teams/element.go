package teams

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object of an Adaptive Card.
type object = map[string]any

// Content is one Adaptive Card, as it goes into an attachment.
type Content struct {
	Body    []object
	Full    bool   // it needs the whole width
	Summary string // for notifications, in plain text
	plain   string // the same as plain text, for what can't draw it
	refresh object // how it is had anew; nil where it is the same to all
}

// fallbackMost and speakMost are how many bytes of a card are told to a client
// that can't draw it, and aloud: the beginning, since all of it stands in the card.
const (
	fallbackMost = 2000
	speakMost    = 600
	summaryMost  = 150
)

// MarshalJSON writes the card. The same card is always the same bytes.
func (c Content) MarshalJSON() ([]byte, error) {
	o := object{
		"type": "AdaptiveCard", "version": "1.5", "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
		"body": c.Body, "fallbackText": within(c.plain, fallbackMost, escape), "speak": within(c.plain, speakMost, aloud),
	}
	if c.Full {
		o["msteams"] = object{"width": "Full"}
	}
	if c.refresh != nil {
		o["refresh"] = c.refresh
	}
	return encode(o)
}

// encode writes JSON without escapes for HTML, which make a card longer.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// size is how many bytes something of a card takes.
func size(v any) int {
	b, err := encode(v)
	if err != nil {
		return 0
	}
	return len(b)
}

// heading is the one element whose text is Markdown, since no other is a heading
// to a screen reader. Its text is escaped.
func heading(text string) object {
	return object{"type": "TextBlock", "text": escape(text), "style": "heading", "size": "medium", "weight": "bolder", "wrap": true}
}

// rich is text that is shown as it stands: a TextRun knows no Markdown.
func rich(spacing string, runs ...[]object) object {
	o := object{"type": "RichTextBlock"}
	inlines := []object{}
	for _, r := range runs {
		inlines = append(inlines, r...)
	}
	o["inlines"] = inlines
	if spacing != "" {
		o["spacing"] = spacing
	}
	return o
}

// run is a text in a style. Clients look for {{DATE(…)}} in the text of a run, so
// braces that stand together go into runs of their own.
func run(text string, style object) []object {
	var out []object
	for _, part := range braces(text) {
		o := object{"type": "TextRun", "text": part}
		for k, v := range style {
			o[k] = v
		}
		out = append(out, o)
	}
	return out
}

// The styles of a run.
var (
	plainly = object(nil)
	bold    = object{"weight": "bolder"}
	small   = object{"size": "small", "isSubtle": true}
)
