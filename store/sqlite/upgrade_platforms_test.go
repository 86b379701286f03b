package sqlite_test

import (
	"testing"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// platformsOfHistory puts something in every table of schema 4.
func platformsOfHistory(t *testing.T, db *sqlite.DB) {
	t.Helper()
	e := small()
	e.ID, e.People[0].Email = "cove-dental", "ann@cove.example"
	importing(t, db, e)
	for _, err := range []error{
		second(db.AcceptArrival(ctx, "slack", "gone", "Ev1", []byte("payload\x00'"), noon, noon)),
		second(db.AcceptArrival(ctx, "slack", "gone", "Ev2", []byte("done"), noon, noon)),
		db.FinishArrival(ctx, "slack", "Ev2"),
		second(db.LearnIdentity(ctx, "slack", "T1", "UANN", "ann@cove.example", noon)),
		second(db.Greet(ctx, "slack", "T1", "UANN", noon)),
		db.MoveChannel(ctx, "slack", "T1", "C1", "C2", noon),
		db.KeepSlackInstallation(ctx, store.SlackInstallation{Team: "T1", BotUser: "UBOT", Sealed: []byte{0, 1, 255}}, noon),
		second(db.KeepTeamsConversation(ctx, store.TeamsConversation{Tenant: "t1", Conversation: "19:a", ServiceURL: "https://smba.example"}, noon)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func second(_ bool, err error) error { return err }

// wantPlatforms checks what platformsOfHistory stored.
func wantPlatforms(t *testing.T, db *sqlite.DB) {
	t.Helper()
	if n, err := db.TakeArrivals(ctx, "slack", "new", noon, noon); n != 1 || err != nil {
		t.Errorf("taken are %d, %v", n, err)
	}
	if list, err := db.WaitingArrivals(ctx, "slack", "new", 0, 9); err != nil || len(list) != 1 || string(list[0].Payload) != "payload\x00'" {
		t.Errorf("arrivals: %+v, %v", list, err)
	}
	if fresh, err := db.AcceptArrival(ctx, "slack", "new", "Ev2", nil, noon, noon); fresh || err != nil {
		t.Errorf("what was done is new: %t, %v", fresh, err)
	}
	if list, err := db.Memberships(ctx, "slack", "T1", "UANN"); err != nil || len(list) != 1 || list[0].Engagement != "cove-dental" {
		t.Errorf("Ann is %+v, %v", list, err)
	}
	if first, err := db.Greet(ctx, "slack", "T1", "UANN", noon); first || err != nil {
		t.Errorf("Ann is new: %t, %v", first, err)
	}
	if now, err := db.ChannelNow(ctx, "slack", "T1", "C1"); now != "C2" || err != nil {
		t.Errorf("C1 is %s, %v", now, err)
	}
	if i, err := db.SlackInstallation(ctx, "T1", ""); err != nil || string(i.Sealed) != "\x00\x01\xff" || i.Revision != 1 {
		t.Errorf("the installation is %+v, %v", i, err)
	}
	if url, err := db.TeamsServiceURL(ctx, "t1", "19:a"); url != "https://smba.example" || err != nil {
		t.Errorf("the service is %s, %v", url, err)
	}
}
