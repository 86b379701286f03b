package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
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
	here := *w
	out := &watched{Writer: w.stdout}
	here.stdout = out
	a := &app{world: &here}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(here.stdin)
	root.SetOut(here.stdout)
	root.SetErr(here.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = out.failed
	}
	return a.exit(err, root.Annotations[started] != "")
}

// exit tells an error and returns its exit status. What fails before a command
// started is cobra's own about the command line.
func (a *app) exit(err error, started bool) int {
	var s status
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &usage), !started:
		fmt.Fprintln(a.stderr, a.complaint(err.Error()))
		fmt.Fprintln(a.stderr, "Run `tandem help` for the commands, or `tandem COMMAND --help` for one of them.")
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(a.stderr, a.complaint("stopped; what was finished before is kept"))
	default:
		fmt.Fprintln(a.stderr, a.complaint(sentence(err)))
	}
	return exitFailed
}

// watched remembers that a write failed, as on a full disk, so that an answer
// that nobody got is no success.
type watched struct {
	io.Writer
	failed error
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil && w.failed == nil {
		w.failed = store.Errorf(store.CodeUnavailable, "The output could not be written whole: %w.", err)
	}
	return n, err
}

// sentence is what the person at the terminal is told. Unlike chat, the
// command line shows an internal cause: whoever runs it has to mend it.
func sentence(err error) string {
	if store.ErrorCode(err) == store.CodeInternal {
		return err.Error()
	}
	return store.ErrorMessage(err)
}

// started marks a root whose command began to run.
const started = "started"

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tandem",
		Short: "Who owns what, in a co-managed IT engagement",
		Long: `Tandem answers who owns what between a client's own IT team and its managed
service provider, from the responsibility matrix that both signed: the name, who
leads right now, and until when.

Exit status: 0 well, 1 failed, 2 wrong usage, 3 found problems: in an engagement
file, a configuration, the audit log, by doctor, or people whom nothing reaches.`,
		Example: `  tandem ask "who owns password resets?"
  tandem validate harbor.yaml
  tandem import harbor.yaml`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Annotations:   map[string]string{},
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentPreRun = func(*cobra.Command, []string) { root.Annotations[started] = "yes" }
	root.PersistentFlags().StringVar(&a.storePath, "store", "", "the store's file (default: $TANDEM_STORE, or tandem.db in a folder of the user's data)")
	_ = root.MarkPersistentFlagFilename("store", "db") // fails only for a flag that is not there
	root.AddCommand(
		a.askCommand(), a.validateCommand(), a.lintCommand(), a.importCommand(), a.exportCommand(),
		a.demoCommand(), a.chatCommand(), a.diffCommand(), a.engagementsCommand(), a.conversationsCommand(), a.peopleCommand(), a.awayCommand(), a.scheduleCommand(), a.simulateCommand(),
		a.driftCommand(), a.acksCommand(), a.auditCommand(), a.serveCommand(), a.doctorCommand(), a.manifestCommand(), a.evalCommand(), a.backupCommand(), a.versionCommand(),
	)
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = func(_ *cobra.Command, args []string) error {
			if about, _, err := root.Find(args); err == nil && about != root {
				return nil
			}
			return noSuchCommand(root, args)
		}
	}
	return root
}

// noSuchCommand is the refusal of a first word that is no command: a slip, or
// a question without its verb.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(args) == 1 && len(near) > 0 {
		return usagef("unknown command %q; did you mean %q?", args[0], near[0])
	}
	return usagef("unknown command %q; to ask, write: tandem ask %q", args[0], strings.Join(args, " "))
}

// wants counts the arguments, and says which are missing by their names.
func wants(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		_, names, _ := strings.Cut(cmd.Use, " ")
		switch {
		case len(args) < least:
			return usagef("%s wants %s", cmd.Name(), names)
		case len(args) > most && most == 0:
			return usagef("%s takes nothing more; what is %q?", cmd.Name(), args[0])
		case len(args) > most:
			return usagef("%s wants %s; what is %q?", cmd.Name(), names, args[most])
		}
		return nil
	}
}

// anyNumber is for a command that takes a list.
const anyNumber = math.MaxInt

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

// importing is the command that makes the store where path says.
func (a *app) importing() string {
	if a.storePath == "" {
		return "`tandem import FILE`"
	}
	return "`tandem import FILE --store " + a.storePath + "`"
}

// storeNamed reports whether the person said where the store is.
func (a *app) storeNamed() bool { return a.storePath != "" || a.getenv("TANDEM_STORE") != "" }

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
