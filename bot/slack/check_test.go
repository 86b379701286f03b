package slack_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	manifest "github.com/tandem-bot/tandem/manifests/slack"
)

// checklist has all that an engagement of the stage names.
func (st *stage) checklist() slack.Checklist {
	return slack.Checklist{Scopes: wantedScopes(), Channels: []string{st.room.ID(), st.home.ID + "/" + st.shared.ID()}, URL: "https://tandem.example/"}
}

// probed returns the probes as lines. It fails where one that isn't OK has no fix,
// or where one tells a secret.
func (st *stage) probed(probes []slack.Probe) string {
	st.t.Helper()
	var lines []string
	app := st.App()
	for _, p := range probes {
		if p.OK != (p.Fix == "") || p.What == "" || strings.HasSuffix(p.What, ".") {
			st.t.Errorf("%+v", p)
		}
		for _, secret := range []string{st.in.Token, app.AppToken, app.SigningSecret, "ticket"} {
			if strings.Contains(p.What+p.Fix, secret) {
				st.t.Errorf("it tells a secret: %+v", p)
			}
		}
		lines = append(lines, fmt.Sprintf("%s %t: %s. %s", p.Name, p.OK, p.What, p.Fix))
	}
	return strings.Join(lines, "\n")
}

// checks fails where the probes that aren't OK aren't these, in their order.
func (st *stage) checks(list slack.Checklist, want ...string) string {
	st.t.Helper()
	got := st.probed(st.adapter.Check(st.t.Context(), list))
	if strings.Count(got, " false: ") != len(want) {
		st.t.Errorf("got\n%s\nwant %d that are wrong", got, len(want))
	}
	for _, one := range want {
		if !strings.Contains(got, one) {
			st.t.Errorf("got\n%s\nwant\n%s", got, one)
		}
	}
	return got
}

// Where nothing is wrong Check says what is so; it changes nothing, and nobody
// hears of it.
func TestCheck(t *testing.T) {
	for name, socket := range map[string]bool{"http": false, "socket": true} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t, func(o *staged) { o.stand.App.SocketMode = socket })
			before := len(st.Calls(""))
			sockets := st.Connections()
			got := st.checks(st.checklist())
			for _, want := range []string{
				"token true: Slack takes the token for Harbor Legal Group (T0HARBOR001)",
				fmt.Sprintf("scopes true: the token for Harbor Legal Group (T0HARBOR001) has all %d scopes", len(wantedScopes())),
				"clock true", "channel true: Tandem is in #it (C0ROOM00001)", "channel true: Tandem is in #coordination (T0HARBOR001/C0COORD0001)",
				map[bool]string{
					true:  "socket true: Slack takes the app-level token",
					false: "requests true: Slack posts to Tandem, which can't be seen from here: the app's page has to show the Request URL https://tandem.example/slack/events under",
				}[socket],
			} {
				if !strings.Contains(got, want) {
					t.Errorf("got\n%s\nwant %s", got, want)
				}
			}
			asked := []string{"auth.test", "conversations.info", "apps.connections.open"}
			for _, c := range st.Calls("")[before:] {
				if !slices.Contains(asked, c.Method) {
					t.Errorf("it calls %s", c.Method)
				}
			}
			if n := st.Connections(); n != sockets {
				t.Errorf("there are %d connections, and were %d", n, sockets)
			}
		})
	}
}

func TestCheckWhatIsMissing(t *testing.T) {
	st := newStage(t, nil)
	list := st.checklist()

	// Scopes, each with what it is for.
	st.in.Drop("users:read.email", "im:write")
	st.checks(list,
		"the token for Harbor Legal Group (T0HARBOR001) lacks the scope im:write, by which Tandem writes direct messages of its own accord. add im:write to",
		"lacks the scope users:read.email, by which Tandem finds the people of an engagement by their e-mail address")
	st.home.Install(slacktest.Scopes...)

	// The clock.
	for by, want := range map[time.Duration]string{
		119 * time.Second: "", 3 * time.Minute: "clock false: the clock is 3m0s behind Slack's; beyond five minutes nothing that Slack posts is believed", -3 * time.Minute: "the clock is 3m0s ahead of Slack's",
	} {
		if st.Skew(by); want == "" {
			st.checks(list)
		} else {
			st.checks(list, want)
		}
	}
	st.Skew(0)

	// Channels.
	st.room.RemoveBot()
	list.Channels = append(list.Channels, "C0NOWHERE01")
	st.checks(list, "Tandem is not in #it (C0ROOM00001), and can't speak there. type /invite @Tandem in #it",
		"Slack knows of no channel C0NOWHERE01, or it is private and Tandem is not in it. type /invite @Tandem in it")
	st.room.Archive(t.Context(), st.maria)
	list.Channels = []string{st.room.ID()}
	st.checks(list, "#it (C0ROOM00001) is archived, and nobody can speak there. unarchive it")

	// Whether it is so can't be found out.
	list.Channels = []string{st.shared.ID()}
	st.Fail("conversations.info", slacktest.Broken)
	st.checks(list, "whether Tandem can speak in the channel C0COORD0001 can't be found out")
	st.Fail("auth.test", slacktest.Dropped)
	st.checks(list, "whether the token for the workspace is good can't be found out")
	st.Fail("conversations.info", slacktest.TooMany)
	st.checks(list) // it waits for a second
	st.in.Drop("channels:read")
	st.checks(list, "lacks the scope channels:read", "Tandem can't look at the channel C0COORD0001: Tandem lacks the scope channels:read")
}

