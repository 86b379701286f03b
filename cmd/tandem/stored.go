package main

import (
	"cmp"
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

// withStore opens the store for one use of it. Only an import makes one.
func (a *app) withStore(ctx context.Context, readOnly bool, use func(*sqlite.DB) error) error {
	return a.withStoreAs(ctx, sqlite.Options{ReadOnly: readOnly}, use)
}

// withStoreAs is withStore with other options.
func (a *app) withStoreAs(ctx context.Context, o sqlite.Options, use func(*sqlite.DB) error) error {
	path := a.path()
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return store.Errorf(store.CodeNotFound,
			"there is no store at %s yet; %s makes one, --store names another", path, a.importing())
	}
	o.BusyTimeout = a.patience
	db, err := sqlite.Open(ctx, path, o)
	if err != nil {
		return err
	}
	err = use(db)
	if failed := db.Close(); err == nil {
		err = failed
	}
	return err
}

// open opens the store, or makes one unless it is for reading; the caller closes it.
func (a *app) open(ctx context.Context, readOnly bool) (*sqlite.DB, error) {
	return sqlite.Open(ctx, a.path(), sqlite.Options{ReadOnly: readOnly, BusyTimeout: a.patience})
}

// stored returns an engagement of the store, by ID or ID@VERSION.
func (a *app) stored(ctx context.Context, name string) (e *store.Engagement, err error) {
	id, number, versioned := strings.Cut(name, "@")
	version, bad := strconv.Atoi(number)
	if versioned && (bad != nil || version < 1) {
		return nil, usagef("%q: the part after @ is the number of a matrix version, such as %s@2", name, id)
	}
	err = a.withStore(ctx, true, func(db *sqlite.DB) error {
		if versioned {
			e, err = db.EngagementAt(ctx, id, version)
		} else {
			e, err = db.Engagement(ctx, id)
		}
		return err
	})
	return e, err
}

func (a *app) importCommand() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Store engagement files",
		Long: `Check engagement files and store those without an error. A file with an error
changes nothing. A matrix version never changes once stored: other rows need a
higher matrix.version, or none, which takes the next number.`,
		Example:           "  tandem import harbor.yaml\n  tandem import clients/*.yaml",
		Args:              wants(1, anyNumber),
		ValidArgsFunction: yamlFiles,
		RunE: func(cmd *cobra.Command, files []string) error {
			return a.importFiles(cmd.Context(), files, by)
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "who imports, for the audit log (default: $USER)")
	return cmd
}

// importFiles stores each good file in a transaction of its own, so that a bad
// one keeps only itself out. A store that cannot be written ends it.
func (a *app) importFiles(ctx context.Context, files []string, by string) (err error) {
	i := &importer{app: a, by: a.or(by), progress: a.progress("importing", len(files))}
	defer func() {
		if failed := i.close(); err == nil {
			err = failed
		}
	}()
	worst := exitOK
	for n, path := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !a.terminal { // there the results are to be seen themselves
			i.progress.at(n)
		}
		told, err := i.file(ctx, path)
		if err != nil {
			return err
		}
		worst = max(worst, told)
	}
	if worst != exitOK {
		return status(worst)
	}
	return nil
}

// importer is one run of import. Its store is opened for the first good file,
// so that a bad one alone makes none.
type importer struct {
	*app
	by       string
	db       *sqlite.DB
	progress *progress
}

func (i *importer) close() error {
	i.progress.clear()
	if i.db == nil {
		return nil
	}
	return i.db.Close()
}

// file imports one file and returns its exit status; an error is one that the
// files after it would meet as well.
func (i *importer) file(ctx context.Context, path string) (int, error) {
	i.progress.clear()
	e, err := i.goodFile(path)
	if err != nil {
		return i.refuse(path, err), nil
	}
	if i.db == nil {
		if i.db, err = i.open(ctx, false); err != nil {
			return exitFailed, err
		}
	}
	result, err := i.db.ImportEngagement(ctx, e, i.by, i.now())
	switch {
	case err == nil:
		fmt.Fprintln(i.stdout, result)
		return exitOK, nil
	case store.ErrorCode(err) == store.CodeUnavailable:
		return exitFailed, err
	}
	return i.refuse(path, err), nil
}

