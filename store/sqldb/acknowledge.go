package sqldb

import (
	"context"
	"database/sql"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/store"
)

// ackEvent is one row of acknowledgement_events, and the detail of its audit
// entry: VerifyAudit holds one against the other. Who and when stand in the
// entry's own columns.
type ackEvent struct {
	Request  int       `json:"request"`
	Person   string    `json:"person,omitempty"`
	Platform string    `json:"platform,omitempty"`
	Identity string    `json:"identity,omitempty"`
	Message  string    `json:"message,omitempty"`
	How      store.How `json:"how,omitempty"`
	Why      string    `json:"why,omitempty"`

	event string
	by    string
	at    time.Time
	seq   int
}

// The events of a request.
const (
	ackGiven    = "given"
	ackUndone   = "undone"
	ackReminded = "reminded"
	ackClosed   = "closed"
)

// ackActions are their actions in the audit log.
var ackActions = map[string]string{
	ackGiven: store.AuditAckGiven, ackUndone: store.AuditAckUndone,
	ackReminded: store.AuditAckReminded, ackClosed: store.AuditAckClosed,
}

// Acknowledge keeps that somebody who was asked has acknowledged. Again is no
// error and changes nothing: the result says who did, and when. Whether
// somebody may do it on behalf of another is the caller's to check; it is
// recorded. The first acknowledgement closes a request of mode first, and the
// last one of mode each.
//
// Of a request about drift it marks the finding as acknowledged. It fails with
// store.CodeNotFound for a request that is not there, store.CodeForbidden for
// a person who was not asked, and store.CodeConflict for a request that was
// closed without an acknowledgement.
func (db *DB) Acknowledge(ctx context.Context, id string, a store.Acknowledging, at time.Time) (store.AckResult, error) {
	if a.By == "" {
		a.By = a.Person
	}
	e := ackEvent{
		Request: a.Request, Person: a.Person, Platform: a.Platform, Identity: a.Identity, Message: a.Message, How: a.How,
		event: ackGiven, by: a.By, at: at.UTC(),
	}
	if err := e.check(); err != nil {
		return store.AckResult{}, err
	}
	var result store.AckResult
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := acknowledgement(ctx, tx, id, a.Request)
		if err != nil {
			return err
		}
		if !slices.Contains(r.Asked, a.Person) {
			return forbidden("person", "%s was not asked to acknowledge %s; only those asked can. Nothing was changed.", quoted(a.Person), quoted(r.Title))
		}
		if given, ok := already(r, a.Person); ok {
			result = store.AckResult{Acknowledgement: r, Already: true, Who: given.Person, When: given.At}
			return nil
		}
		if !r.Closed.IsZero() {
			return conflict("request", "%s was closed on %s: %s. Nothing was changed.", quoted(r.Title), r.Closed.Format(time.DateOnly), r.Why)
		}
		if err := e.write(ctx, tx, id, &r); err != nil {
			return err
		}
		result = store.AckResult{Acknowledgement: r, Who: a.Person, When: e.at}
		return makeDue(ctx, tx, id, at)
	})
	if err != nil {
		return store.AckResult{}, err
	}
	return result, nil
}

// already finds what makes a press needless: the person's own, or that of
// whoever was first where one is enough.
func already(r store.Acknowledgement, person string) (store.Given, bool) {
	if given, ok := r.Of(person); ok {
		return given, true
	}
	if r.Mode == store.AckFirst && len(r.Given) > 0 {
		return r.Given[0], true
	}
	return store.Given{}, false
}

