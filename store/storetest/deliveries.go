package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// claiming takes what is deliverable, by post.
func claiming(t *testing.T, s Store, owner string, at time.Time, want ...string) map[string]store.Delivery {
	t.Helper()
	list, err := s.ClaimDeliveries(t.Context(), owner, at, at.Add(time.Minute), 100)
	must(t, err)
	got := map[string]store.Delivery{}
	var posts []string
	for _, d := range list {
		got[d.Post] = d
		posts = append(posts, d.Post)
	}
	wantEqual(t, fmt.Sprint("claimed at ", at), posts, want)
	return got
}

func sent(id string) store.Outcome { return store.Outcome{Kind: store.OutcomeSent, Message: id} }

func testDeliveries(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	subject := store.AboutOccurrence("standup", monday)
	reply := postOf("reply", subject, "it")
	reply.Thread = "prompt"
	both := postOf("prompt", subject, "it")
	both.To = append(both.To, store.Address{Platform: "slack", Tenant: "T/1", Channel: "C%1"}, both.To[0]) // the last is the first
	applying(t, s, hour(1), store.Change{Create: []store.Occurrence{standup()}, Posts: []store.Post{both, postOf("other", subject, "it"), reply}, Next: hour(1)})

	second := func(n int) time.Time { return hour(2).Add(time.Duration(n) * time.Second) }
	claiming(t, s, "a", hour(1).Add(-1))
	list, err := s.ClaimDeliveries(ctx, "a", second(0), second(60), 100)
	must(t, err)
	if len(list) != 2 || list[0].Key() != list[1].Key() || list[0].To == list[1].To {
		t.Fatalf("claimed %+v", list)
	}
	web, slack := list[0], list[1]
	if web.To.Platform != "web" {
		web, slack = slack, web
	}
	wantEqual(t, "the delivery", slack, store.Delivery{
		Engagement: "acme", Post: "prompt", N: 2, Kind: "prompt", Subject: subject, To: store.Address{Platform: "slack", Tenant: "T/1", Channel: "C%1"},
		Card: cardOf("prompt"), Revision: 1, Owner: "a", Attempt: 1, Claim: 1, First: hour(1),
	})
	claiming(t, s, "b", second(1)) // one in flight an address

	// Only the owner of this very attempt may finish it.
	for _, wrong := range []func(*store.Delivery){
		func(d *store.Delivery) { d.Owner = "b" }, func(d *store.Delivery) { d.Attempt = 2 },
		func(d *store.Delivery) { d.Claim = 2 }, func(d *store.Delivery) { d.Post = "other" }, func(d *store.Delivery) { d.Engagement = "none" },
	} {
		d := web
		wrong(&d)
		wantCode(t, s.FinishDelivery(ctx, d, sent("m1"), second(1)), store.CodeConflict)
	}
	for _, o := range []store.Outcome{
		{}, {Kind: store.OutcomeSent}, {Kind: store.OutcomeDead}, {Kind: store.OutcomeRefused, Reason: "x"}, {Kind: store.OutcomeUnknown, Next: second(9)},
	} {
		wantCode(t, s.FinishDelivery(ctx, web, o, second(1)), store.CodeInvalid)
	}
	must(t, s.FinishDelivery(ctx, web, sent("m1"), second(1)))
	wantCode(t, s.FinishDelivery(ctx, web, sent("m1"), second(1)), store.CodeConflict) // once

	// A second between two messages of a channel; the reply knows its parent.
	claiming(t, s, "b", second(2).Add(-1))
	got := claiming(t, s, "b", second(2), "other")
	must(t, s.FinishDelivery(ctx, got["other"], sent("m2"), second(2)))
	got = claiming(t, s, "b", second(3), "reply")
	if got["reply"].Thread != "m1" || got["reply"].Update != "" {
		t.Errorf("the reply: %+v", got["reply"])
	}
	must(t, s.FinishDelivery(ctx, got["reply"], sent("m3"), second(3)))

	// Refused with a hold: the whole address waits.
	applying(t, s, second(4), store.Change{Posts: []store.Post{postOf("x", subject, "it"), postOf("y", subject, "it")}, Next: hour(1)})
	got = claiming(t, s, "b", second(5), "x")
	must(t, s.FinishDelivery(ctx, got["x"], store.Outcome{Kind: store.OutcomeRefused, Reason: "too many", Next: second(30), Hold: true}, second(6)))
	claiming(t, s, "b", second(30).Add(-1))
	got = claiming(t, s, "b", second(30), "y")
	must(t, s.FinishDelivery(ctx, got["y"], sent("m4"), second(30)))
	got = claiming(t, s, "b", second(31), "x")
	if x := got["x"]; x.Attempt != 2 || x.Unknown || x.Error != "too many" {
		t.Errorf("the second attempt: %+v", x)
	}
	must(t, s.FinishDelivery(ctx, got["x"], store.Outcome{Kind: store.OutcomeUnknown, Reason: "no answer", Next: second(33)}, second(31)))
	got = claiming(t, s, "b", second(33), "x")
	if !got["x"].Unknown || got["x"].Attempt != 3 {
		t.Errorf("after an unknown: %+v", got["x"])
	}

	// A lease that ran out, and one that is given back, come as unknown.
	late := got["x"]
	list, err = s.ClaimDeliveries(ctx, "c", second(94), second(95), 100)
	must(t, err)
	for _, d := range list {
		if !d.Unknown || d.Claim < 2 {
			t.Errorf("taken over: %+v", d)
		}
	}
	if len(list) != 2 { // the one on slack, too
		t.Errorf("taken over: %d", len(list))
	}
	wantCode(t, s.FinishDelivery(ctx, late, sent("m5"), second(94)), store.CodeConflict)
	must(t, s.ReleaseDeliveries(ctx, "c"))
	list, err = s.ClaimDeliveries(ctx, "d", second(94), second(200), 100)
	must(t, err)
	for _, d := range list {
		if !d.Unknown {
			t.Errorf("given back: %+v", d)
		}
		must(t, s.FinishDelivery(ctx, d, sent("n-"+d.Post), second(95)))
	}
	if len(list) != 2 {
		t.Errorf("given back: %d", len(list))
	}
	claiming(t, s, "d", second(1000))
	t.Run("updates", func(t *testing.T) { testUpdates(t, s, second) })
	t.Run("given up", func(t *testing.T) { testDead(t, open) })
}

