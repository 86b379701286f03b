package install

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// morning is when these tests begin.
var morning = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

const (
	keyOne = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	keyTwo = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
)

func dice() io.Reader { return rand.NewChaCha8([32]byte{7}) }

func vaultOf(tb testing.TB, keys ...string) *Vault {
	tb.Helper()
	v, err := NewVault(dice(), keys...)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// memory is the store's part of installations as *sqldb.DB has it, in memory.
type memory struct {
	mu       sync.Mutex
	rows     []store.SlackInstallation
	renewing map[row]time.Time
	calls    map[string]int
	fails    map[string]int // so many next calls of a method
}

func (m *memory) called(name string) error {
	if m.calls == nil {
		m.calls = map[string]int{}
	}
	m.calls[name]++
	if m.fails[name] > 0 {
		m.fails[name]--
		return store.Errorf(store.CodeUnavailable, "The store is locked.")
	}
	return nil
}

func (m *memory) at(team, enterprise string) int {
	return slices.IndexFunc(m.rows, func(i store.SlackInstallation) bool { return i.Team == team && i.Enterprise == enterprise })
}

func (m *memory) KeepSlackInstallation(_ context.Context, i store.SlackInstallation, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.called("keep"); err != nil {
		return err
	}
	i.Revision, i.InstalledAt, i.ChangedAt = 1, at, at
	delete(m.renewing, row{i.Team, i.Enterprise})
	if n := m.at(i.Team, i.Enterprise); n >= 0 {
		i.Revision, i.InstalledAt = m.rows[n].Revision+1, m.rows[n].InstalledAt
		m.rows[n] = i
		return nil
	}
	m.rows = append(m.rows, i)
	return nil
}

func (m *memory) SlackInstallation(_ context.Context, team, enterprise string) (store.SlackInstallation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.called("one"); err != nil {
		return store.SlackInstallation{}, err
	}
	var found *store.SlackInstallation
	for n := range m.rows {
		i := &m.rows[n]
		if (team == "" || i.Team != team) && (enterprise == "" || i.Team != "" || i.Enterprise != enterprise) {
			continue
		}
		if found == nil || i.Team > found.Team || i.Team == found.Team && i.ChangedAt.After(found.ChangedAt) {
			found = i
		}
	}
	if found == nil {
		return store.SlackInstallation{}, store.Errorf(store.CodeNotFound, "Tandem is not installed there.")
	}
	return *found, nil
}

func (m *memory) SlackInstallations(context.Context) ([]store.SlackInstallation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.rows), m.called("all")
}

func (m *memory) ClaimSlackRenewal(_ context.Context, team, enterprise string, revision int, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.called("claim"); err != nil {
		return false, err
	}
	n, key := m.at(team, enterprise), row{team, enterprise}
	if n < 0 || m.rows[n].Revision != revision || m.renewing[key].After(now) {
		return false, nil
	}
	if m.renewing == nil {
		m.renewing = map[row]time.Time{}
	}
	m.renewing[key] = until
	return true, nil
}

func (m *memory) RenewSlackTokens(_ context.Context, team, enterprise string, revision int, sealed []byte, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.called("renew"); err != nil {
		return err
	}
	n := m.at(team, enterprise)
	if n < 0 || m.rows[n].Revision != revision {
		return store.Errorf(store.CodeConflict, "It was changed meanwhile.")
	}
	i := &m.rows[n]
	i.Sealed, i.ChangedAt = sealed, at
	i.Revision++
	delete(m.renewing, row{team, enterprise})
	return nil
}

func (m *memory) DropSlackInstallation(_ context.Context, tenant string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.called("drop"); err != nil {
		return err
	}
	m.rows = slices.DeleteFunc(m.rows, func(i store.SlackInstallation) bool {
		return i.Team == tenant || i.Team == "" && i.Enterprise == tenant
	})
	return nil
}

func (m *memory) all() []store.SlackInstallation {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.rows)
}

func (m *memory) count(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls[name]
}

func (m *memory) fail(name string, times int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails == nil {
		m.fails = map[string]int{}
	}
	m.fails[name] = times
}

// stage is a Slack, a store, and Tandem's pages before them.
type stage struct {
	*slacktest.Slack
	t       *testing.T
	store   *memory
	o       Options
	inst    *Installer
	server  *httptest.Server
	harbor  *slacktest.Workspace
	ridge   *slacktest.Workspace
	maria   *slacktest.Person // of harbor
	devon   *slacktest.Person // of ridge
	browser *http.Client

	mu     sync.Mutex
	now    time.Time
	logged bytes.Buffer
	waits  int
	onWait func()
}

