-- Aggregates are kept whole, as JSON: they are always read whole and never
-- changed in part. Every key begins with the engagement, so that two of them
-- can't mix. Instants are UTC text of one width, which sorts; days are ISO text.
-- Small rows live in the index of their key (WITHOUT ROWID); large ones don't.

-- +goose Up
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

CREATE INDEX absences_of_person ON absences (engagement_id, person, last_day) WHERE cancelled_at IS NULL;

CREATE TABLE audit_log (
    engagement_id TEXT    NOT NULL REFERENCES engagements (id),
    seq           INTEGER NOT NULL,
    at            TEXT    NOT NULL,
    by            TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    detail        TEXT    NOT NULL CHECK (json_type(detail) = 'object'),
    PRIMARY KEY (engagement_id, seq)
) STRICT, WITHOUT ROWID;

-- Evidence is only ever appended to, whoever holds the connection.

-- +goose StatementBegin
CREATE TRIGGER engagement_revisions_no_update BEFORE UPDATE ON engagement_revisions
BEGIN SELECT RAISE(ABORT, 'engagement_revisions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER engagement_revisions_no_delete BEFORE DELETE ON engagement_revisions
BEGIN SELECT RAISE(ABORT, 'engagement_revisions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER matrix_versions_no_update BEFORE UPDATE ON matrix_versions
BEGIN SELECT RAISE(ABORT, 'matrix_versions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER matrix_versions_no_delete BEFORE DELETE ON matrix_versions
BEGIN SELECT RAISE(ABORT, 'matrix_versions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER matrix_signatures_no_update BEFORE UPDATE ON matrix_signatures
BEGIN SELECT RAISE(ABORT, 'matrix_signatures is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER matrix_signatures_no_delete BEFORE DELETE ON matrix_signatures
BEGIN SELECT RAISE(ABORT, 'matrix_signatures is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER absences_only_cancel BEFORE UPDATE ON absences
WHEN OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
    OR (NEW.engagement_id, NEW.id, NEW.person, NEW.first_day, NEW.last_day, NEW.cover, NEW.recorded_by, NEW.recorded_at)
    IS NOT (OLD.engagement_id, OLD.id, OLD.person, OLD.first_day, OLD.last_day, OLD.cover, OLD.recorded_by, OLD.recorded_at)
BEGIN SELECT RAISE(ABORT, 'an absence can only be cancelled, once'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER absences_no_delete BEFORE DELETE ON absences
BEGIN SELECT RAISE(ABORT, 'absences are cancelled, never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER engagements_same_id BEFORE UPDATE OF id ON engagements
BEGIN SELECT RAISE(ABORT, 'the id of an engagement never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER engagements_no_delete BEFORE DELETE ON engagements
BEGIN SELECT RAISE(ABORT, 'an engagement is never deleted'); END;
-- +goose StatementEnd
