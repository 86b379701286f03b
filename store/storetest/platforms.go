package storetest

import (
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func testIdentities(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	e := reachable("harbor-legal") // theo has no id on any platform
	e.People[1].Email = "Theo@Harbor.example"
	importing(t, s, e, hour(0))
	learn := func(platform, tenant, user, email string, n int, want bool) {
		t.Helper()
		if fresh, err := s.LearnIdentity(ctx, platform, tenant, user, email, hour(n)); fresh != want || err != nil {
			t.Errorf("learned %s of %s: %t, %v; want %t", email, user, fresh, err, want)
		}
	}
	is := func(platform, tenant, user string, want ...string) {
		t.Helper()
		got, err := s.Memberships(ctx, platform, tenant, user)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, m := range got {
			list = append(list, m.Engagement+"/"+m.Person)
		}
		wantEqual(t, "memberships of "+user, list, want)
	}
	found := func(want ...store.Identity) {
		t.Helper()
		got, err := s.Identities(ctx, "harbor-legal")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "who was found", got, want)
		r, err := s.Rhythm(ctx, "harbor-legal")
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "who a sweep finds", r.Identities, want)
	}
	found()
	is("slack", "T1", "UTHEO")
	learn("slack", "T1", "UTHEO", "theo@harbor.EXAMPLE", 1, true)
	learn("slack", "T1", "UTHEO", "theo@harbor.example", 2, false)
	learn("slack", "T1", "UNOBODY", "nobody@harbor.example", 1, false)
	is("slack", "T1", "UTHEO", "harbor-legal/theo")
	is("slack", "T2", "UTHEO") // another workspace's
	is("slack", "T1", "UNOBODY")
	found(store.Identity{Person: "theo", Platform: "slack", Tenant: "T1", User: "UTHEO"})
	learn("teams", "tt", "AAAA-9999", "theo@harbor.example", 3, true)
	is("teams", "tt", "aaaa-9999", "harbor-legal/theo")
	is("slack", "T1", "aaaa-9999")
	// Of whom the file has an id, that id counts, whoever has the address.
	learn("slack", "T1", "UFALSE", "maria@harbor.example", 3, true)
	is("slack", "T1", "UFALSE")
	is("slack", "T1", "UMARIA", "harbor-legal/maria")
	// Who is somebody by id is nobody else by address.
	learn("slack", "T1", "UMARIA", "theo@harbor.example", 4, true)
	is("slack", "T1", "UMARIA", "harbor-legal/maria")
	// Who has another address now is no longer who they were.
	learn("slack", "T1", "UMARIA", "other@harbor.example", 5, false)
	learn("slack", "T1", "UTHEO", "gone@harbor.example", 5, false)
	is("slack", "T1", "UTHEO")
	found(store.Identity{Person: "theo", Platform: "teams", Tenant: "tt", User: "aaaa-9999"})
	// Another workspace vouches for its own people alone: those of whom the file
	// names a colleague there.
	other := reachable("lakeside-dental") // names TPALM/UDEVON, devon@palmetto.example
	other.People = append(other.People,
		store.Person{ID: "kim", Name: "Kim", Side: store.MSP, Email: "kim@palmetto.example"},
		store.Person{ID: "ann", Name: "Ann", Side: store.Internal, Email: "ann@lakeside.example"})
	importing(t, s, other, hour(6))
	learn("slack", "T1", "TPALM/UKIM", "kim@palmetto.example", 6, true)
	is("slack", "T1", "TPALM/UKIM", "lakeside-dental/kim")
	if got, err := s.Identities(ctx, "lakeside-dental"); err != nil || len(got) != 1 || got[0].User != "TPALM/UKIM" {
		t.Errorf("found in Lakeside are %v, %v", got, err)
	}
	learn("slack", "T1", "TEVIL/UKIM", "kim@palmetto.example", 6, true)
	is("slack", "T1", "TEVIL/UKIM")
	learn("slack", "T1", "TPALM/UANN", "ann@lakeside.example", 6, true)
	is("slack", "T1", "TPALM/UANN")
	if got, err := s.Identities(ctx, "lakeside-dental"); err != nil || len(got) != 1 {
		t.Errorf("found in Lakeside are %v, %v", got, err)
	}
	// With several workspaces none vouches for the people of another's engagement.
	is("slack", "T1", "UFALSE")
	learn("slack", "T1", "UANN", "ann@lakeside.example", 7, true)
	is("slack", "T1", "UANN", "lakeside-dental/ann")
	for _, team := range []string{"T1", "T2"} {
		if err := s.KeepSlackInstallation(ctx, store.SlackInstallation{Team: team, Sealed: []byte("x")}, hour(7)); err != nil {
			t.Fatal(err)
		}
	}
	is("slack", "T1", "UANN")
	is("slack", "T1", "TPALM/UKIM", "lakeside-dental/kim")
	learn("slack", "TPALM", "ULOCAL", "kim@palmetto.example", 7, true)
	is("slack", "TPALM", "ULOCAL", "lakeside-dental/kim") // the managers' channel is TPALM/C0MAN
	learn("slack", "T2", "ULOCAL", "kim@palmetto.example", 7, true)
	is("slack", "T2", "ULOCAL")
	is("teams", "tt", "aaaa-9999", "harbor-legal/theo")
	for _, email := range []string{"nobody", "kim@", "kim@%", "kim@palmetto_example"} {
		if _, err := s.LearnIdentity(ctx, "slack", "T1", "U1", email, hour(1)); store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("learned %s: %v", email, err)
		}
	}
	if _, err := s.LearnIdentity(ctx, "slack", "T1", "U1", "", hour(1)); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("learned no address: %v", err)
	}

	greet := func(platform, tenant, user string, want bool) {
		t.Helper()
		if first, err := s.Greet(ctx, platform, tenant, user, hour(1)); first != want || err != nil {
			t.Errorf("%s is new: %t, %v; want %t", user, first, err, want)
		}
	}
	greet("slack", "T1", "UTHEO", true)
	greet("slack", "T1", "UTHEO", false)
	greet("slack", "T2", "UTHEO", true)
	greet("teams", "T1", "UMARIA", true)
}

