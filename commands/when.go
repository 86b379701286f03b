package commands

import (
	"fmt"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// until says an instant as people do: the weekday where that is enough, the
// date as well from six days on, always with the zone.
func until(t, now time.Time) string {
	layout := "Mon 15:04 MST"
	if t.Sub(now) >= 6*24*time.Hour {
		layout = "Mon 2 Jan 15:04 MST"
	}
	if t.Year() != now.Year() && layout != "Mon 15:04 MST" {
		layout = "Mon 2 Jan 2006 15:04 MST"
	}
	return t.Format(layout)
}

// day says a civil day: Tue 5 Jan 2027.
func day(d store.Date) string {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format("Mon 2 Jan 2006")
}

// date says a civil day without its weekday: 5 Jan 2027.
func date(d store.Date) string {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format("2 Jan 2006")
}

// count says a number of things: 1 day, 12 days.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
