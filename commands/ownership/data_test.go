package ownership

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// TestShippedDataStaysSmall holds the bound of the shipped data, 3 MB.
func TestShippedDataStaysSmall(t *testing.T) {
	var sum int64
	err := fs.WalkDir(shipped, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		sum += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if sum > 3_000_000 {
		t.Errorf("the shipped data is %d bytes, more than 3 MB", sum)
	}
}

// TestShippedStems compares the stems worked out when words.bin was made with
// those of the stemmer: a change of either, or of irregular.txt, means that
// words.bin must be made anew.
func TestShippedStems(t *testing.T) {
	g := shared()
	for i, w := range g.table.words {
		if want := g.lexicon.stemOf(w); g.table.stems[i] != want {
			t.Fatalf("words.bin has %q for %q, the stemmer %q: make it anew (see distill)", g.table.stems[i], w, want)
		}
	}
}

// TestThesaurusIsWellFormed reads the data as a person edits it.
func TestThesaurusIsWellFormed(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	seen := map[string]string{}
	for _, file := range thesaurusFiles {
		for _, line := range lines(file) {
			if line[0] != ' ' {
				if !id.MatchString(line) {
					t.Errorf("%s: %q is no name of a concept", file, line)
				}
				if other, ok := seen[line]; ok && (file == "outside.txt") != (other == "outside.txt") {
					t.Errorf("%s: concept %s stands in %s already", file, line, other)
				}
				seen[line] = file
				continue
			}
			if strings.ToLower(line) != line || strings.ContainsAny(line, `"[]{};`) {
				t.Errorf("%s: terms are plain lower-case words: %q", file, line)
			}
		}
	}
	for _, line := range lines("asks.txt") {
		if line[0] != ' ' && seen[line] == "" {
			t.Errorf("asks.txt: there is no concept %s", line)
		}
	}
}

func TestPhrasesFindTheirConcepts(t *testing.T) {
	g := shared()
	for phrase, want := range map[string]string{
		"the paper jam":      "printing",
		"forgot my password": "password-reset",
		"guest wifi":         "guest-wifi",
		"backup generator":   "out-generator",
		"penetration test":   "penetration-test",
	} {
		var r reading
		g.read(&r, phrase, shippedOnly{g})
		found := map[string]float32{}
		for _, m := range r.mentions {
			name := g.thesaurus.concepts[m.concept].name
			found[name] = max(found[name], m.strength)
		}
		if found[want] < 0.5 {
			t.Errorf("%q speaks of %v, want %s", phrase, found, want)
		}
	}
}
