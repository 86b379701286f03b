package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// appendAudit adds one entry to the engagement's audit log, as every use case
// does that changes something, and so makes a sweep look at the engagement.
// Detail is stored as a JSON object.
func appendAudit(ctx context.Context, tx *sql.Tx, id, action, by string, at time.Time, detail any) error {
	if _, err := chainAudit(ctx, tx, id, action, by, at, detail); err != nil {
		return err
	}
	return makeDue(ctx, tx, id, at)
}

// chainAudit adds the entry and returns its number.
func chainAudit(ctx context.Context, tx *sql.Tx, id, action, by string, at time.Time, detail any) (int, error) {
	body, err := marshal(detail)
	if err != nil {
		return 0, err
	}
	var seq int
	var previous string
	err = tx.QueryRowContext(ctx, `SELECT audit_seq + 1, audit_sha256 FROM engagements WHERE id = $1`, id).Scan(&seq, &previous)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, unknownEngagement(id)
	}
	if err != nil {
		return 0, err
	}
	sum := Chain(previous, id, strconv.Itoa(seq), instant(at), by, action, string(body))
	_, err = tx.ExecContext(ctx, `
		INSERT INTO audit_log (engagement_id, seq, at, by, action, detail, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, seq, instant(at), by, action, string(body), sum)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE engagements SET audit_seq = $2, audit_sha256 = $3 WHERE id = $1`, id, seq, sum)
	return seq, err
}

// Audit returns the engagement's audit log, oldest first. An engagement that
// is not stored is store.CodeNotFound.
func (db *DB) Audit(ctx context.Context, id string) ([]store.AuditEntry, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT seq, at, by, action, detail, sha256 FROM audit_log WHERE engagement_id = $1 ORDER BY seq`, id)
	entries, err := all(rows, err, func(rows *sql.Rows) (store.AuditEntry, error) {
		var a store.AuditEntry
		var detail string
		err := rows.Scan(&a.Seq, instantColumn{&a.At}, &a.By, &a.Action, &detail, &a.SHA256)
		a.Detail = []byte(detail)
		return a, err
	})
	if err != nil {
		return nil, db.explain(err)
	}
	if len(entries) == 0 { // each engagement's first entry is its import
		return nil, unknownEngagement(id)
	}
	return entries, nil
}
