package slack

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot/card"
)

const (
	maxTitle = 24    // of a view and of its buttons
	maxAbout = 2_000 // of the label and the hint of an input
	maxMeta  = 3_000 // of what a view carries unseen
	// fieldBlock begins the id of an input's block; the field's name follows.
	fieldBlock = "field/"
	fieldInput = "value"
	callback   = "tandem-form"
	openForm   = "Fill in …" // the button that opens a form
)

// form adds what opens a form: a button that carries it; where the button has
// no room for it, the inputs themselves; and where Slack has none, what to type.
func (b *builder) form(f card.Form, after bool) {
	title := read(f.Title)
	if title != "" {
		if after {
			b.line(title, "")
		} else {
			b.heading(title)
		}
	}
	b.rich, b.list, b.row = nil, nil, nil
	typed := read(f.Typed)
	if !holds(f) {
		var labels []string
		for _, field := range f.Fields {
			labels = append(labels, field.Label)
		}
		b.items("", labels, false)
		if typed != "" {
			b.note("In one line: type `" + typed + "`")
		}
		return
	}
	// What can be clicked is in the text by its name, so that a notification
	// and a screen reader have it, and no message is without a text.
	if value, ok := packForm(f); ok {
		b.button(actionForm, openForm, value, card.Primary)
		b.say("Button: ", openForm)
	} else {
		for _, field := range f.Fields {
			in := input(field, false)
			b.room(cost(in.Label.Text)+cost(field.Hint), true)
			b.blocks = append(b.blocks, in)
			b.say("Field: ", in.Label.Text)
		}
		b.row = nil
		b.button(actionSend, submitLabel(f), f.Say, card.Primary)
		b.say("Button: ", submitLabel(f))
	}
	if typed != "" {
		b.say("In one line: type `", typed, "`")
	}
}

func submitLabel(f card.Form) string {
	label, _ := shorten(read(f.Submit), maxTitle)
	if label == "" {
		return "Send"
	}
	return label
}

// formMeta is what a view carries unseen: where it was opened, and what it says.
type formMeta struct {
	Tenant  string `json:"w"`
	Channel string `json:"c,omitempty"`
	Thread  string `json:"t,omitempty"`
	Message string `json:"m,omitempty"`
	Say     string `json:"s"`
}

// Modal makes a view of a card that ends in a form. It reports false where a
// view has no room for the card.
func Modal(m card.Message, from formMeta) (sdk.ModalViewRequest, bool) {
	n := len(m.Blocks) - 1
	if n < 0 {
		return sdk.ModalViewRequest{}, false
	}
	f, ok := m.Blocks[n].(card.Form)
	if !ok || !holds(f) {
		return sdk.ModalViewRequest{}, false
	}
	from.Say = f.Say
	meta, err := json.Marshal(from)
	if err != nil || units(string(meta)) > maxMeta {
		return sdk.ModalViewRequest{}, false
	}
	b := builder{most: maxHomeBlocks - len(f.Fields) - 1, budget: maxMessageText, view: true}
	title, cut := shorten(read(f.Title), maxTitle)
	if cut {
		b.paragraph(read(f.Title))
	}
	if title == "" {
		title = "Tandem"
	}
	b.render(m.Blocks[:n])
	b.flush()
	if len(b.out) > 1 {
		return sdk.ModalViewRequest{}, false
	}
	var blocks []sdk.Block
	if len(b.out) == 1 {
		blocks = b.out[0].Blocks
	}
	for _, field := range f.Fields {
		blocks = append(blocks, input(field, true))
	}
	return sdk.ModalViewRequest{
		Type: sdk.VTModal, Title: plain(title), Submit: plain(submitLabel(f)), Close: plain("Cancel"),
		Blocks: sdk.Blocks{BlockSet: blocks}, CallbackID: callback, PrivateMetadata: string(meta),
	}, true
}

// input makes an input of a field. Inputs for numbers are for views only.
func input(f card.Field, view bool) *sdk.InputBlock {
	label, _ := shorten(read(f.Label), maxAbout)
	if label == "" {
		label = f.Name
	}
	block := &sdk.InputBlock{Type: sdk.MBTInput, BlockID: fieldBlock + f.Name, Label: plain(label), Optional: !f.Required}
	if hint, _ := shorten(read(f.Hint), maxAbout); hint != "" {
		block.Hint = plain(hint)
	}
	value := strings.ToValidUTF8(f.Value, "\uFFFD")
	switch {
	case f.Kind == card.Choice:
		block.Element = choice(f)
	case f.Kind == card.Day:
		e := &sdk.DatePickerBlockElement{Type: sdk.METDatepicker, ActionID: fieldInput}
		if _, err := time.Parse(time.DateOnly, value); err == nil {
			e.InitialDate = value
		}
		block.Element = e
	case f.Kind == card.Number && view:
		e := &sdk.NumberInputBlockElement{Type: sdk.METNumber, ActionID: fieldInput}
		if _, err := strconv.Atoi(value); err == nil {
			e.InitialValue = value
		}
		block.Element = e
	default:
		block.Element = &sdk.PlainTextInputBlockElement{
			Type: sdk.METPlainTextInput, ActionID: fieldInput, InitialValue: value, Multiline: f.Kind == card.Text,
		}
	}
	return block
}

// choice makes a select; one with more options than Slack takes in a row has
// them in groups.
func choice(f card.Field) *sdk.SelectBlockElement {
	e := &sdk.SelectBlockElement{Type: sdk.OptTypeStatic, ActionID: fieldInput}
	options := make([]*sdk.OptionBlockObject, len(f.Options))
	for i, o := range f.Options {
		label, _ := shorten(read(o.Label), maxLabel)
		if label == "" {
			label, _ = shorten(o.Value, maxLabel)
		}
		if label == "" {
			label = emptyCell
		}
		options[i] = &sdk.OptionBlockObject{Text: plain(label), Value: o.Value}
		if o.Value == "" {
			options[i].Value = noValue
		}
		if o.Value == f.Value {
			e.InitialOption = options[i]
		}
	}
	if len(options) <= maxOptions {
		e.Options = options
		return e
	}
	for from := 0; from < len(options); from += maxOptions {
		to := min(from+maxOptions, len(options))
		e.OptionGroups = append(e.OptionGroups, &sdk.OptionGroupBlockObject{
			Label: plain(strconv.Itoa(from+1) + " to " + strconv.Itoa(to)), Options: options[from:to],
		})
	}
	return e
}

// Home makes the Home tab of cards; says are the commands that they answer. Of
// those that it doesn't show, or not whole, it names the commands.
func Home(cards []card.Message, says []string) sdk.HomeTabViewRequest {
	b := builder{most: maxHomeBlocks - 1, budget: maxHomeText - maxText, view: true}
	whole := 0
	for i, c := range cards {
		if i > 0 && len(b.blocks) > 0 && len(b.blocks) < b.most {
			b.blocks = append(b.blocks, sdk.NewDividerBlock())
		}
		if b.render(c.Blocks); len(b.out) > 0 {
			break
		}
		whole++
	}
	b.flush()
	v := sdk.HomeTabViewRequest{Type: sdk.VTHomeTab, CallbackID: "tandem-home"}
	if len(b.out) > 0 {
		v.Blocks.BlockSet = b.out[0].Blocks
	}
	if whole < len(cards) && whole < len(says) {
		more := "There is more than the Home tab has room for. In a message to me, say " + strings.Join(says[whole:], ", or ") + "."
		text, _ := shorten(read(more), maxText)
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, sdk.NewContextBlock("", plain(text)))
	}
	return v
}
