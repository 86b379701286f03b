package slacktest

import (
	"context"
	"net/url"
	"slices"
)

// eventScopes are the scopes that let an app hear an event.
var eventScopes = map[string]string{
	"app_mention": "app_mentions:read", "message.im": "im:history", "message.channels": "channels:history", "message.groups": "groups:history",
	"member_joined_channel": "channels:read", "member_left_channel": "channels:read", "channel_archive": "channels:read",
	"channel_unarchive": "channels:read", "channel_rename": "channels:read", "channel_left": "channels:read", "channel_id_changed": "channels:read",
}

// hears reports whether the app subscribes to an event and may hear it of a
// channel, nil where it is of none. The lock is held.
func (s *Slack) hears(in *Install, name string, ch *Channel) bool {
	if in == nil || in.removed || !slices.Contains(s.app.Events, name) {
		return false
	}
	scope := eventScopes[name]
	if ch != nil && ch.kind() == "group" && scope == "channels:read" {
		scope = "groups:read"
	}
	return scope == "" || slices.Contains(in.Scopes, scope)
}

// listens returns the installation that hears what happens in a channel, or
// nil: where several are in it Slack chooses one. The lock is held.
func (s *Slack) listens(ch *Channel) *Install {
	for _, in := range s.installs() {
		if slices.Contains(ch.members, in.UserID) {
			return in
		}
	}
	return nil
}

