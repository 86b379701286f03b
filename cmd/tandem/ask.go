package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
file (--engagement FILE), from the store, or, where there is no store yet, from
the sample engagement that Tandem brings along.`,
		Example: `  tandem ask "who owns password resets?"
  tandem ask outlook keeps asking me for a code --at 2026-11-20T23:12:00-05:00
  tandem ask --engagement harbor.yaml --json "who runs the VPN"
  tandem ask --batch questions.jsonl > answers.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.batch != "" && len(args) > 0 {
				return usagef("--batch takes its questions from the file; leave out %q", args[0])
			}
			if f.batch == "" && len(args) == 0 {
				return usagef("what is the question? For example: tandem ask \"who owns password resets?\"")
			}
			desk, err := a.desk(cmd.Context(), f.engagement)
			if err != nil {
				return err
			}
			if f.batch != "" {
				return a.askBatch(cmd.Context(), desk, f.batch)
			}
			return a.askOne(desk, strings.Join(args, " "), f)
		},
	}
	cmd.Flags().StringVarP(&f.engagement, "engagement", "e", "", "an engagement file, or the id of a stored engagement")
	cmd.Flags().StringVar(&f.at, "at", "", "the instant to answer for, such as 2026-11-20T23:12:00-05:00, or a local time such as 2026-11-20T23:12 (default: now)")
	cmd.Flags().StringVar(&f.batch, "batch", "", `a JSON Lines file of {"id","q","at"}, - for standard input; one JSON answer a line`)
	cmd.Flags().BoolVar(&f.json, "json", false, "print the answer as one JSON object")
	cmd.Flags().BoolVar(&f.why, "why", false, "say which words matched")
	return cmd
}

// desk returns the engagement to ask: a file's, a stored one, or the sample.
func (a *app) desk(ctx context.Context, name string) (*commands.Desk, error) {
	if isFile(name) && name != "" {
		e, _, err := a.goodFile(name)
		if err != nil {
			return nil, err
		}
		return commands.NewDesk(e, nil)
	}
	if _, err := os.Stat(a.path()); os.IsNotExist(err) && name == "" {
		return a.sampleDesk()
	}
	db, err := a.open(ctx, true)
	if err != nil {
		return nil, err
	}
	defer db.Close()
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
	var absences []store.Absence
	for _, r := range recorded {
		absences = append(absences, r.Absence)
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
	fmt.Fprintf(a.stderr, "(no store yet: asking the sample engagement, %s with %s)\n\n", e.Client, e.MSP)
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

// maxBatchLine bounds a line of a batch, in bytes.
const maxBatchLine = 1 << 20

// asked is a line of a batch. Other keys, such as labels, are ignored.
type asked struct {
	ID json.RawMessage `json:"id"`
	Q  string          `json:"q"`
	At string          `json:"at"`
}

// askBatch answers a file of questions, one a line. A line that cannot be read
// is told and left out; the rest goes on, and the exit status is 1.
func (a *app) askBatch(ctx context.Context, desk *commands.Desk, path string) error {
	in := a.stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return openError(path, err)
		}
		defer file.Close()
		in = file
	}
	out := bufio.NewWriter(a.stdout)
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, maxBatchLine)
	bad := 0
	line := 0
	for scan.Scan() {
		if err := ctx.Err(); err != nil {
			return errors.Join(out.Flush(), err)
		}
		line++
		if len(bytes.TrimSpace(scan.Bytes())) == 0 {
			continue
		}
		answer, err := a.batchLine(desk, scan.Bytes())
		if err != nil {
			fmt.Fprintf(a.stderr, "tandem: %s:%d: %v; the line was left out\n", path, line, err)
			bad++
			continue
		}
		if err := encode(out, answer); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if err := scan.Err(); err != nil {
		return store.Errorf(store.CodeInvalid, "%s:%d: %w; the lines before it were answered", path, line+1, err)
	}
	if bad > 0 {
		return status(exitFailed)
	}
	return nil
}

func (a *app) batchLine(desk *commands.Desk, raw []byte) (any, error) {
	var q asked
	if err := json.Unmarshal(bytes.TrimPrefix(raw, []byte("\ufeff")), &q); err != nil {
		return nil, fmt.Errorf("not a JSON object with id, q and at (%w)", err)
	}
	at, err := a.instant(q.At, desk.Location())
	if err != nil {
		return nil, err
	}
	return struct {
		ID json.RawMessage `json:"id,omitempty"`
		commands.Answer
	}{q.ID, desk.Ask(q.Q, at)}, nil
}

func sampleText(name string) ([]byte, error) { return sample.FS.ReadFile(name) }
