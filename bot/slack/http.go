package slack

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	sdk "github.com/slack-go/slack"
)

// maxBody is the largest body that is read. Slack's own are far smaller.
const maxBody = 1 << 20

// ServeHTTP takes everything that Slack sends, at whichever path: events,
// interactions and the slash command. Nothing of a body is read before its
// signature was found to be Slack's, and the answer comes when the delivery is
// safe in the Inbox.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Slack posts here.", http.StatusMethodNotAllowed)
		return
	}
	body, status := s.verified(w, r)
	if status != http.StatusOK {
		http.Error(w, http.StatusText(status), status)
		return
	}
	kind, raw, ok := kindOf(r.Header.Get("Content-Type"), body)
	if !ok {
		s.counts.add(countUnread)
		w.WriteHeader(http.StatusOK) // signed by Slack, so it need not come again
		return
	}
	challenge, err := s.accept(r.Context(), kind, raw)
	switch {
	case err != nil:
		s.o.Log.ErrorContext(r.Context(), "a delivery of Slack could not be kept; Slack will send it again", "error", err)
		http.Error(w, "not kept", http.StatusServiceUnavailable)
	case challenge != "":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, challenge)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// verified reads the body of a request that Slack signed within five minutes.
func (s *Slack) verified(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	// A header that stands twice could be read in two ways.
	for _, name := range []string{"X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Type"} {
		if len(r.Header.Values(name)) != 1 {
			s.counts.add(countUnverified)
			return nil, http.StatusUnauthorized
		}
	}
	v, err := sdk.NewSecretsVerifier(r.Header, s.o.SigningSecret)
	if err != nil {
		s.counts.add(countUnverified)
		return nil, http.StatusUnauthorized
	}
	if r.ContentLength > maxBody {
		s.counts.add(countTooLarge)
		return nil, http.StatusRequestEntityTooLarge
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		s.counts.add(countTooLarge)
		return nil, http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return nil, http.StatusBadRequest
	}
	if _, err := v.Write(body); err != nil || v.Ensure() != nil {
		s.counts.add(countUnverified)
		return nil, http.StatusUnauthorized
	}
	return body, http.StatusOK
}

// kindOf tells what a body is, and returns it as JSON.
func kindOf(contentType string, body []byte) (kind byte, raw []byte, ok bool) {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return 0, nil, false
	}
	switch media {
	case "application/json":
		return kindEvent, body, true
	case "application/x-www-form-urlencoded":
	default:
		return 0, nil, false
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return 0, nil, false
	}
	for _, values := range form {
		if len(values) != 1 {
			return 0, nil, false
		}
	}
	switch {
	case form.Has("payload"):
		return kindInteraction, []byte(form.Get("payload")), true
	case form.Has("command"):
		raw, err := commandJSON(form)
		return kindCommand, raw, err == nil
	}
	return 0, nil, false
}
