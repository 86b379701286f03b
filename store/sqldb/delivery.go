package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// ClaimDeliveries leases up to limit deliveries that are due, the longest due
// first: posts that are not there yet, and those that stand with an older
// card. Of one address it hands out one at a time, and the next a second later
// at the earliest; a reply waits until what it answers stands at the same
// address, or is dead.
//
// A delivery whose lease ran out comes again, as unknown. One that was tried
// too often or waited too long is dead instead.
func (db *DB) ClaimDeliveries(ctx context.Context, owner string, now, leaseUntil time.Time, limit int) ([]store.Delivery, error) {
	if err := checkClaim(owner, now, leaseUntil); err != nil {
		return nil, err
	}
	var due bool
	err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 `+deliverable+`)`, instant(now)).Scan(&due)
	if err != nil || !due || limit <= 0 {
		return nil, db.explain(err)
	}
	var claimed []store.Delivery
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		claimed = nil
		list, err := claimableDeliveries(ctx, tx, now, limit)
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.tooOld(now) {
				err = c.bury(ctx, tx, now)
			} else {
				err = c.claim(ctx, tx, owner, now, leaseUntil)
				claimed = append(claimed, c.Delivery)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

// waiting is what is to be claimed, now or later; a reply whose parent is not
// there yet waits for that, and not for a time.
const waiting = `
	FROM deliveries d
	JOIN addresses a ON a.address = d.address
	JOIN posts p ON p.engagement_id = d.engagement_id AND p.key = d.post
	LEFT JOIN deliveries t ON t.engagement_id = d.engagement_id AND t.post = p.thread AND t.address = d.address
	WHERE d.state IN ('pending', 'sending') AND (t.post IS NULL OR t.message_id <> '' OR t.state = 'dead')`

// deliverable is what may be claimed at $1.
const deliverable = waiting + ` AND d.next_at <= $1 AND a.free_at <= $1`

// candidate is a delivery that may be claimed.
type candidate struct {
	store.Delivery
	address string
}

// claimableDeliveries reads along the index of what is due until it has
// enough, one for each address. Those that are too old count for no address.
func claimableDeliveries(ctx context.Context, tx *sql.Tx, now time.Time, limit int) ([]candidate, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT d.engagement_id, d.post, d.n, p.kind, p.subject, p.private, d.platform, d.tenant, d.channel, d.user_id, d.address,
			COALESCE(t.message_id, ''), d.message_id, p.card, p.revision, d.attempt, d.claims, d.unknown OR d.state = 'sending', d.first_at, d.last_error
		`+deliverable+`
		ORDER BY d.next_at, d.first_at, d.engagement_id, p.seq, d.n`, instant(now))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var list []candidate
	busy := map[string]bool{}
	for len(list) < limit && rows.Next() {
		var c candidate
		var card string
		err := rows.Scan(&c.Engagement, &c.Post, &c.N, &c.Kind, &c.Subject, &c.Private, &c.To.Platform, &c.To.Tenant, &c.To.Channel, &c.To.User, &c.address,
			&c.Thread, &c.Update, &card, &c.Revision, &c.Attempt, &c.Claim, &c.Unknown, instantColumn{&c.First}, &c.Error)
		if err != nil {
			return nil, err
		}
		if c.Card = []byte(card); busy[c.address] {
			continue
		}
		busy[c.address] = !c.tooOld(now)
		list = append(list, c)
	}
	return list, rows.Err()
}

func (c *candidate) tooOld(now time.Time) bool {
	return c.Attempt >= store.DeliveryAttempts || now.Sub(c.First) >= store.DeliveryPatience
}

