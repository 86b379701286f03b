package sqlite_test

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// TestEvidence: no statement changes or deletes what is evidence, not even on
// the connection that writes.
func TestEvidence(t *testing.T) {
	path := newPath(t)
	db := open(t, path, sqlite.Options{})
	importing(t, db, client("harbor-legal"))
	absence := store.Absence{Person: "maria", From: store.DateOf(noon), To: store.DateOf(noon)}
	for range 2 { // one to cancel, one that stays
		id, err := db.RecordAbsence(ctx, "harbor-legal", absence, "maria", noon)
		if err != nil {
			t.Fatal(err)
		}
		if id == 1 {
			if err := db.CancelAbsence(ctx, "harbor-legal", id, "maria", noon); err != nil {
				t.Fatal(err)
			}
		}
	}
	fillLedger(t, db)
	rhythmOfHistory(t, db)
	outside := raw(t, path)
	for _, statement := range []string{
		"UPDATE engagement_revisions SET content = content",
		"DELETE FROM engagement_revisions",
		"INSERT OR REPLACE INTO engagement_revisions SELECT * FROM engagement_revisions",
		"UPDATE matrix_versions SET reason = 'x'",
		"DELETE FROM matrix_versions",
		"INSERT OR REPLACE INTO matrix_versions SELECT * FROM matrix_versions",
		"UPDATE matrix_signatures SET signed_on = '2020-01-01'",
		"DELETE FROM matrix_signatures",
		"INSERT OR REPLACE INTO matrix_signatures SELECT * FROM matrix_signatures",
		"UPDATE audit_log SET by = 'nobody'",
		"DELETE FROM audit_log",
		"INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log",
		"DELETE FROM absences",
		"UPDATE absences SET person = 'devon' WHERE id = 2",
		"UPDATE absences SET person = 'devon', cancelled_at = 'x', cancelled_by = 'x' WHERE id = 2",
		"UPDATE absences SET cancelled_at = NULL, cancelled_by = NULL WHERE id = 1",
		"UPDATE absences SET cancelled_by = 'x' WHERE id = 1",
		"INSERT OR REPLACE INTO absences SELECT * FROM absences",
		"UPDATE engagements SET id = 'other'",
		"DELETE FROM engagements",

		"DELETE FROM conversations",
		"UPDATE conversations SET key = 'x' WHERE id = 1",
		"UPDATE conversations SET closed_by = 'x' WHERE id = 2",
		"UPDATE conversations SET closed_as = NULL, closed_kind = NULL, closed_subject = NULL, closed_alias = NULL, closed_by = NULL, closed_at = NULL WHERE id = 2",
		"INSERT OR REPLACE INTO conversations SELECT * FROM conversations",
		"UPDATE conversation_asks SET question = 'x'",
		"DELETE FROM conversation_asks",
		"INSERT OR REPLACE INTO conversation_asks SELECT * FROM conversation_asks",
		"DELETE FROM learned_aliases",
		"UPDATE learned_aliases SET subject = 'row-1', forgotten_at = 'x', forgotten_by = 'x' WHERE id = 1",
		"UPDATE learned_aliases SET forgotten_at = NULL, forgotten_by = NULL WHERE id = 2",
		"INSERT OR REPLACE INTO learned_aliases SELECT * FROM learned_aliases",
		"DELETE FROM alias_suggestions",
		"UPDATE alias_suggestions SET subject = 'row-1' WHERE id = 3",
		"UPDATE alias_suggestions SET decided_as = 'confirmed' WHERE id = 2",
		"INSERT OR REPLACE INTO alias_suggestions SELECT * FROM alias_suggestions",
		"UPDATE alias_choices SET phrase = 'x'",
		"DELETE FROM alias_choices",
		"INSERT OR REPLACE INTO alias_choices SELECT * FROM alias_choices",
		"UPDATE engagements SET audit_seq = audit_seq - 1",
		"UPDATE engagements SET audit_sha256 = 'x'",
		"UPDATE acknowledgement_events SET by = 'nobody'",
		"DELETE FROM acknowledgement_events",
		"INSERT OR REPLACE INTO acknowledgement_events SELECT * FROM acknowledgement_events",
		"UPDATE acknowledgement_requests SET title = 'x'",
		"DELETE FROM acknowledgement_requests",
		"UPDATE occurrence_transitions SET why = 'x'",
		"DELETE FROM occurrence_transitions",
		"DELETE FROM occurrences",
		"UPDATE answers SET answers = '[]'",
		"DELETE FROM answers",
		"UPDATE rsvps SET coming = 0",
		"DELETE FROM rsvps",
		"UPDATE finding_transitions SET facts = 'x'",
		"DELETE FROM finding_transitions",
		"UPDATE pauses SET reason = 'x'",
		"DELETE FROM pauses",
	} {
		if _, err := db.Writer().Exec(statement); err == nil {
			t.Errorf("%s: went through", statement)
		}
		if statement[:6] == "INSERT" {
			continue // REPLACE meets the triggers only on our own connections
		}
		if _, err := outside.Exec(statement); err == nil {
			t.Errorf("%s: went through from outside", statement)
		}
	}
	// A signature of other content, or of a version that is not there.
	for _, statement := range []string{
		"INSERT INTO matrix_signatures SELECT engagement_id, version, 9, 'devon', signed_on, 'other', imported_at, imported_by FROM matrix_signatures",
		"INSERT INTO matrix_signatures SELECT engagement_id, 7, 9, 'devon', signed_on, sha256, imported_at, imported_by FROM matrix_signatures",
		"INSERT INTO matrix_versions SELECT 'nobody', version, content, sha256, effective, reason, created_at FROM matrix_versions",
		"UPDATE engagements SET matrix_version = 9",
		"INSERT INTO conversations (engagement_id, id, key, nearest) SELECT engagement_id, 9, key, nearest FROM conversations WHERE closed_at IS NULL",
		"INSERT INTO conversation_asks SELECT engagement_id, 9, seq, question, asker, asked_at FROM conversation_asks WHERE seq = 1",
	} {
		if _, err := db.Writer().Exec(statement); err == nil {
			t.Errorf("%s: went through", statement)
		}
	}
	if _, err := db.Engagement(ctx, "harbor-legal"); err != nil {
		t.Error(err)
	}
	wantIntact(t, db)
}

