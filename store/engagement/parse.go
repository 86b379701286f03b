// Package engagement reads and writes the engagement file, format tandem/v1:
// text to records with every problem told by line and column, records to the
// one canonical text, and the differences between two versions in words.
package engagement

import (
	"fmt"
	"io"

	"github.com/tandem-bot/tandem/store"
)

// Options are what reading needs from outside. The zero Options skip the
// checks that need them.
type Options struct {
	// Today is the day in the engagement's zone from which dates count as past.
	Today store.Date
	// KnownHolidays returns an error that says what would be right if there is
	// no holiday calendar of that name.
	KnownHolidays func(name string) error
}

// Parse reads an engagement file. The engagement is nil if the report has an
// error. The name is used in messages only. Whatever the bytes are, Parse
// returns in bounded time and does not panic.
func Parse(name string, data []byte, o Options) (e *store.Engagement, r Report) {
	defer func() {
		if cause := recover(); cause != nil {
			e, r = nil, internalReport(name, cause)
		}
	}()
	found := &collector{}
	e = parse(found, data, o)
	if found.failed {
		e = nil
	}
	return e, found.report(name)
}

// Read is Parse over a reader. It reads no more than the largest file allowed
// and one byte. An error of the reader itself is returned as unavailable.
func Read(name string, in io.Reader, o Options) (*store.Engagement, Report, error) {
	data, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	if err != nil {
		return nil, Report{Name: name}, store.Errorf(store.CodeUnavailable,
			"%s could not be read, so nothing was changed: %w", name, err)
	}
	e, r := Parse(name, data, o)
	return e, r, nil
}

func parse(found *collector, data []byte, o Options) *store.Engagement {
	text, ok := clean(found, data)
	if !ok {
		return nil
	}
	root, ok := parseYAML(found, text)
	if !ok {
		return nil
	}
	e, unread, ok := decode(found, root)
	if !ok {
		return nil
	}
	check(found, root, e, unread, o)
	return e
}

// internalReport says that reading failed through a fault of Tandem.
func internalReport(name string, cause any) Report {
	return Report{Name: name, Problems: []Problem{{Problem: store.Problem{
		Message: fmt.Sprintf("Tandem failed to read this file (%v)", cause),
		Hint:    "nothing was changed; please report it with the file",
	}}}}
}
