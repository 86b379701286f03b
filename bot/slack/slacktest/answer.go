package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// act does what the app's answer says: a command's message, what becomes of a
// modal. An answer to anything else means nothing.
func (s *Slack) act(sh *shipment, d *Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case sh.kind == KindCommand:
		s.actCommand(sh, d)
	case sh.kind == KindInteractive && str(sh.payload, "type") == "view_submission":
		s.actView(sh, d)
	}
}

// actCommand shows the message in the answer to a command.
func (s *Slack) actCommand(sh *shipment, d *Delivery) {
	text := strings.TrimSpace(string(d.Answer))
	if text == "" || text == "null" || text == "{}" {
		return
	}
	a := args{}
	if json.Unmarshal(d.Answer, &a) != nil {
		a = args{"text": text}
	}
	k, why := s.read(a, maxText)
	if why != nil || k.text == "" && len(k.blocks) == 0 {
		d.Shown = sh.form.Get("command") + ` failed with the error "invalid_command_response"`
		return
	}
	if a.str("response_type") == "in_channel" {
		s.put(sh.channel, sh.install, k, "")
	} else {
		s.whisper(sh.channel, sh.install, sh.person, k, "")
	}
}

// actView does what the answer to a submission says: nothing closes the modal.
func (s *Slack) actView(sh *shipment, d *Delivery) {
	v := sh.view
	var a struct {
		Action string            `json:"response_action"`
		View   obj               `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if len(strings.TrimSpace(string(d.Answer))) > 0 {
		if err := json.Unmarshal(d.Answer, &a); err != nil {
			s.trouble(d, fmt.Sprintf("the answer is no JSON: %v", err))
			return
		}
	}
	switch a.Action {
	case "":
		v.closed = true
	case "clear":
		for _, o := range s.views {
			if o.root == v.root {
				o.closed = true
			}
		}
	case "errors":
		known := map[string]bool{}
		for _, b := range objects(list(v.body, "blocks")) {
			known[str(b, "block_id")] = str(b, "type") == "input"
		}
		for block := range a.Errors {
			if !known[block] {
				s.trouble(d, fmt.Sprintf("there is no input block %q to show an error at", block))
				return
			}
		}
		if len(a.Errors) == 0 {
			s.trouble(d, "errors without an error")
			return
		}
		v.errors = a.Errors
	case "update", "push":
		if why := s.checkView(a.View, "modal"); why != nil {
			s.trouble(d, fmt.Sprintf("%s: %v", why.word, why.extra["errors"]))
			return
		}
		if a.Action == "update" {
			s.fillView(v, a.View)
		} else {
			s.show(v.person, v.install, a.View, v)
		}
	default:
		s.trouble(d, fmt.Sprintf("unknown response_action %q", a.Action))
	}
}

// trouble is an answer to a submission that Slack can't use: the modal stays.
func (s *Slack) trouble(d *Delivery, why string) {
	d.Failed, d.Err = "invalid_response", fmt.Errorf("%s", why)
	d.Shown = "We had some trouble connecting. Try again?"
}
