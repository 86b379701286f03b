-- What came in and waits (arrivals), and what Tandem has learned of the platforms
-- where it is installed: none of it is evidence, and none is one engagement's.

-- +goose Up

-- Processes that work on what platforms deliver. What one has is its own as long as
-- its lease holds.
CREATE TABLE arrival_owners (
    owner       TEXT NOT NULL PRIMARY KEY,
    lease_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX arrival_owners_ended ON arrival_owners (lease_until);

-- What a platform delivered. It is kept until it was worked on; that it was there
-- is known for a day more.
CREATE TABLE arrivals (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- no later one is lower, also once all are forgotten
    platform    TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    payload     BLOB, -- NULL once it was worked on
    accepted_at TEXT    NOT NULL,
    owner       TEXT    NOT NULL REFERENCES arrival_owners (owner),
    handed_on   INTEGER NOT NULL CHECK (handed_on IN (0, 1)), -- from a process that ended
    UNIQUE (platform, id)
) STRICT;

CREATE INDEX arrivals_waiting ON arrivals (owner, platform, seq) WHERE payload IS NOT NULL;
CREATE INDEX arrivals_by_age ON arrivals (accepted_at);

-- The e-mail address that a platform vouches for, of people whom files may name by it.
CREATE TABLE identities (
    platform   TEXT NOT NULL,
    tenant     TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    email      TEXT NOT NULL, -- small
    domain     TEXT NOT NULL, -- of email, with its @
    home       TEXT NOT NULL, -- the workspace of somebody from the other side of a shared channel
    learned_at TEXT NOT NULL,
    PRIMARY KEY (platform, tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX identities_by_email ON identities (email, platform);

-- Who was told once what Tandem is.
CREATE TABLE greetings (
    platform   TEXT NOT NULL,
    tenant     TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    greeted_at TEXT NOT NULL,
    PRIMARY KEY (platform, tenant, user_id)
) STRICT, WITHOUT ROWID;

-- Files go on naming a channel by the id that it had.
CREATE TABLE moved_channels (
    platform TEXT NOT NULL,
    tenant   TEXT NOT NULL,
    from_id  TEXT NOT NULL,
    to_id    TEXT NOT NULL,
    moved_at TEXT NOT NULL,
    PRIMARY KEY (platform, tenant, from_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX moved_channels_to ON moved_channels (platform, to_id);

CREATE TABLE slack_installations (
    team         TEXT    NOT NULL, -- '' for all of an organisation
    enterprise   TEXT    NOT NULL, -- '' outside of one
    name         TEXT    NOT NULL,
    bot_user     TEXT    NOT NULL,
    scopes       TEXT    NOT NULL,
    sealed       BLOB    NOT NULL, -- the tokens, under a key that is not in here
    revision     INTEGER NOT NULL,
    installed_at TEXT    NOT NULL,
    changed_at   TEXT    NOT NULL,
    renewing     TEXT    NOT NULL, -- until when one process alone may renew the tokens; '' for nobody
    PRIMARY KEY (team, enterprise),
    CHECK (team <> '' OR enterprise <> '')
) STRICT;

-- Where a conversation of Teams can be spoken in unasked.
CREATE TABLE teams_conversations (
    tenant       TEXT NOT NULL,
    conversation TEXT NOT NULL,
    user_id      TEXT NOT NULL, -- of a personal chat; '' elsewhere
    service_url  TEXT NOT NULL,
    kept_at      TEXT NOT NULL,
    PRIMARY KEY (tenant, conversation)
) STRICT, WITHOUT ROWID;

CREATE INDEX teams_conversations_of ON teams_conversations (tenant, user_id, kept_at);
