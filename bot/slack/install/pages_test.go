package install

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store"
)

// sound checks what holds for every page.
func sound(t *testing.T, g got) {
	t.Helper()
	csp := g.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the policy is %q", csp)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if g.Header.Get(name) != want {
			t.Errorf("%s is %q", name, g.Header.Get(name))
		}
	}
	if g.StatusCode == http.StatusFound {
		return
	}
	if g.Header.Get("Location") != "" || !strings.HasPrefix(g.Header.Get("Content-Type"), "text/html") {
		t.Errorf("a page of %q that leads to %q", g.Header.Get("Content-Type"), g.Header.Get("Location"))
	}
	for _, part := range []string{`<html lang="en">`, "<title>", `<meta name="viewport"`, "<main>", "<h1>"} {
		if strings.Count(g.body, part) != 1 {
			t.Errorf("the page has not one %s:\n%s", part, g.body)
		}
	}
}

func TestSomebodyInstalls(t *testing.T) {
	st := newStage(t)
	to, err := url.Parse(st.begin(st.browser))
	if err != nil {
		t.Fatal(err)
	}
	q := to.Query()
	if to.Scheme+"://"+to.Host+to.Path != "https://slack.com/oauth/v2/authorize" || q.Get("client_id") != st.o.ClientID || q.Get("scope") != strings.Join(slacktest.Scopes, ",") ||
		q.Get("redirect_uri") != st.server.URL+"/tandem"+CallbackPath || q.Has("team") || strings.Contains(to.String(), st.o.ClientSecret) {
		t.Errorf("it leads to %s", to)
	}
	g := st.install(st.maria)
	sound(t, g)
	if g.StatusCode != http.StatusOK || !strings.Contains(g.body, "<h1>Tandem is installed in Harbor &lt;Legal&gt;</h1>") || !strings.Contains(g.body, "/invite @Tandem") {
		t.Fatalf("%d %s\n%s", g.StatusCode, g.body, st.log())
	}
	if strings.Contains(g.body, "xox") {
		t.Error("the page holds a token")
	}
	rows := st.store.all()
	if len(rows) != 1 {
		t.Fatalf("%d installations", len(rows))
	}
	i := rows[0]
	if i.Team != st.harbor.ID || i.Name != "Harbor <Legal>" || i.BotUser == "" || i.Scopes != strings.Join(slacktest.Scopes, ",") || i.Revision != 1 || bytes.Contains(i.Sealed, []byte("xoxb")) {
		t.Errorf("%+v", i)
	}
	token := st.token(st.inst.Book, st.harbor.ID)
	if !strings.HasPrefix(token, "xoxb-"+st.harbor.ID) || st.token(st.another().Book, st.harbor.ID) != token {
		t.Errorf("the token is not that of the workspace")
	}
	if !strings.Contains(st.log(), "anybody who reaches the address may install") {
		t.Error("that anybody may install is not said")
	}
	// Once more, as after new scopes: the same row.
	st.installed(st.maria)
	if rows = st.store.all(); len(rows) != 1 || rows[0].Revision != 2 {
		t.Errorf("%+v", rows)
	}
}

