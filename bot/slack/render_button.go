package slack

import (
	"strconv"
	"strings"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot/card"
)

// The actions of Tandem's own blocks begin with these. A number follows, since
// an action's id is unique in its message.
const (
	actionSay  = "say"  // the value is a command
	actionForm = "form" // the value is a form to be opened
	actionSend = "send" // the value is the command of a form that stands in the message
)

// rowOf begins the id of a row of buttons; the workspace whose Tandem has sent
// it follows. A press in a shared channel tells only whose workspace the person
// is of, which may have a Tandem of its own.
const rowOf = "of/"

func (b *builder) buttons(buttons card.Buttons) {
	// A label that Slack has no room for stands above its button, whole.
	for _, button := range buttons {
		if label := read(button.Label); units(label) > maxLabel {
			b.line("", label)
		}
	}
	b.rich, b.list = nil, nil
	var typed []card.Button
	for _, button := range buttons {
		say := strings.ToValidUTF8(button.Say, "\uFFFD")
		if units(say) > maxValue {
			var ok bool
			if say, ok = brief(say); !ok {
				typed = append(typed, button)
				continue
			}
		}
		if say == "" {
			continue
		}
		b.button(actionSay, labelOf(button), say, button.Tone)
		b.say(labelOf(button), ": type `", read(say), "`")
	}
	for _, button := range typed {
		b.paragraph(read(button.Label) + ": type `" + read(button.Say) + "`")
	}
}

func labelOf(button card.Button) string {
	label, _ := shorten(read(button.Label), maxLabel)
	if label == "" {
		if label, _ = shorten(read(button.Say), maxLabel); label == "" {
			label = emptyCell
		}
	}
	return label
}

// button adds one to the open row, or to a new one.
func (b *builder) button(action, label, value string, tone card.Tone) {
	// The command is in the text as well, so it counts twice.
	need := cost(label) + 2*cost(value)
	if action != actionSay {
		need = cost(label)
	}
	full := b.row == nil || len(b.row.Elements.ElementSet) >= maxButtons
	if b.room(need, full) || full {
		b.row = &sdk.ActionBlock{Type: sdk.MBTAction, Elements: &sdk.BlockElements{}}
		b.blocks = append(b.blocks, b.row)
	}
	element := &sdk.ButtonBlockElement{Type: sdk.METButton, Text: plain(label), ActionID: action + "/" + strconv.Itoa(b.ids), Value: value}
	b.ids++
	switch tone {
	case card.Primary:
		element.Style = sdk.StylePrimary
	case card.Danger:
		element.Style = sdk.StyleDanger
	default:
	}
	b.row.Elements.ElementSet = append(b.row.Elements.ElementSet, element)
}

// brief shortens the question in a command that carries one, at a word: the
// command still means the same row, and its beginning is most of what a
// question says. It reports false for what can't be shortened.
func brief(say string) (string, bool) {
	word, rest, _ := strings.Cut(say, " ")
	head := word + " "
	switch word {
	case "explain":
	case "choose":
		about, question, ok := strings.Cut(rest, " for ")
		if !ok {
			return "", false
		}
		head, rest = head+about+" for ", question
	default:
		return "", false
	}
	left := maxValue - units(head)
	if left < maxValue/4 {
		return "", false
	}
	question, _ := fit(rest, left)
	return head + question, true
}
