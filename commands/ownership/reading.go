package ownership

// unit is one word of a text that may carry meaning, alone or in a phrase.
type unit struct {
	text   string
	stem   stemID
	row    int32    // in the word table, or -1
	weight float32  // how much the word says, 0 for one that only joins
	alts   []stemID // stems of what it is short for
	says   bool     // whether it is more than a joining word
	denied bool     // named only to be ruled out
	at     int      // position among all words of the text
}

// mention is a phrase of the thesaurus found in a text: units from to to, exclusive.
type mention struct {
	from, to int
	sense
}

// reading is a text taken apart. One can be used again for another text.
type reading struct {
	words    []string
	entries  []entry
	ids      []uint32 // of the words in the cue book
	scaffold []bool   // words that only ask, or are only polite
	units    []unit
	mentions []mention
	cues     [cueCount]float32
}

func (r *reading) reset() {
	*r = reading{
		words: r.words[:0], entries: r.entries[:0], ids: r.ids[:0],
		scaffold: r.scaffold[:0], units: r.units[:0], mentions: r.mentions[:0],
	}
}

// dictionary knows words beyond the shipped ones, and how to mend others.
type dictionary interface {
	find(word string) (entry, bool)
	repair(word string) (string, bool)
	// means reports whether a piece of shorthand for joining words is a word of
	// its own here: DAT is a load board, Ty a person.
	means(word string) bool
}

// The share of a word's weight that is left where it only asks.
const scaffoldShare = 0.1

// read takes a text apart, with the help of the dictionary if there is one.
func (g *language) read(r *reading, text string, d dictionary) {
	r.reset()
	g.split(r, text, d)
	for i, w := range r.words {
		e, ok := d.find(w)
		if !ok && !g.inflected(w) {
			if mended, found := d.repair(w); found {
				r.words[i] = mended
				e, ok = d.find(mended)
			}
		}
		if ok {
			r.entries = append(r.entries, e)
		} else {
			r.entries = append(r.entries, g.unknown(w))
		}
		r.scaffold = append(r.scaffold, false)
	}
	g.cues.read(r)
	for i := range r.entries {
		e := &r.entries[i]
		if e.class == empty {
			continue
		}
		u := unit{at: i, text: r.words[i], stem: e.stem, row: e.row, alts: g.acronyms[r.words[i]]}
		if e.class == content && !r.said(u.stem) {
			u.weight = 0.25 + 0.75*e.rarity
			if r.scaffold[i] {
				u.weight *= scaffoldShare
			}
		}
		u.says = e.class == content
		r.units = append(r.units, u)
	}
	r.deny()
	g.mention(r)
}

// said reports whether a word stood in the text before: said twice, it says
// no more.
func (r *reading) said(stem stemID) bool {
	for i := range r.units {
		if r.units[i].stem == stem && stem != noStem {
			return true
		}
	}
	return false
}

// split finds the words of a text: chat shorthand spelt out, and what people
// write as two words put together.
func (g *language) split(r *reading, text string, d dictionary) {
	raw := words(clip(text))
	for i := 0; i < len(raw); i++ {
		if long, ok := g.slang[raw[i]]; ok && (g.says(long) || !d.means(raw[i])) {
			r.words = append(r.words, long...)
			continue
		}
		if i+1 < len(raw) && len(raw[i])+len(raw[i+1]) < 20 && g.compounds[raw[i]+raw[i+1]] {
			r.words = append(r.words, raw[i]+raw[i+1])
			i++
			continue
		}
		r.words = append(r.words, raw[i])
	}
}

// says reports whether any of the words says something alone.
func (g *language) says(words []string) bool {
	for _, w := range words {
		if e, ok := g.lexicon.find(w); ok && e.class == content {
			return true
		}
	}
	return false
}

// strangeRarity is that of a word that nobody knows: most are names and slang.
const strangeRarity = 0.4

// unknown is a word that nobody knows: it may still share a stem.
func (g *language) unknown(w string) entry {
	e := entry{text: w, stem: noStem, row: -1, rarity: strangeRarity}
	if digits(w) {
		e.rarity = 0
	}
	if s, ok := g.lexicon.stems[g.lexicon.stemOf(w)]; ok {
		e.stem = s
	}
	return e
}

// inflected reports whether a word that is not known as written has a stem
// that is: such a word is not misspelt.
func (g *language) inflected(w string) bool {
	_, ok := g.lexicon.stems[g.lexicon.stemOf(w)]
	return ok
}

// within is what is left of a phrase that lies within a longer one: the longer
// says what it is about.
const within = 0.2

// mention finds the phrases of the thesaurus.
func (g *language) mention(r *reading) {
	t := g.thesaurus
	covered := 0 // end of the longest phrase begun so far
	for i := range r.units {
		node := root
		first := len(r.mentions) // of the longest phrase from here
		says := false
		for j := i; j < len(r.units); j++ {
			if node = t.step(node, r.units[j].stem); node == root {
				break
			}
			if says = says || r.units[j].says; !says {
				continue // a joining word that only shares its stem with a term
			}
			if len(t.senses[node]) > 0 && j+1 > covered {
				for k := first; k < len(r.mentions); k++ {
					r.mentions[k].strength *= within
				}
				first = len(r.mentions)
			}
			for _, s := range t.senses[node] {
				if j+1 <= covered {
					s.strength *= within
				}
				r.mentions = append(r.mentions, mention{i, j + 1, s})
			}
		}
		if n := len(r.mentions); n > 0 {
			covered = max(covered, r.mentions[n-1].to)
		}
	}
}

// asks reports whether a text asks for somebody.
func (r *reading) asks() bool {
	if r.cues[cueWho] > 0 {
		return true
	}
	for _, w := range r.words {
		switch w {
		case "who", "whos", "whose", "whom":
			return true
		}
	}
	return false
}

// asksWhat reports whether a text asks what or which, or for a name.
func (r *reading) asksWhat() bool {
	for _, w := range r.words {
		switch w {
		case "what", "which", "whats", "called", "named", "name":
			return true
		}
	}
	return false
}

// What is left of the weight of a word that is named only to be ruled out, or
// that belongs to a phrase which is no matter of IT.
const (
	deniedShare  = 0.2
	foreignShare = 0.4
)

// deny finds what a text rules out ("not the kitchen ones"): up to three words
// after "not" and an article.
func (r *reading) deny() {
	for i := 0; i+2 < len(r.words); i++ {
		if r.words[i] != "not" {
			continue
		}
		switch r.words[i+1] {
		case "the", "a", "an", "my", "our", "your", "just", "only":
		default:
			continue
		}
		left := 3
		for k := range r.units {
			if u := &r.units[k]; u.at > i+1 && left > 0 {
				if !u.says && u.at > i+3 {
					break
				}
				u.weight *= deniedShare
				u.denied = true
				left--
			}
		}
	}
}
