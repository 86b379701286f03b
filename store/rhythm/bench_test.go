package rhythm_test

import (
	"math"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/tandem-bot/tandem/store"
)

const benched = 50_000

// BenchmarkDue recomputes 50,000 due dates of cadences as the sample has them,
// with grace, holidays and reminders, beside the cron library's Next alone, in
// turns with it. It reports the seconds of the best turn and the ratio of the
// best turns, which other work on the machine moves least.
func BenchmarkDue(b *testing.B) {
	e := firm("America/New_York", "us-federal", "2026-11-27", "2026-12-24")
	for _, bench := range []struct {
		name     string
		schedule string
		remind   []string
	}{
		{"weekly", "0 9 * * MON", nil},
		{"daily", "0 9 * * MON-FRI", nil},
		{"monthly", "0 10 1 * *", []string{"2d"}},
		{"quarterly", "0 10 15 JAN,APR,JUL,OCT *", []string{"14d", "3d", "1h"}},
		{"three-reminders", "0 9 * * MON", []string{"14d", "3d", "1h"}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			c := store.Cadence{Name: bench.name, Schedule: bench.schedule, Remind: durations(b, bench.remind...)}
			r := compile(b, e, c)
			// A quarter at a time, as a sweep that begins anew.
			quarter := len(r.Between(from(2026, 1), from(2026, 4)))
			best, baseline := math.Inf(1), math.Inf(1)
			for b.Loop() {
				start := time.Now()
				for n := 0; n < benched; n += quarter {
					take(quarter, r.From(from(2026, 1)))
				}
				best = min(best, time.Since(start).Seconds())
				baseline = min(baseline, library(b, bench.schedule, quarter))
			}
			b.ReportMetric(best, "s/50000")
			b.ReportMetric(best/baseline, "x-cron-next")
			b.ReportMetric(0, "ns/op") // of both together, which says nothing
		})
	}
}

func from(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 5, 0, 0, 0, time.UTC)
}

// library returns what as many calls of the cron library's Next take, in seconds.
func library(b *testing.B, line string, quarter int) float64 {
	b.Helper()
	s, err := cron.ParseStandard(line)
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	for n := 0; n < benched; n += quarter {
		at := from(2026, 1)
		for range quarter {
			at = s.Next(at)
		}
	}
	return time.Since(start).Seconds()
}
