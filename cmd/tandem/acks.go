package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/cmd/tandem/ackexport"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

type acksFlags struct {
	engagement      string
	open, csv, json bool
}

func (a *app) acksCommand() *cobra.Command {
	var f acksFlags
	cmd := &cobra.Command{
		Use:   "acks",
		Short: "Export who was asked to acknowledge what, and who did",
		Long: `List the acknowledgements of an engagement, oldest first: the message and its
version, who was asked and when, who acknowledged and when, how, on which platform
and as whom, and whether somebody did it on their behalf. What was undone in time
is not listed; the audit log has it.

--csv writes a line for each person and message (RFC 4180; what a spreadsheet would
take for a formula begins with an apostrophe), --json the same as JSON Lines.`,
		Example:           "  tandem acks --open\n  tandem acks -e harbor-legal --csv > acks.csv",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.csv && f.json {
				return usagef("--csv and --json are two forms of the same; leave one out")
			}
			return a.withStore(cmd.Context(), true, func(db *sqlite.DB) error {
				return a.acks(cmd.Context(), db, f)
			})
		},
	}
	a.engagementFlag(cmd, &f.engagement)
	cmd.Flags().BoolVar(&f.open, "open", false, "only messages that still wait for somebody")
	cmd.Flags().BoolVar(&f.csv, "csv", false, "write CSV")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	return cmd
}

func (a *app) acks(ctx context.Context, db *sqlite.DB, f acksFlags) error {
	id, err := a.only(ctx, db, f.engagement)
	if err != nil {
		return err
	}
	e, err := db.Engagement(ctx, id)
	if err != nil {
		return err
	}
	list, err := db.Acknowledgements(ctx, id, store.AckFilter{Open: f.open})
	if err != nil {
		return err
	}
	rows := ackexport.Rows(e, list)
	switch {
	case f.csv:
		return ackexport.CSV(a.stdout, rows)
	case f.json:
		return ackexport.JSON(a.stdout, rows)
	}
	zone, err := time.LoadLocation(e.TimeZone)
	if err != nil {
		return err
	}
	a.ackList(e, rows, zone)
	return nil
}

// ackList prints a line for each message, and under it one for each person.
func (a *app) ackList(e *store.Engagement, rows []ackexport.Row, zone *time.Location) {
	if len(rows) == 0 {
		fmt.Fprintln(a.stdout, "None.")
	}
	when := func(t time.Time) string { return t.In(zone).Format("Mon 2 Jan 2006 15:04 MST") }
	last := 0
	for i := range rows {
		r := &rows[i]
		if r.Request != last {
			last = r.Request
			version := ""
			if r.Version > 0 {
				version = fmt.Sprintf(", version %d", r.Version)
			}
			asker := r.AskedBy
			if p, ok := e.Person(asker); ok {
				asker = p.Name
			}
			state := "open"
			if !r.ClosedAt.IsZero() {
				state = "closed " + when(r.ClosedAt)
				if r.Why != "" {
					state += ", " + card.Clean(r.Why)
				}
			}
			fmt.Fprintf(a.stdout, "%d. %s (%s%s, asked by %s %s, %s; %s)\n", r.Request, card.Clean(r.Title), r.What, version,
				card.Clean(asker), when(r.AskedAt), map[store.AckMode]string{store.AckEach: "each", store.AckFirst: "the first is enough"}[r.Mode], state)
		}
		line := string(r.State)
		if r.State == ackexport.Acknowledged {
			line += fmt.Sprintf(" %s, %s on %s as %s", when(r.At), r.How, r.Platform, r.Identity)
			if r.OnBehalf {
				line += ", by " + r.By + " on their behalf"
			}
		}
		fmt.Fprintf(a.stdout, "   - %s: %s\n", card.Clean(r.Name), card.Clean(line))
	}
}
