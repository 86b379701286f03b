package commands

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/commands/ownership"
)

// benchQuestions are asked in turn: a row, a symptom, a tool, a choice, a
// severity, a person, something that is not named, and no question.
var benchQuestions = []string{
	"who owns password resets?", "outlook keeps asking me for a code", "is SentinelOne ours?", "who owns updates?",
	"ransomware on FS01, who leads", "what does Devon own?", "who waters the plants", "thanks!",
}

// BenchmarkAsk measures an answer with its card and text, beside the cheapest
// thing that could be done with the same questions in the same run: looking
// each up in a map. It reports the ratio of the two and the 99th percentile.
func BenchmarkAsk(b *testing.B) {
	d := desk(b, readSample(b, "harbor-legal.yaml"))
	at := instantOf(b, "2026-11-20T23:12:00-05:00")
	for _, q := range benchQuestions {
		d.Ask(q, at)
	}
	baseline := mapLookup(b)
	took := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		d.Ask(benchQuestions[i%len(benchQuestions)], at)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/baseline, "x-map-lookup")
}

// BenchmarkCard measures the card and the text alone, of each kind.
func BenchmarkCard(b *testing.B) {
	d := desk(b, readSample(b, "harbor-legal.yaml"))
	at := instantOf(b, "2026-11-20T23:12:00-05:00").In(d.zone)
	for _, s := range []ownership.Subject{
		{Kind: ownership.KindFunction, ID: "password-resets"},
		{Kind: ownership.KindSeverity, ID: "sev1"},
		{Kind: ownership.KindTool, ID: "edr"},
		{Kind: ownership.KindPerson, ID: "devon"},
	} {
		b.Run(s.Kind, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a := Answer{Question: "is SentinelOne ours?", Subject: &s}
				d.answer(&a, at)
				a.Text = a.Card.Plain()
			}
		})
	}
}

// mapLookup returns what one look-up in a map of 60 rows takes, in nanoseconds.
func mapLookup(b *testing.B) float64 {
	b.Helper()
	rows := map[string]int{}
	for i := range 60 {
		rows[fmt.Sprint("row ", i)] = i
	}
	const times = 1_000_000
	found := 0
	start := time.Now()
	for i := range times {
		if _, ok := rows[benchQuestions[i%len(benchQuestions)]]; ok {
			found++
		}
	}
	took := time.Since(start)
	if found > 0 {
		b.Fatal("the map holds a question")
	}
	return float64(took.Nanoseconds()) / times
}
