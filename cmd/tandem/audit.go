package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

func (a *app) auditCommand() *cobra.Command {
	var name string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "List the audit log, or verify that nobody changed it",
		Long: `List the audit log of an engagement, oldest first: the number of each record, when,
who, what, and the rest as JSON. Nothing in it ever changes, and each record is
chained to the one before by SHA-256; tandem audit verify checks that.`,
		Example:           "  tandem audit -e harbor-legal\n  tandem audit --json > audit.jsonl\n  tandem audit verify",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd.Context(), true, func(db *sqlite.DB) error {
				return a.audit(cmd.Context(), db, name, asJSON)
			})
		},
	}
	a.engagementFlag(cmd, &name)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	cmd.AddCommand(a.auditVerifyCommand())
	return cmd
}

// engagementFlag lets a command be about one stored engagement.
func (a *app) engagementFlag(cmd *cobra.Command, name *string) {
	cmd.Flags().StringVarP(name, "engagement", "e", "", "the engagement's id, where the store holds several")
	_ = cmd.RegisterFlagCompletionFunc("engagement", a.completeIDs(anyNumber, cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
}

func (a *app) audit(ctx context.Context, db *sqlite.DB, name string, asJSON bool) error {
	id, err := a.only(ctx, db, name)
	if err != nil {
		return err
	}
	entries, err := db.Audit(ctx, id)
	if err != nil {
		return err
	}
	for _, r := range entries {
		if asJSON {
			err := encode(a.stdout, struct {
				Engagement string `json:"engagement"`
				store.AuditEntry
			}{id, r})
			if err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.stdout, "%d  %s  %s  %s  %s\n", r.Seq, r.At.UTC().Format("2006-01-02 15:04:05 MST"),
			card.Clean(r.By), card.Clean(r.Action), card.Clean(string(r.Detail)))
	}
	return nil
}

func (a *app) auditVerifyCommand() *cobra.Command {
	var name string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Verify that nobody changed the audit log",
		Long: `Check that no record of the audit log was changed, added, taken out or put
elsewhere, and that the acknowledgements say what their records say: of one
engagement, or of all. The first broken record of each is named. Keep the sum of
the last record elsewhere, and you can also tell whether somebody wrote the whole
log anew.

Exit status 3 if a record is broken.`,
		Example:           "  tandem audit verify\n  tandem audit verify -e harbor-legal --json",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd.Context(), true, func(db *sqlite.DB) error {
				return a.auditVerify(cmd.Context(), db, name, asJSON)
			})
		},
	}
	a.engagementFlag(cmd, &name)
	cmd.Flags().Lookup("engagement").Usage = "the engagement's id (default: all)"
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

func (a *app) auditVerify(ctx context.Context, db *sqlite.DB, name string, asJSON bool) error {
	ids := []string{name}
	if name == "" {
		all, err := db.Engagements(ctx)
		if err != nil {
			return err
		}
		ids = nil
		for _, s := range all {
			ids = append(ids, s.ID)
		}
	}
	broken := false
	p := a.progress("checking", len(ids))
	defer p.clear()
	for i, id := range ids {
		check, err := db.VerifyAudit(ctx, id)
		if err != nil {
			return err
		}
		broken = broken || check.Broken != nil
		p.at(i)
		p.clear()
		if !asJSON {
			fmt.Fprintln(a.stdout, card.Clean(check.String()))
		} else if err := encode(a.stdout, check); err != nil {
			return err
		}
	}
	if broken {
		return status(exitProblems)
	}
	return nil
}
