-- Who is asking, and where (people, channels, chosen_engagements, inbox); what
-- the matrix does not name (conversations, aliases); and the browser's own chat.

-- +goose Up

-- What else than the revision and the version changes an answer is counted.
ALTER TABLE engagements ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;

-- The people and channels of the newest revision, to be found by their
-- addresses. The revision's content is the truth; these are made from it. '' is
-- no address; in what a platform takes in any case A to Z are small.
CREATE TABLE people (
    engagement_id TEXT NOT NULL REFERENCES engagements (id),
    person        TEXT NOT NULL,
    slack         TEXT NOT NULL, -- USER or TEAM/USER
    teams         TEXT NOT NULL, -- small
    email         TEXT NOT NULL, -- small
    PRIMARY KEY (engagement_id, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX people_by_slack ON people (slack) WHERE slack <> '';
CREATE INDEX people_by_teams ON people (teams) WHERE teams <> '';
CREATE INDEX people_by_email ON people (email) WHERE email <> '';

CREATE TABLE channels (
    engagement_id TEXT NOT NULL REFERENCES engagements (id),
    name          TEXT NOT NULL,
    slack         TEXT NOT NULL,
    teams         TEXT NOT NULL,
    PRIMARY KEY (engagement_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX channels_by_slack ON channels (slack) WHERE slack <> '';
CREATE INDEX channels_by_teams ON channels (teams) WHERE teams <> '';

-- Damaged content is left out here and told when somebody reads it.
INSERT OR IGNORE INTO people (engagement_id, person, slack, teams, email)
SELECT e.id, p.value ->> 'id', COALESCE(p.value ->> 'slack', ''),
    lower(COALESCE(p.value ->> 'teams', '')), lower(COALESCE(p.value ->> 'email', ''))
FROM engagements e
JOIN engagement_revisions r ON r.engagement_id = e.id AND r.revision = e.revision
JOIN json_each(CASE WHEN json_valid(r.content) THEN r.content ELSE '{}' END, '$.people') p;

INSERT OR IGNORE INTO channels (engagement_id, name, slack, teams)
SELECT e.id, c.value ->> 'name', COALESCE(c.value ->> 'slack', ''), COALESCE(c.value ->> 'teams', '')
FROM engagements e
JOIN engagement_revisions r ON r.engagement_id = e.id AND r.revision = e.revision
JOIN json_each(CASE WHEN json_valid(r.content) THEN r.content ELSE '{}' END, '$.channels') c;

CREATE TABLE chosen_engagements (
    platform      TEXT NOT NULL,
    tenant        TEXT NOT NULL,
    user_id       TEXT NOT NULL,
    engagement_id TEXT NOT NULL REFERENCES engagements (id),
    chosen_at     TEXT NOT NULL,
    PRIMARY KEY (platform, tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
    platform    TEXT NOT NULL,
    tenant      TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    PRIMARY KEY (platform, tenant, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_by_age ON inbox (accepted_at);

CREATE TABLE conversations (
    engagement_id  TEXT    NOT NULL REFERENCES engagements (id),
    id             INTEGER NOT NULL,
    key            TEXT    NOT NULL, -- what makes two questions the same
    nearest        TEXT    NOT NULL CHECK (json_type(nearest) = 'array'),
    closed_as      TEXT CHECK (closed_as IN ('row', 'exclusion', 'alias')),
    closed_kind    TEXT,
    closed_subject TEXT,
    closed_alias   TEXT, -- '' but for an alias
    closed_by      TEXT,
    closed_at      TEXT,
    PRIMARY KEY (engagement_id, id),
    CHECK ((closed_as IS NULL) = (closed_at IS NULL) AND (closed_kind IS NULL) = (closed_at IS NULL)
        AND (closed_subject IS NULL) = (closed_at IS NULL) AND (closed_alias IS NULL) = (closed_at IS NULL)
        AND (closed_by IS NULL) = (closed_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX conversations_open ON conversations (engagement_id, key) WHERE closed_at IS NULL;

CREATE TABLE conversation_asks (
    engagement_id TEXT    NOT NULL,
    conversation  INTEGER NOT NULL,
    seq           INTEGER NOT NULL, -- the first opened it
    question      TEXT    NOT NULL,
    asker         TEXT    NOT NULL CHECK (json_type(asker) = 'object'),
    asked_at      TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, conversation, seq),
    FOREIGN KEY (engagement_id, conversation) REFERENCES conversations (engagement_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE learned_aliases (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    id            INTEGER NOT NULL,
    phrase        TEXT    NOT NULL,
    folded        TEXT    NOT NULL, -- what its spellings have in common
    kind          TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    learned_by    TEXT    NOT NULL,
    learned_at    TEXT    NOT NULL,
    forgotten_by  TEXT,
    forgotten_at  TEXT,
    PRIMARY KEY (engagement_id, id),
    CHECK ((forgotten_by IS NULL) = (forgotten_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX learned_aliases_once ON learned_aliases (engagement_id, folded) WHERE forgotten_at IS NULL;

CREATE TABLE alias_suggestions (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    id            INTEGER NOT NULL,
    key           TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    decided_as    TEXT CHECK (decided_as IN ('confirmed', 'dismissed', 'settled')), -- settled: another was confirmed
    decided_by    TEXT,
    decided_at    TEXT,
    PRIMARY KEY (engagement_id, id),
    CHECK ((decided_as IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL))
) STRICT, WITHOUT ROWID;

-- A dismissed one goes on counting, so that nobody is asked about it again.
CREATE UNIQUE INDEX alias_suggestions_once ON alias_suggestions (engagement_id, key, kind, subject)
WHERE decided_as IS NULL OR decided_as = 'dismissed';

CREATE TABLE alias_choices (
    engagement_id TEXT    NOT NULL,
    suggestion    INTEGER NOT NULL,
    seq           INTEGER NOT NULL,
    phrase        TEXT    NOT NULL,
    asker         TEXT    NOT NULL CHECK (json_type(asker) = 'object'),
    chosen_at     TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, suggestion, seq),
    FOREIGN KEY (engagement_id, suggestion) REFERENCES alias_suggestions (engagement_id, id)
) STRICT, WITHOUT ROWID;

-- The browser's chat is to Tandem what Slack is: messages, not evidence.
CREATE TABLE web_messages (
    id        INTEGER NOT NULL PRIMARY KEY,
    change    INTEGER NOT NULL UNIQUE,
    place     TEXT    NOT NULL,
    thread    INTEGER REFERENCES web_messages (id),
    author    TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    only_for  TEXT    NOT NULL, -- '' for everybody there
    body      TEXT    NOT NULL,
    card      TEXT, -- JSON
    key       TEXT    NOT NULL, -- not unique: a doubled post must be seen
    sent_at   TEXT    NOT NULL,
    edited_at TEXT
) STRICT;

CREATE INDEX web_messages_of_place ON web_messages (place, change);
CREATE INDEX web_messages_by_key ON web_messages (key) WHERE key <> '';
CREATE INDEX web_messages_of_thread ON web_messages (thread) WHERE thread IS NOT NULL;

CREATE TABLE web_settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Evidence is only ever appended to, or ended once.

-- +goose StatementBegin
CREATE TRIGGER conversations_only_close BEFORE UPDATE ON conversations
WHEN OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.key, NEW.nearest) IS NOT (OLD.engagement_id, OLD.id, OLD.key, OLD.nearest)
BEGIN SELECT RAISE(ABORT, 'a conversation can only be closed, once'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversations_no_delete BEFORE DELETE ON conversations
BEGIN SELECT RAISE(ABORT, 'conversations are closed, never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversation_asks_no_update BEFORE UPDATE ON conversation_asks
BEGIN SELECT RAISE(ABORT, 'conversation_asks is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversation_asks_no_delete BEFORE DELETE ON conversation_asks
BEGIN SELECT RAISE(ABORT, 'conversation_asks is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER learned_aliases_only_forget BEFORE UPDATE ON learned_aliases
WHEN OLD.forgotten_at IS NOT NULL OR NEW.forgotten_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.phrase, NEW.folded, NEW.kind, NEW.subject, NEW.learned_by, NEW.learned_at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.phrase, OLD.folded, OLD.kind, OLD.subject, OLD.learned_by, OLD.learned_at)
BEGIN SELECT RAISE(ABORT, 'a learned alias can only be forgotten, once'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER learned_aliases_no_delete BEFORE DELETE ON learned_aliases
BEGIN SELECT RAISE(ABORT, 'learned aliases are forgotten, never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alias_suggestions_only_decide BEFORE UPDATE ON alias_suggestions
WHEN OLD.decided_at IS NOT NULL OR NEW.decided_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.key, NEW.kind, NEW.subject)
    IS NOT (OLD.engagement_id, OLD.id, OLD.key, OLD.kind, OLD.subject)
BEGIN SELECT RAISE(ABORT, 'a suggestion can only be decided, once'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alias_suggestions_no_delete BEFORE DELETE ON alias_suggestions
BEGIN SELECT RAISE(ABORT, 'suggestions are decided, never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alias_choices_no_update BEFORE UPDATE ON alias_choices
BEGIN SELECT RAISE(ABORT, 'alias_choices is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alias_choices_no_delete BEFORE DELETE ON alias_choices
BEGIN SELECT RAISE(ABORT, 'alias_choices is append-only'); END;
-- +goose StatementEnd
