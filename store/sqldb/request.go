package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// RequestAcknowledgement asks people to acknowledge something and returns the
// request's number. A key that was used before asks nobody again: its number
// is returned. It fails with store.CodeInvalid where somebody or something is
// missing, and store.CodeNotFound for a person who is not in the engagement.
func (db *DB) RequestAcknowledgement(ctx context.Context, id string, r store.AckRequest, at time.Time) (int, error) {
	r.At = at.UTC()
	if err := checkRequest(r); err != nil {
		return 0, err
	}
	var number int
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		e, err := engagementWith(ctx, tx, id, activeVersion)
		if err != nil {
			return err
		}
		for _, person := range r.Asked {
			if err := mustKnow(e, "asked", person); err != nil {
				return err
			}
		}
		if number, err = requestWith(ctx, tx, id, r.Key); err != nil || number != 0 {
			return err
		}
		if number, err = nextRequest(ctx, tx, id); err != nil {
			return err
		}
		r.ID = number
		if err := addRequest(ctx, tx, id, r); err != nil {
			return err
		}
		return makeDue(ctx, tx, id, at)
	})
	if err != nil {
		return 0, err
	}
	return number, nil
}

// requestWith returns the number of the request with that key, or 0.
func requestWith(ctx context.Context, tx *sql.Tx, id, key string) (int, error) {
	var number int
	err := tx.QueryRowContext(ctx, `
		SELECT id FROM acknowledgement_requests WHERE engagement_id = $1 AND key = $2 AND key <> ''`, id, key).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return number, err
}

func nextRequest(ctx context.Context, q Queryer, id string) (int, error) {
	var number int
	err := q.QueryRowContext(ctx, `
		SELECT COALESCE(MAX(id), 0) + 1 FROM acknowledgement_requests WHERE engagement_id = $1`, id).Scan(&number)
	return number, err
}

// addRequest writes a request with its audit entry, whose detail is the request.
func addRequest(ctx context.Context, tx *sql.Tx, id string, r store.AckRequest) error {
	asked, err := encode(r.Asked)
	if err != nil {
		return err
	}
	seq, err := chainAudit(ctx, tx, id, store.AuditAckRequested, r.By, r.At, r)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO acknowledgement_requests (engagement_id, id, audit_seq, key, what, subject, version, title, text, mode, asked, by, at, closed_at, changed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 1)`,
		id, r.ID, seq, r.Key, r.What, r.Subject, r.Version, r.Title, r.Text, r.Mode, asked.json, r.By, instant(r.At))
	return err
}

func checkRequest(r store.AckRequest) error {
	if err := checkCaller(r.By, r.At); err != nil {
		return err
	}
	if !r.What.Valid() {
		return invalid("what", "Nothing of the kind "+quoted(string(r.What))+" asks for acknowledgements. Nothing was changed.")
	}
	if r.Mode != store.AckEach && r.Mode != store.AckFirst {
		return invalid("mode", "Say whether each one's acknowledgement is needed or the first one's. Nothing was changed.")
	}
	if r.Title == "" {
		return invalid("title", "Say what is to be acknowledged. Nothing was changed.")
	}
	if len(r.Asked) == 0 {
		return invalid("asked", "Nobody is asked. Nothing was changed; name somebody.")
	}
	for i, person := range r.Asked {
		if person == "" || slices.Contains(r.Asked[:i], person) {
			return invalid("asked", "Everybody is asked once, by their id. Nothing was changed.")
		}
	}
	return checkTexts(append([]string{r.By, r.Key, r.Subject, r.Title, r.Text}, r.Asked...)...)
}
