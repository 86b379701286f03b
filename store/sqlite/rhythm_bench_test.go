package sqlite_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// asking makes a store with so many engagements, each with so many requests.
func asking(b *testing.B, clients, requests int) *sqlite.DB {
	b.Helper()
	db := open(b, newPath(b), sqlite.Options{})
	e := small()
	var c store.Change
	for i := range requests {
		c.Requests = append(c.Requests, store.AckRequest{
			ID: i + 1, What: store.AckAnnouncement, Title: "VPN changes Friday", Mode: store.AckEach, Asked: []string{"maria", "devon"},
		})
	}
	for i := range clients {
		e.ID = fmt.Sprint("client-", i)
		importing(b, db, e)
	}
	if _, err := db.ClaimSweeps(ctx, "bench", noon, noon.Add(time.Hour), clients); err != nil {
		b.Fatal(err)
	}
	for i := range clients {
		id := fmt.Sprint("client-", i)
		r, err := db.Rhythm(ctx, id)
		if err != nil {
			b.Fatal(err)
		}
		c.Seen = r.Seen
		if err := db.ApplySweep(ctx, id, "bench", c, noon); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// BenchmarkAcknowledge says what durable acknowledgements from 32 at once are
// worth beside one at a time, each with a commit of its own: the baseline, in
// the same run and by the same use case.
func BenchmarkAcknowledge(b *testing.B) {
	const clients, requests = 20, 200
	const presses = clients * requests
	const together = 32
	var single, grouped float64
	for b.Loop() {
		b.StopTimer()
		db := asking(b, clients, requests)
		rate := func(person string, callers int) float64 {
			var next atomic.Int64
			var all sync.WaitGroup
			begin := time.Now()
			for range callers {
				all.Go(func() {
					for n := int(next.Add(1)) - 1; n < presses; n = int(next.Add(1)) - 1 {
						a := store.Acknowledging{Request: n/clients + 1, Person: person, How: store.ByButton, Platform: "slack", Identity: "U1", Message: "m1"}
						if _, err := db.Acknowledge(ctx, fmt.Sprint("client-", n%clients), a, noon); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			return presses / time.Since(begin).Seconds()
		}
		b.StartTimer()
		single = rate("maria", 1)
		grouped = rate("devon", together)
	}
	b.ReportMetric(single, "single/s")
	b.ReportMetric(grouped, "grouped/s")
	b.ReportMetric(grouped/single, "ratio")
}

// sevenEach makes a store of so many engagements with seven cadences, each
// with its next due date, by raw SQL: what is measured is not how it came there.
func sevenEach(b *testing.B, clients int) *sqlite.DB {
	b.Helper()
	db := open(b, newPath(b), sqlite.Options{})
	importing(b, db, small())
	tx, err := db.Writer().Begin()
	if err != nil {
		b.Fatal(err)
	}
	run := func(statement string, args ...any) {
		if _, err := tx.Exec(statement, args...); err != nil {
			b.Fatal(err)
		}
	}
	run("PRAGMA defer_foreign_keys = on")
	numbers := `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) `
	run(numbers+`INSERT INTO engagement_revisions SELECT 'client-' || i, 1, content, sha256, imported_at, imported_by FROM n, engagement_revisions WHERE engagement_id = 'harbor-legal'`, clients)
	run(numbers+`INSERT INTO matrix_versions SELECT 'client-' || i, 1, content, sha256, effective, reason, created_at FROM n, matrix_versions WHERE engagement_id = 'harbor-legal'`, clients)
	run(numbers+`INSERT INTO engagements SELECT 'client-' || i, client, msp, 1, 1, updated_at, 0, 0, '' FROM n, engagements WHERE id = 'harbor-legal'`, clients)
	later := noon.AddDate(0, 0, 7).Format("2006-01-02T15:04:05.000000000Z")
	run(numbers+`INSERT INTO sweeps SELECT 'client-' || i, $2, 1, '', '' FROM n`, clients, later)
	run(numbers+`, c (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c WHERE k < 7)
		INSERT INTO occurrences SELECT 'client-' || i, 'cadence-' || k, '2026-10-05T09:00', $2, $2, 'scheduled', '', 0, '', '{}' FROM n, c`, clients, later)
	run("UPDATE sweeps SET due_at = $1 WHERE engagement_id = 'harbor-legal'", later)
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return db
}

// BenchmarkIdleSweep is what a sweep costs when nothing is due: 100 and 10,000
// engagements with seven cadences each, and how the one compares with the other.
func BenchmarkIdleSweep(b *testing.B) {
	const ticks = 500
	sizes := []int{100, 10_000}
	var took [2]time.Duration
	dbs := [2]*sqlite.DB{sevenEach(b, sizes[0]), sevenEach(b, sizes[1])}
	for b.Loop() {
		for i, db := range dbs {
			begin := time.Now()
			for range ticks {
				if list, err := db.ClaimSweeps(ctx, "bench", noon, noon.Add(time.Minute), 100); err != nil || len(list) != 0 {
					b.Fatal(list, err)
				}
				if list, err := db.ClaimDeliveries(ctx, "bench", noon, noon.Add(time.Minute), 100); err != nil || len(list) != 0 {
					b.Fatal(list, err)
				}
			}
			took[i] = time.Since(begin) / ticks
		}
	}
	b.ReportMetric(float64(took[0].Microseconds()), "µs/idle-of-100")
	b.ReportMetric(float64(took[1].Microseconds()), "µs/idle-of-10000")
	b.ReportMetric(float64(took[1])/float64(took[0]), "ratio")
}

// BenchmarkClaimSweeps claims ten thousand due engagements in batches.
func BenchmarkClaimSweeps(b *testing.B) {
	const clients, batch = 10_000, 1000
	db := sevenEach(b, clients)
	at := noon.AddDate(0, 0, 8)
	var took time.Duration
	n := 0
	for b.Loop() {
		begin := time.Now()
		for claimed := 0; claimed < clients; n++ {
			list, err := db.ClaimSweeps(ctx, fmt.Sprint("owner-", n), at, at.Add(time.Minute), batch)
			if err != nil || len(list) == 0 {
				b.Fatal(claimed, err)
			}
			claimed += len(list)
		}
		took = time.Since(begin)
		at = at.Add(time.Minute) // every lease has run out
	}
	b.ReportMetric(clients/took.Seconds(), "claims/s")
}
