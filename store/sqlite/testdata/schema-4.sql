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
    updated_at     TEXT    NOT NULL, changes INTEGER NOT NULL DEFAULT 0, audit_seq INTEGER NOT NULL DEFAULT 0, audit_sha256 TEXT NOT NULL DEFAULT '',
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
CREATE TABLE sweeps (
    engagement_id TEXT    NOT NULL PRIMARY KEY REFERENCES engagements (id),
    due_at        TEXT    NOT NULL,
    seen          INTEGER NOT NULL, -- rises with whatever a sweep would have to see
    lease_owner   TEXT    NOT NULL, -- '' where nobody holds it
    lease_until   TEXT    NOT NULL, -- '' where nobody does
    -- When somebody may claim it: so a claim never meets what others hold.
    claimable_at  TEXT    NOT NULL GENERATED ALWAYS AS (MAX(due_at, lease_until)) VIRTUAL
) STRICT, WITHOUT ROWID;
CREATE TABLE occurrences (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    cadence       TEXT    NOT NULL,
    civil         TEXT    NOT NULL,
    due           TEXT    NOT NULL,
    grace         TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('scheduled', 'prompted', 'held', 'overdue', 'missed', 'skipped')),
    moved         TEXT    NOT NULL, -- due before the first move
    late          INTEGER NOT NULL CHECK (late IN (0, 1)),
    reason        TEXT    NOT NULL,
    record        TEXT    NOT NULL CHECK (json_type(record) = 'object'),
    PRIMARY KEY (engagement_id, cadence, civil)
) STRICT;
CREATE TABLE occurrence_transitions (
    engagement_id TEXT    NOT NULL,
    seq           INTEGER NOT NULL,
    cadence       TEXT    NOT NULL,
    civil         TEXT    NOT NULL,
    from_state    TEXT    NOT NULL, -- '' for the first
    to_state      TEXT    NOT NULL,
    due           TEXT    NOT NULL, -- after the change
    at            TEXT    NOT NULL,
    by            TEXT    NOT NULL,
    why           TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, seq),
    FOREIGN KEY (engagement_id, cadence, civil) REFERENCES occurrences (engagement_id, cadence, civil)
) STRICT, WITHOUT ROWID;
CREATE TABLE pauses (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    id            INTEGER NOT NULL,
    cadence       TEXT    NOT NULL,
    first_day     TEXT    NOT NULL,
    last_day      TEXT    NOT NULL CHECK (last_day >= first_day), -- as agreed
    reason        TEXT    NOT NULL CHECK (reason <> ''),
    paused_by     TEXT    NOT NULL,
    paused_at     TEXT    NOT NULL,
    resumed_on    TEXT, -- the first day that does not rest any more
    resumed_by    TEXT,
    resumed_at    TEXT,
    PRIMARY KEY (engagement_id, id),
    CHECK ((resumed_on IS NULL) = (resumed_by IS NULL) AND (resumed_on IS NULL) = (resumed_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE answers (
    engagement_id TEXT    NOT NULL,
    seq           INTEGER NOT NULL,
    cadence       TEXT    NOT NULL,
    civil         TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('answered', 'nothing', 'away')),
    answers       TEXT    NOT NULL CHECK (json_type(answers) = 'array'),
    platform      TEXT    NOT NULL,
    how           TEXT    NOT NULL,
    at            TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, seq),
    FOREIGN KEY (engagement_id, cadence, civil) REFERENCES occurrences (engagement_id, cadence, civil)
) STRICT;
CREATE TABLE blockers (
    engagement_id TEXT    NOT NULL,
    id            INTEGER NOT NULL,
    cadence       TEXT    NOT NULL,
    civil         TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    function_id   TEXT    NOT NULL, -- the row that it is about; '' for none
    opened_at     TEXT    NOT NULL,
    closed_by     TEXT    NOT NULL, -- '' while it is open
    closed_at     TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, id),
    FOREIGN KEY (engagement_id, cadence, civil) REFERENCES occurrences (engagement_id, cadence, civil),
    CHECK ((closed_by = '') = (closed_at = ''))
) STRICT;
CREATE TABLE rsvps (
    engagement_id TEXT    NOT NULL,
    seq           INTEGER NOT NULL,
    cadence       TEXT    NOT NULL,
    civil         TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    coming        INTEGER NOT NULL CHECK (coming IN (0, 1)),
    platform      TEXT    NOT NULL,
    how           TEXT    NOT NULL,
    at            TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, seq),
    FOREIGN KEY (engagement_id, cadence, civil) REFERENCES occurrences (engagement_id, cadence, civil)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    id            INTEGER NOT NULL,
    fingerprint   TEXT    NOT NULL,
    content       TEXT    NOT NULL CHECK (json_type(content) = 'object'), -- kind, subject, facts, arithmetic
    level         INTEGER NOT NULL,
    opened        TEXT    NOT NULL,
    climbed       TEXT    NOT NULL,
    acknowledged  TEXT    NOT NULL,
    on_time       INTEGER NOT NULL,
    closed        TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, id)
) STRICT;
CREATE TABLE finding_transitions (
    engagement_id TEXT    NOT NULL,
    seq           INTEGER NOT NULL,
    finding_id    INTEGER NOT NULL,
    from_level    INTEGER NOT NULL,
    to_level      INTEGER NOT NULL,
    change        TEXT    NOT NULL CHECK (change IN ('opened', 'worse', 'better', 'closed')),
    facts         TEXT    NOT NULL,
    at            TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, seq),
    FOREIGN KEY (engagement_id, finding_id) REFERENCES findings (engagement_id, id)
) STRICT;
CREATE TABLE posts (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    key           TEXT    NOT NULL CHECK (key <> ''),
    seq           INTEGER NOT NULL, -- the order in which they are posted
    kind          TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    thread        TEXT    NOT NULL, -- the key of the post that it answers
    private       INTEGER NOT NULL CHECK (private IN (0, 1)),
    card          TEXT    NOT NULL CHECK (json_valid(card)),
    revision      INTEGER NOT NULL,
    at            TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, key),
    UNIQUE (engagement_id, seq)
) STRICT;
CREATE TABLE deliveries (
    engagement_id TEXT    NOT NULL,
    post          TEXT    NOT NULL,
    n             INTEGER NOT NULL,
    platform      TEXT    NOT NULL,
    tenant        TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    address       TEXT    NOT NULL, -- the four above as one
    state         TEXT    NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'dead')),
    attempt       INTEGER NOT NULL, -- of this card
    claims        INTEGER NOT NULL, -- ever: no two claims have the same
    first_at      TEXT    NOT NULL, -- since when it waits
    next_at       TEXT    NOT NULL, -- of one being sent: when its lease ends
    lease_owner   TEXT    NOT NULL,
    message_id    TEXT    NOT NULL, -- the platform's; '' until it is known
    sent_revision INTEGER NOT NULL,
    sent_at       TEXT    NOT NULL,
    last_error    TEXT    NOT NULL,
    unknown       INTEGER NOT NULL CHECK (unknown IN (0, 1)),
    PRIMARY KEY (engagement_id, post, n),
    UNIQUE (engagement_id, post, address),
    FOREIGN KEY (engagement_id, post) REFERENCES posts (engagement_id, key),
    FOREIGN KEY (address) REFERENCES addresses (address)
) STRICT;
CREATE TABLE addresses (
    address TEXT NOT NULL PRIMARY KEY,
    free_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE "audit_log" (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    seq           INTEGER NOT NULL,
    at            TEXT    NOT NULL,
    by            TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    detail        TEXT    NOT NULL CHECK (json_type(detail) = 'object'),
    sha256        TEXT    NOT NULL, -- of the one before and of this one
    PRIMARY KEY (engagement_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE acknowledgement_requests (
    engagement_id TEXT    NOT NULL,
    id            INTEGER NOT NULL,
    audit_seq     INTEGER NOT NULL,
    key           TEXT    NOT NULL,
    what          TEXT    NOT NULL CHECK (what IN ('prompt', 'reminder', 'drift', 'version', 'announcement')),
    subject       TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    title         TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    mode          TEXT    NOT NULL CHECK (mode IN ('each', 'first')),
    asked         TEXT    NOT NULL CHECK (json_type(asked) = 'array'),
    by            TEXT    NOT NULL,
    at            TEXT    NOT NULL,
    closed_at     TEXT    NOT NULL, -- '' while it is open
    changed       INTEGER NOT NULL CHECK (changed IN (0, 1)), -- since the last sweep
    PRIMARY KEY (engagement_id, id),
    FOREIGN KEY (engagement_id, audit_seq) REFERENCES audit_log (engagement_id, seq)
) STRICT;
CREATE TABLE acknowledgement_events (
    engagement_id TEXT    NOT NULL,
    audit_seq     INTEGER NOT NULL,
    request       INTEGER NOT NULL,
    event         TEXT    NOT NULL CHECK (event IN ('given', 'undone', 'reminded', 'closed')),
    person        TEXT    NOT NULL, -- whose it is; '' for reminded and closed
    by            TEXT    NOT NULL, -- who did it
    platform      TEXT    NOT NULL,
    identity      TEXT    NOT NULL, -- of the one who did it, on the platform
    message       TEXT    NOT NULL,
    how           TEXT    NOT NULL,
    why           TEXT    NOT NULL,
    at            TEXT    NOT NULL,
    PRIMARY KEY (engagement_id, audit_seq),
    FOREIGN KEY (engagement_id, audit_seq) REFERENCES audit_log (engagement_id, seq),
    FOREIGN KEY (engagement_id, request) REFERENCES acknowledgement_requests (engagement_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE arrival_owners (
    owner       TEXT NOT NULL PRIMARY KEY,
    lease_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE greetings (
    platform   TEXT NOT NULL,
    tenant     TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    greeted_at TEXT NOT NULL,
    PRIMARY KEY (platform, tenant, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE moved_channels (
    platform TEXT NOT NULL,
    tenant   TEXT NOT NULL,
    from_id  TEXT NOT NULL,
    to_id    TEXT NOT NULL,
    moved_at TEXT NOT NULL,
    PRIMARY KEY (platform, tenant, from_id)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE teams_conversations (
    tenant       TEXT NOT NULL,
    conversation TEXT NOT NULL,
    user_id      TEXT NOT NULL, -- of a personal chat; '' elsewhere
    service_url  TEXT NOT NULL,
    kept_at      TEXT NOT NULL,
    PRIMARY KEY (tenant, conversation)
) STRICT, WITHOUT ROWID;
INSERT INTO goose_db_version VALUES (1, 0, 1, '2026-11-25 15:54:46');
INSERT INTO goose_db_version VALUES (2, 1, 1, '2026-11-25 15:54:46');
INSERT INTO goose_db_version VALUES (3, 2, 1, '2026-11-25 15:54:46');
INSERT INTO goose_db_version VALUES (4, 3, 1, '2026-11-25 15:54:46');
INSERT INTO goose_db_version VALUES (5, 4, 1, '2026-11-25 15:54:46');
INSERT INTO engagements VALUES ('bay-clinic', 'Harbor Legal Group', 'Palmetto Ridge IT', 1, 1, '2026-10-01T12:00:00.000000000Z', 0, 14, '8a28ebd6c2b8874dc8c1e77ad2ab4873a1cb95bc029880d5b43d5e7d34a7951d');
INSERT INTO engagements VALUES ('cove-dental', 'Harbor Legal Group', 'Palmetto Ridge IT', 1, 1, '2026-10-01T12:00:00.000000000Z', 0, 1, '2b4568669a163caf8c464d65132498bd6ac1708361384f075f01b0cd963def77');
INSERT INTO engagements VALUES ('harbor-legal', 'Harbor Legal Group', 'Palmetto Ridge IT', 2, 2, '2026-10-01T12:00:00.000000000Z', 6, 9, '83049be834706ff1b1b175acc1830469f3a339b26e89c7a09e7a67868461e885');
INSERT INTO engagement_revisions VALUES ('harbor-legal', 1, '{"id":"harbor-legal","client":"Harbor Legal Group","msp":"Palmetto Ridge IT","time_zone":"America/New_York","people":[{"id":"maria","name":"Maria Ortega","side":"internal","roles":["internal-lead"],"email":"maria@harborlegal.example"},{"id":"devon","name":"Devon Price","side":"msp","roles":["msp-lead"],"email":"devon@palmetto.example"}]}', 'e92e1efdbfa980ab2976d3ee949bff4683028b3884bdb6ae8fad63ddfd2f3209', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO engagement_revisions VALUES ('harbor-legal', 2, '{"id":"harbor-legal","client":"Harbor Legal Group","msp":"Palmetto Ridge IT","time_zone":"America/New_York","people":[{"id":"maria","name":"Maria Ortega","side":"internal","roles":["internal-lead"],"title":"IT Manager","email":"maria@harborlegal.example"},{"id":"devon","name":"Devon Price","side":"msp","roles":["msp-lead"],"email":"devon@palmetto.example"}]}', 'be632bb76472737fe602a7bd62ce3eff7dd9fa826602e452d367eb4d5a32f5b7', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO engagement_revisions VALUES ('bay-clinic', 1, '{"id":"bay-clinic","client":"Harbor Legal Group","msp":"Palmetto Ridge IT","time_zone":"America/New_York","people":[{"id":"maria","name":"Maria Ortega","side":"internal","roles":["internal-lead"],"email":"maria@harborlegal.example"},{"id":"devon","name":"Devon Price","side":"msp","roles":["msp-lead"],"email":"devon@palmetto.example"}],"cadences":[{"id":"standup","name":"Standup","kind":"standup","schedule":"0 9 * * MON"}]}', 'ab69fa08142172d87e077677521ec9b1f64fb1e2a324a94d394e0e1fa35ad84b', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO engagement_revisions VALUES ('cove-dental', 1, '{"id":"cove-dental","client":"Harbor Legal Group","msp":"Palmetto Ridge IT","time_zone":"America/New_York","people":[{"id":"maria","name":"Maria Ortega","side":"internal","roles":["internal-lead"],"email":"ann@cove.example"},{"id":"devon","name":"Devon Price","side":"msp","roles":["msp-lead"],"email":"devon@palmetto.example"}]}', '40cdf6a6ad97adf10d5b0e4e1424f8d1568c349251d1d174a1c9a1c11ee49765', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO matrix_versions VALUES ('harbor-legal', 1, '{"reason":"First","functions":[{"id":"row-0","name":"Function number 0","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 0","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "},{"id":"row-1","name":"Function number 1","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 1","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "}]}', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '', 'First', '2026-10-01T12:00:00.000000000Z');
INSERT INTO matrix_versions VALUES ('harbor-legal', 2, '{"reason":"First","functions":[{"id":"row-0","name":"Function number 0","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 0","help desk","service desk"],"owner":"internal","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "},{"id":"row-1","name":"Function number 1","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 1","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "}]}', 'f8382cc1f87d904bb933badeb3487761f961c58676e909e3723eaf63ac95389d', '', 'First', '2026-10-01T12:00:00.000000000Z');
INSERT INTO matrix_versions VALUES ('bay-clinic', 1, '{"reason":"First","functions":[{"id":"row-0","name":"Function number 0","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 0","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "},{"id":"row-1","name":"Function number 1","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 1","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "}]}', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '', 'First', '2026-10-01T12:00:00.000000000Z');
INSERT INTO matrix_versions VALUES ('cove-dental', 1, '{"reason":"First","functions":[{"id":"row-0","name":"Function number 0","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 0","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "},{"id":"row-1","name":"Function number 1","area":"Helpdesk","description":"First response to user requests and questions, by phone, mail and in person.","aliases":["alias 1","help desk","service desk"],"owner":"msp","accountable":{"person":"devon"},"support":"internal","escalation":["devon","maria"],"note":"The receptionist''s console is leased; call the vendor first. The receptionist''s console is leased; call the vendor first. "}]}', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '', 'First', '2026-10-01T12:00:00.000000000Z');
INSERT INTO matrix_signatures VALUES ('bay-clinic', 1, 1, 'maria', '2026-09-29', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO matrix_signatures VALUES ('cove-dental', 1, 1, 'maria', '2026-09-29', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO matrix_signatures VALUES ('harbor-legal', 1, 1, 'maria', '2026-09-29', 'e2e8c6de6f9ca14fd4c5e6cbe2bf4922c79adcf860b3c3f62f442471784d6d45', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO matrix_signatures VALUES ('harbor-legal', 2, 1, 'maria', '2026-09-29', 'f8382cc1f87d904bb933badeb3487761f961c58676e909e3723eaf63ac95389d', '2026-10-01T12:00:00.000000000Z', 'maria');
INSERT INTO absences VALUES ('harbor-legal', 1, 'maria', '2026-10-01', '2026-10-01', 'devon', 'devon', '2026-10-01T12:00:00.000000000Z', 'devon', '2026-10-01T12:00:00.000000000Z');
INSERT INTO absences VALUES ('harbor-legal', 2, 'maria', '2026-10-01', '2026-10-01', 'devon', 'devon', '2026-10-01T12:00:00.000000000Z', NULL, NULL);
INSERT INTO people VALUES ('bay-clinic', 'devon', '', '', 'devon@palmetto.example');
INSERT INTO people VALUES ('bay-clinic', 'maria', '', '', 'maria@harborlegal.example');
INSERT INTO people VALUES ('cove-dental', 'devon', '', '', 'devon@palmetto.example');
INSERT INTO people VALUES ('cove-dental', 'maria', '', '', 'ann@cove.example');
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
INSERT INTO sweeps VALUES ('bay-clinic', '2026-10-01T12:00:00.000000000Z', 12, '', '');
INSERT INTO sweeps VALUES ('cove-dental', '2026-10-01T12:00:00.000000000Z', 1, '', '');
INSERT INTO sweeps VALUES ('harbor-legal', '2026-10-01T12:00:00.000000000Z', 11, '', '');
INSERT INTO occurrences VALUES ('bay-clinic', 'standup', '2026-10-05T09:00', '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', 'scheduled', '', 0, '', '{}');
INSERT INTO occurrences VALUES ('bay-clinic', 'qbr', '2026-10-06T10:00', '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', 'scheduled', '2026-10-01T12:00:00.000000000Z', 0, 'a trip', '{}');
INSERT INTO occurrence_transitions VALUES ('bay-clinic', 1, 'standup', '2026-10-05T09:00', '', 'scheduled', '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', 'tandem', '');
INSERT INTO occurrence_transitions VALUES ('bay-clinic', 2, 'qbr', '2026-10-06T10:00', '', 'scheduled', '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', 'tandem', '');
INSERT INTO occurrence_transitions VALUES ('bay-clinic', 3, 'qbr', '2026-10-06T10:00', 'scheduled', 'scheduled', '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', 'maria', 'a trip');
INSERT INTO pauses VALUES ('bay-clinic', 1, 'standup', '2026-10-01', '2026-10-01', 'a holiday', 'maria', '2026-10-01T12:00:00.000000000Z', NULL, NULL, NULL);
INSERT INTO answers VALUES ('bay-clinic', 1, 'standup', '2026-10-05T09:00', 'maria', 'answered', '["tickets"]', '', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO blockers VALUES ('bay-clinic', 1, 'standup', '2026-10-05T09:00', 'maria', 'the licence', 'row-1', '2026-10-01T12:00:00.000000000Z', 'maria', '2026-10-01T12:00:00.000000000Z');
INSERT INTO rsvps VALUES ('bay-clinic', 1, 'qbr', '2026-10-06T10:00', 'maria', 1, '', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO findings VALUES ('bay-clinic', 1, 'missed:standup', '{"kind":"missed","subject":"standup","facts":"Two were missed.","level":2,"opened":"2026-10-01T12:00:00Z","climbed":"2026-10-01T12:00:00Z"}', 2, '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', 0, '');
INSERT INTO finding_transitions VALUES ('bay-clinic', 1, 1, 0, 2, 'opened', 'Two were missed.', '2026-10-01T12:00:00.000000000Z');
INSERT INTO posts VALUES ('bay-clinic', 'prompt', 1, 'prompt', 'occurrence:standup@2026-10-05T09:00', 'it', '', '', 0, '[]', 1, '2026-10-01T12:00:00.000000000Z');
INSERT INTO deliveries VALUES ('bay-clinic', 'prompt', 1, 'web', '', 'bay-clinic', '', 'web//bay-clinic/', 'sent', 0, 1, '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', '', 'm1', 1, '2026-10-01T12:00:00.000000000Z', '', 0);
INSERT INTO addresses VALUES ('web//bay-clinic/', '2026-10-01T12:00:01.000000000Z');
INSERT INTO audit_log VALUES ('bay-clinic', 1, '2026-10-01T12:00:00.000000000Z', 'maria', 'engagement.imported', '{"engagement":"bay-clinic","status":"created","version":1,"revision":1,"signed":[{"by":"maria","date":"2026-09-29"}]}', 'aa40c2da16057bc2d487f4257d1c4bf0e13ce80b2bf99c5948ea23e34ee53d9f');
INSERT INTO audit_log VALUES ('bay-clinic', 2, '2026-10-01T12:00:00.000000000Z', 'tandem', 'acknowledgement.requested', '{"id":1,"key":"drift","what":"drift","subject":"missed:standup","version":1,"title":"Drift <&>","text":"Two were missed.","mode":"each","asked":["maria","devon"],"by":"tandem","at":"2026-10-01T12:00:00Z"}', '87a0c8640dbf73e9643e43a7bcaced0fac096c59165955f708972ce541514e87');
INSERT INTO audit_log VALUES ('bay-clinic', 3, '2026-10-01T12:00:00.000000000Z', 'maria', 'standup.answered', '{"cadence":"standup","civil":"2026-10-05T09:00","kind":"answered","answers_sha256":"e1dc82eb452339c8152ef65070babdafb774c04abbed2e1d70cb7848fb60418d","blockers":1}', '1123972779d7583b77772bbfdf2d794690c0859bcb71b4fa71d944412a67f83d');
INSERT INTO audit_log VALUES ('bay-clinic', 4, '2026-10-01T12:00:00.000000000Z', 'maria', 'blocker.closed', '{"id":1,"cadence":"standup","civil":"2026-10-05T09:00","person":"maria","text":"the licence","function":"row-1","opened":"2026-10-01T12:00:00Z","closed_by":"maria","closed":"2026-10-01T12:00:00Z"}', '534b51dfdce2f614919a0af9dcc8bb5ba73fd31173513e85bdb7f8206cbdf426');
INSERT INTO audit_log VALUES ('bay-clinic', 5, '2026-10-01T12:00:00.000000000Z', 'maria', 'occurrence.rsvp', '{"cadence":"qbr","civil":"2026-10-06T10:00","person":"maria","coming":true,"at":"2026-10-01T12:00:00Z"}', '1c9ba9fd5666d666cd8c1a7808d0c472ffd5cb8b272267b72c0ed67f0151cf54');
INSERT INTO audit_log VALUES ('bay-clinic', 6, '2026-10-01T12:00:00.000000000Z', 'maria', 'occurrence.moved', '{"cadence":"qbr","civil":"2026-10-06T10:00","due":"2026-10-01T12:00:00Z","grace":"2026-10-01T12:00:00Z","reason":"a trip","by":"maria"}', '3134669e2a65fd4b324b817eab3f69760dd21bd0e3d76a82779d69582602b845');
INSERT INTO audit_log VALUES ('bay-clinic', 7, '2026-10-01T12:00:00.000000000Z', 'maria', 'acknowledgement.requested', '{"id":2,"what":"announcement","subject":"missed:standup","version":1,"title":"Drift <&>","text":"Two were missed.","mode":"first","asked":["maria","devon"],"by":"maria","at":"2026-10-01T12:00:00Z"}', 'f6d68349718625dd9a96e1d6f70f2531a0f74c9e5154362faa8dba65d6adff19');
INSERT INTO audit_log VALUES ('bay-clinic', 8, '2026-10-01T12:00:00.000000000Z', 'maria', 'acknowledgement.given', '{"request":1,"person":"maria","platform":"slack","identity":"U1","message":"m1","how":"button"}', '68274733d63545a37101e8eabadbd0c930e52ebe09581395cba04e6f4fc5bf31');
INSERT INTO audit_log VALUES ('bay-clinic', 9, '2026-10-01T12:00:00.000000000Z', 'maria', 'acknowledgement.undone', '{"request":1,"person":"maria","platform":"slack","identity":"U1","how":"typed"}', 'd9e4fc1a78fc8cb3c973c2cd72843bf3ac98dd9f5e452bdb05a3e11fe2602a7b');
INSERT INTO audit_log VALUES ('bay-clinic', 10, '2026-10-01T12:00:00.000000000Z', 'devon', 'acknowledgement.given', '{"request":1,"person":"maria","platform":"slack","identity":"U1","message":"m1","how":"button"}', '36bfe21b8e58a1b87a17f15cc0242d007fc28fc6f958f9f319bb90d481b4181a');
INSERT INTO audit_log VALUES ('bay-clinic', 11, '2026-10-01T12:00:00.000000000Z', 'tandem', 'acknowledgement.reminded', '{"request":1}', '447d594cd4e6885e7d5c3ea16b6e93674eee6d7e93536bee87d5304bbd0b2fac');
INSERT INTO audit_log VALUES ('bay-clinic', 12, '2026-10-01T12:00:00.000000000Z', 'tandem', 'acknowledgement.reminded', '{"request":2}', 'da038e13053da58612362388a4c08dadd980651da70cae228323e536ade1a9c0');
INSERT INTO audit_log VALUES ('bay-clinic', 13, '2026-10-01T12:00:00.000000000Z', 'tandem', 'acknowledgement.closed', '{"request":2,"why":"over"}', 'c4c2b92084639a33b8047b50d8182df8266e96d970790c7d7f4ecd9e8b2f33b2');
INSERT INTO audit_log VALUES ('bay-clinic', 14, '2026-10-01T12:00:00.000000000Z', 'maria', 'cadence.paused', '{"cadence":"standup","from":"2026-10-01","until":"2026-10-01","reason":"a holiday","by":"maria"}', '8a28ebd6c2b8874dc8c1e77ad2ab4873a1cb95bc029880d5b43d5e7d34a7951d');
INSERT INTO audit_log VALUES ('cove-dental', 1, '2026-10-01T12:00:00.000000000Z', 'maria', 'engagement.imported', '{"engagement":"cove-dental","status":"created","version":1,"revision":1,"signed":[{"by":"maria","date":"2026-09-29"}]}', '2b4568669a163caf8c464d65132498bd6ac1708361384f075f01b0cd963def77');
INSERT INTO audit_log VALUES ('harbor-legal', 1, '2026-10-01T12:00:00.000000000Z', 'maria', 'engagement.imported', '{"engagement":"harbor-legal","status":"created","version":1,"revision":1,"signed":[{"by":"maria","date":"2026-09-29"}]}', 'a1d44d7601742712549a5b44bf4efebc752be536e1ca5e293fe88f4b25a08775');
INSERT INTO audit_log VALUES ('harbor-legal', 2, '2026-10-01T12:00:00.000000000Z', 'maria', 'engagement.imported', '{"engagement":"harbor-legal","status":"updated","old_version":1,"version":2,"old_revision":1,"revision":2,"signed":[{"by":"maria","date":"2026-09-29"}]}', '238f98211d4bfb972ca86bd7681ba6057f50e418db711229f216f9202631112e');
INSERT INTO audit_log VALUES ('harbor-legal', 3, '2026-10-01T12:00:00.000000000Z', 'devon', 'absence.recorded', '{"id":1,"person":"maria","from":"2026-10-01","to":"2026-10-01","cover":"devon"}', 'ae6cc6c6e5d3558da41619521c3b6f1989a24ce2c254fb98071c27bd8dad4590');
INSERT INTO audit_log VALUES ('harbor-legal', 4, '2026-10-01T12:00:00.000000000Z', 'devon', 'absence.cancelled', '{"id":1,"person":"maria","from":"2026-10-01","to":"2026-10-01","cover":"devon"}', '430562aa57c80c3f7065b581d8121c5a1dfc810b7aed913f36347edfa534888b');
INSERT INTO audit_log VALUES ('harbor-legal', 5, '2026-10-01T12:00:00.000000000Z', 'devon', 'absence.recorded', '{"id":2,"person":"maria","from":"2026-10-01","to":"2026-10-01","cover":"devon"}', '398e8a365eca6c20d91abaa09c424ae943d4757cb451964fb906b2136c35ce1c');
INSERT INTO audit_log VALUES ('harbor-legal', 6, '2026-10-01T12:00:00.000000000Z', 'maria', 'conversation.closed', '{"id":2,"question":"Who has the doors?","times":1,"as":"alias","subject":{"kind":"function","id":"row-0"},"alias":"doors"}', '9f559cfed0508c87f9f628452499446a462fe869e55e48cf79612d90762668ac');
INSERT INTO audit_log VALUES ('harbor-legal', 7, '2026-10-01T12:00:00.000000000Z', 'maria', 'alias.confirmed', '{"suggestion":1,"phrase":"printers","subject":{"kind":"function","id":"row-0"}}', 'eb06e3831cdbe719756823fd20257243f650da67d17272594968d2f9173eef12');
INSERT INTO audit_log VALUES ('harbor-legal', 8, '2026-10-01T12:00:00.000000000Z', 'maria', 'alias.dismissed', '{"suggestion":2,"phrase":"scanners","subject":{"kind":"function","id":"row-0"}}', 'dfc7fd3a665ae31685d15b0d0747d7c047f1673317a07c2fe5621d1a89a8c0d0');
INSERT INTO audit_log VALUES ('harbor-legal', 9, '2026-10-01T12:00:00.000000000Z', 'devon', 'alias.forgotten', '{"phrase":"printers","subject":{"kind":"function","id":"row-0"}}', '83049be834706ff1b1b175acc1830469f3a339b26e89c7a09e7a67868461e885');
INSERT INTO acknowledgement_requests VALUES ('bay-clinic', 1, 2, 'drift', 'drift', 'missed:standup', 1, 'Drift <&>', 'Two were missed.', 'each', '["maria","devon"]', 'tandem', '2026-10-01T12:00:00.000000000Z', '', 0);
INSERT INTO acknowledgement_requests VALUES ('bay-clinic', 2, 7, '', 'announcement', 'missed:standup', 1, 'Drift <&>', 'Two were missed.', 'first', '["maria","devon"]', 'maria', '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', 0);
INSERT INTO acknowledgement_events VALUES ('bay-clinic', 8, 1, 'given', 'maria', 'maria', 'slack', 'U1', 'm1', 'button', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO acknowledgement_events VALUES ('bay-clinic', 9, 1, 'undone', 'maria', 'maria', 'slack', 'U1', '', 'typed', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO acknowledgement_events VALUES ('bay-clinic', 10, 1, 'given', 'maria', 'devon', 'slack', 'U1', 'm1', 'button', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO acknowledgement_events VALUES ('bay-clinic', 11, 1, 'reminded', '', 'tandem', '', '', '', '', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO acknowledgement_events VALUES ('bay-clinic', 12, 2, 'reminded', '', 'tandem', '', '', '', '', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO acknowledgement_events VALUES ('bay-clinic', 13, 2, 'closed', '', 'tandem', '', '', '', '', 'over', '2026-10-01T12:00:00.000000000Z');
INSERT INTO arrival_owners VALUES ('gone', '2026-10-01T12:00:00.000000000Z');
INSERT INTO arrivals VALUES (1, 'slack', 'Ev1', X'7061796C6F61640027', '2026-10-01T12:00:00.000000000Z', 'gone', 0);
INSERT INTO arrivals VALUES (2, 'slack', 'Ev2', NULL, '2026-10-01T12:00:00.000000000Z', 'gone', 0);
INSERT INTO identities VALUES ('slack', 'T1', 'UANN', 'ann@cove.example', '@cove.example', '', '2026-10-01T12:00:00.000000000Z');
INSERT INTO greetings VALUES ('slack', 'T1', 'UANN', '2026-10-01T12:00:00.000000000Z');
INSERT INTO moved_channels VALUES ('slack', 'T1', 'C1', 'C2', '2026-10-01T12:00:00.000000000Z');
INSERT INTO slack_installations VALUES ('T1', '', '', 'UBOT', '', X'0001FF', 1, '2026-10-01T12:00:00.000000000Z', '2026-10-01T12:00:00.000000000Z', '');
INSERT INTO teams_conversations VALUES ('t1', '19:a', '', 'https://smba.example', '2026-10-01T12:00:00.000000000Z');
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
CREATE INDEX sweeps_claimable ON sweeps (claimable_at);
CREATE INDEX sweeps_leased ON sweeps (lease_owner) WHERE lease_owner <> '';
CREATE INDEX occurrences_open ON occurrences (engagement_id, cadence, civil) WHERE state IN ('scheduled', 'prompted', 'overdue');
CREATE INDEX occurrences_done ON occurrences (engagement_id, cadence, civil) WHERE state IN ('held', 'missed', 'skipped');
CREATE INDEX occurrence_transitions_of ON occurrence_transitions (engagement_id, cadence, civil, seq);
CREATE INDEX answers_of ON answers (engagement_id, cadence, civil, person, seq);
CREATE INDEX blockers_open ON blockers (engagement_id, id) WHERE closed_at = '';
CREATE INDEX rsvps_of ON rsvps (engagement_id, cadence, civil, person, seq);
CREATE UNIQUE INDEX findings_open ON findings (engagement_id, fingerprint) WHERE closed = '';
CREATE INDEX posts_about ON posts (engagement_id, subject);
CREATE INDEX deliveries_next ON deliveries (next_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_sending ON deliveries (address) WHERE state = 'sending';
CREATE INDEX deliveries_leased ON deliveries (lease_owner) WHERE lease_owner <> '';
CREATE INDEX deliveries_dead ON deliveries (engagement_id, post) WHERE state = 'dead';
CREATE INDEX deliveries_message ON deliveries (engagement_id, message_id) WHERE message_id <> '';
CREATE UNIQUE INDEX acknowledgement_requests_once ON acknowledgement_requests (engagement_id, key) WHERE key <> '';
CREATE INDEX acknowledgement_requests_open ON acknowledgement_requests (engagement_id, id) WHERE closed_at = '' OR changed = 1;
CREATE INDEX acknowledgement_events_of ON acknowledgement_events (engagement_id, request, audit_seq);
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER engagements_audit_forward BEFORE UPDATE OF audit_seq, audit_sha256 ON engagements
WHEN NEW.audit_seq <> OLD.audit_seq + 1
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only goes forward'); END;
CREATE TRIGGER acknowledgement_events_no_update BEFORE UPDATE ON acknowledgement_events
BEGIN SELECT RAISE(ABORT, 'acknowledgement_events is append-only'); END;
CREATE TRIGGER acknowledgement_events_no_delete BEFORE DELETE ON acknowledgement_events
BEGIN SELECT RAISE(ABORT, 'acknowledgement_events is append-only'); END;
CREATE TRIGGER acknowledgement_requests_fixed BEFORE UPDATE ON acknowledgement_requests
WHEN (NEW.engagement_id, NEW.id, NEW.audit_seq, NEW.key, NEW.what, NEW.subject, NEW.version, NEW.title, NEW.text, NEW.mode, NEW.asked, NEW.by, NEW.at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.audit_seq, OLD.key, OLD.what, OLD.subject, OLD.version, OLD.title, OLD.text, OLD.mode, OLD.asked, OLD.by, OLD.at)
BEGIN SELECT RAISE(ABORT, 'what was asked never changes'); END;
CREATE TRIGGER acknowledgement_requests_no_delete BEFORE DELETE ON acknowledgement_requests
BEGIN SELECT RAISE(ABORT, 'requests are closed, never deleted'); END;
CREATE TRIGGER occurrence_transitions_no_update BEFORE UPDATE ON occurrence_transitions
BEGIN SELECT RAISE(ABORT, 'occurrence_transitions is append-only'); END;
CREATE TRIGGER occurrence_transitions_no_delete BEFORE DELETE ON occurrence_transitions
BEGIN SELECT RAISE(ABORT, 'occurrence_transitions is append-only'); END;
CREATE TRIGGER occurrences_no_delete BEFORE DELETE ON occurrences
BEGIN SELECT RAISE(ABORT, 'occurrences are skipped, never deleted'); END;
CREATE TRIGGER answers_no_update BEFORE UPDATE ON answers
BEGIN SELECT RAISE(ABORT, 'answers is append-only'); END;
CREATE TRIGGER answers_no_delete BEFORE DELETE ON answers
BEGIN SELECT RAISE(ABORT, 'answers is append-only'); END;
CREATE TRIGGER rsvps_no_update BEFORE UPDATE ON rsvps
BEGIN SELECT RAISE(ABORT, 'rsvps is append-only'); END;
CREATE TRIGGER rsvps_no_delete BEFORE DELETE ON rsvps
BEGIN SELECT RAISE(ABORT, 'rsvps is append-only'); END;
CREATE TRIGGER finding_transitions_no_update BEFORE UPDATE ON finding_transitions
BEGIN SELECT RAISE(ABORT, 'finding_transitions is append-only'); END;
CREATE TRIGGER finding_transitions_no_delete BEFORE DELETE ON finding_transitions
BEGIN SELECT RAISE(ABORT, 'finding_transitions is append-only'); END;
CREATE TRIGGER pauses_only_resume BEFORE UPDATE ON pauses
WHEN OLD.resumed_on IS NOT NULL OR NEW.resumed_on IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.cadence, NEW.first_day, NEW.last_day, NEW.reason, NEW.paused_by, NEW.paused_at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.cadence, OLD.first_day, OLD.last_day, OLD.reason, OLD.paused_by, OLD.paused_at)
BEGIN SELECT RAISE(ABORT, 'a pause can only be ended, once'); END;
CREATE TRIGGER pauses_no_delete BEFORE DELETE ON pauses
BEGIN SELECT RAISE(ABORT, 'pauses are ended, never deleted'); END;
CREATE INDEX arrival_owners_ended ON arrival_owners (lease_until);
CREATE INDEX arrivals_waiting ON arrivals (owner, platform, seq) WHERE payload IS NOT NULL;
CREATE INDEX arrivals_by_age ON arrivals (accepted_at);
CREATE INDEX identities_by_email ON identities (email, platform);
CREATE INDEX moved_channels_to ON moved_channels (platform, to_id);
CREATE INDEX teams_conversations_of ON teams_conversations (tenant, user_id, kept_at);
