package ownership

import (
	"slices"
	"strings"
)

// Key returns what makes two questions the same: the words that carry meaning,
// mended, by stem, in no order. "who owns the badge printer??" and "badge
// printer, whos that" have one key. It is "" where no word carries any.
func (ix *Index) Key(question string) string {
	r := ix.read(question)
	var keys []string
	for i := range r.units {
		if u := &r.units[i]; u.says && !r.scaffold[u.at] {
			key := u.text
			if u.stem != noStem {
				key = ix.language.lexicon.stemOf(u.text)
			}
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), " ")
}

// Phrase returns the part of a question that could be an alias: from the first
// to the last word that carries meaning, as they were typed.
func (ix *Index) Phrase(question string) string {
	r := ix.read(question)
	var out []string
	last := 0
	for i := range r.units {
		u := &r.units[i]
		if !u.says || r.scaffold[u.at] {
			continue
		}
		if len(out) > 0 {
			out = append(out, r.words[last+1:u.at]...)
		}
		out = append(out, r.words[u.at])
		last = u.at
	}
	return strings.Join(out, " ")
}

func (ix *Index) read(question string) *reading {
	r := &reading{}
	ix.language.read(r, question, ix)
	return r
}
