package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// activeVersion asks engagementWith for whichever matrix version is active.
const activeVersion = 0

// Engagement returns the engagement whole: its newest revision with the active
// matrix and every signature of that. One that is not stored is store.CodeNotFound.
func (db *DB) Engagement(ctx context.Context, id string) (*store.Engagement, error) {
	e, err := engagementWith(ctx, db.read, id, activeVersion)
	return e, db.explain(err)
}

// EngagementAt returns the newest revision with the matrix of that version, as
// it was signed. The people of an old version may have left since. An
// engagement or version that is not stored is store.CodeNotFound.
func (db *DB) EngagementAt(ctx context.Context, id string, version int) (*store.Engagement, error) {
	if version == activeVersion { // no matrix has the number 0
		return nil, db.explain(unknownVersion(ctx, db.read, id, version))
	}
	e, err := engagementWith(ctx, db.read, id, version)
	return e, db.explain(err)
}

// Engagements returns what is stored, by id.
func (db *DB) Engagements(ctx context.Context) ([]store.EngagementSummary, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT id, client, msp, matrix_version, revision, updated_at FROM engagements ORDER BY id`)
	list, err := all(rows, err, func(rows *sql.Rows) (store.EngagementSummary, error) {
		var s store.EngagementSummary
		err := rows.Scan(&s.ID, &s.Client, &s.MSP, &s.Version, &s.Revision, instantColumn{&s.UpdatedAt})
		return s, err
	})
	return list, db.explain(err)
}

// MatrixVersions returns every stored version of the engagement's matrix, the
// oldest first. An engagement that is not stored is store.CodeNotFound.
func (db *DB) MatrixVersions(ctx context.Context, id string) ([]store.MatrixVersion, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT m.version, m.effective, m.reason, m.sha256, m.created_at, m.version = e.matrix_version
		FROM matrix_versions m JOIN engagements e ON e.id = m.engagement_id
		WHERE m.engagement_id = $1 ORDER BY m.version`, id)
	list, err := all(rows, err, func(rows *sql.Rows) (store.MatrixVersion, error) {
		var v store.MatrixVersion
		err := rows.Scan(&v.Version, dateColumn{&v.Effective}, &v.Reason, &v.SHA256, instantColumn{&v.CreatedAt}, &v.Active)
		return v, err
	})
	if err != nil {
		return nil, db.explain(err)
	}
	if len(list) == 0 {
		return nil, unknownEngagement(id)
	}
	for i := range list {
		if list[i].Signed, err = signatures(ctx, db.read, id, list[i].Version); err != nil {
			return nil, db.explain(err)
		}
	}
	return list, nil
}

// engagementWith reads the newest revision with one matrix version. The
// signatures come from a second statement without a transaction around both:
// they are only ever added to, so the worst is one that arrived in between.
func engagementWith(ctx context.Context, q Queryer, id string, version int) (*store.Engagement, error) {
	var rest, matrix content
	err := q.QueryRowContext(ctx, `
		SELECT r.content, r.sha256, m.version, m.content, m.sha256
		FROM engagements e
		JOIN engagement_revisions r ON r.engagement_id = e.id AND r.revision = e.revision
		JOIN matrix_versions m ON m.engagement_id = e.id AND m.version = COALESCE(NULLIF($2, 0), e.matrix_version)
		WHERE e.id = $1`, id, version).Scan(&rest.json, &rest.sum, &version, &matrix.json, &matrix.sum)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, unknownVersion(ctx, q, id, version)
	}
	if err != nil {
		return nil, err
	}
	revision, err := decode[revisionContent](rest, "engagement "+id)
	if err != nil {
		return nil, err
	}
	rows, err := decode[matrixContent](matrix, fmt.Sprintf("matrix version %d of %s", version, id))
	if err != nil {
		return nil, err
	}
	signed, err := signatures(ctx, q, id, version)
	if err != nil {
		return nil, err
	}
	e := revision.Engagement
	e.Matrix = store.Matrix{
		Version: version, Effective: rows.Effective, Reason: rows.Reason,
		Signed: signed, Functions: rows.Functions, OutOfScope: rows.OutOfScope,
	}
	return &e, nil
}

// signatures returns those of one matrix version in the order of the file.
func signatures(ctx context.Context, q Queryer, id string, version int) ([]store.Signature, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT person, signed_on FROM matrix_signatures WHERE engagement_id = $1 AND version = $2 ORDER BY seq`,
		id, version)
	return all(rows, err, func(rows *sql.Rows) (store.Signature, error) {
		var s store.Signature
		err := rows.Scan(&s.By, dateColumn{&s.Date})
		return s, err
	})
}

// exists is nil for a stored engagement.
func exists(ctx context.Context, q Queryer, id string) error {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM engagements WHERE id = $1`, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return unknownEngagement(id)
	}
	return err
}

// unknownVersion tells whether the engagement is missing or only the version.
func unknownVersion(ctx context.Context, q Queryer, id string, version int) error {
	rows, err := q.QueryContext(ctx, `SELECT version FROM matrix_versions WHERE engagement_id = $1 ORDER BY version`, id)
	stored, err := all(rows, err, func(rows *sql.Rows) (string, error) {
		var n int
		err := rows.Scan(&n)
		return strconv.Itoa(n), err
	})
	if err != nil {
		return err
	}
	if len(stored) == 0 {
		return unknownEngagement(id)
	}
	return &store.Error{
		Code: store.CodeNotFound, Field: "version",
		Message: fmt.Sprintf("%s has no matrix version %d. Stored: %s.", id, version, strings.Join(stored, ", ")),
	}
}
