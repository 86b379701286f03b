package slacktest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// In is where somebody acts.
type In struct {
	Channel string // "" is the direct message with the app
	Thread  string // the ts of its first message; "" is outside of one
}

var (
	escaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	typed     = regexp.MustCompile(`https?://[^\s<>|&"'()\[\]]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	everybody = regexp.MustCompile(`(^|\s)@(channel|here|everyone)\b`)
)

// Typed is what becomes of a text that somebody types: & < > are escaped, and
// what is a link, an e-mail address or a mention of everybody is marked as one.
func Typed(text string) string {
	text = typed.ReplaceAllStringFunc(escaper.Replace(text), func(link string) string {
		if strings.HasPrefix(link, "http") {
			end := strings.TrimRight(link, ".,;:!?")
			return "<" + end + ">" + link[len(end):]
		}
		return "<mailto:" + link + "|" + link + ">"
	})
	return everybody.ReplaceAllString(text, "$1<!$2>")
}

// Say types a text and sends it. The delivery is nil where the app hears
// nothing of it.
func (p *Person) Say(ctx context.Context, in In, text string) (*Delivery, error) {
	return p.SayRaw(ctx, in, Typed(text))
}

// Mention is Say with a mention of the app first.
func (p *Person) Mention(ctx context.Context, in In, text string) (*Delivery, error) {
	p.s.mu.Lock()
	at := p.s.mention(p, in.Channel)
	p.s.mu.Unlock()
	return p.SayRaw(ctx, in, at+" "+Typed(text))
}

// mention is how a person mentions the app in a channel. The lock is held.
func (s *Slack) mention(p *Person, channel string) string {
	if ch, err := p.here(channel); err == nil {
		if in := s.listens(ch); in != nil {
			return "<@" + in.UserID + ">"
		}
	}
	return "@" + s.app.Name // no such member to mention
}

// SayRaw sends a text as Slack keeps it: "<@U1> &amp;".
func (p *Person) SayRaw(ctx context.Context, in In, text string) (*Delivery, error) {
	p.s.Due(ctx)
	p.s.mu.Lock()
	told, err := p.say(in, text)
	p.s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var d *Delivery
	for _, sh := range told {
		d = p.s.deliver(ctx, sh)
	}
	return d, nil
}

// say puts a message in its place and returns what the app hears of it. The
// lock is held.
func (p *Person) say(in In, text string) ([]*shipment, error) {
	s := p.s
	ch, err := p.here(in.Channel)
	if err != nil {
		return nil, err
	}
	if ch.archived || !slices.Contains(ch.members, p.ID) {
		return nil, fmt.Errorf("%s can't write in %s", p.ID, ch.id)
	}
	if ch.im != nil && s.app.MessagesTabOff {
		return nil, errors.New("sending messages to this app has been turned off")
	}
	m := &message{ts: s.ts(), user: p.ID, team: p.ws.ID, text: text, blocks: []any{typedBlock(text)}}
	m.blocks = s.named(m.blocks)
	if in.Thread != "" {
		root := ch.find(in.Thread)
		if root == nil {
			return nil, fmt.Errorf("there is no message %s in %s", in.Thread, ch.id)
		}
		m.thread = in.Thread
		if root.thread != "" {
			m.thread = root.thread
		}
	}
	ch.messages = append(ch.messages, m)
	app := s.listens(ch)
	if app == nil {
		return nil, nil
	}
	base := m.inside(s, app)
	base["client_msg_id"], base["channel"], base["event_ts"] = s.id("msg-"), ch.id, m.ts
	if p.ws != app.ws {
		base["user_team"], base["source_team"] = p.ws.ID, p.ws.ID
		base["user_profile"] = obj{"real_name": p.RealName, "display_name": p.DisplayName, "name": p.Name, "team": p.ws.ID}
	}
	var told []*shipment
	if name := ch.messageEvent(); s.hears(app, name, ch) {
		ev := maps.Clone(base)
		ev["channel_type"] = ch.kind()
		told = append(told, s.event(app, ev, p, ch))
	}
	if ch.im == nil && strings.Contains(text, "<@"+app.UserID) && s.hears(app, "app_mention", ch) {
		ev := maps.Clone(base)
		ev["type"] = "app_mention"
		told = append(told, s.event(app, ev, p, ch))
	}
	return told, nil
}

var token3 = regexp.MustCompile(`<[^<>]+>`)

// typedBlock is the rich text that Slack makes of what somebody types.
func typedBlock(text string) obj {
	var parts []any
	plain := func(t string) {
		if t != "" {
			parts = append(parts, obj{"type": "text", "text": unescape(t)})
		}
	}
	at := 0
	for _, span := range token3.FindAllStringIndex(text, -1) {
		plain(text[at:span[0]])
		at = span[1]
		inner, label, _ := strings.Cut(text[span[0]+1:span[1]-1], "|")
		switch {
		case strings.HasPrefix(inner, "@"):
			parts = append(parts, obj{"type": "user", "user_id": inner[1:]})
		case strings.HasPrefix(inner, "#"):
			parts = append(parts, obj{"type": "channel", "channel_id": inner[1:]})
		case strings.HasPrefix(inner, "!"):
			parts = append(parts, obj{"type": "broadcast", "range": inner[1:]})
		case label != "":
			parts = append(parts, obj{"type": "link", "url": inner, "text": unescape(label)})
		default:
			parts = append(parts, obj{"type": "link", "url": inner})
		}
	}
	plain(text[at:])
	return obj{"type": "rich_text", "elements": []any{obj{"type": "rich_text_section", "elements": parts}}}
}

func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// Slash types a command. Slack knows it only in the workspaces that have
// installed the app, outside of threads.
func (p *Person) Slash(ctx context.Context, in In, command, text string) (*Delivery, error) {
	p.s.Due(ctx)
	s := p.s
	s.mu.Lock()
	ch, err := p.here(in.Channel)
	app := p.ws.install
	switch {
	case err != nil:
	case in.Thread != "":
		err = fmt.Errorf("%s is not supported in threads", command)
	case app == nil || app.removed || !slices.Contains(app.Scopes, "commands") || !slices.Contains(s.app.Commands, command):
		err = fmt.Errorf("%s is not a valid command", command)
	}
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	if s.app.EscapeCommands {
		text = Typed(text)
		for _, w := range s.workspaces {
			for _, o := range w.people {
				text = strings.ReplaceAll(text, "@"+o.Name, "<@"+o.ID+"|"+o.Name+">")
			}
		}
	}
	sh := s.command(p, app, ch, command, text)
	s.mu.Unlock()
	return s.deliver(ctx, sh), nil
}
