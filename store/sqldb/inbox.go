package sqldb

import (
	"context"
	"database/sql"
	"time"
)

// AcceptEvent reports whether the event is new, and keeps its id: true exactly
// once, however often and from wherever the platform sends it.
func (db *DB) AcceptEvent(ctx context.Context, platform, tenant, eventID string, at time.Time) (fresh bool, err error) {
	if err := firstOf(checkGiven("platform", platform), checkGiven("event id", eventID), checkInstant(at)); err != nil {
		return false, err
	}
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO inbox (platform, tenant, event_id, accepted_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (platform, tenant, event_id) DO NOTHING`, platform, tenant, eventID, instant(at))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		fresh = n == 1
		return err
	})
	return fresh && err == nil, err
}

// PruneEvents forgets the events accepted before an instant and returns how
// many. One of them that comes again counts as new, so keep them for longer
// than any platform repeats.
func (db *DB) PruneEvents(ctx context.Context, before time.Time) (int, error) {
	if err := checkInstant(before); err != nil {
		return 0, err
	}
	var n int64
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM inbox WHERE accepted_at < $1`, instant(before))
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
