package sqldb

import (
	"context"
	"database/sql"
	"slices"

	"github.com/tandem-bot/tandem/store"
)

// Rhythm reads what a sweep needs to know of the engagement, all of one
// instant. An engagement that is not stored is store.CodeNotFound.
func (db *DB) Rhythm(ctx context.Context, id string) (store.Rhythm, error) {
	var r store.Rhythm
	err := db.reading(ctx, func(q Queryer) error {
		if err := exists(ctx, q, id); err != nil {
			return err
		}
		err := q.QueryRowContext(ctx, `
			SELECT e.revision, e.matrix_version, s.seen, (SELECT COUNT(*) FROM occurrence_transitions WHERE engagement_id = $1)
			FROM engagements e JOIN sweeps s ON s.engagement_id = e.id WHERE e.id = $1`, id).
			Scan(&r.Revision, &r.Version, &r.Seen, &r.Transitions)
		if err != nil {
			return err
		}
		for _, part := range []func() error{
			func() error { r.Occurrences, err = recentOccurrences(ctx, q, id); return err },
			func() error { r.Pauses, err = pauses(ctx, q, id); return err },
			func() error { r.Answers, err = openAnswers(ctx, q, id); return err },
			func() error { r.Blockers, err = openBlockers(ctx, q, id); return err },
			func() error { r.RSVPs, err = openRSVPs(ctx, q, id); return err },
			func() error {
				r.Requests, err = acknowledgements(ctx, q, id, `(r.closed_at = '' OR r.changed = 1)`)
				return err
			},
			func() error { r.NextRequest, err = nextRequest(ctx, q, id); return err },
			func() error { r.Findings, err = openFindings(ctx, q, id); return err },
			func() error { r.Posts, err = postsAbout(ctx, q, id, subjects(&r)); return err },
			func() error { r.Absences, err = absences(ctx, q, id, store.Date{}); return err },
			func() error { r.Identities, err = identities(ctx, q, id); return err },
		} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return store.Rhythm{}, db.explain(err)
	}
	return r, nil
}

// notDone is the condition of the index occurrences_open, and done that of the other.
const (
	notDone = `state IN ('scheduled', 'prompted', 'overdue')`
	done    = `state IN ('held', 'missed', 'skipped')`
)

// recentOccurrences hops from cadence to cadence along the key, so that its
// cost does not grow with the years.
func recentOccurrences(ctx context.Context, q Queryer, id string) ([]store.Occurrence, error) {
	rows, err := q.QueryContext(ctx, `
		WITH RECURSIVE cadences (c) AS (
			SELECT MIN(cadence) FROM occurrences WHERE engagement_id = $1
			UNION ALL
			SELECT (SELECT MIN(cadence) FROM occurrences WHERE engagement_id = $1 AND cadence > c) FROM cadences WHERE c IS NOT NULL
		), since (c, civil) AS (
			SELECT c, COALESCE((SELECT civil FROM occurrences WHERE engagement_id = $1 AND cadence = c AND `+done+`
				ORDER BY civil DESC LIMIT 1 OFFSET $2), '') FROM cadences WHERE c IS NOT NULL
		)
		SELECT `+occurrenceColumns+` FROM occurrences WHERE engagement_id = $1 AND `+notDone+`
		UNION ALL
		SELECT o.cadence, o.civil, o.due, o.grace, o.state, o.moved, o.late, o.reason, o.record
		FROM since s JOIN occurrences o ON o.engagement_id = $1 AND o.cadence = s.c AND o.civil >= s.civil AND o.`+done+`
		ORDER BY 1, 2`, id, store.RhythmDepth-1)
	return all(rows, err, scanOccurrence)
}

// openAnswers returns the last answer of each person to what is not done.
func openAnswers(ctx context.Context, q Queryer, id string) ([]store.Answer, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT a.cadence, a.civil, a.person, a.kind, a.answers, a.platform, a.how, a.at,
			(SELECT COUNT(*) - 1 FROM answers b WHERE b.engagement_id = $1 AND b.cadence = a.cadence AND b.civil = a.civil AND b.person = a.person)
		FROM (SELECT cadence, civil FROM occurrences WHERE engagement_id = $1 AND `+notDone+`) o
		JOIN answers a ON a.engagement_id = $1 AND a.cadence = o.cadence AND a.civil = o.civil
		WHERE a.seq = (SELECT MAX(seq) FROM answers b WHERE b.engagement_id = $1 AND b.cadence = a.cadence AND b.civil = a.civil AND b.person = a.person)
		ORDER BY a.seq`, id)
	return all(rows, err, scanAnswer)
}

func scanAnswer(rows *sql.Rows) (store.Answer, error) {
	var a store.Answer
	err := rows.Scan(&a.Cadence, &a.Civil, &a.Person, &a.Kind, jsonColumn{&a.Answers}, &a.Platform, &a.How, instantColumn{&a.At}, &a.Edits)
	if len(a.Answers) == 0 {
		a.Answers = nil
	}
	return a, err
}

// openRSVPs returns the last word of each person about what is not done.
func openRSVPs(ctx context.Context, q Queryer, id string) ([]store.RSVP, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT a.cadence, a.civil, a.person, a.coming, a.platform, a.how, a.at
		FROM (SELECT cadence, civil FROM occurrences WHERE engagement_id = $1 AND `+notDone+`) o
		JOIN rsvps a ON a.engagement_id = $1 AND a.cadence = o.cadence AND a.civil = o.civil
		WHERE a.seq = (SELECT MAX(seq) FROM rsvps b WHERE b.engagement_id = $1 AND b.cadence = a.cadence AND b.civil = a.civil AND b.person = a.person)
		ORDER BY a.seq`, id)
	return all(rows, err, func(rows *sql.Rows) (store.RSVP, error) {
		var r store.RSVP
		err := rows.Scan(&r.Cadence, &r.Civil, &r.Person, &r.Coming, &r.Platform, &r.How, instantColumn{&r.At})
		return r, err
	})
}

// subjects are what the posts in a Rhythm are about.
func subjects(r *store.Rhythm) []string {
	var list []string
	cadence, done := "", 0
	for _, o := range slices.Backward(r.Occurrences) { // by cadence, the latest first
		if o.Cadence != cadence {
			cadence, done = o.Cadence, 0
		}
		if o.State.Done() {
			if done++; done > store.RhythmPosts {
				continue
			}
		}
		list = append(list, store.AboutOccurrence(o.Cadence, o.Civil))
	}
	for i := range r.Requests {
		list = append(list, store.AboutRequest(r.Requests[i].ID))
	}
	for i := range r.Findings {
		list = append(list, store.AboutFinding(r.Findings[i].Fingerprint()))
	}
	return list
}
