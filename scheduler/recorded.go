package scheduler

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// The kinds of posts.
const (
	kindPrompt       = "prompt"
	kindNudge        = "nudge"
	kindDigest       = "digest"
	kindReminder     = "reminder"
	kindLeadership   = "leadership"
	kindRecord       = "record"
	kindAck          = "acknowledgement"
	kindAckReminder  = "acknowledgement-reminder"
	kindAlert        = "drift"
	kindRestore      = "failed-restore"
	kindConversation = "conversation"
	kindDead         = "dead-letter"
)

// prompt asks for what has come due: a standup's answers in its channel, a
// report or a record of its owner.
func (p *planner) prompt(c *cadence, o *occurrence) {
	post := store.Post{Key: promptKey(o), Kind: kindPrompt, Subject: about(o)}
	if c.Kind == store.KindStandup {
		post.Channel, post.To = c.Channel, p.audience(c)
		p.post(post, p.promptCard(c, o))
		return
	}
	post.Kind = kindRecord
	p.toOwner(c, &post)
	p.post(post, p.recordCard(c, o))
}

// audience is where a cadence speaks: its channel, or where that has no address
// everybody whom it expects.
func (p *planner) audience(c *cadence) []store.Address {
	if to := p.Places.Channels[c.Channel]; c.Channel != "" && len(to) > 0 {
		return to
	}
	people := append(slices.Clone(c.Expects), c.Leadership...)
	if c.Owner != "" {
		people = append(people, c.Owner)
	}
	return p.reach(people...)
}

// reach returns the addresses of people, each once.
func (p *planner) reach(people ...string) []store.Address {
	var to []store.Address
	for _, id := range people {
		for _, a := range p.Places.People[id] {
			if !slices.Contains(to, a) {
				to = append(to, a)
			}
		}
	}
	return to
}

// toOwner addresses a post to the cadence's owner and, while the owner is away,
// to whoever covers; without any of them, to where the cadence speaks.
func (p *planner) toOwner(c *cadence, post *store.Post) {
	people := p.withCover(c.Owner)
	if to := p.reach(people...); len(to) > 0 {
		post.Person, post.Private, post.To = c.Owner, true, to
		return
	}
	post.Channel, post.To = c.Channel, p.audience(c)
}

// withCover is the person and, while they are away, who covers for them.
func (p *planner) withCover(person string) []string {
	people := []string{person}
	if a, away := p.cal.Absent(person, p.now); away && a.Cover != "" {
		people = append(people, a.Cover)
	}
	return people
}

// leads are the leads of both sides, internal first.
func (p *planner) leads() []string {
	var ids []string
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if lead, ok := p.e.SideLead(side); ok {
			ids = append(ids, lead.ID)
		}
	}
	return ids
}

// recorded brings an occurrence whose owner records it to its end. That it was
// held, its owner says by a command.
func (p *planner) recorded(c *cadence, o *occurrence) {
	overtaken := p.overtaken(o)
	if o.State == store.Overdue {
		if overtaken {
			p.move(o, store.Missed, "not recorded before the next one came due", false, store.Record{})
		}
		return
	}
	end, half := p.end(o), p.inHours(p.half(o))
	switch {
	case overtaken || !p.now.Before(end):
		p.move(o, store.Overdue, "not recorded by the end of the grace", false, store.Record{})
		return
	case !p.now.Before(half):
		post := store.Post{Key: "nudge/" + place(o) + "/" + c.Owner, Kind: kindNudge, Subject: about(o)}
		if p.toOwner(c, &post); post.Private {
			p.post(post, p.recordNudgeCard(c, o))
		}
	}
	p.wake(half)
	p.wake(end)
}

// inHours is the instant, or when business hours begin next after it: an owner is
// not reminded of paper at night.
func (p *planner) inHours(t time.Time) time.Time {
	if h := p.cal.Hours(t); !h.Business && !h.Until.IsZero() {
		return h.Until
	}
	return t
}

// settle draws the posts of occurrences that are past, or were moved, anew: what
// can't be answered any more shows no buttons.
func (p *planner) settle(c *cadence, list []*occurrence) {
	for _, o := range list {
		// A standup that is overdue takes no answers any more.
		past := o.State.Done() || o.State == store.Overdue && c.Kind == store.KindStandup
		if !past && o.Moved.IsZero() || p.now.Sub(o.Due) > newsFor+o.Grace.Sub(o.Due) {
			continue
		}
		newest := p.reminderKey(c, o)
		for _, post := range p.about(o) {
			asks := post.Kind == kindPrompt || post.Kind == kindRecord
			switch {
			case post.Kind == kindNudge && past:
				p.redraw(post.Key, p.doneCard(c, o))
			case !asks && post.Kind != kindReminder:
			case post.Key != promptKey(o) && !strings.HasPrefix(post.Key, "remind/"+place(o)+"/"):
				p.redraw(post.Key, p.movedCard(c, o))
			case past && (asks || post.Key == newest):
				p.redraw(post.Key, p.doneCard(c, o))
			}
		}
	}
}

// about returns the posts about an occurrence that were there before the plan
// or are in it, by key.
func (p *planner) about(o *occurrence) []*store.Post {
	var list []*store.Post
	subject := about(o)
	for _, post := range p.posts {
		if post.Subject == subject {
			list = append(list, post)
		}
	}
	slices.SortFunc(list, func(a, b *store.Post) int { return cmp.Compare(a.Key, b.Key) })
	return list
}
