package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// desksKept is how many engagements are ready to be asked at once; another one
// takes some milliseconds to make ready.
const desksKept = 500

// office is a store with what runs over it: the router that answers, and the
// sweeper that keeps the rhythm. The sweeper comes last, since it is made of
// the platforms, which are made of the router.
type office struct {
	*bot.Router
	db      *sqlite.DB
	log     *slog.Logger
	sweeper *scheduler.Sweeper
	// after is called after each event that was answered; nil for nothing.
	after func(ctx context.Context, at time.Time)
}

func newOffice(db *sqlite.DB, log *slog.Logger) *office {
	desks := commands.NewDesks(db, desksKept)
	return &office{db: db, log: log, Router: bot.NewRouter(bot.Options{
		Commands: commands.All(&commands.Office{Desks: desks, Ledger: db, Absences: db, Beat: db, Acks: db}),
		Question: commands.Question, Inbox: db, Directory: directory{db, desks}, Log: log,
	})}
}

// keep makes the sweeper, over the platforms that there are.
func (o *office) keep(clock func() time.Time, platforms ...bot.Platform) {
	o.keepWith(scheduler.Options{Clock: clock}, platforms...)
}

// keepWith is keep with options that are not the office's own.
func (o *office) keepWith(s scheduler.Options, platforms ...bot.Platform) {
	s.Store, s.Platforms, s.Owner, s.Rand, s.Log = o.db, platforms, rand.Text(), mathrand.Float64, o.log
	o.sweeper = scheduler.New(s)
}

// Handle answers an event, and lets what it changed be told.
func (o *office) Handle(ctx context.Context, ev bot.Event) (bot.Reply, bool) {
	reply, fresh := o.Router.Handle(ctx, ev)
	if fresh && o.after != nil {
		o.after(ctx, ev.At)
	}
	return reply, fresh
}

// kick asks for a sweep soon.
func (o *office) kick(context.Context, time.Time) { o.sweeper.Kick() }

// sweep does what is due at the instant, now.
func (o *office) sweep(ctx context.Context, now time.Time) error {
	_, err := o.sweeper.Sweep(ctx, now)
	return err
}

// stops is where a clock that is moved has to stop.
func (o *office) stops(ctx context.Context, _ time.Time) (time.Time, error) { return o.db.NextDue(ctx) }

// directory is who people are, by the store and the desks that are ready.
type directory struct {
	*sqlite.DB
	desks *commands.Desks
}

// Person returns a person of an engagement.
func (d directory) Person(ctx context.Context, engagement, person string) (*store.Person, error) {
	return d.desks.Person(ctx, engagement, person)
}

// OnlyEngagement returns the engagement of a store that holds just one.
func (d directory) OnlyEngagement(ctx context.Context) (string, error) {
	all, err := d.Engagements(ctx)
	if err != nil || len(all) != 1 {
		return "", err
	}
	return all[0].ID, nil
}
