package sqldb

import (
	"context"
	"database/sql"
	"time"
)

// makeDue makes a sweep look at the engagement from the instant on, and makes
// plans that were made without what just happened void.
func makeDue(ctx context.Context, tx *sql.Tx, id string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sweeps (engagement_id, due_at, seen, lease_owner, lease_until) VALUES ($1, $2, 1, '', '')
		ON CONFLICT (engagement_id) DO UPDATE SET seen = sweeps.seen + 1,
			due_at = CASE WHEN sweeps.due_at < excluded.due_at THEN sweeps.due_at ELSE excluded.due_at END`,
		id, instant(at))
	return err
}

// ClaimSweeps leases up to limit engagements that are due, the longest due
// first, and returns their ids in no order. What somebody holds by a lease
// that has not run out is left out, also for the owner itself: what it failed
// to apply comes again when the lease has run out. Nothing due is no error.
func (db *DB) ClaimSweeps(ctx context.Context, owner string, now, leaseUntil time.Time, limit int) ([]string, error) {
	if err := checkClaim(owner, now, leaseUntil); err != nil {
		return nil, err
	}
	// Mostly there is nothing to do, and reading finds that out without a lock.
	var due bool
	err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sweeps WHERE claimable_at <= $1)`, instant(now)).Scan(&due)
	if err != nil || !due || limit <= 0 {
		return nil, db.explain(err)
	}
	var ids []string
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			UPDATE sweeps SET lease_owner = $2, lease_until = $3
			WHERE engagement_id IN (SELECT engagement_id FROM sweeps WHERE claimable_at <= $1 ORDER BY claimable_at LIMIT $4)
			RETURNING engagement_id`, instant(now), owner, instant(leaseUntil), limit)
		ids, err = all(rows, err, func(rows *sql.Rows) (string, error) {
			var id string
			err := rows.Scan(&id)
			return id, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// ReleaseSweeps gives back every engagement that the owner holds, as when it
// stops. They stay due.
func (db *DB) ReleaseSweeps(ctx context.Context, owner string) error {
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE sweeps SET lease_owner = '', lease_until = '' WHERE lease_owner = $1 AND lease_owner <> ''`, owner)
		return err
	})
}

func checkClaim(owner string, now, leaseUntil time.Time) error {
	if err := checkCaller(owner, now); err != nil {
		return err
	}
	if !leaseUntil.After(now) {
		return invalid("lease", "A lease must end after it begins. Nothing was changed.")
	}
	return checkCaller(owner, leaseUntil)
}

// maybe is the stored form of an instant that may be zero.
func maybe(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return instant(t)
}

// maybeColumn scans what maybe wrote.
type maybeColumn struct{ to *time.Time }

// Scan reads what maybe wrote.
func (c maybeColumn) Scan(value any) error {
	if text(value) == "" {
		*c.to = time.Time{}
		return nil
	}
	return instantColumn(c).Scan(value)
}
