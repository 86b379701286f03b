package ownership

import (
	"math"
	"strings"
	"sync"
)

// language is everything that ships with Tandem about how people speak of IT:
// the same for every engagement, loaded once, read-only.
type language struct {
	table     *wordTable
	lexicon   *lexicon
	thesaurus *thesaurus
	topics    *topics
	vectors   *vectors
	cues      *cueBook
	spelling  speller
	acronyms  map[string][]stemID // stems of what each is short for
	slang     map[string][]string
	compounds map[string]bool // words that people also write as two
}

var shared = sync.OnceValue(newLanguage)

func newLanguage() *language {
	t := loadWords()
	g := &language{
		table: t, lexicon: newLexicon(t), acronyms: map[string][]stemID{},
		slang: map[string][]string{}, compounds: map[string]bool{},
	}
	g.thesaurus = newThesaurus(g.lexicon)
	g.loadAcronyms()
	g.loadAsks()
	g.topics = g.thesaurus.bags.finish(len(g.lexicon.stems))
	for _, line := range lines("slang.txt") {
		short, long, _ := strings.Cut(line, ": ")
		g.slang[short] = words(long)
	}
	g.cues = newCueBook(g.slang)
	for _, line := range lines("compounds.txt") {
		for w := range strings.FieldsSeq(line) {
			g.compounds[w] = true
		}
	}
	g.broaden()
	g.vectors = loadVectors(g.lexicon, g.thesaurus)
	g.loadSpelling()
	return g
}

// commonEnough is the rank up to which a word of plain English may be what a
// misspelt one was meant to be; the thesaurus's own words always may.
const commonEnough = 15_000

func (g *language) loadSpelling() {
	for i := range g.lexicon.entries {
		if e := &g.lexicon.entries[i]; len(e.text) >= minRepair && (e.kept || e.row < commonEnough) {
			g.spelling.add(e)
		}
	}
}

// loadAcronyms gives each short form the stems of its long forms, and
// whatever they mean to the thesaurus.
func (g *language) loadAcronyms() {
	for _, line := range lines("acronyms.txt") {
		short, long, _ := strings.Cut(line, ": ")
		for expansion := range strings.SplitSeq(long, ",") {
			for _, w := range words(expansion) {
				if e := g.lexicon.add(w); e.class == content {
					g.acronyms[short] = append(g.acronyms[short], e.stem)
				}
			}
			for _, s := range g.senses(expansion) {
				g.thesaurus.add(g.lexicon, short, s)
			}
		}
	}
}

// senses returns what a whole phrase means to the thesaurus.
func (g *language) senses(phrase string) []sense {
	node := root
	for _, w := range words(phrase) {
		if e := g.lexicon.add(w); e.class != empty {
			if node = g.thesaurus.step(node, e.stem); node == root {
				return nil
			}
		}
	}
	return g.thesaurus.senses[node]
}

func log(x float32) float32  { return float32(math.Log(float64(x))) }
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// loadAsks counts what people say for each concept, in their own words.
func (g *language) loadAsks() {
	eachAsk(g.thesaurus, func(concept int32, ask string) { g.thesaurus.bag(g.lexicon, concept, ask, 1) })
}

// eachAsk visits what people say for each concept, in their own words.
func eachAsk(t *thesaurus, visit func(concept int32, ask string)) {
	current := int32(-1)
	for _, line := range lines("asks.txt") {
		if line[0] != ' ' {
			current = -1
			if id, ok := t.byName[line]; ok {
				current = id
			}
		} else if current >= 0 {
			visit(current, line)
		}
	}
}
