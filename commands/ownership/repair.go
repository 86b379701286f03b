package ownership

import "math/bits"

// minRepair is the shortest word, in bytes, that is ever repaired.
const minRepair = 4

// speller finds the word that a misspelt one was meant to be. Its words lie in
// buckets by first letter and length, each with the set of its letters: two
// words that are a few slips apart share nearly all of them, so that most words
// are passed over without being compared.
type speller map[[2]byte][]spelt

type spelt struct {
	word    string
	letters uint32
}

func (s *speller) add(e *entry) {
	if *s == nil {
		*s = speller{}
	}
	key := [2]byte{e.text[0], byte(len(e.text))}
	(*s)[key] = append((*s)[key], spelt{e.text, e.letters})
}

// letters is the set of a word's letters, a bit for each.
func letters(w string) uint32 {
	var set uint32
	for i := range len(w) {
		set |= 1 << (w[i] & 31)
	}
	return set
}

// guess is the best word found so far and how many slips it is away.
type guess struct {
	word  string
	slips int
}

// consider takes v for the better guess if it is nearer to w.
func (g *guess) consider(w string, set uint32, v string, letters uint32, limit int) {
	if bits.OnesCount32(letters^set) > 2*limit || !near(len(v), len(w), limit) {
		return
	}
	if slips := distance(w, v, limit); slips < g.slips {
		*g = guess{v, slips}
	}
}

func (s speller) search(g *guess, w string, set uint32, first byte, limit int) {
	for n := len(w) - limit; n <= len(w)+limit; n++ {
		for _, v := range s[[2]byte{first, byte(n)}] {
			g.consider(w, set, v.word, v.letters, limit)
		}
	}
}

// repair finds the word that a misspelt one was meant to be: the engagement's
// own words go before those of the thesaurus and the commonest of English when
// both are as near. One slip is allowed in a word of four letters, two from
// seven on; the first letter may be wrong only where it and the second were
// swapped.
func (ix *Index) repair(w string) (string, bool) {
	if len(w) < minRepair || len(w) > 24 || w[0] >= 0x80 || digits(w) || ix.isName(w) {
		return "", false
	}
	set := letters(w)
	for _, first := range [2]byte{w[0], w[1]} {
		for limit := 1; limit <= slips(w); limit++ {
			best := guess{slips: limit + 1}
			for _, id := range ix.from(string(first)) {
				text, _ := ix.word(id)
				if text[0] != first {
					break
				}
				if near(len(text), len(w), limit) {
					best.consider(w, set, text, letters(text), limit)
				}
			}
			ix.language.spelling.search(&best, w, set, first, limit)
			if best.word != "" {
				return best.word, true
			}
		}
	}
	return "", false
}

// slips is how many are forgiven in a word.
func slips(w string) int {
	if len(w) >= 7 {
		return 2
	}
	return 1
}

func near(a, b, limit int) bool { return a-b <= limit && b-a <= limit }

func digits(w string) bool {
	for i := range len(w) {
		if w[i] >= '0' && w[i] <= '9' {
			return true
		}
	}
	return false
}

// distance is the optimal-string-alignment distance of two words (insertions,
// deletions, substitutions, neighbours swapped), or limit+1 if it is more.
func distance(a, b string, limit int) int {
	var rows [3][27]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	if len(b) >= len(row) {
		return limit + 1
	}
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
