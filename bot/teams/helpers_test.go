package teams_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/teams/teamsharness"
)

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

// plainAdapter is another adapter before the same stand-in.
func plainAdapter(t *testing.T, w *town, m *teams.Memory, noTokens bool) *teams.Teams {
	t.Helper()
	a, err := teams.New(teams.Options{
		Handler: w.voice, Inbox: m, References: m, Now: w.clock.Now, NoTokens: noTokens,
		AppID: teamsharness.App, Tenant: teamsharness.Tenant, Secret: teamsharness.Secret, Emulator: strings.TrimRight(w.Teams.URL(), "/"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
