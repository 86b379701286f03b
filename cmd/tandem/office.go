package main

import (
	"context"
	"log/slog"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// desksKept is how many engagements are ready to be asked at once; another one
// takes some milliseconds to make ready.
const desksKept = 500

// newRouter wires the commands to a store.
func newRouter(db *sqlite.DB, log *slog.Logger) *bot.Router {
	desks := commands.NewDesks(db, desksKept)
	return bot.NewRouter(bot.Options{
		Commands: commands.All(&commands.Office{Desks: desks, Ledger: db, Absences: db, Beat: db, Acks: db}),
		Question: commands.Question, Inbox: db, Directory: directory{db, desks}, Log: log,
	})
}

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
