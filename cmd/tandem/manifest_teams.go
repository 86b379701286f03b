package main

import (
	"bytes"
	"errors"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/commands"
	teamsmanifest "github.com/tandem-bot/tandem/manifests/teams"
)

func (a *app) manifestTeamsCommand() *cobra.Command {
	o, out := teamsmanifest.Options{}, ""
	cmd := &cobra.Command{
		Use:   "teams",
		Short: "Write the app package for Microsoft Teams",
		Long: `Write Tandem's app for Microsoft Teams: a package with the manifest and the icons,
to be uploaded in the Teams admin center or by Manage your apps in Teams. Without
--out it prints the manifest alone. The app id is that of the Entra app, which is
the bot's as well.`,
		Example: `  tandem manifest teams --app-id 11111111-2222-4333-8444-555555555555 --out tandem-teams.zip
  tandem manifest teams --app-id 11111111-2222-4333-8444-555555555555 --developer "Palmetto Ridge IT" --website https://palmetto.example`,
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			if o.AppID == "" {
				return usagef("manifest teams wants --app-id")
			}
			for _, c := range commands.All(&commands.Office{}) {
				if !c.Hidden {
					o.Commands = append(o.Commands, teamsmanifest.Command{Name: c.Name, Usage: c.Usage, Short: c.Short})
				}
			}
			data, err := teamsmanifest.Manifest(o)
			if err != nil {
				return usageError{errors.New(err.Error())}
			}
			if out == "" {
				_, err = a.stdout.Write(data)
				return err
			}
			var b bytes.Buffer
			if err := teamsmanifest.Package(&b, o); err != nil {
				return err
			}
			return a.write(out, b.Bytes())
		},
	}
	cmd.Flags().StringVar(&o.AppID, "app-id", "", "the id of the Entra app")
	cmd.Flags().StringVarP(&out, "out", "o", "", "the package to write; one that exists is replaced whole")
	cmd.Flags().StringVar(&o.Developer, "developer", "", `who offers the app (default "Tandem")`)
	cmd.Flags().StringVar(&o.Website, "website", "", "their page (default: the project's)")
	cmd.Flags().StringVar(&o.Privacy, "privacy", "", "their page on privacy (default: the project's)")
	cmd.Flags().StringVar(&o.Terms, "terms", "", "their terms of use (default: the project's)")
	return cmd
}
