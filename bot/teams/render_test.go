package teams

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
)

var update = flag.Bool("update", false, "write the goldens")

// lookahead lets schemas use patterns that Go's regexp has not.
type lookahead regexp2.Regexp

func (re *lookahead) MatchString(s string) bool {
	ok, err := (*regexp2.Regexp)(re).MatchString(s)
	return err == nil && ok
}
func (re *lookahead) String() string { return (*regexp2.Regexp)(re).String() }

func compile(pattern string) (jsonschema.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	return (*lookahead)(re), err
}

// cardSchema is the schema of Adaptive Cards 1.5, which is not in the repository.
func cardSchema(tb testing.TB) *jsonschema.Schema {
	tb.Helper()
	dir := os.Getenv("TANDEM_SHARED")
	if dir == "" {
		tb.Skip("skipped: TANDEM_SHARED names no folder with schemas/teams/adaptive-card-1.5.0.json")
	}
	f, err := os.Open(filepath.Join(dir, "schemas", "teams", "adaptive-card-1.5.0.json"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		tb.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(compile)
	c.DefaultDraft(jsonschema.Draft6)
	if err := c.AddResource("card.json", doc); err != nil {
		tb.Fatal(err)
	}
	s, err := c.Compile("card.json#/definitions/AdaptiveCard")
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// valid fails where a page is not what the schema wants. What is Teams' own is
// no part of the schema, and is looked at here.
func valid(tb testing.TB, s *jsonschema.Schema, page Content) {
	tb.Helper()
	data, err := json.Marshal(page)
	if err != nil {
		tb.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	o := v.(map[string]any)
	if own, ok := o["msteams"]; ok && fmt.Sprint(own) != "map[width:Full]" {
		tb.Errorf("Teams is told %v", own)
	}
	delete(o, "msteams")
	delete(o, "$schema")
	if err := s.Validate(v); err != nil {
		tb.Errorf("%v\n%s", err, data)
	}
}

var everything = card.New(
	card.Heading("Password resets"),
	card.Facts{{Label: "Leads now", Value: "Sam Okafor, on call for Palmetto Ridge IT, after hours until Mon 08:00 EST"}, {Label: "Owner", Value: "Theo Lindqvist (internal)"}},
	card.Paragraph("A sentence with *stars* and {{DATE(2026-11-20T09:30:00Z)}}."),
	card.List{Title: "Escalation path:", Items: []string{"Theo", "Maria"}, Ordered: true},
	card.List{Items: []string{"one of several"}},
	card.Table{Title: "Rows", Columns: []string{"Row", "Owner", "Lead"}, Rows: [][]string{{"VPN", "MSP", "Sam"}, {"Badges", "Internal", ""}}},
	card.Note("Matrix version 2, signed."),
	card.Buttons{{Label: "Escalate", Say: "escalate password-resets", Tone: card.Primary}, {Label: "This is wrong", Say: "wrong password-resets", Tone: card.Danger}, {Label: "Why?", Say: "why"}},
	card.Form{Title: "Away", Say: "away", Submit: "Record", Typed: "away PERSON FROM..TO", Fields: []card.Field{
		{Name: "who", Label: "Who", Kind: card.Choice, Options: []card.Option{{Value: "maria", Label: "Maria Ortega"}}, Value: "maria", Required: true},
		{Name: "from", Label: "From", Kind: card.Day, Value: "2026-12-24", Required: true},
		{Name: "days", Label: "Days", Kind: card.Number, Value: "3"},
		{Name: "why", Label: "Why", Hint: "nobody else sees it", Kind: card.Text},
		{Name: "cover", Label: "Cover"},
	}},
)

func TestGolden(t *testing.T) {
	pages := Render(everything)
	if len(pages) != 1 {
		t.Fatalf("%d pages", len(pages))
	}
	raw, err := encode(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	file := filepath.Join("testdata", "everything.json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%v; got\n%s", err, got.String())
	}
	if pages[0].Summary != "Password resets" {
		t.Errorf("the summary is %q", pages[0].Summary)
	}
}

func TestCardsAreValid(t *testing.T) {
	s := cardSchema(t)
	for _, page := range Render(everything) {
		valid(t, s, page)
	}
	for _, text := range bottest.Hostile() {
		for _, page := range Render(hostile(text)) {
			valid(t, s, page)
		}
	}
}

// A card that says something else to some is valid too, and has room in a message.
func TestCardsForSomeAreValid(t *testing.T) {
	s := cardSchema(t)
	var people []string
	for i := range 70 {
		people = append(people, fmt.Sprintf("29:%d%s", i, strings.Repeat("x", 90)))
	}
	page := Render(everything)[0]
	page.anew("acks 12", people)
	valid(t, s, page)
	if who := page.refresh["userIds"].([]string); len(who) != 60 || size(page) > Most {
		t.Errorf("for %d people in %d bytes", len(who), size(page))
	}
	for _, text := range bottest.Hostile() {
		page.anew(text, []string{text})
		valid(t, s, page)
	}
	if page.anew("acks 12", nil); page.refresh != nil {
		t.Error("for nobody it would be for everybody")
	}
	if page.anew("acks 12", []string{strings.Repeat("x", Most)}); page.refresh != nil {
		t.Error("it has no room")
	}
}

func hostile(text string) card.Message {
	return card.New(card.Heading(text), card.Paragraph(text), card.Facts{{Label: text, Value: text}}, card.List{Title: text, Items: []string{text, ""}},
		card.Table{Title: text, Columns: []string{text, "", text}, Rows: [][]string{{text, "", text}, {text}, {text, text, text, text}}}, card.Note(text),
		card.Buttons{{Label: text, Say: text}, {}}, card.Form{Title: text, Say: text, Submit: text, Typed: text, Fields: []card.Field{
			{Name: text, Label: text, Hint: text, Kind: card.Choice, Value: text, Options: []card.Option{{Value: text, Label: text}}, Required: true},
			{Name: "d", Kind: card.Day, Value: text},
			{Name: "n", Kind: card.Number, Value: text},
			{Name: "t", Kind: card.Text, Value: text},
		}})
}

// Whatever is longer than a message goes on in the next, and each has room.
func TestLongCardsArePaged(t *testing.T) {
	rows := make([][]string, 400)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("row%04d", i), strings.Repeat("word ", 20), "x"}
	}
	options := make([]card.Option, 2000)
	for i := range options {
		options[i] = card.Option{Value: strconv.Itoa(i), Label: fmt.Sprintf("Option %d", i)}
	}
	m := card.New(card.Heading("All"), card.Paragraph(strings.Repeat("{{{{ ", 9000)), card.Paragraph(strings.Repeat("x", 90000)),
		card.Table{Columns: []string{"a", "b", "c"}, Rows: rows},
		card.Buttons{{Label: "far too long", Say: strings.Repeat("say ", 20000)}},
		card.Form{Title: "Choose", Say: "choose", Fields: []card.Field{{Name: "one", Label: "One", Kind: card.Choice, Options: options}}})
	pages := Render(m)
	var all strings.Builder
	for i, page := range pages {
		data, err := encode(page)
		if err != nil || len(data) > Most {
			t.Errorf("page %d has %d bytes, %v", i, len(data), err)
		}
		all.Write(data)
	}
	seen := all.String()
	for i := range rows {
		if n := strings.Count(seen, fmt.Sprintf("\"row%04d\"", i)); n != 1 {
			t.Fatalf("row %d is told %d times", i, n)
		}
	}
	if !strings.Contains(seen, `"Input.Text"`) || strings.Contains(seen, "ChoiceSet") {
		t.Error("a form with two thousand choices is no line to be typed into")
	}
}

func FuzzRender(f *testing.F) {
	for _, text := range bottest.Hostile() {
		f.Add(text, 3)
	}
	f.Add(strings.Repeat("{{", 50), 80)
	f.Fuzz(func(t *testing.T, text string, n int) {
		long := strings.Repeat(text+" ", min(max(n, 1), 100))
		for _, m := range []card.Message{hostile(text), hostile(long)} {
			for _, page := range Render(m) {
				data, err := encode(page)
				if err != nil || len(data) > Most {
					t.Fatalf("%d bytes of at most %d in the body, %v; %.300s … %.200s", len(data), size(page.Body), err, data, data[len(data)-200:])
				}
				if len(page.Body) == 0 {
					t.Fatal("an empty page")
				}
			}
		}
	})
}

func BenchmarkRender(b *testing.B) {
	for b.Loop() {
		for _, page := range Render(everything) {
			if _, err := encode(page); err != nil {
				b.Fatal(err)
			}
		}
	}
}