func TestTheStateIsForOneBrowserOnceAndForTenMinutes(t *testing.T) {
	st := newStage(t)
	refused := func(what string, g got) {
		t.Helper()
		sound(t, g)
		if g.StatusCode != http.StatusBadRequest || !strings.Contains(g.body, "can&#39;t be finished") || !strings.Contains(g.body, `href="`+st.server.URL+"/tandem"+InstallPath+`"`) {
			t.Errorf("%s: %d %s", what, g.StatusCode, g.body)
		}
		if n := len(st.Calls("oauth.v2.access")); n > 0 || len(st.store.all()) > 0 {
			t.Fatalf("%s: Slack was asked %d times, stored is %v", what, n, st.store.all())
		}
	}
	approved := func() string {
		t.Helper()
		back, err := st.maria.Approve(st.begin(st.browser))
		if err != nil {
			t.Fatal(err)
		}
		return back
	}
	refused("another's browser", st.get(st.newBrowser(), approved()))
	mallory := st.newBrowser()
	st.begin(mallory)
	refused("another's browser that began as well", st.get(mallory, approved()))
	refused("without a state", st.get(st.browser, strings.Replace(approved(), "state=", "stat=", 1)))
	refused("with a state more", st.get(st.browser, approved()+"&state=x"))
	refused("with a code more", st.get(st.browser, approved()+"&code=x"))
	refused("a long query", st.get(st.browser, approved()+"&x="+strings.Repeat("x", maxQuery)))
	refused("as begun at Slack", st.get(st.browser, st.server.URL+CallbackPath+"?code=code-1&state="))
	refused("a denial that nobody began", st.get(st.newBrowser(), st.server.URL+CallbackPath+"?error=access_denied"))
	late := approved()
	st.pass(10*time.Minute + 2*time.Second)
	refused("after ten minutes", st.get(st.browser, late))
	early := approved()
	st.pass(-2 * time.Minute)
	refused("before it was begun", st.get(st.browser, early))
	back := approved()
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	state := u.Query().Get("state")
	for i := range state {
		for _, c := range []string{"A", "_", "%00"} {
			if c == state[i:i+1] {
				continue
			}
			bad := state[:i] + c + state[i+1:]
			g := st.get(st.browser, strings.Replace(back, state, bad, 1))
			if g.StatusCode != http.StatusBadRequest {
				t.Fatalf("with letter %d of the state changed: %d", i, g.StatusCode)
			}
		}
	}
	// The last letter has two bits that say nothing, and must be as it was written.
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.Index(letters, state[len(state)-1:])
	for more := 1; more < 4; more++ {
		bad := state[:len(state)-1] + letters[last^more:last^more+1]
		refused("the same state in other letters", st.get(st.browser, strings.Replace(back, state, bad, 1)))
	}
	// None of that has spent it. Another process of Tandem takes it as well.
	st.pass(9*time.Minute + 50*time.Second)
	kept := st.inst
	st.inst = st.another()
	jar := st.browser.Jar.Cookies(u)
	g := st.get(st.browser, back)
	if g.StatusCode != http.StatusOK || len(st.store.all()) != 1 {
		t.Fatalf("%d %s", g.StatusCode, g.body)
	}
	if left := st.browser.Jar.Cookies(u); len(jar) != 1 || len(left) != 0 {
		t.Errorf("the cookie is left: %v, before %v", left, jar)
	}
	// A second time it is spent, also for a browser that kept the cookie.
	calls := len(st.Calls("oauth.v2.access"))
	st.browser.Jar.SetCookies(u, jar)
	if g = st.get(st.browser, back); g.StatusCode != http.StatusBadRequest || len(st.Calls("oauth.v2.access")) != calls {
		t.Errorf("a second time: %d", g.StatusCode)
	}
	// In another process Slack takes the code no more.
	st.inst = kept
	st.browser.Jar.SetCookies(u, jar)
	if g = st.get(st.browser, back); g.StatusCode != http.StatusBadRequest || !strings.Contains(g.body, "good once") || len(st.store.all()) != 1 {
		t.Errorf("elsewhere: %d %s", g.StatusCode, g.body)
	}
}

func TestSpentStatesAreForgottenInTime(t *testing.T) {
	s := &states{vault: vaultOf(t, keyOne), spent: map[[nonceSize]byte]time.Time{}}
	now := morning
	for range 3 * mostSpent {
		state, secret, err := s.begin(now)
		if err != nil || !s.check(state, secret, now) || s.check(state, secret, now) {
			t.Fatal("a state is not good once")
		}
		now = now.Add(time.Second)
		if len(s.spent) > mostSpent {
			t.Fatalf("%d are kept", len(s.spent))
		}
	}
	if len(s.spent) < int((stateTime+skew)/time.Second)-1 {
		t.Errorf("only %d are kept", len(s.spent))
	}
}

