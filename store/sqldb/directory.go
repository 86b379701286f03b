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

// The platforms that the directory knows, by the names of their adapters.
const (
	platformSlack   = "slack"
	platformTeams   = "teams"
	platformWeb     = "web"
	platformConsole = "console"
)

// ChannelEngagements returns the engagements whose file gives the channel on
// the platform, by id. On Slack the file may name TEAM/CHANNEL. In the browser
// and on the console a channel is ENGAGEMENT/NAME. A platform that is not known
// is store.CodeInvalid.
func (db *DB) ChannelEngagements(ctx context.Context, platform, tenant, channel string) ([]string, error) {
	var rows *sql.Rows
	var err error
	switch platform {
	case platformSlack:
		rows, err = db.read.QueryContext(ctx, `
			WITH had (id) AS (
				SELECT $1 UNION ALL SELECT from_id FROM moved_channels WHERE platform = 'slack' AND to_id = $1 AND tenant = $2)
			SELECT DISTINCT engagement_id FROM channels WHERE slack <> '' AND slack IN (
				SELECT id FROM had UNION ALL SELECT $2 || '/' || id FROM had WHERE $2 <> '' AND id <> '')
			ORDER BY engagement_id`,
			channel, tenant)
	case platformTeams:
		rows, err = db.read.QueryContext(ctx, `
			SELECT DISTINCT engagement_id FROM channels WHERE teams = $1 AND teams <> '' ORDER BY engagement_id`, channel)
	case platformWeb, platformConsole:
		id, name, _ := strings.Cut(channel, "/")
		rows, err = db.read.QueryContext(ctx, `
			SELECT engagement_id FROM channels WHERE engagement_id = $1 AND name = $2`, id, name)
	default:
		return nil, unknownPlatform(platform)
	}
	list, err := all(rows, err, func(rows *sql.Rows) (string, error) {
		var id string
		err := rows.Scan(&id)
		return id, err
	})
	return list, db.explain(err)
}

// Memberships returns whom the user of the platform is in each engagement, by
// the engagement's id; nothing for a stranger. On Slack the file names USER or
// TEAM/USER, and the second goes before the first. Where it names neither, nor an
// id of Teams, who has the e-mail address that LearnIdentity kept is the person. In
// the browser and on the console a user is ENGAGEMENT/PERSON, and is also whoever
// has the same e-mail address in another engagement. A platform that is not known
// is store.CodeInvalid.
func (db *DB) Memberships(ctx context.Context, platform, tenant, user string) ([]store.Membership, error) {
	var rows *sql.Rows
	var err error
	switch platform {
	case platformSlack:
		// Within an engagement only what names the team, if anything does.
		rows, err = db.read.QueryContext(ctx, `
			SELECT p.engagement_id, e.client, p.person FROM people p JOIN engagements e ON e.id = p.engagement_id
			WHERE p.slack IN ($1, $2) AND p.slack <> '' AND (p.slack = $2 OR NOT EXISTS (
				SELECT 1 FROM people q WHERE q.engagement_id = p.engagement_id AND q.slack = $2 AND q.slack <> ''))
			UNION
			`+byEmail+`$3 AND i.platform = 'slack' AND p.slack = '' AND NOT EXISTS (
				SELECT 1 FROM people q WHERE q.engagement_id = p.engagement_id AND q.slack IN ($1, $2) AND q.slack <> '')
			ORDER BY 1, 3`, user, inTeam(tenant, user), tenant)
	case platformTeams:
		rows, err = db.read.QueryContext(ctx, `
			SELECT p.engagement_id, e.client, p.person FROM people p JOIN engagements e ON e.id = p.engagement_id
			WHERE p.teams = $1 AND p.teams <> ''
			UNION
			`+byEmail+`$2 AND i.platform = 'teams' AND p.teams = '' AND NOT EXISTS (
				SELECT 1 FROM people q WHERE q.engagement_id = p.engagement_id AND q.teams = $1 AND q.teams <> '')
			ORDER BY 1, 3`, small(user), tenant)
	case platformWeb, platformConsole:
		id, person, _ := strings.Cut(user, "/")
		rows, err = db.read.QueryContext(ctx, `
			SELECT p.engagement_id AS engagement, e.client, p.person AS person
			FROM people p JOIN engagements e ON e.id = p.engagement_id
			WHERE p.engagement_id = $1 AND p.person = $2
			UNION ALL
			SELECT o.engagement_id, e.client, o.person
			FROM people p JOIN people o ON o.email = p.email AND o.email <> '' AND o.engagement_id <> p.engagement_id
			JOIN engagements e ON e.id = o.engagement_id
			WHERE p.engagement_id = $1 AND p.person = $2
			ORDER BY engagement, person`, id, person)
	default:
		return nil, unknownPlatform(platform)
	}
	list, err := all(rows, err, func(rows *sql.Rows) (store.Membership, error) {
		var m store.Membership
		err := rows.Scan(&m.Engagement, &m.Client, &m.Person)
		return m, err
	})
	return list, db.explain(err)
}

