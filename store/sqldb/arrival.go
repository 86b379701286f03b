package sqldb

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// AcceptArrival keeps what a platform delivered and reports whether it is new:
// true exactly once for an id. It is the owner's to work on as long as the owner's
// lease holds. That is until leaseUntil from now on, or goes on as it is for the zero
// time; an owner without any lease is store.CodeConflict.
func (db *DB) AcceptArrival(ctx context.Context, platform, owner, id string, payload []byte, at, leaseUntil time.Time) (fresh bool, err error) {
	if err := firstOf(checkGiven("platform", platform), checkGiven("owner", owner), checkGiven("id", id), checkInstant(at)); err != nil {
		return false, err
	}
	if payload == nil {
		payload = []byte{} // NULL says that it was worked on
	}
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := lease(ctx, tx, owner, leaseUntil); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			INSERT INTO arrivals (platform, id, payload, accepted_at, owner, handed_on)
			SELECT $1, $2, $3, $4, owner, 0 FROM arrival_owners WHERE owner = $5
			ON CONFLICT (platform, id) DO NOTHING`, platform, id, payload, instant(at), owner)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if fresh = n == 1; fresh || err != nil {
			return err
		}
		var known bool
		err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM arrivals WHERE platform = $1 AND id = $2)`, platform, id).Scan(&known)
		if err == nil && !known {
			err = store.Errorf(store.CodeConflict, "The owner %s has no lease. Nothing was stored.", quoted(owner))
		}
		return err
	})
	return fresh && err == nil, err
}

// lease prolongs an owner's lease, unless until is the zero time.
func lease(ctx context.Context, tx *sql.Tx, owner string, until time.Time) error {
	if until.IsZero() {
		return nil
	}
	if err := checkInstant(until); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO arrival_owners (owner, lease_until) VALUES ($1, $2)
		ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until WHERE lease_until < excluded.lease_until`, owner, instant(until))
	return err
}

// TakeArrivals makes the owner's what waits of a platform and is nobody's any more,
// because its owner's lease has ended, and returns how much that was. Where anything
// is the owner's, its own lease is prolonged.
func (db *DB) TakeArrivals(ctx context.Context, platform, owner string, now, leaseUntil time.Time) (taken int, err error) {
	if err := firstOf(checkGiven("platform", platform), checkGiven("owner", owner), checkInstant(now), checkInstant(leaseUntil)); err != nil {
		return 0, err
	}
	const ended = `SELECT o.owner FROM arrival_owners o WHERE o.lease_until <= $3 AND o.owner <> $2
		AND EXISTS (SELECT 1 FROM arrivals a WHERE a.owner = o.owner AND a.platform = $1 AND a.payload IS NOT NULL)`
	// Nearly always there is nothing, and to find that out nobody has to write.
	var own, left bool
	err = db.read.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM arrivals WHERE owner = $2 AND platform = $1 AND payload IS NOT NULL), EXISTS (`+ended+`)`,
		platform, owner, instant(now)).Scan(&own, &left)
	if err != nil || !own && !left {
		return 0, db.explain(err)
	}
	var n int64
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := lease(ctx, tx, owner, leaseUntil); err != nil || !left {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			UPDATE arrivals SET owner = $2, handed_on = 1
			WHERE platform = $1 AND payload IS NOT NULL AND owner IN (`+ended+`)`, platform, owner, instant(now))
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

// WaitingArrivals returns what waits of a platform and is the owner's: oldest first,
// behind the given Seq, and no more than so many.
func (db *DB) WaitingArrivals(ctx context.Context, platform, owner string, after int64, limit int) ([]store.Arrival, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT seq, id, payload, accepted_at, handed_on FROM arrivals
		WHERE owner = $1 AND platform = $2 AND payload IS NOT NULL AND seq > $3 ORDER BY seq LIMIT $4`, owner, platform, after, limit)
	list, err := all(rows, err, func(rows *sql.Rows) (store.Arrival, error) {
		var a store.Arrival
		err := rows.Scan(&a.Seq, &a.ID, &a.Payload, instantColumn{&a.At}, &a.HandedOn)
		return a, err
	})
	return list, db.explain(err)
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
		_, err := tx.ExecContext(ctx, `UPDATE arrival_owners SET lease_until = $2 WHERE owner = $1`, owner, instant(now))
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
		if n, err = result.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM arrival_owners
			WHERE lease_until < $1 AND NOT EXISTS (SELECT 1 FROM arrivals a WHERE a.owner = arrival_owners.owner)`, instant(before))
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}
