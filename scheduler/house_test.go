package scheduler_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
	"github.com/tandem-bot/tandem/store/sqlite"

	_ "time/tzdata"
)

// message is one that stands on the fake platform.
type message struct {
	id   string
	to   bot.Address
	key  string
	card card.Message
	was  string // the first card, where another has taken its place
	at   time.Time
	seen int // updates
}

// chat is a platform in memory. With faults it fails as real ones do.
type chat struct {
	mu       sync.Mutex
	name     string
	messages []*message
	now      func() time.Time
	fault    func() (refused, broken, lost bool)
	gone     map[string]bool // channels that were archived
	sends    int
}

func (c *chat) Name() string { return c.name }

func (c *chat) Send(_ context.Context, p bot.Post) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sends++
	if c.gone[p.To.Channel] && p.To.Channel != "" {
		return "", &bot.SendError{Reason: "the channel is archived", Permanent: true}
	}
	lost := false
	if c.fault != nil {
		var refused, broken bool
		if refused, broken, lost = c.fault(); refused {
			return "", &bot.SendError{Reason: "too many requests", After: 30 * time.Second}
		} else if broken {
			return "", errors.New("500 internal error")
		}
	}
	id := p.Update
	if id == "" {
		id = strconv.Itoa(len(c.messages) + 1)
		c.messages = append(c.messages, &message{id: id, to: p.To, key: p.Key, card: p.Card, at: c.now()})
	} else {
		n, _ := strconv.Atoi(id)
		if m := c.messages[n-1]; m.was == "" {
			m.was = m.card.Plain()
		}
		c.messages[n-1].card = p.Card
		c.messages[n-1].seen++
	}
	if lost {
		return "", errors.New("connection reset")
	}
	return id, nil
}

// finding is a chat that can look for what it has.
type finding struct{ *chat }

func (f finding) Find(_ context.Context, p bot.Post) (string, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.messages {
		if m.key == p.Key && m.to.Channel == p.To.Channel && m.to.User == p.To.User {
			return m.id, true, nil
		}
	}
	return "", false, nil
}

// house is a store, a platform and a sweeper, with a clock that is moved by hand.
type house struct {
	testing.TB
	id    string
	db    *sqlite.DB
	chat  *chat
	sweep *scheduler.Sweeper
	now   time.Time
	zone  *time.Location
}

const harbor = "harbor-legal"

