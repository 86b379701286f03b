package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func announcement(asked ...string) store.AckRequest {
	return store.AckRequest{
		What: store.AckAnnouncement, Title: "VPN changes Friday", Text: "From <8:00> & \"on\".",
		Mode: store.AckEach, Asked: asked, By: "maria",
	}
}

func testRequests(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	refused := func(code store.Code, words string, change func(*store.AckRequest)) {
		t.Helper()
		before := mustLook(t, s, "acme")
		r := announcement("maria", "theo")
		change(&r)
		_, err := s.RequestAcknowledgement(t.Context(), "acme", r, hour(1))
		wantCode(t, err, code, words)
		wantEqual(t, words, mustLook(t, s, "acme"), before)
	}
	refused(store.CodeInvalid, "Nobody is asked", func(r *store.AckRequest) { r.Asked = nil })
	refused(store.CodeInvalid, "asked once", func(r *store.AckRequest) { r.Asked = []string{"theo", "theo"} })
	refused(store.CodeInvalid, "what is to be acknowledged", func(r *store.AckRequest) { r.Title = "" })
	refused(store.CodeInvalid, "each one's", func(r *store.AckRequest) { r.Mode = "all" })
	refused(store.CodeInvalid, "Nothing of the kind", func(r *store.AckRequest) { r.What = "joke" })
	refused(store.CodeInvalid, "Say who", func(r *store.AckRequest) { r.By = "" })
	refused(store.CodeInvalid, "no UTF-8", func(r *store.AckRequest) { r.Text = "\xff" })
	refused(store.CodeNotFound, `no person "nobody"`, func(r *store.AckRequest) { r.Asked = []string{"nobody"} })

	ask := func(want int, key string, asked ...string) {
		t.Helper()
		r := announcement(asked...)
		r.Key = key
		if n, err := s.RequestAcknowledgement(ctx, "acme", r, hour(want)); n != want || err != nil {
			t.Fatalf("request %d is %d, %v", want, n, err)
		}
	}
	due(t, s, hour(1))
	ask(1, "", "maria", "theo")
	if !due(t, s, hour(1)) {
		t.Error("a request does not make the engagement due")
	}
	ask(2, "vpn", "theo")
	ask(2, "vpn", "maria") // the same
	ask(3, "", "devon", "maria")
	if n := reading(t, s, "acme").NextRequest; n != 4 {
		t.Errorf("the next request is %d", n)
	}
	numbers := func(f store.AckFilter, want ...int) {
		t.Helper()
		list, err := s.Acknowledgements(ctx, "acme", f)
		must(t, err)
		var got []int
		for _, a := range list {
			got = append(got, a.ID)
		}
		wantEqual(t, fmt.Sprintf("%+v", f), got, want)
	}
	press(t, s, 2, "theo", hour(4))
	numbers(store.AckFilter{}, 3, 2, 1)
	numbers(store.AckFilter{Open: true}, 3, 1)
	numbers(store.AckFilter{Person: "theo"}, 2, 1)
	numbers(store.AckFilter{Person: "theo", Missing: true}, 1)
	numbers(store.AckFilter{Person: "nobody"})
	numbers(store.AckFilter{Request: 2}, 2)
	numbers(store.AckFilter{Request: 9})
	numbers(store.AckFilter{Limit: 1}, 3)
	numbers(store.AckFilter{Message: "m-2"}, 2) // where theo pressed
	numbers(store.AckFilter{Message: "m"})

	// A message is known by where its post stands, too.
	applying(t, s, hour(5), store.Change{Posts: []store.Post{postOf("ask-3", store.AboutRequest(3), "it")}, Next: hour(8)})
	list, err := s.ClaimDeliveries(ctx, "sender", hour(6), hour(7), 9)
	must(t, err)
	must(t, s.FinishDelivery(ctx, list[0], store.Outcome{Kind: store.OutcomeSent, Message: "slack-17"}, hour(6)))
	numbers(store.AckFilter{Message: "slack-17"}, 3)

	// What a sweep does to requests.
	r := announcement("maria")
	r.ID, r.Key, r.By = 4, "swept", ""
	again := r
	again.Key, again.ID = "vpn", 5 // there is one
	applying(t, s, hour(8), store.Change{
		Requests: []store.AckRequest{r, again}, Reminded: []int{1, 2, 3}, Closed: []store.ClosedRequest{{ID: 3, Why: "over"}, {ID: 2, Why: "over"}}, Next: hour(9),
	})
	all, err := s.Acknowledgements(ctx, "acme", store.AckFilter{})
	must(t, err)
	slices.Reverse(all)
	if len(all) != 4 || all[3].By != store.ByTandem || all[0].Reminders != 1 || !all[0].Reminded.Equal(hour(8)) ||
		all[1].Reminders != 0 || all[1].Why != "" || !all[2].Closed.Equal(hour(8)) || all[2].Why != "over" {
		t.Errorf("after the sweep: %+v", all)
	}
	_, err = s.Acknowledge(ctx, "acme", store.Acknowledging{Request: 3, Person: "maria", How: store.ByButton}, hour(9))
	wantCode(t, err, store.CodeConflict, `"VPN changes Friday" was closed on 2026-10-01: over`)
	numbers(store.AckFilter{Open: true}, 4, 1)
}

