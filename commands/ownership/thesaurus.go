package ownership

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// How strongly a term speaks for its concept, by the list that it stands in.
var listStrength = map[string]float32{"names": 1, "says": 1, "hints": 0.4}

// concept is one thing that people mean, whatever they call it.
type concept struct {
	name    string
	outside bool    // no matter of IT at all
	broader []sense // concepts that its names speak of in part: guest wifi → wifi
}

// sense is one concept that a phrase can mean.
type sense struct {
	concept  int32
	strength float32
}

// thesaurus knows phrases by their stems, in a trie, and what each can mean.
type thesaurus struct {
	concepts []concept
	byName   map[string]int32
	next     map[uint64]int32 // node and stem → node
	senses   [][]sense        // by node
	titles   [][]string       // by concept: how a matrix would name it
	bags     bagger
}

// thesaurusFiles are read in this order; every concept of the last is outside IT.
var thesaurusFiles = []string{"everyday.txt", "security.txt", "products.txt", "exclusions.txt", "outside.txt"}

func newThesaurus(l *lexicon) *thesaurus {
	t := &thesaurus{byName: map[string]int32{}, next: map[uint64]int32{}, senses: [][]sense{nil}}
	eachTerm(func(file, concept, list, term string) {
		id := t.concept(concept, file == "outside.txt")
		if term == "" {
			return
		}
		if list == "names" {
			t.titles[id] = append(t.titles[id], term)
		}
		t.add(l, term, sense{id, listStrength[list]})
		t.bag(l, id, term, 1)
	})
	// A phrase that can mean several things says less for each.
	for _, senses := range t.senses {
		for i := range senses {
			if n := len(senses); n > 1 {
				senses[i].strength /= sqrt(float32(n))
			}
		}
	}
	return t
}

// eachTerm visits the terms of the thesaurus with the file, the concept and the
// list that each stands in, and before them every concept with no term.
func eachTerm(visit func(file, concept, list, term string)) {
	for _, file := range thesaurusFiles {
		current, list := "", ""
		for _, line := range lines(file) {
			if line[0] != ' ' {
				current = line
				visit(file, current, "", "")
				continue
			}
			line = strings.TrimSpace(line)
			if word, rest, _ := strings.Cut(line, " "); listStrength[word] > 0 {
				list, line = word, rest
			}
			if current == "" || list == "" {
				panic(fmt.Sprintf("%s: a term stands outside a concept: %q", file, line))
			}
			for term := range strings.SplitSeq(line, ",") {
				visit(file, current, list, strings.TrimSpace(term))
			}
		}
	}
}

// bag counts the words of a text for a concept.
func (t *thesaurus) bag(l *lexicon, concept int32, text string, n float32) {
	for _, w := range words(text) {
		if e := l.add(w); e.class == content {
			t.bags.add(concept, e.stem, n)
		}
	}
}

func (t *thesaurus) concept(name string, outside bool) int32 {
	if id, ok := t.byName[name]; ok {
		return id
	}
	id := int32(len(t.concepts))
	t.concepts = append(t.concepts, concept{name: name, outside: outside})
	t.byName[name] = id
	t.titles = append(t.titles, nil)
	return id
}

func (t *thesaurus) add(l *lexicon, term string, s sense) {
	var stems []stemID
	says := false
	var rarity float32 // of its rarest word
	for _, w := range words(term) {
		e := l.add(w)
		e.kept = true
		if e.class == content {
			rarity = max(rarity, e.rarity)
		}
		if e.class != empty {
			stems = append(stems, e.stem)
			says = says || e.class == content
		}
	}
	if !says {
		return // of a phrase like "who does what" nothing is left that says anything
	}
	if len(stems) == 1 {
		s.strength *= commonWord + (1-commonWord)*rarity
	}
	node := root
	for _, stem := range stems {
		node = t.child(node, stem)
	}
	for i, have := range t.senses[node] {
		if have.concept == s.concept {
			t.senses[node][i].strength = max(have.strength, s.strength)
			return
		}
	}
	t.senses[node] = append(slices.Clip(t.senses[node]), s)
}

// commonWord is what is left of the strength of a term that is a single word
// which everybody uses all the time: it is seldom said for its concept.
const commonWord = 0.3

func (t *thesaurus) child(node int32, stem stemID) int32 {
	key := uint64(node)<<32 | uint64(uint32(stem))
	next, ok := t.next[key]
	if !ok {
		next = int32(len(t.senses))
		t.senses = append(t.senses, nil)
		t.next[key] = next
	}
	return next
}

// root is the node that every phrase starts from.
const root int32 = 0

// step follows a stem from a node; root means that no phrase goes that way.
func (t *thesaurus) step(node int32, stem stemID) int32 {
	return t.next[uint64(node)<<32|uint64(uint32(stem))]
}

// broaden finds for each concept the ones that its names speak of in part.
func (g *language) broaden() {
	t := g.thesaurus
	for id := range t.concepts {
		shares := map[int32]float32{}
		titles := t.titles[id]
		var r reading
		for _, title := range titles {
			g.read(&r, title, shippedOnly{g})
			seen := map[int32]float32{}
			for _, m := range r.mentions {
				if m.concept != int32(id) && m.to-m.from < len(r.units) && !t.concepts[m.concept].outside {
					seen[m.concept] = max(seen[m.concept], m.strength/within) // undone: a part is what is looked for
				}
			}
			for c, s := range seen {
				shares[c] += min(s, 1) / float32(len(titles))
			}
		}
		for _, c := range slices.Sorted(maps.Keys(shares)) {
			if shares[c] >= 0.3 {
				t.concepts[id].broader = append(t.concepts[id].broader, sense{c, min(shares[c], 0.8)})
			}
		}
	}
	t.titles = nil
}
