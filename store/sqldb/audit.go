package sqldb

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// appendAudit adds one entry to the engagement's audit log. Detail is stored
// as a JSON object.
func appendAudit(ctx context.Context, tx *sql.Tx, id, action, by string, at time.Time, detail any) error {
	body, err := marshal(detail)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO audit_log (engagement_id, seq, at, by, action, detail)
		SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5 FROM audit_log WHERE engagement_id = $1`,
		id, instant(at), by, action, string(body))
	return err
}

// Audit returns the engagement's audit log, oldest first. An engagement that
// is not stored is store.CodeNotFound.
func (db *DB) Audit(ctx context.Context, id string) ([]store.AuditEntry, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT seq, at, by, action, detail FROM audit_log WHERE engagement_id = $1 ORDER BY seq`, id)
	entries, err := all(rows, err, func(rows *sql.Rows) (store.AuditEntry, error) {
		var a store.AuditEntry
		var detail string
		err := rows.Scan(&a.Seq, instantColumn{&a.At}, &a.By, &a.Action, &detail)
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
