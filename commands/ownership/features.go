package ownership

import "strings"

// feature is one figure about a question and a candidate, between 0 and about
// 1. The weight of each was fitted and can be read in data/weights.txt.
type feature int

const (
	fBias          feature = iota
	fName                  // words that stand in the name
	fAlias                 // … in an alias
	fDescription           // … in the description
	fExtra                 // … in the area, duties, note, product, vendor
	fConceptName           // concepts that the names speak of
	fConceptRest           // concepts that the rest speaks of
	fNear                  // words used like ones of the candidate
	fExplained             // share of the question that anything above explains
	fExplainedSum          // the same, not as a share
	fNameCovered           // share of the name, or of an alias, that the question holds
	fTopic                 // likeness of topics
	fExact                 // the whole name, or a whole alias, stands in the question
	fTool                  // what speaks for the tool of a row, shared among its rows
	fBestExplained         // this and the next: whether no candidate has more
	fBestTopic
	fBestConcept
	fBestCovered
	featureCount
)

var featureNames = [featureCount]string{
	"bias", "name", "alias", "description", "extra", "concept_name", "concept_rest", "near",
	"explained", "explained_sum", "name_covered", "topic", "exact", "tool",
	"best_explained", "best_topic", "best_concept", "best_covered",
}

// figures are the features of one candidate.
type figures [featureCount]float32

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
	stray    float32 // share of its topics that are no matter of IT
	features []figures
	shares   []float32
	chatty   bool // whether it can be no question at all
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

// conceptual matches what the question speaks of with what candidates speak of.
func (s *scored) conceptual() {
	s.concepts = s.concepts[:0]
	thesaurus := s.ix.language.thesaurus
	for _, m := range s.reading.mentions {
		holders := s.ix.held(m.concept)
		weight := s.weigh(m)
		c := &thesaurus.concepts[m.concept]
		if attackConcepts[c.name] {
			s.attack = max(s.attack, m.strength)
		}
		switch {
		case len(holders) > 0:
			s.inside = max(s.inside, m.strength*weight)
			s.light(m, weight, holders)
		case c.outside:
			s.outside = max(s.outside, m.strength*weight)
		default:
			s.unheld = max(s.unheld, m.strength*weight)
			for _, b := range c.broader {
				if holders := s.ix.held(b.concept); len(holders) > 0 {
					wider := mention{m.from, m.to, sense{b.concept, m.strength * b.strength}}
					s.inside = max(s.inside, wider.strength*weight)
					s.light(wider, weight, holders)
				}
			}
		}
	}
	for _, l := range s.concepts {
		holders := s.ix.held(l.concept)
		rare := s.ix.rareness(len(holders))
		for _, h := range holders {
			e := &s.evidence[h.candidate]
			e.name += l.strength * l.weight * rare * float32(h.name) / 255
			e.rest += l.strength * l.weight * rare * float32(h.rest) / 255
		}
	}
}

// weigh is how much the words of a mention say together; a phrase of words
// that say nothing alone says something, and no phrase says everything.
func (s *scored) weigh(m mention) float32 {
	var w float32
	for _, u := range s.reading.units[m.from:m.to] {
		if !u.denied {
			w += max(u.weight, 0.3)
		}
	}
	return min(w, 2)
}

// light notes a mention of a concept. Mentioned twice, it counts once, as its
// stronger mention.
func (s *scored) light(m mention, weight float32, holders []holder) {
	rare := s.ix.rareness(len(holders))
	for _, h := range holders {
		gain := m.strength * rare * max(float32(h.name), conceptMatch*float32(h.rest)) / 255
		for i := m.from; i < m.to; i++ {
			s.match(h.candidate, i, gain)
		}
	}
	for i := range s.concepts {
		if l := &s.concepts[i]; l.concept == m.concept {
			if m.strength*weight > l.strength*l.weight {
				l.strength, l.weight = m.strength, weight
			}
			return
		}
	}
	s.concepts = append(s.concepts, lit{m.concept, m.strength, weight})
}

