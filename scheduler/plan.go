package scheduler

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// Plan decides what is to be written and said of one engagement now, and when
// to look again. It is a pure function of its input: the same input gives the
// same change, and what it decides a second time has the same keys.
func Plan(in Input) store.Change {
	p := newPlanner(&in)
	for i := range p.Prepared.cadences {
		p.cadence(&p.Prepared.cadences[i])
	}
	p.retire()
	p.drift()
	p.acknowledgements()
	p.failedRestores()
	p.conversations()
	p.deadLetters()
	p.change.Next = p.next
	return p.change
}

// planner is a plan in the making.
type planner struct {
	*Input
	pen
	now    time.Time
	change store.Change
	next   time.Time
	// occurrences are those of each cadence by their due date, as the change
	// leaves them.
	occurrences map[string][]*occurrence
	posts       map[string]*store.Post
	requests    []store.Acknowledgement
}

// occurrence is one of the store's, or one that the change creates.
type occurrence struct {
	store.Occurrence
	created int       // its place in Change.Create, counted from 1; 0 for one of the store's
	begun   time.Time // when this plan prompted for it
}

func newPlanner(in *Input) *planner {
	in.Settings, in.Now = in.orDefaults(), in.Now.UTC().Round(0)
	p := &planner{
		Input:       in,
		pen:         pen{in.Prepared.Engagement, in.Prepared.Calendar, in.Now},
		now:         in.Now,
		change:      store.Change{Seen: in.Rhythm.Seen},
		occurrences: map[string][]*occurrence{},
		posts:       make(map[string]*store.Post, len(in.Rhythm.Posts)),
		requests:    slices.Clone(in.Rhythm.Requests),
	}
	for _, o := range in.Rhythm.Occurrences {
		p.occurrences[o.Cadence] = append(p.occurrences[o.Cadence], &occurrence{Occurrence: o})
	}
	for _, list := range p.occurrences {
		sortByDue(list)
	}
	for i := range in.Rhythm.Posts {
		p.posts[in.Rhythm.Posts[i].Key] = &in.Rhythm.Posts[i]
	}
	return p
}

func sortByDue(list []*occurrence) {
	slices.SortFunc(list, func(a, b *occurrence) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Civil, b.Civil))
	})
}

// wake makes the next look come no later than the instant, if that is ahead.
func (p *planner) wake(at time.Time) {
	if at.After(p.now) && (p.next.IsZero() || at.Before(p.next)) {
		p.next = at
	}
}

// post says something, unless it was said before or nobody can be reached.
func (p *planner) post(post store.Post, m card.Message) {
	if p.posts[post.Key] != nil || len(post.To) == 0 {
		return
	}
	post.Card = encode(m)
	p.change.Posts = append(p.change.Posts, post)
	said := post
	said.At = p.now
	p.posts[post.Key] = &said
}

// redraw gives a post another card, if it was said.
func (p *planner) redraw(key string, m card.Message) {
	data := encode(m)
	for i := range p.change.Posts {
		if p.change.Posts[i].Key == key {
			p.change.Posts[i].Card = data
			return
		}
	}
	if p.posts[key] != nil {
		p.change.Redraws = append(p.change.Redraws, store.Redraw{Key: key, Card: data})
	}
}

func encode(m card.Message) json.RawMessage {
	data, err := json.Marshal(m)
	if err != nil {
		panic("scheduler: a card of our own can't be written: " + err.Error())
	}
	return data
}

// move brings an occurrence to another state, here and in the change.
func (p *planner) move(o *occurrence, to store.OccurrenceState, why string, late bool, r store.Record) {
	if to == store.Skipped && o.created > 0 && o.State == store.Scheduled {
		made := &p.change.Create[o.created-1]
		made.State, made.Reason = to, why
	} else {
		p.change.Transitions = append(p.change.Transitions, store.OccurrenceChange{
			Cadence: o.Cadence, Civil: o.Civil, From: o.State, To: to, Why: why, Late: late, Record: r,
		})
	}
	o.State, o.Late = to, o.Late || late
	switch to {
	case store.Skipped:
		o.Reason = why
	default:
		if len(r.Attended) > 0 || to == store.Held {
			o.Record = r
		}
	}
}

// dueAfter returns when the next occurrence comes due that nobody skipped; zero
// where none is known.
func (p *planner) dueAfter(o *occurrence) time.Time {
	for _, other := range p.occurrences[o.Cadence] {
		if other.Due.After(o.Due) && other.State != store.Skipped {
			return other.Due
		}
	}
	return time.Time{}
}

// overtaken reports whether the next one of the cadence has come due.
func (p *planner) overtaken(o *occurrence) bool {
	next := p.dueAfter(o)
	p.wake(next)
	return !next.IsZero() && !next.After(p.now)
}

// pausedOn returns the pause of the cadence that covers the instant.
func (p *planner) pausedOn(cadence string, at time.Time) (store.Pause, bool) {
	day := store.DateOf(p.cal.Local(at))
	for _, pause := range p.Rhythm.Pauses {
		if pause.Cadence == cadence && pause.Covers(day) {
			return pause, true
		}
	}
	return store.Pause{}, false
}
