package sqldb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// The browser's chat is what a remote service is on the other platforms: it
// keeps messages, knows no engagement but by the names of its places, and has
// nothing that is evidence.

// AppendWebMessage adds a message and returns it with its ID and Change. One
// without a place, a time or anything to show is store.CodeInvalid; a thread
// that is not in the place is store.CodeNotFound.
func (db *DB) AppendWebMessage(ctx context.Context, m store.WebMessage) (store.WebMessage, error) {
	if err := firstOf(checkGiven("place", m.Place), checkInstant(m.At)); err != nil {
		return store.WebMessage{}, err
	}
	if m.Text == "" && len(m.Card) == 0 {
		return store.WebMessage{}, invalid("text", "A message needs a text or a card. Nothing was changed.")
	}
	if len(m.Card) > 0 && !json.Valid(m.Card) {
		return store.WebMessage{}, invalid("card", "The card is no JSON. Nothing was changed.")
	}
	var kept store.WebMessage
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if m.Thread != 0 {
			var place string
			err := tx.QueryRowContext(ctx, `SELECT place FROM web_messages WHERE id = $1`, m.Thread).Scan(&place)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if place != m.Place {
				return notFound("thread", "There is no message %d here to answer. Nothing was changed.", m.Thread)
			}
		}
		var err error
		kept, err = scanWebMessage(tx.QueryRowContext(ctx, `
			INSERT INTO web_messages (id, change, place, thread, author, name, only_for, body, card, key, sent_at)
			SELECT COALESCE((SELECT MAX(id) FROM web_messages), 0) + 1, COALESCE((SELECT MAX(change) FROM web_messages), 0) + 1,
				$1, NULLIF($2, 0), $3, $4, $5, $6, NULLIF($7, ''), $8, $9
			RETURNING `+webColumns,
			m.Place, m.Thread, m.Author, m.Name, m.For, m.Text, string(m.Card), m.Key, instant(m.At)))
		return err
	})
	if err != nil {
		return store.WebMessage{}, err
	}
	return kept, nil
}

// UpdateWebMessage puts another card in the place of a message's and returns
// it with its new Change. A message that is not there is store.CodeNotFound.
func (db *DB) UpdateWebMessage(ctx context.Context, id int64, card json.RawMessage, at time.Time) (store.WebMessage, error) {
	if err := checkInstant(at); err != nil {
		return store.WebMessage{}, err
	}
	if !json.Valid(card) {
		return store.WebMessage{}, invalid("card", "The card is no JSON. Nothing was changed.")
	}
	var m store.WebMessage
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		m, err = scanWebMessage(tx.QueryRowContext(ctx, `
			UPDATE web_messages SET card = $2, edited_at = $3, change = (SELECT MAX(change) FROM web_messages) + 1
			WHERE id = $1 RETURNING `+webColumns, id, string(card), instant(at)))
		if errors.Is(err, sql.ErrNoRows) {
			return notFound("message", "There is no message %d. Nothing was changed.", id)
		}
		return err
	})
	if err != nil {
		return store.WebMessage{}, err
	}
	return m, nil
}

// WebMessages returns what the viewer may see in the place, by Change: the
// first limit messages with a Change above after, or with after 0 the newest ones.
func (db *DB) WebMessages(ctx context.Context, place, viewer string, after int64, limit int) ([]store.WebMessage, error) {
	if limit < 1 {
		return nil, invalid("limit", fmt.Sprintf("The limit is at least 1, not %d.", limit))
	}
	order := "ASC"
	if after <= 0 {
		after, order = 0, "DESC"
	}
	rows, err := db.read.QueryContext(ctx, `
		SELECT `+webColumns+` FROM web_messages
		WHERE place = $1 AND change > $2 AND (only_for = '' OR only_for = $3) ORDER BY change `+order+` LIMIT $4`,
		place, after, viewer, limit)
	list, err := all(rows, err, func(rows *sql.Rows) (store.WebMessage, error) { return scanWebMessage(rows) })
	if after == 0 {
		slices.Reverse(list)
	}
	return list, db.explain(err)
}

// WebMessageByKey returns the first message posted with the key, and whether
// there is one; "" is nobody's key.
func (db *DB) WebMessageByKey(ctx context.Context, key string) (store.WebMessage, bool, error) {
	list, err := db.webMessagesByKey(ctx, key, 1)
	if err != nil || len(list) == 0 {
		return store.WebMessage{}, false, err
	}
	return list[0], true, nil
}

// WebMessagesByKey returns every message posted with the key, the first one
// first: more than one was posted twice.
func (db *DB) WebMessagesByKey(ctx context.Context, key string) ([]store.WebMessage, error) {
	return db.webMessagesByKey(ctx, key, 1000)
}

func (db *DB) webMessagesByKey(ctx context.Context, key string, limit int) ([]store.WebMessage, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT `+webColumns+` FROM web_messages WHERE key = $1 AND key <> '' ORDER BY id LIMIT $2`, key, limit)
	list, err := all(rows, err, func(rows *sql.Rows) (store.WebMessage, error) { return scanWebMessage(rows) })
	return list, db.explain(err)
}

const webColumns = `id, change, place, COALESCE(thread, 0), author, name, only_for, body, card, key, sent_at, edited_at`

func scanWebMessage(row interface{ Scan(...any) error }) (store.WebMessage, error) {
	var m store.WebMessage
	var card sql.NullString
	err := row.Scan(&m.ID, &m.Change, &m.Place, &m.Thread, &m.Author, &m.Name, &m.For, &m.Text, &card, &m.Key,
		instantColumn{&m.At}, endColumn{&m.Edited})
	if card.Valid {
		m.Card = json.RawMessage(card.String)
	}
	return m, err
}

// WebSetting returns a setting of the browser's chat, or "" where there is none.
func (db *DB) WebSetting(ctx context.Context, name string) (string, error) {
	var value string
	err := db.read.QueryRowContext(ctx, `SELECT value FROM web_settings WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, db.explain(err)
}

// SetWebSetting keeps a setting of the browser's chat.
func (db *DB) SetWebSetting(ctx context.Context, name, value string) error {
	if err := checkGiven("name", name); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO web_settings (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}
