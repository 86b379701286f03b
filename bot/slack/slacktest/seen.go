package slacktest

import (
	"fmt"
	"strings"
)

// Message is a message as somebody sees it.
type Message struct {
	TS     string
	Thread string // the ts of the first message of the thread that it is in
	From   string // the user's id, the app's own for what it says
	App    bool   // the app says it
	// Text is what can be read, without buttons and inputs: markup that Slack
	// acts on is acted on, and all else stands as it is.
	Text string
	// Fallback is what notifications and screen readers have: the text beside the blocks.
	Fallback  string
	Buttons   []Button
	Fields    []Field
	Mentions  []string // who is notified: ids, "channel", "here", "everyone"
	Links     []string // where a click leads
	Ephemeral bool
	Edited    bool
	Metadata  any
	Blocks    []any
}

// Button is a button as it is seen.
type Button struct{ Label, ActionID, BlockID, Value, URL, Style string }

// Field is an input or a choice as it is seen.
type Field struct {
	Label, Hint, BlockID, ActionID, Kind, Value string
	Optional                                    bool
	Options                                     []string // labels
}

// Seen returns what somebody sees in a channel, oldest first; "" is their
// direct message with the app.
func (p *Person) Seen(channel string) ([]Message, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	ch, err := p.here(channel)
	if err != nil {
		return nil, err
	}
	var all []Message
	for _, m := range ch.messages {
		if m.only != "" && m.only != p.ID {
			continue
		}
		r := &reader{s: p.s}
		fallback := &reader{s: p.s}
		fallback.lines = []string{fallback.mrkdwn(m.text, justLinks)}
		switch {
		case len(m.blocks) > 0:
			r.blocks(m.blocks)
		case m.plain:
			r.lines = []string{unescape(m.text)}
		default:
			r.lines = []string{r.mrkdwn(m.text, justLinks)}
		}
		seen := r.message()
		// What the text beside blocks mentions is notified of it as well.
		seen.Mentions = append(seen.Mentions, fallback.mentions...)
		seen.TS, seen.Thread, seen.From, seen.App = m.ts, m.thread, m.user, m.install != nil
		seen.Fallback, seen.Ephemeral, seen.Edited, seen.Metadata, seen.Blocks = fallback.text(), m.only != "", m.edited != "", m.metadata, m.blocks
		all = append(all, seen)
	}
	return all, nil
}

// reader puts together what is read in blocks.
type reader struct {
	s        *Slack
	lines    []string
	buttons  []Button
	fields   []Field
	mentions []string
	links    []string
}

func (r *reader) text() string { return strings.TrimRight(strings.Join(r.lines, "\n"), "\n") }

func (r *reader) message() Message {
	return Message{Text: r.text(), Buttons: r.buttons, Fields: r.fields, Mentions: r.mentions, Links: r.links}
}

func (r *reader) line(text string) { r.lines = append(r.lines, text) }

func (r *reader) blocks(all []any) {
	for _, b := range objects(all) {
		r.block(b)
	}
}

func (r *reader) block(b obj) {
	switch str(b, "type") {
	case "header":
		r.line(strings.Join(strings.Fields(r.plain(sub(b, "text"))), " "))
	case "section":
		if t := sub(b, "text"); t != nil {
			r.line(r.object(t))
		}
		for _, f := range objects(list(b, "fields")) {
			r.line(r.object(f))
		}
	case "context":
		var parts []string
		for _, e := range objects(list(b, "elements")) {
			if str(e, "type") == "image" {
				parts = append(parts, str(e, "alt_text"))
			} else {
				parts = append(parts, r.object(e))
			}
		}
		r.line(strings.Join(parts, " "))
	case "image":
		r.line(strings.TrimSpace(r.plain(sub(b, "title")) + " " + str(b, "alt_text")))
	case "rich_text":
		r.rich(b)
	case "table":
		for _, row := range list(b, "rows") {
			r.row(row)
		}
	case "markdown":
		r.line(r.markdown(str(b, "text")))
	}
	for e := range elements(b) {
		r.element(b, e)
	}
}

func (r *reader) row(row any) {
	cells, _ := row.([]any)
	var parts []string
	for _, c := range objects(cells) {
		if str(c, "type") == "rich_text" {
			below := &reader{s: r.s}
			below.rich(c)
			parts = append(parts, below.text())
			r.mentions, r.links = append(r.mentions, below.mentions...), append(r.links, below.links...)
		} else {
			parts = append(parts, str(c, "text"))
		}
	}
	r.line(strings.Join(parts, " | "))
}

// element is a button or a field.
func (r *reader) element(b, e obj) {
	kind := str(e, "type")
	if kind == "button" {
		r.buttons = append(r.buttons, Button{
			ShownLabel(sub(e, "text")), str(e, "action_id"), str(b, "block_id"), str(e, "value"), str(e, "url"), str(e, "style"),
		})
		return
	}
	if !interactive[kind] {
		return
	}
	f := Field{
		Label: r.plain(sub(b, "label")), Hint: r.plain(sub(b, "hint")), BlockID: str(b, "block_id"), ActionID: str(e, "action_id"),
		Kind: kind, Optional: b["optional"] == true,
	}
	switch v := unfilled(e)[stateKeys[kind]].(type) {
	case obj:
		f.Value = str(v, "value")
	case string:
		f.Value = v
	case nil, []any:
	default:
		f.Value = fmt.Sprint(v)
	}
	all := list(e, "options")
	for _, g := range objects(list(e, "option_groups")) {
		all = append(all, list(g, "options")...)
	}
	for _, o := range objects(all) {
		f.Options = append(f.Options, r.object(sub(o, "text")))
	}
	r.fields = append(r.fields, f)
}

// ShownLabel is the label of a button as it is seen: in one line.
func ShownLabel(text map[string]any) string {
	return strings.Join(strings.Fields((&reader{}).plain(text)), " ")
}

// plain is a plain_text object: as it stands, but for emoji.
func (r *reader) plain(t obj) string {
	if t["emoji"] == false {
		return str(t, "text")
	}
	return emojis(str(t, "text"))
}

// object is a text object of either kind.
func (r *reader) object(t obj) string {
	if str(t, "type") == "mrkdwn" {
		if t["verbatim"] == true {
			return r.mrkdwn(str(t, "text"), markedOnly)
		}
		return r.mrkdwn(str(t, "text"), linksAndMentions)
	}
	return r.plain(t)
}
