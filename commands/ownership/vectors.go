package ownership

import "encoding/binary"

const (
	dims          = 64 // of the space of meanings
	packedLength  = dims/2 + 1
	half          = 8   // packed coordinates are 1 to 15, and this is zero
	mentionVector = 0.4 // what a phrase of the thesaurus adds of its concept's place
)

// vector is a place in the space of meanings.
type vector [dims]float32

// packedVector is a vector in half a byte a coordinate, the first half of them
// in the low bits, and what is to be multiplied with them, as a share of 255 of vectorRange.
type packedVector [packedLength]uint8

// vectorRange bounds the coordinates that can be packed.
const vectorRange = 2

// vectors say where in one space each stem and each concept lies, so that a
// text lies near the concepts that it speaks of. They were trained on the terms
// of the thesaurus and on asks.txt (vectors_test.go), starting from vectors of
// how the words of English are used; so they know of a word that no term holds,
// and of the company that words keep, where topics only count them.
type vectors struct {
	ofStem    []packedVector // by stem; the zero vector where nothing is known
	ofConcept []packedVector
}

// loadVectors reads vectors.bin: the number of stems, each after its length and
// with its vector, and then the concepts in the same way, by name. What is new
// in the data since it was made has no place, and is no nearer to anything.
func loadVectors(l *lexicon, t *thesaurus) *vectors {
	raw, err := shipped.ReadFile("vectors.bin")
	if err != nil {
		panic(err) // embedded: cannot happen in a binary that was built
	}
	v := &vectors{ofStem: make([]packedVector, len(l.stems)), ofConcept: make([]packedVector, len(t.concepts))}
	n := int(binary.LittleEndian.Uint32(raw))
	text := string(raw[4:])
	for i := 0; len(text) > 0; i++ {
		end := 1 + int(text[0])
		name, place := text[1:end], text[end:end+packedLength]
		if id, ok := l.stems[name]; ok && i < n {
			copy(v.ofStem[id][:], place)
		} else if c, ok := t.byName[name]; ok && i >= n {
			copy(v.ofConcept[c][:], place)
		}
		text = text[end+packedLength:]
	}
	return v
}

// addStem adds a stem's vector to a sum.
func (v *vectors) addStem(sum *vector, stem stemID, weight float32) {
	if stem >= 0 && int(stem) < len(v.ofStem) {
		sum.add(&v.ofStem[stem], weight)
	}
}

// addConcept adds a concept's vector to a sum.
func (v *vectors) addConcept(sum *vector, m mention, weight float32) {
	sum.add(&v.ofConcept[m.concept], mentionVector*m.strength*weight)
}

func (v *vector) add(p *packedVector, weight float32) {
	scale := weight * p.scale()
	if scale == 0 {
		return
	}
	var steps [16]float32
	for i := range steps {
		steps[i] = scale * float32(i-half)
	}
	low, high := (*[dims / 2]float32)(v[:]), (*[dims / 2]float32)(v[dims/2:])
	for i, b := range (*[dims / 2]uint8)(p[:]) {
		low[i] += steps[b&15]
		high[i] += steps[b>>4]
	}
}

// scale is what the coordinates are to be multiplied with.
func (p *packedVector) scale() float32 {
	return float32(p[dims/2]) * (vectorRange / (255.0 * (half - 1)))
}

// unit gives the vector length one, unless it is zero.
func (v *vector) unit() {
	var square float32
	for _, x := range v {
		square += x * x
	}
	if square == 0 {
		return
	}
	length := sqrt(square)
	for i := range v {
		v[i] /= length
	}
}

// pack rounds a vector. One that lies outside the range is cut off.
func (v *vector) pack() (p packedVector) {
	var most float32
	for _, x := range v {
		most = max(most, x, -x)
	}
	// Rounded up, so that no coordinate has to be cut.
	p[dims/2] = uint8(min(255, int(most/vectorRange*255)+1))
	if most == 0 {
		p[dims/2] = 0
		return p
	}
	scale := p.scale()
	step := func(x float32) uint8 {
		return uint8(half + max(1-half, min(half-1, round(x/scale))))
	}
	for i := range dims / 2 {
		p[i] = step(v[i]) | step(v[dims/2+i])<<4
	}
	return p
}

func round(x float32) int {
	if x < 0 {
		return int(x - 0.5)
	}
	return int(x + 0.5)
}

// whole is a unit vector in whole numbers, for comparing it with many.
type whole struct {
	low, high [dims / 2]int32
	sum       int32
}

// wholeRange is what one becomes in whole numbers.
const wholeRange = 1024

func (v *vector) whole() (w whole) {
	for i := range dims / 2 {
		w.low[i], w.high[i] = int32(round(v[i]*wholeRange)), int32(round(v[dims/2+i]*wholeRange))
		w.sum += w.low[i] + w.high[i]
	}
	return w
}

// along is how far a packed vector goes in the direction of the unit vector:
// their likeness, if it is of length one, too.
func (w *whole) along(p *packedVector) float32 {
	var low, high int32
	for i, b := range (*[dims / 2]uint8)(p[:]) {
		low += w.low[i] * int32(b&15)
		high += w.high[i] * int32(b>>4)
	}
	return float32(low+high-half*w.sum) / wholeRange * p.scale()
}
