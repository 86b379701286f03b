package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

func (a *app) evalCommand() *cobra.Command {
	var quiet bool
	cmd := &cobra.Command{
		Use:   "eval FILE.yaml QUESTIONS.jsonl",
		Short: "Measure the answers against labelled questions",
		Long: `Ask every labelled question of a JSON Lines file ({"id","q","expect","ids",
"style"}) and print how many were answered right, asked back, answered wrong or
missed, by kind and by style, with every failure, and beside it a plain full-text
search (SQLite FTS5, bm25) over the same rows.`,
		Example:           "  tandem eval harbor.yaml harbor.questions.jsonl",
		Args:              wants(2, 2),
		ValidArgsFunction: evalFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.eval(cmd.Context(), args[0], args[1], quiet)
		},
	}
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "leave the failures out")
	return cmd
}

func (a *app) eval(ctx context.Context, file, questions string, quiet bool) error {
	e, err := a.goodFile(file)
	if err != nil {
		return err
	}
	labelled, err := a.readLabelled(ctx, questions)
	if err != nil {
		return err
	}
	plain, err := newFullText(ctx, e)
	if err != nil {
		return err
	}
	defer plain.close()
	index := ownership.NewIndex(e)
	ours, base := ownership.NewTally(), ownership.NewTally()
	var failures strings.Builder // printed at the end, where no progress is drawn any more
	progress := a.progress("asking", len(labelled))
	for i, q := range labelled {
		progress.at(i)
		answer := index.Ask(q.Question)
		if verdict := ours.Add(q, answer); verdict != ownership.Right && !quiet {
			fmt.Fprintf(&failures, "%-6s %s %q\n       wanted %s %v, got %s\n", verdict, q.ID, q.Question, q.Expect, q.IDs, answer)
		}
		got, err := plain.ask(ctx, q.Question)
		if err != nil {
			progress.clear()
			return err
		}
		base.Add(q, got)
	}
	progress.clear()
	fmt.Fprintf(a.stdout, "%s\n%s, %d questions of %s\n\n", failures.String(), e.ID, len(labelled), questions)
	return a.scores(ours, base)
}

// scores prints our answers beside the baseline's.
func (a *app) scores(ours, base *ownership.Tally) error {
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tn\tright\tasked\twrong\tmissed\t| FTS5 right\twrong\t")
	for _, row := range ours.Rows() {
		b := base.Row(row.Name)
		fmt.Fprintf(table, "%s\t%d\t%.1f%%\t%.1f%%\t%.1f%%\t%.1f%%\t| %.1f%%\t%.1f%%\t\n", row.Name, row.N,
			row.Share(ownership.Right), row.Share(ownership.Asked), row.Share(ownership.Wrong), row.Share(ownership.Missed),
			b.Share(ownership.Right), b.Share(ownership.Wrong))
	}
	return table.Flush()
}

// readLabelled reads a file of labelled questions; a line that is none fails
// the whole, since a score of the rest would be a score of something else.
func (a *app) readLabelled(ctx context.Context, path string) ([]ownership.Labelled, error) {
	var all []ownership.Labelled
	err := a.eachLine(ctx, path, func(number int, line []byte) error {
		var q ownership.Labelled
		if err := json.Unmarshal(line, &q); err != nil {
			return store.Errorf(store.CodeInvalid, "%s:%d is not a labelled question: %w", path, number, err)
		}
		all = append(all, q)
		return nil
	})
	if err == nil && len(all) == 0 {
		err = store.Errorf(store.CodeInvalid, "%s has no question to ask", path)
	}
	return all, err
}
