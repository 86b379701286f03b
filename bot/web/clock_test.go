package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
)

func TestTheClockRunsOnAndIsKept(t *testing.T) {
	m, real := &memory{}, noon
	openClock := func() *web.Clock {
		c, err := web.OpenClock(t.Context(), m, func() time.Time { return real })
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := openClock()
	if !c.Now().Equal(noon) || c.Moved() {
		t.Errorf("it begins at %v", c.Now())
	}
	to := time.Date(2027, 1, 4, 7, 59, 0, 0, newYork)
	if err := c.Set(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	real = real.Add(time.Minute)
	if err := c.Advance(t.Context(), -time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*web.Clock{c, openClock()} {
		if want := to.Add(time.Minute - time.Hour); !c.Now().Equal(want) || !c.Moved() {
			t.Errorf("it shows %v, want %v", c.Now(), want)
		}
	}
	for _, bad := range []time.Time{{}, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if err := c.Set(t.Context(), bad); err == nil {
			t.Errorf("it went to %v", bad)
		}
	}
	m.Broken = true
	before := c.Now()
	if err := c.Reset(t.Context()); err == nil || !c.Now().Equal(before) {
		t.Errorf("a move that isn't kept: %v, %v", c.Now(), err)
	}
	if _, err := web.OpenClock(t.Context(), m, time.Now); err == nil {
		t.Error("it opened over a store that fails")
	}
	m.Broken = false
	if err := c.Reset(t.Context()); err != nil || c.Moved() || !c.Now().Equal(real) {
		t.Errorf("back: %v, %v", c.Now(), err)
	}
	m.Settings["clock.offset"] = "soon"
	if _, err := web.OpenClock(t.Context(), m, time.Now); err == nil {
		t.Error("it opened over a damaged setting")
	}
}

func TestThePageMovesTheClock(t *testing.T) {
	w := open(t, &memory{}, nil)
	c := client{t: t, w: w}
	for _, move := range []struct{ name, value, want string }{
		{"by", "1h", "2026-11-25T13:00:00-05:00"},
		{"to", "2026-11-25T17:31:00-05:00", "2026-11-25T17:31:00-05:00"},
		{"at", "2026-11-27T09:05", "2026-11-27T09:05:00-05:00"},
		{"at", "2026-07-01T02:30:00", "2026-07-01T02:30:00-04:00"}, // some browsers send seconds
		{"back", "yes", "2026-11-25T12:00:00-05:00"},
	} {
		action, fields := c.form(c.get(chatURL("?stranger", "managers")).Body.String(), "+1 hour")
		fields[move.name] = move.value
		if rec := c.post(action, fields); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/chat?as=harbor-legal%2F%3Fstranger&in=managers" {
			t.Errorf("%v: %d to %s", move, rec.Code, rec.Header().Get("Location"))
		}
		if got := w.clock.Now().In(newYork).Format(time.RFC3339); got != move.want {
			t.Errorf("%v: %s", move, got)
		}
	}
	if got := len(w.moved); got != 5 {
		t.Errorf("moved %d times", got)
	}
	for _, bad := range [][2]string{{"by", "soon"}, {"to", "noon"}, {"at", ""}, {"at", "1066-10-14T09:00"}, {"by", "9999999h"}, {"x", "y"}} {
		action, fields := c.form(c.get(chatURL("maria", "")).Body.String(), "+1 hour")
		fields[bad[0]] = bad[1]
		if rec := c.post(action, fields); rec.Code != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, rec.Code)
		}
	}
}

func TestQuickMoves(t *testing.T) {
	own := web.Move{Label: "Doors open", To: time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)}
	w := open(t, &memory{}, func(o *web.Options) {
		list := engagements()
		list[1].Moves = func(time.Time) []web.Move { return []web.Move{own} }
		o.Engagements = there(list)
	})
	c := client{t: t, w: w}
	wants(t, c.get("/chat?as=evil%2Fx").Body.String(), "Doors open", `value="2026-11-26T14:00:00Z"`)
	for at, want := range map[string]string{
		"2026-11-25T12:00:00-05:00": "Thu 26 Nov, 08:00", "2026-11-27T09:00:00-05:00": "Mon 30 Nov, 08:00", "2026-11-27T07:00:00-05:00": "Fri 27 Nov, 08:00",
	} {
		to, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.clock.Set(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		wants(t, c.get(chatURL("maria", "")).Body.String(), ">"+want+"<", ">17:31 today<")
	}
	if err := w.clock.Set(t.Context(), time.Date(2026, 11, 25, 18, 0, 0, 0, newYork)); err != nil {
		t.Fatal(err)
	}
	lacks(t, c.get(chatURL("maria", "")).Body.String(), "17:31 today")
}
