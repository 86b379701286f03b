package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// What a lead decided about a suggestion. A settled one lost to another of
// the same words.
const (
	confirmed = "confirmed"
	dismissed = "dismissed"
	settled   = "settled"
)

// SuggestAlias keeps that somebody, asked what they meant by a phrase, chose
// the subject. It counts for the undecided suggestion of the same key and
// subject, or makes one; one that a lead dismissed stays so. The phrase must be
// one that can be an alias, else it is store.CodeInvalid; a subject that is not
// there is store.CodeNotFound.
func (db *DB) SuggestAlias(ctx context.Context, id, phrase, key string, subject store.SubjectRef, asker store.Asker, at time.Time) error {
	phrase, err := checkPhrase(phrase)
	if err != nil {
		return err
	}
	who, err := encodeAsker(asker)
	if err := firstOf(err, checkGiven("key", key), checkInstant(at)); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		e, err := engagementWith(ctx, tx, id, activeVersion)
		if err != nil {
			return err
		}
		if err := checkSubject(e, subject); err != nil {
			return err
		}
		var suggestion int
		err = tx.QueryRowContext(ctx, `
			SELECT id FROM alias_suggestions
			WHERE engagement_id = $1 AND key = $2 AND kind = $3 AND subject = $4 AND (decided_as IS NULL OR decided_as = 'dismissed')`,
			id, key, subject.Kind, subject.ID).Scan(&suggestion)
		if errors.Is(err, sql.ErrNoRows) {
			err = tx.QueryRowContext(ctx, `
				INSERT INTO alias_suggestions (engagement_id, id, key, kind, subject)
				SELECT $1, COALESCE(MAX(id), 0) + 1, $2, $3, $4 FROM alias_suggestions WHERE engagement_id = $1
				RETURNING id`, id, key, subject.Kind, subject.ID).Scan(&suggestion)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO alias_choices (engagement_id, suggestion, seq, phrase, asker, chosen_at)
			SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5 FROM alias_choices WHERE engagement_id = $1 AND suggestion = $2`,
			id, suggestion, phrase, who, instant(at))
		return err
	})
}

// AliasSuggestions returns what no lead has decided yet, the oldest first. An
// engagement that is not stored is store.CodeNotFound.
func (db *DB) AliasSuggestions(ctx context.Context, id string) ([]store.AliasSuggestion, error) {
	if err := exists(ctx, db.read, id); err != nil {
		return nil, db.explain(err)
	}
	rows, err := db.read.QueryContext(ctx, `
		SELECT s.id, f.phrase, s.kind, s.subject, f.asker, f.chosen_at,
			(SELECT COUNT(*) FROM alias_choices c WHERE c.engagement_id = s.engagement_id AND c.suggestion = s.id),
			(SELECT MAX(chosen_at) FROM alias_choices c WHERE c.engagement_id = s.engagement_id AND c.suggestion = s.id)
		FROM alias_suggestions s
		JOIN alias_choices f ON f.engagement_id = s.engagement_id AND f.suggestion = s.id AND f.seq = 1
		WHERE s.engagement_id = $1 AND s.decided_at IS NULL ORDER BY s.id`, id)
	list, err := all(rows, err, func(rows *sql.Rows) (store.AliasSuggestion, error) {
		var s store.AliasSuggestion
		err := rows.Scan(&s.ID, &s.Phrase, &s.Subject.Kind, &s.Subject.ID, jsonColumn{&s.Asker}, instantColumn{&s.First},
			&s.Times, instantColumn{&s.Last})
		return s, err
	})
	return list, db.explain(err)
}

// ConfirmAlias makes a suggestion a learned alias; others of the same key are
// settled by it. It fails with store.CodeNotFound for a suggestion that is not
// there or whose subject is gone, and store.CodeConflict for one that was
// decided before or whose phrase means another subject.
func (db *DB) ConfirmAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error {
	return db.decideAlias(ctx, id, suggestion, confirmed, by, at)
}

// DismissAlias decides that a suggestion is not to be made again. Its errors
// are those of ConfirmAlias.
func (db *DB) DismissAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error {
	return db.decideAlias(ctx, id, suggestion, dismissed, by, at)
}

// auditAlias is the detail of every action on an alias.
type auditAlias struct {
	Suggestion int              `json:"suggestion,omitempty"`
	Phrase     string           `json:"phrase"`
	Subject    store.SubjectRef `json:"subject"`
}

func (db *DB) decideAlias(ctx context.Context, id string, suggestion int, as, by string, at time.Time) error {
	if err := checkCaller(by, at); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		a, key, err := undecided(ctx, tx, id, suggestion)
		if err != nil {
			return err
		}
		action := store.AuditAliasDismissed
		if as == confirmed {
			action = store.AuditAliasConfirmed
			if err := confirm(ctx, tx, id, a, by, at); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE alias_suggestions SET decided_as = $3, decided_by = $4, decided_at = $5 WHERE engagement_id = $1 AND id = $2`,
			id, suggestion, as, by, instant(at))
		if err != nil {
			return err
		}
		if as == confirmed {
			_, err := tx.ExecContext(ctx, `
				UPDATE alias_suggestions SET decided_as = $3, decided_by = $4, decided_at = $5
				WHERE engagement_id = $1 AND key = $2 AND decided_at IS NULL`, id, key, settled, by, instant(at))
			if err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, id, action, by, at, a)
	})
}

