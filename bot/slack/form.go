package slack

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/tandem-bot/tandem/bot/card"
)

// A button carries the form that it opens, so that a message can be opened
// after a restart and by another process: nothing about it is kept here.

// maxForm bounds what a button's value may become when it is read.
const maxForm = 64 << 10

// packed marks a value that is compressed.
const packed = "z:"

// errNoForm is a value that is no form of ours.
var errNoForm = errors.New("slack: a button carries no form that can be read")

// wireForm is a form as it stands in a button's value.
type wireForm struct {
	Title  string      `json:"t,omitempty"`
	Say    string      `json:"s"`
	Submit string      `json:"b,omitempty"`
	Fields []wireField `json:"f"`
}

type wireField struct {
	Name     string         `json:"n"`
	Label    string         `json:"l,omitempty"`
	Hint     string         `json:"h,omitempty"`
	Kind     card.FieldKind `json:"k,omitempty"`
	Value    string         `json:"v,omitempty"`
	Required bool           `json:"r,omitempty"`
	Options  [][2]string    `json:"o,omitempty"`
}

// packForm writes a form into a button's value, if it has room for it.
func packForm(f card.Form) (string, bool) {
	w := wireForm{f.Title, f.Say, f.Submit, make([]wireField, len(f.Fields))}
	for i, field := range f.Fields {
		to := wireField{field.Name, field.Label, field.Hint, field.Kind, field.Value, field.Required, nil}
		for _, o := range field.Options {
			to.Options = append(to.Options, [2]string{o.Value, o.Label})
		}
		w.Fields[i] = to
	}
	data, err := json.Marshal(w)
	if err != nil {
		return "", false
	}
	if units(string(data)) <= maxValue {
		return string(data), true
	}
	if len(data) > maxForm {
		return "", false
	}
	var small bytes.Buffer
	z, err := flate.NewWriter(&small, flate.BestCompression)
	if err != nil {
		return "", false
	}
	if _, err := z.Write(data); err != nil || z.Close() != nil {
		return "", false
	}
	value := packed + base64.RawURLEncoding.EncodeToString(small.Bytes())
	return value, len(value) <= maxValue
}

// FormOf reads the form that a button's value carries.
func FormOf(value string) (card.Form, error) {
	data := []byte(value)
	if text, ok := strings.CutPrefix(value, packed); ok {
		small, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return card.Form{}, errNoForm
		}
		if data, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(small)), maxForm+1)); err != nil || len(data) > maxForm {
			return card.Form{}, errNoForm
		}
	}
	var w wireForm
	if err := json.Unmarshal(data, &w); err != nil || len(w.Fields) == 0 {
		return card.Form{}, errNoForm
	}
	f := card.Form{Title: w.Title, Say: w.Say, Submit: w.Submit}
	for _, from := range w.Fields {
		to := card.Field{Name: from.Name, Label: from.Label, Hint: from.Hint, Kind: from.Kind, Value: from.Value, Required: from.Required}
		for _, o := range from.Options {
			to.Options = append(to.Options, card.Option{Value: o[0], Label: o[1]})
		}
		f.Fields = append(f.Fields, to)
	}
	return f, nil
}

const (
	maxFields      = 40    // of a form
	maxName        = 200   // bytes of a field's name
	maxFormSay     = 2_000 // bytes of a form's command in JSON
	maxOptionValue = 150
	maxOptions     = 100 // of a select, and of a group of one
	maxInput       = 3_000
)

// holds reports whether Slack's inputs have room for a form.
func holds(f card.Form) bool {
	say, err := json.Marshal(f.Say)
	if err != nil || len(say) > maxFormSay || f.Say == "" || len(f.Fields) == 0 || len(f.Fields) > maxFields {
		return false
	}
	names := map[string]bool{}
	for _, field := range f.Fields {
		if field.Name == "" || len(field.Name) > maxName || names[field.Name] || units(field.Value) > maxInput {
			return false
		}
		names[field.Name] = true
		if field.Kind == card.Choice && !holdsOptions(field.Options) {
			return false
		}
	}
	return true
}

// noValue stands for an option whose value is empty, which Slack doesn't take.
const noValue = "(none)"

func holdsOptions(options []card.Option) bool {
	seen := map[string]bool{}
	for _, o := range options {
		if o.Value == noValue || units(o.Value) > maxOptionValue || seen[o.Value] {
			return false
		}
		seen[o.Value] = true
	}
	return len(options) > 0 && len(options) <= maxOptions*maxOptions
}
