package bottest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// Fake is a platform in memory: a bot.Platform, a bot.Finder and a Harness. It
// is safe for concurrent use.
type Fake struct {
	name string
	w    World

	mu     sync.Mutex
	log    []Sent
	shown  []shown
	faults []Fault
	events int
	last   bot.Event
}

// Sent is one thing that came to the platform: a post, or a reply as a post.
type Sent struct {
	bot.Post
	ID    string // of the message, new or updated; "" where it did not arrive
	At    time.Time
	Only  string // the user who alone sees it, in a channel
	Reply bool
	Err   error // what the sender was told
}

// Fault is what goes wrong with a send. The zero Fault is nothing.
type Fault struct {
	Err error // what the sender is told
	// Arrives is a lost answer: the message stands there all the same.
	Arrives bool
}

// shown is a message that stands somewhere.
type shown struct {
	to   bot.Address
	only string
	card card.Message
	key  string
}

// NewFake returns an empty platform of a name. Users are "ENGAGEMENT/PERSON"
// and channels "ENGAGEMENT/CHANNEL", as on the console and in the browser.
func NewFake(name string, w World) *Fake { return &Fake{name: name, w: w} }

// OpenFake is an Opener.
func OpenFake(_ testing.TB, w World) Harness { return NewFake("fake", w) }

// Fail lets the next sends meet these faults, one each.
func (f *Fake) Fail(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, faults...)
}

// Log returns everything that came, in order, refusals included.
func (f *Fake) Log() []Sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Sent(nil), f.log...)
}

// Name returns the name that it was given.
func (f *Fake) Name() string { return f.name }

// Send keeps a post, unless a fault or the address is against it.
func (f *Fake) Send(ctx context.Context, p bot.Post) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var fault Fault
	if len(f.faults) > 0 {
		fault, f.faults = f.faults[0], f.faults[1:]
	}
	sent := Sent{Post: p, At: f.w.Clock.Now(), Err: fault.Err}
	why := f.refusal(p)
	if fault.Err == nil && why != "" {
		sent.Err = &bot.SendError{Reason: why, Permanent: true}
	}
	if why == "" && (fault.Err == nil || fault.Arrives) {
		sent.ID = f.put(p, "")
	}
	f.log = append(f.log, sent)
	if sent.Err != nil {
		return "", sent.Err
	}
	return sent.ID, nil
}

// put shows a post, in place of another where it is an update.
func (f *Fake) put(p bot.Post, only string) string {
	if p.Update != "" {
		f.shown[f.index(p.Update)].card = p.Card
		return p.Update
	}
	f.shown = append(f.shown, shown{p.To, only, p.Card, p.Key})
	return "m" + strconv.Itoa(len(f.shown))
}

// index returns where a message is, or -1.
func (f *Fake) index(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "m"))
	if err != nil || n < 1 || n > len(f.shown) || id != "m"+strconv.Itoa(n) {
		return -1
	}
	return n - 1
}

// refusal says why there is no place for a post; "" says that there is.
func (f *Fake) refusal(p bot.Post) string {
	if p.To.Platform != f.name {
		return fmt.Sprintf("an address of %q, not of %q", p.To.Platform, f.name)
	}
	address := p.To.Channel
	if address == "" {
		address = p.To.User
	}
	if !f.w.has(address, p.To.Channel != "") {
		return fmt.Sprintf("there is no %q", address)
	}
	for _, of := range []string{p.To.Thread, p.Update} {
		if of == "" {
			continue
		}
		if i := f.index(of); i < 0 || f.shown[i].to.Channel != p.To.Channel || p.To.Channel == "" && f.shown[i].to.User != p.To.User {
			return fmt.Sprintf("there is no message %q in %s", of, address)
		}
	}
	return ""
}

// has reports whether there is such a channel, or such a person or stranger.
func (w World) has(address string, channel bool) bool {
	engagement, name, _ := strings.Cut(address, "/")
	for _, e := range w.Engagements {
		if e.ID != engagement {
			continue
		}
		for _, c := range e.Channels {
			if channel && c.Name == name {
				return true
			}
		}
		for _, p := range e.People {
			if !channel && p.ID == name {
				return true
			}
		}
		return !channel && len(name) > 1 && name[0] == '?'
	}
	return false
}

// Find looks for a post by its key.
func (f *Fake) Find(ctx context.Context, p bot.Post) (id string, found bool, err error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, s := range f.shown {
		if p.Key != "" && s.key == p.Key && s.to.Channel == p.To.Channel && (s.to.Channel != "" || s.to.User == p.To.User) {
			return "m" + strconv.Itoa(i+1), true, nil
		}
	}
	return "", false, nil
}
