package scheduler

import (
	"slices"
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// remindAfter are the business days after which open acknowledgements are
// reminded of. What is open then is for drift to find.
var remindAfter = []int{1, 3}

// managersChannel is the name of the channel in which managers hear of drift.
const managersChannel = "managers"

// acknowledgements posts requests that stand nowhere yet, draws the others anew,
// and reminds of those that are open.
func (p *planner) acknowledgements() {
	for i := range p.requests {
		a := &p.requests[i]
		m := p.ackCard(a)
		if post := p.standing(a); post != nil {
			p.redraw(post.Key, m)
		} else if a.Closed.IsZero() {
			post := store.Post{Key: "ack/" + strconv.Itoa(a.ID), Kind: kindAck, Subject: store.AboutRequest(a.ID)}
			p.address(a, &post)
			p.post(post, m)
		}
		if a.Closed.IsZero() {
			p.remindOf(a)
		}
	}
}

// standing returns the post that holds the request's button.
func (p *planner) standing(a *store.Acknowledgement) *store.Post {
	subject := store.AboutRequest(a.ID)
	for _, post := range p.posts {
		if post.Subject == subject && (post.Kind == kindAck || post.Kind == kindAlert) {
			return post
		}
	}
	return nil
}

// address says where a request is posted: an announcement where the team reads
// it, everything else to those who are asked.
func (p *planner) address(a *store.Acknowledgement, post *store.Post) {
	channel := p.teamChannel()
	if to := p.Places.Channels[channel]; a.What == store.AckAnnouncement && len(to) > 0 {
		post.Channel, post.To = channel, append(slices.Clone(to), p.outside(a.Asked, channel)...)
		return
	}
	post.Private, post.To = true, p.reach(a.Asked...)
}

// outside returns the addresses of those who are asked and may not read the
// team's channel: leadership, whom no cadence in it expects.
func (p *planner) outside(people []string, channel string) []store.Address {
	var out []string
	for _, id := range people {
		inside := slices.ContainsFunc(p.e.Cadences, func(c store.Cadence) bool {
			return c.Channel == channel && (c.Owner == id || slices.Contains(c.Expects, id))
		})
		if !inside {
			out = append(out, id)
		}
	}
	return p.reach(out...)
}

// teamChannel is where the standup is held, or else the first channel that is
// not the managers'.
func (p *planner) teamChannel() string {
	for i := range p.e.Cadences {
		if c := &p.e.Cadences[i]; c.Kind == store.KindStandup && c.Channel != "" {
			return c.Channel
		}
	}
	for i := range p.e.Channels {
		if name := p.e.Channels[i].Name; name != managersChannel {
			return name
		}
	}
	return ""
}

// remindOf reminds those privately who have not acknowledged. It waits while all
// of them are away.
func (p *planner) remindOf(a *store.Acknowledgement) {
	if a.Reminders >= len(remindAfter) {
		return
	}
	due := p.businessDays(a.At, remindAfter[a.Reminders])
	if !a.Reminded.IsZero() { // an outage must not bring both at once
		due = later(due, p.businessDays(a.Reminded, 1))
	}
	if p.wake(due); p.now.Before(due) {
		return
	}
	var missing []string
	for _, id := range a.Missing() {
		if _, away := p.cal.Absent(id, p.now); !away {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return
	}
	n := strconv.Itoa(a.ID)
	for _, id := range missing {
		p.post(store.Post{
			Key: "ack/" + n + "/remind/" + strconv.Itoa(a.Reminders+1) + "/" + id, Kind: kindAckReminder,
			Subject: store.AboutRequest(a.ID), Person: id, Private: true, To: p.reach(id),
		}, p.ackReminderCard(a))
	}
	p.change.Reminded = append(p.change.Reminded, a.ID)
	if a.Reminders+1 < len(remindAfter) {
		p.wake(later(p.businessDays(a.At, remindAfter[a.Reminders+1]), p.businessDays(p.now, 1)))
	}
}

func (p *planner) businessDays(from time.Time, n int) time.Time {
	t, err := p.cal.Add(from, store.Duration{N: n, Unit: store.BusinessDays})
	if err != nil { // there are none: every day counts
		return from.AddDate(0, 0, n)
	}
	return t
}

// ask adds a request for an acknowledgement to the change, and returns its number.
func (p *planner) ask(r store.AckRequest) int {
	r.ID = p.Rhythm.NextRequest + len(p.change.Requests)
	r.By, r.At = store.ByTandem, p.now
	p.change.Requests = append(p.change.Requests, r)
	return r.ID
}

// close ends a request that nobody needs to acknowledge any more.
func (p *planner) close(i int, why string) {
	a := &p.requests[i]
	if !a.Closed.IsZero() {
		return
	}
	a.Closed, a.Why = p.now, why
	p.change.Closed = append(p.change.Closed, store.ClosedRequest{ID: a.ID, Why: why})
}
