package slacktest

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
)

// interactive are the elements that people act on.
var interactive = map[string]bool{
	"button": true, "static_select": true, "multi_static_select": true, "users_select": true, "conversations_select": true,
	"channels_select": true, "external_select": true, "overflow": true, "datepicker": true, "timepicker": true, "datetimepicker": true,
	"checkboxes": true, "radio_buttons": true, "plain_text_input": true, "number_input": true, "email_text_input": true,
	"url_text_input": true, "multi_users_select": true, "multi_conversations_select": true, "multi_channels_select": true,
}

// encode is JSON of what can only be JSON.
func encode(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic("slacktest: " + err.Error())
	}
	return body
}

func str(o obj, key string) string { s, _ := o[key].(string); return s }

func sub(o obj, key string) obj { m, _ := o[key].(obj); return m }

func list(o obj, key string) []any { l, _ := o[key].([]any); return l }

// elements goes through the elements of a block: those of an actions or a
// context block, an accessory, and an input's.
func elements(block obj) iter.Seq[obj] {
	return func(yield func(obj) bool) {
		for _, e := range list(block, "elements") {
			if e, ok := e.(obj); ok && !yield(e) {
				return
			}
		}
		for _, key := range []string{"accessory", "element"} {
			if e := sub(block, key); e != nil && !yield(e) {
				return
			}
		}
	}
}

// objects goes through those of a list that are objects.
func objects(l []any) iter.Seq2[int, obj] {
	return func(yield func(int, obj) bool) {
		for i, v := range l {
			if o, ok := v.(obj); ok && !yield(i, o) {
				return
			}
		}
	}
}

// copied is a deep copy of JSON.
func copied(v any) any {
	switch v := v.(type) {
	case obj:
		c := maps.Clone(v)
		for k := range c {
			c[k] = copied(c[k])
		}
		return c
	case []any:
		c := slices.Clone(v)
		for i := range c {
			c[i] = copied(c[i])
		}
		return c
	}
	return v
}
