-- The rhythm: sweeps, occurrences and what people say to them, acknowledgements,
-- findings, and the outbox. Instants that are not given are ''. The audit log
-- becomes a chain.

-- +goose Up

-- One row an engagement: when the scheduler looks at it next, and who does now.
CREATE TABLE sweeps (
    engagement_id TEXT    NOT NULL PRIMARY KEY REFERENCES engagements (id),
    due_at        TEXT    NOT NULL,
    seen          INTEGER NOT NULL, -- rises with whatever a sweep would have to see
    lease_owner   TEXT    NOT NULL, -- '' where nobody holds it
    lease_until   TEXT    NOT NULL, -- '' where nobody does
    -- When somebody may claim it: so a claim never meets what others hold.
    claimable_at  TEXT    NOT NULL GENERATED ALWAYS AS (MAX(due_at, lease_until)) VIRTUAL
) STRICT, WITHOUT ROWID;

CREATE INDEX sweeps_claimable ON sweeps (claimable_at);
CREATE INDEX sweeps_leased ON sweeps (lease_owner) WHERE lease_owner <> '';

INSERT INTO sweeps SELECT id, updated_at, 1, '', '' FROM engagements;

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

CREATE INDEX occurrences_open ON occurrences (engagement_id, cadence, civil) WHERE state IN ('scheduled', 'prompted', 'overdue');
CREATE INDEX occurrences_done ON occurrences (engagement_id, cadence, civil) WHERE state IN ('held', 'missed', 'skipped');

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

CREATE INDEX occurrence_transitions_of ON occurrence_transitions (engagement_id, cadence, civil, seq);

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

-- An edited answer is a new row; the highest seq counts.
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

CREATE INDEX answers_of ON answers (engagement_id, cadence, civil, person, seq);

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

CREATE INDEX blockers_open ON blockers (engagement_id, id) WHERE closed_at = '';

-- "I'll be there", "I can't": as with answers, the highest seq counts.
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

CREATE INDEX rsvps_of ON rsvps (engagement_id, cadence, civil, person, seq);

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

CREATE UNIQUE INDEX findings_open ON findings (engagement_id, fingerprint) WHERE closed = '';

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

-- The outbox. A post is a message as we mean it; a delivery is that message at
-- one address of one platform.
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

CREATE INDEX posts_about ON posts (engagement_id, subject);

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

