// Package webtest is the chat in the browser as a bottest.Harness, over real
// HTTP: pages are fetched and forms are sent as by a browser without JavaScript,
// and what people see is read from the HTML. It also has a transcript in memory.
package webtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/store"
)

// Open is a bottest.Opener: a page over a transcript in memory.
func Open(tb testing.TB, w bottest.World) bottest.Harness {
	tb.Helper()
	return OpenWith(tb, w, nil)
}

// OpenWith opens a page over a world, with options that a test changes; nil
// changes none. Its clock is the world's, as long as nobody moves the page's.
func OpenWith(tb testing.TB, w bottest.World, change func(*web.Options)) *Page {
	tb.Helper()
	kept := &Memory{}
	o := web.Options{
		Handler: w.Handler, Transcript: kept, Settings: kept, Random: rand.Reader,
		Engagements: func(context.Context) ([]web.Engagement, error) { return engagements(w.Engagements) },
	}
	if change != nil {
		change(&o)
	}
	if o.Clock == nil {
		var err error
		if o.Clock, err = web.OpenClock(tb.Context(), o.Settings, w.Clock.Now); err != nil {
			tb.Fatal(err)
		}
	}
	chat, err := web.New(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(chat)
	tb.Cleanup(func() {
		chat.Close()
		server.Close()
	})
	browser := server.Client()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Page{w: w, web: chat, clock: o.Clock, browser: browser, address: server.URL}
}

// engagements are who can be spoken as, and where.
func engagements(all []*store.Engagement) ([]web.Engagement, error) {
	var out []web.Engagement
	for _, e := range all {
		zone, err := time.LoadLocation(e.TimeZone)
		if err != nil {
			return nil, err
		}
		of := web.Engagement{ID: e.ID, Client: e.Client, MSP: e.MSP, Zone: zone}
		for _, p := range e.People {
			of.People = append(of.People, web.Person{ID: p.ID, Name: p.Name, Side: e.SideName(p.Side)})
		}
		for _, c := range e.Channels {
			of.Channels = append(of.Channels, c.Name)
		}
		out = append(out, of)
	}
	return out, nil
}

// Page is the harness.
type Page struct {
	w       bottest.World
	web     *web.Web
	clock   *web.Clock
	browser *http.Client
	address string

	mu   sync.Mutex
	last *sending
}

// Platform returns the page's server.
func (p *Page) Platform() bot.Platform { return p.web }

// Address returns where a post for the spot goes.
func (p *Page) Address(s bottest.Spot) bot.Address {
	engagement, person := p.w.Engagement(s.Person)
	a := bot.Address{Platform: web.Platform, Thread: s.Thread}
	if s.Place == "" {
		a.User = engagement + "/" + person
	} else {
		a.Channel = engagement + "/" + s.Place
	}
	return a
}

// Say fills in the composer and sends it.
func (p *Page) Say(ctx context.Context, s bottest.Spot, text string) error {
	page, err := p.open(ctx, s)
	if err != nil {
		return err
	}
	return p.send(ctx, first(page, is("form", "id", "composer")), nil, map[string]string{"text": text})
}

// Press presses the first button of a message with the label.
func (p *Page) Press(ctx context.Context, s bottest.Spot, message, label string) error {
	m, err := p.message(ctx, s, message)
	if err != nil {
		return err
	}
	for _, form := range all(m, is("form", "", "")) {
		for _, button := range all(form, is("button", "name", "say")) {
			if line(button) == label {
				return p.send(ctx, form, button, nil)
			}
		}
	}
	return fmt.Errorf("message %s has no button %q", message, label)
}

// Submit fills in the form of a message and sends it.
func (p *Page) Submit(ctx context.Context, s bottest.Spot, message string, values map[string]string) error {
	m, err := p.message(ctx, s, message)
	if err != nil {
		return err
	}
	form := first(m, is("form", "class", "card-form"))
	if form == nil {
		return fmt.Errorf("message %s has no form", message)
	}
	filled := map[string]string{}
	for name, value := range values {
		filled[fieldPrefix+name] = value
	}
	return p.send(ctx, form, nil, filled)
}

// Again sends the last form once more, as a browser does that had no answer.
func (p *Page) Again(ctx context.Context) error {
	p.mu.Lock()
	last := p.last
	p.mu.Unlock()
	return p.post(ctx, last)
}

// tries bounds how often a move of the clock is sent again: one that finds too
// much due on its way stops there.
const tries = 30

// Move moves the page's clock by its own form, to a full minute.
func (p *Page) Move(ctx context.Context, to time.Time) error {
	s := bottest.Spot{Person: p.w.Engagements[0].People[0].ID}
	zone, err := time.LoadLocation(p.w.Engagements[0].TimeZone)
	if err != nil {
		return err
	}
	for range tries {
		page, err := p.open(ctx, s)
		if err != nil {
			return err
		}
		form := first(page, is("form", "aria-label", "Set the clock"))
		if err := p.send(ctx, form, nil, map[string]string{"at": to.In(zone).Format("2006-01-02T15:04")}); err != nil {
			return err
		}
		if p.clock.Now().Equal(to) {
			return nil
		}
	}
	return fmt.Errorf("the page's clock shows %v and doesn't get to %v", p.clock.Now(), to)
}

// Now returns what the page's clock shows.
func (p *Page) Now() time.Time { return p.clock.Now() }
