package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/tandem-bot/tandem/store"
)

// group lets use cases that come at the same time share one transaction: what
// a commit costs is the wait for the disk, and that is the same for one as for
// many. Nobody waits for a group to fill. Whoever comes while a commit runs
// goes into the next one.
//
// It has no goroutine of its own. Whoever takes the lead does the work of all
// who wait, hands the lead on and goes; so the group ends with its last caller.
type group struct {
	db     *sql.DB
	lead   chan struct{} // holds one token; who takes it leads
	most   int           // use cases in one transaction
	shared bool          // the last transaction was; only who leads looks

	mu      sync.Mutex
	waiting []*use
}

// groupMost bounds how long the last of a group waits for its first.
const groupMost = 256

func newGroup(db *sql.DB) *group {
	g := &group{db: db, lead: make(chan struct{}, 1), most: groupMost}
	g.lead <- struct{}{}
	return g
}

// use is one use case on its way through a group.
type use struct {
	ctx     context.Context
	fn      func(context.Context, *sql.Tx) error
	started atomic.Bool // or given up, whoever is first
	err     error       // what fn returned, then what the commit did
	panicky any         // what fn panicked with
	done    chan struct{}
}

// do runs fn in a transaction that it may share, and returns after the commit.
// A context that ends before fn starts keeps it from starting; after that fn
// is finished: to interrupt it would take the others down.
func (g *group) do(ctx context.Context, fn func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	u := &use{ctx: ctx, fn: fn, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, u)
	g.mu.Unlock()

	ended := ctx.Done()
	for {
		select {
		case <-u.done:
			return u.answer()
		default: // whoever is answered leads no more
		}
		select {
		case <-u.done:
		case <-g.lead:
			g.run(context.WithoutCancel(ctx), g.gather())
			g.lead <- struct{}{}
		case <-ended:
			if u.started.CompareAndSwap(false, true) {
				return ctx.Err()
			}
			ended = nil // it runs: wait for how it ends
		}
	}
}

func (u *use) answer() error {
	if u.panicky != nil {
		panic(u.panicky)
	}
	return u.err
}

// gather takes those who wait, and first lets those come who are about to: of
// many who were just answered and come again, the first would else go ahead
// alone, and the rest wait for its commit and then for their own. It yields
// and does not wait; who was alone last time is not even held up by that.
func (g *group) gather() []*use {
	if g.shared {
		for before, now := -1, g.length(); now > before && now < g.most; {
			runtime.Gosched()
			before, now = now, g.length()
		}
	}
	batch := g.next()
	if len(batch) > 0 {
		g.shared = len(batch) > 1
	}
	return batch
}

func (g *group) length() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting)
}

// next takes those who wait, in the order in which they came.
func (g *group) next() []*use {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), g.most)
	batch := g.waiting[:n:n]
	if g.waiting = g.waiting[n:]; len(g.waiting) == 0 {
		g.waiting = nil
	}
	return batch
}

// run commits what the batch does, and tells each of them. Its context never
// ends: the transaction is not one caller's alone.
func (g *group) run(ctx context.Context, batch []*use) {
	if len(batch) == 0 {
		return // an earlier leader did it
	}
	defer func() {
		for _, u := range batch {
			close(u.done)
		}
	}()
	tx, err := g.db.BeginTx(ctx, nil)
	if err != nil {
		fail(batch, err)
		return
	}
	wrote := false
	for _, u := range batch {
		if !u.started.CompareAndSwap(false, true) {
			continue // gave up
		}
		if len(batch) == 1 {
			u.call(tx) //nolint:contextcheck // with its own caller's
		} else if err := u.within(ctx, tx); err != nil {
			fail(batch, errors.Join(err, tx.Rollback()))
			return
		}
		wrote = wrote || u.err == nil && u.panicky == nil
	}
	if !wrote {
		_ = tx.Rollback() // nothing stays; each has its own error to tell
		return
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback() // the first failure is the one to tell
		fail(batch, err)
	}
}

// fail tells all who have no error of their own that nothing of theirs stayed.
func fail(batch []*use, err error) {
	for _, u := range batch {
		if u.started.Store(true); u.err == nil {
			u.err = err
		}
	}
}

// within calls fn so that its failure leaves the rest of the transaction as it
// is. An error means that the whole transaction can't go on.
func (u *use) within(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT use_case"); err != nil {
		return err
	}
	u.call(tx) //nolint:contextcheck // with its own caller's
	end := "RELEASE use_case"
	if u.err != nil || u.panicky != nil {
		end = "ROLLBACK TO use_case; RELEASE use_case"
	}
	_, err := tx.ExecContext(ctx, end)
	if err != nil && u.err != nil { // SQLite has rolled all of it back, as on a full disk
		return u.err
	}
	return err
}

// call runs fn. Its panic is kept for its own caller: whoever leads may be
// somebody else.
func (u *use) call(tx *sql.Tx) {
	defer func() {
		if r := recover(); r != nil {
			u.panicky = r
		}
	}()
	u.err = u.fn(context.WithoutCancel(u.ctx), tx)
}

// update runs fn in a writing transaction, which holds only if fn succeeds.
// It may share the transaction with others that come at the same time; none
// sees of another what does not stay. fn uses the context that it is given.
func (db *DB) update(ctx context.Context, fn func(context.Context, *sql.Tx) error) error {
	if db.write == nil {
		return store.Errorf(store.CodeUnavailable,
			"The store was opened for reading only. Nothing was changed; open it for writing to do this.")
	}
	return db.explain(db.group.do(ctx, fn))
}
