package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/store"
)

type scheduleFlags struct {
	engagement, from, until, ics string
	json                         bool
}

const (
	scheduleDays  = 90 // that are listed where nobody names an end
	scheduleYears = 5  // that are listed at most
)

func (a *app) scheduleCommand() *cobra.Command {
	var f scheduleFlags
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "List what is coming: standups, reports, reviews and the rest",
		Long: `List when each cadence comes due, in the order of time: the next 90 days, or from
one day until another, both included. A date that falls on a holiday says where it
moved, or that it is skipped. --ics writes the dates as a calendar file (iCalendar,
RFC 5545) with an alarm for each reminder; a calendar that reads a newer file of
the same engagement finds the same entries again.`,
		Example: `  tandem schedule
  tandem schedule -e harbor.yaml --until 2027-06-30
  tandem schedule -e harbor-legal --ics harbor.ics`,
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return a.schedule(cmd.Context(), f) },
	}
	cmd.Flags().StringVarP(&f.engagement, "engagement", "e", "", "an engagement file, or the id of a stored engagement")
	_ = cmd.RegisterFlagCompletionFunc("engagement", a.completeIDs(anyNumber, cobra.ShellCompDirectiveDefault)) // fails only for a flag that is not there
	cmd.Flags().StringVar(&f.from, "from", "", "the first day, such as 2026-12-01 (default: from now on)")
	cmd.Flags().StringVar(&f.until, "until", "", "the last day, such as 2027-06-30 (default: 90 days later)")
	cmd.Flags().StringVar(&f.ics, "ics", "", "write a calendar file instead, - for standard output; one that exists is replaced whole")
	_ = cmd.MarkFlagFilename("ics", "ics") // fails only for a flag that is not there
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	return cmd
}

func (a *app) schedule(ctx context.Context, f scheduleFlags) error {
	if f.json && f.ics != "" {
		return usagef("--json and --ics are two forms of the same; leave one out")
	}
	desk, err := a.desk(ctx, f.engagement)
	if err != nil {
		return err
	}
	from, until, err := a.stretch(f, desk)
	if err != nil {
		return err
	}
	u := desk.Upcoming(from, until)
	switch {
	case f.json:
		return encode(a.stdout, u)
	case f.ics == "":
		fmt.Fprintln(a.stdout, a.heading(u.Text))
		return nil
	}
	text, err := icalendar(desk.Engagement(), u, a.now())
	if err != nil {
		return err
	}
	return a.write(f.ics, text)
}

// stretch reads the days: from now or the beginning of the first one, until
// the end of the last one.
func (a *app) stretch(f scheduleFlags, desk *commands.Desk) (from, until time.Time, err error) {
	from = a.now().In(desk.Location())
	first := store.DateOf(from)
	if f.from != "" {
		if first, err = store.ParseDate(f.from); err != nil {
			return from, until, usagef("--from: %v", err)
		}
		from = desk.DayStart(first)
	}
	last := first.AddDays(scheduleDays)
	if f.until != "" {
		if last, err = store.ParseDate(f.until); err != nil {
			return from, until, usagef("--until: %v", err)
		}
	}
	switch {
	case last.Before(first):
		return from, until, usagef("--until %s lies before %s", last, first)
	case first.AddMonths(12 * scheduleYears).Before(last):
		return from, until, usagef("--until %s is too far from %s; at most %d years are listed", last, first, scheduleYears)
	}
	return from, desk.DayStart(last.AddDays(1)), nil
}