CREATE INDEX deliveries_next ON deliveries (next_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_sending ON deliveries (address) WHERE state = 'sending';
CREATE INDEX deliveries_leased ON deliveries (lease_owner) WHERE lease_owner <> '';
CREATE INDEX deliveries_dead ON deliveries (engagement_id, post) WHERE state = 'dead';
CREATE INDEX deliveries_message ON deliveries (engagement_id, message_id) WHERE message_id <> '';

-- A channel is one, whoever posts there: it takes a message at a time.
CREATE TABLE addresses (
    address TEXT NOT NULL PRIMARY KEY,
    free_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The audit log, chained. tandem_chain is Tandem's own (sqldb/chain.go): what
-- was there before is chained as if it always had been, whatever its numbers.
CREATE TABLE audit_chain (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    seq           INTEGER NOT NULL,
    at            TEXT    NOT NULL,
    by            TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    detail        TEXT    NOT NULL CHECK (json_type(detail) = 'object'),
    sha256        TEXT    NOT NULL, -- of the one before and of this one
    PRIMARY KEY (engagement_id, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO audit_chain
WITH RECURSIVE chain AS (
    SELECT a.engagement_id, a.seq, a.at, a.by, a.action, a.detail,
        tandem_chain('', a.engagement_id, a.seq, a.at, a.by, a.action, a.detail) AS sha256
    FROM engagements e JOIN audit_log a ON a.engagement_id = e.id
        AND a.seq = (SELECT MIN(seq) FROM audit_log WHERE engagement_id = e.id)
    UNION ALL
    SELECT a.engagement_id, a.seq, a.at, a.by, a.action, a.detail,
        tandem_chain(c.sha256, a.engagement_id, a.seq, a.at, a.by, a.action, a.detail)
    FROM chain c JOIN audit_log a ON a.engagement_id = c.engagement_id
        AND a.seq = (SELECT MIN(seq) FROM audit_log WHERE engagement_id = c.engagement_id AND seq > c.seq)
)
SELECT engagement_id, seq, at, by, action, detail, sha256 FROM chain;

DROP TABLE audit_log;
ALTER TABLE audit_chain RENAME TO audit_log;

-- The head of the chain, beside it, so that a lost end is found.
ALTER TABLE engagements ADD COLUMN audit_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE engagements ADD COLUMN audit_sha256 TEXT NOT NULL DEFAULT '';
UPDATE engagements SET (audit_seq, audit_sha256) =
    (SELECT seq, sha256 FROM audit_log WHERE engagement_id = engagements.id ORDER BY seq DESC LIMIT 1)
WHERE EXISTS (SELECT 1 FROM audit_log WHERE engagement_id = engagements.id);

-- What was asked never changes. Whether it is closed follows from the events
-- below and stands here for the index.
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

CREATE UNIQUE INDEX acknowledgement_requests_once ON acknowledgement_requests (engagement_id, key) WHERE key <> '';
CREATE INDEX acknowledgement_requests_open ON acknowledgement_requests (engagement_id, id) WHERE closed_at = '' OR changed = 1;

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

CREATE INDEX acknowledgement_events_of ON acknowledgement_events (engagement_id, request, audit_seq);

-- Evidence is only ever appended to, whoever holds the connection.

-- +goose StatementBegin
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER engagements_audit_forward BEFORE UPDATE OF audit_seq, audit_sha256 ON engagements
WHEN NEW.audit_seq <> OLD.audit_seq + 1
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only goes forward'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER acknowledgement_events_no_update BEFORE UPDATE ON acknowledgement_events
BEGIN SELECT RAISE(ABORT, 'acknowledgement_events is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER acknowledgement_events_no_delete BEFORE DELETE ON acknowledgement_events
BEGIN SELECT RAISE(ABORT, 'acknowledgement_events is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER acknowledgement_requests_fixed BEFORE UPDATE ON acknowledgement_requests
WHEN (NEW.engagement_id, NEW.id, NEW.audit_seq, NEW.key, NEW.what, NEW.subject, NEW.version, NEW.title, NEW.text, NEW.mode, NEW.asked, NEW.by, NEW.at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.audit_seq, OLD.key, OLD.what, OLD.subject, OLD.version, OLD.title, OLD.text, OLD.mode, OLD.asked, OLD.by, OLD.at)
BEGIN SELECT RAISE(ABORT, 'what was asked never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER acknowledgement_requests_no_delete BEFORE DELETE ON acknowledgement_requests
BEGIN SELECT RAISE(ABORT, 'requests are closed, never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER occurrence_transitions_no_update BEFORE UPDATE ON occurrence_transitions
BEGIN SELECT RAISE(ABORT, 'occurrence_transitions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER occurrence_transitions_no_delete BEFORE DELETE ON occurrence_transitions
BEGIN SELECT RAISE(ABORT, 'occurrence_transitions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER occurrences_no_delete BEFORE DELETE ON occurrences
BEGIN SELECT RAISE(ABORT, 'occurrences are skipped, never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER answers_no_update BEFORE UPDATE ON answers
BEGIN SELECT RAISE(ABORT, 'answers is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER answers_no_delete BEFORE DELETE ON answers
BEGIN SELECT RAISE(ABORT, 'answers is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rsvps_no_update BEFORE UPDATE ON rsvps
BEGIN SELECT RAISE(ABORT, 'rsvps is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rsvps_no_delete BEFORE DELETE ON rsvps
BEGIN SELECT RAISE(ABORT, 'rsvps is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_transitions_no_update BEFORE UPDATE ON finding_transitions
BEGIN SELECT RAISE(ABORT, 'finding_transitions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_transitions_no_delete BEFORE DELETE ON finding_transitions
BEGIN SELECT RAISE(ABORT, 'finding_transitions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pauses_only_resume BEFORE UPDATE ON pauses
WHEN OLD.resumed_on IS NOT NULL OR NEW.resumed_on IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.cadence, NEW.first_day, NEW.last_day, NEW.reason, NEW.paused_by, NEW.paused_at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.cadence, OLD.first_day, OLD.last_day, OLD.reason, OLD.paused_by, OLD.paused_at)
BEGIN SELECT RAISE(ABORT, 'a pause can only be ended, once'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pauses_no_delete BEFORE DELETE ON pauses
BEGIN SELECT RAISE(ABORT, 'pauses are ended, never deleted'); END;
-- +goose StatementEnd
