package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// hook is a response URL: good for five uses within half an hour.
type hook struct {
	person  *Person
	install *Install
	channel *Channel
	of      *message // whose button it was; nil of a command
	at      time.Time
	uses    int
}

// hook makes a response URL. The lock is held.
func (s *Slack) hook(h hook) string {
	id := s.id("h")
	h.at = s.o.Now()
	s.hooks[id] = &h
	return s.URL + "/hook/" + id
}

// serveHook takes what an app sends to a response URL.
func (s *Slack) serveHook(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	var a args
	isJSON := json.Unmarshal(raw, &a) == nil && a != nil
	s.mu.Lock()
	rec := Call{Method: "response_url", Args: map[string]string{}, Fault: s.fault("response_url")}
	for k := range a {
		rec.Args[k] = a.str(k)
	}
	status, why := http.StatusOK, (*refusal)(nil)
	switch rec.Fault {
	case TooMany:
		status, why = http.StatusTooManyRequests, no("ratelimited")
		w.Header().Set("Retry-After", "1")
	case Broken, Dropped:
	default:
		if !isJSON {
			status, why = http.StatusBadRequest, no("invalid_payload")
		} else {
			status, why = s.respond(s.hooks[r.PathValue("id")], a)
		}
	}
	answer := obj{"ok": why == nil}
	if why != nil {
		rec.Error = why.word
		answer["error"] = why.word
	}
	s.calls = append(s.calls, rec)
	s.mu.Unlock()
	switch rec.Fault {
	case Dropped, Lost:
		hangUp(w)
		return
	case Broken, BrokenAfter:
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	default:
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(encode(answer)) // whoever has gone need not be told
}

// respond does what a response URL is told. The lock is held.
func (s *Slack) respond(h *hook, a args) (int, *refusal) {
	switch {
	case h == nil:
		return http.StatusNotFound, no("invalid_url")
	case s.o.Now().Sub(h.at) > 30*time.Minute:
		return http.StatusNotFound, no("expired_url")
	case h.uses >= 5:
		return http.StatusNotFound, no("used_url")
	}
	h.uses++
	if a.yes("delete_original") && h.of != nil {
		h.channel.drop(h.of)
		return http.StatusOK, nil
	}
	k, why := s.read(a, maxText)
	if why != nil {
		return http.StatusBadRequest, why
	}
	if k.text == "" && len(k.blocks) == 0 {
		return http.StatusBadRequest, no("no_text")
	}
	if a.yes("replace_original") && h.of != nil {
		s.change(h.channel, h.of, k)
		return http.StatusOK, nil
	}
	thread := a.str("thread_ts") // where it isn't given the answer stands outside of any
	if a.str("response_type") == "in_channel" {
		s.put(h.channel, h.install, k, thread)
	} else {
		s.whisper(h.channel, h.install, h.person, k, thread)
	}
	return http.StatusOK, nil
}
