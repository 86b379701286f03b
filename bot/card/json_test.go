package card

import (
	"encoding/json"
	"reflect"
	"testing"
)

// whole holds every block there is.
var whole = New(
	Heading("Password <resets>"),
	Paragraph("One & two."),
	Facts{{"Owner", "Theo"}},
	List{Title: "Path:", Items: []string{"a", "b"}, Ordered: true},
	Table{Title: "Rows:", Columns: []string{"Row", "Owner"}, Rows: [][]string{{"VPN", "MSP"}, {"Mail", ""}}},
	Note("Version 2."),
	Buttons{{"Escalate", "escalate password-resets", Primary}, {"Not right", "wrong password-resets", Plain}},
	Form{
		Title: "Away", Say: "away", Submit: "Record", Typed: "away PERSON FROM..TO",
		Fields: []Field{
			{Name: "who", Label: "Who", Kind: Choice, Options: []Option{{"maria", "Maria"}}, Required: true},
			{Name: "from", Label: "From", Kind: Day, Hint: "first day", Value: "2026-12-24"},
		},
	},
)

func TestACardComesBackFromJSONAsItWas(t *testing.T) {
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	var back Message
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, whole) {
		t.Errorf("got %#v\nfrom %s", back, text)
	}
}

func TestARefreshComesBackFromJSON(t *testing.T) {
	m := whole
	m.Refresh = &Refresh{Say: "acks 12", For: map[string][]string{"teams": {"b", "a"}, "slack": {"U1"}}}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back Message
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, m) || len(back.Blocks) != len(whole.Blocks) {
		t.Errorf("got %#v\nfrom %s", back, text)
	}
	if back.Plain() != whole.Plain() {
		t.Error("a refresh can be seen")
	}
	if err := json.Unmarshal([]byte(`[{"block":"note","text":"x"}]`), &back); err != nil || back.Refresh != nil {
		t.Errorf("a refresh stays: %v, %v", back.Refresh, err)
	}
}

func TestABlockThatIsNotKnownIsAnError(t *testing.T) {
	for _, text := range []string{`[{"block":"video"}]`, `[{"block":"facts","value":7}]`, `[{"block":"refresh","value":7}]`, `[{"block":"refresh"}]`, `{}`, `[`} {
		if err := json.Unmarshal([]byte(text), new(Message)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func FuzzJSON(f *testing.F) {
	text, err := json.Marshal(whole)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		var m Message
		if json.Unmarshal(text, &m) != nil {
			return
		}
		_ = m.Plain()
		if _, err := json.Marshal(m); err != nil {
			t.Errorf("read and not written again: %v", err)
		}
	})
}