// press acknowledges or ends the test.
func press(t *testing.T, s Store, request int, person string, at time.Time) store.AckResult {
	t.Helper()
	r, err := s.Acknowledge(t.Context(), "acme", store.Acknowledging{
		Request: request, Person: person, How: store.ByButton, Platform: "slack", Identity: "U-" + person, Message: fmt.Sprint("m-", request),
	}, at)
	must(t, err)
	return r
}

func testAcknowledgements(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("acme"), hour(0))
	ask := announcement("maria", "theo")
	_, err := s.RequestAcknowledgement(ctx, "acme", ask, hour(1))
	must(t, err)
	ask.Mode = store.AckFirst
	_, err = s.RequestAcknowledgement(ctx, "acme", ask, hour(1))
	must(t, err)
	due(t, s, hour(1))
	before := mustLook(t, s, "acme")

	// Only those asked, for what is there, in a way that there is.
	for words, c := range map[string]struct {
		press store.Acknowledging
		code  store.Code
	}{
		`"devon" was not asked`: {store.Acknowledging{Request: 1, Person: "devon", How: store.ByButton}, store.CodeForbidden},
		"acme has no request 9": {store.Acknowledging{Request: 9, Person: "maria", How: store.ByButton}, store.CodeNotFound},
		"by a button":           {store.Acknowledging{Request: 1, Person: "maria"}, store.CodeInvalid},
		"Say who":               {store.Acknowledging{Request: 1, How: store.ByButton}, store.CodeInvalid},
		"no UTF-8":              {store.Acknowledging{Request: 1, Person: "maria", How: store.ByButton, Identity: "\xff"}, store.CodeInvalid},
	} {
		_, err := s.Acknowledge(ctx, "acme", c.press, hour(2))
		wantCode(t, err, c.code, words)
		wantEqual(t, words, mustLook(t, s, "acme"), before)
	}

	// Each: the last one closes it. On behalf is recorded.
	first := press(t, s, 1, "maria", hour(2))
	if first.Already || first.Who != "maria" || !first.When.Equal(hour(2)) || len(first.Missing()) != 1 || !first.Closed.IsZero() {
		t.Errorf("the first press: %+v", first)
	}
	if !due(t, s, hour(2)) {
		t.Error("a press does not make the engagement due")
	}
	shot := mustLook(t, s, "acme")
	again := press(t, s, 1, "maria", hour(3))
	if !again.Already || again.Who != "maria" || !again.When.Equal(hour(2)) {
		t.Errorf("the second press: %+v", again)
	}
	wantEqual(t, "after a second press", mustLook(t, s, "acme"), shot)
	second, err := s.Acknowledge(ctx, "acme", store.Acknowledging{Request: 1, Person: "theo", By: "maria", How: store.ByTyping}, hour(4))
	must(t, err)
	given, _ := second.Of("theo")
	if !second.Closed.Equal(hour(4)) || !given.OnBehalf() || given.By != "maria" || len(second.Missing()) != 0 {
		t.Errorf("on behalf: %+v", second)
	}
	stored, err := s.Acknowledgements(ctx, "acme", store.AckFilter{Request: 1})
	must(t, err)
	wantEqual(t, "what is stored", stored[0], second.Acknowledgement)
	audit, err := s.Audit(ctx, "acme")
	must(t, err)
	if e := audit[given.Seq-1]; e.By != "maria" || e.Action != store.AuditAckGiven || string(e.Detail) != `{"request":1,"person":"theo","how":"typed"}` {
		t.Errorf("its record is %+v %s", e, e.Detail)
	}
	if r := reading(t, s, "acme").Requests; len(r) != 2 {
		t.Errorf("a request that was closed since the last sweep is not shown: %v", r)
	}
	due(t, s, hour(4))
	if r := reading(t, s, "acme").Requests; len(r) != 1 {
		t.Errorf("a request that a sweep has seen closed is shown: %v", r)
	}

	// Undo: by whoever pressed, for five minutes; it is open again.
	undo := func(request int, by string, at time.Time) error { // what is theo's
		return s.UndoAcknowledgement(ctx, "acme", store.Undoing{Request: request, Person: "theo", By: by, How: store.ByButton}, at)
	}
	wantCode(t, undo(1, "theo", hour(4)), store.CodeForbidden, "Only maria, who pressed")
	wantCode(t, undo(1, "maria", hour(4).Add(store.UndoWithin+1)), store.CodeConflict, "fixed since 2026-10-01 16:05:00 UTC")
	wantCode(t, undo(2, "", hour(4)), store.CodeNotFound, "nothing to undo")
	wantCode(t, undo(9, "", hour(4)), store.CodeNotFound, "acme has no request 9")
	must(t, undo(1, "maria", hour(4).Add(store.UndoWithin)))
	stored, err = s.Acknowledgements(ctx, "acme", store.AckFilter{Open: true, Request: 1})
	must(t, err)
	if len(stored) != 1 || len(stored[0].Given) != 1 || strings.Join(stored[0].Missing(), " ") != "theo" {
		t.Errorf("after an undo: %+v", stored)
	}

	// First: one closes it for all, and the next one hears who.
	press(t, s, 2, "theo", hour(5))
	late := press(t, s, 2, "maria", hour(6))
	if !late.Already || late.Who != "theo" || !late.When.Equal(hour(5)) || !late.Closed.Equal(hour(5)) {
		t.Errorf("after the first: %+v", late)
	}
	must(t, undo(2, "", hour(5)))
	if r := press(t, s, 2, "maria", hour(6)); r.Already || !r.Closed.Equal(hour(6)) {
		t.Errorf("after an undo: %+v", r)
	}
	mustLook(t, s, "acme") // verifies the chain
}