// describe works out the features of every candidate.
func (s *scored) describe() {
	s.features = zeroed(s.features, len(s.evidence))
	total := max(s.total, 0.5)
	for h := range s.evidence {
		e, f := &s.evidence[h], &s.features[h]
		f[fBias] = 1
		f[fName] = sqrt(e.fields[fieldName] / total)
		f[fAlias] = sqrt(e.fields[fieldAlias] / total)
		f[fDescription] = sqrt(e.fields[fieldDescription] / total)
		f[fExtra] = sqrt(e.fields[fieldExtra] / total)
		f[fConceptName] = sqrt(min(e.name, 3) / 2)
		f[fConceptRest] = sqrt(min(e.rest, 3) / 2)
		f[fNear] = sqrt(e.near / total)
		f[fExplained] = e.sum / total
		for _, k := range s.ix.topicsOf(h) {
			f[fTopic] += float32(k.weight) / 255 * s.topics[k.concept]
		}
		f[fExplainedSum] = sqrt(min(e.sum, 4)) / 2
		if e.fields[fieldName]+e.fields[fieldAlias] > 0 { // or no word of a name stands in the question
			s.covered(h, f)
		}
	}
	s.inherit()
	s.compare()
}

// inherit gives a row part of what speaks for its tool: who asks for a product
// and "who" means the row that works with it.
func (s *scored) inherit() {
	for h := range s.features {
		if c := &s.ix.candidates[h]; int(c.tool) != h {
			t := &s.features[c.tool]
			s.features[h][fTool] = max(t[fAlias], t[fConceptName]) / sqrt(float32(c.sharing))
		}
	}
}

// compare marks how near each candidate comes to having most of a figure.
func (s *scored) compare() {
	var most [4]float32
	for h := range s.features {
		for i, x := range s.features[h].compared() {
			most[i] = max(most[i], x)
		}
	}
	for h := range s.features {
		f := &s.features[h]
		for i, x := range f.compared() {
			if most[i] > 0 {
				x /= most[i]
				f[fBestExplained+feature(i)] = x * x * x * x
			}
		}
	}
}

// compared returns the figures behind fBestExplained and the ones after it.
func (f *figures) compared() [4]float32 {
	return [4]float32{f[fExplained], f[fTopic], f[fConceptName] + f[fConceptRest], f[fNameCovered]}
}

// covered works out how much of a name of candidate h the question holds.
func (s *scored) covered(h int, f *figures) {
	from, to := s.ix.namesOf(h)
	for n := from; n < to; n++ {
		weight := s.ix.names[n].weight
		if weight == 0 {
			continue
		}
		var hit float32
		stems, says := s.ix.stemsOf(n)
		for i, stem := range stems {
			if says[i] > 0 && s.holds(stem) {
				hit += float32(says[i]) / 255
			}
		}
		f[fNameCovered] = max(f[fNameCovered], hit/weight)
		if hit > 0.98*weight {
			f[fExact] = max(f[fExact], min(1, 0.4+0.3*float32(len(stems)))*min(1, weight))
		}
	}
}

func (s *scored) holds(stem stemID) bool {
	for i := range s.reading.units {
		if u := &s.reading.units[i]; u.stem == stem && u.weight > 0 {
			return true
		}
	}
	return false
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

// topical projects the question into the space of concepts.
func (s *scored) topical() {
	thesaurus := s.ix.language.thesaurus
	if len(s.topics) == 0 {
		s.topics = make([]float32, len(thesaurus.concepts))
	}
	for _, c := range s.touched {
		s.topics[c] = 0
	}
	s.touched = s.touched[:0]
	for i := range s.reading.units {
		if u := &s.reading.units[i]; u.weight > 0 {
			s.touched = s.ix.language.topics.project(s.topics, s.touched, u.stem, u.weight)
		}
	}
	for _, m := range s.reading.mentions {
		s.touched = touch(s.topics, s.touched, int16(m.concept), mentionTopic*m.strength)
	}
	var length, outside float32
	for _, c := range s.touched {
		square := s.topics[c] * s.topics[c]
		length += square
		if thesaurus.concepts[c].outside {
			outside += square
		}
	}
	s.stray = 0
	if length > 0 {
		s.stray = outside / length
		length = sqrt(length)
	}
	for _, c := range s.touched {
		s.topics[c] /= length
	}
}