// TestSums: a sum is that of the very bytes stored, and stays what it is: a
// signature covers it.
func TestSums(t *testing.T) {
	db := open(t, newPath(t), sqlite.Options{})
	e := small()
	e.Matrix.Functions[0].Name = `Printers <&> "scanners"`
	importing(t, db, e)
	var content, sum string
	if err := db.Writer().QueryRow("SELECT content, sha256 FROM matrix_versions").Scan(&content, &sum); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(content, `Printers <&> \"scanners\"`) {
		t.Errorf("the content is not as people read it: %s", content)
	}
	if own := fmt.Sprintf("%x", sha256.Sum256([]byte(content))); own != sum {
		t.Errorf("the sum is %s, of the content %s", sum, own)
	}
	const pinned = "de77dd6f9ec2768ef88cbafb83a429d1e72b4e10bc7f63102b6f8481c56c4fb5"
	if sum != pinned {
		t.Errorf("the sum is %s and was %s: content is encoded in another way, and no signature holds any more", sum, pinned)
	}
	versions, err := db.MatrixVersions(ctx, "harbor-legal")
	if err != nil || versions[0].SHA256 != sum {
		t.Errorf("the list says %v, %v", versions, err)
	}
	var signed string
	if err := db.Writer().QueryRow("SELECT sha256 FROM matrix_signatures").Scan(&signed); err != nil || signed != sum {
		t.Errorf("signed was %s, %v", signed, err)
	}
}

// TestAllOrNothing: whichever table refuses, nothing of the use case stays.
func TestAllOrNothing(t *testing.T) {
	for _, table := range []string{"engagement_revisions", "people", "matrix_versions", "matrix_signatures", "audit_log"} {
		t.Run(table, func(t *testing.T) {
			db := open(t, newPath(t), sqlite.Options{})
			importing(t, db, client("harbor-legal"))
			// FAIL, unlike ABORT, keeps what the statement did before.
			run(t, db.Writer(), "CREATE TEMP TRIGGER refuse AFTER INSERT ON main."+table+" BEGIN SELECT RAISE(FAIL, 'refused'); END")
			before := column(t, db.Writer(), everything)
			_, err := db.ImportEngagement(ctx, client("lakeside-dental"), "maria", noon)
			wantError(t, err, store.CodeInternal)
			if after := column(t, db.Writer(), everything); !slices.Equal(before, after) {
				t.Errorf("after a failure there are %v rows, before %v", after, before)
			}
			run(t, db.Writer(), "DROP TRIGGER refuse")
			importing(t, db, client("lakeside-dental"))
		})
	}
}

// everything counts the rows of each table.
const everything = `
	SELECT COUNT(*) FROM engagements UNION ALL SELECT COUNT(*) FROM engagement_revisions UNION ALL
	SELECT COUNT(*) FROM matrix_versions UNION ALL SELECT COUNT(*) FROM matrix_signatures UNION ALL
	SELECT COUNT(*) FROM audit_log UNION ALL SELECT COUNT(*) FROM people`

// TestBackup: a copy holds all that was committed, opens like the store, and
// never takes the place of another file.
func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "tandem.db"), sqlite.Options{})
	importing(t, db, client("harbor-legal"))
	copied := filepath.Join(dir, "copy of 100%.db")
	if err := db.Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	wantError(t, db.Backup(ctx, copied), store.CodeConflict, copied, "a file of that name already")
	wantError(t, db.Backup(ctx, dir), store.CodeConflict, "already")
	wantError(t, db.Backup(ctx, filepath.Join(dir, "none", "copy.db")), store.CodeNotFound, "none")
	importing(t, db, client("lakeside-dental"))

	for _, o := range []sqlite.Options{{ReadOnly: true}, {}} {
		list, err := open(t, copied, o).Engagements(ctx)
		if err != nil || len(list) != 1 || list[0].ID != "harbor-legal" {
			t.Errorf("the copy holds %v, %v", list, err)
		}
	}
	again := filepath.Join(dir, "again.db")
	if err := open(t, copied, sqlite.Options{ReadOnly: true}).Backup(ctx, again); err != nil {
		t.Errorf("a backup while only reading: %v", err)
	}
	wantIntact(t, open(t, again, sqlite.Options{}))
	if left, err := filepath.Glob(filepath.Join(dir, "*partial*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	memory, kept := open(t, sqlite.Memory, sqlite.Options{}), filepath.Join(dir, "memory.db")
	importing(t, memory, client("harbor-legal"))
	if err := memory.Backup(ctx, kept); err != nil {
		t.Fatal(err)
	}
	saved := open(t, kept, sqlite.Options{})
	wantIntact(t, saved)
	if _, err := saved.Engagement(ctx, "harbor-legal"); err != nil {
		t.Errorf("the copy of a store in memory: %v", err)
	}
}

// TestBackupIsPrivate: the copy holds phone numbers as the store does.
func TestBackupIsPrivate(t *testing.T) {
	db := open(t, newPath(t), sqlite.Options{})
	path := newPath(t)
	if err := db.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	wantMode(t, path, 0o600)
}
