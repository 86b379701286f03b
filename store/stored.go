package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// ImportStatus says what an import did to the store.
type ImportStatus string

// What an import can do.
const (
	ImportCreated   ImportStatus = "created"   // the engagement was not stored before
	ImportUpdated   ImportStatus = "updated"   // a new revision, a new matrix version or new signatures
	ImportUnchanged ImportStatus = "unchanged" // everything in the file is stored already; nothing was written
)

// ImportResult tells what one import changed. The matrix version and the
// revision move apart from each other: the version counts changes of the
// matrix, the revision changes of everything else in the file.
type ImportResult struct {
	Engagement  string       `json:"engagement"`
	Status      ImportStatus `json:"status"`
	OldVersion  int          `json:"old_version,omitempty"` // 0 where there was none
	Version     int          `json:"version"`
	OldRevision int          `json:"old_revision,omitempty"` // 0 where there was none
	Revision    int          `json:"revision"`
	// Signed are the signatures that this import added to Version.
	Signed []Signature `json:"signed,omitempty"`
	// Kept are signatures of Version that the file does not carry. They stay:
	// a signature is evidence and is never removed.
	Kept []Signature `json:"kept,omitempty"`
}

// EngagementSummary is one line of the list of engagements.
type EngagementSummary struct {
	ID        string    `json:"id"`
	Client    string    `json:"client"`
	MSP       string    `json:"msp"`
	Version   int       `json:"version"`  // of the active matrix
	Revision  int       `json:"revision"` // of everything else
	UpdatedAt time.Time `json:"updated_at"`
}

// MatrixVersion describes one stored version of a matrix without its rows.
type MatrixVersion struct {
	Version   int         `json:"version"`
	Effective Date        `json:"effective,omitzero"`
	Reason    string      `json:"reason,omitempty"`
	SHA256    string      `json:"sha256"` // lower-case hex, of the content that a signature covers
	Signed    []Signature `json:"signed,omitempty"`
	CreatedAt time.Time   `json:"created_at"`
	Active    bool        `json:"active"`
}

// RecordedAbsence is an absence as the store keeps it. Its ID counts from 1
// within the engagement.
type RecordedAbsence struct {
	ID int `json:"id"`
	Absence
	RecordedBy string    `json:"recorded_by"`
	RecordedAt time.Time `json:"recorded_at"`
}

// The actions of the audit log.
const (
	AuditImported         = "engagement.imported"
	AuditAbsenceRecorded  = "absence.recorded"
	AuditAbsenceCancelled = "absence.cancelled"
)

// What leads decide about words that the matrix does not name.
const (
	AuditConversationClosed = "conversation.closed"
	AuditAliasConfirmed     = "alias.confirmed"
	AuditAliasDismissed     = "alias.dismissed"
	AuditAliasForgotten     = "alias.forgotten"
)

// Those of the rhythm.
const (
	AuditAnswered      = "standup.answered"
	AuditBlockerClosed = "blocker.closed"
	AuditRSVP          = "occurrence.rsvp"
	AuditMoved         = "occurrence.moved"
	AuditSkipped       = "occurrence.skipped"
	AuditHeld          = "occurrence.recorded"
	AuditPaused        = "cadence.paused"
	AuditResumed       = "cadence.resumed"
	AuditAckRequested  = "acknowledgement.requested"
	AuditAckGiven      = "acknowledgement.given"
	AuditAckUndone     = "acknowledgement.undone"
	AuditAckReminded   = "acknowledgement.reminded"
	AuditAckClosed     = "acknowledgement.closed"
)

// AuditEntry is one line of an engagement's audit log, which is only ever
// appended to. Seq counts from 1 within the engagement, without gaps. SHA256
// covers the entry and, through the one before, all before it.
type AuditEntry struct {
	Seq    int             `json:"seq"`
	At     time.Time       `json:"at"`
	By     string          `json:"by"`
	Action string          `json:"action"`
	Detail json.RawMessage `json:"detail"` // an object; its keys depend on Action
	SHA256 string          `json:"sha256"` // lower-case hex
}

// String is the result in one sentence, such as "harbor-legal: updated to
// matrix version 4 (was 3)."
func (r ImportResult) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Engagement, r.Status)
	switch {
	case r.Version == r.OldVersion:
		fmt.Fprintf(&b, ", matrix version %d", r.Version)
	case r.OldVersion == 0:
		fmt.Fprintf(&b, " with matrix version %d", r.Version)
	default:
		fmt.Fprintf(&b, " to matrix version %d (was %d)", r.Version, r.OldVersion)
	}
	if r.Status == ImportUpdated && r.Revision != r.OldRevision {
		fmt.Fprintf(&b, ", revision %d (was %d)", r.Revision, r.OldRevision)
	}
	b.WriteString(".")
	if r.Status == ImportUpdated && r.Version == r.OldVersion && len(r.Signed) > 0 {
		fmt.Fprintf(&b, " Signed now by %s.", signers(r.Signed))
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(&b, " The file lacks the stored signature of %s; it stays.", signers(r.Kept))
	}
	return b.String()
}

func signers(list []Signature) string {
	var names []string
	for _, s := range list {
		names = append(names, s.By)
	}
	return strings.Join(names, " and ")
}
