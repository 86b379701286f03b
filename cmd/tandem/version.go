package main

import (
	"cmp"
	"fmt"
	"runtime"
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
			version, revision, goVersion := buildInfo()
			fmt.Fprintf(a.stdout, "tandem %s (%s), %s\n", version, revision, goVersion)
			return nil
		},
	}
}

// buildInfo says which Tandem this is, as far as its build wrote that down.
func buildInfo() (version, revision, goVersion string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown", "unknown revision", runtime.Version()
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ", changed"
		}
	}
	return cmp.Or(info.Main.Version, "unknown"), cmp.Or(revision, "unknown revision") + changed, info.GoVersion
}
