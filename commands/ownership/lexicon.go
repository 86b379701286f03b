package ownership

import (
	"bufio"
	"embed"
	"strings"

	"github.com/kljensen/snowball/english"
)

//go:embed data words.bin vectors.bin
var shipped embed.FS

// stemID numbers a stem. Stems that only an engagement has start at localStems,
// and mean something in that engagement's index alone.
type stemID int32

const (
	noStem     stemID = -1
	localStems stemID = 1 << 24
)

// class says how much a word says.
type class uint8

const (
	content  class = iota // a word with a meaning of its own
	function              // joins phrases, says nothing alone
	empty                 // dropped before phrases are matched
)

// entry is what is known of a word as written.
type entry struct {
	text    string
	letters uint32 // the set of its letters, for the speller
	stem    stemID
	row     int32   // in the word table, or -1
	rarity  float32 // 0 for the commonest words to 1 for the rarest
	class   class
	kept    bool // a word of the thesaurus or an acronym
}

// lexicon maps words as written to what is known of them. It is filled once,
// from the shipped data, and read-only after that.
type lexicon struct {
	ids       map[string]int32
	entries   []entry
	stems     map[string]stemID
	rowStem   []stemID // by row of the word table
	irregular map[string]string
}

// lines returns the lines of a shipped file that are no comments.
func lines(file string) []string {
	text, err := shipped.ReadFile("data/" + file)
	if err != nil {
		panic(err) // embedded: cannot happen in a binary that was built
	}
	var out []string
	for s := bufio.NewScanner(strings.NewReader(string(text))); s.Scan(); {
		if line := strings.TrimRight(s.Text(), " "); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

func newLexicon(t *wordTable) *lexicon {
	l := &lexicon{
		ids: make(map[string]int32, len(t.words)*5/4), entries: make([]entry, 0, len(t.words)*5/4),
		stems: make(map[string]stemID, len(t.words)), rowStem: make([]stemID, len(t.words)),
		irregular: map[string]string{},
	}
	for _, line := range lines("irregular.txt") {
		form, plain, _ := strings.Cut(line, " ")
		l.irregular[form] = plain
	}
	l.addClass("empty.txt", empty)
	l.addClass("function.txt", function)
	for row, w := range t.words {
		e := l.addStem(w, t.stems[row])
		if e.row < 0 {
			e.row = int32(row)
			e.rarity = rarity(row)
		}
		l.rowStem[row] = e.stem
	}
	return l
}

func (l *lexicon) addClass(file string, c class) {
	for _, line := range lines(file) {
		for w := range strings.FieldsSeq(line) {
			l.add(w).class = c
		}
	}
}

// rarity grows with the logarithm of a word's rank by frequency, the hundred
// commonest words aside; from rank 30,000 on a word is as rare as can be.
func rarity(rank int) float32 {
	const common, rare = 4.6, 10.3 // natural logarithms of 100 and 30,000
	return min(1, max(0, (log(float32(rank+1))-common)/(rare-common)))
}

// find returns what is known of a word as written.
func (l *lexicon) find(word string) (*entry, bool) {
	id, ok := l.ids[word]
	if !ok {
		return nil, false
	}
	return &l.entries[id], true
}

// add makes a word known, unless it is. The result is good until the next add.
func (l *lexicon) add(word string) *entry {
	if id, ok := l.ids[word]; ok {
		return &l.entries[id]
	}
	return l.addStem(word, l.stemOf(word))
}

// addStem is add for a word whose stem is known.
func (l *lexicon) addStem(word, stem string) *entry {
	id, ok := l.ids[word]
	if !ok {
		id = int32(len(l.entries))
		l.ids[word] = id
		l.entries = append(l.entries, entry{
			text: word, letters: letters(word), stem: l.intern(stem), row: -1, rarity: 1,
		})
	}
	return &l.entries[id]
}

func (l *lexicon) intern(stem string) stemID {
	id, ok := l.stems[stem]
	if !ok {
		id = stemID(len(l.stems))
		l.stems[stem] = id
	}
	return id
}

// stemOf returns the stem of a word: that of its plain form if it is
// irregular, by the English Snowball stemmer. Short words, and those with a
// digit, are their own stems.
func (l *lexicon) stemOf(word string) string {
	if plain, ok := l.irregular[word]; ok {
		word = plain
	}
	if len(word) < 4 || strings.ContainsAny(word, "0123456789") {
		return word
	}
	return english.Stem(word, true)
}
