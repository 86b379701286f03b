package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/slack/install"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// tandemIn runs the program in a town's folder, by the real clock.
func tandemIn(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	w, out, errs := ownWorld(t, false, false)
	w.now = time.Now
	status = run(t.Context(), w, append(args, "--config", filepath.Join(dir, "tandem.yaml")))
	return status, out.String(), errs.String()
}

// changed changes what is in a town's store.
func changed(t *testing.T, dir string, change func(db *sqlite.DB) error) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "tandem.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := change(db); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestDoctorAsks: with a configuration doctor asks Slack and Teams, tells what is
// of an engagement with it, and no secret; and it changes nothing.
func TestDoctorAsks(t *testing.T) {
	w := newSlackTown(t, true)
	m := newTeamsTown(t)
	w.also(m.section())
	changed(t, w.dir, func(db *sqlite.DB) error { // the chat of a person, and somebody else's
		for _, user := range []string{teamsMaria, "00000000-0000-4000-8000-000000000000"} {
			c := store.TeamsConversation{Tenant: teamsTenant, Conversation: "a:chat-" + user, User: user, ServiceURL: m.URL()}
			if _, err := db.KeepTeamsConversation(t.Context(), c, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	m.Chat(teamsMaria)
	check := func(args []string, want ...string) string {
		t.Helper()
		_, got, stderr := tandemIn(t, w.dir, append([]string{"doctor"}, args...)...)
		if stderr != "" {
			t.Error(stderr)
		}
		for _, secret := range []string{w.in.Token, w.App().AppToken, "a secret"} {
			if strings.Contains(got, secret) {
				t.Errorf("it tells the secret %q", secret)
			}
		}
		for _, one := range want {
			if !strings.Contains(got, one) {
				t.Errorf("it lacks %q:\n%s", one, got)
			}
		}
		return got
	}
	posts := len(w.Calls("chat.postMessage"))
	got := check(nil,
		"\nwell: Slack takes the token for Harbor Legal (T0HARBOR001).\n",
		"\nwell: Slack takes the app-level token, and opens connections of Socket Mode.\n",
		"\nwell: Microsoft's sign-in gives Tandem a token for Teams.\n",
		"\nwell: harbor-legal: Tandem is in #coordination (C0OUFM616QQ).\n",
		"\nwell: harbor-legal: Tandem is in #managers (C0E3EK6SAWS).\n",
		"\nwell: harbor-legal: Tandem is in the conversation "+teamsChannel+".\n",
		"\nwell: harbor-legal: Tandem is in the chat with "+teamsMaria+".\n",
		"well: harbor-legal: Harbor Legal Group and Palmetto Ridge IT: all is well.\n")
	if strings.Contains(got, "problem") || strings.Contains(got, "00000000-0000") {
		t.Error(got)
	}
	if n := len(w.Calls("chat.postMessage")); n != posts || len(m.Messages("")) != 0 {
		t.Error("it says something")
	}

	w.in.Drop("users:read.email")
	w.coordination.RemoveBot()
	m.Block(teamsChannel)
	got = check(nil,
		"problem: The token for Harbor Legal (T0HARBOR001) lacks the scope users:read.email, by which Tandem finds the people of an engagement by their e-mail address. Slack refuses what a scope is missing for. Fix: add users:read.email",
		"problem: harbor-legal: Tandem is not in #coordination (C0OUFM616QQ), and can't speak there. Nobody is answered where Tandem is not, and its prompts have nowhere to go. Fix: type /invite @Tandem in #coordination\n",
		"problem: harbor-legal: Tandem can't speak in the conversation "+teamsChannel+": Tandem is not in the conversation",
		"\n3 problems.\n")
	if strings.Contains(got, "all is well") {
		t.Error(got)
	}
	check([]string{"--json"}, `{"status":"problem","check":"slack","engagement":"harbor-legal","what":"Tandem is not in #coordination`,
		`{"status":"problem","check":"teams","engagement":"harbor-legal",`)

	// Left alone, they say nothing.
	calls, requests := len(w.Calls("")), len(m.Requests())
	if status, got, _ := tandemIn(t, w.dir, "doctor", "--offline"); status != exitOK || strings.Contains(got, "Slack takes") {
		t.Errorf("%d\n%s", status, got)
	}
	if len(w.Calls("")) != calls || len(m.Requests()) != requests {
		t.Error("they were asked all the same")
	}

	// Where one can't be reached the other one is asked all the same.
	text, err := os.ReadFile(filepath.Join(w.dir, "tandem.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	w.configure(regexp.MustCompile(`api: "[^"]*"`).ReplaceAllString(string(text), `api: "http://127.0.0.1:1/"`))
	check([]string{"--wait", "20s"}, "problem: Whether the token for the workspace is good can't be found out", "well: Microsoft's sign-in gives Tandem a token for Teams.")
	if status, got, _ := tandemIn(t, w.dir, "doctor", "--wait", "1ns"); status != exitProblems ||
		!strings.Contains(got, "2 of 2 channels were not looked at, since the time was up.") || !strings.Contains(got, "The store's file holds together") {
		t.Errorf("%d\n%s", status, got)
	}
}

// What can't even be asked is a finding, and the rest goes on.
func TestDoctorAsksInVain(t *testing.T) {
	w := newSlackTown(t, false)
	w.also(`
teams: {app_id: ` + teamsApp + `, tenant: ` + teamsTenant + `, certificate: "no PEM"}
`)
	status, got, _ := tandemIn(t, w.dir, "doctor")
	if status != exitProblems {
		t.Errorf("status %d", status)
	}
	for _, want := range []string{
		"problem: Teams can't be asked: ", "Fix: mend what it names in the section teams of the configuration\n",
		"well: Slack posts to Tandem, which can't be seen from here: the app's page has to show the Request URL https://YOUR-ADDRESS/slack/events",
		"well: harbor-legal: Tandem is in #managers",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
}

// Of workspaces that installed Tandem by OAuth each token is asked about as it is
// stored: doctor renews none.
func TestDoctorAsksWorkspaces(t *testing.T) {
	w := newSlackTown(t, false)
	w.configure(`
store: tandem.db
slack:
  signing_secret: ` + w.App().SigningSecret + `
  client_id: "` + w.App().ClientID + `"
  client_secret: ` + w.App().ClientSecret + `
  key: ` + townKey + `
  url: https://tandem.example.com
  teams: [T0HARBOR001]
  api: "` + w.APIURL() + `"
`)
	_, got, _ := tandemIn(t, w.dir, "doctor")
	for _, want := range []string{
		"problem: There is no token for the workspace: Tandem is not installed in any Slack workspace. An admin of the workspace installs it at https://tandem.example.com/slack/install. ",
		"Request URL https://tandem.example.com/slack/events",
		"problem: harbor-legal: Tandem can't speak in the channel C0OUFM616QQ: Tandem is not installed in any Slack workspace",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	sealUntil(t, w, time.Now().Add(-time.Minute)) // it would be renewed
	before := len(w.Calls("oauth.v2.access"))
	_, got, _ = tandemIn(t, w.dir, "doctor")
	if !strings.Contains(got, "well: Slack takes the token for Harbor (T0HARBOR001).") || !strings.Contains(got, "harbor-legal: Tandem is in #managers") || len(w.Calls("oauth.v2.access")) != before {
		t.Error(got)
	}
}

// sealUntil puts the town's token into the store, as an installation by OAuth does.
func sealUntil(t *testing.T, w *slackTown, end time.Time) {
	t.Helper()
	vault, err := install.NewVault(rand.Reader, townKey)
	if err != nil {
		t.Fatal(err)
	}
	plain := `{"access":"` + w.in.Token + `","refresh":"xoxe-1-none","expires":"` + end.Format(time.RFC3339) + `"}`
	sealed, err := vault.Seal([]byte(plain), w.home.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	changed(t, w.dir, func(db *sqlite.DB) error {
		return db.KeepSlackInstallation(t.Context(), store.SlackInstallation{Team: w.home.ID, Name: "Harbor", BotUser: w.in.UserID, Sealed: sealed}, time.Now())
	})
}

const townKey = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef"
