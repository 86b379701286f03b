package commands

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
)

// readEngagement reads an engagement of testdata, afresh each time, so that a
// test may change it.
func readEngagement(tb testing.TB, name string) *store.Engagement {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return parse(tb, name, data)
}

func readSample(tb testing.TB, name string) *store.Engagement {
	tb.Helper()
	data, err := sample.FS.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return parse(tb, name, data)
}

func parse(tb testing.TB, name string, data []byte) *store.Engagement {
	tb.Helper()
	e, report := engagement.Parse(name, data, engagement.Options{})
	if err := report.Err(); err != nil {
		tb.Fatal(err)
	}
	return e
}

// brewery is the engagement of testdata with a change.
func brewery(tb testing.TB, change func(*store.Engagement)) *store.Engagement {
	tb.Helper()
	e := readEngagement(tb, "stonefly.yaml")
	if change != nil {
		change(e)
	}
	return e
}

func desk(tb testing.TB, e *store.Engagement, away ...store.Absence) *Desk {
	tb.Helper()
	d, err := NewDesk(e, away)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// The instants of most tests: a Tuesday morning, and the evening before
// Thanksgiving, which both are in the week of Ravi's turn on call.
const (
	tuesday = "2026-11-24T10:00:00-07:00"
	evening = "2026-11-25T18:30:00-07:00"
)

func instantOf(tb testing.TB, text string) time.Time {
	tb.Helper()
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func dateOf(tb testing.TB, text string) store.Date {
	tb.Helper()
	d, err := store.ParseDate(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func absence(tb testing.TB, person, from, to, cover string) store.Absence {
	tb.Helper()
	return store.Absence{Person: person, From: dateOf(tb, from), To: dateOf(tb, to), Cover: cover}
}
