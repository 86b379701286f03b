package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// never is when an engagement is due in which nothing is to come.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// ApplySweep writes what a sweep decided, all or nothing, says when to look
// again and gives the engagement back.
//
// It fails with store.CodeConflict, and changes nothing, where the owner's
// lease has run out or belongs to another, where somebody did something since
// the Rhythm that c was decided from was read, and where an occurrence is
// neither in the state that it should leave nor in the one that it should
// come to: read again, and decide anew. The lease is as it was then. What is there already
// (an occurrence, a post, a transition) is no error and is left as it is.
func (db *DB) ApplySweep(ctx context.Context, id, owner string, c store.Change, at time.Time) error {
	if err := checkCaller(owner, at); err != nil {
		return err
	}
	next := c.Next
	if next.IsZero() {
		next = never
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := checkLease(ctx, tx, id, owner, c.Seen, at); err != nil {
			return err
		}
		if err := applyOccurrences(ctx, tx, id, c, at); err != nil {
			return err
		}
		if err := applyRequests(ctx, tx, id, c, at); err != nil {
			return err
		}
		for _, f := range c.Findings {
			if f.Level < store.LevelWatch && !f.Closed {
				return invalid("findings", "An open finding has a level. Nothing was changed.")
			}
			if err := changeFinding(ctx, tx, id, f, at); err != nil {
				return err
			}
		}
		for _, p := range c.Posts {
			if err := addPost(ctx, tx, id, p, at); err != nil {
				return err
			}
		}
		for _, r := range c.Redraws {
			if err := redraw(ctx, tx, id, r, at); err != nil {
				return err
			}
		}
		// The plan has seen every change; what it did itself is no news.
		_, err := tx.ExecContext(ctx, `UPDATE acknowledgement_requests SET changed = 0 WHERE engagement_id = $1 AND changed = 1`, id)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE sweeps SET due_at = $2, seen = seen + 1, lease_owner = '', lease_until = '' WHERE engagement_id = $1`, id, instant(next))
		return err
	})
}

// checkLease refuses whoever does not hold the engagement, or has not seen
// what it is like now.
func checkLease(ctx context.Context, tx *sql.Tx, id, owner string, seen int64, at time.Time) error {
	var holder, until string
	var now int64
	err := tx.QueryRowContext(ctx, `SELECT lease_owner, lease_until, seen FROM sweeps WHERE engagement_id = $1`, id).Scan(&holder, &until, &now)
	if errors.Is(err, sql.ErrNoRows) {
		return unknownEngagement(id)
	}
	if err != nil {
		return err
	}
	if holder != owner || until <= instant(at) {
		return conflict("owner", "%s does not hold the lease on %s any more. Nothing was changed.", owner, id)
	}
	if seen != now {
		return conflict("seen", "Something happened in %s since it was read. Nothing was changed; read it again.", id)
	}
	return nil
}

func applyOccurrences(ctx context.Context, tx *sql.Tx, id string, c store.Change, at time.Time) error {
	for _, o := range c.Create {
		if err := createOccurrence(ctx, tx, id, o, at); err != nil {
			return err
		}
	}
	for _, t := range c.Transitions {
		o, err := occurrence(ctx, tx, id, t.Cadence, t.Civil)
		if err != nil {
			return err
		}
		if o.State == t.To {
			continue
		}
		if o.State != t.From || o.State.Done() {
			return conflict("from", "%s of %s is %s and not %s. Nothing was changed; read it again.", spoken(t.Civil), t.Cadence, o.State, t.From)
		}
		o.State, o.Late = t.To, o.Late || t.Late
		switch t.To {
		case store.Held, store.Overdue, store.Missed:
			o.Record = t.Record
		case store.Skipped:
			o.Reason = t.Why
		default:
		}
		if err := saveOccurrence(ctx, tx, id, o, store.Transition{From: t.From, At: at, By: store.ByTandem, Why: t.Why}); err != nil {
			return err
		}
	}
	return nil
}

func createOccurrence(ctx context.Context, tx *sql.Tx, id string, o store.Occurrence, at time.Time) error {
	if _, err := time.Parse(store.CivilLayout, o.Civil); err != nil || o.Cadence == "" {
		return invalid("create", "An occurrence has a cadence and a civil time like 2026-11-30T09:00. Nothing was changed.")
	}
	if err := errors.Join(checkCaller(store.ByTandem, o.Due), checkCaller(store.ByTandem, o.Grace)); err != nil {
		return invalid("create", "An occurrence has a due date and a grace. Nothing was changed.")
	}
	record, err := encode(o.Record)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO occurrences (engagement_id, cadence, civil, due, grace, state, moved, late, reason, record)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (engagement_id, cadence, civil) DO NOTHING`,
		id, o.Cadence, o.Civil, instant(o.Due), instant(o.Grace), o.State, maybe(o.Moved), o.Late, o.Reason, record.json)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return addTransition(ctx, tx, id, store.Transition{
		Cadence: o.Cadence, Civil: o.Civil, To: o.State, Due: o.Due, At: at, By: store.ByTandem, Why: o.Reason,
	})
}

func applyRequests(ctx context.Context, tx *sql.Tx, id string, c store.Change, at time.Time) error {
	for _, r := range c.Requests {
		if r.By == "" {
			r.By = store.ByTandem
		}
		r.At = at.UTC()
		if err := checkRequest(r); err != nil {
			return err
		}
		there, err := requestWith(ctx, tx, id, r.Key)
		if err != nil {
			return err
		}
		if there != 0 {
			continue
		}
		next, err := nextRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.ID < next {
			return conflict("requests", "The next request of %s has the number %d; %d is taken. Nothing was changed; read it again.", id, next, r.ID)
		}
		if err := addRequest(ctx, tx, id, r); err != nil {
			return err
		}
	}
	for _, n := range c.Reminded {
		if err := applyEvent(ctx, tx, id, ackEvent{Request: n, event: ackReminded}, at); err != nil {
			return err
		}
	}
	for _, r := range c.Closed {
		if r.Why == "" {
			return invalid("closed", "A request is closed for a reason. Nothing was changed.")
		}
		if err := applyEvent(ctx, tx, id, ackEvent{Request: r.ID, Why: r.Why, event: ackClosed}, at); err != nil {
			return err
		}
	}
	return nil
}

// applyEvent does to an open request what Tandem decided; a closed one stays as it is.
func applyEvent(ctx context.Context, tx *sql.Tx, id string, e ackEvent, at time.Time) error {
	e.by, e.at = store.ByTandem, at.UTC()
	if err := checkTexts(e.Why); err != nil {
		return err
	}
	r, err := acknowledgement(ctx, tx, id, e.Request)
	if err != nil || !r.Closed.IsZero() {
		return err
	}
	return e.write(ctx, tx, id, &r)
}
