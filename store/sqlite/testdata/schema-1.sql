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
    updated_at     TEXT    NOT NULL,
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
INSERT INTO goose_db_version VALUES (1, 0, 1, '2026-11-23 21:54:50');
INSERT INTO goose_db_version VALUES (2, 1, 1, '2026-11-23 21:54:50');
INSERT INTO engagements VALUES ('harbor-legal', 'Harbor Legal Group', 'Palmetto Ridge IT', 2, 2, '2026-10-01T12:00:00.000000000Z');
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
