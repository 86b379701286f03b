package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// ImportEngagement stores an engagement, or what is new in it:
//
//   - A matrix version never changes. Its number with other content is
//     store.CodeConflict; so is a number below the active one.
//   - Version 0 (the file names none) means the active version where the matrix
//     is the same, and otherwise the next number.
//   - A signature that is not stored yet is added; one that the file lacks
//     stays, and the result says so.
//   - Anything else that differs makes a new revision.
//
// The same engagement again writes nothing. An engagement that breaks a rule
// is store.CodeInvalid. The caller's e is not changed and not kept.
func (db *DB) ImportEngagement(ctx context.Context, e *store.Engagement, by string, at time.Time) (store.ImportResult, error) {
	in, err := newIncoming(e, by, at)
	if err != nil {
		return store.ImportResult{}, err
	}
	var result store.ImportResult
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err = in.save(ctx, tx)
		return err
	})
	if err != nil {
		return store.ImportResult{}, err
	}
	return result, nil
}

// incoming is an engagement on its way into the store, checked and encoded
// before the transaction begins, so that the lock is held shortly.
type incoming struct {
	*store.Engagement
	by           string
	at           time.Time
	rest, matrix content
}

// stored is what there is of an engagement before an import. The zero value
// means nothing.
type stored struct {
	revision, version int
	rest, matrix      content
	signed            []store.Signature // of version
}

func newIncoming(e *store.Engagement, by string, at time.Time) (*incoming, error) {
	if e == nil {
		return nil, invalid("engagement", "There is no engagement to import. Nothing was changed.")
	}
	if err := checkCaller(by, at); err != nil {
		return nil, err
	}
	if problems := e.Validate(store.Rules{}); len(problems) > 0 {
		p := problems[0]
		return nil, invalid(p.Path, fmt.Sprintf("%s can't be stored: %s: %s. Nothing was changed.", quoted(e.ID), p.Path, p.Message))
	}
	in := &incoming{Engagement: e, by: by, at: at}
	var err error
	if in.rest, err = encode(revisionContent{Engagement: *e}); err != nil {
		return nil, err
	}
	m := e.Matrix
	in.matrix, err = encode(matrixContent{Effective: m.Effective, Reason: m.Reason, Functions: m.Functions, OutOfScope: m.OutOfScope})
	return in, err
}

// save does the whole import inside the transaction.
func (in *incoming) save(ctx context.Context, tx *sql.Tx) (store.ImportResult, error) {
	old, err := in.find(ctx, tx)
	if err != nil {
		return store.ImportResult{}, err
	}
	result, err := in.plan(old)
	if err != nil || result.Status == store.ImportUnchanged {
		return result, err
	}
	if err := in.write(ctx, tx, result); err != nil {
		return store.ImportResult{}, err
	}
	return result, appendAudit(ctx, tx, in.ID, store.AuditImported, in.by, in.at, result)
}

// find reads what is stored, or nothing.
func (in *incoming) find(ctx context.Context, tx *sql.Tx) (stored, error) {
	var old stored
	err := tx.QueryRowContext(ctx, `
		SELECT r.revision, r.content, r.sha256, m.version, m.content, m.sha256
		FROM engagements e
		JOIN engagement_revisions r ON r.engagement_id = e.id AND r.revision = e.revision
		JOIN matrix_versions m ON m.engagement_id = e.id AND m.version = e.matrix_version
		WHERE e.id = $1`, in.ID).
		Scan(&old.revision, &old.rest.json, &old.rest.sum, &old.version, &old.matrix.json, &old.matrix.sum)
	if errors.Is(err, sql.ErrNoRows) {
		return stored{}, nil
	}
	if err != nil {
		return stored{}, err
	}
	old.signed, err = signatures(ctx, tx, in.ID, old.version)
	return old, err
}

// plan works out what the import means, without touching the store.
func (in *incoming) plan(old stored) (store.ImportResult, error) {
	version, err := in.newVersion(old)
	if err != nil {
		return store.ImportResult{}, err
	}
	result := store.ImportResult{
		Engagement: in.ID, Status: store.ImportUpdated,
		OldVersion: old.version, Version: version,
		OldRevision: old.revision, Revision: old.revision,
	}
	if old.revision == 0 || !same[revisionContent](old.rest, in.rest) {
		result.Revision++
	}
	before := old.signed
	if version != old.version {
		before = nil // a new version begins unsigned
	}
	if result.Signed, result.Kept, err = in.newSignatures(version, before); err != nil {
		return store.ImportResult{}, err
	}
	switch {
	case old.revision == 0:
		result.Status = store.ImportCreated
	case version == old.version && result.Revision == old.revision && len(result.Signed) == 0:
		result.Status = store.ImportUnchanged
	}
	return result, nil
}

