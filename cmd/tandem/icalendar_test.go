package main

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
)

// component is one part of an iCalendar file as the strict reader below has it.
type component struct {
	name       string
	properties map[string][]property
	parts      []*component
}

type property struct {
	parameters map[string]string
	value      string
}

// one returns the only property of the name, or says what is wrong with that.
func (c *component) one(name string) (string, error) {
	if n := len(c.properties[name]); n != 1 {
		return "", fmt.Errorf("%s has %d %s, not one", c.name, n, name)
	}
	return c.properties[name][0].value, nil
}

// contentLine is a property by RFC 5545, 3.1: parameters are plain, or quoted
// where they hold a mark, and no backslash escapes anything in them.
var contentLine = regexp.MustCompile(`^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\\\x00-\x1f]*))*):([^\x00-\x1f\x7f]*)$`)

// readStrictly reads an iCalendar file and takes nothing that RFC 5545 refuses
// in what Tandem writes: the ends of lines, their length in octets, folds within
// a character, marks in parameters, the properties that each part must have.
func readStrictly(text []byte) (*component, error) {
	if !bytes.HasSuffix(text, []byte("\r\n")) {
		return nil, errors.New("the last line has no end")
	}
	var lines []string
	for physical := range strings.SplitSeq(strings.TrimSuffix(string(text), "\r\n"), "\r\n") {
		switch {
		case strings.ContainsAny(physical, "\r\n"):
			return nil, fmt.Errorf("a bare line break in %q", physical)
		case len(physical) > 75:
			return nil, fmt.Errorf("%d octets in %q", len(physical), physical)
		case !utf8.ValidString(physical):
			return nil, fmt.Errorf("a fold within a character: %q", physical)
		}
		if rest, folded := strings.CutPrefix(physical, " "); folded && len(lines) > 0 {
			lines[len(lines)-1] += rest
			continue
		}
		lines = append(lines, physical)
	}
	top := &component{}
	open := []*component{top}
	for _, l := range lines {
		parts := contentLine.FindStringSubmatch(l)
		if parts == nil {
			return nil, fmt.Errorf("%q is no property", l)
		}
		here := open[len(open)-1]
		switch name, value := parts[1], parts[3]; name {
		case "BEGIN":
			c := &component{name: value, properties: map[string][]property{}}
			here.parts = append(here.parts, c)
			open = append(open, c)
		case "END":
			if here.name != value {
				return nil, fmt.Errorf("%s ends within %s", value, here.name)
			}
			open = open[:len(open)-1]
		default:
			p := property{parameters: map[string]string{}, value: value}
			for _, parameter := range strings.FieldsFunc(parts[2], func(r rune) bool { return r == ';' }) {
				key, v, _ := strings.Cut(parameter, "=")
				p.parameters[key] = v
			}
			here.properties[name] = append(here.properties[name], p)
		}
	}
	if len(open) != 1 || len(top.parts) != 1 || top.parts[0].name != "VCALENDAR" {
		return nil, errors.New("not one whole VCALENDAR")
	}
	return top.parts[0], checkCalendar(top.parts[0])
}

func checkCalendar(c *component) error {
	version, err := c.one("VERSION")
	if err != nil || version != "2.0" {
		return fmt.Errorf("version %q, %w", version, err)
	}
	if _, err := c.one("PRODID"); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, v := range c.parts {
		uid, err := v.one("UID")
		if err != nil || v.name != "VEVENT" || seen[uid] {
			return fmt.Errorf("%s %s is there twice, or %w", v.name, uid, err)
		}
		seen[uid] = true
		if err := checkEvent(v); err != nil {
			return fmt.Errorf("%s: %w", uid, err)
		}
	}
	return nil
}

func checkEvent(v *component) error {
	for _, name := range []string{"DTSTAMP", "DTSTART"} {
		at, err := v.one(name)
		if err != nil {
			return err
		}
		if _, err := time.Parse(utcStamp, at); err != nil {
			return err
		}
	}
	for _, name := range []string{"SUMMARY", "DESCRIPTION"} {
		if _, err := v.one(name); err != nil {
			return err
		}
	}
	if len(v.properties["ATTENDEE"]) > 0 && len(v.properties["ORGANIZER"]) != 1 {
		return errors.New("attendees without an organizer")
	}
	for _, p := range slices.Concat(v.properties["ATTENDEE"], v.properties["ORGANIZER"]) {
		if !regexp.MustCompile(`^mailto:[^\s@]+@[^\s@]+$`).MatchString(p.value) {
			return fmt.Errorf("%q is no address", p.value)
		}
	}
	for _, alarm := range v.parts {
		action, err := alarm.one("ACTION")
		if err != nil || alarm.name != "VALARM" || action != "DISPLAY" {
			return fmt.Errorf("a %s that does %q, %w", alarm.name, action, err)
		}
		if _, err := alarm.one("DESCRIPTION"); err != nil {
			return err
		}
		trigger, err := alarm.one("TRIGGER")
		if err != nil {
			return err
		}
		if _, err := time.Parse(utcStamp, trigger); err != nil || alarm.properties["TRIGGER"][0].parameters["VALUE"] != "DATE-TIME" {
			return fmt.Errorf("trigger %q, %w", trigger, err)
		}
	}
	return nil
}

// upcoming is what is due in an engagement in the ninety days from an instant.
func upcoming(t *testing.T, e *store.Engagement, at time.Time) commands.Upcoming {
	t.Helper()
	desk, err := commands.NewDesk(e, nil)
	if err != nil {
		t.Fatal(err)
	}
	return desk.Upcoming(at, at.AddDate(0, 0, scheduleDays))
}

func readSampleFile(tb testing.TB) *store.Engagement {
	tb.Helper()
	text, err := sampleText(sampleFile)
	if err != nil {
		tb.Fatal(err)
	}
	e, report := engagement.Parse(sampleFile, text, engagement.Options{})
	if err := report.Err(); err != nil {
		tb.Fatal(err)
	}
	return e
}

var wednesday = time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)

func TestICalendar(t *testing.T) {
	e := readSampleFile(t)
	u := upcoming(t, e, wednesday)
	text, err := icalendar(e, u, wednesday)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readStrictly(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	again, err := ics.ParseCalendar(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.parts) != len(u.Due) || len(again.Events()) != len(u.Due) {
		t.Fatalf("%d entries, %d read back, %d due dates", len(c.parts), len(again.Events()), len(u.Due))
	}
	for i, v := range again.Events() {
		due := &u.Due[i]
		start, err := v.GetStartAt()
		if err != nil || !start.Equal(due.Due) || len(v.Alarms()) != len(due.Reminders) {
			t.Errorf("%s: %s, %d alarms, %v", due.Name, start, len(v.Alarms()), err)
		}
		if got := v.GetProperty(ics.ComponentPropertySummary).Value; got != due.Name+" ("+e.Client+")" {
			t.Errorf("summary %q", got)
		}
		for j, alarm := range v.Alarms() {
			if got := alarm.GetProperty(ics.ComponentPropertyTrigger).Value; got != due.Reminders[j].UTC().Format(utcStamp) {
				t.Errorf("%s: alarm at %s, want %s", due.Name, got, due.Reminders[j])
			}
		}
	}
	qbr := c.parts[slices.IndexFunc(u.Due, func(d commands.DueDate) bool { return d.Cadence == "qbr" })]
	if got := qbr.properties["ORGANIZER"][0]; got.value != "mailto:devon@palmettoridge.example" || got.parameters["CN"] != "Devon Pruitt" {
		t.Errorf("organizer %+v", got)
	}
	if got := qbr.properties["DESCRIPTION"][0].value; !strings.HasSuffix(got, `\nAgenda: Risks and roadmap\; Budget\; Insurance renewal`) {
		t.Errorf("description %q", got)
	}
	// The same dates written later are the same entries.
	later, err := icalendar(e, u, wednesday.Add(time.Hour))
	if err != nil || !bytes.Equal(bytes.ReplaceAll(later, []byte("20261125T160000Z"), []byte("20261125T150000Z")), text) {
		t.Errorf("more than the stamp differs: %v", err)
	}
}

func TestICalendarLeavesOutWhatIsSkipped(t *testing.T) {
	e := readSampleFile(t)
	e.Cadences = e.Cadences[:1]
	e.Cadences[0].OnHoliday = store.HolidaySkip
	u := upcoming(t, e, wednesday)
	text, err := icalendar(e, u, wednesday)
	if n := bytes.Count(text, []byte("BEGIN:VEVENT")); err != nil || n != len(u.Due)-2 || bytes.Contains(text, []byte("2027-01-18")) {
		t.Errorf("%d of %d entries, %v", n, len(u.Due), err)
	}
}

// An entry with attendees needs an organizer, and nobody without an e-mail is named.
func TestICalendarWithoutAddresses(t *testing.T) {
	e := readSampleFile(t)
	for i := range e.People {
		if e.People[i].ID == "devon" {
			e.People[i].Email = ""
		}
	}
	text, err := icalendar(e, upcoming(t, e, wednesday), wednesday)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readStrictly(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range c.parts {
		named := len(v.properties["ATTENDEE"])
		if devons := strings.Contains(v.properties["UID"][0].value, "qbr"); devons && named != 0 || !devons && strings.HasPrefix(v.properties["UID"][0].value, "weekly") && named != 3 {
			t.Errorf("%s: %d attendees", v.properties["UID"][0].value, named)
		}
	}
}

// Whatever people write into names, agendas and addresses, the file stays a
// calendar, and the texts come back as they read on a card.
func FuzzICalendar(f *testing.F) {
	f.Add("Weekly standup", "Risks, roadmap; budget", "Pat O'Brien", "pat@example.com")
	f.Add("a\r\nBEGIN:VALARM", `back\slash, "quotes" and: colons`, `Lind, "Bo"; x:y\z^n`, "a@b\r\nX-EVIL:1")
	f.Add(strings.Repeat("Ж", 200), strings.Repeat("<long> ", 60)+"👩‍💻👩‍💻👩‍💻", "\u202Ename", "mailto:x@y?subject=z")
	f.Add(strings.Repeat("x", 75), strings.Repeat("y", 4000), strings.Repeat("n", 300), strings.Repeat("m", 100)+"@example.com")
	whole := readSampleFile(f)
	f.Fuzz(func(t *testing.T, name, agenda, person, email string) {
		e := &store.Engagement{
			ID: whole.ID, MSP: whole.MSP, TimeZone: whole.TimeZone,
			People: slices.Clone(whole.People), Cadences: slices.Clone(whole.Cadences[2:3]),
		}
		e.Cadences[0].Name, e.Cadences[0].Agenda = name, []string{agenda}
		e.Client = name
		for i := range e.People {
			e.People[i].Name = person
		}
		e.People[0].Email = email
		u := upcoming(t, e, wednesday)
		text, err := icalendar(e, u, wednesday)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readStrictly(text); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		again, err := ics.ParseCalendar(bytes.NewReader(text))
		if err != nil || len(again.Events()) != len(u.Due) {
			t.Fatalf("read back: %v in\n%s", err, text)
		}
		want := card.Clean(name + " (" + name + ")")
		if got := again.Events()[0].GetProperty(ics.ComponentPropertySummary).Value; got != want {
			t.Fatalf("summary %q, want %q", got, want)
		}
		if got := again.Events()[0].GetProperty(ics.ComponentPropertyDescription).Value; !strings.Contains(got, card.Clean("Agenda: "+agenda)) {
			t.Fatalf("description %q lacks %q", got, agenda)
		}
	})
}
