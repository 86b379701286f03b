package sqldb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// addPost puts a post into the outbox with a delivery for each address. A key
// that is there already is the same post, and nothing is done.
func addPost(ctx context.Context, tx *sql.Tx, id string, p store.Post, at time.Time) error {
	if p.Key == "" || !json.Valid(p.Card) {
		return invalid("posts", "A post needs a key and a card. Nothing was changed.")
	}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO posts (engagement_id, key, seq, kind, subject, channel, person, thread, private, card, revision, at)
		SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9, 1, $10 FROM posts WHERE engagement_id = $1
		ON CONFLICT (engagement_id, key) DO NOTHING`,
		id, p.Key, p.Kind, p.Subject, p.Channel, p.Person, p.Thread, p.Private, string(p.Card), instant(at))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for i, to := range p.To {
		address := to.String()
		_, err := tx.ExecContext(ctx, `INSERT INTO addresses (address, free_at) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING`, address, instant(at))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO deliveries (engagement_id, post, n, platform, tenant, channel, user_id, address, state, attempt, claims,
				first_at, next_at, lease_owner, message_id, sent_revision, sent_at, last_error, unknown)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', 0, 0, $9, $9, '', '', 0, '', '', 0)
			ON CONFLICT (engagement_id, post, address) DO NOTHING`,
			id, p.Key, i+1, to.Platform, to.Tenant, to.Channel, to.User, address, instant(at))
		if err != nil {
			return err
		}
	}
	return nil
}

// redraw gives a post another card, and has it delivered anew where it stands.
// Where it does not stand yet it will arrive with the new card anyway.
func redraw(ctx context.Context, tx *sql.Tx, id string, r store.Redraw, at time.Time) error {
	if !json.Valid(r.Card) {
		return invalid("redraws", "A post needs a card. Nothing was changed.")
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE posts SET card = $3, revision = revision + 1 WHERE engagement_id = $1 AND key = $2 AND card <> $3`, id, r.Key, string(r.Card))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE deliveries SET state = 'pending', attempt = 0, first_at = $3, next_at = $3, unknown = 0, last_error = ''
		WHERE engagement_id = $1 AND post = $2 AND state = 'sent'`, id, r.Key, instant(at))
	return err
}

// postsAbout returns the posts about any of the subjects, oldest first, with
// where they stand and without their cards.
func postsAbout(ctx context.Context, q Queryer, id string, subjects []string) ([]store.Post, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	args := []any{id}
	var marks strings.Builder
	for i, s := range subjects {
		args = append(args, s)
		fmt.Fprintf(&marks, ", $%d", i+2)
	}
	among := strings.TrimPrefix(marks.String(), ", ")
	rows, err := q.QueryContext(ctx, `
		SELECT key, kind, subject, channel, person, thread, private, revision, at FROM posts
		WHERE engagement_id = $1 AND subject IN (`+among+`) ORDER BY seq`, args...)
	list, err := all(rows, err, func(rows *sql.Rows) (store.Post, error) {
		var p store.Post
		err := rows.Scan(&p.Key, &p.Kind, &p.Subject, &p.Channel, &p.Person, &p.Thread, &p.Private, &p.Revision, instantColumn{&p.At})
		return p, err
	})
	if err != nil {
		return nil, err
	}
	type stand struct {
		post string
		store.Stand
	}
	rows, err = q.QueryContext(ctx, `
		SELECT d.post, d.platform, d.tenant, d.channel, d.user_id, d.state, d.message_id, d.sent_revision
		FROM posts p JOIN deliveries d ON d.engagement_id = p.engagement_id AND d.post = p.key
		WHERE p.engagement_id = $1 AND p.subject IN (`+among+`) ORDER BY p.seq, d.n`, args...)
	stands, err := all(rows, err, func(rows *sql.Rows) (stand, error) {
		var s stand
		err := rows.Scan(&s.post, &s.To.Platform, &s.To.Tenant, &s.To.Channel, &s.To.User, &s.State, &s.Message, &s.Revision)
		return s, err
	})
	at := 0
	for _, s := range stands {
		for list[at].Key != s.post {
			at++
		}
		list[at].Stands = append(list[at].Stands, s.Stand)
	}
	return list, err
}
