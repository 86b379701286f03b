PRAGMA foreign_keys = OFF;
PRAGMA application_id = 1414415437;
CREATE TABLE goose_db_version (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id INTEGER NOT NULL,
    is_applied INTEGER NOT NULL,
    tstamp     TIMESTAMP DEFAULT (datetime('now'))
);
CREATE TABLE engagements (
    id             TEXT    NOT NULL PRIMARY KEY,
    client         TEXT    NOT NULL,
    msp            TEXT    NOT NULL,
    revision       INTEGER NOT NULL,
    matrix_version INTEGER NOT NULL, -- the active one
    updated_at     TEXT    NOT NULL, changes INTEGER NOT NULL DEFAULT 0,
    -- Deferred, because the rows that these name refer back to this one.
    FOREIGN KEY (id, revision) REFERENCES engagement_revisions (engagement_id, revision) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (id, matrix_version) REFERENCES matrix_versions (engagement_id, version) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE TABLE engagement_revisions (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    revision      INTEGER NOT NULL CHECK (revision >= 1),
    content       TEXT    NOT NULL, -- the engagement without its matrix
    sha256        TEXT    NOT NULL, -- of content
    imported_at   TEXT    NOT NULL,
    imported_by   TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, revision)
) STRICT;
CREATE TABLE matrix_versions (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    version       INTEGER NOT NULL CHECK (version >= 1),
    content       TEXT    NOT NULL, -- what a signature covers
    sha256        TEXT    NOT NULL, -- of content
    effective     TEXT    NOT NULL, -- also in content; here for lists
    reason        TEXT    NOT NULL, -- also in content; here for lists
    created_at    TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, version),
    UNIQUE (engagement_id, version, sha256)
) STRICT;
CREATE TABLE matrix_signatures (
    engagement_id TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    seq           INTEGER NOT NULL, -- the order of the file
    person        TEXT    NOT NULL,
    signed_on     TEXT    NOT NULL,
    sha256        TEXT    NOT NULL, -- of the content signed: the key below lets no other through
    imported_at   TEXT    NOT NULL,
    imported_by   TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, version, seq),
    UNIQUE (engagement_id, version, person),
    FOREIGN KEY (engagement_id, version, sha256) REFERENCES matrix_versions (engagement_id, version, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE absences (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    id            INTEGER NOT NULL,
    person        TEXT    NOT NULL,
    first_day     TEXT    NOT NULL,
    last_day      TEXT    NOT NULL CHECK (last_day >= first_day),
    cover         TEXT    NOT NULL, -- '' where nobody is named
    recorded_by   TEXT    NOT NULL,
    recorded_at   TEXT    NOT NULL,
    cancelled_by  TEXT,
    cancelled_at  TEXT,
    PRIMARY KEY (engagement_id, id),
    CHECK ((cancelled_by IS NULL) = (cancelled_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_log (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    seq           INTEGER NOT NULL,
    at            TEXT    NOT NULL,
    by            TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    detail        TEXT    NOT NULL CHECK (json_type(detail) = 'object'),
    PRIMARY KEY (engagement_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE people (
    engagement_id TEXT NOT NULL REFERENCES engagements (id),
    person        TEXT NOT NULL,
    slack         TEXT NOT NULL, -- USER or TEAM/USER
    teams         TEXT NOT NULL, -- small
    email         TEXT NOT NULL, -- small
    PRIMARY KEY (engagement_id, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE channels (
    engagement_id TEXT NOT NULL REFERENCES engagements (id),
    name          TEXT NOT NULL,
    slack         TEXT NOT NULL,
    teams         TEXT NOT NULL,
    PRIMARY KEY (engagement_id, name)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE web_settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO goose_db_version VALUES (1, 0, 1, '2026-11-25 10:17:10');
INSERT INTO goose_db_version VALUES (2, 1, 1, '2026-11-25 10:17:10');
INSERT INTO goose_db_version VALUES (3, 2, 1, '2026-11-25 10:17:10');
INSERT INTO engagements VALUES ('harbor-legal', 'Harbor Legal Group', 'Palmetto Ridge IT', 2, 2, '2026-10-01T12:00:00.000000000Z', 6);
INSERT INTO engagement_revisions VALUES ('harbor-legal', 1, '{"id":"harbor-legal","client":"Harbor Legal Group","msp":"Palmetto Ridge IT","time_zone":"America/New_York","people":[{"id":"maria","name":"Maria Ortega","side":"internal","roles":["internal-lead"],"email":"maria@harborlegal.example"},{"id":"devon","name":"Devon Price","side":"msp","roles":["msp-lead"],"email":"devon@palmetto.example"}]}', 'e92e1efdbfa980ab2976d3ee949bff4683028b3884bdb6ae8fad63ddfd2f3209', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO engagement_revisions VALUES ('harbor-legal', 2, '{"id":"harbor-legal","client":"Harbor Legal Group","msp":"Palmetto Ridge IT","time_zone":"America/New_York","people":[{"id":"maria","name":"Maria Ortega","side":"internal","roles":["internal-lead"],"title":"IT Manager","email":"maria@harborlegal.example"},{"id":"devon","name":"Devon Price","side":"msp","roles":["msp-lead"],"email":"devon@palmetto.example"}]}', 'be632bb76472737fe602a7bd62ce3eff7dd9fa826602e452d367eb4d5a32f5b7', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO matrix_versions VALUES ('harbor-legal', 1, '{"reason":"First","functions":[{"id":"row-0","name":"Function number 0","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 0","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "},{"id":"row-1","name":"Function number 1","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 1","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "}]}', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '', 'First', '2026-10-01T12:00:00.000000000Z');
INSERT INTO matrix_versions VALUES ('harbor-legal', 2, '{"reason":"First","functions":[{"id":"row-0","name":"Function number 0","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 0","help desk","service desk"],"owner":"internal","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "},{"id":"row-1","name":"Function number 1","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 1","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "}]}', 'f8382cc1f87d904bb933badeb3487761f961c58676e909e3723eaf63ac95389d', '', 'First', '2026-10-01T12:00:00.000000000Z');
INSERT INTO matrix_signatures VALUES ('harbor-legal', 1, 1, 'maria', '2026-09-29', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO matrix_signatures VALUES ('harbor-legal', 2, 1, 'maria', '2026-09-29', 'f8382cc1f87d904bb933badeb3487761f961c58676e909e3723eaf63ac95389d', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO absences VALUES ('harbor-legal', 1, 'maria', '2026-10-01', '2026-10-01', 'devon', 'devon', '2026-10-01T12:00:00.000000000Z', 'devon', '2026-10-01T12:00:00.000000000Z');
INSERT INTO absences VALUES ('harbor-legal', 2, 'maria', '2026-10-01', '2026-10-01', 'devon', 'devon', '2026-10-01T12:00:00.000000000Z', NULL, NULL);
INSERT INTO audit_log VALUES ('harbor-legal', 1, '2026-10-01T12:00:00.000000000Z', 'maria', 'engagement.imported', '{"engagement":"harbor-legal","status":"created","version":1,"revision":1,"signed":[{"by":"maria","date":"2026-09-29"}]}');
INSERT INTO audit_log VALUES ('harbor-legal', 2, '2026-10-01T12:00:00.000000000Z', 'maria', 'engagement.imported', '{"engagement":"harbor-legal","status":"updated","old_version":1,"version":2,"old_revision":1,"revision":2,"signed":[{"by":"maria","date":"2026-09-29"}]}');
INSERT INTO audit_log VALUES ('harbor-legal', 3, '2026-10-01T12:00:00.000000000Z', 'devon', 'absence.recorded', '{"id":1,"person":"maria","from":"2026-10-01","to":"2026-10-01","cover":"devon"}');
INSERT INTO audit_log VALUES ('harbor-legal', 4, '2026-10-01T12:00:00.000000000Z', 'devon', 'absence.cancelled', '{"id":1,"person":"maria","from":"2026-10-01","to":"2026-10-01","cover":"devon"}');
INSERT INTO audit_log VALUES ('harbor-legal', 5, '2026-10-01T12:00:00.000000000Z', 'devon', 'absence.recorded', '{"id":2,"person":"maria","from":"2026-10-01","to":"2026-10-01","cover":"devon"}');
INSERT INTO audit_log VALUES ('harbor-legal', 6, '2026-10-01T12:00:00.000000000Z', 'maria', 'conversation.closed', '{"id":2,"question":"Who has the doors?","times":1,"as":"alias","subject":{"kind":"function","id":"row-0"},"alias":"doors"}');
INSERT INTO audit_log VALUES ('harbor-legal', 7, '2026-10-01T12:00:00.000000000Z', 'maria', 'alias.confirmed', '{"suggestion":1,"phrase":"printers","subject":{"kind":"function","id":"row-0"}}');
INSERT INTO audit_log VALUES ('harbor-legal', 8, '2026-10-01T12:00:00.000000000Z', 'maria', 'alias.dismissed', '{"suggestion":2,"phrase":"scanners","subject":{"kind":"function","id":"row-0"}}');
INSERT INTO audit_log VALUES ('harbor-legal', 9, '2026-10-01T12:00:00.000000000Z', 'devon', 'alias.forgotten', '{"phrase":"printers","subject":{"kind":"function","id":"row-0"}}');
INSERT INTO people VALUES ('harbor-legal', 'devon', '', '', 'devon@palmetto.example');
INSERT INTO people VALUES ('harbor-legal', 'maria', '', '', 'maria@harborlegal.example');
INSERT INTO chosen_engagements VALUES ('slack', 'T1', 'UTHEO', 'harbor-legal', '2026-10-01T12:00:00.000000000Z');
INSERT INTO inbox VALUES ('slack', 'T1', 'Ev1', '2026-10-01T12:00:00.000000000Z');
INSERT INTO conversations VALUES ('harbor-legal', 1, 'keys', '[{"kind":"function","id":"row-0"}]', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO conversations VALUES ('harbor-legal', 2, 'doors', '[{"kind":"function","id":"row-0"}]', 'alias', 'function', 'row-0', 'doors', 'maria', '2026-10-01T12:00:00.000000000Z');
INSERT INTO conversation_asks VALUES ('harbor-legal', 1, 1, 'Who has the keys?', '{"platform":"slack","user":"UTHEO","name":"Theo"}', '2026-10-01T12:00:00.000000000Z');
INSERT INTO conversation_asks VALUES ('harbor-legal', 1, 2, 'Who has the keys?', '{"platform":"slack","user":"UTHEO","name":"Theo"}', '2026-10-01T12:00:00.000000000Z');
INSERT INTO conversation_asks VALUES ('harbor-legal', 2, 1, 'Who has the doors?', '{"platform":"slack","user":"UTHEO","name":"Theo"}', '2026-10-01T12:00:00.000000000Z');
INSERT INTO learned_aliases VALUES ('harbor-legal', 1, 'doors', 'doors', 'function', 'row-0', 'maria', '2026-10-01T12:00:00.000000000Z', NULL, NULL);
INSERT INTO learned_aliases VALUES ('harbor-legal', 2, 'printers', 'printers', 'function', 'row-0', 'maria', '2026-10-01T12:00:00.000000000Z', 'devon', '2026-10-01T12:00:00.000000000Z');
INSERT INTO alias_suggestions VALUES ('harbor-legal', 1, 'printers', 'function', 'row-0', 'confirmed', 'maria', '2026-10-01T12:00:00.000000000Z');
INSERT INTO alias_suggestions VALUES ('harbor-legal', 2, 'scanners', 'function', 'row-0', 'dismissed', 'maria', '2026-10-01T12:00:00.000000000Z');
INSERT INTO alias_suggestions VALUES ('harbor-legal', 3, 'faxes', 'function', 'row-0', NULL, NULL, NULL);
INSERT INTO alias_choices VALUES ('harbor-legal', 1, 1, 'printers', '{"platform":"slack","user":"UTHEO","name":"Theo"}', '2026-10-01T12:00:00.000000000Z');
INSERT INTO alias_choices VALUES ('harbor-legal', 2, 1, 'scanners', '{"platform":"slack","user":"UTHEO","name":"Theo"}', '2026-10-01T12:00:00.000000000Z');
INSERT INTO alias_choices VALUES ('harbor-legal', 3, 1, 'faxes', '{"platform":"slack","user":"UTHEO","name":"Theo"}', '2026-10-01T12:00:00.000000000Z');
INSERT INTO web_messages VALUES (1, 1, 'harbor-legal/coordination', NULL, 'harbor-legal/maria', '', '', 'keys?', NULL, 'k1', '2026-10-01T12:00:00.000000000Z', NULL);
INSERT INTO web_messages VALUES (2, 2, 'harbor-legal/coordination', 1, '', '', '', '', '{"a":"<b>"}', '', '2026-10-01T12:00:00.000000000Z', NULL);
INSERT INTO web_settings VALUES ('clock', '2026-11-20T23:12');
CREATE UNIQUE INDEX goose_db_version_once ON goose_db_version (version_id);
CREATE INDEX absences_of_person ON absences (engagement_id, person, last_day) WHERE cancelled_at IS NULL;
CREATE TRIGGER engagement_revisions_no_update BEFORE UPDATE ON engagement_revisions
BEGIN SELECT RAISE(ABORT, 'engagement_revisions is append-only'); END;
CREATE TRIGGER engagement_revisions_no_delete BEFORE DELETE ON engagement_revisions
BEGIN SELECT RAISE(ABORT, 'engagement_revisions is append-only'); END;
CREATE TRIGGER matrix_versions_no_update BEFORE UPDATE ON matrix_versions
BEGIN SELECT RAISE(ABORT, 'matrix_versions is append-only'); END;
CREATE TRIGGER matrix_versions_no_delete BEFORE DELETE ON matrix_versions
BEGIN SELECT RAISE(ABORT, 'matrix_versions is append-only'); END;
CREATE TRIGGER matrix_signatures_no_update BEFORE UPDATE ON matrix_signatures
BEGIN SELECT RAISE(ABORT, 'matrix_signatures is append-only'); END;
CREATE TRIGGER matrix_signatures_no_delete BEFORE DELETE ON matrix_signatures
BEGIN SELECT RAISE(ABORT, 'matrix_signatures is append-only'); END;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER absences_only_cancel BEFORE UPDATE ON absences
WHEN OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.person, NEW.first_day, NEW.last_day, NEW.cover, NEW.recorded_by, NEW.recorded_at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.person, OLD.first_day, OLD.last_day, OLD.cover, OLD.recorded_by, OLD.recorded_at)
BEGIN SELECT RAISE(ABORT, 'an absence can only be cancelled, once'); END;
CREATE TRIGGER absences_no_delete BEFORE DELETE ON absences
BEGIN SELECT RAISE(ABORT, 'absences are cancelled, never deleted'); END;
CREATE TRIGGER engagements_same_id BEFORE UPDATE OF id ON engagements
BEGIN SELECT RAISE(ABORT, 'the id of an engagement never changes'); END;
CREATE TRIGGER engagements_no_delete BEFORE DELETE ON engagements
BEGIN SELECT RAISE(ABORT, 'an engagement is never deleted'); END;
CREATE INDEX people_by_slack ON people (slack) WHERE slack <> '';
CREATE INDEX people_by_teams ON people (teams) WHERE teams <> '';
CREATE INDEX people_by_email ON people (email) WHERE email <> '';
CREATE INDEX channels_by_slack ON channels (slack) WHERE slack <> '';
CREATE INDEX channels_by_teams ON channels (teams) WHERE teams <> '';
CREATE INDEX inbox_by_age ON inbox (accepted_at);
CREATE UNIQUE INDEX conversations_open ON conversations (engagement_id, key) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX learned_aliases_once ON learned_aliases (engagement_id, folded) WHERE forgotten_at IS NULL;
CREATE UNIQUE INDEX alias_suggestions_once ON alias_suggestions (engagement_id, key, kind, subject)
WHERE decided_as IS NULL OR decided_as = 'dismissed';
CREATE INDEX web_messages_of_place ON web_messages (place, change);
CREATE INDEX web_messages_by_key ON web_messages (key) WHERE key <> '';
CREATE INDEX web_messages_of_thread ON web_messages (thread) WHERE thread IS NOT NULL;
CREATE TRIGGER conversations_only_close BEFORE UPDATE ON conversations
WHEN OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.key, NEW.nearest) IS NOT (OLD.engagement_id, OLD.id, OLD.key, OLD.nearest)
BEGIN SELECT RAISE(ABORT, 'a conversation can only be closed, once'); END;
CREATE TRIGGER conversations_no_delete BEFORE DELETE ON conversations
BEGIN SELECT RAISE(ABORT, 'conversations are closed, never deleted'); END;
CREATE TRIGGER conversation_asks_no_update BEFORE UPDATE ON conversation_asks
BEGIN SELECT RAISE(ABORT, 'conversation_asks is append-only'); END;
CREATE TRIGGER conversation_asks_no_delete BEFORE DELETE ON conversation_asks
BEGIN SELECT RAISE(ABORT, 'conversation_asks is append-only'); END;
CREATE TRIGGER learned_aliases_only_forget BEFORE UPDATE ON learned_aliases
WHEN OLD.forgotten_at IS NOT NULL OR NEW.forgotten_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.phrase, NEW.folded, NEW.kind, NEW.subject, NEW.learned_by, NEW.learned_at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.phrase, OLD.folded, OLD.kind, OLD.subject, OLD.learned_by, OLD.learned_at)
BEGIN SELECT RAISE(ABORT, 'a learned alias can only be forgotten, once'); END;
CREATE TRIGGER learned_aliases_no_delete BEFORE DELETE ON learned_aliases
BEGIN SELECT RAISE(ABORT, 'learned aliases are forgotten, never deleted'); END;
CREATE TRIGGER alias_suggestions_only_decide BEFORE UPDATE ON alias_suggestions
WHEN OLD.decided_at IS NOT NULL OR NEW.decided_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.key, NEW.kind, NEW.subject)
    IS NOT (OLD.engagement_id, OLD.id, OLD.key, OLD.kind, OLD.subject)
BEGIN SELECT RAISE(ABORT, 'a suggestion can only be decided, once'); END;
CREATE TRIGGER alias_suggestions_no_delete BEFORE DELETE ON alias_suggestions
BEGIN SELECT RAISE(ABORT, 'suggestions are decided, never deleted'); END;
CREATE TRIGGER alias_choices_no_update BEFORE UPDATE ON alias_choices
BEGIN SELECT RAISE(ABORT, 'alias_choices is append-only'); END;
CREATE TRIGGER alias_choices_no_delete BEFORE DELETE ON alias_choices
BEGIN SELECT RAISE(ABORT, 'alias_choices is append-only'); END;
