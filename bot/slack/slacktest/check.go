package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a payload of blocks may hold altogether.
const (
	maxBlocks       = 50 // in a message
	maxViewBlocks   = 100
	maxBlocksText   = 13_000 // characters of all its texts, nearly
	maxMarkdownText = 12_000
	maxTableRows    = 100
	maxTableCells   = 20
)

// checker looks through blocks as Slack does, and says what is wrong in Slack's
// words, each with a pointer to where.
type checker struct {
	surface  string // message, modal or home
	errs     []string
	blockIDs map[string]bool
	focused  bool
	chars    int // of all texts
	markdown int
	tables   int
}

func (k *checker) bad(ptr, format string, values ...any) {
	k.errs = append(k.errs, fmt.Sprintf(format, values...)+" [json-pointer:"+ptr+"]")
}

// checkBlocks returns invalid_blocks with the reasons, or nil. The lock is held.
func (s *Slack) checkBlocks(blocks []any, surface string) *refusal {
	k := &checker{surface: surface, blockIDs: map[string]bool{}}
	most := maxBlocks
	if surface != "message" {
		most = maxViewBlocks
	}
	k.all(blocks, "/blocks", most)
	if len(k.errs) > 0 {
		return k.refusal("invalid_blocks")
	}
	if surface == "message" && k.tables > 1 {
		return &refusal{"invalid_attachments", messages("[ERROR] only_one_table_allowed")}
	}
	if k.chars > maxBlocksText || k.markdown > maxMarkdownText {
		return no("msg_blocks_too_long")
	}
	return nil
}

func messages(m ...string) obj { return obj{"response_metadata": obj{"messages": m}} }

func (k *checker) refusal(word string) *refusal {
	var lines []string
	for _, e := range k.errs {
		lines = append(lines, "[ERROR] "+e)
	}
	extra := messages(lines...)
	extra["errors"] = k.errs
	return &refusal{word, extra}
}

func (k *checker) all(blocks []any, ptr string, most int) {
	if len(blocks) > most {
		k.bad(ptr, "no more than %d items allowed", most)
		return
	}
	for i, b := range blocks {
		at := fmt.Sprintf("%s/%d", ptr, i)
		block, ok := b.(obj)
		if !ok {
			k.bad(at, "must be an object")
			continue
		}
		k.block(block, at)
	}
}

// surfaces are where a block may stand; those not named may stand everywhere.
var surfaces = map[string][]string{"table": {"message"}, "markdown": {"message"}}

func (k *checker) block(b obj, ptr string) {
	kind := str(b, "type")
	check, known := blockChecks[kind]
	if kind == "" {
		k.bad(ptr, "missing required field: type")
		return
	}
	if where := surfaces[kind]; !known || where != nil && !slices.Contains(where, k.surface) {
		k.bad(ptr+"/type", "unsupported type: %s", kind)
		return
	}
	if id, given := b["block_id"]; given {
		if k.word(id, ptr+"/block_id", 0, 255); id != "" {
			text, _ := id.(string)
			if k.blockIDs[text] {
				k.bad(ptr+"/block_id", "block_id `%s` already exists", text)
			}
			k.blockIDs[text] = true
		}
	}
	check(k, b, ptr)
}

// blockChecks are the blocks that the stand-in knows. There are more at Slack.
var blockChecks map[string]func(k *checker, b obj, ptr string)

func init() {
	blockChecks = map[string]func(k *checker, b obj, ptr string){
		"divider": func(k *checker, b obj, ptr string) { k.only(b, ptr) },
		"header": func(k *checker, b obj, ptr string) {
			k.only(b, ptr, "text", "level")
			k.text(b, "text", ptr, "plain_text", 150)
		},
		"section": (*checker).section,
		"context": func(k *checker, b obj, ptr string) {
			k.only(b, ptr, "elements")
			for at, e := range k.items(b, "elements", ptr, 1, 10) {
				if str(e, "type") == "image" {
					k.image(e, at)
				} else {
					k.textObject(e, at, "", 3000)
				}
			}
		},
		"actions":   (*checker).actions,
		"input":     (*checker).input,
		"image":     (*checker).imageBlock,
		"markdown":  (*checker).markdownBlock,
		"rich_text": (*checker).richText,
		"table":     (*checker).table,
	}
}

// only refuses properties that a block doesn't have.
func (k *checker) only(o obj, ptr string, allowed ...string) {
	var odd []string
	for key := range o {
		if key != "type" && key != "block_id" && !slices.Contains(allowed, key) {
			odd = append(odd, key)
		}
	}
	slices.Sort(odd)
	for _, key := range odd {
		k.bad(ptr, "invalid additional property: %s", key)
	}
}

// word checks a bare string.
func (k *checker) word(v any, ptr string, least, most int) {
	text, ok := v.(string)
	if !ok {
		k.bad(ptr, "must provide a string")
		return
	}
	k.length(text, ptr, least, most)
}

func (k *checker) length(text, ptr string, least, most int) {
	n := utf8.RuneCountInString(text)
	if n > most {
		k.bad(ptr, "must be less than %d characters", most+1)
	}
	if n < least || least > 0 && strings.TrimSpace(text) == "" {
		k.bad(ptr, "must be more than %d characters", least-1)
	}
}

// text checks a text object that must be there.
func (k *checker) text(o obj, key, ptr, kind string, most int) {
	v, given := o[key]
	if !given || v == nil {
		k.bad(ptr, "missing required field: %s", key)
		return
	}
	t, ok := v.(obj)
	if !ok {
		k.bad(ptr+"/"+key, "must be an object")
		return
	}
	k.textObject(t, ptr+"/"+key, kind, most)
}

// maybeText checks a text object that need not be there.
func (k *checker) maybeText(o obj, key, ptr, kind string, most int) {
	if o[key] != nil {
		k.text(o, key, ptr, kind, most)
	}
}

// textObject checks a text object of a kind, or, with "", of either.
func (k *checker) textObject(t obj, ptr, kind string, most int) {
	is := str(t, "type")
	if is != "plain_text" && is != "mrkdwn" || kind != "" && is != kind {
		k.bad(ptr+"/type", "unsupported type: %s", is)
		return
	}
	if is == "plain_text" {
		k.only(t, ptr, "text", "emoji")
	} else {
		k.only(t, ptr, "text", "verbatim")
	}
	text, ok := t["text"].(string)
	if !ok {
		k.bad(ptr, "missing required field: text")
		return
	}
	k.chars += utf8.RuneCountInString(text)
	k.length(text, ptr+"/text", 1, most)
}

// items goes through the objects of a list that must be there, with a pointer
// to each.
func (k *checker) items(o obj, key, ptr string, least, most int) func(func(string, obj) bool) {
	return func(yield func(string, obj) bool) {
		all, ok := o[key].([]any)
		if !ok {
			k.bad(ptr, "missing required field: %s", key)
			return
		}
		at := ptr + "/" + key
		if len(all) > most {
			k.bad(at, "no more than %d items allowed", most)
			return
		}
		if len(all) < least {
			k.bad(at, "no fewer than %d items allowed", least)
			return
		}
		for i, v := range all {
			e, ok := v.(obj)
			if !ok {
				k.bad(fmt.Sprintf("%s/%d", at, i), "must be an object")
				continue
			}
			if !yield(fmt.Sprintf("%s/%d", at, i), e) {
				return
			}
		}
	}
}
