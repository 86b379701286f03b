package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/cmd/tandem/config"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// webChat is the chat in the browser over whatever engagements there are: it is
// made when it is first used, since reading a thousand of them takes half a
// second, and anew when a page is opened after one was imported. It is a
// bot.Platform and a bot.Finder.
type webChat struct {
	config  config.Web
	db      *sqlite.DB
	handler web.Handler
	now     func() time.Time
	log     *slog.Logger

	mu     sync.Mutex
	web    *web.Web
	guests *guests
	of     []store.EngagementSummary // what it was made of
	looked time.Time
}

// lookEvery is how often a page that is opened looks for new engagements.
const lookEvery = 2 * time.Second

// page returns the chat; a fresh one knows what was imported meanwhile.
func (c *webChat) page(ctx context.Context, fresh bool) (*web.Web, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.web != nil && (!fresh || c.now().Sub(c.looked) < lookEvery) {
		return c.web, nil
	}
	there, err := c.db.Engagements(ctx)
	if err != nil {
		return nil, err
	}
	c.looked = c.now()
	if c.web != nil && slices.Equal(there, c.of) {
		return c.web, nil
	}
	if c.guests == nil {
		c.guests = newGuests(c.db)
	}
	w, err := web.New(ctx, web.Options{
		Engagements: c.guests.all, Handler: c.handler, Transcript: c.db, Settings: c.db, Clock: web.RealTime(c.now),
		Random: rand.Reader, Hosts: c.config.Hosts, Log: c.log,
	})
	if err != nil {
		return nil, err
	}
	if c.web != nil {
		c.web.Close() // its live pages come back to the new one
	}
	c.web, c.of = w, there
	return w, nil
}

// ServeHTTP answers a browser.
func (c *webChat) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w, err := c.page(r.Context(), r.Method == http.MethodGet && r.URL.Path != "/events")
	if err != nil {
		c.log.ErrorContext(r.Context(), "the web chat could not be made", "error", err)
		http.Error(rw, "Tandem can't read its store just now. Try again.", http.StatusServiceUnavailable)
		return
	}
	w.ServeHTTP(rw, r)
}

// Close ends the live pages.
func (c *webChat) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.web != nil {
		c.web.Close()
	}
}

// Name is that of the platform.
func (c *webChat) Name() string { return web.Platform }

// Send puts a message into the chat.
func (c *webChat) Send(ctx context.Context, p bot.Post) (string, error) {
	w, err := c.page(ctx, false)
	if err != nil {
		return "", err
	}
	return w.Send(ctx, p)
}

// Find looks for a message in the chat.
func (c *webChat) Find(ctx context.Context, p bot.Post) (string, bool, error) {
	w, err := c.page(ctx, false)
	if err != nil {
		return "", false, err
	}
	return w.Find(ctx, p)
}
