package main

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// fullText is the baseline of eval: SQLite's FTS5 with its porter stemmer over
// the same rows, best bm25 first, no thesaurus and nothing refused.
type fullText struct{ db *sql.DB }

func newFullText(ctx context.Context, e *store.Engagement) (*fullText, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // every connection would have a memory of its own
	f := &fullText{db}
	if _, err = db.ExecContext(ctx, `CREATE VIRTUAL TABLE rows USING fts5(kind UNINDEXED, id UNINDEXED, name, aliases, rest, tokenize='porter unicode61')`); err != nil {
		return nil, err
	}
	add := func(kind, id, name string, aliases []string, rest ...string) {
		if err == nil {
			_, err = db.ExecContext(ctx, `INSERT INTO rows VALUES ($1, $2, $3, $4, $5)`,
				kind, id, name, strings.Join(aliases, " "), strings.Join(rest, " "))
		}
	}
	for _, r := range e.Matrix.Functions {
		add(ownership.KindFunction, r.ID, r.Name, r.Aliases, r.Area, r.Description, r.Duties.Internal, r.Duties.MSP, r.Note)
	}
	for _, t := range e.Tools {
		add(ownership.KindTool, t.Layer, t.Layer, t.Replaces, t.Product)
	}
	for _, x := range e.Artifacts {
		add(ownership.KindArtifact, x.ID, x.Name, x.Aliases, x.Frameworks...)
	}
	for _, x := range e.Matrix.OutOfScope {
		add(ownership.KindOutOfScope, x.Name, x.Name, x.Aliases, x.Note)
	}
	for _, s := range e.Severities {
		add(ownership.KindSeverity, "sev"+strconv.Itoa(s.Level), s.Name, s.Examples)
	}
	return f, err
}

func (f *fullText) close() { _ = f.db.Close() } // it held nothing that anybody keeps

// ask answers with the best match, however weak, and refuses only where no
// word matches at all.
func (f *fullText) ask(ctx context.Context, question string) (ownership.Answer, error) {
	var terms []string
	for _, w := range strings.FieldsFunc(strings.ToLower(question), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		terms = append(terms, `"`+w+`"`)
	}
	if len(terms) == 0 {
		return ownership.Answer{Outcome: ownership.Unnamed}, nil
	}
	var s ownership.Subject
	err := f.db.QueryRowContext(ctx, `SELECT kind, id FROM rows WHERE rows MATCH $1 ORDER BY bm25(rows, 0, 0, 3, 3, 1) LIMIT 1`,
		strings.Join(terms, " OR ")).Scan(&s.Kind, &s.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return ownership.Answer{Outcome: ownership.Unnamed}, nil
	}
	return ownership.Answer{Outcome: ownership.Answered, Subject: s}, err
}
