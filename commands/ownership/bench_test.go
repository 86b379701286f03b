package ownership

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// sized returns an engagement of n rows, made of the samples' rows, with their
// tools, documents and severities.
func sized(tb testing.TB, n int) *store.Engagement {
	tb.Helper()
	var e store.Engagement
	for i, c := range loadCorpora(tb) {
		if i == 0 {
			e = *c.ix.engagement
			e.Matrix.Functions = nil
		}
		for _, f := range c.ix.engagement.Matrix.Functions {
			if len(e.Matrix.Functions) < n {
				f.ID = fmt.Sprintf("%s-%d", f.ID, len(e.Matrix.Functions))
				e.Matrix.Functions = append(e.Matrix.Functions, f)
			}
		}
	}
	return &e
}

func questions(tb testing.TB) []string {
	tb.Helper()
	var out []string
	for _, c := range loadCorpora(tb) {
		for _, x := range c.examples {
			out = append(out, x.Question)
		}
	}
	return out
}

// BenchmarkAsk asks the labelled questions of 60 rows and reports the median
// and the 99th percentile over the questions, each at its fastest, since other
// work of the machine says nothing about a question; the baseline is a map look-up of the whole question.
func BenchmarkAsk(b *testing.B) {
	ix, asked := NewIndex(sized(b, 60)), questions(b)
	ix.Ask(asked[0])
	known := map[string]string{}
	for _, q := range asked {
		known[q] = q
	}
	for _, side := range []struct {
		name string
		ask  func(q string)
	}{
		{"ours", func(q string) { ix.Ask(q) }},
		{"baseline-map-lookup", func(q string) { runtime.KeepAlive(known[q]) }},
	} {
		b.Run(side.name, func(b *testing.B) {
			took := make([]time.Duration, len(asked))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q := i % len(asked)
				began := time.Now()
				side.ask(asked[q])
				if t := time.Since(began); took[q] == 0 || t < took[q] {
					took[q] = t
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "µs-median")
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "µs-p99")
		})
	}
}

// BenchmarkIndex builds indexes of 45 rows and reports what one keeps in memory.
func BenchmarkIndex(b *testing.B) {
	e := sized(b, 45)
	shared()
	const many = 1000
	kept := make([]*Index, many)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range kept {
		kept[i] = NewIndex(e)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	for b.Loop() {
		NewIndex(e)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/many/1024, "KiB/index")
}

// BenchmarkLoad reads the shipped data, as happens once in a process.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		newLanguage()
	}
}
