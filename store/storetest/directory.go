package storetest

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// reachable is sample with addresses.
func reachable(id string) *store.Engagement {
	e := sample(id)
	e.People[0].Slack, e.People[0].Teams, e.People[0].Email = "UMARIA", "AAAA-1111", "Maria@Harbor.example"
	e.People[2].Slack, e.People[2].Teams, e.People[2].Email = "TPALM/UDEVON", "bbbb-2222", "devon@palmetto.example"
	e.Channels = []store.Channel{
		{Name: "coordination", Slack: "C0COORD", Teams: "19:coord@thread.tacv2"},
		{Name: "managers", Slack: "TPALM/C0MAN"},
	}
	return e
}

func testDirectory(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, reachable("harbor-legal"), hour(0))
	channels := func(platform, tenant, channel string, want ...string) {
		t.Helper()
		got, err := s.ChannelEngagements(ctx, platform, tenant, channel)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, fmt.Sprintf("engagements of %s %s %s", platform, tenant, channel), got, want)
	}
	members := func(platform, tenant, user string, want ...string) {
		t.Helper()
		got, err := s.Memberships(ctx, platform, tenant, user)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, m := range got {
			list = append(list, m.Engagement+"/"+m.Person)
			if m.Client != "Harbor Legal Group" {
				t.Errorf("the client is %q", m.Client)
			}
		}
		wantEqual(t, fmt.Sprintf("memberships of %s %s %s", platform, tenant, user), list, want)
	}
	const h = "harbor-legal"
	channels("slack", "T1", "C0COORD", h)
	channels("slack", "", "C0COORD", h)
	channels("slack", "TPALM", "C0MAN", h)
	channels("slack", "T1", "C0MAN") // another workspace's
	channels("slack", "T1", "c0coord")
	channels("slack", "T1", "")
	channels("slack", "", "")
	channels("teams", "x", "19:coord@thread.tacv2", h)
	channels("teams", "x", "C0COORD")
	channels("teams", "x", "") // managers has no address there
	channels("web", "", "harbor-legal/coordination", h)
	channels("console", "", "harbor-legal/managers", h)
	channels("web", "", "harbor-legal/nowhere")
	channels("web", "", "harbor-legal")
	channels("web", "", "")

	members("slack", "T1", "UMARIA", h+"/maria")
	members("slack", "", "UMARIA", h+"/maria")
	members("slack", "TPALM", "UDEVON", h+"/devon")
	members("slack", "", "TPALM/UDEVON", h+"/devon")
	members("slack", "T1", "UDEVON")
	members("slack", "", "UDEVON")
	members("slack", "T1", "")
	members("teams", "x", "aaaa-1111", h+"/maria")
	members("teams", "x", "BBBB-2222", h+"/devon")
	members("teams", "x", "")
	members("web", "", "harbor-legal/theo", h+"/theo")
	members("console", "", "harbor-legal/maria", h+"/maria")
	members("web", "", "harbor-legal/nobody")
	members("web", "", "maria")
	members("web", "", "")
	members("slack", "T1", "' OR 1=1 --")

	for _, platform := range []string{"", "irc", "Slack"} {
		_, err := s.ChannelEngagements(ctx, platform, "", "C0COORD")
		wantCode(t, err, store.CodeInvalid, "no platform")
		_, err = s.Memberships(ctx, platform, "", "UMARIA")
		wantCode(t, err, store.CodeInvalid, "no platform")
	}

	// A new revision puts its own in the place of the old; another version of
	// the matrix, or nothing new, leaves them.
	next := reachable("harbor-legal")
	next.Matrix.Version = 4
	importing(t, s, next, hour(1))
	members("slack", "T1", "UMARIA", h+"/maria")
	next.People[0].Slack, next.People[0].Teams = "UNEW", ""
	next.Channels = next.Channels[1:]
	importing(t, s, next, hour(2))
	members("slack", "T1", "UMARIA")
	members("slack", "T1", "UNEW", h+"/maria")
	members("teams", "x", "aaaa-1111")
	channels("slack", "T1", "C0COORD")
	channels("web", "", "harbor-legal/coordination")
	channels("slack", "TPALM", "C0MAN", h)
	// One that is refused leaves them as well.
	next.People[0].Slack, next.Matrix.Version = "UOTHER", 1
	if _, err := s.ImportEngagement(ctx, next, "maria", hour(3)); err == nil {
		t.Fatal("an old version went in")
	}
	members("slack", "T1", "UNEW", h+"/maria")
}

