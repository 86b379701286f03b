package ownership

import (
	"encoding/binary"
	"iter"
)

// wordTable holds the commonest words of English and the thesaurus's own, in
// order of frequency, each with the words that are used most like it. See
// distill for how it is made and NOTICE for whose vectors it comes from.
type wordTable struct {
	words []string
	stems []string
	near  [][]byte // of each word: three bytes a neighbour, word and similarity
}

func loadWords() *wordTable {
	raw, err := shipped.ReadFile("words.bin")
	if err != nil {
		panic(err) // embedded: cannot happen in a binary that was built
	}
	n := int(binary.LittleEndian.Uint32(raw))
	t := &wordTable{words: make([]string, n), stems: make([]string, n), near: make([][]byte, n)}
	text := string(raw)
	at := 4
	for i := range t.words {
		l := int(raw[at])
		t.words[i] = text[at+1 : at+1+l]
		at += 1 + l
		same, more := int(raw[at]), int(raw[at+1])
		t.stems[i] = t.words[i][:same]
		if more > 0 {
			t.stems[i] += text[at+2 : at+2+more]
		}
		at += 2 + more
	}
	for i := range t.near {
		l := 3 * int(raw[at])
		t.near[i] = raw[at+1 : at+1+l]
		at += 1 + l
	}
	return t
}

// neighbours yields the rows of like use and how alike they are, 0 to 1.
func (t *wordTable) neighbours(row int32) iter.Seq2[int32, float32] {
	return func(yield func(int32, float32) bool) {
		for near := t.near[row]; len(near) > 0; near = near[3:] {
			if !yield(int32(binary.LittleEndian.Uint16(near)), float32(near[2])/255) {
				return
			}
		}
	}
}
