package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/cmd/tandem/simulate"
	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/store/engagement"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block returns the README's first fenced block of the kind.
func block(t *testing.T, kind string) string {
	t.Helper()
	_, rest, ok := strings.Cut(readme(t), "```"+kind+"\n")
	text, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatalf("the README has no %s block", kind)
	}
	return text
}

// The README's table has every command, and no other.
func TestReadmeListsTheCommands(t *testing.T) {
	root := (&app{world: &world{}}).root()
	var want []string
	for _, c := range root.Commands() {
		if c.Name() == "help" {
			continue
		}
		want = append(want, fmt.Sprintf("| `tandem %s` | %s |", c.Use, c.Short))
	}
	got := regexp.MustCompile("(?m)^\\| `tandem .*$").FindAllString(readme(t), -1)
	if len(got) != len(want) {
		t.Errorf("%d rows, %d commands", len(got), len(want))
	}
	for _, row := range want {
		if !strings.Contains(readme(t), row+"\n") {
			t.Errorf("the README lacks\n%s", row)
		}
	}
}

// The README's table of what can be said has every command that help lists.
func TestReadmeListsWhatCanBeSaid(t *testing.T) {
	for _, c := range commands.All(&commands.Office{}) {
		if c.Hidden {
			continue
		}
		said := strings.ReplaceAll(strings.TrimSpace(c.Name+" "+c.Usage), "|", `\|`)
		row := fmt.Sprintf("| `%s` | %s |\n", said, strings.ToLower(c.Short[:1])+c.Short[1:])
		if !strings.Contains(readme(t), row) {
			t.Errorf("the README lacks\n%s", row)
		}
	}
}

func TestReadmeListsTheExitStatuses(t *testing.T) {
	for status, begins := range map[int]string{exitOK: "well", exitFailed: "failed", exitUsage: "wrong usage", exitProblems: "found problems"} {
		if !strings.Contains(readme(t), fmt.Sprintf("\n| %d | %s", status, begins)) {
			t.Errorf("the README lacks the exit status %d", status)
		}
	}
}

// What the README shows is what Tandem prints.
func TestReadmeShowsTheAnswer(t *testing.T) {
	w, stdout, _ := ownWorld(t, false, false)
	run(context.Background(), w, []string{"ask", "who owns password resets?"})
	want := "$ go run ./cmd/tandem ask \"who owns password resets?\"\n" + stdout.String()
	if got := block(t, "console"); got != want {
		t.Errorf("the README shows\n%s\nTandem prints\n%s", got, want)
	}
}

// The story that the README shows can be played.
func TestReadmeStoryIsRight(t *testing.T) {
	_, rest, _ := strings.Cut(readme(t), "```yaml\n"+"format: "+simulate.Format)
	text, _, found := strings.Cut(rest, "```")
	if _, err := simulate.Read("README.md", []byte("format: "+simulate.Format+text)); err != nil || !found {
		t.Error(err)
	}
}

// The schedule that the README shows is the beginning of what Tandem prints.
func TestReadmeShowsTheSchedule(t *testing.T) {
	w, stdout, _ := ownWorld(t, false, false)
	const command = "tandem schedule --from 2027-01-12 --until 2027-01-19"
	run(context.Background(), w, strings.Fields(command)[1:])
	_, rest, _ := strings.Cut(readme(t), "```console\n$ "+command+"\n")
	shown, _, found := strings.Cut(rest, "```")
	if !found || !strings.HasPrefix(stdout.String(), shown) {
		t.Errorf("the README shows\n%s\nTandem prints\n%s", shown, stdout)
	}
}

// The example is an engagement that a reader can begin with.
func TestReadmeFileIsRight(t *testing.T) {
	e, r := engagement.Parse("README.md", []byte(block(t, "yaml")), engagement.Options{})
	if e == nil || !r.OK() {
		t.Fatal(r)
	}
}

// Every key of the whole sample stands in the README's table of keys.
func TestReadmeListsTheKeys(t *testing.T) {
	keys := map[string]bool{}
	for _, name := range []string{"harbor-legal.yaml", "lakeside-dental.yaml"} {
		text, err := sampleText(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)(?:^\s*(?:- )?\{?|[{,] ?)([a-z_]+): `).FindAllStringSubmatch(string(text), -1) {
			keys[found[1]] = true
		}
	}
	for key := range keys {
		if !strings.Contains(readme(t), "`"+key+"`") && key != "format" {
			t.Errorf("the README does not tell of the key %s", key)
		}
	}
	if len(keys) < 40 {
		t.Errorf("only %d keys found in the samples", len(keys))
	}
}
