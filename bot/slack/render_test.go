package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
)

var update = flag.Bool("update", false, "write the golden files anew")

func cardsByName() map[string]card.Message {
	answer := card.New(
		card.Heading("Password resets"),
		card.Facts{{Label: "Leads now", Value: "Sam Okafor, on call for Palmetto Ridge IT, after hours until Mon 08:00 EST"}, {Label: "Owner", Value: "Theo Lindqvist, Harbor Legal Group (internal)"}, {Label: "Support", Value: "Palmetto Ridge IT"}},
		card.List{Title: "Escalation path:", Items: []string{"Theo Lindqvist, Harbor Legal Group", "Maria Ortega, Harbor Legal Group", "Sam Okafor, on call for Palmetto Ridge IT"}, Ordered: true},
		card.Note("Matrix version 2, signed by Maria Ortega on 12 Nov 2026 and Devon Pruitt on 13 Nov 2026. Next review 5 Jan 2027."),
		card.Buttons{{Label: "Escalate", Say: "escalate password-resets", Tone: card.Primary}, {Label: "This is wrong", Say: "wrong password-resets", Tone: card.Danger}, {Label: "Why this row?", Say: "explain who owns password resets?"}},
	)
	form := card.Form{
		Title: "Who is away?", Say: "away", Submit: "Record", Typed: "away PERSON FROM..TO",
		Fields: []card.Field{
			{Name: "who", Label: "Who", Kind: card.Choice, Options: []card.Option{{Value: "maria", Label: "Maria Ortega"}, {Value: "devon", Label: "Devon Pruitt"}}, Value: "devon", Required: true},
			{Name: "from", Label: "From", Kind: card.Day, Value: "2026-12-24", Required: true},
			{Name: "days", Label: "Days", Kind: card.Number},
			{Name: "why", Label: "Why", Kind: card.Text, Hint: "nobody else sees it"},
			{Name: "cover", Label: "Cover", Value: "theo"},
		},
	}
	many := form
	many.Fields = slices.Clone(form.Fields)
	for i := range 230 {
		many.Fields[0].Options = append(many.Fields[0].Options, card.Option{Value: fmt.Sprintf("person-%d-%x", i, i*7919*104729), Label: fmt.Sprintf("Person number %d", i)})
	}
	hostile := bottest.Hostile()
	rows := make([][]string, len(hostile))
	for i, h := range hostile {
		rows[i] = []string{h, "and " + h}
	}
	return map[string]card.Message{
		"answer":    answer,
		"choose":    card.New(card.Heading("Which one?"), card.Buttons{{Label: "Installs", Say: "choose software-installs for who owns updates?"}, {Label: "Patching", Say: "choose patch-management for who owns updates?"}}),
		"form":      card.New(card.Paragraph("Fill it in."), form),
		"long form": card.New(card.Paragraph("Fill it in."), many),
		"table":     card.New(card.Table{Title: "Rows:", Columns: []string{"Row", "Owner", "Note"}, Rows: [][]string{{"Patching", "msp", ""}, {"Badges", "internal", "<!channel>"}}}, card.Note("2 rows")),
		"hostile": card.New(card.Heading(hostile[0]), card.Facts{{Label: hostile[1], Value: hostile[4]}}, card.List{Title: hostile[3], Items: hostile},
			card.Table{Columns: []string{hostile[5], "x"}, Rows: rows}, card.Note(hostile[7]), card.Buttons{{Label: hostile[0], Say: hostile[1]}}),
		"long": card.New(card.Heading(strings.Repeat("long heading ", 20)), card.Paragraph(strings.Repeat("word ", 5000)),
			card.List{Title: "Path:", Items: slices.Repeat([]string{strings.Repeat("step ", 60)}, 60), Ordered: true}),
	}
}

