package ownership

import "strings"

// The strength of a match by the field that a word stands in.
var fieldMatch = [fieldCount]float32{1, 1, 0.8, 0.5}

const (
	acronymMatch = 0.8 // a word of what a short form stands for, against the word itself
	conceptMatch = 0.6 // a concept of the description, against one of the name
	nearFloor    = 0.2 // taken off the likeness of two words
	nameShare    = 0.2 // left of the weight of people's and companies' names
)

// evidence is what speaks for one candidate.
type evidence struct {
	fields [fieldCount]float32
	name   float32 // concepts of its names
	rest   float32 // concepts of the rest
	near   float32
	sum    float32 // weight of the units, as far as anything explains them
}

// scored is a question with the evidence for every candidate. It is used again
// for other questions, so that asking allocates nearly nothing.
type scored struct {
	ix       *Index
	reading  reading
	total    float32 // weight of all units
	matched  float32 // weight explained by any candidate
	inside   float32 // strongest concept that some candidate speaks of
	unheld   float32 // strongest concept of IT that none speaks of
	outside  float32 // strongest concept that is no matter of IT, and that none speaks of
	attack   float32 // strongest concept of an attack
	evidence []evidence
	best     []float32 // strongest match of any sort, by candidate and unit
	most     []float32 // the strongest of any candidate, by unit
	foreign  []bool    // units of phrases that are no matter of IT
	near     []float32 // of one unit, by candidate
	concepts []lit
	topics   []float32 // of the question, by concept, to length one
	touched  []int16
	place    vector  // of the question, to length one
	stray    float32 // share of its topics that are no matter of IT
	features []figures
	shares   []float32
	chatty   bool // whether it can be no question at all
	asks     bool // whether it ends in a question mark
	speaks   bool // whether it says something for certain, and is no small talk
	order    []int
}

// lit is a concept that a question speaks of.
type lit struct {
	concept  int32
	strength float32 // of its strongest mention
	weight   float32 // of the words of that mention
}

// zeroed returns a slice of n zero values, in the old one's memory if it fits.
func zeroed[T any](old []T, n int) []T {
	if cap(old) < n {
		return make([]T, n)
	}
	old = old[:n]
	clear(old)
	return old
}

// score gathers the evidence for every candidate.
func (s *scored) score(ix *Index, question string) {
	s.ix = ix
	s.asks = strings.HasSuffix(strings.TrimRight(question, " \t\n!"), "?") || strings.HasSuffix(question, "？") || strings.HasSuffix(question, "؟")
	s.total, s.matched, s.inside, s.unheld, s.outside, s.attack = 0, 0, 0, 0, 0, 0
	ix.language.read(&s.reading, question, ix)
	units := s.reading.units
	s.evidence = zeroed(s.evidence, len(ix.candidates))
	s.best = zeroed(s.best, len(ix.candidates)*len(units))
	s.most = zeroed(s.most, len(units))
	s.foreign = zeroed(s.foreign, len(units))
	for _, m := range s.reading.mentions {
		if m.to-m.from > 1 && m.strength >= 0.5 && ix.language.thesaurus.concepts[m.concept].outside && len(ix.held(m.concept)) == 0 {
			for i := m.from; i < m.to; i++ {
				s.foreign[i] = true
			}
		}
	}
	for i := range units {
		u := &units[i]
		if ix.isName(u.text) {
			u.weight *= nameShare
		}
		s.total += u.weight
		if s.foreign[i] {
			u.weight *= foreignShare
		}
		if u.weight == 0 {
			continue
		}
		s.lexical(i, u.stem, 1)
		for _, alt := range u.alts {
			s.lexical(i, alt, acronymMatch)
		}
		s.derived(i)
		s.nearby(i)
	}
	s.conceptual()
	s.topical()
	for i := range units {
		s.matched += units[i].weight * s.most[i]
	}
}

// rareness is how much a match says, given how many candidates share it: 1 for
// one, less for more (the inverse document frequency, scaled).
func (ix *Index) rareness(shared int) float32 {
	n := float32(len(ix.candidates))
	return log(1+n/float32(shared)) / log(1+n)
}

// match notes that candidate h explains unit i that strongly, and returns by
// how much that is more than before.
func (s *scored) match(h uint16, i int, strength float32) float32 {
	b := &s.best[int(h)*len(s.reading.units)+i]
	more := strength - *b
	if more <= 0 {
		return 0
	}
	*b = strength
	s.most[i] = max(s.most[i], strength)
	s.evidence[h].sum += more * s.reading.units[i].weight
	return more
}

func (s *scored) lexical(i int, stem stemID, factor float32) {
	list := s.ix.post(stem)
	if len(list) == 0 {
		return
	}
	w := s.reading.units[i].weight * factor * s.ix.rareness(len(list))
	for _, p := range list {
		for f := range fieldCount {
			if p.fields&(1<<f) != 0 {
				s.evidence[p.candidate].fields[f] += w
				s.match(p.candidate, i, factor*fieldMatch[f])
			}
		}
	}
}

// derivedMatch is a word of the same family, such as crusher for crush.
const derivedMatch = 0.6

// derived matches a word with the engagement's words that begin alike.
func (s *scored) derived(i int) {
	u := &s.reading.units[i]
	if len(u.text) < 5 || len(s.ix.post(u.stem)) > 0 {
		return
	}
	head := u.text[:5]
	for _, id := range s.ix.from(head) {
		text, stem := s.ix.word(id)
		if !strings.HasPrefix(text, head) {
			break
		}
		if stem == u.stem || !sameFamily(u.text, text) {
			continue
		}
		for _, p := range s.ix.post(stem) {
			s.evidence[p.candidate].near += u.weight * s.match(p.candidate, i, derivedMatch)
		}
	}
}

// sameFamily reports whether two words share a beginning of five letters or
// more that makes up most of the longer one.
func sameFamily(a, b string) bool {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= 5 && 10*n >= 7*max(len(a), len(b))
}

// nearby matches a word with the engagement's words that are used alike.
func (s *scored) nearby(i int) {
	u := &s.reading.units[i]
	if u.row < 0 {
		return
	}
	s.near = zeroed(s.near, len(s.ix.candidates))
	found := false
	for row, alike := range s.ix.language.table.neighbours(u.row) {
		stem := s.ix.language.lexicon.rowStem[row]
		if stem == u.stem {
			continue
		}
		for _, p := range s.ix.post(stem) {
			s.near[p.candidate] = max(s.near[p.candidate], alike-nearFloor)
			found = true
		}
	}
	if !found {
		return
	}
	for h, alike := range s.near {
		if alike > 0 {
			s.evidence[h].near += u.weight * s.match(uint16(h), i, alike)
		}
	}
}

// matching returns the words of the question that spoke for candidate h.
func (s *scored) matching(h int) []string {
	var out []string
	for i, u := range s.reading.units {
		if u.weight > 0 && s.best[h*len(s.reading.units)+i] >= 0.3 {
			out = append(out, u.text)
		}
	}
	return out
}
