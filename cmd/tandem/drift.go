package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store/sqlite"
)

type driftFlags struct {
	engagement, at string
	explain, json  bool
}

func (a *app) driftCommand() *cobra.Command {
	var f driftFlags
	cmd := &cobra.Command{
		Use:   "drift",
		Short: "Show where the agreed rhythm slips, with the arithmetic",
		Long: `Show where the rhythm of an engagement slips, by what is stored of it now: what was
due, what was held, who was there. It is what the next look of serve would find,
in the words of the chat; nothing is written or told. --explain shows how each
finding was worked out, --at asks for another time.`,
		Example:           "  tandem drift --explain\n  tandem drift -e harbor-legal --at 2026-12-18T09:00 --json",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd.Context(), true, func(db *sqlite.DB) error {
				return a.drift(cmd.Context(), db, f)
			})
		},
	}
	a.engagementFlag(cmd, &f.engagement)
	cmd.Flags().StringVar(&f.at, "at", "", "a time such as 2026-12-18T09:00 (default: now)")
	cmd.Flags().BoolVar(&f.explain, "explain", false, "show the arithmetic")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	return cmd
}

func (a *app) drift(ctx context.Context, db *sqlite.DB, f driftFlags) error {
	desk, err := a.storedDesk(ctx, db, f.engagement)
	if err != nil {
		return err
	}
	at := a.now()
	if f.at != "" {
		if at, err = a.instant(f.at, desk.Location()); err != nil {
			return usageError{err}
		}
	}
	id := desk.Engagement().ID
	findings, err := scheduler.Look(ctx, db, id, at)
	if err != nil {
		return err
	}
	if !f.json {
		m := desk.DriftCard(findings, f.explain)
		m.Blocks = slices.DeleteFunc(m.Blocks, func(b card.Block) bool { _, is := b.(card.Buttons); return is }) // --explain is its button
		fmt.Fprintln(a.stdout, a.heading(m.Plain()))
		return nil
	}
	for i := range findings {
		if err := encode(a.stdout, &findings[i]); err != nil {
			return err
		}
	}
	return nil
}
