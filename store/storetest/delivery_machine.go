package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

// testDeliveryMachine: senders that claim, answer, answer late, vanish and
// stop in any order, over posts and cards that come meanwhile. A channel never
// has two in flight or two within a second, no answer is taken twice, and in
// the end every post stands with its last card or is dead.
func testDeliveryMachine(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	n, passed := 0, 0
	at := noon
	rapid.Check(t, func(rt *rapid.T) {
		if passed >= machineRuns {
			return
		}
		n++
		m := deliveries{s: s, id: fmt.Sprint("client-", n), now: at, flying: map[string]store.Delivery{}, leased: map[string]time.Time{}, last: map[string]time.Time{}}
		importing(t, s, sample(m.id), m.now)
		m.draw(rt, "first")
		rt.Repeat(map[string]func(*rapid.T){
			"wait":   func(rt *rapid.T) { m.wait(time.Duration(rapid.IntRange(1, 40).Draw(rt, "seconds")) * time.Second) },
			"post":   func(rt *rapid.T) { m.draw(rt, fmt.Sprint("card ", rapid.IntRange(0, 9).Draw(rt, "card"))) },
			"claim":  func(rt *rapid.T) { m.claim(rt, fmt.Sprint("sender-", rapid.IntRange(0, 2).Draw(rt, "sender"))) },
			"finish": m.finish,
			"late":   m.late,
			"stop": func(rt *rapid.T) {
				owner := fmt.Sprint("sender-", rapid.IntRange(0, 2).Draw(rt, "sender"))
				if err := s.ReleaseDeliveries(rt.Context(), owner); err != nil {
					rt.Fatal(err)
				}
				for post, d := range m.flying {
					if d.Owner == owner {
						m.stale = append(m.stale, d)
						delete(m.flying, post)
						delete(m.last, d.To.String()) // what is given back may go at once
					}
				}
			},
		})
		m.settle(rt)
		at = m.now.Add(time.Hour)
		passed++
	})
}

type deliveries struct {
	s      Store
	id     string
	now    time.Time
	flying map[string]store.Delivery // by post
	leased map[string]time.Time      // until when, by post
	last   map[string]time.Time      // when an address was given out or answered
	stale  []store.Delivery          // that were taken over or answered
	posts  int
}

func (m *deliveries) wait(d time.Duration) { m.now = m.now.Add(d) }

// draw adds a post and gives the first one a card.
func (m *deliveries) draw(rt *rapid.T, text string) {
	m.posts++
	p := postOf(fmt.Sprint("p", m.posts), store.AboutOccurrence("standup", monday), fmt.Sprint(m.id, m.posts%2))
	if m.posts > 2 && rapid.Bool().Draw(rt, "reply") {
		p.Thread = "p1"
	}
	c := store.Change{
		Create: []store.Occurrence{standup()}, Posts: []store.Post{p}, Redraws: []store.Redraw{{Key: "p1", Card: cardOf(text)}}, Next: m.now,
	}
	if err := sweep(rt.Context(), m.s, m.id, m.now, func(store.Rhythm) store.Change { return c }); err != nil {
		rt.Fatal(err)
	}
}

const leaseOfMachine = 20 * time.Second

func (m *deliveries) claim(rt *rapid.T, owner string) {
	list, err := m.s.ClaimDeliveries(rt.Context(), owner, m.now, m.now.Add(leaseOfMachine), 10)
	if err != nil {
		rt.Fatal(err)
	}
	for _, d := range list {
		if d.Engagement != m.id {
			rt.Fatalf("a delivery of %s is left", d.Engagement)
		}
		address := d.To.String()
		for _, other := range m.flying {
			if other.To == d.To && m.leased[other.Post].After(m.now) {
				rt.Fatalf("%s has %s in flight and gets %s", address, other.Post, d.Post)
			}
		}
		if last, ok := m.last[address]; ok && m.now.Sub(last) < store.DeliverySpacing {
			rt.Fatalf("%s gets one after %s", address, m.now.Sub(last))
		}
		if old, ok := m.flying[d.Post]; ok {
			if !d.Unknown {
				rt.Fatalf("%s was taken over and is not unknown", d.Post)
			}
			m.stale = append(m.stale, old)
		}
		m.flying[d.Post], m.leased[d.Post], m.last[address] = d, m.now.Add(leaseOfMachine), m.now
	}
}

// finish answers one that is in flight, also late where nobody took it over.
func (m *deliveries) finish(rt *rapid.T) {
	if len(m.flying) > 0 {
		post := slices.Min(slices.Collect(maps.Keys(m.flying)))
		d := m.flying[post]
		o := store.Outcome{Kind: store.OutcomeSent, Message: "m-" + d.Post}
		switch rapid.IntRange(0, 9).Draw(rt, "outcome") {
		case 0:
			o = store.Outcome{Kind: store.OutcomeRefused, Reason: "429", Next: m.now.Add(3 * time.Second), Hold: true}
		case 1:
			o = store.Outcome{Kind: store.OutcomeUnknown, Reason: "500", Next: m.now.Add(3 * time.Second)}
		case 2:
			o = store.Outcome{Kind: store.OutcomeDead, Reason: "archived"}
		}
		if err := m.s.FinishDelivery(rt.Context(), d, o, m.now); err != nil {
			rt.Fatal(err)
		}
		delete(m.flying, post)
		if m.leased[post].After(m.now) {
			m.last[d.To.String()] = m.now
		}
		m.stale = append(m.stale, d)
	}
}

// late answers what is nobody's any more.
func (m *deliveries) late(rt *rapid.T) {
	for _, d := range m.stale {
		if err := m.s.FinishDelivery(rt.Context(), d, store.Outcome{Kind: store.OutcomeSent, Message: "late"}, m.now); store.ErrorCode(err) != store.CodeConflict {
			rt.Fatalf("a late answer to %s: %v", d.Post, err)
		}
	}
}

// settle delivers all that is left, and checks where everything stands.
func (m *deliveries) settle(rt *rapid.T) {
	for range 4*m.posts + 20 {
		m.wait(leaseOfMachine)
		m.claim(rt, "last")
		for post, d := range m.flying {
			if d.Owner != "last" {
				continue
			}
			if err := m.s.FinishDelivery(rt.Context(), d, store.Outcome{Kind: store.OutcomeSent, Message: "m-" + d.Post}, m.now); err != nil {
				rt.Fatal(err)
			}
			delete(m.flying, post)
		}
	}
	r, err := m.s.Rhythm(rt.Context(), m.id)
	if err != nil || len(r.Posts) != m.posts {
		rt.Fatalf("%d posts of %d, %v", len(r.Posts), m.posts, err)
	}
	for _, p := range r.Posts {
		stand := p.Stands[0]
		if stand.State != store.DeliveryDead && (stand.State != store.DeliverySent || stand.Revision != p.Revision || stand.Message != "m-"+p.Key) {
			rt.Fatalf("%s stands %+v, its card is %d", p.Key, stand, p.Revision)
		}
	}
}