// A channel that moved is looked for where it is now.
func TestCheckFollowsAChannel(t *testing.T) {
	st := newStage(t, func(o *staged) { o.slack.Channels = moved{"C0ROOM00001": "C0MOVED0001"} })
	list := st.checklist()
	st.room.Renumber(t.Context(), "C0MOVED0001")
	list.Channels = []string{"C0ROOM00001"}
	if got := st.checks(list); !strings.Contains(got, "Tandem is in #it (C0ROOM00001), which is C0MOVED0001 now") {
		t.Error(got)
	}
}

// moved are channels by their old id; "" can't be looked up.
type moved map[string]string

func (m moved) ChannelNow(_ context.Context, _, channel string) (string, error) {
	switch now, there := m[channel]; {
	case !there:
		return channel, nil
	case now == "":
		return "", errors.New("the disk failed")
	default:
		return now, nil
	}
}

// A token that is of no use is told once, in plain words, and nothing that needs it.
func TestCheckTokens(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*stage)
		want  string
	}{
		"revoked": {func(st *stage) { st.in.Revoke() }, "is of no use: Tandem's token was revoked: install it again (token_revoked). install the app again"},
		"removed": {func(st *stage) { st.in.Uninstall(context.Background()) }, "is of no use: Tandem was uninstalled from the workspace: install it again (account_inactive). install the app in the workspace again"},
		"expired": {func(st *stage) { st.pass(13 * time.Hour) }, "is of no use: Tandem's token has expired: install it again (token_expired). a token from an installation by OAuth is renewed while Tandem runs"},
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t, func(o *staged) { o.stand.App.Rotation = true })
			test.spoil(st)
			if got := st.checks(st.checklist(), test.want); strings.Contains(got, "channel") || strings.Contains(got, "scopes") || !strings.Contains(got, "clock true") {
				t.Error(got)
			}
		})
	}
	st := newStage(t, nil)
	o := slack.Options{Handler: st.talker, Inbox: &inbox.Memory{}, Now: st.time, API: st.APIURL(), SigningSecret: "x", Installations: slack.Only{Token: "xoxb-nobody's"}}
	check := func(list slack.Checklist, want ...string) {
		t.Helper()
		adapter, err := slack.New(o)
		if err != nil {
			t.Fatal(err)
		}
		st.adapter = adapter
		st.checks(list, want...)
	}
	check(st.checklist(), "the token for the workspace is of no use: Slack doesn't know Tandem's token: install it again (invalid_auth)")

	// Of several workspaces each is looked at, and a channel by the token of its own.
	own := st.away.Install(slacktest.Scopes...)
	o.Installations = several{st.home.ID: {Team: st.home.ID, Token: "xoxb-nobody's"}, st.away.ID: {Team: st.away.ID, Token: own.Token}}
	st.away.Channel(slacktest.NewChannel{ID: "C0RIDGE0001", Name: "ridge", Bot: true})
	list := st.checklist()
	list.Workspaces = []slack.Workspace{{Team: st.home.ID, Name: "Harbor"}, {Team: st.away.ID}, {Team: "T0GONE00001"}}
	list.Channels = []string{st.home.ID + "/C0ROOM00001", st.away.ID + "/C0RIDGE0001", "T0GONE00001/C1"}
	check(list, "the token for Harbor (T0HARBOR001) is of no use", "there is no token for T0GONE00001: Tandem is not installed in T0GONE00001. do what it says",
		"Tandem can't speak in the channel T0GONE00001/C1: Tandem is not installed in T0GONE00001")

	// What the store can't tell is not Slack's.
	o.Installations, o.Channels = slack.Only{Token: st.in.Token}, moved{"C0ROOM00001": ""}
	list = st.checklist()
	check(list, "where the channel C0ROOM00001 is now can't be found out: the disk failed")
}

func TestCheckSocket(t *testing.T) {
	st := newStage(t, func(o *staged) { o.stand.App.SocketMode = true })
	list := st.checklist()
	st.Skew(time.Hour)
	st.checks(list, "the clock is 1h0m0s behind Slack's; what comes due does so at the wrong time")
	st.Skew(0)
	st.Configure(func(a *slacktest.App) { a.SocketMode = false })
	st.checks(list, "Slack opens no connection of Socket Mode for the app-level token (forbidden_team). turn Socket Mode on")
	st.Configure(func(a *slacktest.App) { a.AppToken = "xapp-another" })
	st.checks(list, "Slack opens no connection of Socket Mode for the app-level token (invalid_auth). make an app-level token with the scope connections:write")
	st.Fail("apps.connections.open", slacktest.Broken)
	st.checks(list, "whether Slack opens a connection of Socket Mode can't be found out")
}

// Where Slack can't be reached Check says so and ends; and it ends in time.
func TestCheckInTheDark(t *testing.T) {
	st := newStage(t, nil)
	o := slack.Options{Handler: st.talker, Inbox: &inbox.Memory{}, Now: st.time, API: "http://127.0.0.1:1/", AppToken: "xapp-1", Installations: slack.Only{Token: st.in.Token}}
	adapter, err := slack.New(o)
	if err != nil {
		t.Fatal(err)
	}
	st.adapter = adapter
	st.checks(slack.Checklist{Channels: []string{"C1"}}, "whether the token for the workspace is good can't be found out", "whether Slack opens a connection",
		"whether Tandem can speak in the channel C1 can't be found out")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := st.probed(adapter.Check(ctx, slack.Checklist{Channels: []string{"C1", "C2"}}))
	if !strings.Contains(got, "channel false: 2 of 2 channels were not looked at, since the time was up") {
		t.Error(got)
	}
}

// wantedScopes are those of the app's manifest.
func wantedScopes() []slack.Scope {
	list := make([]slack.Scope, len(manifest.Scopes))
	for i, s := range manifest.Scopes {
		list[i] = slack.Scope(s)
	}
	return list
}
