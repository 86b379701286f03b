package webtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
)

// fieldPrefix begins the name of a field of a card's own form.
const fieldPrefix = card.FieldPrefix

// sending is a form as it went out.
type sending struct {
	to, kind string
	body     []byte
}

// open fetches the page of a spot.
func (p *Page) open(ctx context.Context, s bottest.Spot) (*html.Node, error) {
	engagement, person := p.w.Engagement(s.Person)
	q := url.Values{"as": {engagement + "/" + person}}
	if s.Place != "" {
		q.Set("in", s.Place)
	}
	if s.Thread != "" {
		q.Set("thread", s.Thread)
	}
	// Everything that there is, and not the last messages alone.
	q.Set("show", "2000")
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.address+"/chat?"+q.Encode(), http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := p.browser.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	page, err := html.Parse(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, refusal(answer.StatusCode, page)
	}
	return page, nil
}

// refusal says what a page says that refuses.
func refusal(status int, page *html.Node) error {
	why := "nothing"
	if m := first(page, is("main", "", "")); m != nil {
		why = line(m)
	}
	return fmt.Errorf("the page answers %d: %s", status, why)
}

// send sends a form as a browser does: with what its fields hold, but for what
// is filled in, and with the button that was pressed.
func (p *Page) send(ctx context.Context, form, button *html.Node, filled map[string]string) error {
	if form == nil {
		return errors.New("the page has no such form")
	}
	if kind := attr(form, "enctype"); kind != "multipart/form-data" || attr(form, "method") != "post" {
		return fmt.Errorf("the form is sent as %q by %q", kind, attr(form, "method"))
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range all(form, isField) {
		name, value := attr(field, "name"), valueOf(field)
		if v, ok := filled[name]; ok {
			value = v
		}
		if attr(field, "type") == "checkbox" {
			continue // left alone
		}
		// A browser sends line breaks as CRLF.
		value = strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\n", "\r\n")
		if err := w.WriteField(name, value); err != nil {
			return err
		}
	}
	if button != nil {
		if err := w.WriteField(attr(button, "name"), attr(button, "value")); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	s := &sending{to: attr(form, "action"), kind: w.FormDataContentType(), body: b.Bytes()}
	p.mu.Lock()
	p.last = s
	p.mu.Unlock()
	return p.post(ctx, s)
}

// post sends, with what a browser adds, and wants to be sent back to a page.
func (p *Page) post(ctx context.Context, s *sending) error {
	if s == nil {
		return errors.New("nothing was sent yet")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+s.to, bytes.NewReader(s.body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", s.kind)
	request.Header.Set("Origin", p.address)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := p.browser.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode == http.StatusSeeOther {
		return nil
	}
	page, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return refusal(answer.StatusCode, page)
}

// message returns the article of a message that is seen from the spot.
func (p *Page) message(ctx context.Context, s bottest.Spot, id string) (*html.Node, error) {
	page, err := p.open(ctx, bottest.Spot{Person: s.Person, Place: s.Place})
	if err != nil {
		return nil, err
	}
	m := first(page, is("article", "data-id", id))
	if m == nil {
		return nil, fmt.Errorf("there is no message %q there", id)
	}
	return m, nil
}
