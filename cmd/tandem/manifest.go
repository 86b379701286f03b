package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/commands"
	slackmanifest "github.com/tandem-bot/tandem/manifests/slack"
)

func (a *app) manifestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "manifest",
		Short:   "Write the manifest of a chat app",
		Example: "  tandem manifest slack --socket\n  tandem manifest teams --app-id 11111111-2222-4333-8444-555555555555 --out tandem-teams.zip",
		Args:    wants(0, 0),
		RunE: func(*cobra.Command, []string) error {
			return usagef("manifest wants the name of a platform: slack or teams")
		},
	}
	cmd.AddCommand(a.manifestSlackCommand(), a.manifestTeamsCommand())
	return cmd
}

func (a *app) manifestSlackCommand() *cobra.Command {
	o := slackmanifest.Options{}
	cmd := &cobra.Command{
		Use:   "slack",
		Short: "Write the manifest of the Slack app",
		Long: `Write the manifest that makes Tandem's Slack app: at api.slack.com/apps choose
Create New App, From a manifest, and paste it. --socket is for Socket Mode, which
needs no public address; --url is for one that Slack can post to. With --oauth
workspaces install it by themselves, from /slack/install below that address, and
with --rotation their tokens expire after 12 hours and are renewed; Slack doesn't
turn that off again. With Socket Mode --oauth needs --url as well.`,
		Example: `  tandem manifest slack --socket
  tandem manifest slack --url https://tandem.example
  tandem manifest slack --url https://tandem.example --oauth --rotation`,
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case o.Socket && o.OAuth && o.URL == "":
				return usagef("manifest slack --socket --oauth wants --url as well: the address that people come back to from Slack")
			case !o.OAuth && o.Socket == (o.URL != ""), o.URL == "" && !o.Socket:
				return usagef("manifest slack wants one of --socket and --url")
			}
			for _, c := range commands.All(&commands.Office{}) {
				if !c.Hidden {
					o.Commands = append(o.Commands, c.Name)
				}
			}
			data, err := slackmanifest.Manifest(o)
			if err != nil {
				return usageError{errors.New(err.Error())}
			}
			_, err = a.stdout.Write(data)
			return err
		},
	}
	cmd.Flags().StringVar(&o.URL, "url", "", "Tandem's public address, such as https://tandem.example")
	cmd.Flags().BoolVar(&o.Socket, "socket", false, "for Socket Mode")
	cmd.Flags().BoolVar(&o.OAuth, "oauth", false, "let workspaces install the app by themselves")
	cmd.Flags().BoolVar(&o.Rotation, "rotation", false, "let tokens expire after 12 hours; with --oauth")
	return cmd
}
