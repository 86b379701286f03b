package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"time"
)

// Web is the chat in the browser: a http.Handler, a bot.Platform and a bot.Finder.
type Web struct {
	o     Options
	hub   *hub
	mint  *mint
	locks locks
	spent spent
	known known
	pages http.Handler
}

//go:embed assets
var assets embed.FS

// New makes the chat. It reads its settings, so that a restart goes on where
// the last run ended.
func New(ctx context.Context, o Options) (*Web, error) {
	if o.Engagements == nil || o.Transcript == nil || o.Settings == nil || o.Handler == nil || o.Clock == nil || o.Random == nil {
		return nil, errors.New("web: engagements, a transcript, settings, a handler, a clock and randomness are needed")
	}
	if o.Heartbeat <= 0 {
		o.Heartbeat = 15 * time.Second
	}
	if o.WriteTimeout <= 0 {
		o.WriteTimeout = writeTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w := &Web{o: o, hub: newHub()}
	if err := w.learn(ctx); err != nil {
		return nil, fmt.Errorf("web: who there is: %w", err)
	}
	var err error
	if w.mint, err = openMint(ctx, o.Settings, o.Random); err != nil {
		return nil, err
	}
	w.pages = w.guard(w.routes())
	return w, nil
}

// routes is every address that there is.
func (w *Web) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.home)
	mux.HandleFunc("GET /people", w.people)
	mux.HandleFunc("GET /chat", w.chat)
	mux.HandleFunc("GET /events", w.events)
	mux.HandleFunc("POST /say", w.say)
	mux.HandleFunc("POST /press", w.press)
	if !w.o.Clock.fixed {
		mux.HandleFunc("POST /clock", w.moveClock)
	}
	static, err := fs.Sub(assets, "assets/static")
	if err != nil {
		panic(err) // the name is a constant
	}
	files := http.StripPrefix("/static/", http.FileServerFS(static))
	mux.HandleFunc("GET /static/{file}", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(rw, r)
	})
	mux.HandleFunc("/", func(rw http.ResponseWriter, r *http.Request) {
		w.refuse(rw, r, http.StatusNotFound, "There is no such page.")
	})
	return mux
}

// ServeHTTP answers a browser.
func (w *Web) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.pages.ServeHTTP(rw, r) }

// Close ends the live pages. They try again, and come back when there is a
// server again.
func (w *Web) Close() { w.hub.close() }
