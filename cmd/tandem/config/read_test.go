package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/cmd/tandem/config"
)

func read(text string) (config.Config, error) {
	return config.Read("/etc/tandem/tandem.yaml", []byte(text), config.Options{
		Getenv: func(name string) string { return map[string]string{"TOKEN": "from-env"}[name] },
		ReadFile: func(path string) ([]byte, error) {
			if path == "/etc/tandem/token" {
				return []byte("from-file\n"), nil
			}
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		},
	})
}

func TestRead(t *testing.T) {
	c, err := read(`
store: data/tandem.db
listen: 0.0.0.0:80
catch_up: 90m
log: {level: debug, format: json}
web:
  chat: on
  open_to_network: yes
  hosts: [tandem.example.com]
health: {listen: "[::1]:9000", metrics_token_file: token}
`)
	if err != nil {
		t.Fatal(err)
	}
	if c.Store != "/etc/tandem/data/tandem.db" || c.Listen != "0.0.0.0:80" || c.CatchUp != 90*time.Minute || c.Log.Level != slog.LevelDebug || !c.Log.JSON ||
		!c.Web.Chat || !c.Web.OpenToNetwork || fmt.Sprint(c.Web.Hosts) != "[tandem.example.com]" || c.Health.Listen != "[::1]:9000" || c.Drain != 10*time.Second {
		t.Errorf("%+v", c)
	}
	if c.Health.MetricsToken.Reveal() != "from-file" {
		t.Error("the secret is not that of the file")
	}
	text, err := json.Marshal(c)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "token", c.Health.MetricsToken, "all", c)
	if printed := fmt.Sprintf("%v %+v %#v %s %s", c, c, c, text, log.String()); err != nil || strings.Contains(printed, "from-file") {
		t.Error("the secret was printed")
	}
	if c, err = read("web: {chat: yes}\nhealth: {listen: off, metrics_token_env: TOKEN}"); err != nil || c.Health.Listen != "" || c.Health.MetricsToken.Reveal() != "from-env" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestReadPlatforms(t *testing.T) {
	c, err := read(`
slack:
  receive: socket
  bot_token_env: TOKEN
  app_token: xapp-1
`)
	if err == nil || !strings.Contains(err.Error(), "no bot token") {
		t.Errorf("a token that is none: %v", err)
	}
	c, err = read(`
slack: {receive: socket, bot_token: xoxb-1, app_token: xapp-1, api: "http://127.0.0.1:9/api"}
teams: {app_id: a-1, tenant: b-2, secret_file: token, tenants: [c], emulator: "http://127.0.0.1:5/"}
web: {chat: yes}
`)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Slack; !got.On || !got.Socket || got.BotToken.Reveal() != "xoxb-1" || got.AppToken.Reveal() != "xapp-1" || got.API != "http://127.0.0.1:9/api/" {
		t.Errorf("%+v", got)
	}
	if got := c.Teams; !got.On || got.AppID != "a-1" || got.Tenant != "b-2" || got.Secret.Reveal() != "from-file" || fmt.Sprint(got.Tenants) != "[c]" || got.Emulator != "http://127.0.0.1:5" {
		t.Errorf("%+v", got)
	}
	if got := fmt.Sprint(c.Platforms()); got != "[slack teams web]" {
		t.Errorf("on are %s", got)
	}
	// Ids are written as Teams writes them, which is how what comes in is compared.
	c, err = read(`
teams: {app_id: 1111AAAA-2222-4333-8444-5555555555AB, tenant: 2222BBBB-2222-4333-8444-5555555555AB, tenants: [3333CCCC-2222-4333-8444-5555555555AB], secret: a}
`)
	if got := c.Teams; err != nil || got.AppID != "1111aaaa-2222-4333-8444-5555555555ab" || got.Tenant != "2222bbbb-2222-4333-8444-5555555555ab" ||
		fmt.Sprint(got.Tenants) != "[3333cccc-2222-4333-8444-5555555555ab]" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = read(`
teams: {app_id: 1111AAAA-2222-4333-8444-5555555555AB, tenant: 2222BBBB-2222-4333-8444-5555555555AB, tenants: [msp.example], secret: a}
`)
	if err == nil || !strings.Contains(err.Error(), "teams.tenants holds ids like") {
		t.Errorf("a domain name among the tenants: %v", err)
	}
	c, err = read(`
slack: {client_id: "1.2", client_secret: a, key: b, old_key: c, url: "https://tandem.example/", teams: [T1, E2], signing_secret: d}
`)
	if o := c.Slack.OAuth; err != nil || c.Slack.Socket || o.ClientID != "1.2" || o.ClientSecret.Reveal() != "a" || o.Key.Reveal() != "b" || o.OldKey.Reveal() != "c" ||
		o.URL != "https://tandem.example" || fmt.Sprint(o.Teams) != "[T1 E2]" {
		t.Errorf("%+v, %v", c.Slack, err)
	}
}

