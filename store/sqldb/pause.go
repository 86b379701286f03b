package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// PauseCadence lets a cadence rest. It fails with store.CodeInvalid without a
// reason or an end, store.CodeNotFound for a cadence that is not in the
// engagement, and store.CodeConflict where it rests on some of those days already.
func (db *DB) PauseCadence(ctx context.Context, id string, p store.Pause, at time.Time) error {
	if err := checkReason(p.By, at, p.Reason, "A pause needs a reason"); err != nil {
		return err
	}
	if !onCalendar(p.From) || !onCalendar(p.Until) {
		return invalid("until", "A pause needs a first and a last day that exist, like 2026-12-24. Nothing was changed.")
	}
	if p.Until.Before(p.From) {
		return invalid("until", fmt.Sprintf("The pause ends on %s, before it begins on %s. Nothing was changed; swap the two days.", p.Until, p.From))
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		e, err := engagementWith(ctx, tx, id, activeVersion)
		if err != nil {
			return err
		}
		if err := mustHaveCadence(e, p.Cadence); err != nil {
			return err
		}
		list, err := pauses(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, other := range list {
			if other.Cadence == p.Cadence && !other.Until.Before(p.From) && !p.Until.Before(other.From) {
				return conflict("from", "%s rests already from %s to %s, because %s (%s). Nothing was changed; end that pause first, or choose other days.",
					p.Cadence, other.From, other.Until, other.Reason, other.By)
			}
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO pauses (engagement_id, id, cadence, first_day, last_day, reason, paused_by, paused_at)
			SELECT $1, COALESCE(MAX(id), 0) + 1, $2, $3, $4, $5, $6, $7 FROM pauses WHERE engagement_id = $1`,
			id, p.Cadence, p.From.String(), p.Until.String(), p.Reason, p.By, instant(at))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditPaused, p.By, at, p)
	})
}

// ResumeCadence ends the pause of a cadence that holds on r.From or begins
// later, so that r.From and the days after it don't rest. Without one it is
// store.CodeConflict.
func (db *DB) ResumeCadence(ctx context.Context, id string, r store.Resuming, at time.Time) error {
	if err := checkCaller(r.By, at); err != nil {
		return err
	}
	if !onCalendar(r.From) {
		return invalid("from", "Say from which day on the cadence goes on, like 2026-12-24. Nothing was changed.")
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := exists(ctx, tx, id); err != nil {
			return err
		}
		var pause int
		err := tx.QueryRowContext(ctx, `
			SELECT id FROM pauses WHERE engagement_id = $1 AND cadence = $2 AND resumed_on IS NULL AND last_day >= $3
			ORDER BY first_day LIMIT 1`, id, r.Cadence, r.From.String()).Scan(&pause)
		if errors.Is(err, sql.ErrNoRows) {
			return conflict("cadence", "%s does not rest on %s or later. Nothing was changed.", quoted(r.Cadence), r.From)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE pauses SET resumed_on = $3, resumed_by = $4, resumed_at = $5 WHERE engagement_id = $1 AND id = $2`,
			id, pause, r.From.String(), r.By, instant(at))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditResumed, r.By, at, r)
	})
}

// pauses returns all, as long as they really were: one that was ended before
// it began was none.
func pauses(ctx context.Context, q Queryer, id string) ([]store.Pause, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT cadence, first_day, last_day, COALESCE(resumed_on, ''), reason, paused_by FROM pauses
		WHERE engagement_id = $1 AND (resumed_on IS NULL OR resumed_on > first_day) ORDER BY first_day, id`, id)
	return all(rows, err, func(rows *sql.Rows) (store.Pause, error) {
		var p store.Pause
		var resumed store.Date
		err := rows.Scan(&p.Cadence, dateColumn{&p.From}, dateColumn{&p.Until}, dateColumn{&resumed}, &p.Reason, &p.By)
		if !resumed.IsZero() {
			p.Until = resumed.AddDays(-1)
		}
		return p, err
	})
}

func mustHaveCadence(e *store.Engagement, cadence string) error {
	for i := range e.Cadences {
		if e.Cadences[i].ID == cadence {
			return nil
		}
	}
	return notFound("cadence", "There is no cadence %s in %s. Nothing was changed; check the id under cadences.", quoted(cadence), e.ID)
}
