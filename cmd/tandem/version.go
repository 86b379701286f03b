package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print which Tandem this is",
		Args:              wants(0, 0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				fmt.Fprintln(a.stdout, "tandem, built without version information")
				return nil
			}
			revision, dirty := "unknown revision", ""
			for _, s := range info.Settings {
				switch {
				case s.Key == "vcs.revision":
					revision = s.Value[:min(12, len(s.Value))]
				case s.Key == "vcs.modified" && s.Value == "true":
					dirty = ", changed"
				}
			}
			fmt.Fprintf(a.stdout, "tandem %s (%s%s), %s\n", info.Main.Version, revision, dirty, info.GoVersion)
			return nil
		},
	}
}
