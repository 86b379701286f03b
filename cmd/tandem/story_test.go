package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/bottest/story"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/bot/console/consoletest"
	"github.com/tandem-bot/tandem/bot/slack/slackharness"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/bot/web/webtest"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/sqlite"
)

var update = flag.Bool("update", false, "write what `screen` prints into the stories")

// storyDay is when a story begins, unless it says otherwise: a Friday morning.
const storyDay = "2026-11-20T09:30:00-05:00"

// TestChatStories tells each story of testdata/story on every platform that needs
// no account, through the router and over a real store.
func TestChatStories(t *testing.T) {
	for name, open := range map[string]opener{
		"console": func(tb testing.TB, w *bottest.World, _ *office) bottest.Harness {
			tb.Helper()
			return consoletest.Open(tb, *w)
		},
		// In memory, where the store takes it for the console.
		"fake": func(tb testing.TB, w *bottest.World, _ *office) bottest.Harness {
			tb.Helper()
			return bottest.NewFake("console", *w)
		},
		"slack": func(tb testing.TB, w *bottest.World, _ *office) bottest.Harness {
			tb.Helper()
			return slackharness.Open(tb, *w)
		},
		"web": openPage,
	} {
		t.Run(name, func(t *testing.T) {
			story.Run(t, story.Params{
				Dir: filepath.Join("testdata", "story"), Platform: name, Update: *update,
				Open: func(tb testing.TB, dir string) story.Stage {
					tb.Helper()
					return stage(tb, dir, open)
				},
			})
		})
	}
}

// opener starts a platform over a world. It may put a clock of its own there.
type opener func(tb testing.TB, w *bottest.World, o *office) bottest.Harness

// openPage opens the chat in the browser as the demo does: over the store, with
// the clock that is moved on the page.
func openPage(tb testing.TB, w *bottest.World, o *office) bottest.Harness {
	tb.Helper()
	page := webtest.OpenWith(tb, *w, func(options *web.Options) {
		options.Engagements, options.Transcript, options.Settings = newGuests(o.db).all, o.db, o.db
		options.Stops, options.Moved = o.stops, func(ctx context.Context, now time.Time) {
			if err := o.sweep(ctx, now); err != nil {
				tb.Error(err)
			}
		}
	})
	w.Clock = page
	return page
}

// stage imports the engagement files of a story, or the sample, and opens a
// platform over them.
func stage(tb testing.TB, dir string, open opener) story.Stage {
	tb.Helper()
	at, err := time.Parse(time.RFC3339, storyDay)
	if err != nil {
		tb.Fatal(err)
	}
	db, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "tandem.db"), sqlite.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	o := newOffice(db, slog.New(slog.NewTextHandler(tb.Output(), nil)))
	w := bottest.World{Engagements: storyEngagements(tb, dir), Clock: clock.At(at, o.stops, o.sweep), Handler: o}
	slackharness.Identify(w.Engagements...)
	for _, e := range w.Engagements {
		if _, err := db.ImportEngagement(tb.Context(), e, "the story", at.AddDate(0, 0, -1)); err != nil {
			tb.Fatal(err)
		}
	}
	h := open(tb, &w, o)
	o.keep(w.Clock.Now, h.Platform())
	o.after = func(ctx context.Context, at time.Time) {
		if err := o.sweep(ctx, at); err != nil {
			tb.Error(err)
		}
	}
	if err := o.sweep(tb.Context(), at); err != nil {
		tb.Fatal(err)
	}
	return story.Stage{World: w, Harness: h}
}

func storyEngagements(tb testing.TB, dir string) []*store.Engagement {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	read := func(name string, data []byte, err error) *store.Engagement {
		if err != nil {
			tb.Fatal(err)
		}
		e, report := engagement.Parse(name, data, engagement.Options{})
		if err := report.Err(); err != nil {
			tb.Fatal(err)
		}
		return e
	}
	if len(files) == 0 {
		data, err := sampleText(sampleFile)
		return []*store.Engagement{read(sampleFile, data, err)}
	}
	var out []*store.Engagement
	for _, file := range files {
		data, err := os.ReadFile(file)
		out = append(out, read(filepath.Base(file), data, err))
	}
	return out
}
