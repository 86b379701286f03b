package calendar

import (
	"slices"
	"strings"
)

// suggest returns the name that was probably meant. For a region that is not
// known it is another of the country, or the country.
func suggest(s string, names []string) string {
	code, _, regional := strings.Cut(s, "-")
	if !regional || !slices.Contains(names, code) {
		return nearest(s, names)
	}
	var ofCountry []string
	for _, name := range names {
		if name == code || strings.HasPrefix(name, code+"-") {
			ofCountry = append(ofCountry, name)
		}
	}
	return nearest(s, ofCountry)
}

// nearest returns the name with the fewest edits to s, the first of equals.
func nearest(s string, names []string) string {
	s = shorten(s)
	best, fewest := "", -1
	for _, name := range names {
		if n := edits(s, name); fewest < 0 || n < fewest {
			best, fewest = name, n
		}
	}
	return best
}

// edits is the Levenshtein distance in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
