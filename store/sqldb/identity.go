package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// LearnIdentity keeps the e-mail address that a platform vouches for of a user, if
// it is that of somebody in an engagement, and reports whether that was new. From
// then on the user is whoever has the address where the file has no id of theirs
// on the platform. An address that is nobody's is not kept.
//
// Whoever runs a workspace of Slack could say anything of its people. So the address
// of somebody of another workspace, who is TEAM/USER, counts only in engagements whose
// file names somebody else of TEAM, with an address of the same domain. The same holds
// for everybody where Tandem is installed in several workspaces, but for engagements
// whose file names a channel as TEAM/CHANNEL of the person's workspace.
func (db *DB) LearnIdentity(ctx context.Context, platform, tenant, user, email string, at time.Time) (fresh bool, err error) {
	if err := firstOf(checkGiven("platform", platform), checkGiven("user", user), checkGiven("e-mail", email), checkInstant(at)); err != nil {
		return false, err
	}
	email = small(email)
	if platform == platformTeams { // takes its ids in any case
		user = small(user)
	}
	home := ""
	if team, _, foreign := strings.Cut(user, "/"); platform == platformSlack && foreign {
		home = team
	}
	_, domain, _ := strings.Cut(email, "@")
	if domain == "" || strings.ContainsAny(domain+home, "%_") { // they would match more than themselves
		return false, invalid("e-mail", quoted(email)+" is no e-mail address. Nothing was changed.")
	}
	var known string
	var somebody bool
	err = db.read.QueryRowContext(ctx, `
		SELECT COALESCE((SELECT email FROM identities WHERE platform = $1 AND tenant = $2 AND user_id = $3), ''),
			EXISTS (SELECT 1 FROM people WHERE email = $4 AND email <> '')`, platform, tenant, user, email).Scan(&known, &somebody)
	if err != nil || somebody && known == email || !somebody && known == "" {
		return false, db.explain(err)
	}
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if !somebody { // who had another address before
			_, err := tx.ExecContext(ctx, `DELETE FROM identities WHERE platform = $1 AND tenant = $2 AND user_id = $3`, platform, tenant, user)
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO identities (platform, tenant, user_id, email, domain, home, learned_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (platform, tenant, user_id) DO UPDATE SET
				email = excluded.email, domain = excluded.domain, learned_at = excluded.learned_at`,
			platform, tenant, user, email, "@"+domain, home, instant(at))
		return err
	})
	return somebody && err == nil, err
}

// Identities returns the users that LearnIdentity has found to be people of the
// engagement: those of whom its file has no id on the platform, by person. Where
// a person was found more than once on a platform, the newest goes first.
func (db *DB) Identities(ctx context.Context, id string) ([]store.Identity, error) {
	list, err := identities(ctx, db.read, id)
	return list, db.explain(err)
}

func identities(ctx context.Context, q Queryer, id string) ([]store.Identity, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT p.person, i.platform, i.tenant, i.user_id
		FROM people p JOIN identities i ON i.email = p.email
			AND (i.platform = 'slack' AND p.slack = '' OR i.platform = 'teams' AND p.teams = '')
		WHERE p.engagement_id = $1 AND p.email <> '' AND `+vouched+`
		ORDER BY p.person, i.platform, i.learned_at DESC, i.tenant, i.user_id`, id)
	return all(rows, err, func(rows *sql.Rows) (store.Identity, error) {
		var i store.Identity
		err := rows.Scan(&i.Person, &i.Platform, &i.Tenant, &i.User)
		return i, err
	})
}

// Greet reports whether a user was not greeted before: true exactly once.
func (db *DB) Greet(ctx context.Context, platform, tenant, user string, at time.Time) (first bool, err error) {
	if err := firstOf(checkGiven("platform", platform), checkGiven("user", user), checkInstant(at)); err != nil {
		return false, err
	}
	var known bool
	err = db.read.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM greetings WHERE platform = $1 AND tenant = $2 AND user_id = $3)`, platform, tenant, user).Scan(&known)
	if err != nil || known {
		return false, db.explain(err)
	}
	err = db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO greetings (platform, tenant, user_id, greeted_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (platform, tenant, user_id) DO NOTHING`, platform, tenant, user, instant(at))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		first = n == 1
		return err
	})
	return first && err == nil, err
}

// MoveChannel keeps that a channel has a new id. Files and posts may go on naming
// it by any that it had. Again is harmless.
func (db *DB) MoveChannel(ctx context.Context, platform, tenant, from, to string, at time.Time) error {
	if err := firstOf(checkGiven("platform", platform), checkGiven("channel", from), checkGiven("channel", to), checkInstant(at)); err != nil {
		return err
	}
	if from == to {
		return nil
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range []string{
			`DELETE FROM moved_channels WHERE platform = $1 AND tenant = $2 AND from_id = $4`, // it moved back
			`UPDATE moved_channels SET to_id = $4 WHERE platform = $1 AND tenant = $2 AND to_id = $3`,
		} {
			if _, err := tx.ExecContext(ctx, statement, platform, tenant, from, to); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO moved_channels (platform, tenant, from_id, to_id, moved_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (platform, tenant, from_id) DO UPDATE SET to_id = excluded.to_id, moved_at = excluded.moved_at`,
			platform, tenant, from, to, instant(at))
		return err
	})
}

// ChannelNow returns the id that a channel has now: the given one, unless
// MoveChannel was told of a newer. A tenant of "" is any.
func (db *DB) ChannelNow(ctx context.Context, platform, tenant, channel string) (string, error) {
	to := channel
	err := db.read.QueryRowContext(ctx, `
		SELECT to_id FROM moved_channels WHERE platform = $1 AND from_id = $3 AND (tenant = $2 OR $2 = '')
		ORDER BY moved_at DESC LIMIT 1`, platform, tenant, channel).Scan(&to)
	if errors.Is(err, sql.ErrNoRows) {
		return channel, nil
	}
	return to, db.explain(err)
}
