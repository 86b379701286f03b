package commands

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// room is a chat with the brewery's engagement, through the router, over a
// store in memory.
type room struct {
	testing.TB
	db     *sqlite.DB
	router *bot.Router
	keeper *scheduler.Sweeper
	id     string // of the engagement in which people speak
	at     time.Time
	log    bytes.Buffer
	last   card.Message
}

type directory struct {
	*sqlite.DB
	desks *Desks
}

func (d directory) Person(ctx context.Context, engagement, person string) (*store.Person, error) {
	return d.desks.Person(ctx, engagement, person)
}
func (d directory) OnlyEngagement(context.Context) (string, error) { return "", nil }

func newRoom(tb testing.TB, engagements ...*store.Engagement) *room {
	tb.Helper()
	db, err := sqlite.Open(tb.Context(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	r := &room{TB: tb, db: db, at: instantOf(tb, tuesday)}
	for _, e := range engagements {
		if _, err := db.ImportEngagement(tb.Context(), e, "test", r.at.Add(-time.Hour)); err != nil {
			tb.Fatal(err)
		}
	}
	desks := NewDesks(db, 10)
	r.router = bot.NewRouter(bot.Options{
		Commands: All(&Office{Desks: desks, Ledger: db, Absences: db, Beat: db, Acks: db}), Question: Question,
		Inbox: db, Directory: directory{db, desks}, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	})
	r.keeper = scheduler.New(scheduler.Options{Store: db, Owner: "test", Rand: func() float64 { return 0.5 }})
	r.id = engagements[0].ID
	r.sweep()
	return r
}

// sweep does what is due at the room's instant; there is no platform to tell.
func (r *room) sweep() {
	r.Helper()
	if _, err := r.keeper.Sweep(r.Context(), r.at); err != nil {
		r.Fatal(err)
	}
}

// event is what somebody does in the coordination channel.
func (r *room) event(who string) bot.Event {
	return bot.Event{Platform: "web", User: r.id + "/" + who, Channel: r.id + "/coordination", At: r.at}
}

func (r *room) handle(ev bot.Event) bot.Reply {
	r.Helper()
	reply, ok := r.router.Handle(r.Context(), ev)
	if !ok || r.log.Len() > 0 {
		r.Fatalf("%+v: said nothing or failed: %s", ev, r.log.String())
	}
	r.last = reply.Card
	return reply
}

// say types a text in a person's name.
func (r *room) say(who, text string) string {
	r.Helper()
	ev := r.event(who)
	ev.Text = text
	return r.handle(ev).Card.Plain()
}

// click presses the button of the last card.
func (r *room) click(who, label string) string {
	r.Helper()
	for _, block := range r.last.Blocks {
		if buttons, ok := block.(card.Buttons); ok {
			for _, b := range buttons {
				if b.Label == label {
					ev := r.event(who)
					ev.Say = b.Say
					return r.handle(ev).Card.Plain()
				}
			}
		}
	}
	r.Fatalf("there is no button %q on:\n%s", label, r.last.Plain())
	return ""
}

// submit sends the form of the last card with these values.
func (r *room) submit(who string, values map[string]string) string {
	r.Helper()
	for _, block := range r.last.Blocks {
		if form, ok := block.(card.Form); ok {
			ev := r.event(who)
			ev.Say, ev.Values = form.Say, values
			return r.handle(ev).Card.Plain()
		}
	}
	r.Fatalf("there is no form on:\n%s", r.last.Plain())
	return ""
}

func (r *room) expect(got string, want ...string) {
	r.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			r.Errorf("%q is missing from:\n%s", w, got)
		}
	}
}

func (r *room) never(got string, not ...string) {
	r.Helper()
	for _, w := range not {
		if strings.Contains(got, w) {
			r.Errorf("%q stands in:\n%s", w, got)
		}
	}
}