// check fails where Slack would refuse what was rendered.
func check(tb testing.TB, parts []Message) {
	tb.Helper()
	for i, m := range parts {
		data, err := json.Marshal(m.Blocks)
		if err != nil {
			tb.Fatal(err)
		}
		var all []any
		if err := json.Unmarshal(data, &all); err != nil {
			tb.Fatal(err)
		}
		k := &checker{}
		k.blocks(all, 50)
		if len(k.bad) > 0 {
			tb.Fatalf("Slack would refuse message %d: %s", i, strings.Join(k.bad, "\n"))
		}
		// What the SDK reads is what was written.
		var back sdk.Blocks
		if err := json.Unmarshal(data, &back); err != nil {
			tb.Fatalf("the SDK can't read message %d: %v", i, err)
		}
		again, err := json.Marshal(back)
		if err != nil || !sameJSON(data, again) {
			tb.Fatalf("the SDK reads message %d as\n%s\nnot\n%s", i, again, data)
		}
		if m.Text == "" || strings.ContainsAny(m.Text, "<>") || len(m.Text) > 60_000 {
			tb.Fatalf("message %d has the text %q", i, m.Text)
		}
	}
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	p, err := json.Marshal(x)
	q, err2 := json.Marshal(y)
	return err == nil && err2 == nil && bytes.Equal(p, q)
}

func TestGoldens(t *testing.T) {
	all := cardsByName()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		parts := Render(all[name])
		check(t, parts)
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(parts); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".json")
		if *update {
			if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, out.Bytes()) {
			t.Errorf("%s is no longer as in %s; look at what -update changes:\n%s", name, path, out.Bytes())
		}
	}
}

func TestAFormComesBackFromItsButton(t *testing.T) {
	for _, name := range []string{"form", "long form"} {
		m := cardsByName()[name]
		f := m.Blocks[1].(card.Form)
		value, ok := packForm(f)
		if name == "long form" && ok {
			t.Errorf("%d options have room in a button", len(f.Fields[0].Options))
		}
		if ok {
			back, err := FormOf(value)
			f.Typed = ""
			if err != nil || fmt.Sprint(back) != fmt.Sprint(f) {
				t.Errorf("%+v comes back as %+v, %v", f, back, err)
			}
		}
		view, ok := Modal(m, formMeta{Tenant: "T1", Channel: "C1", Message: "1.2"})
		if !ok {
			t.Fatalf("%s is no modal", name)
		}
		data, err := json.Marshal(view)
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ Blocks []any }
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		k := &checker{}
		k.blocks(back.Blocks, 100)
		k.length("title", view.Title.Text, "view.title.max_length")
		k.length("submit", view.Submit.Text, "view.submit.max_length")
		k.length("metadata", view.PrivateMetadata, "view.private_metadata.max_length")
		if len(k.bad) > 0 {
			t.Errorf("Slack would refuse the modal: %s", strings.Join(k.bad, "\n"))
		}
	}
	for _, bad := range []string{"", "{}", "z:", "z:!!", "null", `{"f":1}`, "z:" + strings.Repeat("A", 1900)} {
		if _, err := FormOf(bad); err == nil {
			t.Errorf("%q is a form", bad)
		}
	}
}

func TestALongCommandKeepsItsMeaning(t *testing.T) {
	question := strings.Repeat("who owns the thing that ", 200)
	for _, say := range []string{"choose patch-management for " + question, "explain " + question} {
		short, ok := brief(say)
		if !ok || units(short) > maxValue || !strings.HasPrefix(say, short) || !strings.HasSuffix(say[:len(short)+1], " ") {
			t.Errorf("%.50s… is shortened to %q, %v", say, short, ok)
		}
	}
	m := card.New(card.Buttons{{Label: "Announce", Say: "announce " + question}})
	parts := Render(m)
	check(t, parts)
	if data, err := json.Marshal(parts); err != nil || !strings.Contains(string(data), strings.TrimSpace(question)[:2000]) {
		t.Errorf("what can't be a button isn't said: %s", data)
	}
}

func TestPiecesLoseNothing(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("word ", 3000), strings.Repeat("x", 9000), strings.Repeat("日本 ", 4000), strings.Repeat("👩‍💻", 3000)} {
		text = read(text)
		var n int
		all := pieces(text, 100)
		for _, p := range all {
			if units(p) > 100 || p == "" {
				t.Fatalf("a piece is %q", p)
			}
			n += len(strings.ReplaceAll(p, " ", ""))
		}
		if n != len(strings.ReplaceAll(text, " ", "")) {
			t.Errorf("%.20q loses something", text)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, m := range cardsByName() {
		data, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m card.Message
		if json.Unmarshal(data, &m) != nil {
			return
		}
		check(t, Render(m))
		Home([]card.Message{m}, []string{"more"})
		Modal(m, formMeta{})
	})
}

func BenchmarkRender(b *testing.B) {
	all := cardsByName()
	for _, name := range []string{"answer", "choose", "form", "table"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Render(all[name])
			}
		})
	}
}
