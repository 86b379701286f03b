package commands

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// farOff is from when on a weekday alone could be taken for this week's.
const farOff = 6 * 24 * time.Hour

// instant says a coming instant as people do: the weekday where that is
// enough, the date as well from six days on, the year where it is another,
// always with the zone, which is that of now.
func instant(t, now time.Time) string {
	t = t.In(now.Location())
	layout := "Mon 15:04"
	switch far := t.Sub(now) >= farOff; {
	case far && t.Year() != now.Year():
		layout = "Mon 2 Jan 2006 15:04"
	case far:
		layout = "Mon 2 Jan 15:04"
	}
	return t.Format(layout) + " " + zone(t)
}

// moment says the instant of the answer itself, in full.
func moment(t time.Time) string { return t.Format("Mon 2 Jan 2006 15:04 ") + zone(t) }

// zone says the zone of an instant: its letters, EST, or where it has none
// (-03, +0545) what that means, UTC-3, UTC+5:45.
func zone(t time.Time) string {
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

// day says a civil day: Tue 5 Jan 2027.
func day(d store.Date) string { return noon(d).Format("Mon 2 Jan 2006") }

// date says a civil day without its weekday: 5 Jan 2027.
func date(d store.Date) string { return noon(d).Format("2 Jan 2006") }

func noon(d store.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// count says a number of things: 1 day, 12 days.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// and joins words as a sentence does: a; a and b; a, b and c.
func and(words []string) string { return series(words, " and ") }

// or is [and] for alternatives.
func or(words []string) string { return series(words, " or ") }

func series(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return strings.Join(words[:end], ", ") + last + words[end]
}

// unique drops what was said before, in place.
func unique(words []string) []string {
	out := words[:0]
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
