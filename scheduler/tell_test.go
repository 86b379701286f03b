package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
)

func TestAFailedRestoreIsToldToBothLeadsAtOnce(t *testing.T) {
	h := newHouse(t, "2026-11-18T10:00", onlyCadences("tested-restore"))
	h.until("2026-11-18T22:30")
	h.must(h.db.RecordOccurrence(t.Context(), h.id, "tested-restore", "2026-11-18T11:00", store.Record{
		By: "lee", Attended: []string{"lee", "maria"}, Result: store.ResultFail, Minutes: 95, Evidence: "https://tickets.example/4711",
		Next: store.Date{Year: 2027, Month: 2, Day: 17},
	}, h.now))
	h.tick()
	told := h.keys("restore/")
	if len(told) != 2 {
		t.Fatalf("%d heard it", len(told))
	}
	h.says(told[0], "A tested restore failed", "Result: fail", "Took: 95 minutes", "Evidence: https://tickets.example/4711")
	h.until("2026-11-23T22:30")
	if n := len(h.keys("restore/")); n != 2 {
		t.Errorf("told %d times", n)
	}
}

func TestANewConversationIsToldToBothLeadsOnce(t *testing.T) {
	h := newHouse(t, "2026-11-18T10:00", standupsOnly)
	ask := func() {
		_, _, err := h.db.AskedUnnamed(t.Context(), h.id, store.Conversation{
			Question: "Who waters the plants?", Key: "plants waters", Asker: store.Asker{Person: "theo"},
			Nearest: []store.SubjectRef{{Kind: "function", ID: "password-resets"}},
		}, h.now)
		h.must(err)
		h.tick()
	}
	ask()
	told := h.keys("conversation/")
	if len(told) != 2 || told[0].to.User == told[1].to.User {
		t.Fatalf("%d heard it\n%s", len(told), h.transcript())
	}
	h.says(told[0], "“Who waters the plants?” isn't named in the matrix", "Asked by: Theo Lindqvist", "Close 1: type `close 1`", "Password resets")
	h.until("2026-11-18T15:00")
	ask()
	h.until("2026-11-25T15:00")
	if n := len(h.keys("conversation/")); n != 2 {
		t.Errorf("told %d times", n)
	}
}

func TestADeadLetterIsToldToManagersOnce(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	h.chat.gone = map[string]bool{"harbor-legal/coordination": true}
	h.until("2026-11-17T12:00")
	dead := h.keys("dead/prompt/")
	if len(dead) != 1 || dead[0].to.Channel != "harbor-legal/managers" {
		t.Fatalf("there are %d\n%s", len(dead), h.transcript())
	}
	h.says(dead[0], "Message: the prompt of a standup", "To: the channel coordination on web", "Why: the channel is archived")
	h.until("2026-11-18T12:00")
	h.one("dead/prompt/")
	h.one("dead/digest/")
}

func TestWhereManagersCantBeReachedEither(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	h.chat.gone = map[string]bool{"harbor-legal/coordination": true, "harbor-legal/managers": true}
	h.until("2026-11-17T12:00")
	h.none("dead/")
	list, err := h.db.DeadDeliveries(t.Context(), h.id)
	h.must(err)
	if len(list) == 0 {
		t.Error("nothing is dead")
	}
}

// A platform that can't look for a message says that it may be a repeat.
func TestARepeatThatCannotBeRuledOutSaysSo(t *testing.T) {
	h := newHouse(t, "2026-11-12T10:00", standupsOnly)
	first := true
	h.chat.fault = func() (bool, bool, bool) {
		lost := first
		first = false
		return false, false, lost
	}
	h.sweep = scheduler.New(scheduler.Options{Store: h.db, Platforms: []bot.Platform{h.chat}, Owner: "two", Rand: func() float64 { return 0.5 }})
	h.until("2026-11-16T09:30")
	prompts := h.keys("prompt/")
	if len(prompts) != 2 {
		t.Fatalf("there are %d prompts", len(prompts))
	}
	h.says(prompts[1], "This may be a repeat")
}

// panicky is a platform with a fault of its own.
type panicky struct{ *chat }

func (panicky) Send(context.Context, bot.Post) (string, error) { panic("a fault") }

func TestAPlatformThatPanics(t *testing.T) {
	h := newHouse(t, "2026-11-16T08:59", standupsOnly)
	h.jump("2026-11-16T09:00")
	s := scheduler.New(scheduler.Options{Store: h.db, Platforms: []bot.Platform{panicky{h.chat}}, Owner: "two", Rand: func() float64 { return 0 }})
	r, err := s.Sweep(t.Context(), h.now)
	if err != nil || r.Unknown != 1 {
		t.Errorf("%+v %v", r, err)
	}
	h.now = h.now.Add(time.Minute)
	h.tick()
	h.one("prompt/")
}

// One engagement that can't be swept stops no other.
func TestOneBrokenEngagementStopsNoOther(t *testing.T) {
	h := newHouse(t, "2026-11-16T08:59", standupsOnly)
	other := readHarbor(t)
	standupsOnly(other)
	other.ID = "a-broken-one"
	_, err := h.db.ImportEngagement(t.Context(), other, "test", h.now)
	h.must(err)
	h.jump("2026-11-16T09:00")
	s := scheduler.New(scheduler.Options{
		Store: broken{h.db, "a-broken-one"}, Platforms: []bot.Platform{finding{h.chat}}, Owner: "two", Rand: func() float64 { return 0 },
	})
	for range 3 {
		r, err := s.Sweep(t.Context(), h.now)
		if err != nil {
			t.Fatal(err)
		}
		if r.Failed > 1 {
			t.Errorf("%+v", r)
		}
		h.now = h.now.Add(2 * time.Second)
	}
	h.one("prompt/")
}

// broken is a store that can't read one engagement, and panics over it now and then.
type broken struct {
	scheduler.Store
	id string
}

func (b broken) Engagement(ctx context.Context, id string) (*store.Engagement, error) {
	if id == b.id {
		panic(errors.New("a page of the disk"))
	}
	return b.Store.Engagement(ctx, id)
}

// overtaken is a store in which somebody is always quicker.
type overtaken struct{ scheduler.Store }

func (overtaken) ApplySweep(context.Context, string, string, store.Change, time.Time) error {
	return store.Errorf(store.CodeConflict, "Something happened since it was read.")
}

func TestAnEngagementInWhichSomethingHappensAllTheTime(t *testing.T) {
	h := newHouse(t, "2026-11-16T08:59", standupsOnly)
	h.jump("2026-11-16T09:00")
	s := scheduler.New(scheduler.Options{Store: overtaken{h.db}, Platforms: []bot.Platform{finding{h.chat}}, Owner: "one", Rand: func() float64 { return 0 }})
	r, err := s.Sweep(t.Context(), h.now)
	if err != nil || r.Failed != 0 || r.Conflicts == 0 {
		t.Errorf("%+v %v", r, err)
	}
	h.now = h.now.Add(2 * time.Minute) // nobody is in the way any more
	h.tick()
	h.one("prompt/")
}
