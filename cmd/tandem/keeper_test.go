package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// keeperFile is an engagement with a standup every day and a report every week.
const keeperFile = `format: tandem/v1
engagement: {id: keeper, client: Keeper Co, msp: Big IT, time_zone: America/New_York}
people:
  - {id: ana, name: Ana Ruiz, side: internal, roles: [internal-lead]}
  - {id: bo, name: Bo Lind, side: msp, roles: [msp-lead]}
  - {id: cy, name: Cy Park, side: msp, roles: [engineer]}
channels: {coordination: {slack: C0KEEPER1}, managers: {slack: C0KEEPER2}}
matrix:
  functions:
    - {id: vpn, name: VPN, owner: internal, accountable: ana, support: msp, escalation: [ana]}
cadences:
  - {id: daily, name: Daily standup, kind: standup, schedule: "0 9 * * MON-FRI", channel: coordination, owner: ana, expects: [ana, bo], grace: 4h}
  - {id: weekly, name: Weekly report, kind: report, schedule: "0 15 * * THU", channel: coordination, owner: bo, expects: [bo], remind: [1d], grace: 1bd}
`

const (
	keeperBegin = "2026-03-02T00:00:00-05:00" // a Monday; the clocks change on its way
	keeperDays  = 45
	keeperAt    = "keeper.at" // the setting that holds how far the clock has gone
)

// keeper is a process that keeps the rhythm over a store, with a remote service
// of its own store that refuses, fails and loses answers. It says what it was
// told was recorded, and is killed by its parent, again and again.
type keeper struct {
	*office
	remote *sqlite.DB
	now    time.Time
	dice   *dice
}

// dice are random numbers for several goroutines.
type dice struct {
	mu sync.Mutex
	r  *mathrand.Rand
}

// Float64 returns a number from 0 to below 1.
func (d *dice) Float64() float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.Float64()
}

// IntN returns a number from 0 to below n.
func (d *dice) IntN(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

// runAsKeeper is the process: keeper STORE REMOTE SEED [follow].
func runAsKeeper() {
	if err := keepOn(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("done")
}

func keepOn(ctx context.Context, path, remotePath, seed string) error {
	n, err := strconv.ParseUint(seed, 10, 64)
	if err != nil {
		return err
	}
	k := &keeper{dice: &dice{r: mathrand.New(mathrand.NewPCG(n, 1))}}
	db, err := sqlite.Open(ctx, path, sqlite.Options{BusyTimeout: 20 * time.Second})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if k.remote, err = sqlite.Open(ctx, remotePath, sqlite.Options{BusyTimeout: 20 * time.Second}); err != nil {
		return err
	}
	defer func() { _ = k.remote.Close() }()
	if err := k.open(ctx, db); err != nil {
		return err
	}
	if len(os.Args) > 4 {
		return k.follow(ctx, os.Stdin)
	}
	return k.live(ctx)
}

func (k *keeper) open(ctx context.Context, db *sqlite.DB) error {
	begin, err := time.Parse(time.RFC3339, keeperBegin)
	if err != nil {
		return err
	}
	e, report := engagement.Parse("keeper.yaml", []byte(keeperFile), engagement.Options{})
	if err := report.Err(); err != nil {
		return err
	}
	if _, err := db.ImportEngagement(ctx, e, "ana", begin); err != nil {
		return err
	}
	k.now = begin
	if at, err := k.remote.WebSetting(ctx, keeperAt); err != nil {
		return err
	} else if at != "" {
		if k.now, err = time.Parse(time.RFC3339, at); err != nil {
			return err
		}
	}
	quiet := slog.New(slog.DiscardHandler)
	k.office = newOffice(db, quiet)
	clock, err := web.OpenClock(ctx, k.remote, func() time.Time { return k.now })
	if err != nil {
		return err
	}
	w, err := web.New(ctx, web.Options{
		Engagements: newGuests(db).all, Handler: k.Router, Transcript: k.remote, Settings: k.remote, Clock: clock, Random: rand.Reader, Log: quiet,
		Faults: &web.Faults{Rate429: 0.03, Rate500: 0.02, Lost: 0.03, After: 20 * time.Second, Rand: k.dice.Float64},
	})
	if err != nil {
		return err
	}
	k.sweeper = scheduler.New(scheduler.Options{
		Store: db, Platforms: []bot.Platform{w}, Owner: rand.Text(), Rand: k.dice.Float64, Log: quiet,
	})
	return nil
}

// live goes on until the last day is over, never further than an hour at once.
func (k *keeper) live(ctx context.Context) error {
	begin, err := time.Parse(time.RFC3339, keeperBegin)
	if err != nil {
		return err
	}
	end := begin.AddDate(0, 0, keeperDays)
	for k.now.Before(end) {
		if err := k.sweep(ctx, k.now); err != nil {
			return err
		}
		if err := k.people(ctx); err != nil {
			return err
		}
		next, err := k.db.NextDue(ctx)
		if err != nil {
			return err
		}
		if latest := k.now.Add(time.Hour); next.IsZero() || next.After(latest) {
			next = latest
		}
		if soonest := k.now.Add(time.Second); next.Before(soonest) {
			next = soonest
		}
		k.now = next
		if err := k.remote.SetWebSetting(ctx, keeperAt, next.Format(time.RFC3339)); err != nil {
			return err
		}
		fmt.Println("at", next.UTC().Format(time.RFC3339))
	}
	return nil
}

// people announce something now and then, and acknowledge what waits for them.
func (k *keeper) people(ctx context.Context) error {
	if k.dice.IntN(40) == 0 {
		_, err := k.db.RequestAcknowledgement(ctx, "keeper", store.AckRequest{
			What: store.AckAnnouncement, Title: "Announcement of " + k.now.Format("2 Jan 15:04"), Mode: store.AckEach,
			Asked: []string{"ana", "bo", "cy"}, By: "ana", At: k.now,
		}, k.now)
		if err != nil {
			return err
		}
	}
	open, err := k.db.Acknowledgements(ctx, "keeper", store.AckFilter{Open: true})
	if err != nil {
		return err
	}
	for i := range open {
		if k.now.Sub(open[i].At) < 10*time.Minute { // nobody can have seen it
			continue
		}
		for _, person := range open[i].Missing() {
			if k.dice.IntN(6) > 0 {
				continue
			}
			reply, _ := k.Handle(ctx, bot.Event{
				Platform: web.Platform, ID: rand.Text(), User: "keeper/" + person, At: k.now, Say: "ack " + strconv.Itoa(open[i].ID),
			})
			if strings.HasPrefix(reply.Card.Plain(), "Acknowledged") {
				fmt.Println("recorded", open[i].ID, person)
			}
		}
	}
	return nil
}