func (c *candidate) claim(ctx context.Context, tx *sql.Tx, owner string, now, leaseUntil time.Time) error {
	c.Owner, c.Attempt, c.Claim = owner, c.Attempt+1, c.Claim+1
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries SET state = 'sending', attempt = $4, next_at = $5, lease_owner = $6, unknown = $7, claims = $8
		WHERE engagement_id = $1 AND post = $2 AND n = $3`,
		c.Engagement, c.Post, c.N, c.Attempt, instant(leaseUntil), owner, c.Unknown, c.Claim)
	if err != nil {
		return err
	}
	// Until it is finished nothing else goes there, unless its lease runs out.
	free := leaseUntil
	if spaced := now.Add(store.DeliverySpacing); spaced.After(free) {
		free = spaced
	}
	_, err = tx.ExecContext(ctx, `UPDATE addresses SET free_at = $2 WHERE address = $1`, c.address, instant(free))
	return err
}

// bury gives a delivery up that nobody finished.
func (c *candidate) bury(ctx context.Context, tx *sql.Tx, now time.Time) error {
	reason := c.Error
	if reason == "" {
		reason = "no answer from the platform"
	}
	return bury(ctx, tx, &c.Delivery, reason, now)
}

// bury makes a delivery dead and has a sweep look, for someone must be told.
func bury(ctx context.Context, tx *sql.Tx, d *store.Delivery, reason string, now time.Time) error {
	if d.Attempt >= store.DeliveryAttempts {
		reason = fmt.Sprintf("%s (%d attempts)", reason, d.Attempt)
	} else if now.Sub(d.First) >= store.DeliveryPatience {
		reason = fmt.Sprintf("%s (waited since %s)", reason, d.First.Format("2006-01-02 15:04 UTC"))
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries SET state = 'dead', next_at = $4, lease_owner = '', last_error = $5
		WHERE engagement_id = $1 AND post = $2 AND n = $3`, d.Engagement, d.Post, d.N, instant(now), reason)
	if err != nil {
		return err
	}
	return makeDue(ctx, tx, d.Engagement, now)
}

// ReleaseDeliveries gives back what the owner holds, as when it stops. Since
// it may have been sent, it comes again as unknown.
func (db *DB) ReleaseDeliveries(ctx context.Context, owner string) error {
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE addresses SET free_at = (SELECT MIN(first_at) FROM deliveries d WHERE d.address = addresses.address AND d.lease_owner = $1)
			WHERE address IN (SELECT address FROM deliveries WHERE lease_owner = $1 AND lease_owner <> '')
				AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.address = addresses.address AND d.state = 'sending' AND d.lease_owner <> $1)`, owner)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE deliveries SET state = 'pending', unknown = 1, next_at = first_at, lease_owner = ''
			WHERE lease_owner = $1 AND lease_owner <> ''`, owner)
		return err
	})
}

// DeadDeliveries returns the engagement's deliveries that were given up, the
// last one first. An engagement that is not stored is store.CodeNotFound.
func (db *DB) DeadDeliveries(ctx context.Context, id string) ([]store.Delivery, error) {
	if err := exists(ctx, db.read, id); err != nil {
		return nil, db.explain(err)
	}
	rows, err := db.read.QueryContext(ctx, `
		SELECT d.engagement_id, d.post, d.n, p.kind, p.subject, p.private, d.platform, d.tenant, d.channel, d.user_id,
			d.message_id, p.card, p.revision, d.attempt, d.claims, d.unknown, d.first_at, d.last_error, d.next_at
		FROM deliveries d JOIN posts p ON p.engagement_id = d.engagement_id AND p.key = d.post
		WHERE d.engagement_id = $1 AND d.state = 'dead' ORDER BY d.next_at DESC, d.post, d.n`, id)
	list, err := all(rows, err, func(rows *sql.Rows) (store.Delivery, error) {
		var d store.Delivery
		var card string
		err := rows.Scan(&d.Engagement, &d.Post, &d.N, &d.Kind, &d.Subject, &d.Private, &d.To.Platform, &d.To.Tenant, &d.To.Channel, &d.To.User,
			&d.Update, &card, &d.Revision, &d.Attempt, &d.Claim, &d.Unknown, instantColumn{&d.First}, &d.Error, instantColumn{&d.At})
		d.Card = []byte(card)
		return d, err
	})
	return list, db.explain(err)
}
