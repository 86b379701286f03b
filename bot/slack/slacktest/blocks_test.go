package slacktest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func many(n int, b any) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = b
	}
	return all
}

func long(n int) string { return strings.Repeat("x", n) }

// What Slack refuses, and how it says so.
func TestInvalidBlocks(t *testing.T) {
	st := newStage(t)
	options := func(n, text, value int) []any {
		return many(n, obj{"text": plain(long(text)), "value": long(value)})
	}
	selects := func(o []any) obj {
		return actions(obj{"type": "static_select", "action_id": "a", "options": o})
	}
	for _, c := range []struct {
		want   string
		blocks []any
	}{
		{"no more than 50 items allowed [json-pointer:/blocks]", many(51, obj{"type": "divider"})},
		{"must be less than 3001 characters [json-pointer:/blocks/0/text/text]", blocks(section(mrkdwn(long(3001))))},
		{"must be more than 0 characters [json-pointer:/blocks/0/text/text]", blocks(section(mrkdwn("")))},
		{"must be less than 151 characters [json-pointer:/blocks/0/text/text]", blocks(obj{"type": "header", "text": plain(long(151))})},
		{"unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]", blocks(obj{"type": "header", "text": mrkdwn("x")})},
		{"must define either `text` or `fields` [json-pointer:/blocks/0]", blocks(obj{"type": "section"})},
		{"no more than 10 items allowed [json-pointer:/blocks/0/fields]", blocks(obj{"type": "section", "fields": many(11, plain("x"))})},
		{"must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]", blocks(obj{"type": "section", "fields": many(1, plain(long(2001)))})},
		{"no more than 25 items allowed [json-pointer:/blocks/0/elements]", blocks(actions(many(26, button("x", "", "x"))...))},
		{"action_id `a` already exists [json-pointer:/blocks/0/elements/1/action_id]", blocks(actions(button("x", "a", "x"), button("y", "a", "y")))},
		{"must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]", blocks(actions(button(long(76), "a", "x")))},
		{"must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]", blocks(actions(button("x", "a", long(2001))))},
		{"invalid additional property: disabled [json-pointer:/blocks/0/elements/0]", blocks(actions(obj{"type": "button", "text": plain("x"), "disabled": true}))},
		{"no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]", blocks(selects(options(101, 1, 1)))},
		{"must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]", blocks(selects(options(1, 76, 1)))},
		{"must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]", blocks(selects(options(1, 1, 151)))},
		{"no more than 10 items allowed [json-pointer:/blocks/0/elements]", blocks(obj{"type": "context", "elements": many(11, plain("x"))})},
		{"unsupported type: poem [json-pointer:/blocks/0/type]", blocks(obj{"type": "poem"})},
		{"block_id `b` already exists [json-pointer:/blocks/1/block_id]", many(2, obj{"type": "divider", "block_id": "b"})},
		{"unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]", blocks(actions(obj{"type": "plain_text_input"}))},
		{"no more than 100 items allowed [json-pointer:/blocks/0/rows]", blocks(obj{"type": "table", "rows": many(101, many(1, obj{"type": "raw_text", "text": "x"}))})},
		{"no more than 20 items allowed [json-pointer:/blocks/0/rows/0]", blocks(obj{"type": "table", "rows": many(1, many(21, obj{"type": "raw_text", "text": "x"}))})},
	} {
		o := st.refused("invalid_blocks", "chat.postMessage", obj{"channel": "C0ROOM00001", "text": "x", "blocks": c.blocks})
		if lines := list(sub(o, "response_metadata"), "messages"); !slices.Contains(lines, any("[ERROR] "+c.want)) || !slices.Contains(list(o, "errors"), any(c.want)) {
			t.Errorf("it says %q, want %q", lines, c.want)
		}
	}
	table := obj{"type": "table", "rows": many(1, many(1, obj{"type": "raw_text", "text": "x"}))}
	st.refused("invalid_attachments", "chat.postMessage", obj{"channel": "C0ROOM00001", "blocks": blocks(table, table)})
	st.refused("msg_blocks_too_long", "chat.postMessage", obj{"channel": "C0ROOM00001", "blocks": many(5, section(plain(long(2900))))})
	st.ok("chat.postMessage", obj{"channel": "C0ROOM00001", "blocks": append(many(49, obj{"type": "divider"}), section(plain(long(3000))))})
}

