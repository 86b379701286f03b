package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/cmd/tandem/config"
	"github.com/tandem-bot/tandem/cmd/tandem/doctor"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

func (a *app) doctorCommand() *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check what Tandem needs to run, and say how to mend what is missing",
		Long: `Check the store (it opens, its schema is current, its file holds together), the
disk, the time zone data and the clock, and of each engagement the audit log, the
signatures, the schedules, the channels and people that its rhythm needs, and the
messages that were given up. Each line says what is so, why it matters and the
fix. Nothing is changed.

With --config, the configuration of serve too, and the platforms that it turns on,
which are asked: Slack whether the tokens are good and have their scopes, whether
Socket Mode opens, and whether Tandem is in each channel; Teams whether it gives a
token and its keys, and whether Tandem is still in each channel and chat; both what
time it is. They see that they were asked, and nobody else does. --offline leaves
them alone. Without --config those platforms count that an engagement's channels
name.

Exit status 3 if there is a problem.`,
		Example:           "  tandem doctor\n  tandem doctor --config tandem.yaml --json\n  tandem doctor --config tandem.yaml --offline",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.wait <= 0 {
				return usagef("--wait is a length of time, such as 1m")
			}
			return a.doctor(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.file, "config", "", "the configuration of serve")
	_ = cmd.MarkFlagFilename("config", "yaml", "yml") // fails only for a flag that is not there
	cmd.Flags().BoolVar(&f.offline, "offline", false, "ask no platform")
	cmd.Flags().DurationVar(&f.wait, "wait", time.Minute, "how long each platform is asked at most")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	return cmd
}

type doctorFlags struct {
	file          string
	offline, json bool
	wait          time.Duration
}

// doctor tells every finding, and fails where one is a problem.
func (a *app) doctor(ctx context.Context, f doctorFlags) error {
	p := a.progress("checking", 0)
	problems := 0
	var failed error
	tell := func(found doctor.Finding) {
		p.clear()
		if found.Status == doctor.Problem {
			problems++
		}
		if f.json {
			failed = errors.Join(failed, encode(a.stdout, found))
			return
		}
		fmt.Fprintln(a.stdout, found)
	}
	draw := func(what string, n, of int) {
		p.what, p.total = what, of
		p.at(n)
	}
	o := doctor.Options{Now: a.now(), Progress: func(n, of int) { draw("checking", n, of) }}
	var c *config.Config
	if f.file != "" {
		c = a.doctorConfig(f.file, tell)
	}
	if c != nil {
		o.Platforms = c.Platforms()
	}
	if f.offline {
		c = nil
	}
	err := a.doctorStore(ctx, c, &inquiry{wait: f.wait, progress: draw}, o, tell)
	p.clear()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	if problems > 0 {
		if !f.json {
			fmt.Fprintf(a.stdout, "%s.\n", plural(problems, "problem", "problems"))
		}
		return status(exitProblems)
	}
	return nil
}

// doctorConfig checks a configuration, and goes on with its store. It returns nil
// where the configuration is of no use.
func (a *app) doctorConfig(file string, tell func(doctor.Finding)) *config.Config {
	c, err := a.readConfig(file)
	var wrong *config.InvalidError
	switch {
	case errors.As(err, &wrong):
		for i := range wrong.Problems {
			one := config.InvalidError{Name: wrong.Name, Problems: wrong.Problems[i : i+1]}
			tell(doctor.Finding{
				Status: doctor.Problem, Check: "configuration", What: ended(one.Error()),
				Why: "`tandem serve` doesn't start with it.", Fix: "mend the line; the README has an example",
			})
		}
		return nil
	case err != nil:
		tell(doctor.Finding{
			Status: doctor.Problem, Check: "configuration", What: ended(sentence(err)),
			Why: "`tandem serve` doesn't start without it.", Fix: "check the path and the rights; the README has an example",
		})
		return nil
	}
	a.useStoreOf(c)
	tell(doctor.Finding{Status: doctor.Well, Check: "configuration", What: "The configuration can be read."})
	return c
}

// doctorStore checks the store, and asks the platforms of a configuration; nil asks
// none.
func (a *app) doctorStore(ctx context.Context, c *config.Config, q *inquiry, o doctor.Options, tell func(doctor.Finding)) error {
	o.Path = a.path()
	db, err := sqlite.Open(ctx, o.Path, sqlite.Options{ReadOnly: true, AnyOlder: true, BusyTimeout: a.patience})
	if err != nil {
		fix := "do what it says, and check that --store, the configuration or TANDEM_STORE names the right file"
		if store.ErrorCode(err) == store.CodeNotFound {
			fix = a.importing() + " makes one; --store, the configuration or TANDEM_STORE names another"
		}
		tell(doctor.Finding{
			Status: doctor.Problem, Check: "store", What: "The store doesn't open: " + sentence(err),
			Why: "Nothing works without it.", Fix: fix,
		})
		return ctx.Err()
	}
	tell(doctor.Finding{Status: doctor.Well, Check: "store", What: "The store opens: " + o.Path + "."})
	if info, err := os.Stat(o.Path); err == nil {
		o.Size = info.Size()
	}
	o.Free = freeSpace(filepath.Dir(o.Path))
	if c != nil {
		q.maker = a.maker(c, db, slog.New(slog.DiscardHandler))
		q.asStored = true // whoever serves renews the tokens
		o.Ask = q.ask
	}
	return errors.Join(doctor.Examine(ctx, db, o, tell), db.Close())
}

// ended makes a sentence of a text that may be one already.
func ended(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
