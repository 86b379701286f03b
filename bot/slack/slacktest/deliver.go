package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The kinds of what Slack delivers, as Socket Mode calls them.
const (
	KindEvent       = "events_api"
	KindInteractive = "interactive"
	KindCommand     = "slash_commands"
)

// Delivery is one attempt to tell the app something.
type Delivery struct {
	Kind    string
	Payload map[string]any // of a command its fields
	Attempt int            // 0 is the first
	Reason  string         // why it is an attempt again
	Header  http.Header    // as sent; nil over Socket Mode
	Body    []byte         // as sent, the whole envelope over Socket Mode
	Status  int            // of the answer; 200 where a socket acknowledged it; 0 for none
	Answer  []byte         // of the app: the body, or the payload of an acknowledgement
	Failed  string         // Slack's word for what went wrong: http_timeout, http_error, …
	Err     error          // what is behind Failed, where there is more to know
	Shown   string         // what Slack tells the person, where their act came to nothing
}

// OK reports whether the app has taken it.
func (d *Delivery) OK() bool { return d != nil && d.Failed == "" }

// shipment is something for the app, with all its attempts.
type shipment struct {
	kind    string
	payload obj
	form    url.Values // of a command
	install *Install
	person  *Person
	channel *Channel
	view    *view
	at      time.Time // not to be sent before
	attempt int
	reason  string
}

// deliver sends a shipment, and again where Slack would at once. What is to be
// sent again later waits for Due.
func (s *Slack) deliver(ctx context.Context, sh *shipment) *Delivery {
	s.mu.Lock()
	s.last = sh
	s.mu.Unlock()
	for {
		d := s.attempt(ctx, sh)
		if d.OK() {
			s.act(sh, d)
			return d
		}
		if sh.kind != KindEvent {
			d.Shown = s.shown(sh, d)
			return d
		}
		if sh.attempt >= len(s.o.Retries) || errors.Is(d.Err, errNoRetry) || ctx.Err() != nil {
			return d
		}
		again := *sh
		again.at, again.reason = s.o.Now().Add(s.o.Retries[sh.attempt]), d.Failed
		again.attempt++
		if again.at.After(s.o.Now()) {
			s.mu.Lock()
			s.waiting = append(s.waiting, &again)
			s.mu.Unlock()
			return d
		}
		sh = &again
	}
}

// Due sends what has waited and is due by now: events to be repeated, and those
// about the app's own messages. It returns how many attempts it made.
func (s *Slack) Due(ctx context.Context) int {
	n := 0
	for {
		s.mu.Lock()
		now := s.o.Now()
		i := slices.IndexFunc(s.waiting, func(sh *shipment) bool { return !sh.at.After(now) })
		if i < 0 || ctx.Err() != nil {
			s.mu.Unlock()
			return n
		}
		sh, last := s.waiting[i], s.last
		s.waiting = slices.Delete(s.waiting, i, i+1)
		s.mu.Unlock()
		s.deliver(ctx, sh)
		n++
		s.mu.Lock()
		s.last = last // Replay means what a person did
		s.mu.Unlock()
	}
}

// Waiting returns how many deliveries wait for Due.
func (s *Slack) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting)
}

// Deliveries returns every attempt so far.
func (s *Slack) Deliveries() []*Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deliveries)
}

// Replay delivers the last thing that a person did once more, the same but for
// its signature, as after an answer that was lost.
func (s *Slack) Replay(ctx context.Context) (*Delivery, error) {
	s.mu.Lock()
	if s.last == nil {
		s.mu.Unlock()
		return nil, errors.New("nothing was delivered yet")
	}
	again := *s.last
	s.mu.Unlock()
	if again.kind == KindEvent {
		again.attempt, again.reason = again.attempt+1, "http_timeout"
	}
	d := s.attempt(ctx, &again)
	if d.OK() {
		s.act(&again, d)
	}
	return d, nil
}

var errNoRetry = errors.New("the app wants no repeat")

