package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// RecordAbsence keeps that a person of the engagement is away and returns the
// absence's id, which CancelAbsence takes. It fails with store.CodeInvalid for
// days that don't exist or end before they begin, store.CodeNotFound for an
// engagement, person or cover that is not there, and store.CodeConflict where
// the person is away on some of those days already.
func (db *DB) RecordAbsence(ctx context.Context, id string, a store.Absence, by string, at time.Time) (int, error) {
	if err := checkCaller(by, at); err != nil {
		return 0, err
	}
	if err := checkAbsence(a); err != nil {
		return 0, err
	}
	var absence int
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := checkAbsentPeople(ctx, tx, id, a); err != nil {
			return err
		}
		if err := checkOverlap(ctx, tx, id, a); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `
			INSERT INTO absences (engagement_id, id, person, first_day, last_day, cover, recorded_by, recorded_at)
			SELECT $1, COALESCE(MAX(id), 0) + 1, $2, $3, $4, $5, $6, $7 FROM absences WHERE engagement_id = $1
			RETURNING id`,
			id, a.Person, a.From.String(), a.To.String(), a.Cover, by, instant(at)).Scan(&absence)
		if err != nil {
			return err
		}
		if err := changed(ctx, tx, id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditAbsenceRecorded, by, at, auditAbsence{absence, a})
	})
	if err != nil {
		return 0, err
	}
	return absence, nil
}

// auditAbsence is the detail of both actions on an absence.
type auditAbsence struct {
	ID int `json:"id"`
	store.Absence
}

// CancelAbsence ends an absence as if it had not been recorded; the record
// stays. It fails with store.CodeNotFound for an id that is not there, and
// store.CodeConflict for one that was cancelled before.
func (db *DB) CancelAbsence(ctx context.Context, id string, absence int, by string, at time.Time) error {
	if err := checkCaller(by, at); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var a store.Absence
		err := tx.QueryRowContext(ctx, `
			UPDATE absences SET cancelled_by = $3, cancelled_at = $4
			WHERE engagement_id = $1 AND id = $2 AND cancelled_at IS NULL
			RETURNING person, first_day, last_day, cover`,
			id, absence, by, instant(at)).Scan(&a.Person, dateColumn{&a.From}, dateColumn{&a.To}, &a.Cover)
		if errors.Is(err, sql.ErrNoRows) {
			return whyNotCancelled(ctx, tx, id, absence)
		}
		if err != nil {
			return err
		}
		if err := changed(ctx, tx, id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditAbsenceCancelled, by, at, auditAbsence{absence, a})
	})
}

// Absences returns the absences that are not cancelled and end on or after
// from, earliest first. The zero Date gives all of them. An engagement that is
// not stored is store.CodeNotFound.
func (db *DB) Absences(ctx context.Context, id string, from store.Date) ([]store.RecordedAbsence, error) {
	if err := exists(ctx, db.read, id); err != nil {
		return nil, db.explain(err)
	}
	list, err := absences(ctx, db.read, id, from)
	return list, db.explain(err)
}

func absences(ctx context.Context, q Queryer, id string, from store.Date) ([]store.RecordedAbsence, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT id, person, first_day, last_day, cover, recorded_by, recorded_at FROM absences
		WHERE engagement_id = $1 AND cancelled_at IS NULL AND last_day >= $2
		ORDER BY first_day, id`, id, from.String())
	return all(rows, err, func(rows *sql.Rows) (store.RecordedAbsence, error) {
		var a store.RecordedAbsence
		err := rows.Scan(&a.ID, &a.Person, dateColumn{&a.From}, dateColumn{&a.To}, &a.Cover, &a.RecordedBy, instantColumn{&a.RecordedAt})
		return a, err
	})
}

// checkAbsence checks what needs no store.
func checkAbsence(a store.Absence) error {
	if !onCalendar(a.From) {
		return invalid("from", "An absence needs a first day that exists, like 2026-12-24. Nothing was changed.")
	}
	if !onCalendar(a.To) {
		return invalid("to", "An absence needs a last day that exists, like 2027-01-02. Nothing was changed.")
	}
	if a.To.Before(a.From) {
		return invalid("to", fmt.Sprintf("The absence ends on %s, before it begins on %s. Nothing was changed; swap the two days.", a.To, a.From))
	}
	if a.Cover != "" && a.Cover == a.Person {
		return invalid("cover", "Nobody covers for themselves. Nothing was changed; name another person, or none.")
	}
	return nil
}

// onCalendar reports whether the day was given and exists.
func onCalendar(d store.Date) bool {
	parsed, err := store.ParseDate(d.String())
	return err == nil && parsed == d
}

// checkAbsentPeople looks both people up in the engagement as it is now.
func checkAbsentPeople(ctx context.Context, tx *sql.Tx, id string, a store.Absence) error {
	e, err := engagementWith(ctx, tx, id, activeVersion)
	if err != nil {
		return err
	}
	for _, named := range []struct{ field, person string }{{"person", a.Person}, {"cover", a.Cover}} {
		if named.field == "cover" && named.person == "" {
			continue
		}
		if _, ok := e.Person(named.person); !ok {
			return &store.Error{
				Code: store.CodeNotFound, Field: named.field,
				Message: fmt.Sprintf("There is no person %s in %s. Nothing was changed; check the id under people.", quoted(named.person), id),
			}
		}
	}
	return nil
}

// checkOverlap refuses a second absence of the same person on the same day:
// which of two covers would stand in?
func checkOverlap(ctx context.Context, tx *sql.Tx, id string, a store.Absence) error {
	var other int
	var from, to store.Date
	err := tx.QueryRowContext(ctx, `
		SELECT id, first_day, last_day FROM absences
		WHERE engagement_id = $1 AND person = $2 AND cancelled_at IS NULL AND first_day <= $4 AND last_day >= $3
		ORDER BY first_day LIMIT 1`,
		id, a.Person, a.From.String(), a.To.String()).Scan(&other, dateColumn{&from}, dateColumn{&to})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &store.Error{
		Code: store.CodeConflict, Field: "from",
		Message: fmt.Sprintf("They are already away from %s to %s (absence %d). Nothing was changed; cancel that one first, or choose other days.",
			from, to, other),
	}
}

func whyNotCancelled(ctx context.Context, tx *sql.Tx, id string, absence int) error {
	var person, by string
	var at time.Time
	err := tx.QueryRowContext(ctx, `
		SELECT person, cancelled_by, cancelled_at FROM absences WHERE engagement_id = $1 AND id = $2`,
		id, absence).Scan(&person, &by, instantColumn{&at})
	if errors.Is(err, sql.ErrNoRows) {
		if err := exists(ctx, tx, id); err != nil {
			return err
		}
		return &store.Error{
			Code: store.CodeNotFound, Field: "absence",
			Message: fmt.Sprintf("%s has no absence %d. Nothing was changed.", id, absence),
		}
	}
	if err != nil {
		return err
	}
	return &store.Error{
		Code: store.CodeConflict, Field: "absence",
		Message: fmt.Sprintf("Absence %d of %s was cancelled already, by %s on %s. Nothing was changed.",
			absence, person, by, at.Format(time.DateOnly)),
	}
}

func invalid(field, message string) error {
	return &store.Error{Code: store.CodeInvalid, Field: field, Message: message}
}
