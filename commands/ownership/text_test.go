package ownership

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Who's on-call 24/7?":    {"whos", "on", "call", "247"},
		"Wi-Fi w/o password":     {"wi", "fi", "without", "password"},
		"naïve café – Zürich":    {"naive", "cafe", "zurich"},
		"A/V & A/P":              {"av", "and", "accounts", "payable"},
		"it’s ‘quoted’":          {"its", "quoted"},
		"":                       nil,
		"...":                    nil,
		"עברית und 日本":           {"עברית", "und", "日本"},
		"tab\tnew\nline\x00null": {"tab", "new", "line", "null"},
		"sev1 365 3d":            {"sev1", "365", "3d"},
	} {
		if got := words(text); !slices.Equal(got, want) {
			t.Errorf("words(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestClipCutsAtACharacter(t *testing.T) {
	long := ""
	for len(long) < 2*maxQuestion {
		long += "é日"
	}
	if got := clip(long); len(got) > maxQuestion || !utf8.ValidString(got) {
		t.Errorf("clipped to %d bytes, valid %v", len(got), utf8.ValidString(got))
	}
}

func TestMisspeltWordsAreRepaired(t *testing.T) {
	ix := corpusNamed(t, "harbor-legal").ix
	for typo, want := range map[string]string{
		"pasword": "password", "phising": "phishing", "bitlokcer": "bitlocker", "netwrok": "network",
		"recieve": "receive", "quarentine": "quarantine", "linkdin": "linkedin", "montly": "monthly",
	} {
		if got, ok := ix.repair(typo); !ok || got != want {
			t.Errorf("repair(%q) = %q, want %q", typo, got, want)
		}
	}
	for _, word := range []string{"abc", "x1y2z3", "qqqqqqqq", "maria", ""} {
		if got, ok := ix.repair(word); ok {
			t.Errorf("repair(%q) = %q, want none", word, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"same", "same", 0},
		{"restore", "resotre", 1},
		{"print", "prints", 1},
		{"cat", "dog", 3},
		{"", "ab", 2},
	} {
		if got := distance(c.a, c.b, 2); got != min(c.want, 3) {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if there, back := distance(c.a, c.b, 2), distance(c.b, c.a, 2); there != back {
			t.Errorf("distance of %q and %q depends on their order: %d, %d", c.a, c.b, there, back)
		}
	}
}
