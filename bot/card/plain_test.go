package card

import "testing"

func TestPlainReadsFromTopToBottom(t *testing.T) {
	m := New(
		Heading("Password resets"),
		Facts{{"Leads now", "Sam Okafor"}, {"Owner", "Harbor Legal Group"}},
		List{Title: "Escalation path:", Items: []string{"Theo Lindqvist", "Maria Ortega"}, Ordered: true},
		List{Title: "Nearest rows:", Items: []string{"VPN"}},
		Note("Matrix version 2."),
	)
	m.Add(Paragraph("Done."))
	want := `Password resets
Leads now: Sam Okafor
Owner: Harbor Legal Group
Escalation path:
  1. Theo Lindqvist
  2. Maria Ortega
Nearest rows:
  - VPN

Matrix version 2.

Done.`
	if got := m.Plain(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestPeoplesTextCannotSteerATerminal(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                           "plain",
		"\x1b[31mred\x1b[0m":              "[31mred[0m",
		"two\nlines\r\nand\ttabs":         "two lines and tabs",
		"a\u202Egnirts\u202C b":           "agnirts b",
		"naïve עברית 🙂":                   "naïve עברית 🙂",
		"bad \xff byte":                   "bad byte",
		"  edges  and   gaps ":            "edges and gaps",
		"line\u2028separator\u0085nel":    "line separator nel",
		"pass\u00adword\u2060s\U000E0041": "passwords",
		"👩‍💻 joined":                      "👩‍💻 joined",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestALabelIsOneLineToo(t *testing.T) {
	m := New(Facts{{"Part of A\nOwner", "x\ny"}})
	if got, want := m.Plain(), "Part of A Owner: x y"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("plain")
	f.Add("\x1b]0;title\x07\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		got := Clean(text)
		if again := Clean(got); again != got {
			t.Errorf("cleaning twice changes %q to %q", got, again)
		}
		for _, r := range got {
			if r < ' ' || r == 0x7f {
				t.Errorf("Clean(%q) keeps control character %U", text, r)
			}
		}
	})
}

func TestButtonsFormsAndTablesCanBeReadAloud(t *testing.T) {
	want := `Password <resets>

One & two.

Owner: Theo
Path:
  1. a
  2. b
Rows:
  - VPN; Owner: MSP
  - Mail

Version 2.

Escalate: type ` + "`escalate password-resets`" + `
Not right: type ` + "`wrong password-resets`" + `

Away
  - Who: Maria
  - From (first day), if you like; now: 2026-12-24
In one line: type ` + "`away PERSON FROM..TO`"
	if got := whole.Plain(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
