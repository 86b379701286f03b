package bottest

import (
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFake(t *testing.T) { Run(t, OpenFake) }

// What goes wrong does so once, in order, and a lost answer is found again.
func TestFaultsOfTheFake(t *testing.T) {
	f := NewFake("fake", World{[]*store.Engagement{Stage()}, &script{}, clock.At(night, nil, nil)})
	busy := &bot.SendError{Reason: "busy", After: time.Second}
	lost := errors.New("connection reset")
	f.Fail(Fault{}, Fault{Err: busy}, Fault{Err: lost, Arrives: true})
	p := post(f.Address(Spot{maria, channel, ""}), "hello")
	for i, want := range []error{nil, busy, lost, nil} {
		p.Key = string(rune('a' + i))
		if _, err := f.Send(t.Context(), p); !errors.Is(err, want) {
			t.Errorf("send %d is %v, want %v", i, err, want)
		}
		p := p
		if _, found, err := f.Find(t.Context(), p); err != nil || found == errors.Is(want, busy) {
			t.Errorf("send %d: found %v, %v", i, found, err)
		}
	}
	log := f.Log()
	if len(log) != 4 || log[1].ID != "" || log[2].ID == "" || log[2].Err == nil || !log[3].At.Equal(night) {
		t.Errorf("the log is %+v", log)
	}
}
