package sqldb

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Backlog counts what waits at the instant, over all engagements.
func (db *DB) Backlog(ctx context.Context, now time.Time) (store.Backlog, error) {
	var b store.Backlog
	err := db.reading(ctx, func(q Queryer) error {
		err := q.QueryRowContext(ctx, `
			SELECT (SELECT COUNT(*) FROM engagements),
				(SELECT COUNT(*) FROM conversations WHERE closed_at IS NULL),
				(SELECT COUNT(*) FROM acknowledgement_requests WHERE closed_at = ''),
				(SELECT COUNT(*) FROM findings WHERE closed = ''),
				COUNT(*), COALESCE(MIN(claimable_at), '')
			FROM sweeps WHERE claimable_at <= $1`, instant(now)).
			Scan(&b.Engagements, &b.Conversations, &b.Requests, &b.Findings, &b.SweepsDue, maybeColumn{&b.SweepDue})
		if err != nil {
			return err
		}
		return q.QueryRowContext(ctx, `
			SELECT COUNT(*) FILTER (WHERE state = 'pending'), COUNT(*) FILTER (WHERE state = 'sending'), COALESCE(MIN(first_at), ''),
				(SELECT COUNT(*) FROM deliveries WHERE state = 'dead')
			FROM deliveries WHERE state IN ('pending', 'sending')`).
			Scan(&b.Pending, &b.Sending, maybeColumn{&b.Oldest}, &b.Dead)
	})
	return b, db.explain(err)
}

// Ready fails unless the store answers, and its schema is the one that this
// Tandem writes.
func (db *DB) Ready(ctx context.Context) error {
	have, latest, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	if have < latest {
		return store.Errorf(store.CodeUnavailable, "The store has schema %d, and this Tandem works with %d.", have, latest)
	}
	return CheckSchema(have, latest)
}

// Schema returns the schema that the store has, and the newest that this Tandem knows.
func (db *DB) Schema(ctx context.Context) (have, latest int64, err error) {
	migrations, err := Migrations(db.engine.Name)
	if err != nil {
		return 0, 0, db.explain(err)
	}
	if latest, err = LatestSchema(migrations); err != nil {
		return 0, 0, db.explain(err)
	}
	have, err = Schema(ctx, db.read)
	return have, latest, db.explain(err)
}
