package ownership

import "slices"

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
	fVector                // likeness of their places in the space of meanings
	fExact                 // the whole name, or a whole alias, stands in the question
	fWhole                 // … and is all that the question speaks of
	fTool                  // what speaks for the tool of a row, shared among its rows
	fBestExplained         // this and the next: whether no candidate has more
	fBestTopic
	fBestConcept
	fBestCovered
	fBestVector
	featureCount
)

var featureNames = [featureCount]string{
	"bias", "name", "alias", "description", "extra", "concept_name", "concept_rest", "near",
	"explained", "explained_sum", "name_covered", "topic", "vector", "exact", "whole", "tool",
	"best_explained", "best_topic", "best_concept", "best_covered", "best_vector",
}

// figures are the features of one candidate.
type figures [featureCount]float32

// describe works out the features of every candidate.
func (s *scored) describe() {
	s.features = zeroed(s.features, len(s.evidence))
	total := max(s.total, 0.5)
	place := s.place.whole()
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
		concepts, shares := s.ix.topicsOf(h)
		for i, c := range concepts {
			f[fTopic] += float32(shares[i]) * s.topics[c]
		}
		f[fTopic] /= 255
		f[fVector] = max(0, place.along(&s.ix.vectors[h]))
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
	var most [5]float32
	for h := range s.features {
		for i, x := range s.features[h].compared() {
			most[i] = max(most[i], x)
		}
	}
	var share [len(most)]float32 // of the most; none where there is none
	for i, x := range most {
		if x > 0 {
			share[i] = 1 / x
		}
	}
	for h := range s.features {
		f := &s.features[h]
		for i, x := range f.compared() {
			x *= share[i]
			x *= x
			f[fBestExplained+feature(i)] = x * x
		}
	}
}

// compared returns the figures behind fBestExplained and the ones after it.
func (f *figures) compared() [5]float32 {
	return [5]float32{f[fExplained], f[fTopic], f[fConceptName] + f[fConceptRest], f[fNameCovered], f[fVector]}
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
			f[fWhole] = max(f[fWhole], s.spoken(stems)/max(s.total, 0.1))
		}
	}
}

// spoken is the weight of the question's words that are among the stems.
func (s *scored) spoken(stems []stemID) (weight float32) {
	for i := range s.reading.units {
		if u := &s.reading.units[i]; slices.Contains(stems, u.stem) {
			weight += u.weight
		}
	}
	return weight
}

func (s *scored) holds(stem stemID) bool {
	for i := range s.reading.units {
		if u := &s.reading.units[i]; u.stem == stem && u.weight > 0 {
			return true
		}
	}
	return false
}
