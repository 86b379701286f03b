package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// edit changes the town's engagement, as a new file does.
func edit(t *testing.T, dir string, change func(e *store.Engagement)) {
	t.Helper()
	changed(t, dir, func(db *sqlite.DB) error {
		e, err := db.Engagement(t.Context(), "harbor-legal")
		if err != nil {
			return err
		}
		change(e)
		_, err = db.ImportEngagement(t.Context(), e, "test", time.Now())
		return err
	})
}

// person returns somebody of an engagement, to be changed.
func person(t *testing.T, e *store.Engagement, id string) *store.Person {
	t.Helper()
	i := slices.IndexFunc(e.People, func(p store.Person) bool { return p.ID == id })
	if i < 0 {
		t.Fatalf("nobody is %s", id)
	}
	return &e.People[i]
}

// links runs a command, and fails where its status, or what it prints, is another.
func (w *slackTown) links(status int, args []string, want ...string) string {
	w.t.Helper()
	got, stdout, stderr := tandemIn(w.t, w.dir, args...)
	if got != status {
		w.t.Errorf("status %d, want %d", got, status)
	}
	for _, one := range want {
		if !strings.Contains(stdout+stderr, one) {
			w.t.Errorf("it lacks %q:\n%s%s", one, stdout, stderr)
		}
	}
	if strings.Contains(stdout+stderr, w.in.Token) {
		w.t.Error("it tells the token")
	}
	return stdout + stderr
}

// TestPeopleLink: who stands in the file with an address alone is found in Slack and
// in Teams, once; who isn't is told with what to do.
func TestPeopleLink(t *testing.T) {
	w := newSlackTown(t, false)
	m := newTeamsTown(t)
	w.also(m.section())
	edit(t, w.dir, func(e *store.Engagement) {
		person(t, e, "theo").Teams = ""
		devon := person(t, e, "devon")
		devon.Slack, devon.Teams, devon.Email = "", "", "devon@elsewhere.example"
		dana := person(t, e, "dana")
		dana.Slack, dana.Teams, dana.Email = "", "", ""
	})
	m.Join(teamsChannel, "0e0e0e0e-1111-4222-8333-444444444444", teamstest.Member{Email: "THEO@harborlegal.example"})

	list := w.links(exitProblems, []string{"people"},
		"PERSON ", "E-MAIL ", "  SLACK ", "  TEAMS\n",
		"Maria Ortega ", "U0HY0VMD4PW (in the file)", teamsMaria+" (in the file)",
		"Not known in Slack: Dana Whitfield. Fix: add `slack: USER`, or their e-mail address, in the engagement file, and import it.\n",
		"Not known in Slack: Theo Lindqvist, Devon Pruitt. Fix: `tandem people link` looks for them by their e-mail address.\n",
		"Not known in Teams: Dana Whitfield. Fix: add `teams: ID`",
		"Can be reached on no platform: Theo Lindqvist, Dana Whitfield, Devon Pruitt.\n")
	if got := w.links(exitProblems, []string{"people", "list"}); got != list {
		t.Errorf("the list is\n%s", got)
	}
	if len(w.Calls("")) != 0 || m.RosterAsked() != 0 {
		t.Error("the list asks somebody")
	}

	w.Fail("users.lookupByEmail", slacktest.TooMany) // waits
	w.links(exitProblems, []string{"people", "link"},
		"U0SOMEBODY1 (by e-mail)", "0e0e0e0e-1111-4222-8333-444444444444 (by e-mail)",
		"1 person was found in Slack by their e-mail address.\n1 person was found in Teams by their e-mail address.\n",
		"Not known in Slack: Devon Pruitt. Fix: Slack finds people of another workspace by no address: add `slack: TEAM/USER` in the engagement file for one of them",
		"Not known in Teams: Devon Pruitt. Fix: nobody in the channels that Tandem is in has this address: add them to the team",
		"Can be reached on no platform: Dana Whitfield, Devon Pruitt.\n")

	// Again nobody is asked about who is known, and nothing changes.
	calls := len(w.Calls("users.lookupByEmail"))
	if got := w.links(exitProblems, []string{"people", "link"}, "U0SOMEBODY1 (by e-mail)"); strings.Contains(got, "was found") || len(w.Calls("users.lookupByEmail")) != calls+1 {
		t.Errorf("%d calls\n%s", len(w.Calls("users.lookupByEmail"))-calls, got)
	}
	if n := countRows(t, w.dir, `SELECT COUNT(*) FROM identities`); n != 2 {
		t.Errorf("%d are remembered", n)
	}
	w.links(exitProblems, []string{"people", "harbor-legal", "--json"},
		`{"engagement":"harbor-legal","person":"theo","name":"Theo Lindqvist","side":"internal","email":"theo@harborlegal.example","slack":{"known":"email","id":"U0SOMEBODY1"},"teams":{"known":"email","id":"0e0e0e0e-1111-4222-8333-444444444444"},"reachable":true}`,
		`"person":"dana","name":"Dana Whitfield","side":"internal","slack":{"known":"no-email","do":"add`)

	// With everybody in the file it is well; a colleague of the other workspace in it
	// lets the others be known.
	edit(t, w.dir, func(e *store.Engagement) {
		person(t, e, "dana").Slack = "U0O9ONRKYGW"
		devon := person(t, e, "devon")
		devon.Teams, devon.Email = teamsDevon, "devon@palmettoridge.example"
	})
	w.links(exitOK, []string{"people", "link"}, "Not known in Slack: Devon Pruitt. Fix: Slack finds people of another workspace by no address: they are known when they first write to Tandem; or")
}

