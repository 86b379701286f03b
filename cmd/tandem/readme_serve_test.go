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
	for _, wrong := range []string{"xxxxxxxx: 1", "log: {xxxxxxxx: 1}", "web: {xxxxxxxx: 1}", "health: {xxxxxxxx: 1}"} {
		hints.WriteString(read(wrong).Error() + "\n")
	}
	for _, list := range regexp.MustCompile(`there are ([a-z_, ]+)\n`).FindAllStringSubmatch(hints.String(), -1) {
		for _, key := range strings.Split(list[1], ", ") {
			if !strings.Contains(readme(t), key+":") && !strings.Contains(readme(t), "`"+key+"`") && key != "metrics_token" {
				t.Errorf("the README does not tell of the key %s", key)
			}
		}
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
