package ownership

import (
	"cmp"
	"maps"
	"slices"
)

// topic is a concept with a weight.
type topic struct {
	concept int16
	weight  float32
}

const (
	mentionTopic      = 0.4 // what a phrase of the thesaurus adds to its concept
	topicsOfStem      = 16  // concepts kept for a stem, strongest first
	topicsOfCandidate = 12  // and for a candidate
)

// topics says for each stem which concepts it is used for: the words of all
// terms of a concept, and of what people say when they mean it, as one bag.
// Text is projected into the space of concepts (explicit semantic analysis,
// Gabrilovich and Markovitch, 2007), where a question and a row can be near
// without sharing a word.
type topics struct {
	ofStem [][]topic
}

// bagger counts the stems of each concept while the thesaurus is read.
type bagger struct {
	counts []map[stemID]float32 // by concept
}

func (b *bagger) add(concept int32, stem stemID, n float32) {
	for len(b.counts) <= int(concept) {
		b.counts = append(b.counts, map[stemID]float32{})
	}
	b.counts[concept][stem] += n
}

// finish weighs the counts: the logarithm of how often a concept uses a stem,
// times how few concepts use it, each concept to length one.
func (b *bagger) finish(stems int) *topics {
	df := make([]float32, stems)
	for _, bag := range b.counts {
		for stem := range bag {
			df[stem]++
		}
	}
	t := &topics{ofStem: make([][]topic, stems)}
	n := float32(len(b.counts))
	rare := df
	for stem := range rare {
		rare[stem] = log(1 + n/max(1, df[stem]))
	}
	for c, bag := range b.counts {
		order := slices.Sorted(maps.Keys(bag)) // sums of floats must not depend on a map's order
		var length float32
		for _, stem := range order {
			w := log(1+bag[stem]) * rare[stem]
			length += w * w
		}
		length = sqrt(length)
		for _, stem := range order {
			w := log(1+bag[stem]) * rare[stem] / length * rare[stem]
			t.ofStem[stem] = append(t.ofStem[stem], topic{int16(c), w})
		}
	}
	for stem, list := range t.ofStem {
		slices.SortStableFunc(list, func(a, b topic) int { return cmp.Compare(b.weight, a.weight) })
		t.ofStem[stem] = slices.Clone(list[:min(len(list), topicsOfStem)])
	}
	return t
}

// project adds a stem's concepts to a sum by concept, and notes which it touched.
func (t *topics) project(sum []float32, touched []int16, stem stemID, weight float32) []int16 {
	if stem < 0 || int(stem) >= len(t.ofStem) {
		return touched
	}
	for _, k := range t.ofStem[stem] {
		touched = touch(sum, touched, k.concept, weight*k.weight)
	}
	return touched
}

// touch adds to one concept's sum, and notes the concept if that is new.
func touch(sum []float32, touched []int16, concept int16, weight float32) []int16 {
	if weight == 0 {
		return touched
	}
	if sum[concept] == 0 {
		touched = append(touched, concept)
	}
	sum[concept] += weight
	return touched
}
