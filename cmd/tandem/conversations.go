package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/store/sqlite"
)

func (a *app) conversationsCommand() *cobra.Command {
	var name string
	var all, asJSON bool
	cmd := &cobra.Command{
		Use:   "conversations",
		Short: "List what was asked and the matrix doesn't name",
		Long: `List the open conversations of an engagement: the question, who asked it first,
how old it is, how often it was asked, and the nearest rows. Leads close them in
chat, as another word for a row, as a new row, or as out of scope.`,
		Example:           "  tandem conversations\n  tandem conversations -e harbor-legal --all --json",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			return a.withStore(ctx, true, func(db *sqlite.DB) error {
				id, err := a.only(ctx, db, name)
				if err != nil {
					return err
				}
				list, err := db.Conversations(ctx, id, !all)
				if err != nil {
					return err
				}
				if asJSON {
					for i := range list {
						if err := encode(a.stdout, &list[i]); err != nil {
							return err
						}
					}
					return nil
				}
				desk, err := a.storedDesk(ctx, db, id)
				if err != nil {
					return err
				}
				fmt.Fprintln(a.stdout, a.heading(desk.ConversationsCard(list, !all, a.now()).Plain()))
				return nil
			})
		},
	}
	cmd.Flags().StringVarP(&name, "engagement", "e", "", "a stored engagement (default: the only one)")
	cmd.Flags().BoolVar(&all, "all", false, "closed ones, too")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	_ = cmd.RegisterFlagCompletionFunc("engagement", a.completeIDs(anyNumber, cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
	return cmd
}