// testUpdates: a card redrawn goes to every place where it stands, also where
// it was on its way.
func testUpdates(t *testing.T, s Store, second func(int) time.Time) {
	ctx := t.Context()
	draw := func(n int, card string) {
		t.Helper()
		applying(t, s, second(n), store.Change{Redraws: []store.Redraw{{Key: "prompt", Card: cardOf(card)}}, Next: hour(1)})
	}
	draw(1001, "two")
	got := claiming(t, s, "e", second(1002), "prompt", "prompt")
	d := got["prompt"]
	if d.Update == "" || d.Revision != 2 || string(d.Card) != string(cardOf("two")) || d.Unknown || d.Attempt != 1 || !d.First.Equal(second(1001)) {
		t.Errorf("the update: %+v", d)
	}
	draw(1003, "three") // while the second is on its way
	must(t, s.FinishDelivery(ctx, d, sent(d.Update), second(1004)))
	got = claiming(t, s, "f", second(1005), "prompt")
	if next := got["prompt"]; next.Revision != 3 || next.To != d.To || next.Claim != d.Claim+1 {
		t.Errorf("the next update: %+v", next)
	}
	must(t, s.FinishDelivery(ctx, got["prompt"], sent(d.Update), second(1006)))
	for _, p := range reading(t, s, "acme").Posts {
		if p.Key != "prompt" {
			continue
		}
		if p.Revision != 3 || len(p.Stands) != 2 || len(p.Card) != 0 {
			t.Errorf("the post: %+v", p)
		}
		for _, stand := range p.Stands {
			if stand.To == d.To && (stand.State != store.DeliverySent || stand.Revision != 3 || stand.Message != d.Update) {
				t.Errorf("it stands %+v", stand)
			}
		}
	}
}

