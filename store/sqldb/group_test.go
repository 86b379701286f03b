package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	_ "modernc.org/sqlite"
)

func grouped(t *testing.T) (*group, *sql.DB) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(t.TempDir(), "t.db"))+"?_pragma=journal_mode(WAL)&_txlock=immediate&_pragma=foreign_keys(on)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, s := range []string{
		"CREATE TABLE a (n INTEGER PRIMARY KEY) STRICT",
		"CREATE TABLE b (n INTEGER REFERENCES a (n) DEFERRABLE INITIALLY DEFERRED) STRICT",
	} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	return newGroup(db), db
}

func count(t *testing.T, db *sql.DB, table string) int {
	t.Helper()
	var n int
	if err := db.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func insert(n int) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO a VALUES ($1)", n)
		return err
	}
}

// hold keeps the lead until the returned function is called, so that whoever
// comes meanwhile makes one group. It waits until so many do.
func hold(g *group) (release func(waiting int)) {
	<-g.lead
	return func(waiting int) {
		for {
			g.mu.Lock()
			n := len(g.waiting)
			g.mu.Unlock()
			if n >= waiting {
				break
			}
		}
		g.lead <- struct{}{}
	}
}

var errNo = errors.New("no")

// TestGroup: many at once, of whom some fail after they have written and some
// panic. What succeeded is there when its caller is told, and nothing else.
func TestGroup(t *testing.T) {
	g, db := grouped(t)
	const callers, rounds = 16, 40
	var good atomic.Int64
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for r := range rounds {
				n := c*rounds + r
				func() {
					defer func() {
						if p := recover(); (p != nil) != (n%7 == 6) || p != nil && p != fmt.Sprint("panic ", n) {
							t.Errorf("%d: recovered %v", n, p)
						}
					}()
					err := g.do(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
						if err := insert(n)(ctx, tx); err != nil {
							return err
						}
						switch n % 7 {
						case 5:
							return fmt.Errorf("%d: %w", n, errNo)
						case 6:
							panic(fmt.Sprint("panic ", n))
						}
						return nil
					})
					if n%7 == 5 && (!errors.Is(err, errNo) || err.Error() != fmt.Sprint(n, ": no")) || n%7 < 5 && err != nil {
						t.Errorf("%d: %v", n, err)
					}
					if err == nil {
						good.Add(1)
					}
				}()
			}
		})
	}
	all.Wait()
	if n := count(t, db, "a"); int64(n) != good.Load() {
		t.Errorf("%d rows of %d", n, good.Load())
	}
	var wrong int
	if err := db.QueryRow("SELECT COUNT(*) FROM a WHERE n % 7 > 4").Scan(&wrong); err != nil || wrong != 0 {
		t.Errorf("%d rows of those that failed, %v", wrong, err)
	}
}

// TestGroupShares: those who wait while a commit runs share the next one.
func TestGroupShares(t *testing.T) {
	g, db := grouped(t)
	release := hold(g)
	var all sync.WaitGroup
	txs := make([]*sql.Tx, 10)
	for n := range txs {
		all.Go(func() {
			err := g.do(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				txs[n] = tx
				return insert(n)(ctx, tx)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	release(len(txs))
	all.Wait()
	for _, tx := range txs {
		if tx != txs[0] {
			t.Error("not all in one transaction")
		}
	}
	if n := count(t, db, "a"); n != len(txs) {
		t.Errorf("%d rows", n)
	}
}

// TestGroupGathers: those who come again as soon as they are answered share
// their next transaction too, instead of one going ahead of the others. On a
// machine with much else to do some come too late, so not every try has to show it.
func TestGroupGathers(t *testing.T) {
	const callers, rounds, tries = 16, 20, 5
	least := callers * rounds
	for range tries {
		if least = min(least, transactions(t, callers, rounds)); least <= rounds*3/2 {
			return
		}
	}
	t.Errorf("%d transactions for %d rounds", least, rounds)
}

// transactions counts those that so many callers need who come so often.
func transactions(t *testing.T, callers, rounds int) int {
	t.Helper()
	g, _ := grouped(t)
	txs := map[*sql.Tx]bool{}
	var all sync.WaitGroup
	release := hold(g)
	for c := range callers {
		all.Go(func() {
			for r := range rounds {
				err := g.do(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
					txs[tx] = true // one after the other, whoever leads
					return insert(c*rounds+r)(ctx, tx)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	release(callers)
	all.Wait()
	return len(txs)
}

// TestGroupCommitFails: all of the group are told.
func TestGroupCommitFails(t *testing.T) {
	g, db := grouped(t)
	release := hold(g)
	var failed atomic.Int64
	var all sync.WaitGroup
	for n := range 5 {
		all.Go(func() {
			err := g.do(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				if n == 3 { // what only the commit finds out
					_, err := tx.ExecContext(ctx, "INSERT INTO b VALUES (77)")
					return err
				}
				return insert(n)(ctx, tx)
			})
			if err != nil {
				failed.Add(1)
			}
		})
	}
	release(5)
	all.Wait()
	if n := count(t, db, "a") + count(t, db, "b"); failed.Load() != 5 || n != 0 {
		t.Errorf("%d of 5 were told, %d rows stay", failed.Load(), n)
	}
	if err := g.do(t.Context(), insert(1)); err != nil {
		t.Errorf("after a commit that failed: %v", err)
	}
}

// TestGroupCancelled: whose context ends while they wait is not committed; whose
// ends while they run is finished.
func TestGroupCancelled(t *testing.T) {
	g, db := grouped(t)
	release := hold(g)
	ended, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if err := g.do(ended, insert(1)); !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up: %v", err)
		}
	})
	running, stop := context.WithCancel(t.Context())
	defer stop()
	all.Go(func() {
		err := g.do(running, func(ctx context.Context, tx *sql.Tx) error {
			stop()
			if ctx.Err() != nil {
				t.Error("the use case sees its caller's end")
			}
			return insert(2)(ctx, tx)
		})
		if err != nil {
			t.Errorf("who had begun: %v", err)
		}
	})
	all.Go(func() {
		if err := g.do(t.Context(), insert(3)); err != nil {
			t.Errorf("who has nothing to do with it: %v", err)
		}
	})
	for {
		g.mu.Lock()
		n := len(g.waiting)
		g.mu.Unlock()
		if n == 3 {
			break
		}
	}
	cancel()
	for { // until it has given up, so that release finds it gone
		g.mu.Lock()
		gone := false
		for _, u := range g.waiting {
			gone = gone || u.ctx == ended && u.started.Load()
		}
		g.mu.Unlock()
		if gone {
			break
		}
	}
	release(3)
	all.Wait()
	if err := g.do(ended, insert(4)); !errors.Is(err, context.Canceled) {
		t.Errorf("who comes with an ended context: %v", err)
	}
	var sum int
	if err := db.QueryRow("SELECT SUM(n) FROM a").Scan(&sum); err != nil || sum != 5 {
		t.Errorf("the rows add up to %d, %v", sum, err)
	}
}

// TestGroupBegins: where no transaction can begin, all are told, and later ones go on.
func TestGroupBegins(t *testing.T) {
	g, db := grouped(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.do(t.Context(), insert(1)); err == nil {
		t.Error("wrote to a closed store")
	}
	if err := g.do(t.Context(), insert(1)); err == nil {
		t.Error("wrote to a closed store")
	}
}
