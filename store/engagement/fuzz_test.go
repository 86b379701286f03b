package engagement_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
)

// FuzzParse holds what must be true of any bytes: no panic, a place that
// exists for each problem, nothing that changes a terminal, and of what is
// accepted the round trip.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small(f)))
	for _, tt := range edits {
		f.Add([]byte(change(f, tt.old, tt.now)))
	}
	for _, s := range []string{"", "a: >\n\n\n b", "- &a [*a]", "? a", "a: |+\n\n", "{a: [", "%", "a:\n\tb", "!!", "\"\\x", "'", "a: 'b\n\n c'", "-\n-\n -"} {
		f.Add([]byte(s))
	}
	data, err := sample.FS.ReadFile("lakeside-dental.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		e, r := engagement.Parse("fuzz.yaml", data, options)
		checkReport(t, data, r)
		if (e == nil) == r.OK() {
			t.Fatalf("an engagement with errors, or none without\n%s", r)
		}
		if e == nil {
			return
		}
		file := engagement.Format(e)
		back, r := engagement.Parse("again.yaml", file, options)
		if back == nil {
			t.Fatalf("the canonical file is refused\n%s\n%s", r, file)
		}
		if !bytes.Equal(asJSON(t, e), asJSON(t, back)) || !bytes.Equal(file, engagement.Format(back)) {
			t.Fatalf("the canonical file reads as another engagement\n%s", file)
		}
	})
}

func checkReport(t *testing.T, data []byte, r engagement.Report) {
	t.Helper()
	count := bytes.Count(data, []byte("\n")) + 1
	for _, p := range r.Problems {
		if strings.HasPrefix(p.Message, "Tandem failed") {
			t.Fatalf("a panic: %s", p.Message)
		}
		if p.Line < 0 || p.Line > count || p.Line > 0 && (p.Column < 1 || p.Column > utf8.RuneCountInString(p.Text)+1) {
			t.Fatalf("%d:%d is not a place in %q: %s", p.Line, p.Column, p.Text, p.Message)
		}
	}
	for _, c := range r.String() {
		if c != '\n' && c != '\t' && !unicode.IsPrint(c) {
			t.Fatalf("%q would reach the terminal\n%s", c, r)
		}
	}
}

// FuzzFormat draws engagements from the fuzzer's bytes.
func FuzzFormat(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(roundTrip))
}