func TestTheCookieIsGuarded(t *testing.T) {
	st := newStage(t)
	g := st.get(st.browser, st.server.URL+InstallPath)
	sound(t, g)
	c := g.Cookies()
	if len(c) != 1 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || c[0].MaxAge != 600 || c[0].Path != "/" || c[0].Secure || c[0].Name != "tandem-slack-install" {
		t.Errorf("%+v", c)
	}
	if strings.Contains(g.Header.Get("Location"), c[0].Value) {
		t.Error("the browser's secret goes to Slack")
	}
	st.o.URL = "https://tandem.example"
	st.inst = st.another()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://elsewhere.example"+InstallPath+"?redirect_uri=https://evil.example", nil)
	r.Header.Set("X-Forwarded-Host", "evil.example")
	r.TLS = &tls.ConnectionState{}
	st.inst.ServeHTTP(w, r)
	c = w.Result().Cookies()
	if len(c) != 1 || !c[0].Secure || c[0].Name != "__Host-tandem-slack-install" || c[0].Path != "/" || c[0].Domain != "" {
		t.Errorf("by https: %+v", c)
	}
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || to.Host != "slack.com" || to.Query().Get("redirect_uri") != "https://tandem.example"+CallbackPath || strings.Contains(to.String(), "evil") || strings.Contains(to.String(), "elsewhere") {
		t.Errorf("it leads to %s", to)
	}
	// A second cookie of the same name, as another page of the machine could set.
	if secretOf(&http.Request{Header: http.Header{"Cookie": {"tandem-slack-install=a; tandem-slack-install=b"}}}, false) != "" {
		t.Error("of two secrets one is taken")
	}
}

func TestOtherMethodsAndPages(t *testing.T) {
	st := newStage(t)
	for _, path := range []string{InstallPath, CallbackPath} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "BREW"} {
			g := st.do(st.browser, method, st.server.URL+path)
			sound(t, g)
			if g.StatusCode != http.StatusMethodNotAllowed || g.Header.Get("Allow") != http.MethodGet {
				t.Errorf("%s %s: %d", method, path, g.StatusCode)
			}
		}
		if g := st.do(st.browser, http.MethodHead, st.server.URL+path); g.StatusCode != http.StatusMethodNotAllowed || len(g.Cookies()) > 0 {
			t.Errorf("HEAD %s: %d", path, g.StatusCode)
		}
	}
	g := st.get(st.browser, st.server.URL+"/slack/other")
	sound(t, g)
	if g.StatusCode != http.StatusNotFound {
		t.Errorf("another page: %d", g.StatusCode)
	}
	st.o.URL = ""
	st.inst = st.another()
	if g := st.get(st.browser, st.server.URL+InstallPath); g.StatusCode != http.StatusNotFound {
		t.Errorf("without an address: %d", g.StatusCode)
	}
}

// Slack's code is spent when it was exchanged, whether or not the browser still
// waits.
func TestABrowserThatLeavesEndsNoInstallation(t *testing.T) {
	st := newStage(t)
	back, err := st.maria.Approve(st.begin(st.browser))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, back, nil)
	for _, c := range st.browser.Jar.Cookies(u) {
		r.AddCookie(c)
	}
	st.inst.ServeHTTP(httptest.NewRecorder(), r)
	if len(st.store.all()) != 1 {
		t.Errorf("nothing was stored\n%s", st.log())
	}
}