// refuse tells why a file was not imported, unless that is told already.
func (i *importer) refuse(path string, err error) int {
	var told status
	if errors.As(err, &told) {
		return int(told)
	}
	fmt.Fprintln(i.stderr, i.complaint(path+": "+sentence(err)))
	return exitFailed
}

// or returns the name given for the audit log, else the user's.
func (a *app) or(by string) string {
	return cmp.Or(by, a.getenv("USER"), a.getenv("USERNAME"), "command line")
}

func (a *app) engagementsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "engagements",
		Short: "List what is stored",
		Long: `List the engagements in the store: id, client, MSP, the number of the active
matrix version, and when it was last changed.`,
		Example:           "  tandem engagements\n  tandem engagements --json",
		Aliases:           []string{"list"},
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd.Context(), true, func(db *sqlite.DB) error {
				all, err := db.Engagements(cmd.Context())
				if err != nil {
					return err
				}
				return a.list(all, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

func (a *app) list(all []store.EngagementSummary, asJSON bool) error {
	if asJSON {
		for _, e := range all {
			if err := encode(a.stdout, e); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tCLIENT\tMSP\tMATRIX\tCHANGED")
	for _, e := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\tversion %d\t%s\n", e.ID, e.Client, e.MSP, e.Version, e.UpdatedAt.Format("2006-01-02 15:04 MST"))
	}
	return table.Flush()
}

func (a *app) awayCommand() *cobra.Command {
	var id, cover, by string
	cmd := &cobra.Command{
		Use:   "away PERSON FROM[..TO]",
		Short: "Record that somebody is away, and who covers",
		Long: `Record that a person is away for whole days, both ends included. While it
lasts, answers name the cover, or else the next on the escalation path.`,
		Example:           "  tandem away maria 2026-12-24..2027-01-02 --cover theo\n  tandem away sam 2026-12-24 --engagement harbor-legal",
		Args:              wants(2, 2),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			absence, err := parseAbsence(args[0], args[1], cover)
			if err != nil {
				return err
			}
			return a.withStore(cmd.Context(), false, func(db *sqlite.DB) error {
				return a.away(cmd.Context(), db, id, absence, a.or(by))
			})
		},
	}
	cmd.Flags().StringVarP(&id, "engagement", "e", "", "the engagement's id, where the store holds several")
	cmd.Flags().StringVar(&cover, "cover", "", "who stands in")
	cmd.Flags().StringVar(&by, "by", "", "who says so, for the audit log (default: $USER)")
	_ = cmd.RegisterFlagCompletionFunc("engagement", a.completeIDs(anyNumber, cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
	return cmd
}

func (a *app) away(ctx context.Context, db *sqlite.DB, id string, absence store.Absence, by string) error {
	id, err := a.only(ctx, db, id)
	if err != nil {
		return err
	}
	if _, err := db.RecordAbsence(ctx, id, absence, by, a.now()); err != nil {
		return err
	}
	line := fmt.Sprintf("%s is away %s to %s", absence.Person, absence.From, absence.To)
	if absence.Cover != "" {
		line += "; " + absence.Cover + " covers"
	}
	fmt.Fprintln(a.stdout, line+".")
	return nil
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
	const shown = 5
	var ids []string
	for _, e := range all[:min(shown, len(all))] {
		ids = append(ids, e.ID)
	}
	more := ""
	if len(all) > shown {
		more = ", … (`tandem engagements` lists them all)"
	}
	return "", usagef("the store holds %d engagements; name one with --engagement: %s%s", len(all), strings.Join(ids, ", "), more)
}

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the store into a file, also while it is in use",
		Long: `Copy the store into a new file, whole and consistent, also while others use it.
A file that exists is never replaced. To go back to a copy, put it in the place
of the store; --store asks it where it lies.`,
		Example: "  tandem backup tandem-2026-11-23.db\n  tandem engagements --store tandem-2026-11-23.db",
		Args:    wants(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// A copy is wanted most before a newer Tandem changes the store.
			return a.withStoreAs(cmd.Context(), sqlite.Options{ReadOnly: true, AnyOlder: true}, func(db *sqlite.DB) error {
				if err := db.Backup(cmd.Context(), args[0]); err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "Backed up %s to %s.\n", filepath.Base(a.path()), args[0])
				return nil
			})
		},
	}
}
