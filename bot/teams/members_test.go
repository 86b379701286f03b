package teams_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/teams/teamsharness"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
)

// The roster of a conversation is read whole, with the addresses that somebody
// vouches for.
func TestMembers(t *testing.T) {
	w := open(t, nil)
	for user, m := range map[string]teamstest.Member{
		"u1": {Email: "maria@home.example", Principal: "m.ortega@home.example"},
		"u2": {Principal: "theo@home.example"},
		"u3": {Email: "lea@guest.example", Principal: "lea_guest.example#EXT#@home.example"},
		"u4": {Email: "anybody@home.example", Principal: "devon@ridge.example", Tenant: "another"},
		"u5": {Principal: "no address"},
	} {
		w.Teams.Join(channel, user, m)
	}
	at := teams.Reference{Tenant: teamsharness.Tenant, Conversation: channel, ServiceURL: w.Teams.URL()}
	members := func(r teams.Reference) string {
		t.Helper()
		list, err := w.Adapter.Members(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, m := range list {
			lines = append(lines, m.User+"="+m.Email)
		}
		slices.Sort(lines)
		return strings.Join(lines, " ")
	}
	if got, want := members(at), "u1=maria@home.example u2=theo@home.example u3=lea@guest.example u4=devon@ridge.example u5="; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	// Another tenant vouches for nobody.
	at.Tenant = "another"
	if got, want := members(at), "u1= u2= u3= u4= u5="; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	at.Tenant = teamsharness.Tenant

	// It waits where Teams asks to, and ends where that goes on.
	o := w.options()
	var waits []time.Duration
	o.Wait = func(_ context.Context, d time.Duration) error {
		if waits = append(waits, d); len(waits) == 2 {
			w.Teams.BreakRoster(0)
		}
		return nil
	}
	a, err := teams.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Teams.BreakRoster(http.StatusTooManyRequests)
	if list, err := a.Members(t.Context(), at); err != nil || len(list) != 5 || len(waits) != 2 || waits[0] <= 0 {
		t.Errorf("%v %v %v", list, err, waits)
	}
	w.Teams.BreakRoster(http.StatusTooManyRequests)
	if _, err := a.Members(t.Context(), at); err == nil || len(waits) != 6 {
		t.Errorf("%v %v", err, waits)
	}
	w.Teams.BreakRoster(0)
	w.Teams.Block(channel)
	if _, err := a.Members(t.Context(), at); !isPermanent(err) {
		t.Errorf("%v", err)
	}
	at.ServiceURL = "https://elsewhere.example/"
	if _, err := a.Members(t.Context(), at); err == nil {
		t.Error("it asks whoever is named")
	}
}

func isPermanent(err error) bool {
	refused, ok := errors.AsType[*bot.SendError](err)
	return ok && refused.Permanent
}
