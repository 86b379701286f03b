package commands

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// BenchmarkMessage is a message on its whole way: the event is remembered in a
// store on disk, the person and the engagement are found, the question is
// answered, the card is rendered. Beside it stands what of that is the store's
// alone: remembering the event.
func BenchmarkMessage(b *testing.B) {
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "tandem.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	at := instantOf(b, tuesday)
	if _, err := db.ImportEngagement(b.Context(), readSample(b, "harbor-legal.yaml"), "bench", at); err != nil {
		b.Fatal(err)
	}
	desks := NewDesks(db, 10)
	router := bot.NewRouter(bot.Options{
		Commands: All(&Office{Desks: desks, Ledger: db, Absences: db, Beat: db, Acks: db}), Question: Question,
		Inbox: db, Directory: directory{db, desks}, Log: slog.New(slog.DiscardHandler),
	})
	questions := []string{"who owns password resets?", "outlook keeps asking me for a code", "is SentinelOne ours?", "who is on call"}
	n := 0
	median := func(b *testing.B, what string, each func(id string)) {
		b.Helper()
		var took []time.Duration
		for b.Loop() {
			n++
			began := time.Now()
			each(strconv.Itoa(n))
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median-"+what)
	}
	b.Run("whole", func(b *testing.B) {
		median(b, "whole", func(id string) {
			reply, ok := router.Handle(b.Context(), bot.Event{
				Platform: "web", ID: id, User: "harbor-legal/theo", Channel: "harbor-legal/coordination", Text: questions[n%len(questions)], At: at,
			})
			if !ok || reply.Card.Plain() == "" {
				b.Fatal("nothing was said")
			}
		})
	})
	b.Run("inbox", func(b *testing.B) {
		median(b, "inbox", func(id string) {
			if fresh, err := db.AcceptEvent(b.Context(), "web", "", "bare"+id, at); err != nil || !fresh {
				b.Fatal(fresh, err)
			}
		})
	})
}
