package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/cmd/tandem/config"
)

// readmeConfig is the README's configuration.
func readmeConfig(t *testing.T) string {
	t.Helper()
	_, rest, found := strings.Cut(readme(t), "```yaml\n# tandem.yaml\n")
	text, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the README has no configuration")
	}
	return text
}

// The configuration in the README is one that serve takes, and has every key.
func TestReadmeConfiguration(t *testing.T) {
	read := func(text string) error {
		_, err := config.Read("tandem.yaml", []byte(text), config.Options{
			Getenv: func(string) string { return "x" }, ReadFile: os.ReadFile,
		})
		return err
	}
	text := readmeConfig(t)
	if err := read(text); err != nil {
		t.Error(err)
	}
	// What stands there as a comment can be used as it stands, where the chat is open.
	all := strings.ReplaceAll(strings.ReplaceAll(text, "# hosts:", "hosts:"), "open_to_network: no", "open_to_network: yes")
	if err := read(all); err != nil {
		t.Error(err)
	}
	var hints strings.Builder
	for _, wrong := range []string{"xxxxxxxx: 1", "log: {xxxxxxxx: 1}", "web: {xxxxxxxx: 1}", "slack: {xxxxxxxx: 1}", "teams: {xxxxxxxx: 1}", "health: {xxxxxxxx: 1}"} {
		hints.WriteString(read(wrong).Error() + "\n")
	}
	for _, list := range regexp.MustCompile(`there are ([a-z_, ]+)\n`).FindAllStringSubmatch(hints.String(), -1) {
		for _, key := range strings.Split(list[1], ", ") {
			told := false
			for _, as := range []string{key + ":", key + "_env:", key + "_file:", "`" + key, "." + key + "`"} {
				told = told || strings.Contains(readme(t), as)
			}
			if !told {
				t.Errorf("the README does not tell of the key %s", key)
			}
		}
	}
}

// Every section of a platform, in the README and on the pages of the apps, is one
// that serve takes.
func TestReadmePlatforms(t *testing.T) {
	secrets := map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_SECRET": "s",
		"TANDEM_SLACK_KEY": "k", "TANDEM_SLACK_OLD_KEY": "k", "TEAMS_SECRET": "s",
	}
	n := 0
	for _, page := range []string{"../../README.md", "../../manifests/slack/README.md", "../../manifests/teams/README.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			section := regexp.MustCompile(`(?m)^   `).ReplaceAllString(block[1], "")
			if !regexp.MustCompile(`(?m)^(slack|teams):`).MatchString(section) {
				continue
			}
			n++
			for _, also := range []string{section, strings.NewReplacer("# old_key_env", "old_key_env", "# tenants", "tenants").Replace(section)} {
				_, err := config.Read("tandem.yaml", []byte(also), config.Options{Getenv: func(name string) string { return secrets[name] }, ReadFile: os.ReadFile})
				if err != nil {
					t.Errorf("%s: %v\n%s", page, err, also)
				}
			}
		}
	}
	if n < 7 {
		t.Errorf("only %d sections were found", n)
	}
}

// Every metric of Tandem's own stands in the README, and no other.
func TestReadmeListsTheMetrics(t *testing.T) {
	source, err := os.ReadFile("watch/metrics.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, found := range regexp.MustCompile(`"(tandem_[a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
		names[found[1]] = true
		if !strings.Contains(readme(t), "`"+found[1]+"`") {
			t.Errorf("the README lacks the metric %s", found[1])
		}
	}
	for _, found := range regexp.MustCompile("`(tandem_[a-z_]+)").FindAllStringSubmatch(readme(t), -1) {
		if !names[found[1]] {
			t.Errorf("there is no metric %s", found[1])
		}
	}
	if len(names) < 15 {
		t.Errorf("only %d metrics were found", len(names))
	}
}
