package web

import (
	"errors"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/bot/card"
)

const (
	maxText   = 10_000 // characters of a message or of one field
	maxSay    = 2_000  // bytes of a button's command
	maxFields = 100
)

// What is wrong with a form, as it is told.
var (
	errForm    = errors.New("the form could not be read")
	errTooLong = errors.New("that is too long: a message or a field holds 10,000 characters, a form 64 KB")
)

// form is what a browser sent.
type form struct {
	Nonce  string
	On     origin            // the message that the form stood on
	Text   string            // what was typed
	Quiet  bool              // typed for the people there, not for Tandem
	Say    string            // the command of a button or a form
	Values map[string]string // what was filled in
	Clock  map[string]string // how the clock is to be moved
}

// decodeForm reads the body of a request, in both ways that browsers have of
// sending a form. What it returns is valid UTF-8.
func decodeForm(r *http.Request) (form, error) {
	var err error
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	case "multipart/form-data":
		err = r.ParseMultipartForm(bodyLimit)
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	default:
		return form{}, errForm
	}
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return form{}, errTooLong
	}
	if err != nil || len(r.PostForm) > maxFields || r.MultipartForm != nil && len(r.MultipartForm.File) > 0 {
		return form{}, errForm
	}
	f := form{Values: map[string]string{}, Clock: map[string]string{}}
	for name, values := range r.PostForm {
		if err := f.take(name, values[0]); err != nil {
			return form{}, err
		}
	}
	return f, nil
}

// take puts one field where it belongs. Fields that it doesn't know are left out.
func (f *form) take(name, value string) error {
	if len(name) > maxSay || utf8.RuneCountInString(value) > maxText {
		return errTooLong
	}
	value = strings.ReplaceAll(strings.ToValidUTF8(value, "\uFFFD"), "\r\n", "\n")
	switch name {
	case "nonce":
		f.Nonce = value
	case "on":
		on, ok := parseOrigin(value)
		if !ok {
			return errForm
		}
		f.On = on
	case "text":
		f.Text = strings.TrimSpace(value)
	case "to-people":
		f.Quiet = true
	case card.SayField:
		if len(value) > maxSay {
			return errTooLong
		}
		f.Say = value
	case "by", "to", "at", "back":
		f.Clock[name] = value
	default:
		if field, ok := strings.CutPrefix(name, card.FieldPrefix); ok {
			f.Values[strings.ToValidUTF8(field, "\uFFFD")] = strings.TrimSpace(value)
		}
	}
	return nil
}

// forTandem returns what a text says to Tandem: its mention is taken away.
func forTandem(text string) (said string, mentioned bool) {
	for _, mention := range []string{"@tandem", "/tandem"} {
		if len(text) < len(mention) || !strings.EqualFold(text[:len(mention)], mention) {
			continue
		}
		rest := text[len(mention):]
		if trimmed := strings.TrimLeft(rest, " ,:\n\t"); rest == "" || trimmed != rest {
			return trimmed, true
		}
	}
	return text, false
}
