package engagement_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
)

func asJSON(t interface{ Fatal(...any) }, e *store.Engagement) []byte {
	out, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever the engagement, its file reads as the same engagement and writes as
// the same file.
func TestFormatRoundTrip(t *testing.T) { rapid.Check(t, roundTrip) }

func roundTrip(t *rapid.T) {
	e := engagements().Draw(t, "engagement")
	file := engagement.Format(e)
	back, r := engagement.Parse("generated.yaml", file, engagement.Options{})
	if back == nil {
		t.Fatalf("%s\n%s", r, file)
	}
	if want, got := asJSON(t, e), asJSON(t, back); !bytes.Equal(want, got) {
		t.Fatalf("the file reads as another engagement\nwant %s\ngot %s\nfile\n%s", want, got, file)
	}
	if again := engagement.Format(back); !bytes.Equal(file, again) {
		t.Fatalf("not a fixed point\n%s\nthen\n%s", file, again)
	}
	if changes := engagement.Diff(e, back); len(changes) > 0 {
		t.Fatalf("a diff of the same: %s", engagement.DiffText(changes))
	}
}

// The samples' canonical files, so that a change of the writer is seen.
func TestFormatSamples(t *testing.T) {
	for _, name := range []string{"harbor-legal", "lakeside-dental"} {
		data, err := sample.FS.ReadFile(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		e, r := engagement.Parse(name, data, engagement.Options{})
		if e == nil {
			t.Fatal(r)
		}
		golden(t, "format-"+name, string(engagement.Format(e)))
	}
}

// Texts that people write plainly stay plain, and those that a reader could
// take for something else get quotes.
func TestFormatQuotes(t *testing.T) {
	tests := []struct{ name, want string }{
		{"Tier 1 helpdesk", "Tier 1 helpdesk"},
		{"Toner, jams, drivers", "Toner, jams, drivers"},
		{"Doctors' phones", "Doctors' phones"},
		{"24/7 RMM monitoring", "24/7 RMM monitoring"},
		{"4-1.6 file", "4-1.6 file"},
		{"5607d348-b76a-4195", "5607d348-b76a-4195"},
		{"שלום", "שלום"},
		{"on", `"on"`},
		{"No", `"No"`},
		{"~", `"~"`},
		{"007", `"007"`},
		{"1e3", `"1e3"`},
		{"0x1F", `"0x1F"`},
		{"2026-11-27", `"2026-11-27"`},
		{"08:00", `"08:00"`},
		{"on-call:msp", `"on-call:msp"`},
		{"+1 352 555 0101", `"+1 352 555 0101"`},
		{"- dash", `"- dash"`},
		{"a #b", `"a #b"`},
		{" lead", `" lead"`},
		{"trail ", `"trail "`},
		{"tab\tinside", `"tab\tinside"`},
		{`say "hi"`, `"say \"hi\""`},
		{"a\u202eb", `"a\u202eb"`},
	}
	for _, tt := range tests {
		e := &store.Engagement{Client: tt.name}
		file := string(engagement.Format(e))
		if want := "\n  client: " + tt.want + "\n"; !strings.Contains(file, want) {
			t.Errorf("want %q in\n%s", want, file)
		}
	}
}
