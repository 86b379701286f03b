package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/bot/console"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

type chatFlags struct {
	as, in, at string
}

func (a *app) chatCommand() *cobra.Command {
	var f chatFlags
	cmd := &cobra.Command{
		Use:   "chat [FILE...]",
		Short: "Try Tandem in the terminal: no account, no set-up",
		Long: `Chat with Tandem in the terminal, as anybody of an engagement: the files named,
or else what the store holds, or else the sample. What is said is kept in the
store; with files or the sample it is gone at the end.

/as PERSON speaks as somebody else, /in CHANNEL goes there, /advance 3h moves
the clock, and /help says the rest. In a pipe, each line is something said.`,
		Example:           "  tandem chat\n  tandem chat --as theo --at 2026-11-20T23:12\n  echo \"who owns vpn?\" | tandem chat",
		Args:              wants(0, anyNumber),
		ValidArgsFunction: yamlFiles,
		RunE: func(cmd *cobra.Command, files []string) error {
			return a.chat(cmd.Context(), files, f)
		},
	}
	cmd.Flags().StringVar(&f.as, "as", "", "whom to speak as: a person's id, or somebody for a stranger (default: the first person)")
	cmd.Flags().StringVar(&f.in, "in", "", "the channel to speak in (default: the direct message)")
	cmd.Flags().StringVar(&f.at, "at", "", "what the clock shows at first, such as 2026-11-20T23:12 (default: now)")
	return cmd
}

func (a *app) chat(ctx context.Context, files []string, f chatFlags) (err error) {
	db, err := a.chatStore(ctx, files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	engagements, err := everyEngagement(ctx, db)
	if err != nil {
		return err
	}
	now, err := a.startingAt(f.at, engagements[0])
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	in, out := a.stdin, a.stdout
	if a.keyboard != nil && a.terminal {
		in, out = a.keyboard, os.Stdout
	}
	o := newOffice(db, log)
	moved := clock.New(now, o.stops, o.sweep)
	c, err := console.New(console.Options{
		Handler: o, Engagements: engagements, Clock: moved,
		In: in, Out: out, Speaker: f.as, Channel: f.in, Session: rand.Text(),
	})
	if err != nil {
		return usageError{err}
	}
	o.keep(moved.Now, c)
	if a.keyboard == nil || !a.terminal {
		return o.talk(ctx, c, moved.Now)
	}
	o.after = o.kick
	keeping, done := make(chan error, 1), ctx
	ctx, leave := context.WithCancel(ctx)
	go func() { keeping <- o.sweeper.Run(ctx) }()
	err = c.Run(done)
	leave()
	return errors.Join(err, <-keeping)
}

// startingAt is a clock that shows a time at first, as it is written in the
// engagement's zone, and runs on from there; "" is the real one.
func (a *app) startingAt(text string, e *store.Engagement) (func() time.Time, error) {
	if text == "" {
		return a.now, nil
	}
	zone, err := time.LoadLocation(e.TimeZone)
	if err != nil {
		return nil, err
	}
	at, err := a.instant(text, zone)
	if err != nil {
		return nil, usageError{err}
	}
	began := a.now()
	return func() time.Time { return at.Add(a.now().Sub(began)) }, nil
}

// talk is a chat through a pipe: what is due is said after each line and not
// whenever it happens, so that the same lines print the same.
func (o *office) talk(ctx context.Context, c *console.Console, now func() time.Time) error {
	var failed error
	o.after = func(ctx context.Context, at time.Time) { failed = errors.Join(failed, o.sweep(ctx, at)) }
	err := c.Run(ctx)
	if err == nil {
		err = o.sweep(ctx, now())
	}
	return errors.Join(err, failed)
}

// hasStore reports whether there is a store where one is looked for.
func (a *app) hasStore() bool {
	_, err := os.Stat(a.path())
	return err == nil
}

// longAgo is when a chat without a store has its engagement from.
var longAgo = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// chatStore is the user's store, or one in memory with the files or the sample.
func (a *app) chatStore(ctx context.Context, files []string) (*sqlite.DB, error) {
	if len(files) == 0 && (a.storeNamed() || a.hasStore()) {
		db, err := a.open(ctx, false)
		if err != nil || a.storeNamed() {
			return db, err
		}
		if there, err := db.Engagements(ctx); err != nil || len(there) > 0 {
			return db, err
		}
		if err := db.Close(); err != nil { // a store that nobody has put anything into
			return nil, err
		}
	}
	db, err := sqlite.Open(ctx, sqlite.Memory, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	// Whatever the clock shows at first, the engagement was there before.
	if err := a.fill(ctx, db, files, longAgo); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// everyEngagement reads what a store holds.
func everyEngagement(ctx context.Context, db *sqlite.DB) ([]*store.Engagement, error) {
	all, err := db.Engagements(ctx)
	if err != nil {
		return nil, err
	}
	var out []*store.Engagement
	for _, s := range all {
		e, err := db.Engagement(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil, store.Errorf(store.CodeNotFound, "The store holds no engagement yet; `tandem import FILE` stores one.")
	}
	return out, nil
}
