//go:build browser

package main

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/bot/web/webtest/chrome"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// The demo's own page, in a real Chromium (make browser): the sample engagement
// in a store on the disk, the router, and the sweeper at work.

// demoDay is when the demo begins in these tests: a Friday afternoon.
const demoDay = "2026-11-20T14:05:00-05:00"

// demoSite is the demo on an address of its own, that is stopped and started
// over the same store.
type demoSite struct {
	t    *testing.T
	app  *app
	path string
	addr string
	stop func()
}

func newDemoSite(t *testing.T) *demoSite {
	t.Helper()
	base, err := time.Parse(time.RFC3339, demoDay)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	now := func() time.Time { return base.Add(time.Since(began)) }
	s := &demoSite{
		t: t, app: &app{world: &world{now: now, stdout: io.Discard, stderr: t.Output(), getenv: func(string) string { return "" }}},
		path: filepath.Join(t.TempDir(), "tandem.db"), addr: "127.0.0.1:0",
	}
	s.start()
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *demoSite) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	db, err := sqlite.Open(ctx, s.path, sqlite.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.app.fill(ctx, db, nil, s.app.now().AddDate(0, 0, -1)); err != nil {
		s.t.Fatal(err)
	}
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.addr = l.Addr().String()
	chat, err := s.app.chatPage(ctx, db, l.Addr())
	if err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan error, 2)
	go func() { ended <- chat.office.sweeper.Run(ctx) }()
	go func() { ended <- serve(ctx, web.Server("", chat.Web), l) }()
	s.stop = func() {
		cancel()
		if err := errors.Join(<-ended, <-ended, db.Close()); err != nil {
			s.t.Errorf("the demo ended with %v", err)
		}
		s.stop = func() {}
	}
}

// tab opens the page of somebody in a channel; "" is the direct message.
func (s *demoSite) tab(browser chrome.Browser, person, channel string) *chrome.Tab {
	s.t.Helper()
	b := browser.Tab(s.t, "http://"+s.addr, demoPage(person, channel))
	b.Live()
	return b
}

// demoPage is the address of somebody's page.
func demoPage(person, channel string) string {
	page := "/chat?as=harbor-legal%2F" + strings.ReplaceAll(person, "?", "%3F")
	if channel != "" {
		page += "&in=" + channel
	}
	return page
}
