package scheduler

import (
	"testing"
	"time"
)

func TestAClockPutForwardIsWaitedFor(t *testing.T) {
	var w watch
	start := time.Now()
	day := 24 * time.Hour
	// Without its monotonic part a time is one that was moved by hand, as in the
	// demo: it is believed.
	if !w.trust(start.Round(0)) || !w.trust(start.Round(0).Add(30*day)) {
		t.Error("a clock that is moved by hand isn't believed")
	}
	w = watch{}
	if !w.trust(start) || !w.trust(start.Add(15*time.Second)) {
		t.Error("a clock that goes isn't believed")
	}
	w.until = start.Add(waitAfterLeap)
	if w.trust(start.Add(time.Minute)) {
		t.Error("a leap is believed at once")
	}
	if !w.trust(start.Add(waitAfterLeap)) {
		t.Error("a leap is never believed")
	}
}
