package slacktest

import "fmt"

// element checks what people act on.
func (k *checker) element(e obj, ptr string, ids map[string]bool) {
	kind := str(e, "type")
	if !interactive[kind] {
		k.bad(ptr+"/type", "unsupported type: %s", kind)
		return
	}
	if id, given := e["action_id"]; given {
		k.word(id, ptr+"/action_id", 0, 255)
		if text, _ := id.(string); text != "" {
			if ids[text] {
				k.bad(ptr+"/action_id", "action_id `%s` already exists", text)
			}
			ids[text] = true
		}
	}
	if c := sub(e, "confirm"); c != nil {
		k.confirm(c, ptr+"/confirm")
	}
	if e["focus_on_load"] == true {
		if k.focused {
			k.bad(ptr, "only one element can focus on load")
		}
		k.focused = true
	}
	k.maybeText(e, "placeholder", ptr, "plain_text", 150)
	switch kind {
	case "button":
		k.button(e, ptr)
	case "static_select", "multi_static_select":
		if e["option_groups"] == nil {
			k.options(e, ptr, 100)
			return
		}
		for at, g := range k.items(e, "option_groups", ptr, 1, 100) {
			k.text(g, "label", at, "plain_text", 75)
			k.options(g, at, 100)
		}
	case "overflow":
		k.options(e, ptr, 5)
	case "checkboxes", "radio_buttons":
		k.options(e, ptr, 10)
	case "plain_text_input":
		k.textInput(e, ptr)
	case "number_input":
		if _, ok := e["is_decimal_allowed"].(bool); !ok {
			k.bad(ptr, "missing required field: is_decimal_allowed")
		}
		for _, key := range []string{"min_value", "max_value", "initial_value"} {
			if e[key] != nil {
				k.word(e[key], ptr+"/"+key, 1, 100)
			}
		}
	case "datepicker":
		k.pattern(e, "initial_date", ptr, "0000-00-00")
	case "timepicker":
		k.pattern(e, "initial_time", ptr, "00:00")
	}
}

func (k *checker) button(e obj, ptr string) {
	k.only(e, ptr, "action_id", "text", "value", "url", "style", "confirm", "accessibility_label")
	k.text(e, "text", ptr, "plain_text", 75)
	if e["value"] != nil {
		k.word(e["value"], ptr+"/value", 0, 2000)
	}
	if e["url"] != nil {
		k.word(e["url"], ptr+"/url", 1, 3000)
	}
	if e["accessibility_label"] != nil {
		k.word(e["accessibility_label"], ptr+"/accessibility_label", 1, 75)
	}
	if s, given := e["style"]; given && s != "primary" && s != "danger" {
		k.bad(ptr+"/style", "must be one of primary, danger")
	}
}

func (k *checker) confirm(c obj, ptr string) {
	k.text(c, "title", ptr, "plain_text", 100)
	k.text(c, "text", ptr, "", 300)
	k.text(c, "confirm", ptr, "plain_text", 30)
	k.text(c, "deny", ptr, "plain_text", 30)
}

// options checks the options of a choice, and that what is chosen at first is
// one of them, to the letter.
func (k *checker) options(e obj, ptr string, most int) {
	all := map[string]bool{}
	for at, o := range k.items(e, "options", ptr, 1, most) {
		k.option(o, at)
		all[string(encode(o))] = true
	}
	if o := sub(e, "initial_option"); o != nil && !all[string(encode(o))] {
		k.bad(ptr+"/initial_option", "must be one of the options")
	}
	for i, o := range objects(list(e, "initial_options")) {
		if !all[string(encode(o))] {
			k.bad(fmt.Sprintf("%s/initial_options/%d", ptr, i), "must be one of the options")
		}
	}
}

func (k *checker) option(o obj, ptr string) {
	k.only(o, ptr, "text", "value", "description", "url")
	k.text(o, "text", ptr, "", 75)
	k.word(o["value"], ptr+"/value", 1, 150)
	k.maybeText(o, "description", ptr, "", 75)
}

func (k *checker) textInput(e obj, ptr string) {
	k.only(e, ptr, "action_id", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load", "placeholder")
	if e["initial_value"] != nil {
		k.word(e["initial_value"], ptr+"/initial_value", 0, 3000)
	}
	for _, key := range []string{"min_length", "max_length"} {
		if n, ok := e[key].(float64); e[key] != nil && (!ok || n < 0 || n > 3000) {
			k.bad(ptr+"/"+key, "must be between 0 and 3000")
		}
	}
}

// pattern checks a text of digits where the shape has a zero.
func (k *checker) pattern(e obj, key, ptr, shape string) {
	v, given := e[key]
	if !given {
		return
	}
	text, _ := v.(string)
	ok := len(text) == len(shape)
	for i := 0; ok && i < len(shape); i++ {
		if shape[i] == '0' {
			ok = text[i] >= '0' && text[i] <= '9'
		} else {
			ok = text[i] == shape[i]
		}
	}
	if !ok {
		k.bad(ptr+"/"+key, "must be of the form %s", shape)
	}
}
