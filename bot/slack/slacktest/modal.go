package slacktest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// View is a modal or home tab as a person sees it.
type View struct {
	ID, CallbackID string
	Title          string
	Submit         string // the label of its button; "" where it has none
	Message        Message
	Errors         map[string]string // what the app found wrong, by block
}

// Modal returns the modal that somebody has before them, on top of any others.
func (p *Person) Modal() (View, bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if v := p.s.top(p); v != nil {
		return p.see(v), true
	}
	return View{}, false
}

// Home returns the home tab that the app has published for somebody.
func (p *Person) Home() (View, bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for _, in := range p.s.installs() {
		if v := p.s.home(p, in); v != nil {
			return p.see(v), true
		}
	}
	return View{}, false
}

// see is a view as it is shown. The lock is held.
func (p *Person) see(v *view) View {
	r := &reader{s: p.s}
	shown := View{
		ID: v.id, CallbackID: str(v.body, "callback_id"), Title: r.plain(sub(v.body, "title")), Submit: r.plain(sub(v.body, "submit")), Errors: v.errors,
	}
	r.blocks(list(v.body, "blocks"))
	shown.Message = r.message()
	return shown
}

// PressView presses a button of the modal that somebody has before them, or,
// with no modal, of their home tab.
func (p *Person) PressView(ctx context.Context, label string, values map[string]string) (*Delivery, error) {
	return p.onView(ctx, values, func(v *view) (obj, error) {
		block, e := findElement(list(v.body, "blocks"), func(e obj) bool {
			return str(e, "type") == "button" && label == ShownLabel(sub(e, "text"))
		})
		if e == nil {
			return nil, fmt.Errorf("view %s has no button %q", v.id, label)
		}
		return p.s.action(block, e, "")
	})
}

// ChooseView chooses a value in a view by its action_id.
func (p *Person) ChooseView(ctx context.Context, action, value string) (*Delivery, error) {
	return p.onView(ctx, nil, func(v *view) (obj, error) {
		block, e := findElement(list(v.body, "blocks"), func(e obj) bool { return str(e, "action_id") == action })
		if e == nil {
			return nil, fmt.Errorf("view %s has no %q", v.id, action)
		}
		return p.s.action(block, e, value)
	})
}

func (p *Person) onView(ctx context.Context, values map[string]string, find func(v *view) (obj, error)) (*Delivery, error) {
	p.s.Due(ctx)
	s := p.s
	s.mu.Lock()
	v := s.top(p)
	for _, in := range s.installs() {
		if v == nil {
			v = s.home(p, in)
		}
	}
	if v == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("%s has no view before them", p.ID)
	}
	action, err := find(v)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	payload := s.interaction("block_actions", p, v.install)
	payload["container"] = obj{"type": "view", "view_id": v.id}
	payload["trigger_id"] = s.trigger(p, v.install, v)
	state, _ := p.state(list(v.body, "blocks"), values)
	about := v.inside()
	about["state"] = obj{"values": state}
	payload["view"], payload["actions"] = about, []any{action}
	s.mu.Unlock()
	return s.deliver(ctx, &shipment{kind: KindInteractive, payload: payload, install: v.install, person: p, view: v}), nil
}

// Submit fills in the modal that somebody has before them, by block_id,
// action_id or label, and sends it. What has no value keeps the one that it
// began with. As Slack does, it refuses to send what is required and empty.
func (p *Person) Submit(ctx context.Context, values map[string]string) (*Delivery, error) {
	p.s.Due(ctx)
	s := p.s
	s.mu.Lock()
	v := s.top(p)
	if v == nil || v.body["submit"] == nil && !hasInput(v) {
		s.mu.Unlock()
		return nil, fmt.Errorf("%s has no modal to send", p.ID)
	}
	state, err := p.state(list(v.body, "blocks"), values)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	v.errors = nil
	payload := s.interaction("view_submission", p, v.install)
	payload["trigger_id"] = s.trigger(p, v.install, v)
	about := v.inside()
	about["state"] = obj{"values": state}
	payload["view"], payload["response_urls"] = about, []any{}
	s.mu.Unlock()
	return s.deliver(ctx, &shipment{kind: KindInteractive, payload: payload, install: v.install, person: p, view: v}), nil
}

func hasInput(v *view) bool {
	return slices.ContainsFunc(list(v.body, "blocks"), func(b any) bool { o, _ := b.(obj); return str(o, "type") == "input" })
}

// Dismiss closes the modal that somebody has before them, and tells the app
// where it has asked for that.
func (p *Person) Dismiss(ctx context.Context) (*Delivery, error) {
	p.s.Due(ctx)
	s := p.s
	s.mu.Lock()
	v := s.top(p)
	if v == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("%s has no modal to close", p.ID)
	}
	v.closed = true
	if v.body["notify_on_close"] != true {
		s.mu.Unlock()
		return nil, nil
	}
	payload := s.interaction("view_closed", p, v.install)
	payload["view"], payload["is_cleared"] = copied(v.json()), false
	s.mu.Unlock()
	return s.deliver(ctx, &shipment{kind: KindInteractive, payload: payload, install: v.install, person: p, view: v}), nil
}