func readHarbor(tb testing.TB) *store.Engagement {
	tb.Helper()
	data, err := sample.FS.ReadFile(harbor + ".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	e, report := engagement.Parse(harbor, data, engagement.Options{})
	if err := report.Err(); err != nil {
		tb.Fatal(err)
	}
	return e
}

// newHouse opens at a local time of the sample engagement, which edit may change.
func newHouse(tb testing.TB, at string, edit func(*store.Engagement)) *house {
	tb.Helper()
	e := readHarbor(tb)
	if edit != nil {
		edit(e)
	}
	db, err := sqlite.Open(tb.Context(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	zone, err := time.LoadLocation(e.TimeZone)
	if err != nil {
		tb.Fatal(err)
	}
	h := &house{TB: tb, id: e.ID, db: db, zone: zone}
	h.now = h.at(at)
	h.chat = &chat{name: "web", now: func() time.Time { return h.now }}
	h.sweep = h.sweeper("one")
	if _, err := db.ImportEngagement(tb.Context(), e, "test", h.now); err != nil {
		tb.Fatal(err)
	}
	h.tick()
	return h
}

func (h *house) sweeper(owner string) *scheduler.Sweeper {
	return scheduler.New(scheduler.Options{
		Store: h.db, Platforms: []bot.Platform{finding{h.chat}}, Owner: owner, Rand: rand.New(rand.NewPCG(1, 2)).Float64,
	})
}

func (h *house) at(local string) time.Time {
	h.Helper()
	t, err := time.ParseInLocation("2006-01-02T15:04", local, h.zone)
	if err != nil {
		h.Fatal(err)
	}
	return t
}

// tick sweeps at the present, and again a second later while something is sent.
func (h *house) tick() {
	h.Helper()
	for range 60 {
		r, err := h.sweep.Sweep(h.Context(), h.now)
		if err != nil || r.Failed > 0 {
			h.Fatalf("at %s: %+v %v", h.now.In(h.zone), r, err)
		}
		if r.Sent == 0 {
			return
		}
		h.now = h.now.Add(store.DeliverySpacing)
	}
	h.Fatalf("at %s: there is always something to send", h.now)
}

// until moves the clock to a local time in steps of five minutes, sweeping at each.
func (h *house) until(local string) {
	h.Helper()
	for end := h.at(local); h.now.Before(end); {
		next := h.now.Truncate(5 * time.Minute).Add(5 * time.Minute)
		if next.After(end) {
			next = end
		}
		h.now = next
		h.tick()
	}
}

// jump moves the clock without a sweep, as while Tandem is down.
func (h *house) jump(local string) { h.now = h.at(local) }

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// answers lets people answer the occurrence, by button where they say nothing.
func (h *house) answer(civil, person string, text ...string) {
	h.Helper()
	a := store.Answer{Cadence: "weekly-standup", Civil: civil, Person: person, Kind: store.NothingToReport, How: store.ByButton}
	if len(text) > 0 {
		a.Kind, a.Answers, a.How = store.Answered, text, store.ByForm
	}
	h.must(h.db.RecordAnswer(h.Context(), h.id, a, nil, h.now))
	h.tick()
}

func (h *house) state(cadence, civil string) store.Occurrence {
	h.Helper()
	list, err := h.db.Occurrences(h.Context(), h.id, cadence, 0)
	h.must(err)
	for _, o := range list {
		if o.Civil == civil {
			return o
		}
	}
	h.Fatalf("no occurrence %s@%s", cadence, civil)
	return store.Occurrence{}
}

// keys lists the messages whose key has the prefix.
func (h *house) keys(prefix string) []*message {
	h.chat.mu.Lock()
	defer h.chat.mu.Unlock()
	var list []*message
	for _, m := range h.chat.messages {
		if strings.HasPrefix(m.key, h.id+"/"+prefix) {
			list = append(list, m)
		}
	}
	return list
}

// one returns the only message with the prefix.
func (h *house) one(prefix string) *message {
	h.Helper()
	list := h.keys(prefix)
	if len(list) != 1 {
		h.Fatalf("at %s there are %d messages %s\n%s", h.now.In(h.zone), len(list), prefix, h.transcript())
	}
	return list[0]
}

func (h *house) none(prefix string) {
	h.Helper()
	if list := h.keys(prefix); len(list) != 0 {
		h.Errorf("at %s: %s was posted:\n%s", h.now.In(h.zone), list[0].key, list[0].card.Plain())
	}
}

func (h *house) says(m *message, parts ...string) {
	h.Helper()
	text := m.card.Plain()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			h.Errorf("%q is not in\n%s", part, text)
		}
	}
}

// transcript is everything that was posted, in an order that doesn't depend on
// which of two sends came first.
func (h *house) transcript() string {
	h.chat.mu.Lock()
	defer h.chat.mu.Unlock()
	list := slices.Clone(h.chat.messages)
	slices.SortFunc(list, func(a, b *message) int {
		return cmp.Or(a.at.Truncate(time.Minute).Compare(b.at.Truncate(time.Minute)), cmp.Compare(a.key, b.key), cmp.Compare(a.to.User, b.to.User))
	})
	var b strings.Builder
	for _, m := range list {
		place := m.to.Channel
		if m.to.User != "" {
			place = "to " + m.to.User
		}
		if n, err := strconv.Atoi(m.to.Thread); err == nil {
			place += ", in the thread of " + h.chat.messages[n-1].key
		}
		text := m.card.Plain()
		if m.was != "" && m.was != text {
			text = m.was + "\n\n--- in the end\n" + text
		}
		fmt.Fprintf(&b, "=== %s · %s · %s\n%s\n\n", m.key, m.at.In(h.zone).Format("Mon 2006-01-02 15:04 MST"), place, text)
	}
	return b.String()
}
