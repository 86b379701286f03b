package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/cmd/tandem/simulate"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// fillWithStory plays a story up to now and makes it the demo's store. It plays in
// memory, so that a play that is stopped leaves what is there as it was.
func (a *app) fillWithStory(ctx context.Context, path string, f demoFlags) (err error) {
	script, err := simulate.Story(f.story)
	if err != nil {
		return err
	}
	if err := a.mayFill(ctx, path, f); err != nil {
		return err
	}
	e, err := a.fileOrSample(sampleWord)
	if err != nil {
		return err
	}
	cal, err := calendar.New(e, nil)
	if err != nil {
		return err
	}
	now := a.now()
	first := monday(store.DateOf(now.In(cal.Location())).AddDays(-script.Days))
	simulate.Shift(e, script.From.DaysUntil(first))

	db, err := sqlite.Open(ctx, sqlite.Memory, sqlite.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	o := newOffice(db, a.quietLog())
	t, err := a.play(ctx, o, e, script, cal.Instant(first, dayBegins), now, func(p *simulate.Play) (simulate.Stage, error) {
		return webStage(ctx, o, p)
	})
	if err != nil {
		return err
	}
	if err := discard(path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := db.Backup(ctx, path); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Played: %s. %s\nFrom %s until now, Tandem posted %d messages and people did %d things.\n\n",
		script.Name, script.About, t.From.Format("2 January 2006"), t.Summary.Posted, t.Summary.Done)
	return nil
}

// mayFill refuses to play over a store in which something is, unless it is to
// be thrown away.
func (a *app) mayFill(ctx context.Context, path string, f demoFlags) (err error) {
	if _, err := os.Stat(path); f.fresh || os.IsNotExist(err) {
		return nil
	}
	db, err := sqlite.Open(ctx, path, sqlite.Options{BusyTimeout: a.patience})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	there, err := db.Engagements(ctx)
	if err != nil || len(there) == 0 {
		return err
	}
	return store.Errorf(store.CodeConflict,
		"The demo's store holds %s already, and a story begins with an empty one. Nothing was changed. "+
			"`tandem demo --fresh --story %s` throws away what is there; --data FOLDER uses another store", there[0].ID, f.story)
}

// monday is the Monday on or before a day, on which stories begin.
func monday(d store.Date) store.Date {
	return d.AddDays(-(int(d.Weekday()) + 6) % 7)
}

// webStage is the browser's chat, with the play's clock.
func webStage(ctx context.Context, o *office, p *simulate.Play) (simulate.Stage, error) {
	clock, err := web.OpenClock(ctx, o.db, func() time.Time { return p.Now() })
	if err != nil {
		return nil, err
	}
	return web.New(ctx, web.Options{
		Engagements: newGuests(o.db).all, Handler: o.Router, Transcript: o.db, Settings: o.db, Clock: clock, Random: rand.Reader, Log: o.log,
	})
}
