package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/install"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/cmd/tandem/config"
	"github.com/tandem-bot/tandem/cmd/tandem/watch"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

func (a *app) serveCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run Tandem: the chat, the rhythm, and what watches over it",
		Long: `Run Tandem until it is stopped: the chat platforms that the configuration turns
on, the rhythm of every engagement in the store, and /healthz, /readyz and
/metrics. Several may run on one store; each message is posted once.

SIGTERM or Ctrl-C stops taking requests, lets those under way finish, gives back
what was claimed and closes the store. A second one ends it at once, and nothing
that was confirmed is lost.

Exit status 3 if the configuration has errors: each is told with its line.`,
		Example:           "  tandem serve --config tandem.yaml\n  tandem doctor --config tandem.yaml",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" {
				return usagef("serve wants --config FILE; the README has an example")
			}
			return a.serve(cmd.Context(), file)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "the configuration")
	_ = cmd.MarkFlagFilename("config", "yaml", "yml") // fails only for a flag that is not there
	return cmd
}

// serve runs until the context ends.
func (a *app) serve(ctx context.Context, file string) error {
	began := a.now()
	c, err := a.configuredFor(file)
	if err != nil {
		return err
	}
	return a.withStore(ctx, false, func(db *sqlite.DB) error {
		s, err := a.newService(ctx, c, db)
		if err != nil {
			return err
		}
		return s.run(ctx, began)
	})
}

// service is what serve runs.
type service struct {
	maker
	watch     *watch.Watch
	office    *office
	slack     *slack.Slack // nil where it is off, and so the next three
	installer *install.Installer
	teams     *teams.Teams
	page      *web.Web
	chat      *door
	health    *door
}

// newService makes everything, so that what can't be is told before anything runs.
func (a *app) newService(ctx context.Context, c *config.Config, db *sqlite.DB) (*service, error) {
	s := &service{maker: a.maker(c, db, a.logger(c))}
	version, revision, goVersion := buildInfo()
	s.watch = watch.New(watch.Options{
		Store: db, Now: a.now, Token: c.Health.MetricsToken.Reveal(), Log: s.log,
		Build: watch.Build{Version: version, Revision: revision, Go: goVersion},
	})
	s.office = newOffice(db, s.log)
	s.office.Observe, s.office.Greeter = s.watch.Event, greeter{db}
	s.office.after = s.office.kick
	s.handler = s.office
	there, err := db.Engagements(ctx)
	if err != nil {
		return nil, err
	}
	if len(there) == 0 {
		return nil, store.Errorf(store.CodeNotFound, "The store holds no engagement yet; `tandem import FILE` stores one.")
	}
	if s.slack, s.installer, err = s.newSlack(); err != nil {
		return nil, err
	}
	if s.teams, err = s.newTeams(); err != nil {
		return nil, err
	}
	if s.slack != nil {
		s.watch.Follow(slack.Platform, s.slack.Counts)
	}
	server := healthServer(s.doors(nil))
	if c.Web.Chat {
		s.page, err = web.New(ctx, web.Options{
			Engagements: newGuests(db).all, Handler: s.office, Transcript: db, Settings: db, Clock: web.RealTime(a.now),
			Random: rand.Reader, Hosts: c.Web.Hosts, Log: s.log,
		})
		if err != nil {
			return nil, err
		}
		server = web.Server("", s.page)
		server.Handler = s.doors(s.page)
	}
	s.office.keepWith(scheduler.Options{
		Clock: a.now, Observe: s.watch.Swept, Settings: scheduler.Settings{CatchUp: c.CatchUp},
	}, s.platforms()...)
	if s.chat, err = openDoor(ctx, "listen", c.Listen, server); err != nil {
		return nil, err
	}
	if c.Health.Listen == "" {
		return s, nil
	}
	if s.health, err = openDoor(ctx, "health.listen", c.Health.Listen, healthServer(s.watch.Handler())); err != nil {
		return nil, errors.Join(err, s.chat.Close())
	}
	return s, nil
}

// logger logs as the configuration has it.
func (a *app) logger(c *config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Log.Level}
	if c.Log.JSON {
		return slog.New(slog.NewJSONHandler(a.stderr, o))
	}
	return slog.New(slog.NewTextHandler(a.stderr, o))
}

// door is a server with the address at which it listens.
type door struct {
	*http.Server
	listener net.Listener
}

func openDoor(ctx context.Context, key, address string, s *http.Server) (*door, error) {
	var l net.ListenConfig
	listener, err := l.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, store.Errorf(store.CodeUnavailable,
			"Tandem can't listen at %s: %w. Nothing was started; stop the program that is there, or give %s another address in the configuration.", address, err, key)
	}
	return &door{s, listener}, nil
}

