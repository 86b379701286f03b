package card

import (
	"strconv"
	"strings"
	"time"
)

// The words that cards are written in, so that every room says them alike.

// Count says a number of things: 1 day, 12 days.
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// And joins words as a sentence does: a; a and b; a, b and c.
func And(words []string) string { return series(words, " and ") }

// Or is [And] for alternatives.
func Or(words []string) string { return series(words, " or ") }

func series(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return strings.Join(words[:end], ", ") + last + words[end]
}

// Zone says the zone of an instant: its letters, EST, or where it has none
// (-03, +0545) what that means, UTC-3, UTC+5:45.
func Zone(t time.Time) string {
	name, offset := t.Zone()
	if !strings.HasPrefix(name, "+") && !strings.HasPrefix(name, "-") {
		return name
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	text := "UTC" + sign + strconv.Itoa(offset/3600)
	if minutes := offset / 60 % 60; minutes > 0 {
		text += ":" + strconv.Itoa(minutes/10) + strconv.Itoa(minutes%10)
	}
	return text
}