func testMovedChannels(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	importing(t, s, reachable("harbor-legal"), hour(0)) // C0COORD, and TPALM/C0MAN
	move := func(tenant, from, to string, n int) {
		t.Helper()
		if err := s.MoveChannel(ctx, "slack", tenant, from, to, hour(n)); err != nil {
			t.Error(err)
		}
	}
	at := func(tenant, channel string, want ...string) {
		t.Helper()
		got, err := s.ChannelEngagements(ctx, "slack", tenant, channel)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "engagements of "+channel, got, want)
	}
	now := func(tenant, channel, want string) {
		t.Helper()
		if got, err := s.ChannelNow(ctx, "slack", tenant, channel); got != want || err != nil {
			t.Errorf("%s is %s now, %v; want %s", channel, got, err, want)
		}
	}
	now("T1", "C0COORD", "C0COORD")
	move("T1", "C0COORD", "C0NEW", 1)
	move("T1", "C0COORD", "C0NEW", 1)
	at("T1", "C0NEW", "harbor-legal")
	at("T1", "C0COORD", "harbor-legal")
	at("T2", "C0NEW")
	now("T1", "C0COORD", "C0NEW")
	now("", "C0COORD", "C0NEW")
	now("T2", "C0COORD", "C0COORD")
	move("T1", "C0NEW", "C0NEWER", 2)
	now("T1", "C0COORD", "C0NEWER")
	now("T1", "C0NEW", "C0NEWER")
	at("T1", "C0NEWER", "harbor-legal")
	move("T1", "C0NEWER", "C0COORD", 3) // and back
	now("T1", "C0COORD", "C0COORD")
	now("T1", "C0NEW", "C0COORD")
	at("T1", "C0COORD", "harbor-legal")
	move("TPALM", "C0MAN", "C0BOSS", 4)
	at("TPALM", "C0BOSS", "harbor-legal")
	at("T1", "C0BOSS")
	if err := s.MoveChannel(ctx, "slack", "T1", "C1", "", hour(1)); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("moved nowhere: %v", err)
	}
}

