package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// KeepSlackInstallation stores an installation in the place of an older one of the
// same workspace. Its Revision and times are the store's to say.
func (db *DB) KeepSlackInstallation(ctx context.Context, i store.SlackInstallation, at time.Time) error {
	if err := checkInstallation(&i, at); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO slack_installations (team, enterprise, name, bot_user, scopes, sealed, revision, installed_at, changed_at, renewing)
			VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, '')
			ON CONFLICT (team, enterprise) DO UPDATE SET name = excluded.name, bot_user = excluded.bot_user, scopes = excluded.scopes,
				sealed = excluded.sealed, revision = slack_installations.revision + 1, changed_at = excluded.changed_at, renewing = ''`,
			i.Team, i.Enterprise, i.Name, i.BotUser, i.Scopes, i.Sealed, instant(at))
		return err
	})
}

func checkInstallation(i *store.SlackInstallation, at time.Time) error {
	if len(i.Sealed) == 0 {
		return invalid("tokens", "An installation has its tokens, sealed. Nothing was changed.")
	}
	if i.Team == "" {
		return firstOf(checkGiven("organisation", i.Enterprise), checkInstant(at))
	}
	if i.Enterprise != "" {
		if err := checkGiven("organisation", i.Enterprise); err != nil {
			return err
		}
	}
	return firstOf(checkGiven("workspace", i.Team), checkInstant(at))
}

// ClaimSlackRenewal reports whether the caller alone may renew the tokens of an
// installation until an instant: it still has the revision, and nobody else is at
// it. Slack takes a refresh token once.
func (db *DB) ClaimSlackRenewal(ctx context.Context, team, enterprise string, revision int, now, until time.Time) (bool, error) {
	if err := firstOf(checkInstant(now), checkInstant(until)); err != nil {
		return false, err
	}
	var n int64
	err := db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE slack_installations SET renewing = $5
			WHERE team = $1 AND enterprise = $2 AND revision = $3 AND renewing <= $4`,
			team, enterprise, revision, instant(now), instant(until))
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return n == 1 && err == nil, err
}

// RenewSlackTokens puts new tokens in the place of those of a revision. An
// installation that was changed or removed meanwhile is store.CodeConflict.
func (db *DB) RenewSlackTokens(ctx context.Context, team, enterprise string, revision int, sealed []byte, at time.Time) error {
	if err := checkInstant(at); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE slack_installations SET sealed = $4, revision = revision + 1, changed_at = $5, renewing = ''
			WHERE team = $1 AND enterprise = $2 AND revision = $3`, team, enterprise, revision, sealed, instant(at))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return store.Errorf(store.CodeConflict, "The installation in the Slack workspace %s was changed meanwhile. Nothing was stored.", quoted(team))
	})
}

const installationColumns = `team, enterprise, name, bot_user, scopes, sealed, revision, installed_at, changed_at`

func scanInstallation(row interface{ Scan(to ...any) error }) (store.SlackInstallation, error) {
	var i store.SlackInstallation
	err := row.Scan(&i.Team, &i.Enterprise, &i.Name, &i.BotUser, &i.Scopes, &i.Sealed, &i.Revision, instantColumn{&i.InstalledAt}, instantColumn{&i.ChangedAt})
	return i, err
}

// SlackInstallation returns that of a workspace, or else that of its
// organisation; without one it is store.CodeNotFound.
func (db *DB) SlackInstallation(ctx context.Context, team, enterprise string) (store.SlackInstallation, error) {
	i, err := scanInstallation(db.read.QueryRowContext(ctx, `
		SELECT `+installationColumns+` FROM slack_installations
		WHERE team = $1 AND team <> '' OR team = '' AND enterprise = $2 AND enterprise <> ''
		ORDER BY team DESC, changed_at DESC LIMIT 1`, team, enterprise))
	if errors.Is(err, sql.ErrNoRows) {
		return i, notFound("workspace", "Tandem is not installed in the Slack workspace %s.", quoted(team))
	}
	return i, db.explain(err)
}

// SlackInstallations returns all of them, by workspace.
func (db *DB) SlackInstallations(ctx context.Context) ([]store.SlackInstallation, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+installationColumns+` FROM slack_installations ORDER BY team, enterprise`)
	list, err := all(rows, err, func(rows *sql.Rows) (store.SlackInstallation, error) { return scanInstallation(rows) })
	return list, db.explain(err)
}

// DropSlackInstallation forgets the tokens of a workspace or organisation, as
// when Tandem was taken out of it. Again is harmless.
func (db *DB) DropSlackInstallation(ctx context.Context, tenant string) error {
	if err := checkGiven("workspace", tenant); err != nil {
		return err
	}
	return db.update(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM slack_installations WHERE team = $1 OR team = '' AND enterprise = $1`, tenant)
		return err
	})
}
