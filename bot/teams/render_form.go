package teams

import (
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
)

// The names in the data of an action. A field of a form has a prefix, so that it
// can't pose as another.
const (
	dataSay    = "say"
	dataFields = "fields" // the names of the form's fields, since empty inputs may not come back
	fieldMark  = "field."
	verbSay    = "say"
)

// actionsMost is how many actions Teams shows in one set.
const actionsMost = 6

func (p *pager) buttons(buttons card.Buttons) {
	for len(buttons) > 0 {
		if size(press(buttons[0])) > p.most/2 { // it can be typed
			p.block(card.Paragraph(card.New(buttons[:1]).Plain()), false)
			buttons = buttons[1:]
			continue
		}
		var set []object
		var said card.Buttons
		n := 0
		for len(buttons) > 0 && len(set) < actionsMost {
			a := press(buttons[0])
			if n += size(a); n > p.most/2 {
				break
			}
			set, said, buttons = append(set, a), append(said, buttons[0]), buttons[1:]
		}
		p.put(said, object{"type": "ActionSet", "actions": set})
	}
}

// press is a button that says a command.
func press(b card.Button) object {
	return action(card.Clean(b.Label), object{dataSay: b.Say}, b.Tone, "None")
}

// action is a button that comes back as an invoke, or in a client that is older
// as a message.
func action(title string, data object, tone card.Tone, inputs string) object {
	submit := object{"type": "Action.Submit", "title": title, "data": data, "associatedInputs": inputs}
	execute := object{"type": "Action.Execute", "title": title, "verb": verbSay, "data": data, "associatedInputs": inputs, "fallback": submit}
	switch tone {
	case card.Primary:
		execute["style"], submit["style"] = "positive", "positive"
	case card.Danger:
		execute["style"], submit["style"] = "destructive", "destructive"
	case card.Plain:
	}
	return execute
}

// form draws a form, all of which has to stand in one message. Where there is no
// room its choices become lines to be typed into, and in the end it is told how
// to type it as a command.
func (p *pager) form(f card.Form) {
	for _, typed := range []bool{false, true} {
		elements := formElements(f, typed)
		if n := size(elements); n <= p.most {
			p.put(f, elements...)
			return
		}
	}
	p.block(card.Paragraph(card.New(f).Plain()), false)
}

func formElements(f card.Form, typed bool) []object {
	var out []object
	if title := card.Clean(f.Title); title != "" {
		out = append(out, rich("", run(title, bold)))
	}
	names := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		names[i] = field.Name
		out = append(out, input(field, typed))
	}
	submit := card.Clean(f.Submit)
	if submit == "" {
		submit = "Send"
	}
	data := object{dataSay: f.Say, dataFields: names}
	return append(out, object{"type": "ActionSet", "actions": []object{action(submit, data, card.Primary, "Auto")}})
}

// input is a field of a form. A client refuses to send what lacks a required one.
func input(f card.Field, typed bool) object {
	label := card.Clean(f.Label)
	if label == "" {
		label = card.Clean(f.Name)
	}
	if hint := card.Clean(f.Hint); hint != "" { // a placeholder would go as one types
		label += " (" + hint + ")"
	}
	o := object{"id": fieldMark + f.Name, "label": label}
	if f.Required {
		o["isRequired"], o["errorMessage"] = true, "This is needed."
	}
	switch {
	case f.Kind == card.Choice && !typed:
		o["type"], o["style"] = "Input.ChoiceSet", "compact"
		choices := make([]object, len(f.Options))
		for i, c := range f.Options {
			choices[i] = object{"title": card.Clean(c.Label), "value": c.Value}
			if c.Value == f.Value {
				o["value"] = c.Value
			}
		}
		o["choices"] = choices
	case f.Kind == card.Day:
		o["type"] = "Input.Date"
		if _, err := time.Parse(time.DateOnly, f.Value); err == nil {
			o["value"] = f.Value
		}
	case f.Kind == card.Number:
		o["type"] = "Input.Number"
		if n, err := strconv.Atoi(f.Value); err == nil {
			o["value"] = n
		}
	default:
		o["type"] = "Input.Text"
		if f.Kind == card.Text {
			o["isMultiline"] = true
		}
		if f.Value != "" {
			o["value"] = f.Value
		}
	}
	return o
}
