package sqldb

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/store"
)

func matrix() matrixContent {
	return matrixContent{
		Effective: store.Date{Year: 2026, Month: 10, Day: 1}, Reason: "Quarterly <review>",
		Functions: []store.Function{{ID: "passwords", Name: "Password resets", Owner: store.Internal}},
	}
}

// TestEncodeRefuses: what would come back as something else is not stored,
// even where no rule of the domain forbids it.
func TestEncodeRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*matrixContent){
		"no UTF-8":                   func(m *matrixContent) { m.Reason = "\xff" },
		"half a character":           func(m *matrixContent) { m.Functions[0].Note = "a\xe2\x82" },
		"a day that does not exist":  func(m *matrixContent) { m.Effective.Day = 31; m.Effective.Month = 2 },
		"a year beyond the calendar": func(m *matrixContent) { m.Effective.Year = 12026 },
	} {
		m := matrix()
		spoil(&m)
		if _, err := encode(m); store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	odd := matrix()
	odd.Reason = "\ufffd \\ufffd \u2028 </script>"
	c, err := encode(odd)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := decode[matrixContent](c, "matrix"); err != nil || back.Reason != odd.Reason {
		t.Errorf("%q, %v", back.Reason, err)
	}
}

func TestDecodeChecksTheSum(t *testing.T) {
	c, err := encode(matrix())
	if err != nil {
		t.Fatal(err)
	}
	c.json = strings.Replace(c.json, "internal", "msp", 1)
	if _, err := decode[matrixContent](c, "matrix"); store.ErrorCode(err) != store.CodeUnavailable {
		t.Errorf("changed content: %v", err)
	}
	broken := content{json: "{", sum: sumOf([]byte("{"))}
	if _, err := decode[matrixContent](broken, "matrix"); store.ErrorCode(err) != store.CodeUnavailable {
		t.Errorf("no JSON: %v", err)
	}
}

// TestSame: what an older Tandem wrote with other bytes means the same.
func TestSame(t *testing.T) {
	now, err := encode(matrix())
	if err != nil {
		t.Fatal(err)
	}
	older := func(json string) content { return content{json: json, sum: sumOf([]byte(json))} }
	for json, want := range map[string]bool{
		now.json: true,
		`{"functions": [{"name":"Password resets","id":"passwords","owner":"internal"}], "reason":"Quarterly \u003creview>","effective":"2026-10-01"}`: true,
		`{"functions": [{"name":"Password resets","id":"passwords","owner":"msp"}], "reason":"Quarterly \u003creview>","effective":"2026-10-01"}`:      false,
		`{`: false,
	} {
		if got := same[matrixContent](older(json), now); got != want {
			t.Errorf("same is %t for %s", got, json)
		}
	}
}

func TestQuoted(t *testing.T) {
	for given, want := range map[string]string{
		"harbor": `"harbor"`, "a\"b\x00\n": `"a\"b\x00\n"`, "": `""`, "\xff": `"\xff"`,
		strings.Repeat("a", 100): `"` + strings.Repeat("a", 64) + `…"`,
	} {
		if got := quoted(given); got != want {
			t.Errorf("quoted(%q) is %s, want %s", given, got, want)
		}
	}
	if got := quoted(strings.Repeat("é", 100)); !utf8.ValidString(got) || strings.Contains(got, `\x`) {
		t.Errorf("a character was cut: %s", got)
	}
}

// TestInstants: stored instants sort as text, in UTC, to the nanosecond.
func TestInstants(t *testing.T) {
	at := time.Date(2026, 11, 1, 1, 30, 0, 5, time.FixedZone("west", -4*60*60))
	var back time.Time
	if err := (instantColumn{&back}).Scan(instant(at)); err != nil || !back.Equal(at) || back.Location() != time.UTC {
		t.Errorf("%s came back as %s, %v", at, back, err)
	}
	if later := instant(at.Add(time.Nanosecond)); later <= instant(at) {
		t.Errorf("%s does not sort after %s", later, instant(at))
	}
	if err := (instantColumn{&back}).Scan(nil); err == nil {
		t.Error("no instant was read as one")
	}
}
