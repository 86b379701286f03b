package slacktest

import (
	"fmt"
	"unicode/utf8"
)

func (k *checker) section(b obj, ptr string) {
	k.only(b, ptr, "text", "fields", "accessory", "expand")
	if b["text"] == nil && b["fields"] == nil {
		k.bad(ptr, "must define either `text` or `fields`")
	}
	k.maybeText(b, "text", ptr, "", 3000)
	if b["fields"] != nil {
		for at, f := range k.items(b, "fields", ptr, 1, 10) {
			k.textObject(f, at, "", 2000)
		}
	}
	if e := sub(b, "accessory"); e != nil {
		if str(e, "type") == "image" {
			k.image(e, ptr+"/accessory")
		} else {
			k.element(e, ptr+"/accessory", map[string]bool{})
		}
	}
}

func (k *checker) actions(b obj, ptr string) {
	k.only(b, ptr, "elements")
	ids := map[string]bool{}
	for at, e := range k.items(b, "elements", ptr, 1, 25) {
		if t := str(e, "type"); textInputs[t] {
			k.bad(at+"/type", "unsupported type: %s", t)
			continue
		}
		k.element(e, at, ids)
	}
}

// textInputs stand in input blocks only.
var textInputs = map[string]bool{"plain_text_input": true, "number_input": true, "email_text_input": true, "url_text_input": true}

func (k *checker) input(b obj, ptr string) {
	k.only(b, ptr, "label", "element", "hint", "optional", "dispatch_action")
	k.text(b, "label", ptr, "plain_text", 2000)
	k.maybeText(b, "hint", ptr, "plain_text", 2000)
	e := sub(b, "element")
	switch t := str(e, "type"); {
	case e == nil:
		k.bad(ptr, "missing required field: element")
	case t == "button" || t == "overflow":
		k.bad(ptr+"/element/type", "unsupported type: %s", t)
	default:
		k.element(e, ptr+"/element", map[string]bool{})
	}
}

func (k *checker) image(e obj, ptr string) {
	k.only(e, ptr, "image_url", "slack_file", "alt_text")
	if e["slack_file"] == nil {
		k.word(e["image_url"], ptr+"/image_url", 1, 3000)
	}
	k.word(e["alt_text"], ptr+"/alt_text", 1, 2000)
}

func (k *checker) imageBlock(b obj, ptr string) {
	k.only(b, ptr, "image_url", "slack_file", "alt_text", "title")
	if b["slack_file"] == nil {
		k.word(b["image_url"], ptr+"/image_url", 1, 3000)
	}
	k.word(b["alt_text"], ptr+"/alt_text", 1, 2000)
	k.maybeText(b, "title", ptr, "plain_text", 2000)
}

func (k *checker) markdownBlock(b obj, ptr string) {
	k.only(b, ptr, "text")
	k.word(b["text"], ptr+"/text", 1, maxMarkdownText)
	n := utf8.RuneCountInString(str(b, "text"))
	k.markdown += n
	k.chars += n
}

func (k *checker) table(b obj, ptr string) {
	k.only(b, ptr, "rows", "column_settings")
	k.tables++
	rows, ok := b["rows"].([]any)
	if !ok {
		k.bad(ptr, "missing required field: rows")
		return
	}
	if len(rows) > maxTableRows || len(rows) == 0 {
		k.bad(ptr+"/rows", "no more than %d items allowed", maxTableRows)
		return
	}
	wide := -1
	for i, r := range rows {
		at := fmt.Sprintf("%s/rows/%d", ptr, i)
		cells, ok := r.([]any)
		if !ok {
			k.bad(at, "must be an array")
			continue
		}
		if len(cells) > maxTableCells || len(cells) == 0 {
			k.bad(at, "no more than %d items allowed", maxTableCells)
		}
		if wide >= 0 && wide != len(cells) {
			k.bad(at, "must have as many cells as the other rows")
		}
		wide = len(cells)
		for j, c := range cells {
			k.cell(c, fmt.Sprintf("%s/%d", at, j))
		}
	}
	if settings := list(b, "column_settings"); len(settings) > maxTableCells {
		k.bad(ptr+"/column_settings", "no more than %d items allowed", maxTableCells)
	}
}

func (k *checker) cell(v any, ptr string) {
	cell, _ := v.(obj)
	switch str(cell, "type") {
	case "raw_text":
		k.only(cell, ptr, "text")
		k.word(cell["text"], ptr+"/text", 1, 3000)
		k.chars += utf8.RuneCountInString(str(cell, "text"))
	case "rich_text":
		k.richText(cell, ptr)
	default:
		k.bad(ptr+"/type", "unsupported type: %s", str(cell, "type"))
	}
}

// richKinds are the elements of a rich_text block, richParts those of its
// sections, with what each must have.
var (
	richKinds = map[string]bool{"rich_text_section": true, "rich_text_list": true, "rich_text_quote": true, "rich_text_preformatted": true}
	richParts = map[string]string{
		"text": "text", "link": "url", "user": "user_id", "usergroup": "usergroup_id", "channel": "channel_id",
		"emoji": "name", "broadcast": "range", "date": "timestamp", "color": "value", "team": "team_id",
	}
)

func (k *checker) richText(b obj, ptr string) {
	k.only(b, ptr, "elements")
	for at, e := range k.items(b, "elements", ptr, 1, 1000) {
		kind := str(e, "type")
		if !richKinds[kind] {
			k.bad(at+"/type", "unsupported type: %s", kind)
			continue
		}
		if kind != "rich_text_list" {
			k.richSection(e, at)
			continue
		}
		if style := str(e, "style"); style != "bullet" && style != "ordered" {
			k.bad(at+"/style", "must be one of bullet, ordered")
		}
		for below, item := range k.items(e, "elements", at, 1, 1000) {
			if str(item, "type") != "rich_text_section" {
				k.bad(below+"/type", "unsupported type: %s", str(item, "type"))
				continue
			}
			k.richSection(item, below)
		}
	}
}

func (k *checker) richSection(e obj, ptr string) {
	for at, part := range k.items(e, "elements", ptr, 0, 1000) {
		needs, known := richParts[str(part, "type")]
		if !known {
			k.bad(at+"/type", "unsupported type: %s", str(part, "type"))
			continue
		}
		if part[needs] == nil {
			k.bad(at, "missing required field: %s", needs)
		}
		if str(part, "type") == "text" {
			if part["text"] == "" {
				k.bad(at+"/text", "must be more than 0 characters")
			}
			k.word(part["text"], at+"/text", 0, maxBlocksText)
			k.chars += utf8.RuneCountInString(str(part, "text"))
		}
	}
}