func TestSomebodyDoesNotAgree(t *testing.T) {
	st := newStage(t)
	back, err := st.maria.Deny(st.begin(st.browser))
	if err != nil {
		t.Fatal(err)
	}
	g := st.get(st.browser, back)
	sound(t, g)
	if g.StatusCode != http.StatusOK || !strings.Contains(g.body, "Tandem was not installed") || !strings.Contains(g.body, "nothing was changed") {
		t.Errorf("%d %s", g.StatusCode, g.body)
	}
	state := func() string {
		u, err := url.Parse(st.begin(st.browser))
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("state")
	}
	for _, more := range []string{"&error=<script>alert(1)</script>", "&error=invalid_scope", "&error=x&code=y", ""} {
		g := st.get(st.browser, st.server.URL+CallbackPath+"?state="+state()+more)
		sound(t, g)
		if g.StatusCode != http.StatusBadRequest || strings.Contains(g.body, "script") || strings.Contains(g.body, "invalid_scope") {
			t.Errorf("%q: %d %s", more, g.StatusCode, g.body)
		}
	}
	if len(st.Calls("")) > 0 || len(st.store.all()) > 0 || strings.Contains(st.log(), "script") || !strings.Contains(st.log(), "invalid_scope") {
		t.Errorf("calls %v, log %s", st.Calls(""), st.log())
	}
}

func TestWhatGoesWrongAtTheExchange(t *testing.T) {
	for name, c := range map[string]struct {
		trouble func(st *stage)
		status  int
		says    string
		logs    string
	}{
		"the secret is wrong": {func(st *stage) { st.Configure(func(a *slacktest.App) { a.ClientSecret = "another" }) }, 500, "Tell whoever runs Tandem", "bad_client_secret"},
		"Slack is down":       {func(st *stage) { st.Fail("oauth.v2.access", slacktest.Broken) }, 502, "Try again in a minute", "could not be asked"},
		"Slack asks to wait":  {func(st *stage) { st.Fail("oauth.v2.access", slacktest.TooMany) }, 502, "Try again in a minute", "could not be asked"},
		"the answer is lost":  {func(st *stage) { st.Fail("oauth.v2.access", slacktest.Lost) }, 502, "Try again in a minute", "could not be asked"},
		"the store is locked": {func(st *stage) { st.store.fail("keep", 9) }, 500, "could not keep", "could not be stored"},
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t)
			c.trouble(st)
			g := st.install(st.maria)
			sound(t, g)
			if g.StatusCode != c.status || !strings.Contains(g.body, c.says) || !strings.Contains(st.log(), c.logs) || len(st.store.all()) > 0 {
				t.Errorf("%d %s\n%s", g.StatusCode, g.body, st.log())
			}
			if len(st.Calls("auth.revoke")) > 0 {
				t.Error("a token was revoked that an earlier installation may have")
			}
		})
	}
}

// answer lets a Slack of the test's own answer the exchange.
func answer(st *stage, body string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}))
	st.t.Cleanup(server.Close)
	st.o.API = server.URL + "/"
	st.inst = st.another()
}

func TestAnswersThatAreNoInstallation(t *testing.T) {
	for name, body := range map[string]string{
		"no token":                `{"ok":true,"token_type":"bot","bot_user_id":"U1","team":{"id":"T1"}}`,
		"a user's token":          `{"ok":true,"access_token":"xoxp-1","token_type":"user","bot_user_id":"U1","team":{"id":"T1"}}`,
		"no bot":                  `{"ok":true,"access_token":"xoxb-1","token_type":"bot","team":{"id":"T1"}}`,
		"no workspace":            `{"ok":true,"access_token":"xoxb-1","token_type":"bot","bot_user_id":"U1","team":null}`,
		"no workspace, organised": `{"ok":true,"access_token":"xoxb-1","token_type":"bot","bot_user_id":"U1","team":null,"enterprise":{"id":"E1"}}`,
		"no organisation":         `{"ok":true,"access_token":"xoxb-1","token_type":"bot","bot_user_id":"U1","is_enterprise_install":true,"team":{"id":"T1"}}`,
		"no JSON":                 `<html>`,
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t)
			answer(st, body)
			g := st.install(st.maria)
			sound(t, g)
			if g.StatusCode != http.StatusBadGateway || len(st.store.all()) > 0 {
				t.Errorf("%d %s, stored %v", g.StatusCode, g.body, st.store.all())
			}
		})
	}
}