func newStage(t *testing.T, change ...func(*Options)) *stage {
	t.Helper()
	st := &stage{t: t, now: morning, store: &memory{}}
	st.Slack = slacktest.Open(t, slacktest.Options{Now: st.time, SignedAt: time.Now})
	st.harbor, st.ridge = st.Workspace("T0HARBOR001", "Harbor <Legal>"), st.Workspace("T0RIDGE0001", "Palmetto Ridge")
	st.maria, st.devon = st.harbor.Person(slacktest.User{ID: "U0MARIA0001", Name: "maria"}), st.ridge.Person(slacktest.User{ID: "U0DEVON0001", Name: "devon"})
	st.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { st.inst.ServeHTTP(w, r) }))
	t.Cleanup(st.server.Close)
	app := st.App()
	st.o = Options{
		Store: st.store, Vault: vaultOf(t, keyOne), ClientID: app.ClientID, ClientSecret: app.ClientSecret, URL: st.server.URL + "/tandem/",
		Scopes: slacktest.Scopes, Now: st.time, Log: slog.New(slog.NewTextHandler(st, nil)), API: st.APIURL(), Wait: st.wait,
		HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
	for _, c := range change {
		c(&st.o)
	}
	st.Configure(func(a *slacktest.App) { a.Redirects = []string{st.server.URL + "/tandem" + CallbackPath} })
	st.inst = st.another()
	st.browser = st.newBrowser()
	// Nothing that is secret may be in the log, whatever happened.
	t.Cleanup(func() {
		for _, secret := range []string{"xoxb-", "xoxe", "code-0", app.ClientSecret, keyOne, keyTwo} {
			if strings.Contains(st.log(), secret) {
				t.Errorf("the log holds %s…:\n%s", secret, st.log())
			}
		}
	})
	return st
}

// another is another process with the same configuration.
func (st *stage) another() *Installer {
	st.t.Helper()
	inst, err := New(st.o)
	if err != nil {
		st.t.Fatal(err)
	}
	return inst
}

func (st *stage) newBrowser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		st.t.Fatal(err)
	}
	return &http.Client{
		Jar: jar, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (st *stage) time() time.Time {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.now
}

func (st *stage) pass(d time.Duration) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.now = st.now.Add(d)
}

// wait is Options.Wait without waiting.
func (st *stage) wait(ctx context.Context, d time.Duration) error {
	st.mu.Lock()
	st.waits++
	st.now = st.now.Add(d)
	then := st.onWait
	st.mu.Unlock()
	if then != nil {
		then()
	}
	return ctx.Err()
}

// Write takes the log.
func (st *stage) Write(p []byte) (int, error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.logged.Write(p)
}

func (st *stage) log() string {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.logged.String()
}

// got is an answer that was read.
type got struct {
	*http.Response
	body string
}

func (st *stage) get(browser *http.Client, address string) got {
	st.t.Helper()
	return st.do(browser, http.MethodGet, address)
}

func (st *stage) do(browser *http.Client, method, address string) got {
	st.t.Helper()
	req, err := http.NewRequestWithContext(st.t.Context(), method, address, nil)
	if err != nil {
		st.t.Fatal(err)
	}
	resp, err := browser.Do(req)
	if err != nil {
		st.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		st.t.Fatal(err)
	}
	return got{resp, string(body)}
}

// begin opens the first page and returns where it leads.
func (st *stage) begin(browser *http.Client) string {
	st.t.Helper()
	g := st.get(browser, st.o.URL+InstallPath[1:])
	if g.StatusCode != http.StatusFound {
		st.t.Fatalf("the first page answers %d: %s", g.StatusCode, g.body)
	}
	return g.Header.Get("Location")
}

// install goes the whole way as somebody.
func (st *stage) install(p *slacktest.Person) got {
	st.t.Helper()
	back, err := p.Approve(st.begin(st.browser))
	if err != nil {
		st.t.Fatal(err)
	}
	return st.get(st.browser, back)
}

// installed is install where it must go well.
func (st *stage) installed(p *slacktest.Person) {
	st.t.Helper()
	if g := st.install(p); g.StatusCode != http.StatusOK {
		st.t.Fatalf("%d: %s\n%s", g.StatusCode, g.body, st.log())
	}
}

// token is what a book answers with for a workspace.
func (st *stage) token(b *Book, team string) string {
	st.t.Helper()
	i, err := b.Installation(st.t.Context(), team, "")
	if err != nil {
		st.t.Fatal(err)
	}
	return i.Token
}

// renewals counts what Slack was asked to renew.
func (st *stage) renewals() int {
	n := 0
	for _, c := range st.Calls("oauth.v2.access") {
		if c.Args["grant_type"] == "refresh_token" {
			n++
		}
	}
	return n
}
