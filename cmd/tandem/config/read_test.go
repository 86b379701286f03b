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
9:1: error: unknown key "slack"; there are store, listen, catch_up, drain, log, web, health
12:23: error: health.metrics_token and health.metrics_token_file say the same secret; keep one of them
13:11: error: catch_up is a length of time; write it like 4h, 90m or 10s; a week at most`,
		},
		"nothing on":      {"log: {level: info}", "1:1: error: no chat is on, so nobody could be reached; turn web.chat on"},
		"empty":           {"", "1:1: error: no chat is on, so nobody could be reached; turn web.chat on"},
		"no group":        {"- a", "1:1: error: a configuration is a group of keys; write each on a line of its own, as key: value"},
		"two documents":   {"listen: a:1\n---\nlisten: b:1", "3:7: error: a second document starts here; keep one configuration in a file"},
		"open by listen":  {"web: {chat: yes}\nlisten: 0.0.0.0:80", "2:1: error: listen is open to the network, and whoever reaches the web chat can speak as anybody; say web.open_to_network: yes if that is meant, or listen on 127.0.0.1"},
		"open by a host":  {"web: {chat: yes, hosts: [a.example]}", "1:18: error: web.hosts lets others reach the web chat, and whoever does can speak as anybody; say web.open_to_network: yes if that is meant, or leave web.hosts out"},
		"health open":     {"web: {chat: yes}\nhealth: {listen: ':9000'}", "2:10: error: health.listen is open to the network; say health.open_to_network: yes if that is meant, or listen on 127.0.0.1"},
		"one address":     {"web: {chat: yes}\nhealth: {listen: '127.0.0.1:8737'}", "2:10: error: health.listen and listen are the same address; give each its own port"},
		"no such file":    {"web: {chat: yes}\nhealth: {metrics_token_file: gone}", "2:30: error: health.metrics_token_file gives no secret: open /etc/tandem/gone: file does not exist"},
		"no such env":     {"web: {chat: yes}\nhealth: {metrics_token_env: GONE}", `2:29: error: health.metrics_token_env gives no secret: the environment has no "GONE"`},
		"empty secret":    {"web: {chat: yes}\nhealth: {metrics_token: ''}", "2:25: error: health.metrics_token gives no secret: it is empty"},
		"a list for text": {"web: {chat: yes}\nstore: [a]", "2:8: error: store is one text; write it behind the colon"},
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
