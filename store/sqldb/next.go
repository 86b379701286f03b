package sqldb

import (
	"context"
	"time"
)

// NextDue returns the first instant at which anything is to be done for any
// engagement: a sweep, or a delivery. It is zero where nothing is. It may lie in
// the past. A clock that is moved goes from one such instant to the next, as if
// Tandem had been running all the while.
func (db *DB) NextDue(ctx context.Context) (time.Time, error) {
	var next time.Time
	err := db.read.QueryRowContext(ctx, `
		SELECT COALESCE(MIN(at), '') FROM (
			SELECT MIN(claimable_at) AS at FROM sweeps
			UNION ALL
			SELECT MIN(CASE WHEN d.next_at > a.free_at THEN d.next_at ELSE a.free_at END) `+waiting+`
		) AS due`).Scan(maybeColumn{&next})
	if !next.Before(never) {
		next = time.Time{}
	}
	return next, db.explain(err)
}
