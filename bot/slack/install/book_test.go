package install

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store"
)

// rotating turns token rotation on, and installs in both workspaces.
func rotating(t *testing.T, change ...func(*Options)) *stage {
	t.Helper()
	st := newStage(t, change...)
	st.Configure(func(a *slacktest.App) { a.Rotation = true })
	st.installed(st.maria)
	st.installed(st.devon)
	return st
}

// works reports whether Slack takes a token.
func (st *stage) works(token string) bool {
	_, err := st.o.client(token).AuthTestContext(st.t.Context())
	return err == nil
}

func TestWhichInstallationIsMeant(t *testing.T) {
	st := newStage(t)
	missing := func(team, says string) {
		t.Helper()
		_, err := st.inst.Installation(t.Context(), team, "")
		if store.ErrorCode(err) != store.CodeNotFound || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", team, err)
		}
	}
	missing("", "not installed in any Slack workspace. An admin of the workspace installs it at "+st.server.URL+"/tandem/slack/install.")
	missing("T1", "not installed in the Slack workspace T1")
	st.installed(st.maria)
	only := st.token(st.inst.Book, st.harbor.ID)
	for _, team := range []string{"", "T0FAR", st.ridge.ID} {
		if st.token(st.inst.Book, team) != only {
			t.Errorf("for %q it is not the only one", team)
		}
	}
	st.installed(st.devon)
	missing("", "in 2 Slack workspaces, and nothing says which one is meant")
	missing("T0FAR", "not installed in the Slack workspace T0FAR")
	if other := st.token(st.inst.Book, st.ridge.ID); other == only || !strings.Contains(other, st.ridge.ID) || st.token(st.inst.Book, st.harbor.ID) != only {
		t.Error("the workspaces have not each their own")
	}
	st.o.URL = ""
	st.inst = st.another()
	missing("T0FAR", "set one")
}

func TestWhatWasReadIsBelievedForAWhile(t *testing.T) {
	st := newStage(t)
	st.installed(st.maria)
	token := st.token(st.inst.Book, st.harbor.ID)
	before := st.store.count("one")
	for range 50 {
		st.token(st.inst.Book, st.harbor.ID)
	}
	if n := st.store.count("one") - before; n != 0 {
		t.Errorf("it was read %d times", n)
	}
	elsewhere := st.another()
	if err := elsewhere.keep(t.Context(), st.store.all()[0], tokens{Access: "xoxb-new"}); err != nil {
		t.Fatal(err)
	}
	if st.token(st.inst.Book, st.harbor.ID) != token || st.token(elsewhere.Book, st.harbor.ID) != "xoxb-new" {
		t.Error("the process that changed it doesn't know")
	}
	st.pass(cacheTime)
	if st.token(st.inst.Book, st.harbor.ID) != "xoxb-new" {
		t.Error("what another process changed is not seen")
	}
	st.store.fail("one", 1)
	st.pass(-time.Hour) // a clock that was put back makes nothing young
	if _, err := st.inst.Installation(t.Context(), st.harbor.ID, ""); store.ErrorCode(err) != store.CodeUnavailable {
		t.Errorf("the store is locked: %v", err)
	}
	for i := range 2*mostCached + 500 {
		_, _ = st.inst.Installation(t.Context(), "T0FAR"+string(rune('A'+i%26))+time.Duration(i).String(), "")
	}
	if n := len(st.inst.had); n > mostCached || n < 10 {
		t.Errorf("%d are remembered", n)
	}
}

