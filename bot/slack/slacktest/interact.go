package slacktest

import (
	"context"
	"fmt"
	"net/url"
)

// command is a slash command on its way. The lock is held.
func (s *Slack) command(p *Person, app *Install, ch *Channel, command, text string) *shipment {
	form := url.Values{}
	payload := obj{}
	for key, value := range map[string]string{
		"token": s.app.VerificationToken, "team_id": p.ws.ID, "team_domain": p.ws.Domain, "channel_id": ch.id, "channel_name": ch.called(),
		"user_id": p.ID, "user_name": p.Name, "command": command, "text": text, "api_app_id": s.app.ID, "is_enterprise_install": "false",
		"response_url": s.hook(hook{person: p, install: app, channel: ch}), "trigger_id": s.trigger(p, app, nil),
	} {
		form.Set(key, value)
		payload[key] = value
	}
	return &shipment{kind: KindCommand, payload: payload, form: form, install: app, person: p, channel: ch}
}

// called is a channel's name in payloads.
func (c *Channel) called() string {
	switch c.kind() {
	case "im":
		return "directmessage"
	case "group":
		return "privategroup"
	}
	return c.name
}

// interaction begins a payload. The lock is held.
func (s *Slack) interaction(kind string, p *Person, app *Install) obj {
	return obj{
		"type": kind, "api_app_id": app.AppID, "token": s.app.VerificationToken, "enterprise": nil, "is_enterprise_install": false,
		"team": obj{"id": p.ws.ID, "domain": p.ws.Domain},
		"user": obj{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": p.ws.ID},
	}
}

// Press presses a button of a message by its label.
func (p *Person) Press(ctx context.Context, in In, ts, label string) (*Delivery, error) {
	return p.onMessage(ctx, in, ts, func(e obj) bool {
		return str(e, "type") == "button" && (label == ShownLabel(sub(e, "text")) || label == str(sub(e, "text"), "text"))
	}, "", label)
}

// PressID presses a button of a message by its action_id.
func (p *Person) PressID(ctx context.Context, in In, ts, action string) (*Delivery, error) {
	return p.onMessage(ctx, in, ts, func(e obj) bool { return str(e, "action_id") == action }, "", action)
}

// Choose chooses a value of a select, a date or the like in a message by its
// action_id.
func (p *Person) Choose(ctx context.Context, in In, ts, action, value string) (*Delivery, error) {
	return p.onMessage(ctx, in, ts, func(e obj) bool { return str(e, "action_id") == action }, value, action)
}

// onMessage acts on an element of a message.
func (p *Person) onMessage(ctx context.Context, in In, ts string, is func(obj) bool, value, what string) (*Delivery, error) {
	p.s.Due(ctx)
	p.s.mu.Lock()
	sh, err := p.pressed(in, ts, is, value, what)
	p.s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return p.s.deliver(ctx, sh), nil
}

func (p *Person) pressed(in In, ts string, is func(obj) bool, value, what string) (*shipment, error) {
	s := p.s
	ch, err := p.here(in.Channel)
	if err != nil {
		return nil, err
	}
	var m *message
	for _, o := range ch.messages {
		if o.ts == ts && (o.only == "" || o.only == p.ID) {
			m = o
		}
	}
	if m == nil || m.install == nil {
		return nil, fmt.Errorf("%s sees no message %s of the app in %s", p.ID, ts, ch.id)
	}
	block, e := findElement(m.blocks, is)
	if e == nil {
		return nil, fmt.Errorf("message %s has no %q", ts, what)
	}
	app := m.install
	payload := s.interaction("block_actions", p, app)
	container := obj{"type": "message", "message_ts": m.ts, "channel_id": ch.id, "is_ephemeral": m.only != ""}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	payload["container"], payload["channel"] = container, obj{"id": ch.id, "name": ch.called()}
	if m.only == "" {
		payload["message"] = copied(m.json(s, app, true))
	}
	state, _ := p.state(m.blocks, s.filled[p.ID+" "+m.ts])
	payload["state"] = obj{"values": state}
	payload["trigger_id"] = s.trigger(p, app, nil)
	payload["response_url"] = s.hook(hook{person: p, install: app, channel: ch, of: m})
	action, err := s.action(block, e, value)
	if err != nil {
		return nil, err
	}
	payload["actions"] = []any{action}
	return &shipment{kind: KindInteractive, payload: payload, install: app, person: p, channel: ch}, nil
}

// findElement finds the first element that is meant, and its block.
func findElement(blocks []any, is func(obj) bool) (block, element obj) {
	for _, b := range objects(blocks) {
		for e := range elements(b) {
			if interactive[str(e, "type")] && is(e) {
				return b, e
			}
		}
	}
	return nil, nil
}

// action is what an act on an element is in a payload. The lock is held.
func (s *Slack) action(block, e obj, value string) (obj, error) {
	a := obj{"type": e["type"], "action_id": e["action_id"], "block_id": block["block_id"], "action_ts": s.ts()}
	if str(e, "type") != "button" {
		chosen, err := filledIn(e, value)
		for k, v := range chosen {
			a[k] = v
		}
		return a, err
	}
	for _, key := range []string{"text", "value", "style"} {
		if e[key] != nil {
			a[key] = copied(e[key])
		}
	}
	return a, nil
}

// Fill fills in the inputs of a message, by block_id, action_id or label. They
// go along when a button of it is pressed.
func (p *Person) Fill(ts string, values map[string]string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.filled[p.ID+" "+ts] = values
}

// OpenHome opens the app's home tab; OpenMessages its messages tab, which sends
// the same event.
func (p *Person) OpenHome(ctx context.Context) (*Delivery, error) { return p.openTab(ctx, "home") }

// OpenMessages opens the messages tab.
func (p *Person) OpenMessages(ctx context.Context) (*Delivery, error) {
	return p.openTab(ctx, "messages")
}

func (p *Person) openTab(ctx context.Context, tab string) (*Delivery, error) {
	p.s.Due(ctx)
	s := p.s
	s.mu.Lock()
	ch, err := p.here("")
	if err != nil || !s.hears(ch.with, "app_home_opened", nil) {
		s.mu.Unlock()
		return nil, err
	}
	ev := obj{"type": "app_home_opened", "user": p.ID, "channel": ch.id, "tab": tab}
	if v := s.home(p, ch.with); v != nil && tab == "home" {
		ev["view"] = v.json()
	}
	sh := s.event(ch.with, ev, p, nil)
	s.mu.Unlock()
	return s.deliver(ctx, sh), nil
}
