package store

import (
	"slices"
	"strings"
)

// Nearest returns the candidate that the word most likely was meant to be: the
// one with the fewest slips of the keyboard (a letter added, left out, replaced,
// or two swapped), if those are few for the word's length; failing that, the
// only one of which the word is a shorter or longer form. Case, and - against
// _ or space, cost nothing. The first of equals wins.
func Nearest(word string, candidates []string) (string, bool) {
	const longest = 64 // no key or id that is right is longer
	folded := []rune(foldName(word))
	if len(folded) == 0 || len(folded) > longest {
		return "", false
	}
	best, distance := "", allowedSlips(len(folded))+1
	for _, c := range candidates {
		other := []rune(foldName(c))
		if len(other) == 0 || len(other) > longest {
			continue
		}
		if d := slips(folded, other); d < distance {
			best, distance = c, d
		}
	}
	if best == "" {
		best = shortened(string(folded), candidates)
	}
	return best, best != ""
}

// shortened returns the only candidate that begins with the word or that the
// word begins with: coord for coordination, JANUARY for JAN.
func shortened(word string, candidates []string) string {
	const shortest = 3
	found := ""
	for _, c := range candidates {
		other := foldName(c)
		if len(word) < shortest || len(other) < shortest || !strings.HasPrefix(other, word) && !strings.HasPrefix(word, other) {
			continue
		}
		if found != "" {
			return ""
		}
		found = c
	}
	return found
}

func foldName(s string) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(strings.TrimSpace(s)))
}

// allowedSlips is a third of the length: one in three or four letters, two in
// seven. In a word of two letters any slip makes another word.
func allowedSlips(length int) int {
	if length < 3 {
		return 0
	}
	return min(max(1, length/3), 3)
}

// slips is the optimal string alignment distance (Damerau-Levenshtein without
// moves across a swap).
func slips(a, b []rune) int {
	before, previous := make([]int, len(b)+1), make([]int, len(b)+1)
	current := make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}

// didYouMean returns a hint, or "" if no candidate is near.
func didYouMean(word string, candidates []string) string {
	if near, ok := Nearest(word, candidates); ok {
		return `did you mean "` + near + `"?`
	}
	return ""
}

// oneOf returns the nearest candidate as a hint, or else all of them.
func oneOf(word string, candidates []string) string {
	if hint := didYouMean(word, candidates); hint != "" {
		return hint
	}
	if len(candidates) == 1 {
		return "it can only be " + candidates[0]
	}
	last := len(candidates) - 1
	return "it can be " + strings.Join(slices.Clone(candidates[:last]), ", ") + " or " + candidates[last]
}
