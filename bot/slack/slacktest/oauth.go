package slacktest

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// grant is a code that an approved installation hands on.
type grant struct {
	person   *Person
	scopes   []string
	redirect string
	at       time.Time
	used     bool
}

// Approve is somebody who follows an authorize URL and agrees. It returns where
// their browser is sent. Nothing is installed before the code is exchanged.
func (p *Person) Approve(authorize string) (redirect string, err error) {
	u, err := url.Parse(authorize)
	if err != nil {
		return "", err
	}
	q := u.Query()
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case u.Path != "/oauth/v2/authorize":
		return "", fmt.Errorf("%q is no page of Slack", u.Path)
	case q.Get("client_id") != s.app.ClientID:
		return "", fmt.Errorf("invalid_client_id: %q", q.Get("client_id"))
	case q.Get("scope") == "":
		return "", errors.New("invalid_scope: none is asked for")
	}
	to, ok := s.app.redirect(q.Get("redirect_uri"))
	if !ok {
		return "", fmt.Errorf("bad_redirect_uri: %q", q.Get("redirect_uri"))
	}
	back, err := url.Parse(to)
	if err != nil {
		return "", err
	}
	code := s.id("code-")
	s.codes[code] = &grant{person: p, scopes: strings.Split(q.Get("scope"), ","), redirect: q.Get("redirect_uri"), at: s.o.Now()}
	values := back.Query()
	values.Set("code", code)
	values.Set("state", q.Get("state"))
	back.RawQuery = values.Encode()
	return back.String(), nil
}

// Deny is somebody who follows an authorize URL and doesn't agree. It returns
// where their browser is sent.
func (p *Person) Deny(authorize string) (redirect string, err error) {
	agreed, err := p.Approve(authorize)
	if err != nil {
		return "", err
	}
	back, err := url.Parse(agreed)
	if err != nil {
		return "", err
	}
	values := back.Query()
	p.s.mu.Lock()
	delete(p.s.codes, values.Get("code"))
	p.s.mu.Unlock()
	values.Del("code")
	values.Set("error", "access_denied")
	back.RawQuery = values.Encode()
	return back.String(), nil
}

// redirect says where an installation leads: to an address under one of the
// app's, or, unless it says, to the first.
func (a *App) redirect(asked string) (string, bool) {
	if len(a.Redirects) == 0 {
		return "", false
	}
	if asked == "" {
		return a.Redirects[0], true
	}
	return asked, slices.ContainsFunc(a.Redirects, func(r string) bool { return strings.HasPrefix(asked, r) })
}

func (c *call) oauthAccess() (obj, *refusal) {
	if c.args.str("client_id") != c.app.ClientID {
		return nil, no("invalid_client_id")
	}
	if c.args.str("client_secret") != c.app.ClientSecret {
		return nil, no("bad_client_secret")
	}
	switch c.args.str("grant_type") {
	case "", "authorization_code":
		return c.exchange()
	case "refresh_token":
		return c.rotate()
	}
	return nil, no("invalid_grant_type")
}

// exchange makes an installation of a code, which is good once and for ten minutes.
func (c *call) exchange() (obj, *refusal) {
	g := c.codes[c.args.str("code")]
	switch {
	case g == nil:
		return nil, no("invalid_code")
	case g.used:
		return nil, no("code_already_used")
	case c.o.Now().Sub(g.at) > 10*time.Minute:
		return nil, no("invalid_code")
	case c.args.str("redirect_uri") != g.redirect:
		return nil, no("bad_redirect_uri")
	}
	g.used = true
	in := g.person.ws.put(g.scopes)
	answer := c.granted(in, in.token)
	answer["authed_user"] = obj{"id": g.person.ID}
	return answer, nil
}

// rotate makes a new token of a refresh token, which is good once.
func (c *call) rotate() (obj, *refusal) {
	old := c.refresh[c.args.str("refresh_token")]
	if old == nil || old.refresh == "" || old.revoked != "" && old.revoked != "token_expired" {
		return nil, no("invalid_refresh_token")
	}
	delete(c.refresh, old.refresh)
	return c.granted(old.install, c.issue(old.install)), nil
}

func (c *call) granted(in *Install, t *token) obj {
	answer := obj{
		"app_id": in.AppID, "access_token": t.value, "token_type": "bot", "scope": strings.Join(t.scopes, ","),
		"bot_user_id": in.UserID, "team": obj{"id": in.Team, "name": in.ws.Name}, "enterprise": nil, "is_enterprise_install": false,
	}
	if t.refresh != "" {
		answer["refresh_token"], answer["expires_in"] = t.refresh, int(t.expires.Sub(c.o.Now()).Seconds())
	}
	return answer
}
