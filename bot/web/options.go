package web

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/store"
)

// Platform is the name of this platform in events and addresses.
const Platform = "web"

// Handler answers what people do. False means that the event was a repeat, and
// nothing is to be said.
type Handler interface {
	Handle(ctx context.Context, e bot.Event) (bot.Reply, bool)
}

// Transcript keeps the messages. Their change numbers rise with every message
// and every update.
type Transcript interface {
	AppendWebMessage(ctx context.Context, m store.WebMessage) (store.WebMessage, error)
	UpdateWebMessage(ctx context.Context, id int64, card json.RawMessage, at time.Time) (store.WebMessage, error)
	// WebMessages returns what changed in a place after a change, for the eyes
	// of the viewer, in order; after 0 the newest that fit the limit.
	WebMessages(ctx context.Context, place, viewer string, after int64, limit int) ([]store.WebMessage, error)
	WebMessageByKey(ctx context.Context, key string) (store.WebMessage, bool, error)
}

// Settings keeps the few things that outlive a restart beside the messages.
type Settings interface {
	// WebSetting returns "" for what was never set.
	WebSetting(ctx context.Context, name string) (string, error)
	SetWebSetting(ctx context.Context, name, value string) error
}

// Engagement is who can be spoken as, and where, in one engagement.
type Engagement struct {
	ID       string
	Client   string
	MSP      string
	Zone     *time.Location // of every time that the page shows; nil means UTC
	People   []Person
	Channels []string // names
	Tries    []string // questions to offer where nothing has been said yet
	// Moves are the quick moves of the clock beside "+1 hour", worked out from
	// the agreed hours; nil means 17:31 and the next weekday's 08:00.
	Moves func(now time.Time) []Move
}

// Person is somebody who can be spoken as.
type Person struct {
	ID    string
	Name  string
	Side  string // its name, to be shown
	Roles string // in words: "internal lead"
}

// Move is an instant that the clock can be moved to.
type Move struct {
	Label string
	To    time.Time
}

// Options is what a Web is made of. Engagements, Transcript, Settings, Handler,
// Clock and Random are required.
type Options struct {
	// Engagements returns who can be spoken as, and where. It is asked for every
	// page, so that what is imported while Tandem runs is there at once. Where it
	// fails, it is as it was before.
	Engagements func(ctx context.Context) ([]Engagement, error)
	Handler     Handler
	Transcript  Transcript
	Settings    Settings
	Clock       *Clock
	Random      io.Reader // of nonces: crypto/rand.Reader
	// Hosts are the host names, without port, that the page answers to beside
	// the machine's own. Any other is refused, so that a page elsewhere can't
	// reach this one by a name that it points here.
	Hosts []string
	// Moved is called after the clock was moved, so that what came due happens;
	// nil means that nothing does. A move forward stops wherever Stops says that
	// something falls due, as if Tandem had been running all the while; without
	// it the clock jumps.
	Moved     func(ctx context.Context, now time.Time)
	Stops     clock.Stops
	Faults    *Faults       // for tests; nil means none
	Heartbeat time.Duration // between signs of life of a live page; 0 means 15 s
	// WriteTimeout is how long a live page may take to read one event before it
	// is dropped, and has to come back; 0 means 15 s.
	WriteTimeout time.Duration
	Log          *slog.Logger // nil means no log
}

// Stranger is the id of somebody who is on no list. No person can have it. Any
// other name behind the question mark is a stranger who is called that.
const Stranger = "?stranger"

// maxName bounds what a stranger can be called, in bytes.
const maxName = 64

// strangerName is what a stranger is called.
const strangerName = "Somebody else"

// person returns somebody of the engagement, or a stranger to it.
func (e *Engagement) person(id string) (Person, bool) {
	if name, ok := strings.CutPrefix(id, "?"); ok {
		if id == Stranger {
			name = strangerName
		}
		return Person{ID: id, Name: name, Roles: "on no list"}, name != "" && len(name) <= maxName && card.Clean(name) == name
	}
	for _, p := range e.People {
		if p.ID == id {
			return p, true
		}
	}
	return Person{}, false
}

// zone returns the engagement's zone, or UTC.
func (e *Engagement) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}
