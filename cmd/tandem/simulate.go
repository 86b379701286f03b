package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/cmd/tandem/simulate"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// sampleWord names the sample engagement where a file is wanted.
const sampleWord = "sample"

type simulateFlags struct {
	script, from string
	days         int
	json, quiet  bool
}

func (a *app) simulateCommand() *cobra.Command {
	var f simulateFlags
	cmd := &cobra.Command{
		Use:   "simulate FILE",
		Short: "Play months of an engagement in seconds, and print what is said",
		Long: `Play months of an engagement in seconds: the clock stops wherever something falls
due, people behave as a script says, and everything that Tandem would post and
they do is printed, with a summary at the end. Nothing is stored. FILE is an
engagement file, or sample.

The script is a YAML file, or one of the stories that Tandem brings along for the
sample: ` + strings.Join(simulate.Stories(), ", ") + `. The same script gives the same transcript.`,
		Example: "  tandem simulate sample --script fading\n" +
			"  tandem simulate sample --script healthy --summary\n" +
			"  tandem simulate harbor.yaml --days 120 --script people.yaml --from 2026-10-05 --json",
		Args:              wants(1, 1),
		ValidArgsFunction: yamlFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.simulate(cmd.Context(), args[0], f)
		},
	}
	cmd.Flags().StringVar(&f.script, "script", "", "how people behave: a file, or "+strings.Join(simulate.Stories(), ", "))
	cmd.Flags().IntVar(&f.days, "days", 0, "how many days to play (default: the script's, or 120)")
	cmd.Flags().StringVar(&f.from, "from", "", "the first day, such as 2026-10-05 (default: the script's, or today)")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&f.quiet, "summary", false, "print the summary alone")
	return cmd
}

// dayBegins is the time of day at which a play begins.
const dayBegins = 7 * 60

// defaultDays is how long a play is that nobody gave a length.
const defaultDays = 120

func (a *app) simulate(ctx context.Context, file string, f simulateFlags) error {
	if f.script == "" {
		return usagef("how do the people behave? Name a file or one of %s with --script", strings.Join(simulate.Stories(), ", "))
	}
	if f.days < 0 || f.days > 3660 {
		return usagef("--days is from 1 to 3660")
	}
	e, err := a.fileOrSample(file)
	if err != nil {
		return err
	}
	script, err := a.script(f.script)
	if err != nil {
		return err
	}
	if f.from != "" {
		if script.From, err = store.ParseDate(f.from); err != nil {
			return usageError{err}
		}
	}
	if f.days > 0 {
		script.Days = f.days
	}
	cal, err := calendar.New(e, nil)
	if err != nil {
		return err
	}
	if script.From.IsZero() {
		script.From = store.DateOf(a.now().In(cal.Location()))
	}
	if script.Days == 0 {
		script.Days = defaultDays
	}
	from, until := cal.Instant(script.From, dayBegins), cal.Instant(script.From.AddDays(script.Days), 0)
	t, err := a.inMemory(ctx, e, script, from, until)
	if err != nil {
		return err
	}
	switch {
	case f.json:
		return encode(a.stdout, t)
	case f.quiet:
		t.PrintSummary(a.stdout)
	default:
		t.Print(a.stdout)
	}
	return nil
}

func (a *app) inMemory(ctx context.Context, e *store.Engagement, script *simulate.Script, from, until time.Time) (t *simulate.Transcript, err error) {
	db, err := sqlite.Open(ctx, sqlite.Memory, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	o := newOffice(db, a.quietLog())
	return a.play(ctx, o, e, script, from, until, func(*simulate.Play) (simulate.Stage, error) {
		return &simulate.Memory{Handler: o.Router}, nil
	})
}

// quietLog is of a play, whose refusals belong to the story.
func (a *app) quietLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

// play imports the engagement into the office's store, which is empty, and plays
// the script on the stage that open makes.
func (a *app) play(ctx context.Context, o *office, e *store.Engagement, script *simulate.Script, from, until time.Time,
	open func(*simulate.Play) (simulate.Stage, error),
) (*simulate.Transcript, error) {
	if err := script.Check(e); err != nil {
		return nil, err
	}
	if _, err := o.db.ImportEngagement(ctx, e, "the simulation", from); err != nil {
		return nil, err
	}
	stored, err := o.db.Engagement(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	progress := a.progress("simulating day", int(until.Sub(from)/(24*time.Hour)))
	defer progress.clear()
	p := &simulate.Play{
		Script: script, Engagement: stored, Store: o.db, Handler: o.Router, Sweep: o.sweep,
		Passed: func(now time.Time) { progress.at(int(now.Sub(from) / (24 * time.Hour))) },
	}
	if p.Stage, err = open(p); err != nil {
		return nil, err
	}
	// One at a time and with time standing still, so that a play is the same again.
	o.sweeper = scheduler.New(scheduler.Options{
		Store: o.db, Platforms: []bot.Platform{p.Audience()}, Owner: "simulate", Parallel: 1,
		Rand: func() float64 { return 0 }, Log: o.log,
	})
	return p.Run(ctx, from, until)
}

// script reads a script by its file, or by the name of a story that Tandem
// brings along.
func (a *app) script(name string) (*simulate.Script, error) {
	if !isFile(name) {
		return simulate.Story(name)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, openError(name, err)
	}
	s, err := simulate.Read(name, data)
	if err != nil {
		fmt.Fprintln(a.stderr, store.ErrorMessage(err))
		return nil, status(exitProblems)
	}
	return s, nil
}

// fileOrSample reads an engagement file, or the sample.
func (a *app) fileOrSample(name string) (*store.Engagement, error) {
	if name != sampleWord {
		return a.goodFile(name)
	}
	data, err := sampleText(sampleFile)
	if err != nil {
		return nil, err
	}
	e, report := engagement.Parse(sampleFile, data, engagement.Options{})
	return e, report.Err()
}
