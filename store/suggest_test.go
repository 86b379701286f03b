package store_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

func TestNearest(t *testing.T) {
	keys := []string{"after_hours", "business_hours", "holidays", "id", "msp", "time_zone", "coordination", "helpdesk-split"}
	tests := []struct{ word, want string }{
		{"after_hour", "after_hours"},
		{"After-Hours", "after_hours"},
		{"afterhours", "after_hours"},
		{"holydays", "holidays"},
		{"holidasy", "holidays"},
		{"timezone", "time_zone"},
		{"helpdesk split", "helpdesk-split"},
		{"coord", "coordination"},
		{"mps", "msp"},
		{"msps", "msp"},
		{"di", ""}, // two letters: any slip makes another word
		{"colour", ""},
		{"", ""},
		{"   ", ""},
		{strings.Repeat("x", 100), ""},
		{"мария", ""},
	}
	for _, tt := range tests {
		got, ok := store.Nearest(tt.word, keys)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: got %q, want %q", tt.word, got, tt.want)
		}
	}
	if got, ok := store.Nearest("anything", nil); ok {
		t.Errorf("of nothing %q is the nearest", got)
	}
}

// A candidate is its own nearest, and so is one with a single slip in a long word.
func TestNearestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{6,20}`), 1, 8, rapid.ID[string]).Draw(t, "words")
		word := rapid.SampledFrom(words).Draw(t, "word")
		if got, ok := store.Nearest(word, words); !ok || got != word {
			t.Fatalf("%q: %q", word, got)
		}
		i := rapid.IntRange(0, len(word)-1).Draw(t, "at")
		if got, ok := store.Nearest(word[:i]+"_"+word[i+1:], []string{word}); !ok || got != word {
			t.Fatalf("%q with a slip at %d: %q", word, i, got)
		}
	})
}
