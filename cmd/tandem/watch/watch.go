// Package watch tells whoever runs Tandem how it does: /healthz, /readyz and
// /metrics. None of them names a client, a person or what was said.
package watch

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
)

// Store is what is watched of the store.
type Store interface {
	Ready(ctx context.Context) error
	Backlog(ctx context.Context, now time.Time) (store.Backlog, error)
}

// Options are what a Watch is made of.
type Options struct {
	Store Store
	Now   func() time.Time
	// Token is what /metrics asks for as a bearer token; "" for nothing.
	Token string
	Build Build
	Log   *slog.Logger
}

// Build says which Tandem runs.
type Build struct {
	Version, Revision, Go string
}

// Watch counts what happens. It is safe for concurrent use.
type Watch struct {
	o        Options
	registry *prometheus.Registry
	counts
	followed followed
	swept    atomic.Int64 // when the last sweep that went well ended; 0 for never
	stopping atomic.Bool
}

// New makes a Watch.
func New(o Options) *Watch {
	w := &Watch{o: o, registry: prometheus.NewRegistry(), counts: newCounts()}
	w.register()
	return w
}

// Event hears of each event that was handled.
func (w *Watch) Event(ctx context.Context, ev *bot.Event, o bot.Outcome) {
	w.events.WithLabelValues(ev.Platform, string(o)).Inc()
	w.o.Log.DebugContext(ctx, "an event was handled", "platform", ev.Platform, "event", ev.ID, "outcome", string(o))
}

// Swept hears of each sweep.
func (w *Watch) Swept(r scheduler.Report, err error) {
	outcome := "well"
	if err != nil {
		outcome = "failed"
	} else {
		w.swept.Store(w.o.Now().UnixNano())
	}
	w.sweeps.WithLabelValues(outcome).Inc()
	w.duration.Observe(r.Took.Seconds())
	w.posts.Add(float64(r.Posted))
	for label, n := range map[string]int{"swept": r.Planned - r.Failed, "failed": r.Failed, "overtaken": r.Conflicts} {
		w.swepts.WithLabelValues(label).Add(float64(n))
	}
	for label, n := range map[string]int{
		"sent": r.Sent - r.Found, "found": r.Found, "refused": r.Refused, "unknown": r.Unknown, "dead": r.Dead, "lost": r.Lost,
	} {
		w.deliveries.WithLabelValues(label).Add(float64(n))
	}
}

// Stopping makes Tandem unready, so that nobody sends it anything new.
func (w *Watch) Stopping() { w.stopping.Store(true) }

// Handler answers the three addresses.
func (w *Watch) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) { answer(rw, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(rw http.ResponseWriter, r *http.Request) {
		if missing := w.Missing(r.Context()); len(missing) > 0 {
			answer(rw, http.StatusServiceUnavailable, "not ready: "+strings.Join(missing, "\nnot ready: "))
			return
		}
		answer(rw, http.StatusOK, "ready")
	})
	metrics := promhttp.HandlerFor(w.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4})
	mux.HandleFunc("GET /metrics", func(rw http.ResponseWriter, r *http.Request) {
		if !w.allowed(r) {
			rw.Header().Set("WWW-Authenticate", "Bearer")
			answer(rw, http.StatusUnauthorized, "the metrics ask for a bearer token")
			return
		}
		metrics.ServeHTTP(rw, r)
	})
	return mux
}

func answer(rw http.ResponseWriter, code int, text string) {
	h := rw.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	rw.WriteHeader(code)
	fmt.Fprintln(rw, text)
}

func (w *Watch) allowed(r *http.Request) bool {
	if w.o.Token == "" {
		return true
	}
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(given), []byte(w.o.Token)) == 1
}

const (
	// patience is how long the store may take to answer.
	patience = 2 * time.Second
	// stale is how long ago the last sweep may be: four ticks.
	stale = time.Minute
)

// Missing lists what keeps Tandem from being ready.
func (w *Watch) Missing(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var missing []string
	if w.stopping.Load() {
		missing = append(missing, "it is stopping")
	}
	if err := w.o.Store.Ready(ctx); err != nil {
		missing = append(missing, "the store: "+store.ErrorMessage(err))
	}
	switch at := w.swept.Load(); {
	case at == 0:
		missing = append(missing, "no sweep has ended yet")
	case w.o.Now().Sub(time.Unix(0, at)) > stale:
		missing = append(missing, "the last sweep that went well ended more than a minute ago")
	}
	return missing
}
