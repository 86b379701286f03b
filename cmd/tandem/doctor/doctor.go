// Package doctor looks whether a store, and each engagement in it, has what it
// takes to run, and says of whatever is missing why that matters and how to mend
// it. It changes nothing.
package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// Status says how a check ended.
type Status string

// The statuses.
const (
	Well    Status = "well"
	Problem Status = "problem"
)

// Finding is what one check found.
type Finding struct {
	Status     Status `json:"status"`
	Check      string `json:"check"` // such as "store" or "channels"
	Engagement string `json:"engagement,omitempty"`
	What       string `json:"what"`
	Why        string `json:"why,omitempty"` // it matters
	Fix        string `json:"fix,omitempty"`
}

// String is the finding as one line, which shows no text from the store as
// anything but text.
func (f Finding) String() string {
	line := string(f.Status) + ": "
	if f.Engagement != "" {
		line += f.Engagement + ": "
	}
	line += f.What
	if f.Why != "" {
		line += " " + f.Why
	}
	if f.Fix != "" {
		line += " Fix: " + f.Fix
	}
	return card.Clean(line)
}

// Store is what is examined.
type Store interface {
	Schema(ctx context.Context) (have, latest int64, err error)
	QuickCheck(ctx context.Context) (faults []string, err error)
	Engagements(ctx context.Context) ([]store.EngagementSummary, error)
	Engagement(ctx context.Context, id string) (*store.Engagement, error)
	Audit(ctx context.Context, id string) ([]store.AuditEntry, error)
	VerifyAudit(ctx context.Context, id string) (store.AuditCheck, error)
	DeadDeliveries(ctx context.Context, id string) ([]store.Delivery, error)
	Identities(ctx context.Context, id string) ([]store.Identity, error)
}

// Options are what is known of the surroundings.
type Options struct {
	Path string // of the store's file
	// Size of the store's file, and Free space on its disk, in bytes; a negative
	// Free could not be found out.
	Size, Free int64
	// Platforms that are on. Without any, those count that the channels of an
	// engagement name.
	Platforms []string
	// Ask asks the platforms, once the store is known to be sound. What it finds of
	// an engagement is told with the rest of it. May be nil.
	Ask      func(ctx context.Context, tell func(Finding))
	Now      time.Time
	Progress func(done, of int) // may be nil
}

// Examine makes every check that it can and tells each finding as it comes, the
// house first and then each engagement. What fails in one check is a finding of
// it; the error is that of a context that ended.
func Examine(ctx context.Context, s Store, o Options, tell func(Finding)) error {
	x := &examination{Store: s, Options: o, tell: tell, asked: map[string][]Finding{}}
	x.zones()
	x.disk()
	if !x.schema(ctx) || !x.integrity(ctx) {
		return ctx.Err() // what is read from such a store says nothing
	}
	if x.Ask != nil {
		x.Ask(ctx, x.heard)
	}
	x.engagements(ctx)
	return ctx.Err()
}

// heard takes what the platforms said: of an engagement until its turn comes.
func (x *examination) heard(f Finding) {
	if f.Engagement == "" {
		x.tell(f)
		return
	}
	x.asked[f.Engagement] = append(x.asked[f.Engagement], f)
}

type examination struct {
	Store
	Options
	tell   func(Finding)
	id     string // of the engagement at hand
	newest time.Time
	found  int                  // problems of the engagement at hand
	asked  map[string][]Finding // what the platforms said, by engagement
}

func (x *examination) well(check, what string, args ...any) {
	x.tell(Finding{Status: Well, Check: check, Engagement: x.id, What: fmt.Sprintf(what, args...)})
}

func (x *examination) problem(check, what, why, fix string) {
	x.found++
	x.tell(Finding{Status: Problem, Check: check, Engagement: x.id, What: what, Why: why, Fix: fix})
}

// failed is a check that could not be made.
func (x *examination) failed(check string, err error) {
	x.problem(check, sentence(err), "Without it this could not be checked.", "see that the store can be read, and run doctor again")
}

// sentence shows an internal cause too: whoever runs this has to mend it.
func sentence(err error) string {
	if store.ErrorCode(err) == store.CodeInternal {
		return err.Error()
	}
	return store.ErrorMessage(err)
}

