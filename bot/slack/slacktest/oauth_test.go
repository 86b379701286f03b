package slacktest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// approve goes through the authorize page and returns the code.
func (st *stage) approve(p *Person) string {
	st.t.Helper()
	back, err := p.Approve("https://slack.com/oauth/v2/authorize?client_id=" + st.App().ClientID + "&scope=chat:write&state=abc")
	if err != nil {
		st.t.Fatal(err)
	}
	u, err := url.Parse(back)
	if err != nil {
		st.t.Fatal(err)
	}
	return u.Query().Get("code")
}

// access asks for tokens with a form, as the SDK does.
func (st *stage) access(form url.Values, basic ...string) obj {
	st.t.Helper()
	req, err := http.NewRequestWithContext(st.t.Context(), http.MethodPost, st.APIURL()+"oauth.v2.access", strings.NewReader(form.Encode()))
	if err != nil {
		st.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if len(basic) == 2 {
		req.SetBasicAuth(basic[0], basic[1])
	}
	_, o := st.do(req)
	return o
}

func TestWhoAsksForTokens(t *testing.T) {
	st := newStage(t)
	app := st.App()
	code := st.approve(st.devon)
	for want, form := range map[string]url.Values{
		"invalid_client_id":     {"client_id": {"1.2"}, "client_secret": {app.ClientSecret}, "code": {code}},
		"bad_client_secret":     {"client_id": {app.ClientID}, "client_secret": {"guess"}, "code": {code}},
		"invalid_code":          {"client_id": {app.ClientID}, "client_secret": {app.ClientSecret}, "code": {"code-of-nobody"}},
		"bad_redirect_uri":      {"client_id": {app.ClientID}, "client_secret": {app.ClientSecret}, "code": {code}, "redirect_uri": {"https://evil.example"}},
		"invalid_grant_type":    {"client_id": {app.ClientID}, "client_secret": {app.ClientSecret}, "code": {code}, "grant_type": {"password"}},
		"invalid_refresh_token": {"client_id": {app.ClientID}, "client_secret": {app.ClientSecret}, "grant_type": {"refresh_token"}},
	} {
		if o := st.access(form); o["error"] != want {
			t.Errorf("%v, want %s", o, want)
		}
	}
	if o := st.access(url.Values{"code": {code}}, app.ClientID, "guess"); o["error"] != "bad_client_secret" {
		t.Errorf("basic authentication with a guess: %v", o)
	}
	if o := st.access(url.Values{"code": {code}}, app.ClientID, app.ClientSecret); o["ok"] != true || o["token_type"] != "bot" || o["bot_user_id"] == "" {
		t.Errorf("basic authentication: %v", o)
	}
	late := st.approve(st.devon)
	st.pass(10*time.Minute + time.Second)
	if o := st.access(url.Values{"code": {late}}, app.ClientID, app.ClientSecret); o["error"] != "invalid_code" {
		t.Errorf("a late code: %v", o)
	}
}

func TestRevokedAndRemovedTokensAreNotRenewed(t *testing.T) {
	for name, end := range map[string]func(st *stage, token string){
		"auth.revoke": func(st *stage, token string) {
			if _, o := st.as(token, "auth.revoke", obj{}); o["revoked"] != true {
				st.t.Errorf("%v", o)
			}
		},
		"uninstalled": func(st *stage, _ string) { st.away.install.Uninstall(st.t.Context()) },
	} {
		st := newStage(t)
		st.Configure(func(a *App) { a.Rotation = true })
		app := st.App()
		o := st.access(url.Values{"code": {st.approve(st.devon)}}, app.ClientID, app.ClientSecret)
		token := str(o, "access_token")
		end(st, token)
		if _, o := st.as(token, "auth.test", obj{}); o["ok"] == true {
			t.Errorf("%s: the token works", name)
		}
		o = st.access(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {str(o, "refresh_token")}}, app.ClientID, app.ClientSecret)
		if o["error"] != "invalid_refresh_token" {
			t.Errorf("%s: it is renewed: %v", name, o)
		}
	}
}

func TestTheOldTokenLivesBesideTheNewOne(t *testing.T) {
	st := newStage(t)
	st.Configure(func(a *App) { a.Rotation = true })
	app := st.App()
	old := st.access(url.Values{"code": {st.approve(st.devon)}}, app.ClientID, app.ClientSecret)
	st.pass(11 * time.Hour)
	renewed := st.access(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {str(old, "refresh_token")}}, app.ClientID, app.ClientSecret)
	for _, o := range []obj{old, renewed} {
		if _, o := st.as(str(o, "access_token"), "auth.test", obj{}); o["ok"] != true {
			t.Errorf("%v", o)
		}
	}
	st.pass(2 * time.Hour)
	if _, o := st.as(str(old, "access_token"), "auth.test", obj{}); o["error"] != "token_expired" {
		t.Errorf("after its time the old one: %v", o)
	}
}

func TestSomebodyDoesNotAgree(t *testing.T) {
	st := newStage(t)
	back, err := st.devon.Deny("https://slack.com/oauth/v2/authorize?client_id=" + st.App().ClientID + "&scope=chat:write&state=abc")
	if err != nil || back != "https://tandem.example/slack/oauth?error=access_denied&state=abc" {
		t.Errorf("%s, %v", back, err)
	}
	if len(st.codes) != 0 {
		t.Error("a code is left")
	}
	for _, bad := range []string{"https://slack.com/other", "https://slack.com/oauth/v2/authorize?client_id=x&scope=a", "https://slack.com/oauth/v2/authorize?client_id=" + st.App().ClientID, "%zz"} {
		if back, err := st.devon.Deny(bad); err == nil {
			t.Errorf("%s leads to %s", bad, back)
		}
	}
}
