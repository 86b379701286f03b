package commands

import (
	lru "container/list"
	"context"
	"sync"

	"github.com/tandem-bot/tandem/store"
)

// Shelf is where desks get engagements from.
type Shelf interface {
	Engagement(ctx context.Context, id string) (*store.Engagement, error)
	EngagementStamp(ctx context.Context, id string) (store.Stamp, error)
	Absences(ctx context.Context, id string, since store.Date) ([]store.RecordedAbsence, error)
	LearnedAliases(ctx context.Context, id string) ([]store.LearnedAlias, error)
	// Occurrences returns the newest of a cadence first.
	Occurrences(ctx context.Context, id, cadence string, limit int) ([]store.Occurrence, error)
}

// Desks keeps the desks of the engagements that were asked last, each until
// something that it is made of changes. It is safe for concurrent use.
type Desks struct {
	shelf Shelf
	most  int

	mu     sync.Mutex
	recent *lru.List // of kept, the last asked first
	byID   map[string]*lru.Element
}

// kept is a desk with the state of the engagement that it was made of.
type kept struct {
	id    string
	stamp store.Stamp
	desk  *Desk
}

// NewDesks keeps at most that many desks; one takes about 30 KiB.
func NewDesks(shelf Shelf, most int) *Desks {
	return &Desks{shelf: shelf, most: max(most, 1), recent: lru.New(), byID: map[string]*lru.Element{}}
}

// Desk returns the desk of an engagement as it is stored now.
func (ds *Desks) Desk(ctx context.Context, id string) (*Desk, error) {
	// The stamp is read first: what changes after it makes the next one differ.
	stamp, err := ds.shelf.EngagementStamp(ctx, id)
	if err != nil {
		return nil, err
	}
	if d := ds.find(id, stamp); d != nil {
		return d, nil
	}
	d, err := ds.make(ctx, id)
	if err != nil {
		return nil, err
	}
	ds.keep(kept{id, stamp, d})
	return d, nil
}

func (ds *Desks) make(ctx context.Context, id string) (*Desk, error) {
	e, err := ds.shelf.Engagement(ctx, id)
	if err != nil {
		return nil, err
	}
	recorded, err := ds.shelf.Absences(ctx, id, store.Date{})
	if err != nil {
		return nil, err
	}
	away := make([]store.Absence, len(recorded))
	for i := range recorded {
		away[i] = recorded[i].Absence
	}
	aliases, err := ds.shelf.LearnedAliases(ctx, id)
	if err != nil {
		return nil, err
	}
	d, err := NewDesk(e, away, aliases...)
	if err != nil {
		return nil, err
	}
	var dates []store.Occurrence
	for i := range e.Cadences {
		if c := &e.Cadences[i]; c.Kind == store.KindMatrixReview {
			of, err := ds.shelf.Occurrences(ctx, id, c.ID, reviewsRead)
			if err != nil {
				return nil, err
			}
			dates = append(dates, of...)
		}
	}
	d.reviewed(dates)
	return d, nil
}

// reviewsRead is how many dates of a matrix review are looked at: those ahead,
// and some that were.
const reviewsRead = 12

func (ds *Desks) find(id string, stamp store.Stamp) *Desk {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	at, ok := ds.byID[id]
	if !ok || at.Value.(kept).stamp != stamp {
		return nil
	}
	ds.recent.MoveToFront(at)
	return at.Value.(kept).desk
}

func (ds *Desks) keep(k kept) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if at, ok := ds.byID[k.id]; ok {
		at.Value = k
		ds.recent.MoveToFront(at)
		return
	}
	ds.byID[k.id] = ds.recent.PushFront(k)
	if ds.recent.Len() > ds.most {
		oldest := ds.recent.Remove(ds.recent.Back()).(kept)
		delete(ds.byID, oldest.id)
	}
}

// Person returns a person of an engagement as it is stored now.
func (ds *Desks) Person(ctx context.Context, engagement, person string) (*store.Person, error) {
	d, err := ds.Desk(ctx, engagement)
	if err != nil {
		return nil, err
	}
	p, ok := d.e.Person(person)
	if !ok {
		return nil, store.Errorf(store.CodeNotFound, "%s is on no list of this engagement any more.", person)
	}
	return p, nil
}
