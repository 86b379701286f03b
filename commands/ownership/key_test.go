package ownership

import "testing"

func TestTheSameQuestionHasOneKey(t *testing.T) {
	ix := corpusNamed(t, "harbor-legal").ix
	same := []string{
		"who owns the badge printer?", "badge printer", "Badge  Printers!!", "whos the owner of the badge printer",
		"who is responsible for badge printers",
	}
	for _, q := range same {
		if got, want := ix.Key(q), ix.Key(same[0]); got != want || got == "" {
			t.Errorf("Key(%q) = %q, want %q", q, got, want)
		}
	}
	for _, q := range []string{"who owns the badge reader?", "who owns the label printer?", ""} {
		if ix.Key(q) == ix.Key(same[0]) {
			t.Errorf("%q has the same key as %q", q, same[0])
		}
	}
}

func TestAPhraseIsWhatTheQuestionIsAbout(t *testing.T) {
	ix := corpusNamed(t, "harbor-legal").ix
	for question, want := range map[string]string{
		"who owns the badge printer?":            "badge printer",
		"Who do I talk to about the wall clocks": "wall clocks",
		"who owns":                               "",
	} {
		if got := ix.Phrase(question); got != want {
			t.Errorf("Phrase(%q) = %q, want %q", question, got, want)
		}
	}
}
