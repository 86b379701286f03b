//go:build browser

package web_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/bot/web/webtest/chrome"
)

// site is a chat on an address of its own, that can be stopped and started.
type site struct {
	*world
	t      *testing.T
	addr   string
	server *http.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, addr: "127.0.0.1:0"}
	s.start(&memory{})
	t.Cleanup(s.stop)
	return s
}

func (s *site) start(m *memory) {
	s.t.Helper()
	s.world = open(s.t, m, func(o *web.Options) { o.Heartbeat = time.Second })
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.addr = l.Addr().String()
	server := web.Server(s.addr, s.web)
	s.server = server
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.t.Errorf("serve: %v", err)
		}
	}()
}

func (s *site) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		s.t.Errorf("the server doesn't stop: %v", err)
	}
}

func (s *site) tab(t *testing.T, browser chrome.Browser, path string) *chrome.Tab {
	t.Helper()
	return browser.Tab(t, "http://"+s.addr, path)
}
