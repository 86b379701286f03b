package slacktest

import (
	"slices"
	"time"
)

// trigger is what lets an app open a modal: for three seconds, and once.
type trigger struct {
	person  *Person
	install *Install
	at      time.Time
	used    bool
	view    *view // whose button it was
}

// view is a modal that somebody has before them, or a home tab.
type view struct {
	id, kind, root, previous string
	person                   *Person
	install                  *Install
	body                     obj // as the app sent it
	hash                     string
	closed                   bool
	errors                   map[string]string // by block, after a submission
}

// trigger makes one. The lock is held.
func (s *Slack) trigger(p *Person, in *Install, of *view) string {
	id := s.id("1334522460") + "." + s.id("73847492") + "." + s.id("8088930838d88f008e")
	s.triggers[id] = &trigger{person: p, install: in, at: s.o.Now(), view: of}
	return id
}

// take uses the call's trigger up.
func (c *call) take() (*trigger, *refusal) {
	t := c.triggers[c.args.str("trigger_id")]
	switch {
	case t == nil || t.install != c.in:
		return nil, no("invalid_trigger_id")
	case t.used:
		return nil, no("exchanged_trigger_id")
	case c.o.Now().Sub(t.at) > 3*time.Second:
		return nil, no("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

// body reads and checks the view of a call.
func (c *call) body(kinds ...string) (obj, *refusal) {
	v, ok := c.args.value("view")
	body, isObj := v.(obj)
	if !ok || !isObj {
		return nil, no("invalid_arguments")
	}
	return body, c.checkView(body, kinds...)
}

// checkView checks a view as Slack does. The lock is held.
func (s *Slack) checkView(body obj, kinds ...string) *refusal {
	kind := str(body, "type")
	k := &checker{surface: kind, blockIDs: map[string]bool{}}
	if !slices.Contains(kinds, kind) {
		k.bad("/view/type", "unsupported type: %s", kind)
		return k.refusal("invalid_arguments")
	}
	k.only(body, "/view", "blocks", "title", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
		"notify_on_close", "external_id", "submit_disabled")
	if kind == "modal" {
		k.text(body, "title", "/view", "plain_text", 24)
		k.maybeText(body, "close", "/view", "plain_text", 24)
		k.maybeText(body, "submit", "/view", "plain_text", 24)
	}
	for key, most := range map[string]int{"private_metadata": 3000, "callback_id": 255, "external_id": 255} {
		if body[key] != nil {
			k.word(body[key], "/view/"+key, 0, most)
		}
	}
	blocks, ok := body["blocks"].([]any)
	if !ok {
		k.bad("/view", "missing required field: blocks")
	}
	k.all(blocks, "/view/blocks", maxViewBlocks)
	hasInput := slices.ContainsFunc(blocks, func(b any) bool { o, _ := b.(obj); return str(o, "type") == "input" })
	if kind == "modal" && hasInput && body["submit"] == nil {
		k.bad("/view/submit", "`submit` is required when an `input` block is within the `blocks` array")
	}
	if len(k.errs) > 0 {
		return k.refusal("invalid_arguments")
	}
	if len(encode(body)) > 250<<10 {
		return no("view_too_large")
	}
	return nil
}

// show puts a view before somebody. The lock is held.
func (s *Slack) show(p *Person, in *Install, body obj, below *view) *view {
	v := &view{id: s.id("V"), kind: str(body, "type"), person: p, install: in}
	v.root = v.id
	if below != nil {
		v.root, v.previous = below.root, below.id
	}
	s.fillView(v, body)
	s.views[v.id] = v
	return v
}

func (s *Slack) fillView(v *view, body obj) {
	v.body, _ = copied(body).(obj)
	v.body["blocks"] = s.named(list(body, "blocks"))
	v.hash = s.ts() + "." + s.id("h")
	v.errors = nil
}

// top returns the modal that somebody has before them, or nil. The lock is held.
func (s *Slack) top(p *Person) *view {
	var top *view
	for _, v := range s.views {
		if v.kind == "modal" && v.person == p && !v.closed && (top == nil || v.id > top.id) {
			top = v
		}
	}
	return top
}

func (c *call) viewsOpen() (obj, *refusal) {
	body, why := c.body("modal")
	if why != nil {
		return nil, why
	}
	t, why := c.take()
	if why != nil {
		return nil, why
	}
	for _, v := range c.views {
		if v.person == t.person && v.kind == "modal" {
			v.closed = true
		}
	}
	return obj{"view": c.show(t.person, c.in, body, nil).json()}, nil
}

func (c *call) viewsPush() (obj, *refusal) {
	body, why := c.body("modal")
	if why != nil {
		return nil, why
	}
	t, why := c.take()
	if why != nil {
		return nil, why
	}
	if t.view == nil || t.view.closed {
		return nil, no("invalid_trigger_id")
	}
	if t.view.depth(c.views) >= 3 {
		return nil, no("push_limit_reached")
	}
	return obj{"view": c.show(t.person, c.in, body, t.view).json()}, nil
}

func (v *view) depth(all map[string]*view) int {
	n := 1
	for p := all[v.previous]; p != nil; p = all[p.previous] {
		n++
	}
	return n
}

func (c *call) viewsUpdate() (obj, *refusal) {
	v := c.views[c.args.str("view_id")]
	if external := c.args.str("external_id"); v == nil && external != "" {
		for _, o := range c.views {
			if str(o.body, "external_id") == external && !o.closed {
				v = o
			}
		}
	}
	if v == nil || v.install != c.in || v.closed {
		return nil, no("not_found")
	}
	body, why := c.body(v.kind)
	if why != nil {
		return nil, why
	}
	if h := c.args.str("hash"); h != "" && h != v.hash {
		return nil, no("hash_conflict")
	}
	c.fillView(v, body)
	return obj{"view": v.json()}, nil
}

func (c *call) viewsPublish() (obj, *refusal) {
	p := c.person(c.args.str("user_id"))
	if p == nil || !c.meets(p, c.in) {
		return nil, no("invalid_arguments")
	}
	if c.app.HomeTabOff {
		return nil, no("not_enabled")
	}
	body, why := c.body("home")
	if why != nil {
		return nil, why
	}
	v := c.home(p, c.in)
	if v == nil {
		return obj{"view": c.show(p, c.in, body, nil).json()}, nil
	}
	if h := c.args.str("hash"); h != "" && h != v.hash {
		return nil, no("hash_conflict")
	}
	c.fillView(v, body)
	return obj{"view": v.json()}, nil
}

// home returns somebody's home tab of the app, or nil. The lock is held.
func (s *Slack) home(p *Person, in *Install) *view {
	for _, v := range s.views {
		if v.kind == "home" && v.person == p && v.install == in {
			return v
		}
	}
	return nil
}

// inside is a view in a payload, a copy.
func (v *view) inside() obj {
	o, _ := copied(v.json()).(obj)
	return o
}

// json is a view as Slack shows it to the app.
func (v *view) json() obj {
	o := obj{
		"id": v.id, "team_id": v.person.ws.ID, "type": v.kind, "blocks": v.body["blocks"], "private_metadata": str(v.body, "private_metadata"),
		"callback_id": str(v.body, "callback_id"), "state": obj{"values": obj{}}, "hash": v.hash, "title": v.body["title"],
		"clear_on_close": v.body["clear_on_close"] == true, "notify_on_close": v.body["notify_on_close"] == true,
		"close": v.body["close"], "submit": v.body["submit"], "previous_view_id": nil, "root_view_id": v.root,
		"app_id": v.install.AppID, "external_id": str(v.body, "external_id"), "app_installed_team_id": v.install.Team, "bot_id": v.install.BotID,
	}
	if v.previous != "" {
		o["previous_view_id"] = v.previous
	}
	if v.kind == "home" {
		o["title"] = obj{"type": "plain_text", "text": "View Title", "emoji": true}
	}
	return o
}
