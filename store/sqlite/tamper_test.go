package sqlite_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqldb"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// forger is a store whose triggers and checks are gone, for whoever writes
// past Tandem.
type forger struct {
	*sqlite.DB
	t *testing.T
}

// forge makes a store with every kind of record, and another engagement beside it.
func forge(t *testing.T) forger {
	t.Helper()
	db := open(t, sqlite.Memory, sqlite.Options{})
	for _, id := range []string{"harbor-legal", "lakeside-dental"} {
		e := small()
		e.ID = id
		importing(t, db, e)
		rhythmHistory(t, db, id)
	}
	f := forger{db, t}
	for _, name := range column(t, db.Writer(), "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
		run(t, db.Writer(), "DROP TRIGGER "+name)
	}
	run(t, db.Writer(), "PRAGMA foreign_keys = off; PRAGMA ignore_check_constraints = on")
	for _, table := range evidenceTables {
		run(t, db.Writer(), "CREATE TABLE kept_"+table+" AS SELECT * FROM "+table)
	}
	return f
}

var evidenceTables = []string{"audit_log", "acknowledgement_requests", "acknowledgement_events", "engagements"}

// restore undoes every forgery.
func (f forger) restore() {
	f.t.Helper()
	for _, table := range evidenceTables {
		run(f.t, f.Writer(), "DELETE FROM "+table+"; INSERT INTO "+table+" SELECT * FROM kept_"+table)
	}
	check, err := f.VerifyAudit(ctx, "harbor-legal")
	if err != nil || check.Broken != nil {
		f.t.Fatalf("restored: %s, %v", check, err)
	}
}

// wantBroken makes a forgery and wants it found at the record, in those words.
func (f forger) wantBroken(seq int, words, statement string) {
	f.t.Helper()
	run(f.t, f.Writer(), statement)
	check, err := f.VerifyAudit(ctx, "harbor-legal")
	switch {
	case err != nil:
		f.t.Errorf("%s: %v", statement, err)
	case check.Broken == nil:
		f.t.Errorf("%s: goes unseen", statement)
	case check.Broken.Seq != seq || check.Good != seq-1 || !strings.Contains(check.Broken.What, words):
		f.t.Errorf("%s: %s\nwant record %d, %q", statement, check, seq, words)
	}
	if other, err := f.VerifyAudit(ctx, "lakeside-dental"); err != nil || other.Broken != nil {
		f.t.Errorf("%s: the other engagement: %s, %v", statement, other, err)
	}
	f.restore()
}

