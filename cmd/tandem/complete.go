package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/store/sqlite"
)

// completeIDs offers the ids of the stored engagements for the first most
// arguments. Where there is no store, or none that can be read at once, it
// offers nothing and says nothing.
func (a *app) completeIDs(most int, otherwise cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		a.patience = 200 * time.Millisecond // a person waits at the prompt
		var offers []cobra.Completion
		err := a.withStore(cmd.Context(), true, func(db *sqlite.DB) error {
			all, err := db.Engagements(cmd.Context())
			for _, e := range all {
				offers = append(offers, cobra.CompletionWithDesc(e.ID, e.Client))
			}
			return err
		})
		if err != nil {
			return nil, otherwise
		}
		return offers, otherwise
	}
}

// yamlFiles offers engagement files.
func yamlFiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return []cobra.Completion{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// evalFiles offers an engagement file, and then one of questions.
func evalFiles(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	switch len(args) {
	case 0:
		return yamlFiles(nil, nil, "")
	case 1:
		return []cobra.Completion{"jsonl"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}
