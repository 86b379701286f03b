package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// openFindings returns those not closed, in the order in which they opened.
func openFindings(ctx context.Context, q Queryer, id string) ([]store.OpenFinding, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT content, level, opened, climbed, acknowledged, on_time FROM findings
		WHERE engagement_id = $1 AND closed = '' ORDER BY id`, id)
	return all(rows, err, func(rows *sql.Rows) (store.OpenFinding, error) {
		var f store.OpenFinding
		err := rows.Scan(jsonColumn{&f}, &f.Level, instantColumn{&f.Opened}, instantColumn{&f.Climbed}, maybeColumn{&f.Acknowledged}, &f.OnTime)
		return f, err
	})
}

// changeFinding brings one finding to where the sweep says it is. Only a
// change of level, its opening and its closing are transitions.
func changeFinding(ctx context.Context, tx *sql.Tx, id string, f store.FindingChange, at time.Time) error {
	content, err := encode(f.OpenFinding)
	if err != nil {
		return err
	}
	var number int
	var level store.Level
	err = tx.QueryRowContext(ctx, `
		SELECT id, level FROM findings WHERE engagement_id = $1 AND fingerprint = $2 AND closed = ''`, id, f.Fingerprint()).Scan(&number, &level)
	switch {
	case errors.Is(err, sql.ErrNoRows) && f.Closed:
		return nil // closed before
	case errors.Is(err, sql.ErrNoRows):
		level = store.LevelNone
		err = tx.QueryRowContext(ctx, `
			INSERT INTO findings (engagement_id, id, fingerprint, content, level, opened, climbed, acknowledged, on_time, closed)
			SELECT $1, COALESCE(MAX(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, '' FROM findings WHERE engagement_id = $1
			RETURNING id`,
			id, f.Fingerprint(), content.json, f.Level, instant(f.Opened), instant(f.Climbed), maybe(f.Acknowledged), f.OnTime).Scan(&number)
	case err == nil:
		closed := ""
		if f.Closed {
			closed = instant(at)
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE findings SET content = $3, level = $4, opened = $5, climbed = $6, acknowledged = $7, on_time = $8, closed = $9
			WHERE engagement_id = $1 AND id = $2`,
			id, number, content.json, f.Level, instant(f.Opened), instant(f.Climbed), maybe(f.Acknowledged), f.OnTime, closed)
	}
	if err != nil {
		return err
	}
	move, to := findingMove(level, f)
	if move == "" {
		return nil
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO finding_transitions (engagement_id, seq, finding_id, from_level, to_level, change, facts, at)
		SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7 FROM finding_transitions WHERE engagement_id = $1`,
		id, number, level, to, move, f.Facts, instant(at))
	return err
}

func findingMove(from store.Level, f store.FindingChange) (store.FindingMove, store.Level) {
	switch {
	case f.Closed:
		return store.FindingClosed, store.LevelNone
	case from == store.LevelNone:
		return store.FindingOpened, f.Level
	case f.Level > from:
		return store.FindingWorse, f.Level
	case f.Level < from:
		return store.FindingBetter, f.Level
	}
	return "", f.Level
}

// FindingTransitions returns every opening, climb, descent and closing of the
// engagement's findings, oldest first. An engagement that is not stored is
// store.CodeNotFound.
func (db *DB) FindingTransitions(ctx context.Context, id string) ([]store.FindingTransition, error) {
	if err := exists(ctx, db.read, id); err != nil {
		return nil, db.explain(err)
	}
	rows, err := db.read.QueryContext(ctx, `
		SELECT f.fingerprint, t.from_level, t.to_level, t.change, t.facts, t.at
		FROM finding_transitions t JOIN findings f ON f.engagement_id = t.engagement_id AND f.id = t.finding_id
		WHERE t.engagement_id = $1 ORDER BY t.seq`, id)
	list, err := all(rows, err, func(rows *sql.Rows) (store.FindingTransition, error) {
		var t store.FindingTransition
		err := rows.Scan(&t.Fingerprint, &t.From, &t.To, &t.Move, &t.Facts, instantColumn{&t.At})
		return t, err
	})
	return list, db.explain(err)
}
