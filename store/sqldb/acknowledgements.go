package sqldb

import (
	"context"
	"database/sql"
	"slices"

	"github.com/tandem-bot/tandem/store"
)

const requestColumns = `r.id, r.key, r.what, r.subject, r.version, r.title, r.text, r.mode, r.asked, r.by, r.at`

func scanRequest(rows *sql.Rows) (store.Acknowledgement, error) {
	var r store.Acknowledgement
	err := rows.Scan(&r.ID, &r.Key, &r.What, &r.Subject, &r.Version, &r.Title, &r.Text, &r.Mode, jsonColumn{&r.Asked}, &r.By, instantColumn{&r.At})
	return r, err
}

const eventColumns = `v.audit_seq, v.request, v.event, v.person, v.by, v.platform, v.identity, v.message, v.how, v.why, v.at`

func scanEvent(rows *sql.Rows) (ackEvent, error) {
	var e ackEvent
	err := rows.Scan(&e.seq, &e.Request, &e.event, &e.Person, &e.by, &e.Platform, &e.Identity, &e.Message, &e.How, &e.Why, instantColumn{&e.at})
	return e, err
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
	rows, err := q.QueryContext(ctx, `
		SELECT `+requestColumns+` FROM acknowledgement_requests r WHERE r.engagement_id = $1 AND `+where+` ORDER BY r.id`, args...)
	list, err := all(rows, err, scanRequest)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	rows, err = q.QueryContext(ctx, `
		SELECT `+eventColumns+` FROM acknowledgement_requests r
		JOIN acknowledgement_events v ON v.engagement_id = r.engagement_id AND v.request = r.id
		WHERE r.engagement_id = $1 AND `+where+` ORDER BY v.request, v.audit_seq`, args...)
	events, err := all(rows, err, scanEvent)
	if err != nil {
		return nil, err
	}
	at := 0
	for i := range events {
		for list[at].ID != events[i].Request {
			at++
		}
		events[i].apply(&list[at])
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
