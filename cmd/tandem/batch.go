package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/store"
)

// maxLine bounds a line of a JSON Lines file, in bytes.
const maxLine = 1 << 20

// eachLine hands on the lines of a JSON Lines file that are not blank, with
// their numbers. "-" is standard input. A byte order mark is passed over.
func (a *app) eachLine(ctx context.Context, path string, use func(number int, line []byte) error) error {
	in := a.stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return openError(path, err)
		}
		defer closeRead(file)
		in = file
	}
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, maxLine)
	number := 1
	for ; scan.Scan(); number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		line := bytes.TrimSpace(bytes.TrimPrefix(scan.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		if err := use(number, line); err != nil {
			return err
		}
	}
	switch err := scan.Err(); {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, bufio.ErrTooLong):
		return store.Errorf(store.CodeInvalid, "%s:%d: the line is longer than %d KiB; nothing from there on was read", path, number, maxLine>>10)
	case err != nil:
		return store.Errorf(store.CodeUnavailable, "%s:%d: %w; nothing from there on was read", path, number, err)
	}
	return nil
}

// asked is a line of a batch. Other keys, such as labels, are ignored.
type asked struct {
	ID json.RawMessage `json:"id"`
	Q  string          `json:"q"`
	At string          `json:"at"`
}

// replied is a line of the output.
type replied struct {
	ID json.RawMessage `json:"id,omitempty"`
	commands.Answer
}

// askBatch answers a file of questions, one a line. A line that cannot be read
// is told and left out; the rest goes on, and the exit status is 1.
func (a *app) askBatch(ctx context.Context, desk *commands.Desk, f askFlags) error {
	at, err := a.instant(f.at, desk.Location())
	if err != nil {
		return usageError{err}
	}
	out := bufio.NewWriter(a.stdout)
	progress := a.progress("answered", 0)
	answered, bad := 0, 0
	err = a.eachLine(ctx, f.batch, func(number int, line []byte) error {
		reply, err := a.reply(desk, line, at)
		if err != nil {
			progress.clear()
			fmt.Fprintln(a.stderr, a.complaint(fmt.Sprintf("%s:%d: %v; the line was left out", f.batch, number, err)))
			bad++
			return nil
		}
		if answered++; !a.terminal {
			progress.at(answered)
		}
		return encode(out, reply)
	})
	progress.clear()
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if bad > 0 {
		return status(exitFailed)
	}
	return nil
}

func (a *app) reply(desk *commands.Desk, line []byte, at time.Time) (replied, error) {
	var q asked
	if err := json.Unmarshal(line, &q); err != nil {
		return replied{}, fmt.Errorf("not a JSON object with id, q and at (%w)", err)
	}
	if q.At != "" {
		var err error
		if at, err = a.instant(q.At, desk.Location()); err != nil {
			return replied{}, err
		}
	}
	return replied{q.ID, desk.Ask(q.Q, at)}, nil
}