// Where a platform can't be asked the other one is, and what was found is kept.
func TestPeopleLinkInVain(t *testing.T) {
	w := newSlackTown(t, false)
	m := newTeamsTown(t)
	w.also(m.section())
	edit(t, w.dir, func(e *store.Engagement) { person(t, e, "theo").Teams = "" })
	m.Join(teamsChannel, "0e0e0e0e-1111-4222-8333-444444444444", teamstest.Member{Email: "theo@harborlegal.example"})
	w.in.Drop("users:read.email")
	w.links(exitFailed, []string{"people", "link"},
		"tandem: Slack could not be asked for everybody: Tandem lacks the scope users:read.email for users.lookupByEmail", "What was found before is kept",
		"1 person was found in Teams by their e-mail address.\n")
	w.home.Install(slacktest.Scopes...)
	m.Block(teamsChannel)
	edit(t, w.dir, func(e *store.Engagement) {
		devon := person(t, e, "devon")
		devon.Teams, devon.Email = "", "devon@palmettoridge.example"
	})
	w.links(exitFailed, []string{"people", "link"}, "U0SOMEBODY1 (by e-mail)", "tandem: Teams could not be asked for everybody: the members of "+teamsChannel+" can't be read: Tandem is not in the conversation")
	w.in.Revoke()
	edit(t, w.dir, func(e *store.Engagement) {
		maria := person(t, e, "maria")
		maria.Slack, maria.Email = "", "maria@harborlegal.example"
	})
	w.links(exitFailed, []string{"people", "link"}, "Tandem's token was revoked", "U0SOMEBODY1 (by e-mail)")
}

// People are looked for in the workspaces that their engagement names, of those that
// installed Tandem.
func TestPeopleLinkInstalled(t *testing.T) {
	w := newSlackTown(t, false)
	configuration := `
store: tandem.db
slack:
  signing_secret: ` + w.App().SigningSecret + `
  client_id: "` + w.App().ClientID + `"
  client_secret: ` + w.App().ClientSecret + `
  key: ` + townKey + `
  url: https://tandem.example.com
  teams: [T0HARBOR001]
  api: "` + w.APIURL() + `"
`
	w.configure(configuration)
	edit(t, w.dir, func(e *store.Engagement) {
		for i := range e.Channels {
			e.Channels[i].Slack = w.home.ID + "/" + e.Channels[i].Slack
		}
	})
	w.links(exitFailed, []string{"people", "link"}, "Slack could not be asked for everybody: Tandem is not installed in the Slack workspace T0HARBOR001. An admin of the workspace installs it at https://tandem.example.com/slack/install")
	sealUntil(t, w, time.Now().Add(12*time.Hour))
	w.links(exitOK, []string{"people", "link"}, "U0SOMEBODY1 (by e-mail)")
	for _, c := range w.Calls("users.lookupByEmail") {
		if c.Team != w.home.ID {
			t.Errorf("asked is %s", c.Team)
		}
	}
}