// rhythmHistory does everything to an engagement once.
func rhythmHistory(t *testing.T, db *sqlite.DB, id string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sweep := func(at time.Time, c store.Change) {
		t.Helper()
		_, err := db.ClaimSweeps(ctx, "sweeper", at, at.Add(time.Minute), 10)
		must(err)
		r, err := db.Rhythm(ctx, id)
		must(err)
		c.Seen, c.Next = r.Seen, at
		must(db.ApplySweep(ctx, id, "sweeper", c, at))
		must(db.ReleaseSweeps(ctx, "sweeper"))
	}
	const monday, tuesday = "2026-10-05T09:00", "2026-10-06T10:00"
	at := noon
	due := store.Occurrence{Cadence: "standup", Civil: monday, Due: at, Grace: at, State: store.Scheduled}
	later := store.Occurrence{Cadence: "qbr", Civil: tuesday, Due: at, Grace: at, State: store.Scheduled}
	finding := store.FindingChange{OpenFinding: store.OpenFinding{
		Finding: store.Finding{Kind: store.FindingMissed, Subject: "standup", Facts: "Two were missed."}, Level: store.LevelDrift, Opened: at, Climbed: at,
	}}
	ask := store.AckRequest{
		ID: 1, Key: "drift", What: store.AckDrift, Subject: finding.Fingerprint(), Version: 1, Title: "Drift <&>", Text: "Two were missed.",
		Mode: store.AckEach, Asked: []string{"maria", "devon"},
	}
	post := store.Post{
		Key: "prompt", Kind: "prompt", Subject: store.AboutOccurrence("standup", monday), Channel: "it", Card: []byte(`[]`),
		To: []store.Address{{Platform: "web", Channel: id}},
	}
	sweep(at, store.Change{
		Create: []store.Occurrence{due, later}, Findings: []store.FindingChange{finding}, Requests: []store.AckRequest{ask}, Posts: []store.Post{post},
	})
	answer := store.Answer{Cadence: "standup", Civil: monday, Person: "maria", Kind: store.Answered, Answers: []string{"tickets"}}
	must(db.RecordAnswer(ctx, id, answer, []store.Blocker{{Text: "the licence", Function: "row-1"}}, at))
	must(db.CloseBlocker(ctx, id, 1, "maria", at))
	must(db.RSVP(ctx, id, store.RSVP{Cadence: "qbr", Civil: tuesday, Person: "maria", Coming: true}, at))
	must(db.MoveOccurrence(ctx, id, store.Moving{Cadence: "qbr", Civil: tuesday, Due: at, Grace: at, Reason: "a trip", By: "maria"}, at))
	ask.What, ask.Key, ask.By, ask.Mode = store.AckAnnouncement, "", "maria", store.AckFirst
	_, err := db.RequestAcknowledgement(ctx, id, ask, at)
	must(err)
	press := store.Acknowledging{Request: 1, Person: "maria", Platform: "slack", Identity: "U1", Message: "m1", How: store.ByButton}
	_, err = db.Acknowledge(ctx, id, press, at)
	must(err)
	must(db.UndoAcknowledgement(ctx, id, store.Undoing{Request: 1, Person: "maria", Platform: "slack", Identity: "U1", How: store.ByTyping}, at))
	press.By = "devon"
	_, err = db.Acknowledge(ctx, id, press, at)
	must(err)
	sweep(at, store.Change{Reminded: []int{1, 2}, Closed: []store.ClosedRequest{{ID: 2, Why: "over"}}})
	list, err := db.ClaimDeliveries(ctx, "sender", at, at.Add(time.Minute), 1)
	must(err)
	must(db.FinishDelivery(ctx, list[0], store.Outcome{Kind: store.OutcomeSent, Message: "m1"}, at))
}

// TestTamperColumns changes each column of each row in turn.
func TestTamperColumns(t *testing.T) {
	f := forge(t)
	for _, table := range evidenceTables[:3] {
		seq := "audit_seq"
		if table == "audit_log" {
			seq = "seq"
		}
		seqs := column(t, f.Writer(), "SELECT CAST("+seq+" AS TEXT) FROM "+table+" WHERE engagement_id = 'harbor-legal'")
		if len(seqs) < 2 {
			t.Fatalf("%s has %d rows", table, len(seqs))
		}
		for _, name := range column(t, f.Writer(), "SELECT name FROM pragma_table_info('"+table+"')") {
			if table == "acknowledgement_requests" && name == "changed" {
				continue // what the next sweep looks at; no evidence
			}
			kind := column(t, f.Writer(), "SELECT type FROM pragma_table_info('"+table+"') WHERE name = '"+name+"'")[0]
			value := map[string]string{"INTEGER": name + " + 1000", "TEXT": name + " || 'x'"}[kind]
			for _, n := range seqs {
				number, err := strconv.Atoi(n)
				if err != nil {
					t.Fatal(err)
				}
				f.wantBroken(number, "", fmt.Sprintf("UPDATE %s SET %s = %s WHERE engagement_id = 'harbor-legal' AND %s = %s", table, name, value, seq, n))
			}
		}
		for _, n := range seqs {
			number, err := strconv.Atoi(n)
			if err != nil {
				t.Fatal(err)
			}
			f.wantBroken(number, "is missing", fmt.Sprintf("DELETE FROM %s WHERE engagement_id = 'harbor-legal' AND %s = %s", table, seq, n))
		}
	}
}