// attempt sends a shipment once.
func (s *Slack) attempt(ctx context.Context, sh *shipment) *Delivery {
	s.mu.Lock()
	app := s.app
	s.mu.Unlock()
	d := &Delivery{Kind: sh.kind, Payload: sh.payload, Attempt: sh.attempt, Reason: sh.reason}
	if app.SocketMode {
		s.overSocket(ctx, sh, d)
	} else {
		s.overHTTP(ctx, &app, sh, d)
	}
	s.mu.Lock()
	s.deliveries = append(s.deliveries, d)
	s.mu.Unlock()
	return d
}

// Sign returns the headers that Slack would sign a body with at a time.
func (a App) Sign(body []byte, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(a.SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	h := http.Header{}
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

// request returns a shipment as a signed request.
func (s *Slack) request(app *App, sh *shipment) (to string, h http.Header, body []byte) {
	kind := "application/x-www-form-urlencoded"
	switch sh.kind {
	case KindEvent:
		to, kind, body = app.EventsURL, "application/json", encode(sh.payload)
	case KindInteractive:
		to, body = app.InteractivityURL, []byte(url.Values{"payload": {string(encode(sh.payload))}}.Encode())
	default:
		to, body = app.CommandsURL, []byte(sh.form.Encode())
	}
	h = app.Sign(body, s.o.SignedAt())
	h.Set("Content-Type", kind)
	h.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	h.Set("Accept", "*/*")
	if sh.attempt > 0 {
		h.Set("X-Slack-Retry-Num", strconv.Itoa(sh.attempt))
		h.Set("X-Slack-Retry-Reason", sh.reason)
	}
	return to, h, body
}

func (s *Slack) overHTTP(ctx context.Context, app *App, sh *shipment, d *Delivery) {
	to, h, body := s.request(app, sh)
	d.Header, d.Body = h, body
	ctx, cancel := context.WithTimeout(ctx, s.o.Deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		d.Failed, d.Err = "connection_failed", err
		return
	}
	req.Header = h.Clone()
	resp, err := s.client.Do(req)
	if err != nil {
		d.fail(err)
		return
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	d.Status = resp.StatusCode
	if d.Answer, err = io.ReadAll(io.LimitReader(resp.Body, maxBody)); err != nil {
		d.fail(err)
		return
	}
	if d.Status < 200 || d.Status > 299 {
		d.Failed = "http_error"
	}
	if d.Failed != "" && resp.Header.Get("X-Slack-No-Retry") == "1" {
		d.Err = errNoRetry
	}
}

func (d *Delivery) fail(err error) {
	d.Err, d.Failed = err, "connection_failed"
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		d.Failed = "http_timeout"
	case errors.Is(err, errTooManyRedirects):
		d.Failed = "too_many_redirects"
	case strings.Contains(err.Error(), "certificate"):
		d.Failed = "ssl_error"
	}
}

// shown is what Slack tells somebody whose act came to nothing.
func (s *Slack) shown(sh *shipment, d *Delivery) string {
	if sh.kind == KindCommand {
		name := sh.form.Get("command")
		if d.Failed == "http_timeout" || d.Failed == "timeout" {
			return name + ` failed with the error "operation_timeout"`
		}
		return name + ` failed with the error "dispatch_failed"`
	}
	if sh.view != nil && str(sh.payload, "type") == "view_submission" {
		return "We had some trouble connecting. Try again?"
	}
	return s.App().Name + " isn't responding"
}

// VerifyURL is the check of the events URL when it is entered: it must answer
// with the challenge.
func (s *Slack) VerifyURL(ctx context.Context) error {
	app := s.App()
	challenge := "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	sh := &shipment{kind: KindEvent, payload: obj{"type": "url_verification", "token": app.VerificationToken, "challenge": challenge}}
	d := &Delivery{Kind: sh.kind, Payload: sh.payload}
	s.overHTTP(ctx, &app, sh, d)
	if !d.OK() {
		return fmt.Errorf("the URL answers %d (%s): %w", d.Status, d.Failed, d.Err)
	}
	if !strings.Contains(string(d.Answer), challenge) {
		return fmt.Errorf("the URL didn't respond with the value of the challenge parameter: %s", d.Answer)
	}
	return nil
}
