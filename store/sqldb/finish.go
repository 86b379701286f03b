package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// FinishDelivery keeps how an attempt ended. It is store.CodeConflict, and
// changes nothing, where the delivery is not d's owner's any more or at
// another attempt: somebody else has taken it over.
//
// What was refused or is unknown comes again at o.Next, or is dead after
// store.DeliveryAttempts or store.DeliveryPatience. What was sent while its
// post got another card comes again as an update.
func (db *DB) FinishDelivery(ctx context.Context, d store.Delivery, o store.Outcome, now time.Time) error {
	if err := checkOutcome(d, o, now); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var revision int
		var address, first string
		err := tx.QueryRowContext(ctx, `
			SELECT p.revision, d.address, d.first_at FROM deliveries d JOIN posts p ON p.engagement_id = d.engagement_id AND p.key = d.post
			WHERE d.engagement_id = $1 AND d.post = $2 AND d.n = $3 AND d.state = 'sending' AND d.lease_owner = $4 AND d.attempt = $5 AND d.claims = $6`,
			d.Engagement, d.Post, d.N, d.Owner, d.Attempt, d.Claim).Scan(&revision, &address, &first)
		if errors.Is(err, sql.ErrNoRows) {
			return conflict("attempt", "Attempt %d of %s is not %s's any more. Nothing was changed.", d.Attempt, quoted(d.Key()), d.Owner)
		}
		if err != nil {
			return err
		}
		if err := (instantColumn{&d.First}).Scan(first); err != nil {
			return err
		}
		if err := finish(ctx, tx, &d, o, revision, now); err != nil {
			return err
		}
		free := now.Add(store.DeliverySpacing)
		if o.Hold && o.Next.After(free) {
			free = o.Next
		}
		// Where the lease ran out, another may be on its way there by now.
		_, err = tx.ExecContext(ctx, `
			UPDATE addresses SET free_at = $2 WHERE address = $1
				AND NOT EXISTS (SELECT 1 FROM deliveries WHERE address = $1 AND state = 'sending' AND next_at > $3)`,
			address, instant(free), instant(now))
		return err
	})
}

// finish writes the outcome of an attempt whose post has the revision now.
func finish(ctx context.Context, tx *sql.Tx, d *store.Delivery, o store.Outcome, revision int, now time.Time) error {
	if o.Kind == store.OutcomeSent {
		state := store.DeliverySent
		if revision > d.Revision {
			state = store.DeliveryPending
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE deliveries SET state = $4, attempt = 0, first_at = $5, next_at = $5, lease_owner = '',
				message_id = $6, sent_revision = $7, sent_at = $5, last_error = '', unknown = 0
			WHERE engagement_id = $1 AND post = $2 AND n = $3`,
			d.Engagement, d.Post, d.N, state, instant(now), o.Message, d.Revision)
		return err
	}
	if o.Kind == store.OutcomeDead || d.Attempt >= store.DeliveryAttempts || now.Sub(d.First) >= store.DeliveryPatience {
		return bury(ctx, tx, d, o.Reason, now)
	}
	// What was unknown before stays so: that this attempt was refused says
	// nothing about the ones before it.
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries SET state = 'pending', next_at = $4, lease_owner = '', last_error = $5,
			unknown = CASE WHEN $6 = 'unknown' THEN 1 ELSE unknown END
		WHERE engagement_id = $1 AND post = $2 AND n = $3`,
		d.Engagement, d.Post, d.N, instant(o.Next), o.Reason, o.Kind)
	return err
}

func checkOutcome(d store.Delivery, o store.Outcome, now time.Time) error {
	if err := checkCaller(d.Owner, now); err != nil {
		return err
	}
	switch o.Kind {
	case store.OutcomeSent:
		if o.Message == "" {
			return invalid("message", "What was sent has an id on its platform. Nothing was changed.")
		}
	case store.OutcomeRefused, store.OutcomeUnknown:
		if checkCaller(d.Owner, o.Next) != nil || o.Reason == "" {
			return invalid("next", "What was not sent has a reason and a time for the next attempt. Nothing was changed.")
		}
	case store.OutcomeDead:
		if o.Reason == "" {
			return invalid("reason", "What is given up has a reason. Nothing was changed.")
		}
	default:
		return invalid("kind", "An attempt ends sent, refused, unknown or dead. Nothing was changed.")
	}
	return nil
}
