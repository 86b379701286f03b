package engagement_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store/engagement"
)

// fill repeats a text up to the largest file that is read.
func fill(s string) string { return strings.Repeat(s, (engagement.MaxSize-200)/len(s)) }

// hostile files of the largest size, each aimed at something that the YAML
// library or a check here does in more than linear time.
func slowest() map[string]string {
	var people, rows strings.Builder
	people.WriteString("format: tandem/v1\nengagement: {id: a}\npeople:\n")
	for i := range 1000 {
		fmt.Fprintf(&people, "- {id: person-number-%d, name: Name Number %d, side: msp}\n", i, i)
	}
	rows.WriteString("matrix:\n  functions:\n")
	for i := range 1900 {
		fmt.Fprintf(&rows, "  - {id: row-%d, name: b, owner: msp, escalation: [persn-nubmer-1, prsn-number-2, pern-number-6, perron-number-7]}\n", i)
	}
	keys := numbered("    key%d: v\n", 1900)
	return map[string]string{
		"empty lines in folded text": "a: >\n" + fill(" x\n"+strings.Repeat("\n", 99)),
		"empty lines at its end":     "a: >\n x\n" + fill("\n"),
		"tabs in quotes":             "a: \"x" + fill(strings.Repeat("\t", 100)+strings.Repeat("x", 60_000)+"\n x") + "\"",
		"one line of tabs":           "a: \"x" + fill("\t") + "\"",
		"keys of one group":          fill(numbered("k%d: v\n", 1)),
		"keys of many groups":        fill("- x:\n" + keys),
		"alias bomb":                 laughs(),
		"brackets":                   fill("[\n"),
		"dashes":                     fill("-\n"),
		"tags":                       fill("- !!x\n "),
		"anchors":                    fill("- &a b\n"),
		"wrong references":           people.String() + rows.String(),
	}
}

// Each takes half a second at most on a slow machine; without the checks before
// the library the empty lines alone take many minutes.
func TestBoundedTime(t *testing.T) {
	for name, file := range slowest() {
		start := time.Now()
		if _, r := engagement.Parse("slow.yaml", []byte(file), options); r.OK() {
			t.Errorf("%s: no error", name)
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, file := range slowest() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				engagement.Parse("slow.yaml", []byte(file), options)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	data := []byte(small(b))
	b.ReportAllocs()
	for b.Loop() {
		engagement.Parse("bay.yaml", data, options)
	}
}
