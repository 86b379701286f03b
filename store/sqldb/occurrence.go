package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

const occurrenceColumns = `cadence, civil, due, grace, state, moved, late, reason, record`

func scanOccurrence(rows *sql.Rows) (store.Occurrence, error) {
	var o store.Occurrence
	err := rows.Scan(&o.Cadence, &o.Civil, instantColumn{&o.Due}, instantColumn{&o.Grace}, &o.State,
		maybeColumn{&o.Moved}, &o.Late, &o.Reason, jsonColumn{&o.Record})
	return o, err
}

// occurrence reads one, or tells what is missing.
func occurrence(ctx context.Context, q Queryer, id, cadence, civil string) (store.Occurrence, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+occurrenceColumns+` FROM occurrences WHERE engagement_id = $1 AND cadence = $2 AND civil = $3`, id, cadence, civil)
	list, err := all(rows, err, scanOccurrence)
	if err != nil {
		return store.Occurrence{}, err
	}
	if len(list) == 0 {
		if err := exists(ctx, q, id); err != nil {
			return store.Occurrence{}, err
		}
		return store.Occurrence{}, notFound("civil", "%s has no due date %s of %s. Nothing was changed; check the name of the cadence and the time.",
			id, quoted(civil), quoted(cadence))
	}
	return list[0], nil
}

// saveOccurrence writes what may change of an occurrence, and the transition.
func saveOccurrence(ctx context.Context, tx *sql.Tx, id string, o store.Occurrence, t store.Transition) error {
	record, err := encode(o.Record)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE occurrences SET due = $4, grace = $5, state = $6, moved = $7, late = $8, reason = $9, record = $10
		WHERE engagement_id = $1 AND cadence = $2 AND civil = $3`,
		id, o.Cadence, o.Civil, instant(o.Due), instant(o.Grace), o.State, maybe(o.Moved), o.Late, o.Reason, record.json)
	if err != nil {
		return err
	}
	t.Cadence, t.Civil, t.To, t.Due = o.Cadence, o.Civil, o.State, o.Due
	return addTransition(ctx, tx, id, t)
}

func addTransition(ctx context.Context, tx *sql.Tx, id string, t store.Transition) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO occurrence_transitions (engagement_id, seq, cadence, civil, from_state, to_state, due, at, by, why)
		SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM occurrence_transitions WHERE engagement_id = $1`,
		id, t.Cadence, t.Civil, t.From, t.To, instant(t.Due), instant(t.At), t.By, t.Why)
	return err
}

// Occurrences returns the newest of a cadence, or of every cadence where it is
// "", latest civil time first; limit 0 means all.
func (db *DB) Occurrences(ctx context.Context, id, cadence string, limit int) ([]store.Occurrence, error) {
	if err := exists(ctx, db.read, id); err != nil {
		return nil, db.explain(err)
	}
	rows, err := db.read.QueryContext(ctx, `
		SELECT `+occurrenceColumns+` FROM occurrences WHERE engagement_id = $1 AND ($2 = '' OR cadence = $2)
		ORDER BY civil DESC, cadence LIMIT $3`, id, cadence, most(limit))
	list, err := all(rows, err, scanOccurrence)
	return list, db.explain(err)
}

// most is a LIMIT: 0 means all.
func most(limit int) int {
	if limit <= 0 {
		return math.MaxInt32
	}
	return limit
}

// Transitions returns every change of one occurrence, oldest first.
func (db *DB) Transitions(ctx context.Context, id, cadence, civil string) ([]store.Transition, error) {
	if _, err := occurrence(ctx, db.read, id, cadence, civil); err != nil {
		return nil, db.explain(err)
	}
	rows, err := db.read.QueryContext(ctx, `
		SELECT cadence, civil, from_state, to_state, due, at, by, why FROM occurrence_transitions
		WHERE engagement_id = $1 AND cadence = $2 AND civil = $3 ORDER BY seq`, id, cadence, civil)
	list, err := all(rows, err, func(rows *sql.Rows) (store.Transition, error) {
		var t store.Transition
		err := rows.Scan(&t.Cadence, &t.Civil, &t.From, &t.To, instantColumn{&t.Due}, instantColumn{&t.At}, &t.By, &t.Why)
		return t, err
	})
	return list, db.explain(err)
}

// MoveOccurrence gives an occurrence another due date. One that was prompted
// or overdue is scheduled again. It fails with store.CodeInvalid without a
// reason, and store.CodeConflict for one that is done.
func (db *DB) MoveOccurrence(ctx context.Context, id string, m store.Moving, at time.Time) error {
	if err := checkReason(m.By, at, m.Reason, "A due date moves only for a reason"); err != nil {
		return err
	}
	if err := errors.Join(checkCaller(m.By, m.Due), checkCaller(m.By, m.Grace)); err != nil || m.Grace.Before(m.Due) {
		return invalid("due", "A due date needs a day and a time, and its grace ends after it. Nothing was changed.")
	}
	return db.decideOn(ctx, id, m.Cadence, m.Civil, m.By, m.Reason, at, func(o *store.Occurrence) (string, any) {
		if o.Moved.IsZero() {
			o.Moved = o.Due
		}
		o.Due, o.Grace, o.State, o.Reason = m.Due.UTC(), m.Grace.UTC(), store.Scheduled, m.Reason
		return store.AuditMoved, m
	})
}

