package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/cmd/tandem/config"
	"github.com/tandem-bot/tandem/cmd/tandem/doctor"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

func (a *app) doctorCommand() *cobra.Command {
	var file string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check what Tandem needs to run, and say how to mend what is missing",
		Long: `Check the store (it opens, its schema is current, its file holds together), the
disk, the time zone data and the clock, and of each engagement the audit log, the
signatures, the schedules, the channels and people that its rhythm needs, and the
messages that were given up. Each line says what is so, why it matters and the
fix. Nothing is changed. With --config, the configuration of serve too, and the
platforms that it turns on; else those count that an engagement's channels name.

Exit status 3 if there is a problem.`,
		Example:           "  tandem doctor\n  tandem doctor --config tandem.yaml --json",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.doctor(cmd.Context(), file, asJSON)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "the configuration of serve")
	_ = cmd.MarkFlagFilename("config", "yaml", "yml") // fails only for a flag that is not there
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

// doctor tells every finding, and fails where one is a problem.
func (a *app) doctor(ctx context.Context, file string, asJSON bool) error {
	p := a.progress("checking", 0)
	problems := 0
	var failed error
	tell := func(f doctor.Finding) {
		p.clear()
		if f.Status == doctor.Problem {
			problems++
		}
		if asJSON {
			failed = errors.Join(failed, encode(a.stdout, f))
			return
		}
		fmt.Fprintln(a.stdout, f)
	}
	var platforms []string
	if file != "" {
		platforms = a.doctorConfig(file, tell)
	}
	err := a.doctorStore(ctx, doctor.Options{Platforms: platforms, Now: a.now(), Progress: func(n, of int) {
		p.total = of
		p.at(n)
	}}, tell)
	p.clear()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	if problems > 0 {
		if !asJSON {
			fmt.Fprintf(a.stdout, "%s.\n", plural(problems, "problem", "problems"))
		}
		return status(exitProblems)
	}
	return nil
}

// doctorConfig checks a configuration, and goes on with its store and platforms.
func (a *app) doctorConfig(file string, tell func(doctor.Finding)) []string {
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
	return c.Platforms()
}

func (a *app) doctorStore(ctx context.Context, o doctor.Options, tell func(doctor.Finding)) error {
	o.Path = a.path()
	db, err := sqlite.Open(ctx, o.Path, sqlite.Options{ReadOnly: true, AnyOlder: true, BusyTimeout: a.patience})
	if err != nil {
		fix := "do what it says, and check that --store, the configuration or TANDEM_STORE names the right file"
		if store.ErrorCode(err) == store.CodeNotFound {
			fix = "`tandem import FILE` makes one; --store, the configuration or TANDEM_STORE names another"
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
	return errors.Join(doctor.Examine(ctx, db, o, tell), db.Close())
}

// ended makes a sentence of a text that may be one already.
func ended(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
