package engagement_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
)

var update = flag.Bool("update", false, "write the golden files")

func small(tb testing.TB) string {
	tb.Helper()
	data, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

var options = engagement.Options{
	Today: store.Date{Year: 2026, Month: time.November, Day: 23},
	KnownHolidays: func(name string) error {
		if name == "us-federal" {
			return nil
		}
		return store.Errorf(store.CodeInvalid, "there is no holiday calendar %q; the calendars are us-federal", name)
	},
}

// change returns the small file with one text replaced, which has to be there.
func change(tb testing.TB, old, now string) string {
	tb.Helper()
	file := small(tb)
	if strings.Count(file, old) < 1 {
		tb.Fatalf("%q is not in the file", old)
	}
	return strings.Replace(file, old, now, 1)
}

// golden compares with testdata/golden/NAME.txt.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s\ngot\n%s\nwant\n%s", path, got, want)
	}
}

func TestProblems(t *testing.T) {
	for _, tt := range edits {
		t.Run(tt.name, func(t *testing.T) {
			e, r := engagement.Parse("bay.yaml", []byte(change(t, tt.old, tt.now)), options)
			if (e == nil) == r.OK() {
				t.Errorf("an engagement with errors, or none without")
			}
			if want := strings.HasPrefix(tt.name, "lint-"); r.OK() != want {
				t.Errorf("the report is OK: %v", r.OK())
			}
			if len(r.Problems) == 0 {
				t.Error("nothing is told")
			}
			golden(t, tt.name, r.String())
		})
	}
}

func TestSmallIsRight(t *testing.T) {
	e, r := engagement.Parse("bay.yaml", []byte(small(t)), options)
	if e == nil || len(r.Problems) > 0 {
		t.Error(r)
	}
	if r.String() != "" || r.Err() != nil {
		t.Errorf("%q %v", r.String(), r.Err())
	}
}

// Everything wrong is told at once, in the order of the file.
func TestAllAtOnce(t *testing.T) {
	file := strings.NewReplacer(
		"time_zone: America/New_York", "time_zone: Florida",
		"side: internal\n    roles: [staff]", "side: intern\n    rolls: [staff]",
		"tool: psa", "tool: psaa",
		"2026-08-14", "14.8.2026",
		"every: 1w", "every: weekly",
		"TUE", "TEU",
	).Replace(small(t))
	_, r := engagement.Parse("bay.yaml", []byte(file), options)
	golden(t, "all-at-once", r.String())
	if err := r.Err(); store.ErrorCode(err) != store.CodeInvalid || !strings.Contains(err.Error(), "and 6 errors more") {
		t.Error(err)
	}
}