func confirm(ctx context.Context, tx *sql.Tx, id string, a auditAlias, by string, at time.Time) error {
	e, err := engagementWith(ctx, tx, id, activeVersion)
	if err != nil {
		return err
	}
	return learn(ctx, tx, e, a.Phrase, a.Subject, by, at)
}

// undecided returns a suggestion that nobody has decided.
func undecided(ctx context.Context, tx *sql.Tx, id string, suggestion int) (a auditAlias, key string, err error) {
	var as, by string
	var at time.Time
	a.Suggestion = suggestion
	err = tx.QueryRowContext(ctx, `
		SELECT s.key, s.kind, s.subject, c.phrase, COALESCE(s.decided_as, ''), COALESCE(s.decided_by, ''), s.decided_at
		FROM alias_suggestions s
		JOIN alias_choices c ON c.engagement_id = s.engagement_id AND c.suggestion = s.id AND c.seq = 1
		WHERE s.engagement_id = $1 AND s.id = $2`, id, suggestion).
		Scan(&key, &a.Subject.Kind, &a.Subject.ID, &a.Phrase, &as, &by, endColumn{&at})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if err := exists(ctx, tx, id); err != nil {
			return a, "", err
		}
		return a, "", notFound("suggestion", "%s has no suggestion %d. Nothing was changed.", id, suggestion)
	case err != nil:
		return a, "", err
	case as == settled:
		return a, "", conflict("suggestion", "Suggestion %d of %s was settled already: %s confirmed another for the same words on %s. Nothing was changed.",
			suggestion, id, by, at.Format(time.DateOnly))
	case as != "":
		return a, "", conflict("suggestion", "Suggestion %d of %s was %s already, by %s on %s. Nothing was changed.",
			suggestion, id, as, by, at.Format(time.DateOnly))
	}
	return a, key, nil
}

