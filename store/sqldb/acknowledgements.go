package sqldb

import (
	"context"
	"database/sql"
	"slices"

	"github.com/tandem-bot/tandem/store"
)

const requestColumns = `r.id, r.key, r.what, r.subject, r.version, r.title, r.text, r.mode, r.asked, r.by, r.at`

// eventColumns are NULL for a request to which nothing came yet.
const eventColumns = `v.audit_seq, v.event, v.person, v.by, v.platform, v.identity, v.message, v.how, v.why, v.at`

// cameOf is a request with one of its events, the zero one where it has none.
type cameOf struct {
	request   store.AckRequest
	asked, at string // as they are stored: they are read once for each request
	event     ackEvent
}

func scanCameOf(rows *sql.Rows) (cameOf, error) {
	var c cameOf
	r, e := &c.request, &c.event
	var seq sql.Null[int]
	err := rows.Scan(&r.ID, &r.Key, &r.What, &r.Subject, &r.Version, &r.Title, &r.Text, &r.Mode, &c.asked, &r.By, &c.at,
		&seq, textColumn{&e.event}, textColumn{&e.Person}, textColumn{&e.by}, textColumn{&e.Platform}, textColumn{&e.Identity},
		textColumn{&e.Message}, textColumn{(*string)(&e.How)}, textColumn{&e.Why}, maybeColumn{&e.at})
	e.seq = seq.V
	return c, err
}

// acknowledgement reads one request with what came of it, or tells what is missing.
func acknowledgement(ctx context.Context, q Queryer, id string, request int) (store.Acknowledgement, error) {
	list, err := acknowledgements(ctx, q, id, `r.id = $2`, request)
	if err != nil {
		return store.Acknowledgement{}, err
	}
	if len(list) == 0 {
		if err := exists(ctx, q, id); err != nil {
			return store.Acknowledgement{}, err
		}
		return store.Acknowledgement{}, notFound("request", "%s has no request %d for an acknowledgement. Nothing was changed.", id, request)
	}
	return list[0], nil
}

// acknowledgements reads the requests that a condition on r chooses, by
// number, with what came of them. What counts is worked out from the events alone.
func acknowledgements(ctx context.Context, q Queryer, id, where string, args ...any) ([]store.Acknowledgement, error) {
	args = append([]any{id}, args...)
	// From each request to its events by their index, whatever is chosen: the
	// outer joins say so. An engine that begins with the events would read all
	// that ever came in the engagement.
	rows, err := q.QueryContext(ctx, `
		SELECT `+requestColumns+`, `+eventColumns+` FROM acknowledgement_requests r
		LEFT JOIN acknowledgement_events i ON i.engagement_id = r.engagement_id AND i.request = r.id
		LEFT JOIN acknowledgement_events v ON v.engagement_id = i.engagement_id AND v.audit_seq = i.audit_seq
		WHERE r.engagement_id = $1 AND `+where+` ORDER BY r.id, i.audit_seq`, args...)
	came, err := all(rows, err, scanCameOf)
	if err != nil {
		return nil, err
	}
	var list []store.Acknowledgement
	for i := range came {
		c := &came[i]
		if i == 0 || came[i-1].request.ID != c.request.ID {
			r := store.Acknowledgement{AckRequest: c.request}
			if err := firstOf(jsonColumn{&r.Asked}.Scan(c.asked), instantColumn{&r.At}.Scan(c.at)); err != nil {
				return nil, err
			}
			list = append(list, r)
		}
		if c.event.seq != 0 {
			c.event.apply(&list[len(list)-1])
		}
	}
	return list, nil
}

// Acknowledgements lists requests with who has acknowledged and who has not,
// the newest first. An engagement that is not stored is store.CodeNotFound.
func (db *DB) Acknowledgements(ctx context.Context, id string, f store.AckFilter) ([]store.Acknowledgement, error) {
	var list []store.Acknowledgement
	err := db.reading(ctx, func(q Queryer) error {
		if err := exists(ctx, q, id); err != nil {
			return err
		}
		var err error
		list, err = acknowledgements(ctx, q, id, `
			($2 = 0 OR r.id = $2) AND ($3 = 0 OR r.closed_at = '')
			AND ($4 = '' OR r.id IN (SELECT request FROM acknowledgement_events WHERE engagement_id = $1 AND message = $4)
				OR EXISTS (SELECT 1 FROM deliveries d JOIN posts p ON p.engagement_id = d.engagement_id AND p.key = d.post
					WHERE d.engagement_id = $1 AND d.message_id = $4 AND d.message_id <> '' AND p.subject = 'request:' || r.id))`,
			f.Request, f.Open, f.Message)
		return err
	})
	if err != nil {
		return nil, db.explain(err)
	}
	slices.Reverse(list)
	list = slices.DeleteFunc(list, func(a store.Acknowledgement) bool {
		return f.Person != "" && (!slices.Contains(a.Asked, f.Person) || f.Missing && !slices.Contains(a.Missing(), f.Person))
	})
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return list, nil
}

// reading runs fn over one state of the store: what is written meanwhile it
// does not see.
func (db *DB) reading(ctx context.Context, fn func(Queryer) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return fn(tx)
}
