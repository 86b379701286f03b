package sqldb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/tandem-bot/tandem/store"
)

// allEvidence reads the rows of the acknowledgements by the number of their
// record. What a row can't say is its wrong and not an error: to find that out
// is what this is for.
func allEvidence(ctx context.Context, q Queryer, id string) ([]evidence, error) {
	type request struct {
		seq int
		evidence
		store.Acknowledgement
		closed string
	}
	rows, err := q.QueryContext(ctx, `
		SELECT r.audit_seq, `+requestColumns+`, r.at, r.asked, r.closed_at FROM acknowledgement_requests r WHERE r.engagement_id = $1 ORDER BY r.id`, id)
	requests, err := all(rows, err, func(rows *sql.Rows) (request, error) {
		var r request
		var at, asked string
		err := rows.Scan(&r.seq, &r.ID, &r.Key, &r.What, &r.Subject, &r.Version, &r.Title, &r.Text, &r.Mode,
			lenient{jsonColumn{&r.Asked}}, &r.By, lenient{instantColumn{&r.At}}, &at, &asked, &r.closed)
		if err != nil {
			return r, err
		}
		detail, err := marshal(r.AckRequest)
		r.evidence = evidence{
			seq: r.seq, name: fmt.Sprintf("the row of request %d", r.ID),
			record: record{at: at, by: r.By, action: store.AuditAckRequested, detail: string(detail)},
		}
		if again, _ := marshal(r.Asked); string(again) != asked {
			r.wrong = "who was asked can't be read"
		}
		return r, err
	})
	if err != nil {
		return nil, err
	}
	rows, err = q.QueryContext(ctx, `
		SELECT v.audit_seq, v.request, v.event, v.person, v.by, v.platform, v.identity, v.message, v.how, v.why, v.at
		FROM acknowledgement_events v WHERE v.engagement_id = $1 ORDER BY v.audit_seq`, id)
	byID := map[int]*request{}
	var list []evidence
	for i := range requests {
		byID[requests[i].ID] = &requests[i]
	}
	events, err := all(rows, err, func(rows *sql.Rows) (evidence, error) {
		var e ackEvent
		var at string
		err := rows.Scan(&e.seq, &e.Request, &e.event, &e.Person, &e.by, &e.Platform, &e.Identity, &e.Message, &e.How, &e.Why, &at)
		if err != nil {
			return evidence{}, err
		}
		if r := byID[e.Request]; r != nil {
			_ = lenient{instantColumn{&e.at}}.Scan(at)
			e.apply(&r.Acknowledgement)
		}
		detail, err := marshal(&e)
		return evidence{
			seq: e.seq, name: fmt.Sprintf("the row of what was %s to request %d", e.event, e.Request),
			record: record{at: at, by: e.by, action: ackActions[e.event], detail: string(detail)},
		}, err
	})
	if err != nil {
		return nil, err
	}
	for i := range requests {
		r := &requests[i]
		if r.closed != maybe(r.Closed) {
			r.closing = "it says closed at " + quoted(r.closed) + ", and what came of it says " + quoted(maybe(r.Closed))
		}
		list = append(list, r.evidence)
	}
	list = append(list, events...)
	slices.SortStableFunc(list, func(a, b evidence) int { return a.seq - b.seq })
	return list, nil
}

// differs names the first thing that a row and its record say differently.
func differs(row, part, has, had string) string {
	var now, then map[string]json.RawMessage
	if json.Unmarshal([]byte(has), &now) == nil && json.Unmarshal([]byte(had), &then) == nil {
		keys := slices.Sorted(maps.Keys(now))
		for _, key := range slices.Sorted(maps.Keys(then)) {
			if _, ok := now[key]; !ok {
				keys = append(keys, key)
			}
		}
		for _, key := range keys {
			if string(now[key]) != string(then[key]) {
				part, has, had = key, string(now[key]), string(then[key])
				break
			}
		}
	}
	return fmt.Sprintf("%s differs from it: %s is %s, and was %s", row, part, quoted(has), quoted(had))
}

// lenient scans what can be read and leaves the rest zero: the row then
// differs from its record.
type lenient struct{ sql.Scanner }

// Scan never fails.
func (l lenient) Scan(value any) error {
	_ = l.Scanner.Scan(value)
	return nil
}