// event wraps an inner event as the Events API does. The outer team is that of
// whoever caused it; authorizations says whose token to use. The lock is held.
func (s *Slack) event(in *Install, ev obj, cause *Person, ch *Channel) *shipment {
	team := in.Team
	if cause != nil {
		team = cause.ws.ID
	}
	if str(ev, "event_ts") == "" {
		ev["event_ts"] = s.ts()
	}
	payload := obj{
		"token": s.app.VerificationToken, "team_id": team, "context_team_id": in.Team, "context_enterprise_id": nil,
		"api_app_id": s.app.ID, "event": ev, "type": "event_callback", "event_id": s.id("Ev"), "event_time": s.o.Now().Unix(),
		"authorizations":        []any{obj{"enterprise_id": nil, "team_id": in.Team, "user_id": in.UserID, "is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": ch != nil && ch.shared(), "event_context": s.id("4-context-"),
	}
	if in.removed {
		delete(payload, "authorizations")
	}
	return &shipment{kind: KindEvent, payload: payload, install: in, person: cause, channel: ch, at: s.o.Now()}
}

// messageEvent is the name of the event of a message in a channel.
func (ch *Channel) messageEvent() string {
	return map[string]string{"im": "message.im", "group": "message.groups", "channel": "message.channels"}[ch.kind()]
}

// echo tells the app of its own message, as Slack does, once Due is called or
// somebody acts; before is the message that it was, where it is changed. The
// lock is held.
func (s *Slack) echo(ch *Channel, m, before *message) {
	in := s.listens(ch)
	if !s.hears(in, ch.messageEvent(), ch) {
		return
	}
	ev := m.inside(s, in)
	if before != nil {
		ev = obj{
			"type": "message", "subtype": "message_changed", "message": ev, "previous_message": before.inside(s, in), "hidden": true, "ts": m.edited,
		}
	}
	ev["channel"], ev["channel_type"], ev["event_ts"] = ch.id, ch.kind(), ev["ts"]
	s.waiting = append(s.waiting, s.event(in, ev, nil, ch))
}

// inside is a message in an event, a copy.
func (m *message) inside(s *Slack, in *Install) obj {
	o, _ := copied(m.json(s, in, false)).(obj)
	return o
}

// Tell sends any inner event to the app, as of a workspace's installation; one
// that the stand-in has no act for.
func (in *Install) Tell(ctx context.Context, ev map[string]any) *Delivery {
	s := in.ws.s
	s.mu.Lock()
	sh := s.event(in, ev, nil, nil)
	s.mu.Unlock()
	return s.deliver(ctx, sh)
}

// Deliver sends any payload to the app, of one of the kinds. That of a command
// is its fields.
func (s *Slack) Deliver(ctx context.Context, kind string, payload map[string]any) *Delivery {
	sh := &shipment{kind: kind, payload: payload, form: url.Values{}, at: s.o.Now()}
	for key := range payload {
		sh.form.Set(key, args(payload).str(key))
	}
	return s.attempt(ctx, sh)
}

// Uninstall removes the app from the workspace: its tokens are of no use any
// more, and it is told so twice, as Slack does.
func (in *Install) Uninstall(ctx context.Context) []*Delivery {
	s := in.ws.s
	s.mu.Lock()
	in.revoke("account_inactive")
	var told []*shipment
	for _, ev := range []obj{
		{"type": "tokens_revoked", "tokens": obj{"oauth": []any{}, "bot": []any{in.UserID}}},
		{"type": "app_uninstalled"},
	} {
		if s.hears(in, str(ev, "type"), nil) {
			told = append(told, s.event(in, ev, nil, nil))
		}
	}
	in.removed = true
	for _, sh := range told {
		delete(sh.payload, "authorizations")
	}
	for _, ch := range s.channels {
		ch.members = slices.DeleteFunc(ch.members, func(id string) bool { return id == in.UserID && ch.im == nil })
	}
	s.mu.Unlock()
	var all []*Delivery
	for _, sh := range told {
		all = append(all, s.deliver(ctx, sh))
	}
	return all
}

// Join lets somebody into the channel and tells the app, where it is in it.
func (c *Channel) Join(ctx context.Context, p *Person) *Delivery {
	c.s.mu.Lock()
	c.add(p)
	return c.tell(ctx, "member_joined_channel", obj{
		"type": "member_joined_channel", "user": p.ID, "channel": c.id, "channel_type": c.letter(), "team": p.ws.ID,
	}, p)
}

// Invite brings the app into the channel, by somebody, and tells it.
func (c *Channel) Invite(ctx context.Context, by *Person, in *Install) *Delivery {
	c.s.mu.Lock()
	if !slices.Contains(c.members, in.UserID) {
		c.members = append(c.members, in.UserID)
	}
	return c.tell(ctx, "member_joined_channel", obj{
		"type": "member_joined_channel", "user": in.UserID, "channel": c.id, "channel_type": c.letter(), "team": in.Team, "inviter": by.ID,
	}, by)
}

// Leave lets somebody out of the channel and tells the app.
func (c *Channel) Leave(ctx context.Context, p *Person) *Delivery {
	c.s.mu.Lock()
	c.members = slices.DeleteFunc(c.members, func(id string) bool { return id == p.ID })
	return c.tell(ctx, "member_left_channel", obj{
		"type": "member_left_channel", "user": p.ID, "channel": c.id, "channel_type": c.letter(), "team": p.ws.ID,
	}, p)
}

// Archive archives the channel.
func (c *Channel) Archive(ctx context.Context, by *Person) *Delivery {
	c.s.mu.Lock()
	c.archived = true
	return c.tell(ctx, "channel_archive", obj{"type": "channel_archive", "channel": c.id, "user": by.ID}, by)
}

// Unarchive brings the channel back.
func (c *Channel) Unarchive(ctx context.Context, by *Person) *Delivery {
	c.s.mu.Lock()
	c.archived = false
	return c.tell(ctx, "channel_unarchive", obj{"type": "channel_unarchive", "channel": c.id, "user": by.ID}, by)
}

// Renumber gives the channel another id, as sharing it can. The old one finds
// nothing any more.
func (c *Channel) Renumber(ctx context.Context, id string) *Delivery {
	c.s.mu.Lock()
	old := c.id
	c.id = id
	return c.tell(ctx, "channel_id_changed", obj{"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": id}, nil)
}

// letter is the type of a channel in the events of members.
func (c *Channel) letter() string {
	if c.private {
		return "G"
	}
	return "C"
}

// tell sends an event of the channel to the app, and returns nil where it hears
// none. The lock is held, and let go.
func (c *Channel) tell(ctx context.Context, name string, ev obj, cause *Person) *Delivery {
	in := c.s.listens(c)
	if !c.s.hears(in, name, c) {
		c.s.mu.Unlock()
		return nil
	}
	sh := c.s.event(in, ev, cause, c)
	c.s.mu.Unlock()
	c.s.Due(ctx)
	return c.s.deliver(ctx, sh)
}