// SkipOccurrence says that an occurrence does not take place. It fails with
// store.CodeInvalid without a reason, and store.CodeConflict for one that is done.
func (db *DB) SkipOccurrence(ctx context.Context, id string, s store.Skipping, at time.Time) error {
	if err := checkReason(s.By, at, s.Reason, "An occurrence is skipped only for a reason"); err != nil {
		return err
	}
	return db.decideOn(ctx, id, s.Cadence, s.Civil, s.By, s.Reason, at, func(o *store.Occurrence) (string, any) {
		o.State, o.Reason = store.Skipped, s.Reason
		return store.AuditSkipped, s
	})
}

// decideOn changes an occurrence that is not done, with its transition and its
// audit entry.
func (db *DB) decideOn(ctx context.Context, id, cadence, civil, by, why string, at time.Time, change func(*store.Occurrence) (action string, detail any)) error {
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		o, err := occurrence(ctx, tx, id, cadence, civil)
		if err != nil {
			return err
		}
		if o.State.Done() {
			return conflict("civil", "%s of %s is %s already. Nothing was changed.", spoken(civil), cadence, o.State)
		}
		from := o.State
		action, detail := change(&o)
		if err := saveOccurrence(ctx, tx, id, o, store.Transition{From: from, At: at, By: by, Why: why}); err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, action, by, at, detail)
	})
}

// RecordOccurrence keeps how an occurrence was held; r.By is who says so. Only
// a standup or report needs no next date: without one store.CodeInvalid. One
// that was held already gets the new record, and the change is kept; one that
// was missed or skipped is store.CodeConflict.
func (db *DB) RecordOccurrence(ctx context.Context, id, cadence, civil string, r store.Record, at time.Time) error {
	if err := checkCaller(r.By, at); err != nil {
		return err
	}
	if r.At.IsZero() {
		r.At = at
	}
	r.At = r.At.UTC()
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		o, err := occurrence(ctx, tx, id, cadence, civil)
		if err != nil {
			return err
		}
		if o.State.Done() && o.State != store.Held {
			return conflict("civil", "%s of %s is %s already. Nothing was changed.", spoken(civil), cadence, o.State)
		}
		if err := checkNext(ctx, tx, id, o, r); err != nil {
			return err
		}
		from := o.State
		o.State, o.Record = store.Held, r
		if err := saveOccurrence(ctx, tx, id, o, store.Transition{From: from, At: at, By: r.By, Why: r.Result}); err != nil {
			return err
		}
		if err := changed(ctx, tx, id); err != nil { // an answer says when the matrix was reviewed
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditHeld, r.By, at, auditRecord{cadence, civil, r})
	})
}

// auditRecord is the detail of a recording.
type auditRecord struct {
	Cadence string       `json:"cadence"`
	Civil   string       `json:"civil"`
	Record  store.Record `json:"record"`
}

// checkNext: nothing is done until the next one is dated.
func checkNext(ctx context.Context, tx *sql.Tx, id string, o store.Occurrence, r store.Record) error {
	e, err := engagementWith(ctx, tx, id, activeVersion)
	if err != nil {
		return err
	}
	for _, person := range r.Attended {
		if err := mustKnow(e, "attended", person); err != nil {
			return err
		}
	}
	name := quoted(o.Cadence)
	for i := range e.Cadences {
		if c := &e.Cadences[i]; c.ID == o.Cadence {
			if (c.Kind == store.KindStandup || c.Kind == store.KindReport) && r.Next.IsZero() {
				return nil
			}
			name = c.Name
		}
	}
	if !onCalendar(r.Next) {
		return invalid("next", name+" is not done until the next one is dated. Nothing was changed; give the next date, like 2027-01-12.")
	}
	if held := o.Civil[:min(len(o.Civil), len(time.DateOnly))]; r.Next.String() <= held {
		return invalid("next", fmt.Sprintf("The next %s can't be on %s, which is not after %s. Nothing was changed; give a later date.", name, r.Next, held))
	}
	return nil
}

// checkReason refuses a decision without a name or a reason.
func checkReason(by string, at time.Time, reason, sentence string) error {
	if err := checkCaller(by, at); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return invalid("reason", sentence+". Nothing was changed; say why.")
	}
	return nil
}

// mustKnow refuses who is not among the people.
func mustKnow(e *store.Engagement, field, person string) error {
	if _, ok := e.Person(person); ok {
		return nil
	}
	return notFound(field, "There is no person %s in %s. Nothing was changed; check the id under people.", quoted(person), e.ID)
}

// spoken is a civil time as it stands in a sentence.
func spoken(civil string) string { return strings.Replace(civil, "T", " ", 1) }
