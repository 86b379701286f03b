package slack

import (
	"context"

	sdk "github.com/slack-go/slack"
)

// Account is somebody at Slack, as events name them.
type Account struct{ Tenant, User string }

// Lookup finds who has an e-mail address in a workspace where Tandem is installed;
// "" is the only one. Who was deactivated, and whoever is a bot, is nobody. Slack
// finds people of the workspace alone: those of others, who are here by a shared
// channel, have to write first, or to stand in the file
// (https://docs.slack.dev/reference/methods/users.lookupByEmail). Where Slack asks
// to wait Lookup does.
func (s *Slack) Lookup(ctx context.Context, team, email string) (who Account, found bool, err error) {
	c, err := s.client(ctx, []string{team}, "")
	if err != nil {
		return Account{}, false, err
	}
	var u *sdk.User
	word, err := s.ask(ctx, c, "users.lookupByEmail", func() (err error) {
		u, err = c.api.GetUserByEmailContext(ctx, email)
		return err
	})
	switch {
	case word == "users_not_found":
		return Account{}, false, nil
	case err != nil:
		return Account{}, false, err
	case u.IsBot || u.Deleted || u.ID == "":
		return Account{}, false, nil
	}
	return Account{c.tenant(), u.ID}, true, nil
}
