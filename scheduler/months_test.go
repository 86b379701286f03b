package scheduler_test

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/rhythm"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// outage is a stretch in which nobody sweeps.
type outage struct{ from, to time.Time }

// Months go by on one store with two processes and a platform that fails as real
// ones do: 3 % of the posts are refused, 2 % break, of 3 % the answer is lost.
// Tandem is down four times, once for nine days, and the clock is put back by a
// day. No prompt that was to come is missing, and nothing stands there twice.
func TestMonths(t *testing.T) {
	h := newHouse(t, "2026-09-01T07:30", nil)
	path := filepath.Join(t.TempDir(), "store.db")
	dbs := make([]*sqlite.DB, 2)
	for i := range dbs {
		db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		h.must(err)
		t.Cleanup(func() { _ = db.Close() })
		dbs[i] = db
	}
	h.db = dbs[0]
	e := readHarbor(t)
	for i := range e.Cadences { // all in one rhythm or another
		if e.Cadences[i].Kind == store.KindReport {
			e.Cadences[i].Schedule, e.Cadences[i].Week = "30 8 * * *", 0
			e.Cadences[i].Grace, e.Cadences[i].Remind = store.Duration{N: 3, Unit: store.Hours}, nil
		}
	}
	_, err := h.db.ImportEngagement(t.Context(), e, "test", h.now)
	h.must(err)
	h.chat.messages = nil

	rng := rand.New(rand.NewPCG(7, 11))
	calm := false
	var lost int
	h.chat.fault = func() (bool, bool, bool) {
		f := rng.Float64()
		switch {
		case calm:
			return false, false, false
		case f < 0.03:
			return true, false, false
		case f < 0.05:
			return false, true, false
		case f < 0.08:
			lost++
			return false, false, true
		}
		return false, false, false
	}
	var mu sync.Mutex
	jitter := func() float64 { mu.Lock(); defer mu.Unlock(); return rng.Float64() }
	sweepers := make([]*scheduler.Sweeper, 2)
	for i := range sweepers {
		sweepers[i] = scheduler.New(scheduler.Options{
			Store: dbs[i], Platforms: []bot.Platform{finding{h.chat}}, Owner: string(rune('a' + i)), Rand: func() float64 {
				h.chat.mu.Lock() // the faults draw from the same numbers
				defer h.chat.mu.Unlock()
				return jitter()
			},
		})
	}
	var total scheduler.Report
	sweep := func() bool {
		var wg sync.WaitGroup
		var found sync.Mutex
		sent := 0
		for _, s := range sweepers {
			wg.Go(func() {
				r, err := s.Sweep(t.Context(), h.now)
				found.Lock()
				defer found.Unlock()
				if err != nil || r.Failed > 0 {
					t.Errorf("at %s: %+v %v", h.now, r, err)
				}
				sent += r.Sent
				total.Planned, total.Posted, total.Sent = total.Planned+r.Planned, total.Posted+r.Posted, total.Sent+r.Sent
				total.Found, total.Unknown, total.Refused = total.Found+r.Found, total.Unknown+r.Unknown, total.Refused+r.Refused
				total.Conflicts, total.Dead, total.Lost = total.Conflicts+r.Conflicts, total.Dead+r.Dead, total.Lost+r.Lost
			})
		}
		wg.Wait()
		return sent > 0
	}

	begin := h.now
	outages := []outage{
		{h.at("2026-09-14T08:50"), h.at("2026-09-14T09:50")},
		{h.at("2026-09-21T08:00"), h.at("2026-09-21T11:59")},
		{h.at("2026-09-28T08:00"), h.at("2026-09-28T13:01")},
		{h.at("2026-10-09T18:00"), h.at("2026-10-18T18:00")},
	}
	back := h.at("2026-11-04T12:00") // put back by a day from here
	end := h.at("2027-01-20T12:00")
	step := 10 * time.Minute
	if raceEnabled {
		back, end, step = time.Time{}, h.at("2026-10-20T12:00"), 30*time.Minute
	}
	people := rand.New(rand.NewPCG(3, 5))
	for h.now.Before(end) {
		for _, o := range outages {
			if h.now.After(o.from) && h.now.Before(o.to) {
				h.now = o.to
			}
		}
		if !back.IsZero() && h.now.After(back) {
			h.now, back = h.now.AddDate(0, 0, -1), time.Time{}
		}
		for range 30 {
			if !sweep() {
				break
			}
			h.now = h.now.Add(store.DeliverySpacing)
		}
		somebodyAnswers(h, people)
		h.now = h.now.Truncate(step).Add(step)
	}
	for calm, end = true, end.AddDate(0, 0, 1); h.now.Before(end); h.now = h.now.Add(step) {
		sweep()
	}

	seen := map[string]int{}
	for _, m := range h.chat.messages {
		seen[m.key+" at "+m.to.Channel+m.to.User]++
	}
	for key, n := range seen {
		if n > 1 {
			t.Errorf("%s stands there %d times", key, n)
		}
	}
	expected := expectedPrompts(t, e, begin, end, outages)
	for key := range expected {
		if n := len(h.keys(key)); n != 1 {
			t.Errorf("%s was posted %d times", key, n)
		}
	}
	prompts := 0
	for _, m := range h.keys("prompt/") {
		if key := strings.TrimPrefix(m.key, h.id+"/"); !expected[key] {
			t.Errorf("%s was not to come", key)
		}
		prompts++
	}
	t.Logf("%d messages, %d prompts, %d answers of the platform lost; %+v", len(h.chat.messages), prompts, lost, total)
	if total.Found == 0 || total.Refused == 0 || total.Unknown == 0 {
		t.Error("the faults did not strike")
	}
	if total.Dead > 0 {
		t.Errorf("%d deliveries are dead", total.Dead)
	}
}

// somebodyAnswers lets people answer open standups now and then.
func somebodyAnswers(h *house, rng *rand.Rand) {
	if rng.Float64() > 0.03 {
		return
	}
	list, err := h.db.Occurrences(h.Context(), h.id, "weekly-standup", 6)
	h.must(err)
	for _, o := range list {
		if o.State != store.Prompted {
			continue
		}
		person := []string{"maria", "theo", "devon", "sam"}[rng.IntN(4)]
		h.must(h.db.RecordAnswer(h.Context(), h.id, store.Answer{
			Cadence: o.Cadence, Civil: o.Civil, Person: person, Kind: store.Answered, How: store.ByForm, Answers: []string{"As usual."},
		}, nil, h.now))
	}
}

// expectedPrompts works out, from the rhythm alone, what had to be posted.
func expectedPrompts(t *testing.T, e *store.Engagement, from, until time.Time, outages []outage) map[string]bool {
	t.Helper()
	cal, err := calendar.New(e, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for i := range e.Cadences {
		c := &e.Cadences[i]
		r, err := rhythm.New(cal, c)
		if err != nil {
			t.Fatal(err)
		}
		list := r.Between(from, until)
		for j, due := range list {
			if due.Skipped != "" {
				continue
			}
			prompted := true
			for _, o := range outages {
				if due.Due.Before(o.from) || !due.Due.Before(o.to) {
					continue
				}
				patience := 4 * time.Hour
				if c.Kind != store.KindStandup && c.Kind != store.KindReport {
					patience = max(patience, due.Grace.Sub(due.Due))
				}
				newest := j+1 >= len(list) || list[j+1].Due.After(o.to)
				prompted = newest && o.to.Sub(due.Due) <= patience
			}
			if prompted {
				out["prompt/"+c.ID+"@"+due.Civil] = true
			}
		}
	}
	return out
}
