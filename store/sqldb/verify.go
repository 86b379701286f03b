package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"github.com/tandem-bot/tandem/store"
)

// VerifyAudit checks that the engagement's audit log is as it was written:
// that no record was changed, added, taken out or put elsewhere, and that each
// row of the acknowledgements says what its record says. The first record
// that is not so is in the result; an error means that the check could not be
// made. An engagement that is not stored is store.CodeNotFound.
//
// It finds whatever was done past Tandem, except by somebody who reckons every
// later sum anew, the one beside the engagement included. Who keeps
// AuditCheck.Head elsewhere finds that too.
func (db *DB) VerifyAudit(ctx context.Context, id string) (store.AuditCheck, error) {
	check := store.AuditCheck{Engagement: id}
	err := db.reading(ctx, func(q Queryer) error {
		if err := exists(ctx, q, id); err != nil {
			return err
		}
		v := verification{id: id, check: &check}
		if err := v.load(ctx, q); err != nil {
			return err
		}
		v.run()
		return nil
	})
	if err != nil {
		return store.AuditCheck{}, db.explain(err)
	}
	return check, nil
}

// record is a row of the audit log as its columns are, whatever they hold.
type record struct {
	seq                            int
	at, by, action, detail, sha256 string
}

func (r *record) sum(previous, id string) string {
	return Chain(previous, id, strconv.Itoa(r.seq), r.at, r.by, r.action, r.detail)
}

type verification struct {
	id       string
	check    *store.AuditCheck
	records  []record
	headSeq  int
	headSum  string
	evidence []evidence // by record
	closings []evidence // those of which closing says something
}

func (v *verification) load(ctx context.Context, q Queryer) error {
	err := q.QueryRowContext(ctx, `SELECT audit_seq, audit_sha256 FROM engagements WHERE id = $1`, v.id).Scan(&v.headSeq, &v.headSum)
	if err != nil {
		return err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT seq, at, by, action, detail, sha256 FROM audit_log WHERE engagement_id = $1 ORDER BY seq`, v.id)
	v.records, err = all(rows, err, func(rows *sql.Rows) (record, error) {
		var r record
		err := rows.Scan(&r.seq, &r.at, &r.by, &r.action, &r.detail, &r.sha256)
		return r, err
	})
	if err != nil {
		return err
	}
	v.evidence, err = allEvidence(ctx, q, v.id)
	return err
}

// run walks the records and stops at the first that is broken.
func (v *verification) run() {
	previous := ""
	for i := range v.records {
		r := &v.records[i]
		if what := v.chained(i, previous); what != "" {
			v.broken(i+1, what)
			return
		}
		rows := v.take(r.seq)
		if what := compareEvidence(r, rows); what != "" {
			v.broken(r.seq, what)
			return
		}
		previous, v.check.Good, v.check.Head = r.sha256, r.seq, r.sha256
	}
	switch n := len(v.records); {
	case n < v.headSeq:
		v.broken(n+1, fmt.Sprintf("it is missing; there were %d", v.headSeq))
	case len(v.evidence) > 0:
		v.broken(max(v.evidence[0].seq, 1), v.evidence[0].name+" refers to it, and it is not there")
	case len(v.closings) > 0:
		e := v.closings[0]
		if v.check.Good, v.check.Head = e.seq-1, ""; e.seq > 1 {
			v.check.Head = v.records[e.seq-2].sha256
		}
		v.broken(e.seq, e.name+": "+e.closing)
	}
}

func (v *verification) broken(seq int, what string) {
	v.check.Broken = &store.AuditBreak{Seq: seq, What: what}
}

// chained says what is wrong with record i, or "".
func (v *verification) chained(i int, previous string) string {
	r := &v.records[i]
	switch {
	case r.seq > i+1:
		return "it is missing"
	case r.seq < i+1:
		return fmt.Sprintf("a record has the number %d, below the first", r.seq)
	case r.seq > v.headSeq:
		return fmt.Sprintf("it was added; there were %d", v.headSeq)
	}
	reckoned := r.sum(previous, v.id)
	next := v.headSum // what was chained to this one
	if i+1 < len(v.records) && r.seq < v.headSeq {
		follower := &v.records[i+1]
		switch follower.sha256 {
		case follower.sum(r.sha256, v.id):
			next = r.sha256
		case follower.sum(reckoned, v.id):
			next = reckoned
		default:
			next = "" // it can't tell
		}
	}
	switch {
	case reckoned == r.sha256 && (next == reckoned || r.seq < v.headSeq):
		return ""
	case reckoned == r.sha256:
		return "the sum beside the engagement is not its sum"
	case next == reckoned:
		return "its sum was changed; what it says is as it was written"
	case next == r.sha256:
		return "what it says was changed (instant, name, action or detail), or what stands before it"
	default:
		return "what it says and its sum don't belong together"
	}
}

// take removes the evidence of one record. What refers to an earlier number
// has missed its record and comes up there.
func (v *verification) take(seq int) []evidence {
	n := 0
	for n < len(v.evidence) && v.evidence[n].seq <= seq {
		n++
	}
	rows := v.evidence[:n]
	v.evidence = v.evidence[n:]
	for _, e := range rows {
		if e.closing != "" {
			v.closings = append(v.closings, e)
		}
	}
	return rows
}

// evidence is a row that must say what its record says.
type evidence struct {
	seq    int
	name   string // for a sentence: "the acknowledgement of request 3 by maria"
	record record // what the record must be; without the sum
	wrong  string // what is wrong by itself
	// closing is what is wrong with whether it is closed, which follows from
	// other rows: those are looked at first.
	closing string
}

// compareEvidence says what of the rows differs from their record, or "".
func compareEvidence(r *record, rows []evidence) string {
	kept := slices.Contains([]string{
		store.AuditAckRequested, store.AuditAckGiven, store.AuditAckUndone, store.AuditAckReminded, store.AuditAckClosed,
	}, r.action)
	if kept && len(rows) == 0 {
		return "its row among the acknowledgements is missing"
	}
	for i, e := range rows {
		switch {
		case e.seq != r.seq, !kept, i > 0:
			return e.name + " refers to it, and is not what it is about"
		case e.wrong != "":
			return e.name + ": " + e.wrong
		}
		for _, part := range []struct{ name, row, record string }{
			{"what happened", e.record.action, r.action},
			{"the instant", e.record.at, r.at},
			{"who did it", e.record.by, r.by},
			{"the rest", e.record.detail, r.detail},
		} {
			if part.row != part.record {
				return differs(e.name, part.name, part.row, part.record)
			}
		}
	}
	return ""
}
