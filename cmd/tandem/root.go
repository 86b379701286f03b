package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/store"
)

// app is one run of the program: the world and the flags that every command has.
type app struct {
	*world
	storePath string
}

// status is an error that carries an exit status and has been told already.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageError is a command line that cannot be meant.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run executes the command line and returns the exit status.
func run(ctx context.Context, w *world, args []string) int {
	a := &app{world: w}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(w.stdin)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	err := root.ExecuteContext(ctx)
	var s status
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &usage), !a.started(root):
		fmt.Fprintf(w.stderr, "tandem: %v\n", err)
		fmt.Fprintln(w.stderr, "Run `tandem help` for the commands, or `tandem COMMAND --help` for one of them.")
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w.stderr, "tandem: stopped; what was finished before is kept")
		return exitFailed
	}
	fmt.Fprintln(w.stderr, "tandem: "+sentence(err))
	return exitFailed
}

// sentence is what the person at the terminal is told. Unlike chat, the
// command line shows an internal cause: whoever runs it has to mend it.
func sentence(err error) string {
	if store.ErrorCode(err) == store.CodeInternal {
		return err.Error()
	}
	return store.ErrorMessage(err)
}

// started reports whether a command began to run; an error before that is
// cobra's own about the command line.
func (a *app) started(root *cobra.Command) bool { return root.Annotations["started"] != "" }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tandem",
		Short: "Who owns what, in a co-managed IT engagement",
		Long: `Tandem answers who owns what between a client's own IT team and its managed
service provider, from the responsibility matrix that both signed: the name, who
leads right now, and until when.

Exit status: 0 well, 1 failed, 2 wrong usage, 3 found problems (validate, lint, eval).`,
		Example: `  tandem ask "who owns password resets?"
  tandem validate harbor.yaml
  tandem import harbor.yaml`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Annotations:   map[string]string{},
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentPreRun = func(*cobra.Command, []string) { root.Annotations["started"] = "yes" }
	root.PersistentFlags().StringVar(&a.storePath, "store", "", "the store's file (default: $TANDEM_STORE, or tandem.db in a folder of the user's data)")
	root.AddCommand(
		a.askCommand(), a.validateCommand(), a.lintCommand(), a.importCommand(), a.exportCommand(),
		a.diffCommand(), a.engagementsCommand(), a.awayCommand(), a.evalCommand(), a.backupCommand(), a.versionCommand(),
	)
	return root
}

// path returns where the store is.
func (a *app) path() string {
	if a.storePath != "" {
		return a.storePath
	}
	if p := a.getenv("TANDEM_STORE"); p != "" {
		return p
	}
	return filepath.Join(a.dataFolder(), "tandem.db")
}

// dataFolder is the user's data folder by the habit of the system: the XDG
// base directory on Unix, Application Support on macOS, AppData on Windows.
func (a *app) dataFolder() string {
	home := a.getenv("HOME")
	switch runtime.GOOS {
	case "windows":
		return filepath.Join(a.getenv("LOCALAPPDATA"), "Tandem")
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Tandem")
	}
	if xdg := a.getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "tandem")
	}
	return filepath.Join(home, ".local", "share", "tandem")
}

// bold marks a text on a terminal and leaves it alone elsewhere.
func (a *app) bold(text string) string {
	if !a.color || text == "" {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}

// heading prints a card's text with its first line bold on a terminal.
func (a *app) heading(text string) string {
	first, rest, ok := strings.Cut(text, "\n")
	if !ok {
		return a.bold(first)
	}
	return a.bold(first) + "\n" + rest
}
