package config

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// slack reads the section of Slack. That it is there turns Slack on.
func (r *reader) slack(path string, n ast.Node) {
	s := &r.c.Slack
	s.On = true
	o := &s.OAuth
	keys := []key{
		{"receive", r.choice([]string{"http", "socket"}, func(way string) { s.Socket = way == "socket" })},
		{"api", r.api(&s.API)},
		{"client_id", r.word(&o.ClientID)},
		{"url", r.public(&o.URL)},
		{"teams", r.words(&o.Teams, "the ids of workspaces and organisations", "like T0123ABCD or E0123ABCD")},
	}
	for _, secret := range []struct {
		name string
		to   *Secret
	}{
		{"bot_token", &s.BotToken},
		{"app_token", &s.AppToken},
		{"signing_secret", &s.SigningSecret},
		{"client_secret", &o.ClientSecret},
		{"key", &o.Key},
		{"old_key", &o.OldKey},
	} {
		keys = append(keys, r.secret(secret.name, secret.to)...)
	}
	r.section(path, n, keys)
}

// teams reads the section of Teams. That it is there turns Teams on.
func (r *reader) teams(path string, n ast.Node) {
	t := &r.c.Teams
	t.On = true
	keys := []key{
		{"app_id", r.word(&t.AppID)},
		{"tenant", r.word(&t.Tenant)},
		{"tenants", r.words(&t.Tenants, "the ids of other tenants", "as Entra shows them")},
		{"emulator", r.emulator(&t.Emulator)},
		{"no_tokens", r.flag(&t.NoTokens)},
	}
	keys = append(keys, r.secret("secret", &t.Secret)...)
	r.section(path, n, append(keys, r.secret("certificate", &t.Certificate)...))
}

func (r *reader) slackTogether(s *Slack) {
	o := &s.OAuth
	switch {
	case s.BotToken != "" && o.ClientID != "":
		r.wrongAt("slack.client_id", "slack.bot_token is for one workspace, and slack.client_id for those that install Tandem themselves", "keep one of them")
	case s.BotToken == "" && o.ClientID == "":
		r.wrongAt("slack", "slack has no bot token", "write slack.bot_token_env: NAME and have the token (xoxb-…) in that variable, or slack.client_id for an installation by OAuth")
	case s.BotToken != "" && !strings.HasPrefix(s.BotToken.Reveal(), "xoxb-") && !strings.HasPrefix(s.BotToken.Reveal(), "xoxe.xoxb-"):
		r.wrongAt("slack", "slack.bot_token is no bot token", "it begins with xoxb-; it stands on the app's page OAuth & Permissions")
	}
	if o.ClientID != "" {
		const from = "the README says where it comes from"
		r.needs("slack.client_id", o.ClientSecret == "", "slack.client_id needs slack.client_secret, too", from)
		r.needs("slack.client_id", o.Key == "", "slack.client_id needs slack.key, too", from)
		r.needs("slack.client_id", o.URL == "", "slack.client_id needs slack.url, too", from)
		// Whoever installs Tandem says which of their people has which e-mail address.
		r.needs("slack.client_id", len(o.Teams) == 0, "slack.client_id needs slack.teams, too",
			"name the workspaces and organisations that may install Tandem: teams: [T0123ABCD]")
	}
	switch {
	case s.Socket && s.AppToken == "":
		r.wrongAt("slack.receive", "Socket Mode needs slack.app_token", "it begins with xapp-; it stands on the app's page Basic Information, App-Level Tokens")
	case s.Socket && !strings.HasPrefix(s.AppToken.Reveal(), "xapp-"):
		r.wrongAt("slack.receive", "slack.app_token is no app-level token", "it begins with xapp-")
	case !s.Socket && s.SigningSecret == "":
		r.wrongAt("slack", "receiving by HTTP needs slack.signing_secret", "it stands on the app's page Basic Information; or say slack.receive: socket")
	}
}