// UndoAcknowledgement takes an acknowledgement back, by whoever pressed and
// within store.UndoWithin. A request that it had closed is open again. It
// fails with store.CodeNotFound where there is none, store.CodeForbidden for
// somebody else, and store.CodeConflict after that time.
func (db *DB) UndoAcknowledgement(ctx context.Context, id string, u store.Undoing, at time.Time) error {
	if u.By == "" {
		u.By = u.Person
	}
	e := ackEvent{
		Request: u.Request, Person: u.Person, Platform: u.Platform, Identity: u.Identity, How: u.How,
		event: ackUndone, by: u.By, at: at.UTC(),
	}
	if err := e.check(); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := acknowledgement(ctx, tx, id, u.Request)
		if err != nil {
			return err
		}
		given, ok := r.Of(u.Person)
		if !ok {
			return notFound("person", "%s has not acknowledged %s, so there is nothing to undo. Nothing was changed.", quoted(u.Person), quoted(r.Title))
		}
		if given.By != u.By {
			return forbidden("by", "Only %s, who pressed, can undo it. Nothing was changed.", given.By)
		}
		if fixed := given.At.Add(store.UndoWithin); at.After(fixed) {
			return conflict("at", "The acknowledgement of %s is fixed since %s UTC, five minutes after the press. Nothing was changed.",
				quoted(r.Title), fixed.Format("2006-01-02 15:04:05"))
		}
		if err := e.write(ctx, tx, id, &r); err != nil {
			return err
		}
		return makeDue(ctx, tx, id, at)
	})
}

// check refuses what the audit log could not hold as it is.
func (e *ackEvent) check() error {
	if err := checkCaller(e.by, e.at); err != nil {
		return err
	}
	if !e.How.Valid() {
		return invalid("how", "An acknowledgement comes by a button, typed, or by a form. Nothing was changed.")
	}
	return checkTexts(e.by, e.Person, e.Platform, e.Identity, e.Message)
}

func checkTexts(texts ...string) error {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return invalid("text", "This holds text that is no UTF-8. Nothing was changed.")
		}
	}
	return nil
}

// write appends the event with its audit entry, and brings r, the request's
// row and the finding that it is about up to date.
func (e *ackEvent) write(ctx context.Context, tx *sql.Tx, id string, r *store.Acknowledgement) error {
	seq, err := chainAudit(ctx, tx, id, ackActions[e.event], e.by, e.at, e)
	if err != nil {
		return err
	}
	e.seq = seq
	_, err = tx.ExecContext(ctx, `
		INSERT INTO acknowledgement_events (engagement_id, audit_seq, request, event, person, by, platform, identity, message, how, why, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id, seq, e.Request, e.event, e.Person, e.by, e.Platform, e.Identity, e.Message, e.How, e.Why, instant(e.at))
	if err != nil {
		return err
	}
	e.apply(r)
	_, err = tx.ExecContext(ctx, `
		UPDATE acknowledgement_requests SET closed_at = $3, changed = 1
		WHERE engagement_id = $1 AND id = $2 AND (closed_at <> $3 OR changed = 0)`,
		id, e.Request, maybe(r.Closed))
	if err != nil || r.What != store.AckDrift {
		return err
	}
	acknowledged := ""
	if len(r.Given) > 0 {
		acknowledged = instant(r.Given[0].At)
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE findings SET acknowledged = $3 WHERE engagement_id = $1 AND fingerprint = $2 AND closed = ''`,
		id, r.Subject, acknowledged)
	return err
}

// apply brings a request from before the event to after it.
func (e *ackEvent) apply(r *store.Acknowledgement) {
	switch e.event {
	case ackGiven:
		r.Given = append(r.Given, store.Given{
			Person: e.Person, By: e.by, Platform: e.Platform, Identity: e.Identity, Message: e.Message, How: e.How, At: e.at, Seq: e.seq,
		})
		if r.Closed.IsZero() && r.Satisfied() {
			r.Closed = e.at
		}
	case ackUndone:
		r.Given = slices.DeleteFunc(r.Given, func(g store.Given) bool { return g.Person == e.Person })
		if r.Why == "" {
			r.Closed = time.Time{}
		}
	case ackReminded:
		r.Reminders, r.Reminded = r.Reminders+1, e.at
	case ackClosed:
		r.Why, r.Closed = e.Why, e.at
	}
}

func forbidden(field, format string, args ...any) error {
	e := store.Errorf(store.CodeForbidden, format, args...)
	e.Field = field
	return e
}
