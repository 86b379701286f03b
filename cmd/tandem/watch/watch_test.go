package watch_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/cmd/tandem/watch"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

type shelf struct {
	backlog store.Backlog
	err     error
}

func (s *shelf) Ready(context.Context) error                               { return s.err }
func (s *shelf) Backlog(context.Context, time.Time) (store.Backlog, error) { return s.backlog, s.err }

type house struct {
	t     *testing.T
	now   time.Time
	shelf shelf
	watch *watch.Watch
}

func newHouse(t *testing.T, token string) *house {
	t.Helper()
	h := &house{t: t, now: noon}
	h.watch = watch.New(watch.Options{
		Store: &h.shelf, Now: func() time.Time { return h.now }, Token: token, Log: slog.New(slog.DiscardHandler),
		Build: watch.Build{Version: "v1", Revision: "abc", Go: "go1.26"},
	})
	return h
}

func (h *house) get(path string, header ...string) (int, string) {
	h.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	h.watch.Handler().ServeHTTP(rec, r)
	return rec.Code, rec.Body.String()
}

func (h *house) wants(path string, code int, parts ...string) {
	h.t.Helper()
	got, text := h.get(path)
	if got != code {
		h.t.Errorf("%s: %d, want %d\n%s", path, got, code, text)
	}
	for _, p := range parts {
		if !strings.Contains(text, p) {
			h.t.Errorf("%s lacks %q\n%s", path, p, text)
		}
	}
}

func TestReady(t *testing.T) {
	h := newHouse(t, "")
	h.wants("/healthz", http.StatusOK, "alive")
	h.wants("/readyz", http.StatusServiceUnavailable, "no sweep has ended yet")
	h.watch.Swept(scheduler.Report{}, errors.New("the disk failed"))
	h.wants("/readyz", http.StatusServiceUnavailable, "no sweep has ended yet")
	h.watch.Swept(scheduler.Report{}, nil)
	h.wants("/readyz", http.StatusOK, "ready")
	h.now = noon.Add(61 * time.Second)
	h.wants("/readyz", http.StatusServiceUnavailable, "more than a minute ago")
	h.watch.Swept(scheduler.Report{}, nil)
	h.shelf.err = store.Errorf(store.CodeUnavailable, "The disk is full.")
	h.wants("/readyz", http.StatusServiceUnavailable, "the store: The disk is full.")
	h.shelf.err = errors.New("/secret/path: fault")
	if _, text := h.get("/readyz"); strings.Contains(text, "secret") {
		t.Errorf("an internal cause is shown: %s", text)
	}
	h.shelf.err = nil
	h.watch.Stopping()
	h.wants("/readyz", http.StatusServiceUnavailable, "it is stopping")
	h.wants("/healthz", http.StatusOK)
	h.wants("/other", http.StatusNotFound)
}

func TestMetrics(t *testing.T) {
	h := newHouse(t, "")
	h.shelf.backlog = store.Backlog{
		Engagements: 3, Conversations: 4, Requests: 5, Findings: 6, SweepsDue: 2, SweepDue: noon.Add(-7 * time.Second),
		Pending: 8, Sending: 1, Dead: 2, Oldest: noon.Add(-time.Minute),
	}
	h.watch.Event(t.Context(), &bot.Event{Platform: "web", Text: "never told"}, bot.OutcomeAnswered)
	h.watch.Event(t.Context(), &bot.Event{Platform: "slack"}, bot.Outcome(store.CodeForbidden))
	h.watch.Swept(scheduler.Report{
		Planned: 5, Failed: 1, Conflicts: 2, Posted: 3, Took: 30 * time.Millisecond,
		Delivered: scheduler.Delivered{Sent: 4, Found: 1, Refused: 1, Unknown: 2, Dead: 3, Lost: 5},
	}, nil)
	h.wants(
		"/metrics", http.StatusOK,
		`tandem_events_total{outcome="answered",platform="web"} 1`, `tandem_events_total{outcome="forbidden",platform="slack"} 1`,
		`tandem_sweeps_total{outcome="well"} 1`, `tandem_sweep_duration_seconds_sum 0.03`, `tandem_posts_total 3`,
		`tandem_swept_engagements_total{outcome="swept"} 4`, `tandem_swept_engagements_total{outcome="failed"} 1`,
		`tandem_deliveries_total{outcome="sent"} 3`, `tandem_deliveries_total{outcome="found"} 1`, `tandem_deliveries_total{outcome="lost"} 5`,
		"tandem_engagements 3", "tandem_conversations_open 4", "tandem_acknowledgements_open 5", "tandem_findings_open 6",
		"tandem_sweeps_due 2", "tandem_sweep_lag_seconds 7", `tandem_outbox{state="pending"} 8`, `tandem_outbox{state="dead"} 2`,
		"tandem_outbox_oldest_seconds 60", `tandem_build_info{goversion="go1.26",revision="abc",version="v1"} 1`,
	)
	h.shelf.err = errors.New("locked")
	h.wants("/metrics", http.StatusOK, "tandem_store_up 0", "tandem_sweeps_total")
}

// The names keep to the habits of Prometheus.
func TestMetricNames(t *testing.T) {
	_, text := newHouse(t, "").get("/metrics")
	var own strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "tandem_") {
			own.WriteString(line + "\n")
		}
	}
	problems, err := promlint.New(strings.NewReader(own.String())).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

func TestToken(t *testing.T) {
	h := newHouse(t, "s3cret")
	h.wants("/metrics", http.StatusUnauthorized)
	for header, want := range map[string]int{
		"Bearer s3cret": http.StatusOK, "Bearer s3cre": http.StatusUnauthorized, "s3cret": http.StatusUnauthorized,
		"Basic s3cret": http.StatusUnauthorized, "Bearer ": http.StatusUnauthorized,
	} {
		if got, text := h.get("/metrics", "Authorization", header); got != want || strings.Contains(text, "s3cret") {
			t.Errorf("%q: %d", header, got)
		}
	}
	h.wants("/healthz", http.StatusOK)
}
