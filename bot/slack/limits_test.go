package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"
)

// limits are Slack's, as block-limits.json has them.
var limits = map[string]float64{
	"text.min_length": 1, "text.max_length": 3000, "action_id.max_length": 255, "block_id.max_length": 255,
	"button.text.max_length": 75, "button.value.max_length": 2000, "option.text.max_length": 75, "option.value.max_length": 150,
	"option_group.label.max_length": 75, "option_group.options.max_items": 100, "select.options.max_items": 100,
	"select.option_groups.max_items": 100, "actions.elements.max_items": 25, "context.elements.max_items": 10,
	"header.text.max_length": 150, "input.label.max_length": 2000, "input.hint.max_length": 2000, "section.text.max_length": 3000,
	"plain_text_input.max_length.max": 3000,
	"view.blocks.max_items":           100, "view.blocks.min_items": 1, "view.private_metadata.max_length": 3000,
	"view.title.max_length": 24, "view.close.max_length": 24, "view.submit.max_length": 24,
}

// shared returns a file that the project keeps beside the repository.
func shared(t *testing.T, path string) string {
	t.Helper()
	dir := os.Getenv("TANDEM_SHARED")
	if dir == "" {
		t.Skip("skipped: TANDEM_SHARED names no folder with schemas and payloads")
	}
	return filepath.Join(dir, path)
}

func TestLimitsAreSlacks(t *testing.T) {
	data, err := os.ReadFile(shared(t, "schemas/slack/block-limits.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	flat := map[string]float64{}
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, below := range v {
				name := k
				if prefix != "" {
					name = prefix + "." + k
				}
				walk(name, below)
			}
		case float64:
			flat[prefix] = v
		}
	}
	walk("", file)
	for name, want := range limits {
		if got, ok := flat[name]; !ok || got != want {
			t.Errorf("%s is %v in the file, %v here", name, got, want)
		}
	}
}

// checker looks for what Slack would refuse in blocks, as JSON.
type checker struct {
	bad    []string
	chars  int
	tables int
	ids    map[string]bool
}

func (k *checker) fail(format string, args ...any) {
	k.bad = append(k.bad, fmt.Sprintf(format, args...))
}

func (k *checker) length(what, text, limit string) {
	n := len(utf16.Encode([]rune(text)))
	if n < 1 || float64(n) > limits[limit] {
		k.fail("%s has %d characters: %.60q", what, n, text)
	}
}

// object checks a text object: only plain text without emoji is used.
func (k *checker) object(what string, v any, limit string) {
	o, _ := v.(map[string]any)
	text, _ := o["text"].(string)
	k.length(what, text, limit)
	if o["type"] != "plain_text" || o["emoji"] != false {
		k.fail("%s is %v: people's text may be acted on", what, o)
	}
	k.chars += len([]rune(text))
}

func (k *checker) items(what string, v any, most int) []any {
	all, _ := v.([]any)
	if len(all) < 1 || len(all) > most {
		k.fail("%s has %d items", what, len(all))
	}
	return all
}

func (k *checker) blocks(all []any, most int) {
	if len(all) < 1 || len(all) > most {
		k.fail("there are %d blocks", len(all))
	}
	for _, v := range all {
		b, _ := v.(map[string]any)
		switch b["type"] {
		case "header":
			k.object("header", b["text"], "header.text.max_length")
		case "section":
			k.object("section", b["text"], "section.text.max_length")
		case "context":
			for _, e := range k.items("context", b["elements"], 10) {
				k.object("context", e, "text.max_length")
			}
		case "actions":
			for _, e := range k.items("actions", b["elements"], 25) {
				k.element(e)
			}
		case "rich_text":
			k.rich(b["elements"])
		case "table":
			k.table(b)
		case "input":
			k.object("label", b["label"], "input.label.max_length")
			if b["hint"] != nil {
				k.object("hint", b["hint"], "input.hint.max_length")
			}
			k.id("block "+b["block_id"].(string), "block_id.max_length")
			k.element(b["element"])
		case "divider":
		default:
			k.fail("a block of type %v", b["type"])
		}
	}
	if k.chars > 13_000 || k.tables > 1 {
		k.fail("there are %d characters, %d tables", k.chars, k.tables)
	}
}

func (k *checker) id(id, limit string) {
	if k.ids == nil {
		k.ids = map[string]bool{}
	}
	k.length("id", id, limit)
	if k.ids[id] {
		k.fail("the id %q is there twice", id)
	}
	k.ids[id] = true
}

func (k *checker) element(v any) {
	e, _ := v.(map[string]any)
	switch e["type"] {
	case "button":
		k.object("button", e["text"], "button.text.max_length")
		k.length("button value", e["value"].(string), "button.value.max_length")
		k.id("action "+e["action_id"].(string), "action_id.max_length")
	case "static_select":
		if groups, ok := e["option_groups"].([]any); ok {
			for _, g := range k.items("groups", groups, 100) {
				g, _ := g.(map[string]any)
				k.object("group", g["label"], "option_group.label.max_length")
				k.options(g["options"])
			}
			return
		}
		k.options(e["options"])
	case "plain_text_input", "number_input", "datepicker":
		if v, ok := e["initial_value"].(string); ok {
			k.length("initial value", v, "plain_text_input.max_length.max")
		}
	default:
		k.fail("an element of type %v", e["type"])
	}
}

func (k *checker) options(v any) {
	for _, o := range k.items("options", v, 100) {
		o, _ := o.(map[string]any)
		k.object("option", o["text"], "option.text.max_length")
		k.length("option value", o["value"].(string), "option.value.max_length")
	}
}

func (k *checker) rich(v any) {
	for _, e := range k.items("rich text", v, 1000) {
		e, _ := e.(map[string]any)
		switch e["type"] {
		case "rich_text_section", "rich_text_list":
			for _, part := range k.items("section", e["elements"], 1000) {
				p, _ := part.(map[string]any)
				if p["type"] == "rich_text_section" {
					k.rich([]any{p})
					continue
				}
				if p["type"] != "text" {
					k.fail("rich text of type %v", p["type"])
				}
				text, _ := p["text"].(string)
				k.length("rich text", text, "text.max_length")
				k.chars += len([]rune(text))
			}
		default:
			k.fail("rich text of type %v", e["type"])
		}
	}
}

func (k *checker) table(b map[string]any) {
	k.tables++
	wide := -1
	for _, row := range k.items("table", b["rows"], 100) {
		cells := k.items("row", row, 20)
		if wide >= 0 && wide != len(cells) {
			k.fail("rows of %d and %d cells", wide, len(cells))
		}
		wide = len(cells)
		for _, c := range cells {
			c, _ := c.(map[string]any)
			text, _ := c["text"].(string)
			if c["type"] != "raw_text" || text == "" {
				k.fail("a cell is %v", c)
			}
			k.chars += len([]rune(text))
		}
	}
}
