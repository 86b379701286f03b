package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// sampleFile is asked where nobody named another engagement and none is stored.
const sampleFile = "harbor-legal.yaml"

type askFlags struct {
	engagement string
	at         string
	batch      string
	json       bool
	why        bool
}

func (a *app) askCommand() *cobra.Command {
	var f askFlags
	cmd := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "Ask who owns something",
		Long: `Ask who owns something, in your own words. The answer comes from an engagement
file (--engagement FILE), from the store, or, where nothing is stored yet, from
the sample engagement that Tandem brings along.`,
		Example: `  tandem ask "who owns password resets?"
  tandem ask outlook keeps asking me for a code --at 2026-11-20T23:12:00-05:00
  tandem ask --engagement harbor.yaml --json "who runs the VPN"
  tandem ask --batch questions.jsonl > answers.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.ask(cmd.Context(), args, f) },
	}
	cmd.Flags().StringVarP(&f.engagement, "engagement", "e", "", "an engagement file, or the id of a stored engagement")
	_ = cmd.RegisterFlagCompletionFunc("engagement", a.completeIDs(anyNumber, cobra.ShellCompDirectiveDefault)) // fails only for a flag that is not there
	cmd.Flags().StringVar(&f.at, "at", "", "the instant to answer for, such as 2026-11-20T23:12:00-05:00, or a local time such as 2026-11-20T23:12 (default: now)")
	cmd.Flags().StringVar(&f.batch, "batch", "", `a JSON Lines file of {"id","q","at"}, - for standard input; one JSON answer a line (a line without "at" is answered for --at, or now)`)
	cmd.Flags().BoolVar(&f.json, "json", false, "print the answer as one JSON object")
	cmd.Flags().BoolVar(&f.why, "why", false, "say which words matched")
	return cmd
}

func (a *app) ask(ctx context.Context, words []string, f askFlags) error {
	if f.batch != "" && len(words) > 0 {
		return usagef("--batch takes its questions from the file; leave out %q", words[0])
	}
	if f.batch == "" && len(words) == 0 {
		return usagef("what is the question? For example: tandem ask \"who owns password resets?\"")
	}
	desk, err := a.desk(ctx, f.engagement)
	if err != nil {
		return err
	}
	if f.batch != "" {
		return a.askBatch(ctx, desk, f)
	}
	return a.askOne(desk, strings.Join(words, " "), f)
}

// desk returns the engagement to ask: a file's, a stored one, or the sample
// where there is no store, or nothing in it, and nobody named one.
func (a *app) desk(ctx context.Context, name string) (desk *commands.Desk, err error) {
	if name != "" && isFile(name) {
		e, err := a.goodFile(name)
		if err != nil {
			return nil, err
		}
		return commands.NewDesk(e, nil)
	}
	if _, err := os.Stat(a.path()); os.IsNotExist(err) && name == "" && !a.storeNamed() {
		return a.sampleDesk()
	}
	empty := false
	err = a.withStore(ctx, true, func(db *sqlite.DB) error {
		all, err := db.Engagements(ctx)
		if empty = err == nil && len(all) == 0 && name == "" && !a.storeNamed(); empty || err != nil {
			return err
		}
		desk, err = a.storedDesk(ctx, db, name)
		return err
	})
	if empty {
		return a.sampleDesk()
	}
	return desk, err
}

func (a *app) storedDesk(ctx context.Context, db *sqlite.DB, name string) (*commands.Desk, error) {
	id, err := a.only(ctx, db, name)
	if err != nil {
		return nil, err
	}
	e, err := db.Engagement(ctx, id)
	if err != nil {
		return nil, err
	}
	recorded, err := db.Absences(ctx, id, store.DateOf(a.now()).AddDays(-1))
	if err != nil {
		return nil, err
	}
	absences := make([]store.Absence, len(recorded))
	for i, r := range recorded {
		absences[i] = r.Absence
	}
	return commands.NewDesk(e, absences)
}

func (a *app) sampleDesk() (*commands.Desk, error) {
	data, err := sampleText(sampleFile)
	if err != nil {
		return nil, err
	}
	e, report := engagement.Parse(sampleFile, data, engagement.Options{})
	if err := report.Err(); err != nil {
		return nil, err
	}
	fmt.Fprintf(a.stderr, "(nothing is stored yet: asking the sample engagement, %s with %s)\n\n", e.Client, e.MSP)
	return commands.NewDesk(e, nil)
}

func (a *app) askOne(desk *commands.Desk, question string, f askFlags) error {
	at, err := a.instant(f.at, desk.Location())
	if err != nil {
		return usageError{err}
	}
	answer := desk.Ask(question, at)
	if f.json {
		return encode(a.stdout, answer)
	}
	fmt.Fprintln(a.stdout, a.heading(answer.Text))
	if f.why {
		fmt.Fprintln(a.stdout, "\n"+answer.Why())
	}
	return nil
}

// instant reads a time with an offset, or a local one in the zone; "" is now.
func (a *app) instant(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return a.now(), nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not an instant; write 2026-11-20T23:12:00-05:00, or 2026-11-20T23:12 for local time", text)
}

func encode(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func sampleText(name string) ([]byte, error) { return sample.FS.ReadFile(name) }
