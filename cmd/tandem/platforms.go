package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/install"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/cmd/tandem/config"
	slackmanifest "github.com/tandem-bot/tandem/manifests/slack"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// greeter remembers in the store who was greeted. In the browser nobody is: there
// one person speaks for everybody.
type greeter struct{ db *sqlite.DB }

// Greet reports whether somebody was not greeted before.
func (g greeter) Greet(ctx context.Context, ev *bot.Event) (bool, error) {
	if ev.Platform == web.Platform {
		return false, nil
	}
	return g.db.Greet(ctx, ev.Platform, ev.Tenant, ev.User, ev.At)
}

// homeSays is what stands on the Home tab: what waits for the person, who is on
// call, what comes next, and how the engagement stands.
var homeSays = []string{"mine", "oncall", "upcoming 14", "status"}

// slackPlace is Slack as far as the store knows it.
type slackPlace struct {
	db        *sqlite.DB
	now       func() time.Time
	installer *install.Installer // nil where there is a token for one workspace
}

// ChannelMoved keeps that a channel has a new id.
func (p slackPlace) ChannelMoved(ctx context.Context, tenant, from, to string) error {
	return p.db.MoveChannel(ctx, slack.Platform, tenant, from, to, p.now())
}

// ChannelNow returns the id that a channel has now.
func (p slackPlace) ChannelNow(ctx context.Context, tenant, channel string) (string, error) {
	return p.db.ChannelNow(ctx, slack.Platform, tenant, channel)
}

// Removed forgets the tokens of a workspace. The one of the configuration is its
// admin's to take out; that it is of no use is in the log.
func (p slackPlace) Removed(ctx context.Context, tenant, why string) error {
	if p.installer == nil {
		return nil
	}
	return p.installer.Removed(ctx, tenant, why)
}

// teamsPlace is Teams as far as the store knows it.
type teamsPlace struct {
	db  *sqlite.DB
	now func() time.Time
}

var _ teams.References = teamsPlace{}

// Keep stores a conversation.
func (p teamsPlace) Keep(ctx context.Context, r teams.Reference) (bool, error) {
	return p.db.KeepTeamsConversation(ctx, store.TeamsConversation(r), p.now())
}

// Drop forgets a conversation.
func (p teamsPlace) Drop(ctx context.Context, tenant, conversation string) error {
	return p.db.DropTeamsConversation(ctx, tenant, conversation)
}

// Direct returns the personal chat with somebody.
func (p teamsPlace) Direct(ctx context.Context, tenant, user string) (teams.Reference, bool, error) {
	c, found, err := p.db.TeamsDirect(ctx, tenant, user)
	return teams.Reference(c), found, err
}

// ServiceURL returns that of a conversation, or the newest of its tenant, or "".
func (p teamsPlace) ServiceURL(ctx context.Context, tenant, conversation string) (string, error) {
	return p.db.TeamsServiceURL(ctx, tenant, conversation)
}

// maker makes the adapters of the platforms that a configuration turns on: for
// serve, which runs them, and for whoever only asks the platforms something.
type maker struct {
	config  *config.Config
	db      *sqlite.DB
	log     *slog.Logger
	now     func() time.Time
	handler slack.Handler // that of Teams is the same
	owner   string        // names this process on its leases
	jitter  func() float64
	// asStored takes the tokens of Slack as the store has them and renews none.
	asStored bool
}

// maker makes a maker, whose adapters answer nobody yet.
func (a *app) maker(c *config.Config, db *sqlite.DB, log *slog.Logger) maker {
	return maker{config: c, db: db, log: log, now: a.now, handler: nobody{}, owner: rand.Text(), jitter: mathrand.Float64}
}

// nobody answers nothing.
type nobody struct{}

// Handle answers nothing.
func (nobody) Handle(context.Context, bot.Event) (bot.Reply, bool) { return bot.Reply{}, false }

// newSlack makes the adapter of Slack, and what workspaces install Tandem with,
// where they do; neither where Slack is off.
func (m *maker) newSlack() (*slack.Slack, *install.Installer, error) {
	c := &m.config.Slack
	if !c.On {
		return nil, nil, nil
	}
	installer, err := m.newInstaller(&c.OAuth)
	if err != nil {
		return nil, nil, err
	}
	place := slackPlace{m.db, m.now, installer}
	var tokens slack.Installations = slack.Only{Token: c.BotToken.Reveal()}
	switch {
	case installer != nil && m.asStored:
		tokens = installer.AsStored()
	case installer != nil:
		tokens = installer
	}
	o := slack.Options{
		Handler: m.handler, Inbox: m.arrivals(slack.Platform), Installations: tokens,
		Changes: place, Channels: place, SigningSecret: c.SigningSecret.Reveal(), Now: m.now, HomeSays: homeSays, API: c.API, Log: m.log,
	}
	if c.Socket {
		o.AppToken = c.AppToken.Reveal()
	}
	adapter, err := slack.New(o)
	return adapter, installer, err
}

