package main

import (
	"bytes"
	"net/mail"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/store"
)

// utcStamp is the form of an instant in an iCalendar file (RFC 5545, 3.3.5). All
// are written in UTC, so that no reader needs to know the zone or its rules.
const utcStamp = "20060102T150405Z"

// icalendar writes the due dates as an iCalendar file. Those that are skipped
// are left out. As there is no METHOD, nobody is invited by reading it, and
// DTSTAMP is when what it says was last revised (3.8.7.2): now.
func icalendar(e *store.Engagement, u commands.Upcoming, now time.Time) ([]byte, error) {
	c := ics.NewCalendarFor("Tandem")
	c.SetProductId("-//Tandem//Schedule//EN")
	c.SetXWRCalName(icsText(e.Client + " and " + e.MSP))
	for i := range u.Due {
		if due := &u.Due[i]; due.Skipped == "" {
			c.AddVEvent(event(e, due, now))
		}
	}
	var out bytes.Buffer
	if err := c.SerializeTo(&out, ics.WithNewLine("\r\n")); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func event(e *store.Engagement, due *commands.DueDate, now time.Time) *ics.VEvent {
	cadence := cadenceOf(e, due.Cadence)
	v := ics.NewEvent(due.Cadence + "." + strings.ReplaceAll(due.Civil, ":", "") + "." + e.ID + "@tandem")
	v.SetDtStampTime(now)
	v.SetStartAt(due.Due) // without an end: when it is due, not how long it takes
	v.SetSummary(icsText(due.Name + " (" + e.Client + ")"))
	v.SetDescription(description(e, cadence, due))
	people(v, e, cadence)
	for _, at := range due.Reminders {
		alarm := v.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetDescription(icsText(due.Name))
		alarm.SetTrigger(at.UTC().Format(utcStamp), ics.WithValue(string(ics.ValueDataTypeDateTime)))
	}
	return v
}

func cadenceOf(e *store.Engagement, id string) store.Cadence {
	for _, c := range e.Cadences {
		if c.ID == id {
			return c
		}
	}
	return store.Cadence{ID: id}
}

// description says what a person wants to know who opens the entry.
func description(e *store.Engagement, c store.Cadence, due *commands.DueDate) string {
	lines := []string{e.Client + " and " + e.MSP}
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+": "+text)
		}
	}
	if p, ok := e.Person(c.Owner); ok {
		add("Owner", p.Name)
	}
	add("Channel", c.Channel)
	if due.Moved {
		day, _, _ := strings.Cut(due.Civil, "T")
		add("Moved", "from "+day+", "+due.Holiday)
	}
	add("Agenda", strings.Join(c.Agenda, "; "))
	add("Questions", strings.Join(c.Questions, " "))
	for i := range lines {
		lines[i] = icsText(lines[i])
	}
	return strings.Join(lines, "\n")
}

// people names the owner as the organizer and who is expected as attendees, as
// far as they have an e-mail. An entry with attendees has to have an organizer
// (3.8.4.1), so without one nobody is named.
func people(v *ics.VEvent, e *store.Engagement, c store.Cadence) {
	owner, ok := e.Person(c.Owner)
	if !ok || address(owner) == "" {
		return
	}
	v.SetOrganizer(address(owner), ics.WithCN(commonName(owner.Name)))
	for _, id := range c.Expects {
		if p, ok := e.Person(id); ok && address(p) != "" {
			v.AddAttendee(address(p), ics.WithCN(commonName(p.Name)), ics.ParticipationRoleReqParticipant)
		}
	}
}

// address is the person's e-mail as a URI, "" if it is none.
func address(p *store.Person) string {
	parsed, err := mail.ParseAddress(p.Email)
	if err != nil || parsed.Address != p.Email || strings.ContainsAny(p.Email, "\"%?#& ") {
		return ""
	}
	return "mailto:" + p.Email
}

// commonName is a name as a parameter. There a backslash escapes nothing and a
// quotation mark cannot stand (3.2), but the library writes the first and would
// need the second. So the marks that have a meaning become others.
func commonName(name string) string {
	return strings.Join(strings.Fields(parameterMarks.Replace(card.Clean(name))), " ")
}

var parameterMarks = strings.NewReplacer(
	"'", "\u2019", `"`, "\u201d", ",", " ", ";", " ", ":", " ", `\`, " ", "^", " ",
)

// icsText is one line of text. The library escapes what has a meaning in it.
func icsText(text string) string { return card.Clean(text) }