func testInstallations(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	keep := func(i store.SlackInstallation, n int) {
		t.Helper()
		if err := s.KeepSlackInstallation(ctx, i, hour(n)); err != nil {
			t.Fatal(err)
		}
	}
	get := func(team, enterprise, want string, revision int) {
		t.Helper()
		i, err := s.SlackInstallation(ctx, team, enterprise)
		if want == "" {
			wantCode(t, err, store.CodeNotFound, "not installed")
			return
		}
		if err != nil || string(i.Sealed) != want || i.Revision != revision {
			t.Errorf("the installation of %s %s is %+v, %v; want %s at revision %d", team, enterprise, i, err, want, revision)
		}
	}
	get("T1", "", "", 0)
	keep(store.SlackInstallation{Team: "T1", Name: "Harbor", BotUser: "UBOT", Scopes: "chat:write", Sealed: []byte("one")}, 1)
	keep(store.SlackInstallation{Enterprise: "E1", Name: "Org", Sealed: []byte("org")}, 1)
	get("T1", "", "one", 1)
	get("T1", "E1", "one", 1)
	get("T9", "E1", "org", 1)
	get("", "E1", "org", 1)
	get("T9", "", "", 0)
	get("", "", "", 0)
	keep(store.SlackInstallation{Team: "T1", Name: "Harbor Legal", BotUser: "UBOT", Scopes: "chat:write", Sealed: []byte("two")}, 2)
	get("T1", "", "two", 2)
	all, err := s.SlackInstallations(ctx)
	if err != nil || len(all) != 2 || all[1].Name != "Harbor Legal" || !all[1].InstalledAt.Equal(hour(1)) || !all[1].ChangedAt.Equal(hour(2)) {
		t.Errorf("all are %+v, %v", all, err)
	}

	// One alone renews the tokens of a revision.
	renew := func(revision int, now time.Time, want bool) {
		t.Helper()
		if got, err := s.ClaimSlackRenewal(ctx, "T1", "", revision, now, now.Add(time.Minute)); got != want || err != nil {
			t.Errorf("may renew revision %d: %t, %v; want %t", revision, got, err, want)
		}
	}
	renew(1, hour(3), false)
	renew(2, hour(3), true)
	renew(2, hour(3), false)
	renew(2, hour(3).Add(time.Minute), true) // whoever was at it has ended
	if err := s.RenewSlackTokens(ctx, "T1", "", 2, []byte("three"), hour(4)); err != nil {
		t.Error(err)
	}
	get("T1", "", "three", 3)
	wantCode(t, s.RenewSlackTokens(ctx, "T1", "", 2, []byte("four"), hour(4)), store.CodeConflict, "changed meanwhile")
	renew(3, hour(4), true)

	for range 2 {
		if err := s.DropSlackInstallation(ctx, "T1"); err != nil {
			t.Error(err)
		}
	}
	get("T1", "", "", 0)
	if err := s.DropSlackInstallation(ctx, "E1"); err != nil {
		t.Error(err)
	}
	get("T9", "E1", "", 0)
	wantCode(t, s.KeepSlackInstallation(ctx, store.SlackInstallation{Sealed: []byte("x")}, hour(1)), store.CodeInvalid)
	wantCode(t, s.KeepSlackInstallation(ctx, store.SlackInstallation{Team: "T1"}, hour(1)), store.CodeInvalid)
}

func testTeamsConversations(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	keep := func(tenant, conversation, user, url string, n int, want bool) {
		t.Helper()
		c := store.TeamsConversation{Tenant: tenant, Conversation: conversation, User: user, ServiceURL: url}
		if fresh, err := s.KeepTeamsConversation(ctx, c, hour(n)); fresh != want || err != nil {
			t.Errorf("%s is new: %t, %v; want %t", conversation, fresh, err, want)
		}
	}
	url := func(tenant, conversation, want string) {
		t.Helper()
		if got, err := s.TeamsServiceURL(ctx, tenant, conversation); got != want || err != nil {
			t.Errorf("the service of %s %s is %q, %v; want %q", tenant, conversation, got, err, want)
		}
	}
	url("t1", "19:a", "")
	keep("t1", "19:a", "", "https://one", 1, true)
	keep("t1", "19:a", "", "https://one", 2, false)
	keep("t1", "19:a", "", "https://two", 3, false)
	keep("t1", "a:maria", "AAAA", "https://three", 4, true)
	keep("t2", "19:a", "", "https://four", 5, true)
	url("t1", "19:a", "https://two")
	url("t1", "19:elsewhere", "https://three")
	url("t3", "19:a", "")
	direct := func(tenant, user, want string) {
		t.Helper()
		c, ok, err := s.TeamsDirect(ctx, tenant, user)
		if c.Conversation != want || ok != (want != "") || err != nil {
			t.Errorf("the chat with %s is %+v, %t, %v; want %q", user, c, ok, err, want)
		}
	}
	direct("t1", "aaaa", "a:maria")
	direct("t1", "AAAA", "a:maria")
	direct("t2", "aaaa", "")
	direct("t1", "", "")
	list, err := s.TeamsConversations(ctx, "t1")
	if err != nil || len(list) != 2 || list[0].Conversation != "a:maria" {
		t.Errorf("those of t1 are %+v, %v", list, err)
	}
	for range 2 {
		if err := s.DropTeamsConversation(ctx, "t1", "a:maria"); err != nil {
			t.Error(err)
		}
	}
	direct("t1", "aaaa", "")
	if list, err := s.TeamsConversations(ctx, ""); err != nil || len(list) != 2 {
		t.Errorf("all are %+v, %v", list, err)
	}
	if _, err := s.KeepTeamsConversation(ctx, store.TeamsConversation{Tenant: "t1", Conversation: "x"}, hour(1)); store.ErrorCode(err) != store.CodeInvalid {
		t.Errorf("kept without a service: %v", err)
	}
}
