package commands

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
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
	return t.Format(layout) + " " + card.Zone(t)
}

// moment says the instant of the answer itself, in full.
func moment(t time.Time) string { return t.Format("Mon 2 Jan 2006 15:04 ") + card.Zone(t) }

// day says a civil day: Tue 5 Jan 2027.
func day(d store.Date) string { return noon(d).Format("Mon 2 Jan 2006") }

// date says a civil day without its weekday: 5 Jan 2027.
func date(d store.Date) string { return noon(d).Format("2 Jan 2006") }

func noon(d store.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

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