func TestTokensOfAnotherKeyOrPlace(t *testing.T) {
	st := newStage(t)
	st.installed(st.maria)
	st.o.Vault = vaultOf(t, keyTwo)
	other := st.another()
	_, err := other.Installation(t.Context(), st.harbor.ID, "")
	if !errors.Is(err, ErrOtherKey) || !strings.Contains(err.Error(), st.harbor.ID) || store.ErrorCode(err) == store.CodeNotFound {
		t.Errorf("%v", err)
	}
	// A row's tokens in another row, as by somebody who can write to the database.
	st.installed(st.devon)
	st.store.rows[1].Sealed = st.store.rows[0].Sealed
	if _, err := st.another().Installation(t.Context(), st.ridge.ID, ""); !errors.Is(err, ErrOtherKey) {
		t.Errorf("%v", err)
	}
	st.o.Vault = vaultOf(t, keyTwo, keyOne)
	both := st.another()
	if _, err := both.Installation(t.Context(), st.ridge.ID, ""); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	sealed, err := st.o.Vault.Seal([]byte(`{"access":""}`), st.ridge.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	st.store.rows[1].Sealed = sealed
	if _, err := both.Installation(t.Context(), st.ridge.ID, ""); !errors.Is(err, ErrDamaged) {
		t.Errorf("without a token: %v", err)
	}
}

func TestWhoeverLooksRenewsNothing(t *testing.T) {
	st := rotating(t)
	first := st.token(st.inst.Book, st.harbor.ID)
	st.pass(13 * time.Hour)
	i, err := st.inst.AsStored().Installation(t.Context(), st.harbor.ID, "")
	if err != nil || i.Token != first || st.works(i.Token) || st.renewals() != 0 {
		t.Errorf("%+v %v, %d renewals", i.Team, err, st.renewals())
	}
	if _, err := st.inst.AsStored().Installation(t.Context(), "T0FAR", ""); store.ErrorCode(err) != store.CodeNotFound {
		t.Errorf("%v", err)
	}
	if token := st.token(st.inst.Book, st.harbor.ID); token == first || !st.works(token) {
		t.Error("it was not renewed when it was wanted")
	}
}

func TestTheKeyIsChanged(t *testing.T) {
	st := rotating(t)
	token := st.token(st.inst.Book, st.harbor.ID)
	st.o.Vault = vaultOf(t, keyTwo, keyOne)
	both := st.another()
	if n, err := both.Reseal(t.Context()); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := both.Reseal(t.Context()); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
	st.o.Vault = vaultOf(t, keyTwo)
	if st.token(st.another().Book, st.harbor.ID) != token {
		t.Error("the new key alone opens another token")
	}
	// Whoever is renewing is left alone: what it will store is newer.
	st.o.Vault = vaultOf(t, keyOne, keyTwo)
	back := st.another()
	i := st.store.all()[0]
	if ours, err := st.store.ClaimSlackRenewal(t.Context(), i.Team, "", i.Revision, st.time(), st.time().Add(lease)); !ours || err != nil {
		t.Fatal(ours, err)
	}
	if n, err := back.Reseal(t.Context()); n != 1 || err != nil || st.store.all()[0].Revision != i.Revision {
		t.Errorf("%d, %v", n, err)
	}
	st.o.Vault = vaultOf(t, "rO0ABXNyAA5qYXZhLmxhbmcuTG9uZzuL5JDMjyPfAgA=")
	if n, err := st.another().Reseal(t.Context()); n != 0 || !errors.Is(err, ErrOtherKey) || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("with neither key: %d, %v", n, err)
	}
}

func TestATokenIsRenewedAhead(t *testing.T) {
	st := rotating(t)
	first := st.token(st.inst.Book, st.harbor.ID)
	st.pass(11*time.Hour + 29*time.Minute)
	if st.token(st.inst.Book, st.harbor.ID) != first || st.renewals() != 0 {
		t.Error("it was renewed early")
	}
	st.pass(2 * time.Minute)
	second := st.token(st.inst.Book, st.harbor.ID)
	if second == first || !st.works(second) || st.renewals() != 1 || st.store.all()[0].Revision != 2 {
		t.Fatalf("%d renewals, revision %d\n%s", st.renewals(), st.store.all()[0].Revision, st.log())
	}
	if st.token(st.inst.Book, st.harbor.ID) != second || st.renewals() != 1 {
		t.Error("it was renewed again")
	}
	// Another process, and this one when nobody asked for long: a refresh token
	// outlives its access token.
	if st.token(st.another().Book, st.harbor.ID) != second {
		t.Error("another process has another token")
	}
	for range 3 {
		st.pass(13 * time.Hour)
		if token := st.token(st.inst.Book, st.harbor.ID); !st.works(token) {
			t.Error("an expired token is handed out")
		}
	}
	if st.renewals() != 4 {
		t.Errorf("%d renewals", st.renewals())
	}
	// Without rotation nothing is ever renewed.
	st.Configure(func(a *slacktest.App) { a.Rotation = false })
	plain := newStage(t)
	plain.installed(plain.maria)
	plain.pass(1000 * time.Hour)
	if token := plain.token(plain.inst.Book, plain.harbor.ID); !plain.works(token) || plain.renewals() != 0 {
		t.Error("a token that doesn't expire was renewed")
	}
}

