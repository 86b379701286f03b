package storetest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

// testAckMachine: whatever is pressed in whatever order, the store says what
// a simple model says, and the chain holds.
func testAckMachine(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	n, passed := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		if passed >= machineRuns {
			return
		}
		n++
		id := fmt.Sprint("client-", n)
		importing(t, s, sample(id), hour(0))
		ctx := t.Context()
		mode := rapid.SampledFrom([]store.AckMode{store.AckEach, store.AckFirst}).Draw(rt, "mode")
		r := announcement("maria", "theo", "devon")
		r.Mode = mode
		if _, err := s.RequestAcknowledgement(ctx, id, r, noon); err != nil {
			rt.Fatal(err)
		}
		type pressed struct {
			by string
			at time.Time
		}
		model := map[string]pressed{}
		closed := false
		now := noon
		person := rapid.SampledFrom([]string{"maria", "theo", "devon"})
		open := func() bool {
			return !closed && (mode == store.AckFirst && len(model) == 0 || mode == store.AckEach && len(model) < 3)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"wait": func(rt *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(0, 400).Draw(rt, "seconds")) * time.Second)
			},
			"press": func(rt *rapid.T) {
				who, by := person.Draw(rt, "who"), person.Draw(rt, "by")
				result, err := s.Acknowledge(ctx, id, store.Acknowledging{Request: 1, Person: who, By: by, How: store.ByButton}, now)
				_, has := model[who]
				switch already := has || mode == store.AckFirst && len(model) > 0; {
				case already && (err != nil || !result.Already):
					rt.Fatalf("again: %+v, %v", result, err)
				case already:
				case closed && store.ErrorCode(err) != store.CodeConflict:
					rt.Fatalf("closed: %+v, %v", result, err)
				case closed:
				case err != nil || result.Already:
					rt.Fatalf("a press: %+v, %v", result, err)
				default:
					model[who] = pressed{by, now}
				}
			},
			"undo": func(rt *rapid.T) {
				who, by := person.Draw(rt, "who"), person.Draw(rt, "by")
				err := s.UndoAcknowledgement(ctx, id, store.Undoing{Request: 1, Person: who, By: by, How: store.ByButton}, now)
				p, has := model[who]
				want := store.Code("")
				switch {
				case !has:
					want = store.CodeNotFound
				case p.by != by:
					want = store.CodeForbidden
				case now.Sub(p.at) > store.UndoWithin:
					want = store.CodeConflict
				default:
					delete(model, who)
				}
				if store.ErrorCode(err) != want {
					rt.Fatalf("undo: %v, want %q", err, want)
				}
			},
			"sweep": func(rt *rapid.T) {
				c := store.Change{Reminded: []int{1}, Next: now}
				if rapid.IntRange(0, 5).Draw(rt, "close") == 0 {
					c.Closed = []store.ClosedRequest{{ID: 1, Why: "over"}}
					closed = closed || open()
				}
				if err := sweep(ctx, s, id, now, func(store.Rhythm) store.Change { return c }); err != nil {
					rt.Fatal(err)
				}
			},
			"": func(rt *rapid.T) {
				list, err := s.Acknowledgements(ctx, id, store.AckFilter{})
				if err != nil || len(list) != 1 || len(list[0].Given) != len(model) || list[0].Closed.IsZero() != open() {
					rt.Fatalf("%+v, %v; the model has %v, open %t", list, err, model, open())
				}
				for _, g := range list[0].Given {
					if p := model[g.Person]; p.by != g.By || !p.at.Equal(g.At) {
						rt.Fatalf("%+v, the model has %v", g, p)
					}
				}
				if check, err := s.VerifyAudit(ctx, id); err != nil || check.Broken != nil {
					rt.Fatalf("%s, %v", check, err)
				}
			},
		})
		passed++
	})
}

// machineRuns bounds the state machines: with the race detector one run on
// SQLite takes a second.
const machineRuns = 25