// TestTamperWords: what is said of a forgery is what was done.
func TestTamperWords(t *testing.T) {
	f := forge(t)
	check, err := f.VerifyAudit(ctx, "harbor-legal")
	if err != nil || check.Broken != nil {
		t.Fatalf("%s, %v", check, err)
	}
	last := check.Good
	given, err := strconv.Atoi(column(t, f.Writer(), "SELECT CAST(MIN(audit_seq) AS TEXT) FROM acknowledgement_events WHERE engagement_id = 'harbor-legal'")[0])
	if err != nil {
		t.Fatal(err)
	}
	const log = " WHERE engagement_id = 'harbor-legal' AND seq = "
	const row = " WHERE engagement_id = 'harbor-legal' AND audit_seq = "
	n := strconv.Itoa
	swap := "UPDATE audit_log SET seq = CASE seq WHEN %[1]d THEN -1 ELSE %[1]d END" + log[:len(log)-len("seq = ")] + "seq IN (%[1]d, %[2]d); UPDATE audit_log SET seq = %[2]d" + log + "-1"
	for _, c := range []struct {
		seq              int
		words, statement string
	}{
		{2, "what it says was changed", "UPDATE audit_log SET by = 'devon' " + log + "2"},
		{last, "what it says was changed", "UPDATE audit_log SET by = 'nobody'" + log + n(last)},
		{2, "its sum was changed; what it says is as it was", "UPDATE audit_log SET sha256 = 'x'" + log + "2"},
		{last, "its sum was changed; what it says is as it was", "UPDATE audit_log SET sha256 = 'x'" + log + n(last)},
		{1, "it is missing", "DELETE FROM audit_log" + log + "1"},
		{1, "it is missing; there were " + n(last), "DELETE FROM audit_log WHERE engagement_id = 'harbor-legal'"},
		{last, "it is missing; there were " + n(last), "DELETE FROM audit_log" + log + n(last)},
		{last - 1, "it is missing; there were", "DELETE FROM audit_log WHERE engagement_id = 'harbor-legal' AND seq > " + n(last-2)},
		{last, "the sum beside the engagement", "UPDATE engagements SET audit_sha256 = 'x' WHERE id = 'harbor-legal'"},
		{last + 1, "it is missing", "UPDATE engagements SET audit_seq = audit_seq + 1 WHERE id = 'harbor-legal'"},
		{last - 1, "the sum beside", "UPDATE engagements SET audit_seq = audit_seq - 1 WHERE id = 'harbor-legal'"},
		{1, "", fmt.Sprintf(swap, 1, 2)},
		{3, "", fmt.Sprintf(swap, 3, last)},
		{1, "below the first", "INSERT INTO audit_log SELECT engagement_id, 0, at, by, action, detail, sha256 FROM audit_log" + log + "2"},
		{last + 1, "it was added", "INSERT INTO audit_log SELECT engagement_id, " + n(last+1) + ", at, by, action, detail, sha256 FROM audit_log" + log + "2"},
		{given, `person is "\"devon\"", and was "\"maria\""`, "UPDATE acknowledgement_events SET person = 'devon'" + row + n(given)},
		{given, "who did it is", "UPDATE acknowledgement_events SET by = 'theo'" + row + n(given)},
		{given, "the instant is", "UPDATE acknowledgement_events SET at = '2020'" + row + n(given)},
		{given, "what happened is", "UPDATE acknowledgement_events SET event = 'undone'" + row + n(given)},
		{given, "among the acknowledgements is missing", "DELETE FROM acknowledgement_events" + row + n(given)},
		{
			1, "refers to it, and is not what it is about",
			"INSERT INTO acknowledgement_events SELECT engagement_id, 1, request, event, person, by, platform, identity, message, how, why, at FROM acknowledgement_events" + row + n(given),
		},
		{
			900, "refers to it, and it is not there",
			"INSERT INTO acknowledgement_events SELECT engagement_id, 900, request, event, person, by, platform, identity, message, how, why, at FROM acknowledgement_events" + row + n(given),
		},
		{2, "it says closed at", "UPDATE acknowledgement_requests SET closed_at = at WHERE engagement_id = 'harbor-legal' AND id = 1"},
		{2, `title is "\"Else\""`, "UPDATE acknowledgement_requests SET title = 'Else' WHERE engagement_id = 'harbor-legal' AND id = 1"},
		{2, "who was asked", "UPDATE acknowledgement_requests SET asked = '[\"maria\"  ]' WHERE engagement_id = 'harbor-legal' AND id = 1"},
	} {
		if c.seq == 900 { // every record before it is as it was written
			run(t, f.Writer(), c.statement)
			check, err := f.VerifyAudit(ctx, "harbor-legal")
			if err != nil || check.Broken == nil || check.Broken.Seq != 900 || check.Good != last || !strings.Contains(check.Broken.What, c.words) {
				t.Errorf("%s: %s, %v", c.statement, check, err)
			}
			f.restore()
			continue
		}
		f.wantBroken(c.seq, c.words, c.statement)
	}
}