// testAcknowledgeAtOnce: everybody presses at once, several times each; each
// is kept once, and of the first ones there is one.
func testAcknowledgeAtOnce(t *testing.T, open func(*testing.T) Store) {
	const people, presses, requests = 8, 4, 3
	s := open(t)
	ctx := t.Context()
	e := sample("acme")
	var asked []string
	for i := range people {
		asked = append(asked, fmt.Sprint("person-", i))
		e.People = append(e.People, store.Person{ID: asked[i], Name: asked[i], Side: store.Internal})
	}
	importing(t, s, e, hour(0))
	for i := range requests {
		r := announcement(asked...)
		if i == 0 {
			r.Mode = store.AckFirst
		}
		_, err := s.RequestAcknowledgement(ctx, "acme", r, hour(1))
		must(t, err)
	}
	var mu sync.Mutex
	fresh := map[int]int{}
	var all sync.WaitGroup
	for _, person := range asked {
		for range presses {
			all.Go(func() {
				for request := 1; request <= requests; request++ {
					r, err := s.Acknowledge(ctx, "acme", store.Acknowledging{Request: request, Person: person, How: store.ByButton}, hour(2))
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if !r.Already {
						fresh[request]++
					}
					mu.Unlock()
				}
			})
		}
	}
	all.Wait()
	wantEqual(t, "how many counted", fresh, map[int]int{1: 1, 2: people, 3: people})
	shot := mustLook(t, s, "acme")
	for _, r := range shot.Rhythm.Requests {
		if r.Closed.IsZero() || len(r.Given) != fresh[r.ID] {
			t.Errorf("request %d: %+v", r.ID, r)
		}
	}
	if want := 1 + requests + 1 + 2*people; shot.Rhythm.Check.Good != want {
		t.Errorf("%d records, want %d", shot.Rhythm.Check.Good, want)
	}
}
