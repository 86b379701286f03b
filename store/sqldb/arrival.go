package sqldb

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// AcceptArrival keeps what a platform delivered and reports whether it is new:
// true exactly once for an id. It is the owner's to work on until the lease ends.
func (db *DB) AcceptArrival(ctx context.Context, platform, owner, id string, payload []byte, at, leaseUntil time.Time) (fresh bool, err error) {
	if err := firstOf(checkGiven("platform", platform), checkGiven("owner", owner), checkGiven("id", id), checkInstant(at), checkInstant(leaseUntil)); err != nil {
		return false, err
	}
	if payload == nil {
		payload = []byte{} // NULL says that it was worked on
	}
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO arrivals (platform, id, payload, accepted_at, owner, lease_until, handed_on) VALUES ($1, $2, $3, $4, $5, $6, 0)
			ON CONFLICT (platform, id) DO NOTHING`, platform, id, payload, instant(at), owner, instant(leaseUntil))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		fresh = n == 1
		return err
	})
	return fresh && err == nil, err
}

// ClaimArrivals returns what waits of a platform and is the owner's, or nobody's
// any more because its lease has ended: oldest first. All of it is the owner's
// from then on, until the new lease ends.
func (db *DB) ClaimArrivals(ctx context.Context, platform, owner string, now, leaseUntil time.Time) ([]store.Arrival, error) {
	if err := firstOf(checkGiven("platform", platform), checkGiven("owner", owner), checkInstant(now), checkInstant(leaseUntil)); err != nil {
		return nil, err
	}
	const waiting = `platform = $1 AND payload IS NOT NULL AND (owner = $2 OR lease_until <= $3)`
	// Nearly always there is nothing, and to find that out nobody has to write.
	var some bool
	err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM arrivals WHERE `+waiting+`)`, platform, owner, instant(now)).Scan(&some)
	if err != nil || !some {
		return nil, db.explain(err)
	}
	var list []store.Arrival
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE arrivals SET handed_on = CASE WHEN owner = $2 THEN handed_on ELSE 1 END, owner = $2, lease_until = $4
			WHERE `+waiting, platform, owner, instant(now), instant(leaseUntil))
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT id, payload, accepted_at, handed_on FROM arrivals
			WHERE platform = $1 AND payload IS NOT NULL AND owner = $2 ORDER BY seq`, platform, owner)
		list, err = all(rows, err, func(rows *sql.Rows) (store.Arrival, error) {
			var a store.Arrival
			err := rows.Scan(&a.ID, &a.Payload, instantColumn{&a.At}, &a.HandedOn)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// FinishArrival says that something was worked on. Its payload is forgotten, and
// its id is not. Again is harmless.
func (db *DB) FinishArrival(ctx context.Context, platform, id string) error {
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE arrivals SET payload = NULL WHERE platform = $1 AND id = $2 AND payload IS NOT NULL`, platform, id)
		return err
	})
}

// ReleaseArrivals gives back what an owner that ends has not worked on, so that
// another need not wait for its lease.
func (db *DB) ReleaseArrivals(ctx context.Context, owner string, now time.Time) error {
	if err := firstOf(checkGiven("owner", owner), checkInstant(now)); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE arrivals SET lease_until = $2 WHERE owner = $1 AND payload IS NOT NULL`, owner, instant(now))
		return err
	})
}

// PruneArrivals forgets what was accepted before an instant and was worked on,
// and returns how many. One of them that comes again counts as new.
func (db *DB) PruneArrivals(ctx context.Context, before time.Time) (int, error) {
	if err := checkInstant(before); err != nil {
		return 0, err
	}
	var n int64
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM arrivals WHERE accepted_at < $1 AND payload IS NULL`, instant(before))
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}
