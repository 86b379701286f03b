package scheduler

import (
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

// pen writes cards of one engagement, as of one instant.
type pen struct {
	e   *store.Engagement
	cal *calendar.Calendar
	at  time.Time
}

// name returns what to call a person; who is not known is called by the id.
func (p pen) name(id string) string {
	if person, ok := p.e.Person(id); ok {
		return person.Name
	}
	return id
}

func (p pen) names(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.name(id)
	}
	return card.And(names)
}

// when says an instant with its day and its zone, and with the year where it is
// another than that of the card.
func (p pen) when(t time.Time) string {
	t = p.cal.Local(t)
	layout := "Mon 2 Jan 15:04"
	if t.Year() != p.cal.Local(p.at).Year() {
		layout = "Mon 2 Jan 2006 15:04"
	}
	return t.Format(layout) + " " + card.Zone(t)
}

// day says a day without its time, always with the year.
func (p pen) day(t time.Time) string { return p.cal.Local(t).Format("Mon 2 Jan 2006") }

// age says how long ago something was, in days.
func (p pen) age(since time.Time) string {
	days := store.DateOf(p.cal.Local(since)).DaysUntil(store.DateOf(p.cal.Local(p.at)))
	switch {
	case days <= 0:
		return "since today"
	case days == 1:
		return "since yesterday"
	default:
		return "for " + card.Count(days, "day")
	}
}

// ref is the name of an occurrence in a command.
func ref(o *store.Occurrence) string { return o.Cadence + "@" + o.Civil }

func short(d store.Date) string {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Format("2 Jan 2006")
}
