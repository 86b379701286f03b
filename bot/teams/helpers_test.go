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
	o := w.options()
	o.Inbox, o.References, o.NoTokens = m, m, noTokens
	a, err := teams.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// options are those of an adapter before the same stand-in.
func (w *town) options() teams.Options {
	return teams.Options{
		Handler: w.voice, Inbox: w.Memory, References: w.Memory, Now: w.clock.Now, AppID: teamsharness.App, Tenant: teamsharness.Tenant,
		Secret: teamsharness.Secret, Emulator: strings.TrimRight(w.Teams.URL(), "/"),
	}
}