// LearnedAliases returns the words that leads confirmed, the oldest first,
// without those whose subject is gone and those that the file gives to another
// subject by now. An engagement that is not stored is store.CodeNotFound.
func (db *DB) LearnedAliases(ctx context.Context, id string) ([]store.LearnedAlias, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT phrase, kind, subject, learned_by, learned_at FROM learned_aliases
		WHERE engagement_id = $1 AND forgotten_at IS NULL ORDER BY id`, id)
	list, err := all(rows, err, func(rows *sql.Rows) (store.LearnedAlias, error) {
		var a store.LearnedAlias
		err := rows.Scan(&a.Phrase, &a.Subject.Kind, &a.Subject.ID, &a.By, instantColumn{&a.At})
		return a, err
	})
	if err == nil && len(list) == 0 {
		err = exists(ctx, db.read, id)
	}
	if err != nil || len(list) == 0 {
		return nil, db.explain(err)
	}
	e, err := engagementWith(ctx, db.read, id, activeVersion)
	if err != nil {
		return nil, db.explain(err)
	}
	var there []store.LearnedAlias
	for _, a := range list {
		_, ok := e.SubjectName(a.Subject)
		if _, other := e.CalledSo(a.Phrase, a.Subject); ok && !other {
			there = append(there, a)
		}
	}
	return there, nil
}

// ForgetAlias ends a learned alias; the record stays. A phrase that is none is
// store.CodeNotFound.
func (db *DB) ForgetAlias(ctx context.Context, id, phrase, by string, at time.Time) error {
	if err := checkCaller(by, at); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var a auditAlias
		err := tx.QueryRowContext(ctx, `
			UPDATE learned_aliases SET forgotten_by = $3, forgotten_at = $4
			WHERE engagement_id = $1 AND folded = $2 AND forgotten_at IS NULL
			RETURNING phrase, kind, subject`, id, store.FoldPhrase(phrase), by, instant(at)).
			Scan(&a.Phrase, &a.Subject.Kind, &a.Subject.ID)
		if errors.Is(err, sql.ErrNoRows) {
			if err := exists(ctx, tx, id); err != nil {
				return err
			}
			return notFound("phrase", "%s has learned no alias %s. Nothing was changed; one of the engagement file is taken out there.", id, quoted(phrase))
		}
		if err != nil {
			return err
		}
		if err := changed(ctx, tx, id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, id, store.AuditAliasForgotten, by, at, a)
	})
}

// learn keeps a phrase as another word for the subject, once. One that was
// learned for a subject that is gone by now gives way.
func learn(ctx context.Context, tx *sql.Tx, e *store.Engagement, phrase string, subject store.SubjectRef, by string, at time.Time) error {
	if err := checkSubject(e, subject); err != nil {
		return err
	}
	if other, ok := e.CalledSo(phrase, subject); ok {
		return taken(e, phrase, other)
	}
	folded := store.FoldPhrase(phrase)
	var known store.SubjectRef
	err := tx.QueryRowContext(ctx, `
		SELECT kind, subject FROM learned_aliases WHERE engagement_id = $1 AND folded = $2 AND forgotten_at IS NULL`,
		e.ID, folded).Scan(&known.Kind, &known.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case known == subject:
		return nil
	default:
		if _, ok := e.SubjectName(known); ok {
			return taken(e, phrase, known)
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE learned_aliases SET forgotten_by = $3, forgotten_at = $4
			WHERE engagement_id = $1 AND folded = $2 AND forgotten_at IS NULL`, e.ID, folded, by, instant(at))
		if err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO learned_aliases (engagement_id, id, phrase, folded, kind, subject, learned_by, learned_at)
		SELECT $1, COALESCE(MAX(id), 0) + 1, $2, $3, $4, $5, $6, $7 FROM learned_aliases WHERE engagement_id = $1`,
		e.ID, phrase, folded, subject.Kind, subject.ID, by, instant(at))
	if err != nil {
		return err
	}
	return changed(ctx, tx, e.ID)
}

// taken names the subject that a phrase means already.
func taken(e *store.Engagement, phrase string, other store.SubjectRef) error {
	name, _ := e.SubjectName(other)
	return conflict("phrase", "%s means %s (%s) already. Nothing was changed; choose another phrase, or that subject.",
		quoted(phrase), quoted(name), inWords(other))
}

// checkSubject is nil for a subject that is there.
func checkSubject(e *store.Engagement, ref store.SubjectRef) error {
	if _, ok := e.SubjectName(ref); !ok {
		return notFound("subject", "%s has no %s. Nothing was changed.", e.ID, inWords(ref))
	}
	return nil
}

// inWords is a reference as people read it.
func inWords(ref store.SubjectRef) string {
	switch ref.Kind {
	case store.SubjectFunction:
		return "row " + quoted(ref.ID)
	case store.SubjectOutOfScope:
		return "exclusion " + quoted(ref.ID)
	case store.SubjectTool, store.SubjectArtifact, store.SubjectSeverity:
		return ref.Kind + " " + quoted(ref.ID)
	}
	return fmt.Sprintf("subject %s of kind %s", quoted(ref.ID), quoted(ref.Kind))
}

// checkPhrase returns the phrase as it is kept.
func checkPhrase(phrase string) (string, error) {
	phrase = store.OneLine(phrase)
	if wrong := store.CheckAlias(phrase); wrong != "" {
		return "", invalid("phrase", fmt.Sprintf("This can't be an alias: %s. Nothing was changed.", wrong))
	}
	return phrase, nil
}