func TestAnOrganisationInstalls(t *testing.T) {
	st := newStage(t)
	answer(st, `{"ok":true,"access_token":"xoxb-org","token_type":"bot","scope":"chat:write","bot_user_id":"U0BOT","app_id":"A1","team":null,
		"enterprise":{"id":"E0HARBOR","name":"Harbor Group"},"is_enterprise_install":true,"authed_user":{"id":"U1"}}`)
	g := st.install(st.maria)
	if g.StatusCode != http.StatusOK || !strings.Contains(g.body, "installed in Harbor Group") || !strings.Contains(g.body, "Without app_mentions:read, commands") {
		t.Fatalf("%d %s", g.StatusCode, g.body)
	}
	// A second one, so that no answer is for being the only one.
	if err := st.inst.keep(t.Context(), installationOf("T9", ""), tokens{Access: "xoxb-9"}); err != nil {
		t.Fatal(err)
	}
	for _, of := range [][2]string{{"T5", "E0HARBOR"}, {"", "E0HARBOR"}, {"E0HARBOR", ""}} {
		i, err := st.inst.Installation(t.Context(), of[0], of[1])
		if err != nil || i.Token != "xoxb-org" || i.Team != "" || i.Enterprise != "E0HARBOR" || i.BotUser != "U0BOT" {
			t.Errorf("%q: %+v, %v", of, i, err)
		}
	}
	if i, err := st.inst.Installation(t.Context(), "T9", "E0HARBOR"); err != nil || i.Token != "xoxb-9" {
		t.Errorf("the workspace's own: %+v, %v", i, err)
	}
}

func TestWhoMayInstall(t *testing.T) {
	st := newStage(t, func(o *Options) { o.Allowed = []string{"T0HARBOR001"} })
	if !strings.Contains(st.begin(st.browser), "team=T0HARBOR001") || strings.Contains(st.log(), "anybody") {
		t.Error("the one workspace is not offered first")
	}
	st.installed(st.maria)
	g := st.install(st.devon)
	sound(t, g)
	if g.StatusCode != http.StatusForbidden || !strings.Contains(g.body, "may not be installed") || !strings.Contains(g.body, st.ridge.ID) || len(st.store.all()) != 1 {
		t.Fatalf("%d %s", g.StatusCode, g.body)
	}
	if calls := st.Calls("auth.revoke"); len(calls) != 1 || calls[0].Team != st.ridge.ID || calls[0].Error != "" {
		t.Errorf("%+v", calls)
	}
	st.Fail("auth.revoke", slacktest.Broken)
	g = st.install(st.devon)
	if g.StatusCode != http.StatusForbidden || !strings.Contains(g.body, "remove the app") || !strings.Contains(st.log(), "could not be revoked") || len(st.store.all()) != 1 {
		t.Errorf("%d %s", g.StatusCode, g.body)
	}

	organised := newStage(t, func(o *Options) { o.Allowed = []string{"E0GRID"} })
	answer(organised, `{"ok":true,"access_token":"xoxb-1","token_type":"bot","bot_user_id":"U1","team":{"id":"T1","name":"One"},"enterprise":{"id":"E0GRID"}}`)
	if g := organised.install(organised.maria); g.StatusCode != http.StatusOK || len(organised.store.all()) != 1 {
		t.Errorf("a workspace of an allowed organisation: %d %s", g.StatusCode, g.body)
	}
}