func (x *examination) zones() {
	for _, name := range []string{"America/New_York", "Asia/Kathmandu"} {
		if _, err := time.LoadLocation(name); err != nil {
			x.problem("zones", "The time zone data is missing: "+err.Error()+".",
				"No local time can be worked out.", "use a Tandem built by `make build`, which brings the data along")
			return
		}
	}
	x.well("zones", "The time zone data is there.")
}

const mebibyte = 1 << 20

// disk wants room for a backup beside the store, and for its log.
func (x *examination) disk() {
	switch needed := 2*x.Size + 100*mebibyte; {
	case x.Free < 0:
		x.well("disk", "How much space is free on the disk can't be found out here.")
	case x.Free < needed:
		x.problem("disk", fmt.Sprintf("%d MiB are free on the disk of the store, which takes %d MiB itself.", x.Free/mebibyte, x.Size/mebibyte),
			"On a full disk nothing is stored any more, and a backup beside it has no room.",
			fmt.Sprintf("free space until there are %d MiB, or move the store to a larger disk", needed/mebibyte))
	default:
		x.well("disk", "%d MiB are free on the disk of the store, which takes %d MiB.", x.Free/mebibyte, x.Size/mebibyte)
	}
}

func (x *examination) schema(ctx context.Context) bool {
	have, latest, err := x.Schema(ctx)
	switch {
	case err != nil:
		x.failed("schema", err)
		return false
	case have < latest:
		x.problem("schema", fmt.Sprintf("The store has schema %d, and this Tandem works with %d.", have, latest),
			"The rest is checked when it is up to date.",
			"make a backup (`tandem backup FILE`), then start `tandem serve` or import a file, which brings it up to date")
		return false
	}
	x.well("schema", "The schema is current (%d).", have)
	return true
}

func (x *examination) integrity(ctx context.Context) bool {
	faults, err := x.QuickCheck(ctx)
	if err != nil {
		x.failed("integrity", err)
		return false
	}
	for _, f := range faults {
		x.problem("integrity", "The store's file is damaged: "+f+".", "What it says can't be relied on.",
			"stop Tandem, keep the file and those beside it (-wal, -shm), and put the last backup in its place")
	}
	if len(faults) == 0 {
		x.well("integrity", "The store's file holds together.")
	}
	return len(faults) == 0
}

func (x *examination) engagements(ctx context.Context) {
	all, err := x.Engagements(ctx)
	if err != nil {
		x.failed("engagements", err)
		return
	}
	if len(all) == 0 {
		x.problem("engagements", "The store holds no engagement.", "There is nothing to answer from.", "store one with `tandem import FILE`")
	}
	for i, s := range all {
		if ctx.Err() != nil {
			return
		}
		if x.Progress != nil {
			x.Progress(i, len(all))
		}
		x.id, x.found = s.ID, 0
		x.engagement(ctx, &s)
		for _, f := range x.asked[s.ID] {
			if f.Status == Problem {
				x.found++
			}
			x.tell(f)
		}
		if x.found == 0 {
			x.well("engagement", "%s and %s: all is well.", s.Client, s.MSP)
		}
	}
	x.id = ""
	x.clock()
}

// slack is by how much two clocks may differ.
const slack = 5 * time.Minute

// clock compares the clock with what was written last.
func (x *examination) clock() {
	const layout = "Mon 2 Jan 2006 15:04:05 MST"
	now := x.Now.UTC()
	switch {
	case now.Year() < 2026:
		x.problem("clock", "The clock shows "+now.Format(layout)+", when there was no Tandem yet.",
			"Everything would come due at the wrong time.", "set the machine's clock, and let NTP keep it")
	case x.newest.Sub(now) > slack:
		x.problem("clock", fmt.Sprintf("The clock shows %s, and the store holds something written at %s.", now.Format(layout), x.newest.UTC().Format(layout)),
			"Either the clock is behind now or it was ahead then; things come due twice or too late.", "set the machine's clock, and let NTP keep it")
	default:
		x.well("clock", "The clock shows %s, after everything that is stored.", now.Format(layout))
	}
}
