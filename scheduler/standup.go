package scheduler

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// tally is who has said what to a standup.
type tally struct {
	answers []store.Answer // that count, in the order of the people
	missing []string       // expected, here, and silent
	away    []string       // expected, and away
	// whole are the sides that have to answer, and silent those of them that
	// have not.
	whole  []store.Side
	silent []store.Side
	since  time.Time // when the last side that had to came in
}

// held reports whether an answer came from each side that has anybody to give one.
func (t *tally) held() bool { return len(t.answers) > 0 && len(t.silent) == 0 }

// everybody reports whether nobody is missing.
func (t *tally) everybody() bool { return len(t.answers) > 0 && len(t.missing) == 0 }

// attended are those who answered.
func (t *tally) attended() []string {
	ids := make([]string, len(t.answers))
	for i := range t.answers {
		ids[i] = t.answers[i].Person
	}
	return ids
}

// tally counts the answers. Who is announced away, or said so, is not counted;
// who answered all the same is.
func (p *planner) tally(c *cadence, o *occurrence) tally {
	var t tally
	first := map[store.Side]time.Time{}
	counts := map[store.Side]bool{}
	for i := range p.e.People {
		person := &p.e.People[i]
		expected := slices.Contains(c.Expects, person.ID)
		a, said := p.answer(o, person.ID)
		switch {
		case said && a.Kind != store.SaidAway:
			t.answers = append(t.answers, a)
			if at, ok := first[person.Side]; !ok || a.At.Before(at) {
				first[person.Side] = a.At
			}
		case !expected && len(c.Expects) > 0:
			continue
		case said || p.isAway(person.ID, o):
			if expected {
				t.away = append(t.away, person.ID)
			}
			continue
		case expected:
			t.missing = append(t.missing, person.ID)
		}
		counts[person.Side] = true
	}
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if !counts[side] {
			continue
		}
		t.whole = append(t.whole, side)
		at, ok := first[side]
		if !ok {
			t.silent = append(t.silent, side)
		}
		if at.After(t.since) {
			t.since = at
		}
	}
	if len(c.Expects) == 0 {
		t.missing = append(t.missing, "") // anybody may still answer
	}
	return t
}

func (p *planner) answer(o *occurrence, person string) (store.Answer, bool) {
	for _, a := range p.Rhythm.Answers {
		if a.Cadence == o.Cadence && a.Civil == o.Civil && a.Person == person {
			return a, true
		}
	}
	return store.Answer{}, false
}

// isAway reports whether somebody is away when the standup is due, or now.
func (p *planner) isAway(person string, o *occurrence) bool {
	if _, away := p.cal.Absent(person, o.Due); away {
		return true
	}
	_, away := p.cal.Absent(person, p.now)
	return away
}

// standup brings a standup that was prompted for to its end.
func (p *planner) standup(c *cadence, o *occurrence) {
	t := p.tally(c, o)
	overtaken := p.overtaken(o)
	record := store.Record{By: store.ByTandem, Attended: t.attended()}
	if o.State == store.Overdue {
		switch {
		case t.held():
			record.At = later(t.since, p.end(o))
			p.move(o, store.Held, p.whyHeld(&t), false, record)
		case overtaken:
			p.move(o, store.Missed, p.whyNot(&t), false, record)
			return
		}
		p.redraw(digestKey(o), p.digestCard(c, o, &t))
		return
	}
	end := p.end(o)
	over := !p.now.Before(end) || overtaken
	if !over && !t.everybody() {
		p.wake(end)
		p.nudgeMissing(c, o, &t)
		return
	}
	switch {
	case t.held():
		record.At = later(t.since, o.Due)
		p.move(o, store.Held, p.whyHeld(&t), false, record)
	case over:
		p.move(o, store.Overdue, p.whyNot(&t), false, record)
	default: // everybody who is expected has answered, but not each side
		p.wake(end)
		return
	}
	p.post(store.Post{
		Key: digestKey(o), Kind: kindDigest, Subject: about(o), Channel: c.Channel,
		Thread: promptKey(o), To: p.audience(c),
	}, p.digestCard(c, o, &t))
}

func digestKey(o *occurrence) string { return "digest/" + place(o) }

func about(o *occurrence) string { return store.AboutOccurrence(o.Cadence, o.Civil) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// whyHeld is kept with the transition.
func (p *planner) whyHeld(t *tally) string {
	if len(t.whole) == 1 {
		return "answered by " + p.e.SideName(t.whole[0]) + " only; nobody else was expected and there"
	}
	return "answered by both sides"
}

// whyNot is kept with the transition.
func (p *planner) whyNot(t *tally) string {
	if len(t.answers) == 0 {
		return "nobody answered"
	}
	var sides []string
	for _, side := range t.whole {
		if !slices.Contains(t.silent, side) {
			sides = append(sides, p.e.SideName(side))
		}
	}
	return "answered by " + card.And(sides) + " only"
}

// nudgeMissing reminds each who is missing once, privately, at half of the grace.
func (p *planner) nudgeMissing(c *cadence, o *occurrence, t *tally) {
	half := p.half(o)
	if p.wake(half); p.now.Before(half) {
		return
	}
	for _, person := range t.missing {
		if person == "" {
			continue
		}
		p.post(store.Post{
			Key: "nudge/" + place(o) + "/" + person, Kind: kindNudge, Subject: about(o), Person: person,
			Private: true, To: p.Places.People[person],
		}, p.nudgeCard(c, o))
	}
}