func TestInvalidViews(t *testing.T) {
	st := newStage(t)
	open := func(view obj) string {
		d := st.done(st.maria.Slash(t.Context(), In{Channel: "C0ROOM00001"}, "/tandem", "away"))
		o := st.api("views.open", obj{"trigger_id": str(d.Payload, "trigger_id"), "view": view})
		lines := list(sub(o, "response_metadata"), "messages")
		if len(lines) == 0 {
			return str(o, "error")
		}
		return lines[0].(string)
	}
	input := obj{"type": "input", "label": plain("Why"), "element": obj{"type": "plain_text_input", "action_id": "a"}}
	for want, view := range map[string]obj{
		"[ERROR] must be less than 25 characters [json-pointer:/view/title/text]":                                     {"type": "modal", "title": plain(long(25)), "blocks": blocks()},
		"[ERROR] missing required field: title [json-pointer:/view]":                                                  {"type": "modal", "blocks": blocks()},
		"[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]":                                          {"type": "modal", "title": plain("x"), "blocks": many(101, obj{"type": "divider"})},
		"[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]":                             {"type": "modal", "title": plain("x"), "blocks": blocks(), "private_metadata": long(3001)},
		"[ERROR] `submit` is required when an `input` block is within the `blocks` array [json-pointer:/view/submit]": {"type": "modal", "title": plain("x"), "blocks": blocks(input)},
		"[ERROR] unsupported type: table [json-pointer:/view/blocks/0/type]":                                          {"type": "modal", "title": plain("x"), "blocks": blocks(obj{"type": "table", "rows": blocks()})},
		"[ERROR] unsupported type: home [json-pointer:/view/type]":                                                    {"type": "home", "blocks": blocks()},
	} {
		if got := open(view); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	if got := open(obj{"type": "modal", "title": plain("x"), "submit": plain("Send"), "blocks": blocks(input)}); got != "" {
		t.Errorf("a good view is refused: %q", got)
	}
}

// The limits here are those of the official SDK's list, which stands beside the
// checkout.
func TestLimitsAreTheListed(t *testing.T) {
	shared := os.Getenv("TANDEM_SHARED")
	if shared == "" {
		t.Skip("TANDEM_SHARED names no folder of schemas")
	}
	raw, err := os.ReadFile(filepath.Join(shared, "schemas/slack/block-limits.json"))
	if err != nil {
		t.Fatal(err)
	}
	var limits map[string]obj
	if err := json.Unmarshal(raw, &limits); err != nil {
		t.Fatal(err)
	}
	most := func(path ...string) int {
		o := limits[path[0]]
		for _, key := range path[1:] {
			if n, ok := o[key].(float64); ok {
				return int(n)
			}
			o = sub(o, key)
		}
		t.Fatalf("%v is not in the list", path)
		return 0
	}
	input := func(e obj) obj { return obj{"type": "input", "label": plain("x"), "element": e} }
	choice := func(kind string, n int) obj {
		return obj{"type": kind, "action_id": "a", "options": many(n, obj{"text": plain("x"), "value": "x"})}
	}
	confirm := func(key string, n int) obj {
		c := obj{"title": plain("x"), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}
		c[key] = plain(long(n))
		return actions(obj{"type": "button", "text": plain("x"), "confirm": c})
	}
	for _, c := range []struct {
		most int
		of   func(n int) obj
	}{
		{most("text", "max_length"), func(n int) obj { return section(mrkdwn(long(n))) }},
		{most("section", "text", "max_length"), func(n int) obj { return section(plain(long(n))) }},
		{most("section", "fields", "max_items"), func(n int) obj { return obj{"type": "section", "fields": many(n, plain("x"))} }},
		{most("section", "fields", "item_max_length"), func(n int) obj { return obj{"type": "section", "fields": many(1, plain(long(n)))} }},
		{most("header", "text", "max_length"), func(n int) obj { return obj{"type": "header", "text": plain(long(n))} }},
		{most("block_id", "max_length"), func(n int) obj { return obj{"type": "divider", "block_id": long(n)} }},
		{most("action_id", "max_length"), func(n int) obj { return actions(button("x", long(n), "x")) }},
		{most("button", "text", "max_length"), func(n int) obj { return actions(button(long(n), "a", "x")) }},
		{most("button", "value", "max_length"), func(n int) obj { return actions(button("x", "a", long(n))) }},
		{most("button", "url", "max_length"), func(n int) obj {
			return actions(obj{"type": "button", "text": plain("x"), "url": "https://x.example/" + long(n-18)})
		}},
		{most("button", "accessibility_label", "max_length"), func(n int) obj {
			return actions(obj{"type": "button", "text": plain("x"), "accessibility_label": long(n)})
		}},
		{most("confirmation", "title", "max_length"), func(n int) obj { return confirm("title", n) }},
		{most("confirmation", "text", "max_length"), func(n int) obj { return confirm("text", n) }},
		{most("confirmation", "confirm", "max_length"), func(n int) obj { return confirm("confirm", n) }},
		{most("confirmation", "deny", "max_length"), func(n int) obj { return confirm("deny", n) }},
		{most("actions", "elements", "max_items"), func(n int) obj { return actions(many(n, button("x", "", "x"))...) }},
		{most("context", "elements", "max_items"), func(n int) obj { return obj{"type": "context", "elements": many(n, plain("x"))} }},
		{most("select", "options", "max_items"), func(n int) obj { return actions(choice("static_select", n)) }},
		{most("overflow", "options", "max_items"), func(n int) obj { return actions(choice("overflow", n)) }},
		{most("checkboxes", "options", "max_items"), func(n int) obj { return actions(choice("checkboxes", n)) }},
		{most("radio_buttons", "options", "max_items"), func(n int) obj { return actions(choice("radio_buttons", n)) }},
		{most("select", "placeholder", "max_length"), func(n int) obj {
			c := choice("static_select", 1)
			c["placeholder"] = plain(long(n))
			return actions(c)
		}},
		{most("input", "label", "max_length"), func(n int) obj {
			b := input(choice("static_select", 1))
			b["label"] = plain(long(n))
			return b
		}},
		{most("input", "hint", "max_length"), func(n int) obj {
			b := input(choice("static_select", 1))
			b["hint"] = plain(long(n))
			return b
		}},
		{most("plain_text_input", "max_length", "max"), func(n int) obj { return input(obj{"type": "plain_text_input", "max_length": float64(n)}) }},
		{most("markdown", "text", "max_length"), func(n int) obj { return obj{"type": "markdown", "text": long(n)} }},
		{most("image", "alt_text", "max_length"), func(n int) obj {
			return obj{"type": "image", "image_url": "https://x.example/x.png", "alt_text": long(n)}
		}},
	} {
		s := &Slack{}
		if why := s.checkBlocks(blocks(c.of(c.most)), "message"); why != nil {
			t.Errorf("at its limit of %d it is refused: %v", c.most, why.extra["errors"])
		}
		if why := s.checkBlocks(blocks(c.of(c.most+1)), "message"); why == nil || why.word != "invalid_blocks" {
			t.Errorf("over its limit of %d it is taken: %.100v", c.most, c.of(c.most+1))
		}
	}
	view := limits["view"]
	for key, in := range map[string]obj{"private_metadata": view, "callback_id": view} {
		n := int(sub(in, key)["max_length"].(float64))
		s := &Slack{}
		for d, good := range []bool{true, false} {
			body := obj{"type": "modal", "title": plain("x"), "blocks": blocks(), key: long(n + d)}
			if why := s.checkView(body, "modal"); (why == nil) != good {
				t.Errorf("%s of %d characters: %v", key, n+d, why)
			}
		}
	}
}
