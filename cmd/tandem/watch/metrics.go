package watch

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// counts are what is counted as it happens.
type counts struct {
	events, sweeps, swepts, deliveries *prometheus.CounterVec
	posts                              prometheus.Counter
	duration                           prometheus.Histogram
}

func newCounts() counts {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	return counts{
		events:     counter("tandem_events_total", "What people did, by platform and outcome: answered, repeat, or the code of what kept it from being answered.", "platform", "outcome"),
		sweeps:     counter("tandem_sweeps_total", "Sweeps, by outcome: well or failed.", "outcome"),
		swepts:     counter("tandem_swept_engagements_total", "Engagements that sweeps looked at, by outcome: swept, failed, or overtaken and done anew.", "outcome"),
		deliveries: counter("tandem_deliveries_total", "Attempts to deliver a message, by outcome: sent, found, refused, unknown, dead, or lost to another process.", "outcome"),
		posts:      prometheus.NewCounter(prometheus.CounterOpts{Name: "tandem_posts_total", Help: "Messages that were put into the outbox."}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tandem_sweep_duration_seconds", Help: "How long a sweep took.",
			Buckets: []float64{.001, .005, .025, .1, .5, 1, 5, 15, 60},
		}),
	}
}

func (w *Watch) register() {
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "tandem_build_info", Help: "Which Tandem this is.",
		ConstLabels: prometheus.Labels{"version": w.o.Build.Version, "revision": w.o.Build.Revision, "goversion": w.o.Build.Go},
	})
	build.Set(1)
	w.registry.MustRegister(
		w.events, w.sweeps, w.swepts, w.deliveries, w.posts, w.duration, build, &backlog{w}, &w.followed,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	// What can be counted stands there from the beginning, so that the first one is seen.
	for vec, labels := range map[*prometheus.CounterVec][]string{
		w.sweeps: {"well", "failed"}, w.swepts: {"swept", "failed", "overtaken"},
		w.deliveries: {"sent", "found", "refused", "unknown", "dead", "lost"},
	} {
		for _, l := range labels {
			vec.WithLabelValues(l)
		}
	}
}

// arrivals reads what a platform's adapter has counted.
type arrivals struct {
	platform string
	counted  func() map[string]int64
}

var arrived = prometheus.NewDesc("tandem_arrivals_total",
	"What a platform delivered, by platform and what became of it: accepted, repeats, failed, refused, and what was passed by or not known.",
	[]string{"platform", "outcome"}, nil)

// Follow shows what a platform's adapter counts, too. It is called once for a
// platform, and before anybody asks for the metrics.
func (w *Watch) Follow(platform string, counted func() map[string]int64) {
	w.followed.all = append(w.followed.all, arrivals{platform, counted})
}

// followed are the platforms of Follow.
type followed struct{ all []arrivals }

// Describe lists what Collect gives.
func (f *followed) Describe(to chan<- *prometheus.Desc) { to <- arrived }

// Collect asks the adapters.
func (f *followed) Collect(to chan<- prometheus.Metric) {
	for _, a := range f.all {
		for outcome, n := range a.counted() {
			to <- prometheus.MustNewConstMetric(arrived, prometheus.CounterValue, float64(n), a.platform, outcome)
		}
	}
}

// backlog reads what waits in the store whenever somebody asks.
type backlog struct{ w *Watch }

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	storeUp       = gauge("tandem_store_up", "1 where the store answers.")
	lastSweep     = gauge("tandem_last_sweep_timestamp_seconds", "When the last sweep that went well ended; 0 for never.")
	sweepsDue     = gauge("tandem_sweeps_due", "Engagements that a sweep would look at now.")
	sweepLag      = gauge("tandem_sweep_lag_seconds", "For how long the first of them has waited.")
	outbox        = gauge("tandem_outbox", "Messages in the outbox, by state: pending, sending, or dead, which were given up.", "state")
	outboxAge     = gauge("tandem_outbox_oldest_seconds", "For how long the first message that is not dead has waited.")
	engagements   = gauge("tandem_engagements", "Engagements in the store.")
	conversations = gauge("tandem_conversations_open", "Questions that no matrix names and nobody has closed.")
	requests      = gauge("tandem_acknowledgements_open", "Messages that wait for acknowledgements.")
	findings      = gauge("tandem_findings_open", "Findings of drift that are open.")
)

// Describe lists what Collect gives.
func (b *backlog) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		storeUp, lastSweep, sweepsDue, sweepLag, outbox, outboxAge, engagements, conversations, requests, findings,
	} {
		to <- d
	}
}

// Collect reads the store. Where it doesn't answer, that is what is told.
func (b *backlog) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	give := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	give(lastSweep, time.Duration(b.w.swept.Load()).Seconds())
	now := b.w.o.Now()
	in, err := b.w.o.Store.Backlog(ctx, now)
	if err != nil {
		b.w.o.Log.WarnContext(ctx, "the metrics lack what is in the store", "error", err)
		give(storeUp, 0)
		return
	}
	give(storeUp, 1)
	give(engagements, float64(in.Engagements))
	give(conversations, float64(in.Conversations))
	give(requests, float64(in.Requests))
	give(findings, float64(in.Findings))
	give(sweepsDue, float64(in.SweepsDue))
	give(sweepLag, since(in.SweepDue, now))
	give(outbox, float64(in.Pending), "pending")
	give(outbox, float64(in.Sending), "sending")
	give(outbox, float64(in.Dead), "dead")
	give(outboxAge, since(in.Oldest, now))
}

func since(t, now time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return max(0, now.Sub(t).Seconds())
}