func TestWithoutRandomnessNobodyIsSentToSlack(t *testing.T) {
	st := newStage(t)
	v, err := NewVault(strings.NewReader(""), keyOne)
	if err != nil {
		t.Fatal(err)
	}
	st.o.Vault = v
	st.inst = st.another()
	g := st.get(st.browser, st.server.URL+InstallPath)
	sound(t, g)
	if g.StatusCode != http.StatusInternalServerError || len(g.Cookies()) > 0 {
		t.Errorf("%d", g.StatusCode)
	}
}

func TestOptionsThatAreNone(t *testing.T) {
	good := Options{Store: &memory{}, Vault: vaultOf(t, keyOne), ClientID: "1.2", ClientSecret: "s", URL: "https://tandem.example", Scopes: []string{"chat:write"}, Now: time.Now}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Options){
		"no store": func(o *Options) { o.Store = nil }, "no vault": func(o *Options) { o.Vault = nil }, "no clock": func(o *Options) { o.Now = nil },
		"no id": func(o *Options) { o.ClientID = "" }, "no secret": func(o *Options) { o.ClientSecret = "" }, "no scopes": func(o *Options) { o.Scopes = nil },
		"no workspace": func(o *Options) { o.Allowed = []string{"harbor"} }, "an empty workspace": func(o *Options) { o.Allowed = []string{""} },
		"no address": func(o *Options) { o.URL = "tandem.example" }, "in the clear": func(o *Options) { o.URL = "http://tandem.example" },
		"a query": func(o *Options) { o.URL = "https://tandem.example/?a=b" }, "a password": func(o *Options) { o.URL = "https://a:b@tandem.example" },
		"a wrong scheme": func(o *Options) { o.URL = "javascript://tandem.example" },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, own := range []string{"http://localhost:8737", "http://127.0.0.1:8737/", "http://[::1]:1"} {
		o := good
		o.URL = own
		if _, err := New(o); err != nil {
			t.Errorf("%s: %v", own, err)
		}
	}
}

// nobody is a Slack that must not be asked.
type nobody struct{ t *testing.T }

func (n nobody) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("Slack was asked: %s", r.URL)
	return nil, errors.New("unreachable")
}

// FuzzCallback comes back from Slack with anything in the address and the
// cookie: nothing is asked of Slack, shown or stored, and nobody is sent on.
func FuzzCallback(f *testing.F) {
	vault := vaultOf(f, keyOne)
	s := &states{vault: vault}
	state, secret, err := s.begin(morning)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("code=abc&state="+state, "other")
	f.Add("code=abc&state="+state[:20], secret)
	f.Add("error=access_denied&state=", "")
	f.Add("state=%zz&code=<script>", secret)
	f.Add("state="+state+"&state="+state+"&code=a", secret)
	f.Fuzz(func(t *testing.T, query, cookieText string) {
		m := &memory{}
		var log bytes.Buffer
		inst, err := New(Options{
			Store: m, Vault: vault, ClientID: "1.2", ClientSecret: "s", URL: "http://localhost", Scopes: []string{"chat:write"},
			Now: func() time.Time { return morning }, HTTP: &http.Client{Transport: nobody{t}}, Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, CallbackPath, nil)
		r.URL.RawQuery = query
		r.Header.Set("Cookie", "tandem-slack-install="+cookieText)
		if q, ok := single(query); ok && q["state"] == state && secretOf(r, false) == secret {
			t.Skip("that is the one who began")
		}
		w := httptest.NewRecorder()
		inst.ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" || len(m.rows) > 0 {
			t.Errorf("%d, to %q", w.Code, w.Header().Get("Location"))
		}
		if strings.Contains(w.Body.String(), "<script") || log.String() != "" && strings.Contains(log.String(), "script") {
			t.Error("what was brought is shown or logged")
		}
	})
}

// installationOf is one as the store has it, without its tokens.
func installationOf(team, enterprise string) store.SlackInstallation {
	return store.SlackInstallation{Team: team, Enterprise: enterprise, Name: "Some " + team, BotUser: "U0BOT" + team}
}
