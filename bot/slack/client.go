package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

// client is an installation with its connection.
type client struct {
	Installation
	api *sdk.Client
}

// key names something of the installation's workspace.
func (c *client) key(of string) string { return c.Team + "/" + c.Enterprise + "/" + of }

// client returns the installation of the first team that has one.
func (s *Slack) client(ctx context.Context, teams []string, enterprise string) (*client, error) {
	if len(teams) == 0 {
		teams = []string{""}
	}
	var inst Installation
	err := error(store.Errorf(store.CodeNotFound, "Tandem is not installed in that workspace."))
	for _, team := range teams {
		if inst, err = s.o.Installations.Installation(ctx, team, enterprise); store.ErrorCode(err) != store.CodeNotFound {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	// One client an installation: where its token was renewed the new one takes
	// the place of the old.
	key := inst.Team + "/" + inst.Enterprise
	s.mu.Lock()
	c := s.clients[key]
	s.mu.Unlock()
	if c != nil && c.Token == inst.Token {
		return c, nil
	}
	c = &client{inst, sdk.New(inst.Token, sdk.OptionAPIURL(s.o.API), sdk.OptionHTTPClient(s.o.HTTP))}
	if c.Team == "" && c.Enterprise == "" || c.BotUser == "" {
		me, err := c.api.AuthTestContext(ctx)
		if err != nil {
			return nil, s.judge(c, "auth.test", err)
		}
		if c.Team == "" && c.Enterprise == "" {
			c.Team, c.Enterprise = me.TeamID, me.EnterpriseID
		}
		c.BotUser = me.UserID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.clients[key]; other != nil && other.Token == inst.Token {
		return other, nil
	}
	keep(s.clients, key, c)
	return c, nil
}

// to returns the installation for an address, and the channel in it: the one
// that is named, or the direct message with the user.
func (s *Slack) to(ctx context.Context, a bot.Address) (c *client, channel, user string, err error) {
	team, channel, user := a.Tenant, a.Channel, a.User
	if t, rest, ok := strings.Cut(channel, "/"); ok {
		if channel = rest; team == "" {
			team = t
		}
	}
	if _, rest, ok := strings.Cut(user, "/"); ok {
		user = rest
	}
	if a.Platform != Platform || channel == "" && user == "" {
		return nil, "", "", &bot.SendError{Reason: "the post has no address in Slack", Permanent: true}
	}
	if c, err = s.client(ctx, []string{team}, ""); err != nil {
		if store.ErrorCode(err) == store.CodeNotFound {
			err = &bot.SendError{Reason: strings.TrimSuffix(store.ErrorMessage(err), "."), Permanent: true}
		}
		return nil, "", "", err
	}
	if channel != "" {
		if s.o.Channels != nil {
			if channel, err = s.o.Channels.ChannelNow(ctx, c.tenant(), channel); err != nil {
				return nil, "", "", err
			}
		}
		return c, channel, user, nil
	}
	channel, err = s.directWith(ctx, c, user)
	return c, channel, "", err
}

// directWith returns the channel of the direct message with a user.
func (s *Slack) directWith(ctx context.Context, c *client, user string) (string, error) {
	key := c.key(user)
	s.mu.Lock()
	channel := s.directs[key]
	s.mu.Unlock()
	if channel != "" {
		return channel, nil
	}
	const method = "conversations.open"
	if err := s.gates.check(c, method, s.o.Now()); err != nil {
		return "", err
	}
	ch, _, _, err := c.api.OpenConversationContext(ctx, &sdk.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", s.judge(c, method, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	keep(s.directs, key, ch.ID)
	return ch.ID, nil
}

// person is what Slack says of a user.
type person struct {
	name  string
	email string // "" where Slack doesn't say, as without the scope users:read.email
	// elsewhere says that they are of another workspace, and of another organisation.
	elsewhere bool
	again     time.Time // when to ask again
}

// personFresh is how long what Slack says of somebody is taken as it was.
const personFresh = 24 * time.Hour

// nameOf returns what a user is called; "" where Slack doesn't say.
func (s *Slack) nameOf(ctx context.Context, c *client, user string) string {
	return s.personOf(ctx, c, user).name
}

// personOf returns what Slack says of a user, who is asked for once a day.
func (s *Slack) personOf(ctx context.Context, c *client, user string) person {
	if user == "" {
		return person{}
	}
	key := c.key(user)
	s.mu.Lock()
	p, known := s.people[key]
	s.mu.Unlock()
	now := s.o.Now()
	if known && now.Before(p.again) {
		return p
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	u, err := c.api.GetUserInfoContext(ctx, user)
	if err != nil {
		err = s.judge(c, "users.info", err)
		s.o.Log.WarnContext(ctx, "Slack doesn't say what somebody is called", "user", user, "error", err)
		if refused, ok := errors.AsType[*bot.SendError](err); !ok || !refused.Permanent {
			return p // as it was known
		}
		u = &sdk.User{} // and won't by being asked again
	}
	p = person{email: u.Profile.Email, elsewhere: c.elsewhere(u), again: now.Add(personFresh)}
	for _, p.name = range []string{u.Profile.DisplayName, u.RealName, u.Profile.RealName, u.Name} {
		if p.name != "" {
			break
		}
	}
	if u.IsBot || u.Deleted { // nobody who could be in an engagement
		p.email = ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	keep(s.people, key, p)
	return p
}

// elsewhere reports whether Slack says of somebody that they are of another workspace,
// and not of the installation's organisation.
func (c *client) elsewhere(u *sdk.User) bool {
	if u.TeamID == "" || c.Team == "" || u.TeamID == c.Team {
		return false
	}
	return c.Enterprise == "" || u.TeamID != c.Enterprise && u.Enterprise.EnterpriseID != c.Enterprise
}

// mostKept bounds what is remembered of a workspace until the process ends.
const mostKept = 10_000

func keep[V any](m map[string]V, key string, v V) {
	if len(m) >= mostKept {
		clear(m)
	}
	m[key] = v
}

// gates remember which methods Slack asked to leave alone, by workspace.
type gates struct {
	mu     sync.Mutex
	closed map[string]time.Time
}

// check is a refusal where Slack asked to wait.
func (g *gates) check(c *client, method string, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	until, ok := g.closed[c.key(method)]
	if !ok {
		return nil
	}
	if left := until.Sub(now); left > 0 {
		return &bot.SendError{Reason: "Slack asked to wait with " + method, After: left}
	}
	delete(g.closed, c.key(method))
	return nil
}

func (g *gates) shut(c *client, method string, until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed == nil {
		g.closed = map[string]time.Time{}
	}
	if until.After(g.closed[c.key(method)]) {
		g.closed[c.key(method)] = until
	}
}