// Every error is told at once, with its line; none repeats what may be a secret.
func TestEveryError(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"many at once": {
			"stor: a\nlisten: 8737\nlog:\n  level: loud\n  fromat: json\nweb:\n  chat: perhaps\n  hosts: tandem\nslack: {token: x}\nhealth:\n  metrics_token: s3cret\n  metrics_token_file: s3cret\ncatch_up: soon",
			`1:1: error: unknown key "stor"; did you mean "store"?
2:9: error: listen is an address and a port; write it like 127.0.0.1:8737, or 0.0.0.0:8737 for every address of the machine
4:10: error: log.level is debug, info, warn or error
5:3: error: unknown key "log.fromat"; did you mean "format"?
7:9: error: web.chat is yes or no
8:10: error: web.hosts is a list; write [one, two]
9:9: error: unknown key "slack.token"; there are receive, api, client_id, url, teams, bot_token, app_token, signing_secret, client_secret, key, old_key
12:23: error: health.metrics_token and health.metrics_token_file say the same secret; keep one of them
13:11: error: catch_up is a length of time; write it like 4h, 90m or 10s; a week at most`,
		},
		"nothing on":            {"log: {level: info}", "1:1: error: no chat is on, so nobody could be reached; turn web.chat on, or write a slack or teams section"},
		"empty":                 {"", "1:1: error: no chat is on, so nobody could be reached; turn web.chat on, or write a slack or teams section"},
		"no token of Slack":     {"slack: {}", "1:1: error: slack has no bot token; write slack.bot_token_env: NAME and have the token (xoxb-…) in that variable, or slack.client_id for an installation by OAuth\n1:1: error: receiving by HTTP needs slack.signing_secret; it stands on the app's page Basic Information; or say slack.receive: socket"},
		"a user's token":        {"slack: {bot_token: xoxp-1, signing_secret: x}", "1:1: error: slack.bot_token is no bot token; it begins with xoxb-; it stands on the app's page OAuth & Permissions"},
		"no app token":          {"slack: {bot_token: xoxb-1, receive: socket}", "1:28: error: Socket Mode needs slack.app_token; it begins with xapp-; it stands on the app's page Basic Information, App-Level Tokens"},
		"no such way":           {"slack: {bot_token: xoxb-1, signing_secret: x, receive: mail}", "1:56: error: slack.receive is http or socket"},
		"half of OAuth":         {"slack: {client_id: '1.2', signing_secret: x}", "1:9: error: slack.client_id needs slack.client_secret, too; the README says where it comes from\n1:9: error: slack.client_id needs slack.key, too; the README says where it comes from\n1:9: error: slack.client_id needs slack.url, too; the README says where it comes from\n1:9: error: slack.client_id needs slack.teams, too; name the workspaces and organisations that may install Tandem: teams: [T0123ABCD]"},
		"both installations":    {"slack: {client_id: '1.2', client_secret: a, key: b, url: 'https://t.example', teams: [T1], bot_token: xoxb-1, signing_secret: x}", "1:9: error: slack.bot_token is for one workspace, and slack.client_id for those that install Tandem themselves; keep one of them"},
		"an API in the clear":   {"slack: {bot_token: xoxb-1, signing_secret: x, api: 'http://slack.example/api'}", "1:52: error: slack.api is the address of a Web API; it begins with https://, or with http:// on this machine, and is meant for a stand-in; leave it out for Slack's own"},
		"nothing of Teams":      {"teams: {}", "1:1: error: teams needs teams.app_id; the page of the app's registration in Entra shows it\n1:1: error: teams needs teams.tenant; the page of the app's registration in Entra shows it\n1:1: error: teams has nothing to sign in with; write teams.secret_env: NAME and have the client secret in that variable, or teams.certificate_file: PATH"},
		"a domain for an id":    {"teams: {app_id: tandem, tenant: contoso.onmicrosoft.com, secret: x}", "1:9: error: teams.app_id is an id like 11111111-2222-4333-8444-555555555555; the page of the app's registration in Entra shows it\n1:25: error: teams.tenant is an id like 11111111-2222-4333-8444-555555555555; the page of the app's registration in Entra shows it"},
		"Teams for nobody":      {"teams: {app_id: 11111111-2222-4333-8444-555555555555, tenant: 11111111-2222-4333-8444-555555555555, no_tokens: yes}", "1:101: error: without tokens Tandem talks to a stand-in on this machine only; write its address, like teams.emulator: http://127.0.0.1:56150"},
		"Teams for all":         {"listen: 0.0.0.0:80\nteams: {app_id: a, tenant: b, no_tokens: yes, emulator: 'http://127.0.0.1:1'}", "2:31: error: without tokens whoever reaches Tandem could speak as anybody; listen on 127.0.0.1"},
		"an emulator elsewhere": {"teams: {app_id: a, tenant: b, secret: x, emulator: 'http://10.0.0.1:80'}", "1:52: error: teams.emulator is the address of a stand-in on this machine; write it like http://127.0.0.1:56150"},
		"two ways in":           {"teams: {app_id: 11111111-2222-4333-8444-555555555555, tenant: 11111111-2222-4333-8444-555555555555, secret: x, certificate: y}", "1:1: error: teams.secret and teams.certificate are two ways to sign in; keep one of them"},
		"an id in two words":    {"teams: {app_id: a b, tenant: b, secret: x, tenants: [c, 'd e']}", "1:17: error: teams.app_id is an id; copy it as it is shown, without spaces\n1:57: error: teams.tenants holds the ids of other tenants; as Entra shows them"},
		"no group":              {"- a", "1:1: error: a configuration is a group of keys; write each on a line of its own, as key: value"},
		"two documents":         {"listen: a:1\n---\nlisten: b:1", "3:7: error: a second document starts here; keep one configuration in a file"},
		"open by listen":        {"web: {chat: yes}\nlisten: 0.0.0.0:80", "2:1: error: listen is open to the network, and whoever reaches the web chat can speak as anybody; say web.open_to_network: yes if that is meant, or listen on 127.0.0.1"},
		"open by a host":        {"web: {chat: yes, hosts: [a.example]}", "1:18: error: web.hosts lets others reach the web chat, and whoever does can speak as anybody; say web.open_to_network: yes if that is meant, or leave web.hosts out"},
		"health open":           {"web: {chat: yes}\nhealth: {listen: ':9000'}", "2:10: error: health.listen is open to the network; say health.open_to_network: yes if that is meant, or listen on 127.0.0.1"},
		"one address":           {"web: {chat: yes}\nhealth: {listen: '127.0.0.1:8737'}", "2:10: error: health.listen and listen are the same address; give each its own port"},
		"no such file":          {"web: {chat: yes}\nhealth: {metrics_token_file: gone}", "2:30: error: health.metrics_token_file gives no secret: open /etc/tandem/gone: file does not exist"},
		"no such env":           {"web: {chat: yes}\nhealth: {metrics_token_env: GONE}", `2:29: error: health.metrics_token_env gives no secret: the environment has no "GONE"`},
		"empty secret":          {"web: {chat: yes}\nhealth: {metrics_token: ''}", "2:25: error: health.metrics_token gives no secret: it is empty"},
		"a list for text":       {"web: {chat: yes}\nstore: [a]", "2:8: error: store is one text; write it behind the colon"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(tt.text)
			var all *config.InvalidError
			if !errors.As(err, &all) {
				t.Fatalf("got %v", err)
			}
			if got := strings.ReplaceAll(err.Error(), "/etc/tandem/tandem.yaml:", ""); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Error("a secret was told")
			}
		})
	}
	for _, broken := range []string{"web: {chat: yes", "a: b: c", "\tx", "web:\n  chat: yes\n  chat: no", "&a [*a]", "? x", "!!binary x"} {
		if _, err := read(broken); err == nil {
			t.Errorf("%q was taken", broken)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("web: {chat: yes}\nlog: {level: info}")
	f.Add("health:\n  metrics_token: |\n    x\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := read(text)
		var all *config.InvalidError
		if err != nil && !errors.As(err, &all) {
			t.Errorf("%v", err)
		}
	})
}