// What is no text file, or too much of one, is told in one sentence.
func TestNoEngagement(t *testing.T) {
	deep := strings.Repeat("[", 5000)
	tests := []struct{ name, file, want string }{
		{"empty", "", "bad.yaml: error: the file is empty"},
		{"space", " \n\n", "bad.yaml: error: the file is empty"},
		{"mark only", "\ufeff", "bad.yaml: error: the file is empty"},
		{"comments", "# nothing\n---\n# yet\n", "the file has only comments"},
		{"scalar", "hello", "1:1: error: \"hello\" stands where a group of keys belongs"},
		{"list", "- a\n- b\n", "a list stands where a group of keys belongs"},
		{"null", "null", "nothing stands where a group of keys belongs"},
		{"utf-16", "\xff\xfef\x00", "the file is in UTF-16"},
		{"latin-1", "format: tandem/v1\nclient: Caf\xe9\n", "bad.yaml:2:12: error: byte 0xe9 at offset 29 is not UTF-8; save the file as UTF-8"},
		{"binary", "\x7fELF\x02\x01\x01\x00", "a control character (\\u007f)"},
		{"large", strings.Repeat("# large\n", 80_000), "the file is too large"},
		{"long line", "a: " + strings.Repeat("x", 70<<10), "1:1: error: the line is too long: 70 KiB, of at most 64"},
		{"tabs", "a: b" + strings.Repeat("\t", 101), "more than 100 tabs"},
		{"blank lines", "a: >\n" + strings.Repeat("\n", 5000) + "b: c", "more than 100 empty lines in a row"},
		{"deep brackets", "a: " + deep, "nested deeper than 32 levels"},
		{"deep groups", "a: " + strings.Repeat("{a: ", 5000), "nested deeper than 32 levels"},
		{"deep dashes", strings.Repeat("- ", 5000), "nested deeper than 32 levels"},
		{"deep blocks", staircase(200), "nested deeper than 32 levels"},
		{"many keys", numbered("k%d: v\n", 3000), "more than 2000 entries"},
		{"many items", "a: [" + strings.Repeat("b, ", 3000) + "]", "more than 2000 entries"},
		{"many anchors", numbered("- &a%d b\n", 200), "more than 100 anchors"},
		{"many aliases", "- &a b\n" + strings.Repeat("- *a\n", 1500), "more than 1000 aliases"},
		{"laughs", laughs(), "repeat more than 10000 values"},
		{"laughs at itself", "a: &a [*a, *a, *a]", "*a stands inside the value that it repeats"},
		{"json", `{"format": "tandem/v1"}`, `missing "engagement"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, r := engagement.Parse("bad.yaml", []byte(tt.file), options)
			if e != nil || r.OK() || !strings.Contains(r.String(), tt.want) {
				t.Errorf("want %q, got\n%s", tt.want, r)
			}
			if len(r.String()) > 100_000 {
				t.Errorf("%d bytes are told", len(r.String()))
			}
		})
	}
}

func staircase(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// laughs is the classical alias bomb: nine levels of nine.
func laughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), ", "))
	}
	return b.String()
}

// What people's editors and habits do to a file is read all the same.
func TestTolerates(t *testing.T) {
	want, _ := engagement.Parse("bay.yaml", []byte(small(t)), options)
	tests := []struct{ name, file string }{
		{"byte order mark", "\ufeff" + small(t)},
		{"crlf", strings.ReplaceAll(small(t), "\n", "\r\n")},
		{"document marks", "---\n" + small(t) + "...\n"},
		{"comments", strings.ReplaceAll(small(t), "\n", " # why\n")},
		{"quoted", change(t, "client: Bay Clinic", `client: 'Bay Clinic'`)},
		{"quoted date", change(t, "2026-10-01", `"2026-10-01"`)},
		{"plain time", change(t, `"08:00"`, "8:00")},
		{"lead for all hours", change(t, "lead: msp,", "lead: {business_hours: msp, after_hours: msp},")},
		{"exclusion as group", change(t, "- Website content", "- {name: Website content}")},
		{"empty optional", change(t, "  users: 40", "  users: 40\n  onboarding_start:\n")},
		{"empty section", small(t) + "playbook:\n"},
		{"no newline at the end", strings.TrimSuffix(small(t), "\n")},
		{"anchor", change(t, "lead: {b", "lead: &clock {b")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, r := engagement.Parse("bay.yaml", []byte(tt.file), options)
			if got == nil {
				t.Fatal(r)
			}
			if string(asJSON(t, got)) != string(asJSON(t, want)) {
				t.Errorf("it reads as\n%s", asJSON(t, got))
			}
		})
	}
}

func TestAcceptsAsWritten(t *testing.T) {
	e, r := engagement.Parse("bay.yaml", []byte(change(t, "    slack: U02\n",
		"    slack: 0102\n    phone: 13525550101\n    title: yes\n")), options)
	if e == nil {
		t.Fatal(r)
	}
	p, _ := e.Person("bo")
	if p.Slack != "0102" || p.Phone != "13525550101" || p.Title != "yes" {
		t.Errorf("%+v", p)
	}
	if e, r = engagement.Parse("", []byte(change(t, "week: 2", "week: last")), options); e == nil || e.Cadences[0].Week != store.LastWeek {
		t.Error(r)
	}
}

// An alias stands for its value, and a problem with it is told where it is used.
func TestAlias(t *testing.T) {
	file := strings.Replace(change(t, "accountable: bo", "accountable: &who bo"), "owner: ana", "owner: *who", 1)
	e, r := engagement.Parse("bay.yaml", []byte(file), options)
	if e == nil {
		t.Fatal(r)
	}
	if a, _ := e.Artifact("sra"); a.Owner != "bo" {
		t.Errorf("the owner is %q", a.Owner)
	}
}

// A list of problems ends somewhere.
func TestManyProblems(t *testing.T) {
	_, r := engagement.Parse("bay.yaml", []byte(small(t)+numbered("key%d: 1\n", 500)), options)
	if len(r.Problems) != engagement.MaxProblems || r.Errors() != 500 || r.Hidden != 300 {
		t.Errorf("%d listed, %d counted, %d hidden", len(r.Problems), r.Errors(), r.Hidden)
	}
	if !strings.Contains(r.String(), "300 more problems not shown") {
		t.Error(r)
	}
}

type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '#'
	}
	e.read += len(p)
	return len(p), nil
}

func TestReadStopsAtTheLimit(t *testing.T) {
	in := &endless{}
	e, r, err := engagement.Read("endless.yaml", in, options)
	if e != nil || err != nil || r.OK() {
		t.Error(r, err)
	}
	if in.read > 2*engagement.MaxSize {
		t.Errorf("%d bytes were read", in.read)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no such disk") }

func TestReadTellsOfTheReader(t *testing.T) {
	_, _, err := engagement.Read("broken.yaml", broken{}, options)
	if store.ErrorCode(err) != store.CodeUnavailable || !strings.Contains(err.Error(), "broken.yaml could not be read") {
		t.Error(err)
	}
}