// testDead: after eight attempts, a day, or when there is no hope.
func testDead(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	subject := store.AboutOccurrence("standup", monday)
	reply := postOf("reply", subject, "often")
	reply.Thread = "often"
	applying(t, s, hour(1), store.Change{Posts: []store.Post{
		postOf("often", subject, "often"), postOf("slow", subject, "slow"), postOf("archived", subject, "archived"), postOf("lost", subject, "lost"), reply,
	}})
	at := hour(2)
	for n := 1; n <= store.DeliveryAttempts; n++ {
		list, err := s.ClaimDeliveries(ctx, "a", at, at.Add(time.Minute), 100)
		must(t, err)
		for _, d := range list {
			o := store.Outcome{Kind: store.OutcomeUnknown, Reason: "error 500", Next: at.Add(2 * time.Minute)}
			switch d.Post {
			case "reply":
				t.Errorf("attempt %d of its parent, and the reply comes", n)
			case "slow":
				o.Next = hour(24)
			case "archived":
				o = store.Outcome{Kind: store.OutcomeDead, Reason: "is archived"}
			case "lost":
				continue // its sender never comes back
			}
			must(t, s.FinishDelivery(ctx, d, o, at))
		}
		at = at.Add(2 * time.Minute)
	}
	if !due(t, s, at) {
		t.Error("nobody is told of what was given up")
	}
	got := claiming(t, s, "a", at, "reply") // on its own; lost is dead by its ninth claim
	if got["reply"].Thread != "" {
		t.Errorf("the reply to a dead post: %+v", got["reply"])
	}
	must(t, s.FinishDelivery(ctx, got["reply"], sent("m"), at))
	got = claiming(t, s, "a", hour(24), "slow")
	must(t, s.FinishDelivery(ctx, got["slow"], store.Outcome{Kind: store.OutcomeRefused, Reason: "too many", Next: hour(25)}, hour(24)))
	claiming(t, s, "a", hour(25))
	dead, err := s.DeadDeliveries(ctx, "acme")
	must(t, err)
	var story []string
	for _, d := range dead {
		story = append(story, d.Post+": "+d.Error)
	}
	wantEqual(t, "the dead", story, []string{
		"slow: too many (waited since 2026-10-01 13:00 UTC)", "lost: no answer from the platform (8 attempts)",
		"often: error 500 (8 attempts)", "archived: is archived",
	})
	claiming(t, s, "a", hour(1000))
}

// testDeliveriesAtOnce: many senders, and every post goes once.
func testDeliveriesAtOnce(t *testing.T, open func(*testing.T) Store) {
	const posts, senders = 60, 6
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	var c store.Change
	for i := range posts {
		c.Posts = append(c.Posts, postOf(fmt.Sprint("p", i), "it", fmt.Sprint("channel-", i)))
	}
	applying(t, s, hour(1), c)
	var mu sync.Mutex
	given := map[string]int{}
	var all sync.WaitGroup
	for n := range senders {
		all.Go(func() {
			for {
				list, err := s.ClaimDeliveries(ctx, fmt.Sprint("sender-", n), hour(2), hour(3), 4)
				if err != nil {
					t.Error(err)
				}
				if len(list) == 0 {
					return
				}
				for _, d := range list {
					mu.Lock()
					given[d.Post]++
					mu.Unlock()
					if err := s.FinishDelivery(ctx, d, sent("m-"+d.Post), hour(2)); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	for post, n := range given {
		if n != 1 {
			t.Errorf("%s went %d times", post, n)
		}
	}
	if len(given) != posts {
		t.Errorf("%d of %d went", len(given), posts)
	}
}