// Close closes a door at which nothing was served yet.
func (d *door) Close() error { return d.listener.Close() }

// healthServer is one that no slow client can hold.
func healthServer(h http.Handler) *http.Server {
	const patience = 5 * time.Second
	return &http.Server{
		Handler: h, ReadHeaderTimeout: patience, ReadTimeout: patience, WriteTimeout: 2 * patience, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10,
	}
}

// run serves until the context ends, or something that it needs fails.
func (s *service) run(ctx context.Context, began time.Time) error {
	running, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	// The platforms' work goes on until what they sent is answered.
	working, rest := context.WithCancel(context.WithoutCancel(ctx))
	defer rest()
	finished := make(chan error)
	jobs := 0
	start := func(job func() error) {
		jobs++
		go func() {
			err := job()
			if running.Err() != nil && errors.Is(err, context.Canceled) {
				err = nil // it was at its beginning when Tandem was stopped
			}
			if err != nil && !errors.Is(err, http.ErrServerClosed) {
				fail(err)
				finished <- err
				return
			}
			finished <- nil
		}()
	}
	start(func() error { return s.chat.Serve(s.chat.listener) })
	if s.health != nil {
		start(func() error { return s.health.Serve(s.health.listener) })
	}
	if s.slack != nil {
		start(func() error { return s.slack.Run(working) })
	}
	if s.installer != nil {
		start(func() error { return s.renew(running) })
	}
	if s.teams != nil {
		start(func() error { return s.teams.Run(working) })
	}
	start(func() error { return s.office.sweeper.Run(running) })
	start(func() error { return s.prune(running) })
	s.announce(ctx, began)

	<-running.Done()
	s.stop(context.WithoutCancel(ctx))
	rest()
	var errs []error
	for range jobs {
		errs = append(errs, <-finished)
	}
	// What came in and was not worked on is another's from now on.
	errs = append(errs, s.db.ReleaseArrivals(context.WithoutCancel(ctx), s.owner, s.now()))
	s.log.InfoContext(ctx, "stopped")
	return errors.Join(errs...)
}

// announce says that Tandem runs, and loudly what it is as well to know.
func (s *service) announce(ctx context.Context, began time.Time) {
	version, revision, _ := buildInfo()
	args := []any{"version", version, "revision", revision, "chat", s.chat.listener.Addr().String(), "platforms", strings.Join(s.config.Platforms(), " ")}
	if s.health != nil {
		args = append(args, "health", s.health.listener.Addr().String())
	}
	s.log.InfoContext(ctx, "tandem runs", append(args, "after", s.now().Sub(began).Round(100*time.Microsecond).String())...)
	if s.page != nil && s.config.Web.OpenToNetwork {
		s.log.WarnContext(ctx, "THE WEB CHAT IS OPEN TO THE NETWORK: whoever reaches it can speak as anybody", "chat", s.chat.listener.Addr().String(), "hosts", s.config.Web.Hosts)
	}
	if s.health != nil && s.config.Health.OpenToNetwork {
		s.log.WarnContext(ctx, "health and metrics are open to the network", "health", s.health.listener.Addr().String(), "token", s.config.Health.MetricsToken != "")
	}
}

// stop takes no more requests and lets those under way finish. The health
// address answers until then.
func (s *service) stop(ctx context.Context) {
	s.watch.Stopping()
	s.log.InfoContext(ctx, "stopping")
	ctx, cancel := context.WithTimeout(ctx, s.config.Drain)
	defer cancel()
	if err := s.chat.Shutdown(ctx); err != nil {
		s.log.WarnContext(ctx, "requests were cut off, since they took too long to finish", "drain", s.config.Drain, "error", errors.Join(err, s.chat.Server.Close()))
	}
	if s.health == nil {
		return
	}
	if err := s.health.Shutdown(ctx); err != nil {
		_ = s.health.Server.Close() // nothing there is worth waiting for
	}
}

const (
	// keepEvents is for how long an event is known again: a little longer than
	// any platform repeats one.
	keepEvents = 25 * time.Hour
	pruneEvery = time.Hour
)

// prune forgets events that nobody repeats any more, now and every hour.
func (s *service) prune(ctx context.Context) error {
	again := time.NewTicker(pruneEvery)
	defer again.Stop()
	for {
		n, err := s.db.PruneEvents(ctx, s.now().Add(-keepEvents))
		if err == nil {
			var arrived int
			arrived, err = s.db.PruneArrivals(ctx, s.now().Add(-keepEvents))
			n += arrived
		}
		switch {
		case err == nil:
			s.log.DebugContext(ctx, "old events were forgotten", "events", n)
		case ctx.Err() == nil: // another process may write; there is time
			s.log.WarnContext(ctx, "old events could not be forgotten", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}
