package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// KeepTeamsConversation stores a conversation with its newest service URL, and
// reports whether it is a new one.
func (db *DB) KeepTeamsConversation(ctx context.Context, c store.TeamsConversation, at time.Time) (fresh bool, err error) {
	if err := firstOf(checkGiven("conversation", c.Conversation), checkGiven("service URL", c.ServiceURL), checkInstant(at)); err != nil {
		return false, err
	}
	c.User = small(c.User)
	// Every message brings it, and nearly always it is what is known.
	known, err := scanTeams(db.read.QueryRowContext(ctx, `
		SELECT `+teamsColumns+` FROM teams_conversations WHERE tenant = $1 AND conversation = $2`, c.Tenant, c.Conversation))
	if err == nil && known == c {
		return false, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, db.explain(err)
	}
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var there bool
		err := tx.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM teams_conversations WHERE tenant = $1 AND conversation = $2)`, c.Tenant, c.Conversation).Scan(&there)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO teams_conversations (tenant, conversation, user_id, service_url, kept_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (tenant, conversation) DO UPDATE SET user_id = excluded.user_id, service_url = excluded.service_url, kept_at = excluded.kept_at`,
			c.Tenant, c.Conversation, c.User, c.ServiceURL, instant(at))
		fresh = !there
		return err
	})
	return fresh && err == nil, err
}

const teamsColumns = `tenant, conversation, user_id, service_url`

func scanTeams(row interface{ Scan(to ...any) error }) (store.TeamsConversation, error) {
	var c store.TeamsConversation
	err := row.Scan(&c.Tenant, &c.Conversation, &c.User, &c.ServiceURL)
	return c, err
}

// DropTeamsConversation forgets a conversation. Again is harmless.
func (db *DB) DropTeamsConversation(ctx context.Context, tenant, conversation string) error {
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM teams_conversations WHERE tenant = $1 AND conversation = $2`, tenant, conversation)
		return err
	})
}

// TeamsConversations returns those of a tenant, newest first; of every tenant
// for "".
func (db *DB) TeamsConversations(ctx context.Context, tenant string) ([]store.TeamsConversation, error) {
	rows, err := db.read.QueryContext(ctx, `
		SELECT `+teamsColumns+` FROM teams_conversations WHERE tenant = $1 OR $1 = ''
		ORDER BY kept_at DESC, tenant, conversation`, tenant)
	list, err := all(rows, err, func(rows *sql.Rows) (store.TeamsConversation, error) { return scanTeams(rows) })
	return list, db.explain(err)
}

// TeamsDirect returns the personal chat with somebody, and whether there is one.
func (db *DB) TeamsDirect(ctx context.Context, tenant, user string) (store.TeamsConversation, bool, error) {
	c, err := scanTeams(db.read.QueryRowContext(ctx, `
		SELECT `+teamsColumns+` FROM teams_conversations WHERE tenant = $1 AND user_id = $2 AND user_id <> ''
		ORDER BY kept_at DESC LIMIT 1`, tenant, small(user)))
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	return c, err == nil, db.explain(err)
}

// TeamsServiceURL returns that of a conversation, or the newest of its tenant, or "".
func (db *DB) TeamsServiceURL(ctx context.Context, tenant, conversation string) (string, error) {
	var url string
	err := db.read.QueryRowContext(ctx, `
		SELECT service_url FROM teams_conversations WHERE tenant = $1
		ORDER BY conversation = $2 DESC, kept_at DESC LIMIT 1`, tenant, conversation).Scan(&url)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return url, db.explain(err)
}
