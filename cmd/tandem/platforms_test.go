package main

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Whoever sends its headers or its body slowly is cut off, so that nobody holds the
// connections of a platform's address.
func TestTheSlowAreCutOff(t *testing.T) {
	t.Parallel() // it waits for the limits
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := healthServer(patient(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	}), platformAnswer, slog.New(slog.DiscardHandler)))
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	var conns []net.Conn
	for _, begin := range []string{
		"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slow:",
		"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
	} {
		for range 25 {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			if _, err := io.WriteString(c, begin); err != nil {
				t.Fatal(err)
			}
			conns = append(conns, c)
		}
	}
	for _, c := range conns {
		if err := c.SetReadDeadline(time.Now().Add(4 * platformPatience)); err != nil {
			t.Fatal(err)
		}
		_, err := io.ReadAll(c)
		if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() {
			t.Fatal("a connection that sends nothing more is held")
		}
	}
}

// An answer has as long as it was given, whatever the server's own limit is.
func TestAnAnswerHasItsTime(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for name, test := range map[string]struct {
		answer time.Duration
		comes  bool
	}{"long": {time.Minute, true}, "none": {-time.Second, false}} {
		server := httptest.NewUnstartedServer(patient(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "installed")
		}), test.answer, log))
		server.Config.WriteTimeout = time.Nanosecond
		server.Start()
		answer, err := server.Client().Get(server.URL)
		if err == nil {
			_ = answer.Body.Close()
		}
		if (err == nil) != test.comes {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
}
