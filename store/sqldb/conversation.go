package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/store"
)

// maxQuestion is the longest question that is kept, in characters: what the
// engagement file takes as a text.
const maxQuestion = 4000

// AskedUnnamed keeps that somebody asked what the matrix does not name. Of c it
// takes Question, Key, Nearest and Asker; it opens a conversation, or counts
// one more on the open one with that Key, and returns it as it is now. Every
// ask is kept. A question or key that is none, or nobody who asks, is
// store.CodeInvalid.
func (db *DB) AskedUnnamed(ctx context.Context, id string, c store.Conversation, at time.Time) (now store.Conversation, opened bool, err error) {
	if n := utf8.RuneCountInString(c.Question); strings.TrimSpace(c.Question) == "" || n > maxQuestion || !utf8.ValidString(c.Question) {
		return store.Conversation{}, false, invalid("question",
			fmt.Sprintf("The question has to be a text of 1 to %d characters. Nothing was changed; ask a shorter one.", maxQuestion))
	}
	asker, err := encodeAsker(c.Asker)
	if err := firstOf(err, checkGiven("key", c.Key), checkInstant(at)); err != nil {
		return store.Conversation{}, false, err
	}
	if c.Nearest == nil {
		c.Nearest = []store.SubjectRef{} // an array all the same
	}
	nearest, err := marshal(c.Nearest)
	if err != nil {
		return store.Conversation{}, false, err
	}
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := exists(ctx, tx, id); err != nil {
			return err
		}
		var number int
		err := tx.QueryRowContext(ctx, `
			SELECT id FROM conversations WHERE engagement_id = $1 AND key = $2 AND closed_at IS NULL`, id, c.Key).Scan(&number)
		if opened = errors.Is(err, sql.ErrNoRows); opened {
			err = tx.QueryRowContext(ctx, `
				INSERT INTO conversations (engagement_id, id, key, nearest)
				SELECT $1, COALESCE(MAX(id), 0) + 1, $2, $3 FROM conversations WHERE engagement_id = $1
				RETURNING id`, id, c.Key, string(nearest)).Scan(&number)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO conversation_asks (engagement_id, conversation, seq, question, asker, asked_at)
			SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5 FROM conversation_asks WHERE engagement_id = $1 AND conversation = $2`,
			id, number, c.Question, asker, instant(at))
		if err != nil {
			return err
		}
		if now, err = conversation(ctx, tx, id, number); err != nil || !opened {
			return err
		}
		return makeDue(ctx, tx, id, at) // both leads are told of it
	})
	if err != nil {
		return store.Conversation{}, false, err
	}
	return now, opened, nil
}

// Conversations returns the engagement's conversations, the oldest first: the
// open ones, or all. An engagement that is not stored is store.CodeNotFound.
func (db *DB) Conversations(ctx context.Context, id string, open bool) ([]store.Conversation, error) {
	if err := exists(ctx, db.read, id); err != nil {
		return nil, db.explain(err)
	}
	query := selectConversations
	if open {
		query += ` AND c.closed_at IS NULL`
	}
	rows, err := db.read.QueryContext(ctx, query+` ORDER BY c.id`, id)
	list, err := all(rows, err, func(rows *sql.Rows) (store.Conversation, error) { return scanConversation(rows) })
	return list, db.explain(err)
}

const selectConversations = `
	SELECT c.id, c.key, c.nearest, f.question, f.asker, f.asked_at,
		(SELECT COUNT(*) FROM conversation_asks a WHERE a.engagement_id = c.engagement_id AND a.conversation = c.id),
		(SELECT MAX(asked_at) FROM conversation_asks a WHERE a.engagement_id = c.engagement_id AND a.conversation = c.id),
		COALESCE(c.closed_as, ''), COALESCE(c.closed_kind, ''), COALESCE(c.closed_subject, ''),
		COALESCE(c.closed_alias, ''), COALESCE(c.closed_by, ''), c.closed_at
	FROM conversations c
	JOIN conversation_asks f ON f.engagement_id = c.engagement_id AND f.conversation = c.id AND f.seq = 1
	WHERE c.engagement_id = $1`

func scanConversation(row interface{ Scan(...any) error }) (store.Conversation, error) {
	var c store.Conversation
	var end store.Closing
	err := row.Scan(&c.ID, &c.Key, jsonColumn{&c.Nearest}, &c.Question, jsonColumn{&c.Asker}, instantColumn{&c.Opened},
		&c.Times, instantColumn{&c.Last},
		&end.As, &end.Subject.Kind, &end.Subject.ID, &end.Alias, &end.By, endColumn{&end.At})
	if len(c.Nearest) == 0 {
		c.Nearest = nil
	}
	if !end.At.IsZero() {
		c.Closed = &end
	}
	return c, err
}

// conversation returns one, open or closed.
func conversation(ctx context.Context, q Queryer, id string, number int) (store.Conversation, error) {
	c, err := scanConversation(q.QueryRowContext(ctx, selectConversations+` AND c.id = $2`, id, number))
	if errors.Is(err, sql.ErrNoRows) {
		if err := exists(ctx, q, id); err != nil {
			return c, err
		}
		return c, notFound("conversation", "%s has no conversation %d. Nothing was changed.", id, number)
	}
	return c, err
}

// CloseAsAlias closes a conversation by making a phrase another word for the
// subject, from now on. It fails with store.CodeNotFound for a conversation or
// subject that is not there, store.CodeInvalid for a phrase that can't be an
// alias, and store.CodeConflict where the phrase means another subject or the
// conversation is closed.
func (db *DB) CloseAsAlias(ctx context.Context, id string, conversation int, phrase string, subject store.SubjectRef, by string, at time.Time) error {
	phrase, err := checkPhrase(phrase)
	if err := firstOf(err, checkCaller(by, at)); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		c, e, err := closing(ctx, tx, id, conversation)
		if err != nil {
			return err
		}
		if err := learn(ctx, tx, e, phrase, subject, by, at); err != nil {
			return err
		}
		return closeIt(ctx, tx, id, c, store.Closing{As: store.ClosedAsAlias, Subject: subject, Alias: phrase, By: by, At: at})
	})
}

// CloseAsRow closes a conversation by adding a row to the active matrix. The
// result is the next version, which nobody has signed, stored as an import
// stores it and with the same checks. A row that breaks a rule, such as one
// whose id is taken, is store.CodeInvalid.
func (db *DB) CloseAsRow(ctx context.Context, id string, conversation int, f store.Function, by string, at time.Time) (store.ImportResult, error) {
	end := store.Closing{As: store.ClosedAsRow, Subject: store.SubjectRef{Kind: store.SubjectFunction, ID: f.ID}, By: by, At: at}
	return db.closeAsVersion(ctx, id, conversation, end, func(e *store.Engagement) error {
		e.Matrix.Functions = append(e.Matrix.Functions, f)
		return nil
	})
}

// CloseAsExclusion closes a conversation by adding to the active matrix that
// something is out of scope. See CloseAsRow. An exclusion of that name that is
// there already is store.CodeConflict.
func (db *DB) CloseAsExclusion(ctx context.Context, id string, conversation int, x store.Exclusion, by string, at time.Time) (store.ImportResult, error) {
	end := store.Closing{As: store.ClosedAsExclusion, Subject: store.SubjectRef{Kind: store.SubjectOutOfScope, ID: x.Name}, By: by, At: at}
	return db.closeAsVersion(ctx, id, conversation, end, func(e *store.Engagement) error {
		for _, there := range e.Matrix.OutOfScope {
			if store.FoldPhrase(there.Name) == store.FoldPhrase(x.Name) {
				return conflict("name", "%s is out of scope of %s already. Nothing was changed; close the conversation as an alias of it.", quoted(there.Name), id)
			}
		}
		e.Matrix.OutOfScope = append(e.Matrix.OutOfScope, x)
		return nil
	})
}

// maxReason keeps the reason of a version a line that fits on a card.
const maxReason = 200

// closeAsVersion closes a conversation with the next version of the matrix.
func (db *DB) closeAsVersion(ctx context.Context, id string, number int, end store.Closing, change func(*store.Engagement) error) (store.ImportResult, error) {
	if err := checkCaller(end.By, end.At); err != nil {
		return store.ImportResult{}, err
	}
	var result store.ImportResult
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		c, e, err := closing(ctx, tx, id, number)
		if err != nil {
			return err
		}
		if err := change(e); err != nil {
			return err
		}
		e.Matrix.Version++
		e.Matrix.Signed = nil
		// The day is left to those who sign: that of the version before is not its own.
		e.Matrix.Effective = store.Date{}
		e.Matrix.Reason = store.Printable(fmt.Sprintf("Conversation %d: %s", number, c.Question), maxReason)
		in, err := newIncoming(e, end.By, end.At)
		if err != nil {
			return err
		}
		if result, err = in.save(ctx, tx); err != nil {
			return err
		}
		return closeIt(ctx, tx, id, c, end)
	})
	if err != nil {
		return store.ImportResult{}, err
	}
	return result, nil
}

// closing returns a conversation that is open, and its engagement as it is now.
func closing(ctx context.Context, tx *sql.Tx, id string, number int) (store.Conversation, *store.Engagement, error) {
	c, err := conversation(ctx, tx, id, number)
	if err != nil {
		return c, nil, err
	}
	if end := c.Closed; end != nil {
		return c, nil, conflict("conversation", "Conversation %d of %s was closed already, by %s on %s, as %s. Nothing was changed.",
			number, id, end.By, end.At.Format(time.DateOnly), became(*end))
	}
	e, err := engagementWith(ctx, tx, id, activeVersion)
	return c, e, err
}

// became says what a conversation was closed as.
func became(end store.Closing) string {
	switch end.As {
	case store.ClosedAsRow:
		return "the row " + end.Subject.ID
	case store.ClosedAsExclusion:
		return "the exclusion " + quoted(end.Subject.ID)
	case store.ClosedAsAlias:
		return fmt.Sprintf("the alias %s of %s", quoted(end.Alias), end.Subject.ID)
	}
	return string(end.As)
}

// auditClosing is the detail of store.AuditConversationClosed.
type auditClosing struct {
	ID       int              `json:"id"`
	Question string           `json:"question"`
	Times    int              `json:"times"`
	As       store.ClosedAs   `json:"as"`
	Subject  store.SubjectRef `json:"subject"`
	Alias    string           `json:"alias,omitempty"`
}

// closeIt closes an open conversation.
func closeIt(ctx context.Context, tx *sql.Tx, id string, c store.Conversation, end store.Closing) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE conversations SET closed_as = $3, closed_kind = $4, closed_subject = $5, closed_alias = $6, closed_by = $7, closed_at = $8
		WHERE engagement_id = $1 AND id = $2`,
		id, c.ID, string(end.As), end.Subject.Kind, end.Subject.ID, end.Alias, end.By, instant(end.At))
	if err != nil {
		return err
	}
	return appendAudit(ctx, tx, id, store.AuditConversationClosed, end.By, end.At,
		auditClosing{c.ID, c.Question, c.Times, end.As, end.Subject, end.Alias})
}

// encodeAsker refuses nobody.
func encodeAsker(a store.Asker) (string, error) {
	if a.Person == "" && a.User == "" {
		return "", invalid("asker", "Say who asks: a person of the engagement, or a user of a platform. Nothing was changed.")
	}
	c, err := encode(a)
	if err != nil {
		return "", invalid("asker", "The name of who asks is no UTF-8. Nothing was changed.")
	}
	return c.json, nil
}

func notFound(field, format string, args ...any) error {
	e := store.Errorf(store.CodeNotFound, format, args...)
	e.Field = field
	return e
}
