package sqldb

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// RecordAnswer keeps what somebody said to a standup. Whether it is time for
// it, and what of it is a blocker, is the caller's to say: of blockers only
// Text and Function count. Answering again takes the place of the answer
// before, which is kept: a blocker of it that is not among the new ones is
// closed, and one with the same text stays open as it is.
//
// It fails with store.CodeNotFound for an occurrence or person that is not
// there, and store.CodeConflict for an occurrence that was missed or skipped.
func (db *DB) RecordAnswer(ctx context.Context, id string, a store.Answer, blockers []store.Blocker, at time.Time) error {
	if err := checkCaller(a.Person, at); err != nil {
		return err
	}
	if !slices.Contains([]store.AnswerKind{store.Answered, store.NothingToReport, store.SaidAway}, a.Kind) {
		return invalid("kind", "An answer is what there is to say, nothing to report, or away. Nothing was changed.")
	}
	if a.Kind != store.Answered && len(a.Answers)+len(blockers) > 0 {
		return invalid("kind", "Who has something to say has something to report. Nothing was changed.")
	}
	texts, err := encode(append([]string{}, a.Answers...))
	if err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := mustBeOpenFor(ctx, tx, id, a.Cadence, a.Civil, a.Person); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO answers (engagement_id, seq, cadence, civil, person, kind, answers, platform, how, at)
			SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM answers WHERE engagement_id = $1`,
			id, a.Cadence, a.Civil, a.Person, a.Kind, texts.json, a.Platform, a.How, instant(at))
		if err != nil {
			return err
		}
		if err := replaceBlockers(ctx, tx, id, a, blockers, at); err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditAnswered, a.Person, at, auditAnswer{
			a.Cadence, a.Civil, a.Kind, a.Platform, a.How, texts.sum, len(blockers),
		})
	})
}

// auditAnswer is the detail of an answer: its texts by their sum alone.
type auditAnswer struct {
	Cadence  string           `json:"cadence"`
	Civil    string           `json:"civil"`
	Kind     store.AnswerKind `json:"kind"`
	Platform string           `json:"platform,omitempty"`
	How      store.How        `json:"how,omitempty"`
	SHA256   string           `json:"answers_sha256"`
	Blockers int              `json:"blockers,omitempty"`
}

// mustBeOpenFor checks that somebody of the engagement may say something to an
// occurrence.
func mustBeOpenFor(ctx context.Context, tx *sql.Tx, id, cadence, civil, person string) error {
	o, err := occurrence(ctx, tx, id, cadence, civil)
	if err != nil {
		return err
	}
	if o.State == store.Missed || o.State == store.Skipped {
		return conflict("civil", "%s of %s was %s. Nothing was changed.", spoken(civil), cadence, o.State)
	}
	e, err := engagementWith(ctx, tx, id, activeVersion)
	if err != nil {
		return err
	}
	return mustKnow(e, "person", person)
}

// replaceBlockers makes the person's open blockers of one occurrence those given.
func replaceBlockers(ctx context.Context, tx *sql.Tx, id string, a store.Answer, blockers []store.Blocker, at time.Time) error {
	open, err := openBlockers(ctx, tx, id)
	if err != nil {
		return err
	}
	wanted := slices.Clone(blockers)
	for _, b := range open {
		if b.Cadence != a.Cadence || b.Civil != a.Civil || b.Person != a.Person {
			continue
		}
		if i := slices.IndexFunc(wanted, func(w store.Blocker) bool { return w.Text == b.Text && w.Function == b.Function }); i >= 0 {
			wanted = slices.Delete(wanted, i, i+1)
			continue
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE blockers SET closed_by = $3, closed_at = $4 WHERE engagement_id = $1 AND id = $2`, id, b.ID, a.Person, instant(at))
		if err != nil {
			return err
		}
	}
	for _, b := range wanted {
		if strings.TrimSpace(b.Text) == "" {
			return invalid("blockers", "A blocker needs a word on what blocks. Nothing was changed.")
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO blockers (engagement_id, id, cadence, civil, person, text, function_id, opened_at, closed_by, closed_at)
			SELECT $1, COALESCE(MAX(id), 0) + 1, $2, $3, $4, $5, $6, $7, '', '' FROM blockers WHERE engagement_id = $1`,
			id, a.Cadence, a.Civil, a.Person, b.Text, b.Function, instant(at))
		if err != nil {
			return err
		}
	}
	return nil
}

const blockerColumns = `id, cadence, civil, person, text, function_id, opened_at, closed_by, closed_at`

func scanBlocker(rows *sql.Rows) (store.Blocker, error) {
	var b store.Blocker
	err := rows.Scan(&b.ID, &b.Cadence, &b.Civil, &b.Person, &b.Text, &b.Function, instantColumn{&b.Opened}, &b.ClosedBy, maybeColumn{&b.Closed})
	return b, err
}

func openBlockers(ctx context.Context, q Queryer, id string) ([]store.Blocker, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+blockerColumns+` FROM blockers WHERE engagement_id = $1 AND closed_at = '' ORDER BY id`, id)
	return all(rows, err, scanBlocker)
}

// CloseBlocker says that something does not hold anybody up any more. It fails
// with store.CodeNotFound for one that is not there, and store.CodeConflict
// for one that was closed before.
func (db *DB) CloseBlocker(ctx context.Context, id string, blocker int, by string, at time.Time) error {
	if err := checkCaller(by, at); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+blockerColumns+` FROM blockers WHERE engagement_id = $1 AND id = $2`, id, blocker)
		list, err := all(rows, err, scanBlocker)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			if err := exists(ctx, tx, id); err != nil {
				return err
			}
			return notFound("blocker", "%s has no blocker %d. Nothing was changed.", id, blocker)
		}
		b := list[0]
		if !b.Closed.IsZero() {
			return conflict("blocker", "Blocker %d was closed already, by %s on %s. Nothing was changed.", blocker, b.ClosedBy, b.Closed.Format(time.DateOnly))
		}
		b.ClosedBy, b.Closed = by, at.UTC()
		_, err = tx.ExecContext(ctx, `
			UPDATE blockers SET closed_by = $3, closed_at = $4 WHERE engagement_id = $1 AND id = $2`, id, blocker, by, instant(at))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditBlockerClosed, by, at, b)
	})
}

// RSVP keeps whether somebody will be there; the last one counts. It fails
// like RecordAnswer.
func (db *DB) RSVP(ctx context.Context, id string, r store.RSVP, at time.Time) error {
	if err := checkCaller(r.Person, at); err != nil {
		return err
	}
	r.At = at.UTC()
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := mustBeOpenFor(ctx, tx, id, r.Cadence, r.Civil, r.Person); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO rsvps (engagement_id, seq, cadence, civil, person, coming, platform, how, at)
			SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM rsvps WHERE engagement_id = $1`,
			id, r.Cadence, r.Civil, r.Person, r.Coming, r.Platform, r.How, instant(at))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditRSVP, r.Person, at, r)
	})
}
