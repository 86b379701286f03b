package slack

import (
	"strconv"
	"strings"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot/card"
)

// Block Kit's limits, held by construction.
const (
	maxBlocks      = 50     // of a message
	maxHomeBlocks  = 100    // of a view
	maxText        = 2_900  // of one text object; Slack takes 3,000
	maxHeader      = 150    // of a header
	maxLabel       = 75     // of a button and of an option
	maxValue       = 2_000  // of a button's value
	maxButtons     = 25     // of an actions block
	maxRows        = 100    // of a table, its head included
	maxColumns     = 20     // of a table
	maxMessageText = 9_000  // of all texts of a message; Slack refuses near 13,000
	maxHomeText    = 11_000 // of all texts of a view
	emptyCell      = "–"    // a cell may not be empty
)

// Message is one message for Slack: its blocks, and the same as escaped text
// for notifications and screen readers.
type Message struct {
	Blocks []sdk.Block
	Text   string
}

// Render makes messages of a card: one, or several where Slack has no room for
// it in one. Nothing is cut: what people wrote is there whole, as plain text
// that can't mention, link or format. A button's value is its command. A form
// becomes a button that carries it and opens it as a modal.
func Render(m card.Message) []Message {
	b := builder{most: maxBlocks, budget: maxMessageText}
	b.render(m.Blocks)
	b.flush()
	return b.out
}

// builder puts blocks into messages, one after the other.
type builder struct {
	most, budget int
	view         bool // a modal or the Home tab, where no table may stand
	out          []Message

	blocks []sdk.Block
	text   strings.Builder
	used   int
	table  bool // the message has one
	rich   *sdk.RichTextBlock
	filled int // what the open rich text holds
	list   *sdk.RichTextList
	row    *sdk.ActionBlock
	ids    int // buttons so far
}

func (b *builder) render(blocks []card.Block) {
	for i, block := range blocks {
		b.rich, b.list, b.row = nil, nil, nil
		switch block := block.(type) {
		case card.Heading:
			b.heading(read(string(block)))
		case card.Paragraph:
			b.paragraph(read(string(block)))
		case card.Facts:
			b.facts(block)
		case card.List:
			b.items(read(block.Title), block.Items, block.Ordered)
		case card.Table:
			b.tableOf(block)
		case card.Note:
			b.note(read(string(block)))
		case card.Buttons:
			b.buttons(block)
		case card.Form:
			b.form(block, i > 0)
		}
	}
}

// flush ends a message.
func (b *builder) flush() {
	if len(b.blocks) > 0 {
		b.out = append(b.out, Message{b.blocks, b.text.String()})
	}
	b.blocks, b.used, b.table, b.rich, b.list, b.row = nil, 0, false, nil, nil, nil
	b.text.Reset()
}

// room sees to it that a block, or a part of the open one, has room in the
// message. It reports whether a new message began for it.
func (b *builder) room(need int, block bool) (anew bool) {
	if len(b.blocks) > 0 && (b.used+need > b.budget || block && len(b.blocks) >= b.most) {
		b.flush()
		anew = true
	}
	b.used += need
	return anew
}

// say adds a line to the text.
func (b *builder) say(parts ...string) {
	if b.text.Len() > 0 {
		b.text.WriteByte('\n')
	}
	for _, p := range parts {
		b.text.WriteString(quiet(p))
	}
}

func (b *builder) heading(text string) {
	switch {
	case text == "":
	case units(text) > maxHeader:
		b.line(text, "")
	default:
		b.room(cost(text), true)
		b.blocks = append(b.blocks, &sdk.HeaderBlock{Type: sdk.MBTHeader, Text: plain(text)})
		b.say(text)
	}
}

func (b *builder) paragraph(text string) {
	for _, p := range pieces(text, maxText) {
		b.room(cost(p), true)
		b.blocks = append(b.blocks, &sdk.SectionBlock{Type: sdk.MBTSection, Text: plain(p), Expand: true})
		b.say(p)
	}
}

func (b *builder) note(text string) {
	for _, p := range pieces(text, maxText) {
		b.room(cost(p), true)
		b.blocks = append(b.blocks, &sdk.ContextBlock{Type: sdk.MBTContext, ContextElements: sdk.ContextElements{Elements: []sdk.MixedElement{plain(p)}}})
		b.say(p)
	}
}

func (b *builder) facts(facts card.Facts) {
	for _, f := range facts {
		b.line(read(f.Label)+": ", read(f.Value))
	}
}

// line adds a line of rich text: its beginning bold, and the rest.
func (b *builder) line(bold, rest string) {
	for bold != "" || rest != "" {
		var strong, weak string
		strong, bold = fit(bold, maxText)
		if bold == "" {
			weak, rest = fit(rest, maxText-units(strong))
		}
		if strong == "" && weak == "" {
			weak, rest = rest, "" // never: fit always takes something of a text
		}
		section := sdk.RichTextSection{Type: sdk.RTESection}
		if strong != "" {
			section.Elements = append(section.Elements, &sdk.RichTextSectionTextElement{Type: sdk.RTSEText, Text: strong, Style: &bolder})
		}
		if weak != "" {
			section.Elements = append(section.Elements, &sdk.RichTextSectionTextElement{Type: sdk.RTSEText, Text: weak})
		}
		b.richRoom(cost(strong) + cost(weak))
		b.list = nil
		b.rich.Elements = append(b.rich.Elements, &section)
		b.say(strong, weak)
	}
}

var bolder = sdk.RichTextSectionTextStyle{Bold: true}

// richRoom opens a rich text with room for so much more.
func (b *builder) richRoom(need int) {
	full := b.rich == nil || b.filled+need > maxText
	if b.room(need, full) || full {
		b.rich = &sdk.RichTextBlock{Type: sdk.MBTRichText}
		b.blocks = append(b.blocks, b.rich)
		b.filled, b.list = 0, nil
	}
	b.filled += need
}

// items adds a list. One that goes on in another block goes on counting.
func (b *builder) items(title string, items []string, ordered bool) {
	if title != "" {
		b.line("", title)
	}
	b.list = nil
	style, mark := sdk.RTEListBullet, "  - "
	if ordered {
		style = sdk.RTEListOrdered
	}
	for i, item := range items {
		if item = read(item); item == "" {
			item = emptyCell
		}
		head, rest := fit(item, maxText)
		b.richRoom(cost(head))
		if b.list == nil {
			b.list = &sdk.RichTextList{Type: sdk.RTEList, Style: style, Offset: i}
			if !ordered {
				b.list.Offset = 0
			}
			b.rich.Elements = append(b.rich.Elements, b.list)
		}
		b.list.Elements = append(b.list.Elements, &sdk.RichTextSection{
			Type: sdk.RTESection, Elements: []sdk.RichTextSectionElement{&sdk.RichTextSectionTextElement{Type: sdk.RTSEText, Text: head}},
		})
		if ordered {
			mark = "  " + strconv.Itoa(i+1) + ". "
		}
		b.say(mark, head)
		if rest != "" {
			b.line("", rest)
		}
	}
}

// notEmoji is for plain text objects: a word between colons stays one.
var notEmoji = false

func plain(text string) *sdk.TextBlockObject {
	return &sdk.TextBlockObject{Type: sdk.PlainTextType, Text: text, Emoji: &notEmoji}
}