// testSeveral: one person of two engagements, and one channel of both.
func testSeveral(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, reachable("zebra"), hour(0))
	other := reachable("acme")
	other.Client = "Acme"
	other.People[2].ID, other.Matrix.Functions[1].Escalation = "dev", nil
	other.People[2].Email = "DEVON@Palmetto.example"
	importing(t, s, other, hour(1))
	want := []store.Membership{{Engagement: "acme", Client: "Acme", Person: "dev"}, {Engagement: "zebra", Client: "Harbor Legal Group", Person: "devon"}}
	for _, who := range [][3]string{
		{"slack", "TPALM", "UDEVON"}, {"teams", "x", "BBBB-2222"}, {"web", "", "zebra/devon"}, {"console", "", "acme/dev"},
	} {
		got, err := s.Memberships(ctx, who[0], who[1], who[2])
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "memberships of "+strings.Join(who[:], " "), got, want)
	}
	// No address is nobody's: theo has none in either.
	got, err := s.Memberships(ctx, "web", "", "zebra/theo")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "memberships without an address", got, []store.Membership{{Engagement: "zebra", Client: "Harbor Legal Group", Person: "theo"}})
	both, err := s.ChannelEngagements(ctx, "slack", "T1", "C0COORD")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "engagements of one channel", both, []string{"acme", "zebra"})

	// Where one is named with the team and another without, the first is meant.
	other.People[1].Slack = "UDEVON"
	importing(t, s, other, hour(2))
	got, err = s.Memberships(ctx, "slack", "TPALM", "UDEVON")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "with the team", got, want)
	got, err = s.Memberships(ctx, "slack", "TELSE", "UDEVON")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "of another team", got, []store.Membership{{Engagement: "acme", Client: "Acme", Person: "theo"}})
}

// testStamp: whatever changes an answer changes the stamp, and nothing else does.
func testStamp(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	if _, err := s.EngagementStamp(ctx, "harbor-legal"); store.ErrorCode(err) != store.CodeNotFound {
		t.Fatalf("a stamp of nothing: %v", err)
	}
	e := sample("harbor-legal")
	importing(t, s, e, hour(0))
	importing(t, s, sample("lakeside-dental"), hour(0))
	other, err := s.EngagementStamp(ctx, "lakeside-dental")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(key string) error {
		_, _, err := s.AskedUnnamed(ctx, "harbor-legal", store.Conversation{Question: "who has the " + key + "?", Key: key, Asker: store.Asker{Person: "theo"}}, hour(1))
		return err
	}
	suggest := func(phrase string) error {
		return s.SuggestAlias(ctx, "harbor-legal", phrase, phrase, row("patching"), store.Asker{Person: "theo"}, hour(1))
	}
	last, err := s.EngagementStamp(ctx, "harbor-legal")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "the first stamp", last, store.Stamp{Version: 3, Revision: 1})
	for _, c := range []struct {
		name    string
		changes bool
		do      func() error
	}{
		{"the same import", false, func() error { _, err := s.ImportEngagement(ctx, e, "maria", hour(1)); return err }},
		{"a signature", true, func() error {
			_, err := s.ImportEngagement(ctx, signed(e, store.Signature{By: "maria", Date: day(2026, 10, 1)}), "maria", hour(1))
			return err
		}},
		{"an absence", true, func() error {
			_, err := s.RecordAbsence(ctx, "harbor-legal", store.Absence{Person: "maria", From: day(2026, 1, 1), To: day(2026, 1, 2)}, "maria", noon)
			return err
		}},
		{"an absence cancelled", true, func() error { return s.CancelAbsence(ctx, "harbor-legal", 1, "maria", noon) }},
		{"the same cancelled again", false, func() error {
			if err := s.CancelAbsence(ctx, "harbor-legal", 1, "maria", noon); store.ErrorCode(err) != store.CodeConflict {
				return fmt.Errorf("not refused: %w", err)
			}
			return nil
		}},
		{"a question", false, func() error { return ask("keys") }},
		{"the question again", false, func() error { return ask("keys") }},
		{"closed as an alias", true, func() error {
			return s.CloseAsAlias(ctx, "harbor-legal", 1, "the keys", row("passwords"), "maria", noon)
		}},
		{"an alias forgotten", true, func() error { return s.ForgetAlias(ctx, "harbor-legal", "the keys", "maria", noon) }},
		{"a suggestion", false, func() error { return suggest("updates") }},
		{"one confirmed", true, func() error { return s.ConfirmAlias(ctx, "harbor-legal", 1, "maria", noon) }},
		{"another suggestion", false, func() error { return suggest("upgrades") }},
		{"one dismissed", false, func() error { return s.DismissAlias(ctx, "harbor-legal", 2, "maria", noon) }},
		{"another question", false, func() error { return ask("doors") }},
		{"closed as a row", true, func() error {
			_, err := s.CloseAsRow(ctx, "harbor-legal", 2, store.Function{ID: "doors", Name: "Doors", Owner: store.Internal}, "maria", noon)
			return err
		}},
		{"another revision", true, func() error {
			now, err := s.Engagement(ctx, "harbor-legal")
			if err != nil {
				return err
			}
			now.People[0].Title = "Head of IT"
			_, err = s.ImportEngagement(ctx, now, "maria", hour(2))
			return err
		}},
	} {
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		now, err := s.EngagementStamp(ctx, "harbor-legal")
		if err != nil {
			t.Fatal(err)
		}
		if (now != last) != c.changes || now.Changes < last.Changes {
			t.Errorf("%s: from %+v to %+v, changed should be %t", c.name, last, now, c.changes)
		}
		last = now
	}
	if now, err := s.EngagementStamp(ctx, "lakeside-dental"); err != nil || now != other {
		t.Errorf("the other's stamp is %+v, %v; it was %+v", now, err, other)
	}
}