// state is what stands in the inputs of blocks, with the values that somebody
// fills in. An error says what Slack itself wouldn't let pass.
func (p *Person) state(blocks []any, values map[string]string) (obj, error) {
	state := obj{}
	var wrong error
	used := map[string]bool{}
	for _, b := range objects(blocks) {
		for e := range elements(b) {
			if !interactive[str(e, "type")] || str(e, "type") == "button" || str(e, "type") == "overflow" {
				continue
			}
			value, given := "", false
			for _, name := range []string{str(b, "block_id"), str(e, "action_id"), str(sub(b, "label"), "text")} {
				if v, ok := values[name]; ok && !given {
					value, given = v, true
					used[name] = true
				}
			}
			filled := unfilled(e)
			if given {
				var err error
				if filled, err = filledIn(e, value); err != nil && wrong == nil {
					wrong = err
				}
			}
			if str(b, "type") == "input" && b["optional"] != true && isEmpty(filled) && wrong == nil {
				wrong = fmt.Errorf("%q: please complete this required field", str(sub(b, "label"), "text"))
			}
			state[str(b, "block_id")] = obj{str(e, "action_id"): filled}
		}
	}
	for name := range values {
		if !used[name] && wrong == nil {
			wrong = fmt.Errorf("there is no input %q", name)
		}
	}
	return state, wrong
}

// stateKeys are where the value of an element stands in a state.
var stateKeys = map[string]string{
	"plain_text_input": "value", "number_input": "value", "email_text_input": "value", "url_text_input": "value",
	"datepicker": "selected_date", "timepicker": "selected_time", "users_select": "selected_user", "channels_select": "selected_channel",
	"conversations_select": "selected_conversation", "static_select": "selected_option", "external_select": "selected_option",
	"radio_buttons": "selected_option", "overflow": "selected_option", "checkboxes": "selected_options", "multi_static_select": "selected_options",
	"multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations", "multi_channels_select": "selected_channels",
	"datetimepicker": "selected_date_time",
}

// unfilled is an element's state as it began.
func unfilled(e obj) obj {
	kind := str(e, "type")
	key := stateKeys[kind]
	begins := strings.Replace(key, "selected", "initial", 1)
	if key == "value" {
		begins = "initial_value"
	}
	v := copied(e[begins])
	if v == nil && strings.HasSuffix(key, "s") {
		v = []any{}
	}
	if v == "" {
		v = nil
	}
	return obj{"type": kind, key: v}
}

// filledIn is an element's state with a value: the value or the label of an
// option, several with commas between.
func filledIn(e obj, value string) (obj, error) {
	kind := str(e, "type")
	key := stateKeys[kind]
	state := obj{"type": kind, key: value}
	switch {
	case key == "":
		return nil, fmt.Errorf("nothing can be filled into a %s", kind)
	case value == "" && strings.HasSuffix(key, "s"):
		state[key] = []any{}
	case value == "":
		state[key] = nil
	case key == "selected_option":
		o, err := option(e, value)
		state[key] = o
		return state, err
	case strings.HasSuffix(key, "s"):
		var all []any
		for one := range strings.SplitSeq(value, ",") {
			var v any = one
			if key == "selected_options" {
				o, err := option(e, one)
				if err != nil {
					return nil, err
				}
				v = o
			}
			all = append(all, v)
		}
		state[key] = all
	}
	return state, tooLong(e, value)
}

// tooLong is what Slack says of a text before it is sent.
func tooLong(e obj, value string) error {
	n := utf8.RuneCountInString(value)
	if most, ok := e["max_length"].(float64); ok && n > int(most) {
		return fmt.Errorf("%q is longer than %d characters", value, int(most))
	}
	if least, ok := e["min_length"].(float64); ok && n > 0 && n < int(least) {
		return fmt.Errorf("%q is shorter than %d characters", value, int(least))
	}
	if str(e, "type") == "number_input" && strings.Trim(value, "0123456789.-") != "" {
		return fmt.Errorf("%q is no number", value)
	}
	return nil
}

func option(e obj, value string) (any, error) {
	all := list(e, "options")
	for _, g := range objects(list(e, "option_groups")) {
		all = append(all, list(g, "options")...)
	}
	for _, o := range objects(all) {
		if str(o, "value") == value || str(sub(o, "text"), "text") == value {
			return copied(o), nil
		}
	}
	return nil, fmt.Errorf("there is no option %q", value)
}

func isEmpty(filled obj) bool {
	v := filled[stateKeys[str(filled, "type")]]
	l, isList := v.([]any)
	return v == nil || isList && len(l) == 0
}
