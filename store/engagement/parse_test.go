package engagement_test

import (
	"bytes"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
)

// The samples have no error, and their warnings are few and true.
func TestSamples(t *testing.T) {
	for name, rows := range map[string]int{"harbor-legal": 48, "lakeside-dental": 58} {
		file := name + ".yaml"
		data, err := sample.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e, r := engagement.Parse(file, data, options)
		if e == nil {
			t.Fatal(r)
		}
		if e.ID != name || len(e.Matrix.Functions) != rows {
			t.Errorf("%s has %d rows", e.ID, len(e.Matrix.Functions))
		}
		golden(t, "sample-"+name, r.String())
		questions, err := sample.FS.ReadFile(name + ".questions.jsonl")
		if err != nil || bytes.Count(questions, []byte("\n")) < 100 {
			t.Errorf("%s: questions are missing: %v", name, err)
		}
	}
}

// A fault of Tandem becomes a problem like any other, and nothing is imported.
func TestPanicIsReported(t *testing.T) {
	o := options
	o.KnownHolidays = func(string) error { panic("a fault") }
	e, r := engagement.Parse("bay.yaml", []byte(small(t)), o)
	if e != nil || r.OK() || !strings.Contains(r.String(), "bay.yaml: error: Tandem failed to read this file (a fault); nothing was changed") {
		t.Error(r)
	}
}