// newVersion returns the number that the matrix gets.
func (in *incoming) newVersion(old stored) (int, error) {
	named := in.Matrix.Version
	if old.version == 0 {
		return max(named, 1), nil
	}
	switch unchanged := same[matrixContent](old.matrix, in.matrix); {
	case named == 0 && unchanged:
		return old.version, nil
	case named == 0:
		return old.version + 1, nil
	case named < old.version:
		return 0, conflict("matrix.version", "Matrix version %d of %s is older than the active version %d; versions only go up: set matrix.version to %d, or import the newest file. Nothing was changed.",
			named, in.ID, old.version, old.version+1)
	case named == old.version && !unchanged:
		return 0, conflict("matrix.version", "Matrix version %d of %s is already stored with other rows; versions never change: set matrix.version to %d. Nothing was changed.",
			named, in.ID, old.version+1)
	}
	return named, nil
}

// newSignatures returns the signatures to add to those there before, and those
// there before that the file lacks.
func (in *incoming) newSignatures(version int, before []store.Signature) (added, kept []store.Signature, err error) {
	for _, s := range before {
		if !slices.Contains(in.Matrix.Signed, s) {
			kept = append(kept, s)
		}
		if _, ok := in.Person(s.By); !ok {
			return nil, nil, conflict("people", "%s has signed version %d of %s and is missing from people; keep them there, or set matrix.version to %d and sign again. Nothing was changed.",
				s.By, version, in.ID, version+1)
		}
	}
	for _, s := range in.Matrix.Signed {
		i := slices.IndexFunc(before, func(b store.Signature) bool { return b.By == s.By })
		switch {
		case i < 0:
			added = append(added, s)
		case before[i].Date != s.Date:
			return nil, nil, conflict("matrix.signed", "%s signed version %d of %s on %s, and the file says %s; signatures never change: put the stored date back. Nothing was changed.",
				s.By, version, in.ID, before[i].Date, s.Date)
		}
	}
	return added, kept, nil
}

// write stores what the plan says.
func (in *incoming) write(ctx context.Context, tx *sql.Tx, r store.ImportResult) error {
	now := instant(in.at)
	_, err := tx.ExecContext(ctx, `
		INSERT INTO engagements (id, client, msp, revision, matrix_version, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET client = excluded.client, msp = excluded.msp, revision = excluded.revision,
			matrix_version = excluded.matrix_version, updated_at = excluded.updated_at`,
		in.ID, in.Client, in.MSP, r.Revision, r.Version, now)
	if err != nil {
		return err
	}
	if r.Revision != r.OldRevision {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO engagement_revisions (engagement_id, revision, content, sha256, imported_at, imported_by)
			VALUES ($1, $2, $3, $4, $5, $6)`, in.ID, r.Revision, in.rest.json, in.rest.sum, now, in.by)
		if err != nil {
			return err
		}
		if err := in.list(ctx, tx); err != nil {
			return err
		}
	}
	if r.Version != r.OldVersion {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO matrix_versions (engagement_id, version, content, sha256, effective, reason, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			in.ID, r.Version, in.matrix.json, in.matrix.sum, in.Matrix.Effective.String(), in.Matrix.Reason, now)
		if err != nil {
			return err
		}
	}
	if r.Version == r.OldVersion && len(r.Signed) > 0 {
		// A draft that is signed reads another way, with the same numbers.
		if err := changed(ctx, tx, in.ID); err != nil {
			return err
		}
	}
	return in.sign(ctx, tx, r)
}

// sign appends the new signatures after those already there. What they sign
// is the sum that stands with the version, which an older Tandem may have made.
func (in *incoming) sign(ctx context.Context, tx *sql.Tx, r store.ImportResult) error {
	for _, s := range r.Signed {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO matrix_signatures (engagement_id, version, seq, person, signed_on, sha256, imported_at, imported_by)
			SELECT m.engagement_id, m.version,
				(SELECT COALESCE(MAX(seq), 0) + 1 FROM matrix_signatures WHERE engagement_id = $1 AND version = $2),
				$3, $4, m.sha256, $5, $6
			FROM matrix_versions m WHERE m.engagement_id = $1 AND m.version = $2`,
			in.ID, r.Version, s.By, s.Date.String(), instant(in.at), in.by)
		if err != nil {
			return err
		}
	}
	return nil
}

func conflict(field, format string, args ...any) error {
	e := store.Errorf(store.CodeConflict, format, args...)
	e.Field = field
	return e
}