// TestTamperWell: who reckons the sum of the changed record too is found at
// the next one, or at the sum beside the engagement.
func TestTamperWell(t *testing.T) {
	f := forge(t)
	entries, err := f.Audit(ctx, "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	previous := ""
	for i, e := range entries {
		at := e.At.UTC().Format("2006-01-02T15:04:05.000000000Z")
		sum := sqldb.Chain(previous, "harbor-legal", strconv.Itoa(e.Seq), at, "forger", e.Action, string(e.Detail))
		previous = e.SHA256
		if strings.HasPrefix(e.Action, "acknowledgement.") {
			continue // its row tells
		}
		found := min(i+2, len(entries))
		f.wantBroken(found, "", fmt.Sprintf("UPDATE audit_log SET by = 'forger', sha256 = '%s' WHERE engagement_id = 'harbor-legal' AND seq = %d", sum, e.Seq))
	}
}

// TestChainOfOld: what an older Tandem wrote is chained by the upgrade, whatever
// its numbers, and guarded from then on.
func TestChainOfOld(t *testing.T) {
	for name, c := range map[string]struct {
		spoil string
		good  int
	}{
		"as it was":              {"", 5},
		"one was missing":        {"DROP TRIGGER audit_log_no_delete; DELETE FROM audit_log WHERE seq = 3", 2},
		"the first were missing": {"DROP TRIGGER audit_log_no_delete; DELETE FROM audit_log WHERE seq < 3", 0},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			old := raw(t, path)
			run(t, old, string(read(t, dumpName(1))))
			if c.spoil != "" {
				run(t, old, c.spoil)
			}
			before := column(t, old, "SELECT CAST(seq AS TEXT) FROM audit_log")
			db := open(t, path, sqlite.Options{})
			if after := column(t, db.Writer(), "SELECT CAST(seq AS TEXT) FROM audit_log"); !slices.Equal(before, after) {
				t.Errorf("records %v became %v", before, after)
			}
			check, err := db.VerifyAudit(ctx, "harbor-legal")
			if err != nil || check.Good != c.good || (check.Broken == nil) != (c.spoil == "") {
				t.Errorf("%s, %v", check, err)
			}
			if _, err := db.RecordAbsence(ctx, "harbor-legal", store.Absence{Person: "maria", From: store.DateOf(noon.AddDate(1, 0, 0)), To: store.DateOf(noon.AddDate(1, 0, 0))}, "maria", noon); err != nil {
				t.Errorf("writing on: %v", err)
			}
		})
	}
}