func (r *reader) teamsTogether(t *Teams) {
	const from = "the page of the app's registration in Entra shows it"
	r.needs("teams", t.AppID == "", "teams needs teams.app_id", from)
	r.needs("teams", t.Tenant == "", "teams needs teams.tenant", from)
	// A domain name signs in as well, but what comes in names the tenant by its id.
	for _, id := range []struct {
		key  string
		text *string
	}{{"app_id", &t.AppID}, {"tenant", &t.Tenant}} {
		if t.Emulator == "" && *id.text != "" && !asTeams(id.text) {
			r.wrongAt("teams."+id.key, "teams."+id.key+" is an id like 11111111-2222-4333-8444-555555555555", from)
		}
	}
	for i := range t.Tenants {
		if t.Emulator == "" && !asTeams(&t.Tenants[i]) {
			r.wrongAt("teams.tenants", "teams.tenants holds ids like 11111111-2222-4333-8444-555555555555", "Entra shows a tenant's on its page Overview")
			break
		}
	}
	switch {
	case t.Secret != "" && t.Certificate != "":
		r.wrongAt("teams", "teams.secret and teams.certificate are two ways to sign in", "keep one of them")
	case t.Secret == "" && t.Certificate == "" && !t.NoTokens:
		r.wrongAt("teams", "teams has nothing to sign in with", "write teams.secret_env: NAME and have the client secret in that variable, or teams.certificate_file: PATH")
	}
	if t.NoTokens && t.Emulator == "" {
		r.wrongAt("teams.no_tokens", "without tokens Tandem talks to a stand-in on this machine only", "write its address, like teams.emulator: http://127.0.0.1:56150")
	}
	if t.NoTokens && !Loopback(r.c.Listen) {
		r.wrongAt("teams.no_tokens", "without tokens whoever reaches Tandem could speak as anybody", "listen on 127.0.0.1")
	}
}

func (r *reader) needs(path string, missing bool, message, hint string) {
	if missing {
		r.wrongAt(path, message, hint)
	}
}

// one is a word of letters, digits and what stands in ids.
var one = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

var guid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// asTeams writes an id as Teams does, small, and reports whether it is one.
func asTeams(id *string) bool {
	if !guid.MatchString(*id) {
		return false
	}
	*id = strings.ToLower(*id)
	return true
}

func (r *reader) word(to *string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		switch {
		case !ok:
		case !one.MatchString(text):
			r.wrong(n, path+" is an id", "copy it as it is shown, without spaces")
		default:
			*to = text
		}
	}
}

func (r *reader) words(to *[]string, what, like string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		r.each(path, n, func(v ast.Node, text string) {
			if !one.MatchString(text) {
				r.wrong(v, path+" holds "+what, like)
				return
			}
			*to = append(*to, text)
		})
	}
}

func (r *reader) choice(of []string, take func(string)) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		if !ok {
			return
		}
		for _, one := range of {
			if text == one {
				take(text)
				return
			}
		}
		r.wrong(n, path+" is "+strings.Join(of, " or "), "")
	}
}

// api reads where a Web API is, with a slash at its end.
func (r *reader) api(to *string) func(string, ast.Node) {
	return r.secure(func(path string, n ast.Node, u *url.URL) {
		if u == nil {
			r.wrong(n, path+" is the address of a Web API", "it begins with https://, or with http:// on this machine, and is meant for a stand-in; leave it out for Slack's own")
			return
		}
		*to = strings.TrimSuffix(u.String(), "/") + "/"
	})
}

// public reads an address that others reach Tandem by, without a slash at its end.
func (r *reader) public(to *string) func(string, ast.Node) {
	return r.secure(func(path string, n ast.Node, u *url.URL) {
		if u == nil {
			r.wrong(n, path+" is Tandem's public address", "write it like https://tandem.example.com")
			return
		}
		*to = strings.TrimSuffix(u.String(), "/")
	})
}

// secure reads an address with TLS; one without has to be on this machine. What is
// neither is handed over as nil.
func (r *reader) secure(take func(path string, n ast.Node, u *url.URL)) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		if !ok {
			return
		}
		u, err := url.Parse(text)
		switch {
		case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil,
			u.Scheme != "https" && (u.Scheme != "http" || !Loopback(withPort(u))):
			u = nil
		}
		take(path, n, u)
	}
}

// emulator reads the address of a stand-in on this machine.
func (r *reader) emulator(to *string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		if !ok {
			return
		}
		u, err := url.Parse(text)
		if err != nil || u.Port() == "" || u.Scheme != "http" && u.Scheme != "https" || !Loopback(u.Host) {
			r.wrong(n, path+" is the address of a stand-in on this machine", "write it like http://127.0.0.1:56150")
			return
		}
		*to = strings.TrimSuffix(u.String(), "/")
	}
}

func withPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return u.Host + ":80"
}