func testChosen(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, sample("harbor-legal"), hour(0))
	importing(t, s, sample("lakeside-dental"), hour(0))
	chosen := func(platform, tenant, user, want string, wantAt time.Time) {
		t.Helper()
		got, at, err := s.ChosenEngagement(ctx, platform, tenant, user)
		if err != nil || got != want || !at.Equal(wantAt) {
			t.Errorf("%s %s %s chose %q at %s, %v; want %q at %s", platform, tenant, user, got, at, err, want, wantAt)
		}
	}
	choose := func(id string, n int) {
		t.Helper()
		if err := s.ChooseEngagement(ctx, "slack", "T1", "U1", id, hour(n)); err != nil {
			t.Fatal(err)
		}
	}
	chosen("slack", "T1", "U1", "", time.Time{})
	choose("harbor-legal", 1)
	chosen("slack", "T1", "U1", "harbor-legal", hour(1))
	choose("lakeside-dental", 2)
	chosen("slack", "T1", "U1", "lakeside-dental", hour(2))
	chosen("slack", "T2", "U1", "", time.Time{})
	chosen("teams", "T1", "U1", "", time.Time{})
	chosen("slack", "T1", "U2", "", time.Time{})
	wantCode(t, s.ChooseEngagement(ctx, "slack", "T1", "U1", "nobody", hour(3)), store.CodeNotFound, `no engagement "nobody"`)
	wantCode(t, s.ChooseEngagement(ctx, "slack", "T1", "", "harbor-legal", hour(3)), store.CodeInvalid, "user")
	wantCode(t, s.ChooseEngagement(ctx, "", "T1", "U1", "harbor-legal", hour(3)), store.CodeInvalid, "platform")
	wantCode(t, s.ChooseEngagement(ctx, "slack", "T1", "U1", "harbor-legal", time.Time{}), store.CodeInvalid)
	chosen("slack", "T1", "U1", "lakeside-dental", hour(2))
}

func testEvents(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	accept := func(platform, tenant, id string, n int, want bool) {
		t.Helper()
		if fresh, err := s.AcceptEvent(ctx, platform, tenant, id, hour(n)); fresh != want || err != nil {
			t.Errorf("%s %s %s is fresh: %t, %v; want %t", platform, tenant, id, fresh, err, want)
		}
	}
	accept("slack", "T1", "Ev1", 1, true)
	accept("slack", "T1", "Ev1", 2, false)
	accept("slack", "T2", "Ev1", 2, true)
	accept("teams", "T1", "Ev1", 2, true)
	accept("slack", "", "Ev1", 2, true)
	accept("slack", "T1", "ev1", 3, true)
	for name, id := range map[string]string{"no id": "", "a long id": strings.Repeat("a", 1001), "no UTF-8": "\xff"} {
		if fresh, err := s.AcceptEvent(ctx, "slack", "T1", id, hour(3)); fresh || store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%s: %t, %v", name, fresh, err)
		}
	}
	if fresh, err := s.AcceptEvent(ctx, "", "T1", "Ev9", hour(3)); fresh || store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("no platform: %t, %v", fresh, err)
	}
	prune := func(n, want int) {
		t.Helper()
		if got, err := s.PruneEvents(ctx, hour(n)); got != want || err != nil {
			t.Errorf("pruned %d, %v; want %d", got, err, want)
		}
	}
	prune(1, 0)
	prune(2, 1)
	prune(2, 0)
	accept("slack", "T1", "Ev1", 4, true) // forgotten, so new
	prune(5, 5)
	if _, err := s.PruneEvents(ctx, time.Time{}); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("pruned before no instant: %v", err)
	}

	// Many deliveries of the same events at once.
	const events, deliveries = 40, 8
	var fresh atomic.Int64
	var all sync.WaitGroup
	for range deliveries {
		all.Go(func() {
			for i := range events {
				ok, err := s.AcceptEvent(ctx, "slack", "T1", fmt.Sprint("Many", i), hour(6))
				if err != nil {
					t.Error(err)
				}
				if ok {
					fresh.Add(1)
				}
			}
		})
	}
	all.Wait()
	if fresh.Load() != events {
		t.Errorf("%d of %d events were fresh", fresh.Load(), events)
	}
}