// byEmail finds people by the address that was kept of user $1 of a tenant, the
// last parameter.
const byEmail = `SELECT p.engagement_id, e.client, p.person
			FROM identities i JOIN people p ON p.email = i.email AND p.email <> '' JOIN engagements e ON e.id = p.engagement_id
			WHERE ` + vouched + ` AND i.user_id = $1 AND i.tenant = `

// vouched is what LearnIdentity says of people of another workspace.
const vouched = `(i.home = '' AND (SELECT COUNT(*) FROM slack_installations) <= 1
			OR i.home = '' AND i.platform <> 'slack'
			OR i.home = '' AND EXISTS (SELECT 1 FROM channels v WHERE v.engagement_id = p.engagement_id AND v.slack LIKE i.tenant || '/%')
			OR EXISTS (SELECT 1 FROM people v WHERE v.engagement_id = p.engagement_id AND v.email LIKE '%' || i.domain
				AND v.slack LIKE CASE i.home WHEN '' THEN i.tenant ELSE i.home END || '/%'))`

// EngagementStamp tells whether anything that an answer is made of has changed:
// it is one short look. An engagement that is not stored is store.CodeNotFound.
func (db *DB) EngagementStamp(ctx context.Context, id string) (store.Stamp, error) {
	var s store.Stamp
	err := db.read.QueryRowContext(ctx, `SELECT matrix_version, revision, changes FROM engagements WHERE id = $1`, id).
		Scan(&s.Version, &s.Revision, &s.Changes)
	if errors.Is(err, sql.ErrNoRows) {
		return s, unknownEngagement(id)
	}
	return s, db.explain(err)
}

// ChooseEngagement keeps which engagement a user of several talks about in
// direct messages. Whether they belong to it is for the caller to know. An
// engagement that is not stored is store.CodeNotFound.
func (db *DB) ChooseEngagement(ctx context.Context, platform, tenant, user, engagement string, at time.Time) error {
	if err := firstOf(checkGiven("platform", platform), checkGiven("user", user), checkInstant(at)); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := exists(ctx, tx, engagement); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO chosen_engagements (platform, tenant, user_id, engagement_id, chosen_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (platform, tenant, user_id) DO UPDATE SET engagement_id = excluded.engagement_id, chosen_at = excluded.chosen_at`,
			platform, tenant, user, engagement, instant(at))
		return err
	})
}

// ChosenEngagement returns what ChooseEngagement kept last for the user, and
// since when; "" where they never chose.
func (db *DB) ChosenEngagement(ctx context.Context, platform, tenant, user string) (engagement string, at time.Time, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT engagement_id, chosen_at FROM chosen_engagements WHERE platform = $1 AND tenant = $2 AND user_id = $3`,
		platform, tenant, user).Scan(&engagement, instantColumn{&at})
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return engagement, at, db.explain(err)
}

// list puts the people and channels of a new revision in the place of those
// of the one before.
func (in *incoming) list(ctx context.Context, tx *sql.Tx) error {
	for _, statement := range []string{`DELETE FROM people WHERE engagement_id = $1`, `DELETE FROM channels WHERE engagement_id = $1`} {
		if _, err := tx.ExecContext(ctx, statement, in.ID); err != nil {
			return err
		}
	}
	for _, p := range in.People {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO people (engagement_id, person, slack, teams, email) VALUES ($1, $2, $3, $4, $5)`,
			in.ID, p.ID, p.Slack, small(p.Teams), small(p.Email))
		if err != nil {
			return err
		}
	}
	for _, c := range in.Channels {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO channels (engagement_id, name, slack, teams) VALUES ($1, $2, $3, $4)`, in.ID, c.Name, c.Slack, c.Teams)
		if err != nil {
			return err
		}
	}
	return nil
}

// changed counts one more change of what answers are made of.
func changed(ctx context.Context, tx *sql.Tx, id string) error {
	_, err := tx.ExecContext(ctx, `UPDATE engagements SET changes = changes + 1 WHERE id = $1`, id)
	return err
}

// inTeam is the long form of a Slack id, or "" where the team is not known.
func inTeam(team, id string) string {
	if team == "" || id == "" {
		return ""
	}
	return team + "/" + id
}

// small makes A to Z small and nothing else, as the migration did.
func small(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, s)
}

// maxGiven is the longest id or key that a platform or a caller may hand over.
const maxGiven = 1000

// checkGiven refuses what can't be a key.
func checkGiven(field, value string) error {
	if value == "" || len(value) > maxGiven || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return invalid(field, fmt.Sprintf("The %s has to be a text of 1 to %d bytes. Nothing was changed.", field, maxGiven))
	}
	return nil
}

func unknownPlatform(name string) error {
	return invalid("platform", fmt.Sprintf("There is no platform %s; there are slack, teams, web and console.", quoted(name)))
}
