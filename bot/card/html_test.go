package card

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// wired is the wiring of every card in these tests.
var wired = Wiring{ID: "m7", Action: "/press?as=harbor%2Fmaria", Hidden: func() []Hidden {
	return []Hidden{{"nonce", "n0nce"}, {"message", "7"}}
}}

// golden holds a text against a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew); got:\n%s", path, got)
	}
}

// cards are the golden cards: one for each block, the answer that people see
// most, and one that attacks.
func cards() map[string]Message {
	fields := []Field{
		{Name: "what", Label: "What", Hint: "in a few words", Required: true, Value: `"quoted"`},
		{Name: "more", Label: "More", Kind: Text, Value: "\ntwo\nlines"},
		{Name: "who", Label: "Who", Kind: Choice, Required: true, Options: []Option{{"maria", "Maria"}, {"theo", "Theo"}}},
		{Name: "cover", Label: "Cover", Kind: Choice, Value: "theo", Hint: "who stands in", Options: []Option{{"theo", "Theo"}}},
		{Name: "from", Label: "From", Kind: Day, Required: true},
		{Name: "minutes", Label: "Minutes", Kind: Number, Value: "30"},
	}
	const evil = `</script><script>alert(1)</script><!channel>" onload="x` + "\u202e\x1b[31m"
	return map[string]Message{
		"heading":   New(Heading("Password resets")),
		"paragraph": New(Paragraph("It isn't named in the matrix, so it's a conversation, not an assumption.")),
		"facts":     New(Facts{{"Owner", "Theo Lindqvist, Harbor Legal Group (internal)"}, {"Support", "Palmetto Ridge IT"}}),
		"list":      New(List{Title: "Path:", Items: []string{"Theo", "Maria"}, Ordered: true}, List{Items: []string{"VPN"}}),
		"table":     New(Table{Title: "Rows:", Columns: []string{"Row", "Owner"}, Rows: [][]string{{"VPN", "MSP"}, {"Mail", ""}}}, Table{Columns: []string{"One"}}),
		"note":      New(Note("Matrix version 2, unsigned draft.")),
		"buttons":   New(Buttons{{"Escalate", "escalate vpn", Primary}, {"This is wrong", "wrong vpn", Plain}, {"Close", "close 3", Danger}}),
		"form":      New(Form{Title: "Propose a change", Say: "propose vpn", Submit: "Propose", Fields: fields, Typed: "propose ROW"}, Form{Say: "x"}),
		"answer": New(Heading("Password resets"),
			Facts{{"Leads now", "Sam Okafor, on call for Palmetto Ridge IT, after hours until Mon 08:00 EST"}, {"Owner", "Theo Lindqvist"}},
			List{Title: "Escalation path:", Items: []string{"Theo Lindqvist, Harbor Legal Group", "Maria Ortega, Harbor Legal Group"}, Ordered: true},
			Note("Matrix version 2, signed by both."), Buttons{{"Escalate", "escalate password-resets", Primary}}),
		"hostile": New(Heading(evil), Paragraph(evil), Facts{{evil, evil}}, List{Title: evil, Items: []string{evil}},
			Table{Title: evil, Columns: []string{evil}, Rows: [][]string{{evil}}}, Note(evil), Buttons{{evil, evil, Tone(evil)}},
			Form{Title: evil, Say: evil, Submit: evil, Typed: evil, Fields: []Field{{Name: evil, Label: evil, Hint: evil, Value: evil}, {Name: "o", Kind: Choice, Options: []Option{{evil, evil}}}}}),
	}
}

func TestCardsInHTMLAndPlain(t *testing.T) {
	for name, m := range cards() {
		t.Run(name, func(t *testing.T) {
			html, err := m.HTML(wired)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".html", string(html))
			golden(t, name+".txt", m.Plain()+"\n")
		})
	}
}

func TestNothingInACardBecomesMarkup(t *testing.T) {
	html, err := cards()["hostile"].HTML(wired)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "</script", "<!channel", `" onload="`} {
		if strings.Contains(string(html), bad) {
			t.Errorf("%q stands in:\n%s", bad, html)
		}
	}
}

func TestTheLeadLosesNothing(t *testing.T) {
	for _, value := range []string{
		"", "Sam", "Sam, until Mon", "Sam, a until b until c", "Sam Okafor, on call for P, after hours until Mon 08:00 EST",
		"Nobody until Monday", "Lindqvist, Theo, MD", "both, untiltomorrow",
	} {
		v := leadOf(Fact{"Leads now", value})
		got := v.Who
		if v.More != "" || v.Until != "" {
			got += ", " + v.More + v.Until
		}
		if got != value {
			t.Errorf("%q became %q of %+v", value, got, v)
		}
	}
}

type unknown struct{}

func (unknown) block() {}

func TestAnUnknownBlockIsAnErrorInHTML(t *testing.T) {
	if _, err := New(unknown{}).HTML(Wiring{}); err == nil {
		t.Error("it was drawn")
	}
}

func FuzzHTML(f *testing.F) {
	text, err := json.Marshal(cards()["hostile"])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		var m Message
		if json.Unmarshal(text, &m) != nil {
			return
		}
		html, err := m.HTML(wired)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToLower(string(html)), "<script") {
			t.Errorf("a script in %s", html)
		}
	})
}
