package scheduler

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/scheduler/drift"
	"github.com/tandem-bot/tandem/store"
)

// mostKept bounds how many engagements are kept ready.
const mostKept = 1024

// cache keeps engagements ready to be planned for, as long as they are what
// they were.
type cache struct {
	mu      sync.Mutex
	entries map[string]*entry
}

// entry is one engagement of a version and revision, with its absences and with
// who was found on the platforms.
type entry struct {
	version, revision int
	absences          []store.RecordedAbsence
	identities        []store.Identity
	prepared          *Prepared
	matrix            drift.Matrix
	places            Places
}

func (c *cache) get(id string, r *store.Rhythm) (*entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[id]
	if e == nil || e.version != r.Version || e.revision != r.Revision || !slices.Equal(e.absences, r.Absences) || !slices.Equal(e.identities, r.Identities) {
		return nil, false
	}
	return e, true
}

func (c *cache) put(id string, e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= mostKept {
		for other := range c.entries { // any will do
			delete(c.entries, other)
			break
		}
	}
	c.entries[id] = e
}

func (c *cache) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, id)
}

// load reads everything that a plan for the engagement is made of.
func (s *Sweeper) load(ctx context.Context, id string, now time.Time) (*Input, error) {
	r, err := s.Store.Rhythm(ctx, id)
	if err != nil {
		return nil, err
	}
	e, ok := s.cache.get(id, &r)
	if !ok {
		if e, err = s.prepare(ctx, id, &r, now); err != nil {
			return nil, err
		}
		s.cache.put(id, e)
	}
	in := &Input{Prepared: e.prepared, Rhythm: r, Matrix: e.matrix, Places: e.places, Now: now, Settings: s.Settings}
	if in.Conversations, err = s.Store.Conversations(ctx, id, true); err != nil {
		return nil, err
	}
	in.Dead, err = s.Store.DeadDeliveries(ctx, id)
	return in, err
}

func (s *Sweeper) prepare(ctx context.Context, id string, r *store.Rhythm, now time.Time) (*entry, error) {
	e, err := s.Store.Engagement(ctx, id)
	if err != nil {
		return nil, err
	}
	versions, err := s.Store.MatrixVersions(ctx, id)
	if err != nil {
		return nil, err
	}
	away := make([]store.Absence, len(r.Absences))
	for i := range r.Absences {
		away[i] = r.Absences[i].Absence
	}
	prepared, err := Prepare(e, away, now)
	if err != nil {
		return nil, err
	}
	return &entry{
		version: r.Version, revision: r.Revision, absences: r.Absences, identities: r.Identities,
		prepared: prepared, matrix: matrixOf(e, versions), places: PlacesOf(e, s.names, r.Identities),
	}, nil
}

// matrixOf says since when there is a matrix, and since when a signature is missing.
func matrixOf(e *store.Engagement, versions []store.MatrixVersion) drift.Matrix {
	var m drift.Matrix
	for _, v := range versions {
		if m.Since.IsZero() || v.CreatedAt.Before(m.Since) {
			m.Since = v.CreatedAt
		}
		if v.Active && e.Draft() {
			m.Unsigned = v.CreatedAt
		}
	}
	return m
}