// newInstaller makes what workspaces install Tandem with, or nil where they don't.
func (m *maker) newInstaller(c *config.SlackOAuth) (*install.Installer, error) {
	if c.ClientID == "" {
		return nil, nil
	}
	keys := []string{c.Key.Reveal()}
	if c.OldKey != "" {
		keys = append(keys, c.OldKey.Reveal())
	}
	vault, err := install.NewVault(rand.Reader, keys...)
	if err != nil {
		return nil, store.Errorf(store.CodeInvalid, "slack.key is of no use: %w", err)
	}
	scopes := make([]string, len(slackmanifest.Scopes))
	for i, scope := range slackmanifest.Scopes {
		scopes[i] = scope.Name
	}
	return install.New(install.Options{
		Store: m.db, Vault: vault, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), URL: c.URL, Scopes: scopes,
		Allowed: c.Teams, Now: m.now, Log: m.log, API: m.config.Slack.API,
	})
}

// renewEvery is how often tokens are looked at that run out.
const renewEvery = 5 * time.Minute

// renew keeps the tokens of all workspaces good, now and every five minutes.
func (s *service) renew(ctx context.Context) error {
	if n, err := s.installer.Reseal(ctx); err != nil {
		s.log.ErrorContext(ctx, "tokens of Slack could not be sealed with the new key", "error", err)
	} else if n > 0 {
		s.log.InfoContext(ctx, "tokens of Slack are sealed with the new key; the old one can go", "workspaces", n)
	}
	again := time.NewTicker(renewEvery)
	defer again.Stop()
	for {
		if err := s.installer.Renew(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "tokens of Slack could not be renewed; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}

// newTeams makes the adapter of Teams, or nil where Teams is off.
func (m *maker) newTeams() (*teams.Teams, error) {
	c := &m.config.Teams
	if !c.On {
		return nil, nil
	}
	place := teamsPlace{m.db, m.now}
	return teams.New(teams.Options{
		Handler: m.handler, Inbox: m.arrivals(teams.Platform), References: place, Now: m.now,
		AppID: c.AppID, Tenant: c.Tenant, Secret: c.Secret.Reveal(), Certificate: []byte(c.Certificate.Reveal()), Tenants: c.Tenants,
		Emulator: c.Emulator, NoTokens: c.NoTokens, Log: m.log, Jitter: m.jitter, Random: rand.Reader,
	})
}

const (
	// platformPatience bounds how long a request may take to come in. The browser's
	// chat, which stands at the same address, keeps its answers open.
	platformPatience = 5 * time.Second
	// platformAnswer bounds how long its answer may take: Teams' invokes wait longest.
	platformAnswer = 3 * platformPatience
	// installAnswer is for the pages of an installation, which ask Slack meanwhile.
	installAnswer = time.Minute
)

// patient gives an answer its time, and doesn't wait for a request that is slow.
func patient(h http.Handler, answer time.Duration, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control, now := http.NewResponseController(w), time.Now()
		if err := control.SetReadDeadline(now.Add(platformPatience)); err != nil {
			log.WarnContext(r.Context(), "a request is waited for without a limit", "error", err)
		}
		if err := control.SetWriteDeadline(now.Add(answer)); err != nil {
			log.WarnContext(r.Context(), "a request is answered without a limit", "error", err)
		}
		h.ServeHTTP(w, r)
	})
}

// The addresses of the platforms.
const (
	slackPath = "/slack/"
	teamsPath = "/api/messages"
)

// doors is where the platforms come in that are on; everything else is the
// browser's, if that is on.
func (s *service) doors(browser http.Handler) http.Handler {
	mux := http.NewServeMux()
	if s.slack != nil && !s.config.Slack.Socket {
		mux.Handle(slackPath, patient(s.slack, platformAnswer, s.log))
	}
	if s.installer != nil {
		mux.Handle(install.InstallPath, patient(s.installer, installAnswer, s.log))
		mux.Handle(install.CallbackPath, patient(s.installer, installAnswer, s.log))
	}
	if s.teams != nil {
		mux.Handle(teamsPath, patient(s.teams, platformAnswer, s.log))
	}
	if browser != nil {
		mux.Handle("/", browser)
	}
	return mux
}

// platforms are those that posts go to, in the order in which a person is looked
// for on them.
func (s *service) platforms() []bot.Platform {
	var list []bot.Platform
	if s.slack != nil {
		list = append(list, s.slack)
	}
	if s.teams != nil {
		list = append(list, s.teams)
	}
	if s.page != nil {
		list = append(list, s.page)
	}
	return list
}
