package main

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store/sqlite"
)

// Two deliveries come at once, and the one that brings the lease is stored after
// the other, or not at all: none is refused for that. Teams sends nothing again.
func TestADeliveryDoesNotDependOnTheOneThatBringsTheLease(t *testing.T) {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "tandem.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	at := time.Date(2026, 11, 25, 16, 0, 0, 0, time.UTC)
	a := &arrivals{db: db, platform: "teams", owner: "a", now: func() time.Time { return at }, log: slog.New(slog.DiscardHandler)}
	if until := a.lease(); !until.Equal(at.Add(leaseOfArrivals)) { // of the other, on its way to the store
		t.Fatalf("the first lease is until %v", until)
	}
	if fresh, err := a.Accept(t.Context(), "1", []byte("hello"), at); !fresh || err != nil {
		t.Errorf("it is %t, %v", fresh, err)
	}
	// And it is safe from others for the whole lease.
	if n, err := db.TakeArrivals(t.Context(), "teams", "b", at.Add(leaseOfArrivals-time.Millisecond), at.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("another took %d of them, %v", n, err)
	}
	if fresh, err := a.Accept(t.Context(), "1", []byte("hello"), at); fresh || err != nil {
		t.Errorf("again it is %t, %v", fresh, err)
	}
}
