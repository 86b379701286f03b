package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// open opens the store; the caller closes it. Reading alone never creates one.
func (a *app) open(ctx context.Context, readOnly bool) (*sqlite.DB, error) {
	path := a.path()
	if readOnly {
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return nil, store.Errorf(store.CodeNotFound,
				"there is no store at %s yet; `tandem import FILE` makes one, --store names another", path)
		}
	}
	return sqlite.Open(ctx, path, sqlite.Options{ReadOnly: readOnly})
}

// stored returns an engagement of the store, by ID or ID@VERSION.
func (a *app) stored(ctx context.Context, name string) (*store.Engagement, error) {
	id, number, versioned := strings.Cut(name, "@")
	version, err := strconv.Atoi(number)
	if versioned && err != nil {
		return nil, usagef("%q: the part after @ is the number of a matrix version, such as %s@2", name, id)
	}
	db, err := a.open(ctx, true)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if versioned {
		return db.EngagementAt(ctx, id, version)
	}
	return db.Engagement(ctx, id)
}

func (a *app) importCommand() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Store engagement files",
		Long: `Check engagement files and store those without an error. A file with an error
changes nothing. A matrix version never changes once stored: other rows need a
higher matrix.version, or none, which takes the next number.`,
		Example: "  tandem import harbor.yaml\n  tandem import clients/*.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			return a.importFiles(cmd.Context(), files, by)
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who imports, for the audit log (default: $USER)")
	return cmd
}

// importFiles stores each good file in a transaction of its own, so that a bad
// one keeps only itself out.
func (a *app) importFiles(ctx context.Context, files []string, by string) error {
	if by == "" {
		by = a.getenv("USER")
	}
	if by == "" {
		by = "command line"
	}
	var db *sqlite.DB // opened for the first good file, so that a bad one alone makes no store
	defer func() {
		if db != nil {
			db.Close()
		}
	}()
	worst := exitOK
	progress := a.progress("importing", len(files))
	defer progress.done()
	for i, path := range files {
		progress.at(i)
		e, _, err := a.goodFile(path)
		if err == nil && db == nil {
			if db, err = a.open(ctx, false); err != nil {
				return err
			}
		}
		if err == nil {
			var result store.ImportResult
			if result, err = db.ImportEngagement(ctx, e, by, a.now()); err == nil {
				fmt.Fprintln(a.stdout, result)
				continue
			}
		}
		var told status
		if errors.As(err, &told) {
			worst = max(worst, int(told))
			continue
		}
		fmt.Fprintf(a.stderr, "tandem: %s: %s\n", path, sentence(err))
		worst = max(worst, exitFailed)
	}
	if worst != exitOK {
		return status(worst)
	}
	return nil
}

func (a *app) engagementsCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "engagements",
		Aliases: []string{"list"},
		Short:   "List what is stored",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := a.open(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer db.Close()
			all, err := db.Engagements(cmd.Context())
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "ID\tCLIENT\tMSP\tMATRIX\tCHANGED")
			for _, e := range all {
				fmt.Fprintf(table, "%s\t%s\t%s\tversion %d\t%s\n", e.ID, e.Client, e.MSP, e.Version, e.UpdatedAt.Format("2006-01-02 15:04 MST"))
			}
			return table.Flush()
		},
	}
}

func (a *app) awayCommand() *cobra.Command {
	var id, cover, by string
	cmd := &cobra.Command{
		Use:   "away PERSON FROM[..TO]",
		Short: "Record that somebody is away, and who covers",
		Long: `Record that a person is away for whole days, both ends included. While it
lasts, answers name the cover, or else the next on the escalation path.`,
		Example: "  tandem away maria 2026-12-24..2027-01-02 --cover theo",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			absence, err := parseAbsence(args[0], args[1], cover)
			if err != nil {
				return err
			}
			db, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer db.Close()
			if id, err = a.only(cmd.Context(), db, id); err != nil {
				return err
			}
			if by == "" {
				by = "command line"
			}
			if _, err := db.RecordAbsence(cmd.Context(), id, absence, by, a.now()); err != nil {
				return err
			}
			line := fmt.Sprintf("%s is away %s to %s", absence.Person, absence.From, absence.To)
			if cover != "" {
				line += "; " + cover + " covers"
			}
			fmt.Fprintln(a.stdout, line+".")
			return nil
		},
	}
	cmd.Flags().StringVarP(&id, "engagement", "e", "", "the engagement's id, where the store holds several")
	cmd.Flags().StringVar(&cover, "cover", "", "who stands in")
	cmd.Flags().StringVar(&by, "by", "", "who says so, for the audit log")
	return cmd
}

func parseAbsence(person, days, cover string) (store.Absence, error) {
	from, to, ranged := strings.Cut(days, "..")
	if !ranged {
		to = from
	}
	absence := store.Absence{Person: person, Cover: cover}
	var err error
	if absence.From, err = store.ParseDate(from); err != nil {
		return absence, usagef("%v", err)
	}
	if absence.To, err = store.ParseDate(to); err != nil {
		return absence, usagef("%v", err)
	}
	return absence, nil
}

// only returns the id given, or that of the one engagement in the store.
func (a *app) only(ctx context.Context, db *sqlite.DB, id string) (string, error) {
	if id != "" {
		return id, nil
	}
	all, err := db.Engagements(ctx)
	if err != nil {
		return "", err
	}
	switch len(all) {
	case 0:
		return "", store.Errorf(store.CodeNotFound, "the store at %s holds no engagement; `tandem import FILE` stores one", a.path())
	case 1:
		return all[0].ID, nil
	}
	var ids []string
	for _, e := range all[:min(5, len(all))] {
		ids = append(ids, e.ID)
	}
	return "", usagef("the store holds %d engagements; name one with --engagement: %s …", len(all), strings.Join(ids, ", "))
}

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "backup FILE",
		Short:   "Copy the store into a file, also while it is in use",
		Example: "  tandem backup tandem-2026-11-23.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.open(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer db.Close()
			if err := db.Backup(cmd.Context(), args[0]); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "Backed up %s to %s.\n", filepath.Base(a.path()), args[0])
			return nil
		},
	}
}
