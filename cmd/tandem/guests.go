package main

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// guests are who the page can speak as: the people of what the store holds,
// also of what is imported while the page is open. An engagement is read again
// when it has changed.
type guests struct {
	db *sqlite.DB

	mu    sync.Mutex
	known map[string]guest
}

// guest is an engagement as it was read.
type guest struct {
	summary store.EngagementSummary
	page    web.Engagement
}

func newGuests(db *sqlite.DB) *guests { return &guests{db: db, known: map[string]guest{}} }

// all returns every engagement, by id.
func (g *guests) all(ctx context.Context) ([]web.Engagement, error) {
	list, err := g.db.Engagements(ctx)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	known := make(map[string]guest, len(list))
	out := make([]web.Engagement, 0, len(list))
	for _, s := range list {
		one := g.known[s.ID]
		if one.summary != s {
			e, err := g.db.Engagement(ctx, s.ID)
			if err != nil {
				return nil, err
			}
			page, err := webEngagement(e)
			if err != nil {
				return nil, err
			}
			one = guest{s, page}
		}
		known[s.ID] = one
		out = append(out, one.page)
	}
	g.known = known
	return out, nil
}

// webEngagement is who can be spoken as, and where.
func webEngagement(e *store.Engagement) (web.Engagement, error) {
	zone, err := time.LoadLocation(e.TimeZone)
	if err != nil {
		return web.Engagement{}, err
	}
	w := web.Engagement{ID: e.ID, Client: e.Client, MSP: e.MSP, Zone: zone, Tries: tries(e)}
	if w.Moves, err = moves(e); err != nil {
		return web.Engagement{}, err
	}
	for _, p := range e.People {
		w.People = append(w.People, web.Person{ID: p.ID, Name: p.Name, Side: e.SideName(p.Side), Roles: roleWords(&p)})
	}
	for _, c := range e.Channels {
		w.Channels = append(w.Channels, c.Name)
	}
	return w, nil
}

// roleWords says a person's title, or their roles as words.
func roleWords(p *store.Person) string {
	if p.Title != "" {
		return p.Title
	}
	return strings.ReplaceAll(strings.Join(p.Roles, ", "), "-", " ")
}

// tries are three questions: a row, an everyday trouble, and one that no
// matrix names.
func tries(e *store.Engagement) []string {
	out := []string{"who owns " + strings.ToLower(e.Matrix.Functions[0].Name) + "?"}
	for _, f := range e.Matrix.Functions {
		if f.ID == "password-resets" {
			out[0] = "i'm locked out of my account, who do i call?"
		}
	}
	if len(e.Tools) > 0 {
		out = append(out, "is "+e.Tools[0].Product+" ours?")
	}
	return append(out, "who looks after the espresso machine?")
}
