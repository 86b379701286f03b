package teams_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
)

// probed returns the probes as lines, and fails where one that isn't OK has no fix.
func probed(t *testing.T, probes []teams.Probe) string {
	t.Helper()
	var lines []string
	for _, p := range probes {
		if p.OK != (p.Fix == "") || p.What == "" {
			t.Errorf("%+v", p)
		}
		lines = append(lines, fmt.Sprintf("%s %t: %s", p.Name, p.OK, p.What))
	}
	return strings.Join(lines, "\n")
}

// Check finds what is wrong, and where nothing is says so. It says nothing to
// anybody.
func TestCheck(t *testing.T) {
	w := open(t, nil)
	w.deliver(t, w.text("hello"))
	if err := w.Say(t.Context(), bottest.Spot{Person: "maria"}, "hello"); err != nil {
		t.Fatal(err)
	}
	said := len(w.Teams.Messages(""))
	check := func(want ...string) {
		t.Helper()
		got := probed(t, w.Adapter.Check(t.Context(), w.Memory.All()))
		if strings.Count(got, " false: ") != len(want) {
			t.Errorf("got\n%s\nwant %d that are wrong", got, len(want))
		}
		for _, one := range want {
			if !strings.Contains(got, one) {
				t.Errorf("got\n%s\nwant %s", got, one)
			}
		}
	}
	check()
	if got := probed(t, w.Adapter.Check(t.Context(), w.Memory.All())); strings.Count(got, "\n") != 4 || !strings.Contains(got, "Tandem is in the conversation "+channel) || !strings.Contains(got, "Tandem is in the chat with "+maria) {
		t.Error(got)
	}
	for code, want := range map[int]string{7000215: "the secret is wrong", 7000222: "the secret has expired", 700016: "there is no app with this id", 90002: "there is no tenant with this id", 1: "it refuses Tandem's id"} {
		w.Teams.RefuseSignIn(code)
		check("sign-in false: Microsoft's sign-in gives Tandem no token: " + want)
	}
	w.Teams.RefuseSignIn(0)
	w.Teams.Outage(true)
	check("keys false: the keys of the Bot Connector can't be had")
	w.Teams.Outage(false)
	for by, want := range map[time.Duration]string{
		119 * time.Second: "", 3 * time.Minute: "clock false: the clock is 3m0s behind Microsoft's", -3 * time.Minute: "clock false: the clock is 3m0s ahead of Microsoft's",
	} {
		if w.Teams.Skew(by); want == "" {
			check()
		} else {
			check(want)
		}
	}
	w.Teams.Skew(0)
	for _, p := range w.Adapter.Check(t.Context(), w.Memory.All()) {
		if named := p.About.Conversation != ""; named != (p.Name == "conversation") {
			t.Errorf("%+v", p)
		}
	}
	w.Teams.BreakRoster(http.StatusBadGateway)
	check("conversation false: whether Tandem is still in the conversation "+channel+" can't be found out", "conversation false: whether Tandem is still in the chat with "+maria+" can't be found out")
	w.Teams.BreakRoster(0)
	w.Teams.Block(channel)
	w.Teams.Block(w.Teams.Chat(maria))
	check("conversation false: Tandem can't speak in the conversation "+channel+": Tandem is not in the conversation", "conversation false: Tandem can't speak in the chat with "+maria)
	if n := len(w.Teams.Messages("")); n != said {
		t.Errorf("%d messages were said", n-said)
	}
}

// Of a certificate Check says until when it is good, and that it is not.
func TestCheckCertificate(t *testing.T) {
	w := open(t, nil)
	both, c := teamstest.NewCertificate(t, start.AddDate(-1, 0, 0), start.AddDate(0, 0, 40))
	w.Teams.Trust(c)
	now := start
	o := w.certified(both)
	o.Now = func() time.Time { return now }
	a, err := teams.New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		days int
		want []string
	}{
		{0, []string{"sign-in true", "certificate true: the certificate for Teams is good until 2026-12-31", "clock true"}},
		{11, []string{"sign-in true", "certificate false: the certificate for Teams is good until 2026-12-31 and no longer"}},
		{41, []string{"sign-in false: teams: the certificate can't be used: it expired on 2026-12-31", "certificate false"}},
	} {
		now = start.AddDate(0, 0, test.days)
		if err := w.clock.Move(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		got := probed(t, a.Check(t.Context(), nil))
		for _, one := range test.want {
			if !strings.Contains(got, one) {
				t.Errorf("day %d: got\n%s\nwant %s", test.days, got, one)
			}
		}
	}
	now = start
	if err := w.clock.Move(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	w.Teams.Trust()
	if got := probed(t, a.Check(t.Context(), []teams.Reference{{Conversation: channel}})); !strings.Contains(got, "sign-in false: Microsoft's sign-in gives Tandem no token: the certificate is not one of the app's (AADSTS700027)") || strings.Contains(got, "conversation") {
		t.Error(got)
	}
}

// Where nothing can be reached Check says so, and ends; without tokens there is
// nothing to look at.
func TestCheckInTheDark(t *testing.T) {
	w := open(t, nil)
	o := w.options()
	o.Emulator = "http://127.0.0.1:1"
	a, err := teams.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if got := probed(t, a.Check(t.Context(), nil)); strings.Count(got, " false: ") != 3 || !strings.Contains(got, "Microsoft's sign-in can't be reached") {
		t.Error(got)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if got := probed(t, a.Check(stopped, w.Memory.All())); strings.Contains(got, " true: ") {
		t.Error(got)
	}
	o.NoTokens = true
	if a, err = teams.New(o); err != nil {
		t.Fatal(err)
	}
	if got := probed(t, a.Check(t.Context(), nil)); strings.Contains(got, "false") {
		t.Error(got)
	}
}
