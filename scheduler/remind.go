package scheduler

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// reminder is one instant before the due date at which to remind.
type reminder struct {
	at   time.Time
	name string // of the duration, such as 14d
}

// reminders are those of an occurrence, the first one first. They follow a due
// date that was moved.
func (p *planner) reminders(c *cadence, o *occurrence) []reminder {
	list := make([]reminder, 0, len(c.Remind))
	for _, d := range c.Remind {
		before := d
		before.N = -before.N
		at, err := p.cal.Add(o.Due, before)
		if err == nil && at.Before(o.Due) && !slices.ContainsFunc(list, func(r reminder) bool { return r.at.Equal(at) }) {
			list = append(list, reminder{at, d.String()})
		}
	}
	slices.SortFunc(list, func(a, b reminder) int { return a.at.Compare(b.at) })
	return list
}

// passed is how many of the reminders have come.
func (p *planner) passed(list []reminder) int {
	n := 0
	for n < len(list) && !list[n].at.After(p.now) {
		n++
	}
	return n
}

// reminderKey is the key of the newest reminder that has come, "" for none.
func (p *planner) reminderKey(c *cadence, o *occurrence) string {
	list := p.reminders(c, o)
	if n := p.passed(list); n > 0 {
		return "remind/" + place(o) + "/" + list[n-1].name
	}
	return ""
}

// remind posts the newest reminder that has come. One that was overtaken by the
// next, as after an outage, is not made up for; the newest is, up to the due
// date, for nobody is helped by not knowing of a meeting.
func (p *planner) remind(c *cadence, o *occurrence) {
	list := p.reminders(c, o)
	n := p.passed(list)
	if n < len(list) {
		p.wake(list[n].at)
	}
	if n == 0 || p.rests(c, o) {
		return
	}
	for _, older := range list[:n-1] {
		p.redraw("remind/"+place(o)+"/"+older.name, p.olderCard(c, o))
	}
	key := "remind/" + place(o) + "/" + list[n-1].name
	m := p.reminderCard(c, o)
	if p.posts[key] != nil {
		p.redraw(key, m)
	} else {
		post := store.Post{Key: key, Kind: kindReminder, Subject: about(o)}
		if c.Kind == store.KindReport {
			p.toOwner(c, &post)
		} else {
			post.Channel, post.To = c.Channel, p.audience(c)
		}
		p.post(post, m)
	}
	if n >= 2 {
		p.leadership(c, o)
	}
}

// rests reports whether the cadence is paused, now or when it would be due.
func (p *planner) rests(c *cadence, o *occurrence) bool {
	_, now := p.pausedOn(c.ID, p.now)
	_, then := p.pausedOn(c.ID, o.Due)
	return now || then
}

// leadership tells the owner privately, once and from the second reminder on,
// that nobody of the leadership has said they will be there.
func (p *planner) leadership(c *cadence, o *occurrence) {
	if len(c.Leadership) == 0 {
		return
	}
	for _, id := range c.Leadership {
		if r, said := p.rsvp(o, id); said && r.Coming {
			return
		}
	}
	post := store.Post{Key: "leadership/" + place(o), Kind: kindLeadership, Subject: about(o)}
	if p.toOwner(c, &post); post.Private {
		p.post(post, p.leadershipCard(c, o))
	}
}

func (p *planner) rsvp(o *occurrence, person string) (store.RSVP, bool) {
	for _, r := range p.Rhythm.RSVPs {
		if r.Cadence == o.Cadence && r.Civil == o.Civil && r.Person == person {
			return r, true
		}
	}
	return store.RSVP{}, false
}
