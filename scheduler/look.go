package scheduler

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/scheduler/drift"
	"github.com/tandem-bot/tandem/store"
)

// Look finds the drift of an engagement at the instant, by what is stored of it
// now: what is found, and what is open from before and would not be closed yet.
// Nothing is written or told.
func Look(ctx context.Context, s Store, id string, now time.Time) ([]store.OpenFinding, error) {
	loaded, err := New(Options{Store: s}).load(ctx, id, now)
	if err != nil {
		return nil, err
	}
	p := newPlanner(loaded)
	for i := range p.Prepared.cadences {
		p.materialise(&p.Prepared.cadences[i]) // or a new engagement would have no next date
	}
	in := p.driftInput()
	open, _ := drift.Step(&in, p.Rhythm.Findings, drift.Detect(&in, p.now), p.now)
	return open, nil
}
