package web_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
)

func TestShutdownEndsLivePages(t *testing.T) {
	w := open(t, &memory{}, nil)
	s := web.Server("127.0.0.1:0", w.web)
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 {
		t.Errorf("%+v", s)
	}
	at, err := net.Listen("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(at) }()
	l := listen(t, "http://"+at.Addr().String(), "maria", "", "")
	l.next("clock")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	l.ended()
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// pipes is a listener whose connections hold nothing: what isn't read isn't
// written.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func TestASlowReaderIsDropped(t *testing.T) {
	w := open(t, &memory{}, func(o *web.Options) { o.WriteTimeout = 50 * time.Millisecond })
	p := make(pipes, 1)
	s := &http.Server{Handler: w.web, ReadHeaderTimeout: time.Second}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.Serve(p) // until there are no more connections
	}()
	t.Cleanup(func() {
		close(p)
		<-served
		_ = s.Close()
	})

	mine, its := net.Pipe()
	p <- its
	if _, err := io.WriteString(mine, "GET /events?as=harbor-legal%2Fmaria&in=coordination HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 15)
	if _, err := io.ReadFull(mine, first); err != nil || string(first) != "HTTP/1.1 200 OK" {
		t.Fatalf("%q %v", first, err)
	}
	// It reads no more, while others are served.
	quick := listen(t, serve(t, w), "devon", "coordination", "")
	fill(t, w, 3)
	for range 3 {
		quick.next("message")
	}
	// It finds its connection closed, long before it has read everything.
	time.Sleep(500 * time.Millisecond)
	defer time.AfterFunc(10*time.Second, func() { _ = mine.Close() }).Stop()
	if rest, err := io.ReadAll(mine); err != nil || strings.Contains(string(rest), "post 0.") {
		t.Errorf("it read %d bytes and then %v", len(rest), err)
	}
}
