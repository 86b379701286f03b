package drift

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/tandem-bot/tandem/store"
)

// plainWords are first words of a cadence's name that lose their capital after
// "the"; any other may be a name and keeps it.
var plainWords = map[string]bool{
	"annual": true, "attestation": true, "backup": true, "biweekly": true, "business": true, "daily": true,
	"executive": true, "fortnightly": true, "half-yearly": true, "incident": true, "matrix": true, "monthly": true,
	"operational": true, "quarterly": true, "report": true, "restore": true, "review": true, "security": true,
	"semiannual": true, "standup": true, "tabletop": true, "tested": true, "weekly": true, "yearly": true,
}

// the returns the name as it stands in a sentence: "the weekly standup".
func the(name string) string {
	first, _, _ := strings.Cut(name, " ")
	switch lower := strings.ToLower(first); {
	case lower == "the":
		return "the" + name[len(first):]
	case plainWords[lower]:
		return "the " + lower + name[len(first):]
	}
	return "the " + name
}

// sentence begins a text with a capital.
func sentence(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// count says a number of things: 1 day, 12 days.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// times says small numbers as words.
func times(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

func number(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// hundredths rounds a ratio, but never up to a limit that it has not reached:
// 1.499 is 1.49.
func hundredths(ratio float64) string {
	rounded := math.Round(ratio*100) / 100
	for _, limit := range []float64{stretchedFrom, 1.75, 2.5, 3.5} {
		if ratio < limit && rounded >= limit {
			rounded = limit - 0.01
		}
	}
	return fmt.Sprintf("%.2f", rounded)
}

// everyDays says a mean gap: "every 16 days".
func everyDays(mean float64) string {
	if n := int(math.Round(mean)); n != 1 {
		return "every " + strconv.Itoa(n) + " days"
	}
	return "every day"
}

// date says a day of this year or, with its year, of another.
func (v *view) date(d store.Date) string {
	if d.Year == v.today.Year {
		return noon(d).Format("2 Jan")
	}
	return fullDate(d)
}

func fullDate(d store.Date) string { return noon(d).Format("2 Jan 2006") }

func noon(d store.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }
