package commands

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// Upcoming is what comes due in a stretch of time. Its JSON form is what
// `tandem schedule --json` prints; its text is the same in words.
type Upcoming struct {
	Engagement string    `json:"engagement"`
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"` // the end, no part of it
	// Cadences says the rhythm of each in words.
	Cadences []Declared `json:"cadences"`
	// Due is in the order of time, the skipped dates among them.
	Due []DueDate `json:"due"`
	// Unread names the cadences whose schedule cannot be read.
	Unread []string `json:"unread,omitempty"`
	Text   string   `json:"text"`

	Card card.Message `json:"-"`
}

// Declared is the rhythm that was agreed on for a cadence.
type Declared struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Rhythm string `json:"rhythm"` // "weekly on Monday at 09:00"
}

// DueDate is one date on which a cadence comes due, or would if nothing had
// skipped it.
type DueDate struct {
	Cadence   string            `json:"cadence"`
	Name      string            `json:"name"`
	Kind      store.CadenceKind `json:"kind"`
	Civil     string            `json:"civil"` // its identity, see [store.Occurrence]
	Due       time.Time         `json:"due"`
	Grace     time.Time         `json:"grace"`
	Reminders []time.Time       `json:"reminders,omitempty"`
	Owner     string            `json:"owner,omitempty"` // a person's id
	Channel   string            `json:"channel,omitempty"`
	Holiday   string            `json:"holiday,omitempty"` // on the day that Civil names
	Moved     bool              `json:"moved,omitempty"`   // from that holiday
	Skipped   string            `json:"skipped,omitempty"` // why nothing comes due
	// Shifted is the date before somebody moved it, and Reason why they did.
	Shifted time.Time `json:"shifted,omitzero"`
	Reason  string    `json:"reason,omitempty"`
	Paused  string    `json:"paused,omitempty"` // why the cadence rests then
}

// Upcoming lists what comes due from the one instant until before the other.
func (d *Desk) Upcoming(from, until time.Time) Upcoming {
	u := d.upcoming(from, until)
	u.Card = d.scheduleCard(&u, len(u.Due))
	u.Text = u.Card.Plain()
	return u
}

// DayStart returns the first instant of a day in the engagement's zone, where
// some days have no midnight.
func (d *Desk) DayStart(day store.Date) time.Time { return d.cal.Instant(day, 0) }

// mostInChat is how many dates a card in chat lists.
const mostInChat = 20

// upcomingCard is the answer to `upcoming` in chat: the next days, today's rest
// among them.
func (d *Desk) upcomingCard(at time.Time, days int) card.Message {
	u := d.upcoming(at, d.DayStart(store.DateOf(at.In(d.zone)).AddDays(days+1)))
	return d.scheduleCard(&u, mostInChat)
}

func (d *Desk) upcoming(from, until time.Time) Upcoming {
	u := Upcoming{
		Engagement: d.e.ID, From: from.In(d.zone), Until: until.In(d.zone),
		Cadences: []Declared{}, Due: []DueDate{}, Unread: d.unread,
	}
	for _, r := range d.rhythms {
		c := r.Cadence()
		u.Cadences = append(u.Cadences, Declared{ID: c.ID, Name: c.Name, Rhythm: r.Words()})
		for _, due := range r.Between(from, until) {
			u.Due = append(u.Due, DueDate{
				Cadence: c.ID, Name: c.Name, Kind: c.Kind, Owner: c.Owner, Channel: c.Channel,
				Civil: due.Civil, Due: due.Due, Grace: due.Grace, Reminders: due.Reminders,
				Holiday: due.Holiday, Moved: due.Moved, Skipped: due.Skipped,
			})
		}
	}
	slices.SortStableFunc(u.Due, func(a, b DueDate) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Name, b.Name))
	})
	return u
}

// scheduleCard says what is coming, month by month, the most dates at first.
func (d *Desk) scheduleCard(u *Upcoming, most int) card.Message {
	m := card.New(card.Heading("What is coming for " + d.e.Client + " and " + d.e.MSP))
	last := day(store.DateOf(u.Until.Add(-1)))
	shown := u.Due[:min(most, len(u.Due))]
	switch {
	case len(d.e.Cadences) == 0:
		m.Add(card.Paragraph("No cadence is agreed, so nothing comes due."))
	case len(u.Due) == 0:
		m.Add(card.Paragraph("Nothing comes due until " + last + "."))
	}
	for _, month := range byMonth(shown) {
		items := make([]string, len(month))
		for i := range month {
			items[i] = d.dueText(&month[i], u.From)
		}
		m.Add(card.List{Title: month[0].Due.Format("January 2006:"), Items: items})
	}
	if more := len(u.Due) - len(shown); more > 0 {
		m.Add(card.Paragraph("And " + card.Count(more, "more date") + " until " + last + "."))
	}
	if len(u.Cadences) > 0 {
		m.Add(declaredList(u.Cadences))
	}
	for _, name := range u.Unread {
		m.Add(card.Note("The schedule of " + name + " cannot be read, so nothing says when it comes due."))
	}
	return m
}

func byMonth(dates []DueDate) [][]DueDate {
	var out [][]DueDate
	for i := range dates {
		last := len(out) - 1
		if last < 0 || !sameMonth(out[last][0].Due, dates[i].Due) {
			out = append(out, dates[i:i+1:i+1])
			continue
		}
		out[last] = append(out[last], dates[i])
	}
	return out
}

func sameMonth(a, b time.Time) bool { return a.Year() == b.Year() && a.Month() == b.Month() }

func declaredList(all []Declared) card.List {
	l := card.List{Title: "The rhythm that was agreed on:"}
	for _, c := range all {
		l.Items = append(l.Items, c.Name+": "+c.Rhythm)
	}
	return l
}

// dueText says one date: when, what, whose, where, and what is odd about it.
func (d *Desk) dueText(due *DueDate, now time.Time) string {
	when := due.Due.Format("Mon 2 Jan 15:04 ") + card.Zone(due.Due)
	if due.Skipped != "" {
		return when + ": " + due.Name + " is skipped: " + skippedText(due)
	}
	text := when + ": " + due.Name
	if due.Moved {
		text += ", moved from " + civilDay(due.Civil) + " (" + due.Holiday + ")"
	}
	if !due.Shifted.IsZero() {
		text += ", moved from " + due.Shifted.In(d.zone).Format("Mon 2 Jan 15:04") + " (" + due.Reason + ")"
	}
	if due.Paused != "" {
		return text + ", rests: " + due.Paused
	}
	if whose := d.whoseText(due); whose != "" {
		text += ". " + whose
	}
	if ahead := remindersText(due.Reminders, now); ahead != "" {
		text += ". " + ahead
	}
	return text
}

func skippedText(due *DueDate) string {
	if due.Skipped == store.SkippedHoliday {
		return due.Holiday
	}
	return due.Skipped
}

// whoseText says who answers for it and where it is asked for.
func (d *Desk) whoseText(due *DueDate) string {
	var owner string
	if p, ok := d.e.Person(due.Owner); ok {
		owner = p.Name
	}
	switch {
	case owner == "" && due.Channel == "":
		return ""
	case owner == "":
		return "In " + due.Channel
	case due.Channel == "":
		return owner
	}
	return owner + ", in " + due.Channel
}

// remindersText says the reminders that are still ahead.
func remindersText(reminders []time.Time, now time.Time) string {
	var ahead []string
	for _, at := range reminders {
		if !at.Before(now) {
			ahead = append(ahead, at.Format("Mon 2 Jan 15:04"))
		}
	}
	switch len(ahead) {
	case 0:
		return ""
	case 1:
		return "Reminder " + ahead[0]
	}
	return strconv.Itoa(len(ahead)) + " reminders: " + card.And(ahead)
}

// civilDay says the day of a civil time: Thu 26 Nov.
func civilDay(civil string) string {
	t, err := time.Parse(store.CivilLayout, civil)
	if err != nil {
		return civil
	}
	return t.Format("Mon 2 Jan")
}