func TestManyAtOnceRenewOnce(t *testing.T) {
	st := rotating(t)
	other := st.another()
	for round := range 5 {
		st.pass(11*time.Hour + 45*time.Minute)
		var wg sync.WaitGroup
		for n := range 40 {
			b := st.inst.Book
			if n%2 == 1 {
				b = other.Book
			}
			wg.Go(func() {
				i, err := b.Installation(t.Context(), st.harbor.ID, "")
				if err != nil || !st.works(i.Token) {
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		if st.renewals() != round+1 {
			t.Fatalf("%d renewals in round %d", st.renewals(), round+1)
		}
	}
}

func TestTheTickRenewsWhatNobodyAsksFor(t *testing.T) {
	st := rotating(t)
	st.pass(10 * time.Hour)
	if err := st.inst.Renew(t.Context()); err != nil || st.renewals() != 0 {
		t.Errorf("early: %d, %v", st.renewals(), err)
	}
	st.pass(61 * time.Minute)
	for range 3 {
		if err := st.inst.Renew(t.Context()); err != nil || st.renewals() != 2 {
			t.Errorf("%d, %v", st.renewals(), err)
		}
	}
	st.store.rows[0].Sealed = nil
	st.pass(12 * time.Hour)
	if err := st.inst.Renew(t.Context()); !errors.Is(err, ErrDamaged) || st.renewals() != 3 {
		t.Errorf("one that fails keeps the others: %d, %v", st.renewals(), err)
	}
	st.store.fail("all", 1)
	if err := st.inst.Renew(t.Context()); store.ErrorCode(err) != store.CodeUnavailable {
		t.Errorf("%v", err)
	}
}

func TestARenewalThatFailsIsTriedAgain(t *testing.T) {
	for _, fault := range []slacktest.Fault{slacktest.Broken, slacktest.Dropped, slacktest.TooMany} {
		st := rotating(t)
		first := st.token(st.inst.Book, st.harbor.ID)
		st.pass(11*time.Hour + 40*time.Minute)
		st.Fail("oauth.v2.access", fault)
		for range 10 {
			if st.token(st.inst.Book, st.harbor.ID) != first {
				t.Error("the old token is not used meanwhile")
			}
		}
		if n := st.store.count("claim"); n != 1 {
			t.Errorf("it was claimed %d times at once", n)
		}
		if st.renewals() != 1 || !strings.Contains(st.log(), "the old one is used as long as it is good") {
			t.Errorf("%d renewals\n%s", st.renewals(), st.log())
		}
		st.pass(lease + time.Second)
		if token := st.token(st.inst.Book, st.harbor.ID); token == first || !st.works(token) || st.renewals() != 2 {
			t.Errorf("fault %d: %d renewals", fault, st.renewals())
		}
	}
}

func TestAnExpiredTokenIsWaitedFor(t *testing.T) {
	st := rotating(t)
	st.pass(13 * time.Hour)
	other := st.another()
	i := st.store.all()[0]
	if ours, err := st.store.ClaimSlackRenewal(t.Context(), i.Team, "", i.Revision, st.time(), st.time().Add(lease)); !ours || err != nil {
		t.Fatal(ours, err)
	}
	// The process that has the claim is done while this one waits.
	st.onWait = func() {
		if st.waits != 3 {
			return
		}
		e, err := other.open(context.Background(), i)
		if err == nil {
			_, err = other.renew(context.Background(), e)
		}
		if err != nil {
			t.Error(err)
		}
	}
	if token := st.token(st.inst.Book, st.harbor.ID); !st.works(token) || st.renewals() != 1 || st.waits != 3 {
		t.Errorf("%d renewals, %d waits", st.renewals(), st.waits)
	}
	// One that is never done: that is no installation that is missing.
	st.onWait = nil
	st.pass(13 * time.Hour)
	i = st.store.all()[0]
	if ours, err := st.store.ClaimSlackRenewal(t.Context(), i.Team, "", i.Revision, st.time(), st.time().Add(time.Hour)); !ours || err != nil {
		t.Fatal(ours, err)
	}
	if _, err := st.inst.Installation(t.Context(), st.harbor.ID, ""); err == nil || store.ErrorCode(err) == store.CodeNotFound || !strings.Contains(err.Error(), "is not done") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := st.inst.Installation(ctx, st.harbor.ID, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A process that ends after Slack's answer and before the store has it leaves a
// refresh token that is spent.
func TestAProcessEndsBetweenSlackAndTheStore(t *testing.T) {
	st := rotating(t)
	first := st.token(st.inst.Book, st.harbor.ID)
	st.pass(11*time.Hour + 40*time.Minute)
	st.Fail("oauth.v2.access", slacktest.Lost) // as if this one had ended
	if st.token(st.inst.Book, st.harbor.ID) != first {
		t.Error("the old token is not used")
	}
	next := st.another()
	st.pass(lease)
	for range 5 {
		if token := st.token(next.Book, st.harbor.ID); token != first || !st.works(token) {
			t.Error("the old token is not used while it is good")
		}
		st.pass(retryAfter)
	}
	if st.renewals() != 2 || strings.Count(st.log(), "level=ERROR") != 1 || !strings.Contains(st.log(), "used already") || !strings.Contains(st.log(), "Install Tandem there again, at "+st.server.URL+"/tandem/slack/install.") {
		t.Errorf("%d renewals\n%s", st.renewals(), st.log())
	}
	st.pass(time.Hour)
	_, err := next.Installation(t.Context(), st.harbor.ID, "")
	if store.ErrorCode(err) != store.CodeNotFound || !strings.Contains(err.Error(), "no longer renews") || !strings.Contains(err.Error(), "Install Tandem there again") {
		t.Errorf("%v", err)
	}
	if st.renewals() != 2 {
		t.Errorf("Slack was asked again: %d", st.renewals())
	}
	if token := st.token(next.Book, st.ridge.ID); !st.works(token) {
		t.Error("the other workspace suffers")
	}
	st.installed(st.maria)
	for _, b := range []*Installer{st.inst, next} {
		st.pass(cacheTime)
		if token := st.token(b.Book, st.harbor.ID); !st.works(token) {
			t.Error("installed again it doesn't work")
		}
	}
}

func TestACallerWhoLeavesEndsNoRenewal(t *testing.T) {
	st := rotating(t)
	st.pass(11*time.Hour + 40*time.Minute)
	e, err := st.inst.find(t.Context(), st.harbor.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if e, err = st.inst.renew(ctx, e); err != nil || !st.works(e.tokens.Access) || st.store.all()[0].Revision != 2 {
		t.Errorf("%v", err)
	}
}

func TestTheStoreDoesNotTakeTheNewTokens(t *testing.T) {
	st := rotating(t)
	first := st.token(st.inst.Book, st.harbor.ID)
	st.pass(11*time.Hour + 40*time.Minute)
	st.store.fail("renew", 6)
	second := st.token(st.inst.Book, st.harbor.ID)
	if second == first || !st.works(second) || st.store.all()[0].Revision != 1 || !strings.Contains(st.log(), "the store doesn't take the new one") {
		t.Fatalf("revision %d\n%s", st.store.all()[0].Revision, st.log())
	}
	// It is offered again, and nobody renews meanwhile.
	if st.token(st.inst.Book, st.harbor.ID) != second || st.renewals() != 1 {
		t.Errorf("%d renewals", st.renewals())
	}
	st.pass(cacheTime)
	if st.token(st.inst.Book, st.harbor.ID) != second || st.renewals() != 1 || st.store.all()[0].Revision != 2 || len(st.inst.unsaved) != 0 {
		t.Errorf("%d renewals, revision %d", st.renewals(), st.store.all()[0].Revision)
	}
	if st.token(st.another().Book, st.harbor.ID) != second || strings.Count(st.log(), "level=ERROR") != 1 {
		t.Error("another process doesn't have the new token")
	}
	// Installed again while they waited: those are the newer ones.
	st.pass(11*time.Hour + 40*time.Minute)
	st.store.fail("renew", 3)
	third := st.token(st.inst.Book, st.harbor.ID)
	elsewhere := st.another()
	if err := elsewhere.keep(t.Context(), st.store.all()[0], tokens{Access: "xoxb-again"}); err != nil {
		t.Fatal(err)
	}
	st.pass(cacheTime)
	if got := st.token(st.inst.Book, st.harbor.ID); got != "xoxb-again" || third == second || len(st.inst.unsaved) != 0 {
		t.Errorf("%d unsaved, %s", len(st.inst.unsaved), got)
	}
}

func TestAnInstallationAnewOvertakesARenewal(t *testing.T) {
	st := rotating(t)
	st.pass(11*time.Hour + 40*time.Minute)
	e, err := st.inst.find(t.Context(), st.harbor.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	st.installed(st.maria)
	newest := st.token(st.another().Book, st.harbor.ID)
	if e, err = st.inst.renew(t.Context(), e); err != nil || e.tokens.Access != newest {
		t.Errorf("%v", err)
	}
	// And removed meanwhile there is nothing to renew.
	e.Revision = 1
	st.store.rows = nil
	if _, err := st.inst.renew(t.Context(), e); err == nil || len(st.inst.unsaved) > 0 {
		t.Errorf("%v", err)
	}
	st.pass(11*time.Hour + 40*time.Minute)
	if _, err := st.inst.fresh(t.Context(), e, renewAhead); store.ErrorCode(err) != store.CodeNotFound {
		t.Errorf("%v", err)
	}
}

func TestTheStoreIsLockedWhileATokenIsDue(t *testing.T) {
	st := rotating(t)
	first := st.token(st.inst.Book, st.harbor.ID)
	for _, method := range []string{"one", "claim"} {
		e, err := st.inst.find(t.Context(), st.harbor.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		st.pass(11*time.Hour + 40*time.Minute)
		st.store.fail(method, 1)
		if e, err = st.inst.fresh(t.Context(), e, renewAhead); err != nil || e.tokens.Access != first {
			t.Errorf("%s: %v", method, err)
		}
		st.pass(time.Hour)
		st.store.fail(method, 1)
		if _, err = st.inst.fresh(t.Context(), e, renewAhead); store.ErrorCode(err) != store.CodeUnavailable {
			t.Errorf("%s, expired: %v", method, err)
		}
		first = st.token(st.inst.Book, st.harbor.ID)
	}
}

func TestRemovedAndLateNewsOfIt(t *testing.T) {
	st := rotating(t)
	ctx := t.Context()
	first := st.token(st.inst.Book, st.harbor.ID)
	// The token works: the news is about one before it.
	if err := st.inst.Removed(ctx, st.harbor.ID, "the bot's token was revoked"); err != nil || len(st.store.all()) != 2 {
		t.Fatalf("%v", err)
	}
	// Slack can't be asked.
	st.Fail("auth.test", slacktest.Broken)
	if err := st.inst.Removed(ctx, st.harbor.ID, "Tandem was uninstalled"); err == nil || !strings.Contains(err.Error(), "could not be asked") || len(st.store.all()) != 2 {
		t.Errorf("%v", err)
	}
	st.harbor.Install().Revoke()
	if err := st.inst.Removed(ctx, st.harbor.ID, "Tandem was uninstalled"); err != nil || len(st.store.all()) != 1 {
		t.Fatalf("%v, %v", err, st.store.all())
	}
	if _, err := st.inst.Installation(ctx, st.harbor.ID, ""); err != nil {
		t.Errorf("now the other is the only one: %v", err)
	}
	if st.token(st.inst.Book, st.harbor.ID) == first {
		t.Error("a token that was revoked is remembered")
	}
	for range 2 { // again is harmless
		if err := st.inst.Removed(ctx, st.harbor.ID, "Tandem was uninstalled"); err != nil || len(st.store.all()) != 1 {
			t.Errorf("%v", err)
		}
	}
	// An expired token that Slack renews no more has ended as well.
	st.ridge.Install().Revoke()
	st.pass(13 * time.Hour)
	if err := st.inst.Removed(ctx, st.ridge.ID, "Tandem was uninstalled"); err != nil || len(st.store.all()) != 0 {
		t.Errorf("%v, %v", err, st.store.all())
	}
	if err := st.inst.Removed(ctx, "", "x"); err == nil {
		t.Error("nothing was removed from nowhere")
	}
	st.store.fail("all", 1)
	if err := st.inst.Removed(ctx, "T1", "x"); store.ErrorCode(err) != store.CodeUnavailable {
		t.Errorf("%v", err)
	}
}

func TestAnOrganisationRemovesTandem(t *testing.T) {
	st := newStage(t)
	for _, of := range []row{{"", "E1"}, {"T5", "E1"}, {"T6", ""}} {
		if err := st.inst.keep(t.Context(), installationOf(of.team, of.enterprise), tokens{Access: "xoxb-" + of.team + of.enterprise}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.inst.Removed(t.Context(), "E1", "Tandem was uninstalled"); err != nil {
		t.Fatal(err)
	}
	if rows := st.store.all(); len(rows) != 2 || rows[0].Team != "T5" || rows[1].Team != "T6" {
		t.Errorf("%v", rows)
	}
}

func TestWhatIsSealedCanBeReadLater(t *testing.T) {
	// The form of what is sealed is a promise to every store that there is.
	var tk tokens
	if err := json.Unmarshal([]byte(`{"access":"a","refresh":"r","expires":"2026-11-25T20:00:00Z"}`), &tk); err != nil || tk.Access != "a" || tk.Refresh != "r" || !tk.Expires.Equal(morning.Add(12*time.Hour)) {
		t.Errorf("%v", err)
	}
	const was = "014421ee4f0e42d4cae8864908e0b8c7524c2a65d5f520509a11170442e46c00ae1364e72b6cf2cee628c0d6edd9e8"
	sealed, err := hex.DecodeString(was)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := vaultOf(t, keyOne).Open(sealed, "T0HARBOR001", "E0GRID")
	if err != nil || string(plain) != `{"access":"a"}` {
		t.Errorf("%q, %v", plain, err)
	}
}
