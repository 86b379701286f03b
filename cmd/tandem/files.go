package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/engagement"
)

// readFile reads an engagement file; "-" is standard input.
func (a *app) readFile(path string) (*store.Engagement, engagement.Report, error) {
	o := engagement.Options{Today: store.DateOf(a.now()), KnownHolidays: calendar.CheckHoliday}
	if path == "-" {
		return engagement.Read("standard input", a.stdin, o)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, engagement.Report{}, openError(path, err)
	}
	defer closeRead(file)
	return engagement.Read(path, file, o)
}

// closeRead closes what was only read, so that nothing can be lost by it.
func closeRead(c io.Closer) { _ = c.Close() }

// openError says why a file could not be opened, without the system's jargon.
func openError(path string, err error) error {
	switch {
	case os.IsNotExist(err):
		return store.Errorf(store.CodeNotFound, "there is no file %s", path)
	case os.IsPermission(err):
		return store.Errorf(store.CodeForbidden, "you may not read %s", path)
	}
	return store.Errorf(store.CodeUnavailable, "%s cannot be read: %w", path, err)
}

// goodFile reads an engagement file that must be without errors; the report
// goes to stderr if it is not.
func (a *app) goodFile(path string) (*store.Engagement, error) {
	e, report, err := a.readFile(path)
	if err != nil {
		return nil, err
	}
	if !report.OK() {
		fmt.Fprint(a.stderr, a.report(report.String(), a.live))
		return nil, status(exitProblems)
	}
	return e, nil
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check engagement files: every error with its line",
		Long: `Check engagement files and change nothing. Every error is told with file, line,
column and what would be right. Exit status 3 if there is an error. Warnings are
told by lint.`,
		Example:           "  tandem validate harbor.yaml\n  cat harbor.yaml | tandem validate -",
		Args:              wants(1, anyNumber),
		ValidArgsFunction: yamlFiles,
		RunE:              func(_ *cobra.Command, files []string) error { return a.check(files, false) },
	}
}

func (a *app) lintCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lint FILE...",
		Short: "Check engagement files for what is missing or doubtful, too",
		Long: `Check engagement files for errors, and for what is allowed but worth a lead's
minute: a row without a named person, support or escalation path, two rows with
one name, an overdue document, an unsigned matrix. Exit status 3 if there is
anything to tell.`,
		Example:           "  tandem lint harbor.yaml",
		Args:              wants(1, anyNumber),
		ValidArgsFunction: yamlFiles,
		RunE:              func(_ *cobra.Command, files []string) error { return a.check(files, true) },
	}
}

// check reports on every file; one that cannot be read does not keep the
// others from being read.
func (a *app) check(files []string, warnings bool) error {
	var failed, problems bool
	for _, path := range files {
		e, report, err := a.readFile(path)
		if err != nil {
			fmt.Fprintln(a.stderr, a.complaint(sentence(err)))
			failed = true
			continue
		}
		switch {
		case !report.OK(), warnings && report.Warnings() > 0:
			fmt.Fprint(a.stdout, a.report(report.String(), a.terminal))
			problems = true
		default:
			fmt.Fprintf(a.stdout, "%s is well: %s, %s and %s\n", report.Name, e.ID,
				plural(len(e.Matrix.Functions), "row", "rows"), plural(len(e.People), "person", "people"))
			if n := report.Warnings(); n > 0 {
				fmt.Fprintf(a.stdout, "  %s: `tandem lint %s` tells\n", plural(n, "warning", "warnings"), path)
			}
		}
	}
	switch {
	case failed:
		return status(exitFailed)
	case problems:
		return status(exitProblems)
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (a *app) diffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say in words what changed between two engagements",
		Long: `Say in words what changed. Each of OLD and NEW is an engagement file, or ID for
what is stored now, or ID@VERSION for a version of its matrix. A change is
material if it touches who owns, leads, is accountable, where it escalates, or
what is in scope.`,
		Example:           "  tandem diff harbor-old.yaml harbor.yaml\n  tandem diff harbor-legal harbor.yaml\n  tandem diff harbor-legal@1 harbor-legal@2",
		Args:              wants(2, 2),
		ValidArgsFunction: a.completeIDs(2, cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			before, err := a.fileOrStored(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			after, err := a.fileOrStored(cmd.Context(), args[1])
			if err != nil {
				return err
			}
			changes := engagement.Diff(before, after)
			if len(changes) == 0 {
				fmt.Fprintln(a.stdout, "No difference.")
				return nil
			}
			fmt.Fprint(a.stdout, engagement.DiffText(changes))
			if note := engagement.ScopeNote(before, after); note != "" {
				fmt.Fprintln(a.stdout, "\n"+note)
			}
			return nil
		},
	}
}

// fileOrStored returns the engagement that an argument names.
func (a *app) fileOrStored(ctx context.Context, name string) (*store.Engagement, error) {
	if isFile(name) {
		return a.goodFile(name)
	}
	return a.stored(ctx, name)
}

// isFile tells a path from an engagement's id, which has neither dot nor slash.
func isFile(name string) bool {
	return name == "-" || bytes.ContainsAny([]byte(name), `./\`)
}

func (a *app) exportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "export ID[@VERSION]",
		Short: "Write a stored engagement as a file",
		Long: `Write a stored engagement as an engagement file, in the one canonical form:
importing what was exported and exporting it again gives the same bytes.
Comments of the imported file are not kept. The name of a file in the place of
the ID writes that file in the canonical form.`,
		Example:           "  tandem export harbor-legal > harbor.yaml\n  tandem export harbor-legal@1 --out harbor-v1.yaml\n  tandem export draft.yaml",
		Args:              wants(1, 1),
		ValidArgsFunction: a.completeIDs(1, cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.fileOrStored(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return a.write(out, engagement.Format(e))
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the file to write (default: standard output); one that exists is replaced whole")
	return cmd
}

// write puts data into a file at once, or to stdout. A file that cannot be
// written whole leaves the old one as it was.
func (a *app) write(path string, data []byte) error {
	if path == "" || path == "-" {
		_, err := io.Copy(a.stdout, bytes.NewReader(data))
		return err
	}
	temporary := path + ".part"
	if err := os.WriteFile(temporary, data, 0o644); err != nil {
		return store.Errorf(store.CodeUnavailable, "%s cannot be written: %w", path, err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return store.Errorf(store.CodeUnavailable, "%s cannot be replaced: %w. The new text is in %s", path, err, temporary)
	}
	fmt.Fprintf(a.stderr, "Wrote %s.\n", path)
	return nil
}
