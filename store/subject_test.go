package store_test

import (
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func TestPrintable(t *testing.T) {
	for given, want := range map[string]string{
		"\ta\n b\tc\n": "a b c", "a\x07b\u200d\ufeff": "ab\u200d", "\xffa": "a", "": "", "éééééé": "éééé…", "ééééé": "ééééé",
	} {
		if got := store.Printable(given, 5); got != want {
			t.Errorf("%q is printed as %q, want %q", given, got, want)
		}
	}
}

func TestSubjects(t *testing.T) {
	e := &store.Engagement{
		Matrix: store.Matrix{
			Functions:  []store.Function{{ID: "a", Name: "Alpha", Aliases: []string{"first"}}, {ID: "b", Name: "Beta", Aliases: []string{"First"}}},
			OutOfScope: []store.Exclusion{{Name: "Website"}},
		},
		Severities: []store.Severity{{Level: 2}},
	}
	a := store.SubjectRef{Kind: store.SubjectFunction, ID: "a"}
	if name, ok := e.SubjectName(a); name != "Alpha" || !ok {
		t.Errorf("the name is %q, %t", name, ok)
	}
	if _, ok := e.SubjectName(store.SubjectRef{Kind: store.SubjectTool, ID: "a"}); ok {
		t.Error("a tool that is not there has a name")
	}
	if other, ok := e.CalledSo(" FIRST ", a); other.ID != "b" || !ok {
		t.Errorf("first is also %v, %t", other, ok)
	}
	if other, ok := e.CalledSo("alpha", a); ok {
		t.Errorf("alpha is also %v", other)
	}
	if other, ok := e.CalledSo("severity 2", a); other.ID != "sev2" || !ok {
		t.Errorf("severity 2 is %v, %t", other, ok)
	}
}

func TestCheckAlias(t *testing.T) {
	for phrase, words := range map[string]string{
		"the keys": "", "": "empty", strings.Repeat("a", 201): "200", "a\nb": "one line", "\x00": "control", "\xff": "UTF-8",
	} {
		if got := store.CheckAlias(phrase); !strings.Contains(got, words) || (words == "") != (got == "") {
			t.Errorf("%q: %q, want %q", phrase, got, words)
		}
	}
}
