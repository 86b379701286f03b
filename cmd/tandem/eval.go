package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
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
		Example: "  tandem eval harbor.yaml harbor.questions.jsonl",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.eval(cmd.Context(), args[0], args[1], quiet)
		},
	}
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "leave the failures out")
	return cmd
}

func (a *app) eval(ctx context.Context, file, questions string, quiet bool) error {
	e, _, err := a.goodFile(file)
	if err != nil {
		return err
	}
	labelled, err := readLabelled(questions)
	if err != nil {
		return err
	}
	index := ownership.NewIndex(e)
	plain, err := newFullText(ctx, e)
	if err != nil {
		return err
	}
	defer plain.close()
	ours, base := ownership.NewTally(), ownership.NewTally()
	progress := a.progress("asking", len(labelled))
	for i, q := range labelled {
		progress.at(i)
		answer := index.Ask(q.Question)
		verdict := ours.Add(q, answer)
		if verdict != ownership.Right && !quiet {
			fmt.Fprintf(a.stdout, "%-6s %s %q\n       wanted %s %v, got %s\n", verdict, q.ID, q.Question, q.Expect, q.IDs, answer)
		}
		got, err := plain.ask(ctx, q.Question)
		if err != nil {
			return err
		}
		base.Add(q, got)
	}
	progress.done()
	fmt.Fprintf(a.stdout, "\n%s, %d questions of %s\n\n", e.ID, len(labelled), questions)
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
func readLabelled(path string) ([]ownership.Labelled, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	defer file.Close()
	var out []ownership.Labelled
	scan := bufio.NewScanner(file)
	scan.Buffer(nil, maxBatchLine)
	for line := 1; scan.Scan(); line++ {
		if len(scan.Bytes()) == 0 {
			continue
		}
		var q ownership.Labelled
		if err := json.Unmarshal(scan.Bytes(), &q); err != nil {
			return nil, store.Errorf(store.CodeInvalid, "%s:%d is not a labelled question: %w", path, line, err)
		}
		out = append(out, q)
	}
	if err := scan.Err(); err != nil {
		return nil, store.Errorf(store.CodeInvalid, "%s cannot be read: %w", path, err)
	}
	return out, nil
}
