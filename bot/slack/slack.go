package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
)

var (
	_ bot.Platform = (*Slack)(nil)
	_ bot.Finder   = (*Slack)(nil)
	_ http.Handler = (*Slack)(nil)
)

// Handler answers events; it reports false for a repeat. *bot.Router is one.
type Handler interface {
	Handle(ctx context.Context, e bot.Event) (reply bot.Reply, fresh bool)
}

// Installation is Tandem in one workspace, or in all of an Enterprise
// organisation.
type Installation struct {
	Team       string // T…; "" where only the organisation is known, or nothing yet
	Enterprise string // E…
	Token      string // xoxb-…
	BotUser    string // U…; "" is asked of Slack
}

// Installations knows the tokens. A workspace that has none is
// store.CodeNotFound.
type Installations interface {
	Installation(ctx context.Context, team, enterprise string) (Installation, error)
}

// Only is the one installation that there is. Whatever comes in concerns it,
// also from the other side of a shared channel.
type Only Installation

// Installation returns it.
func (o Only) Installation(context.Context, string, string) (Installation, error) {
	return Installation(o), nil
}

// Changes hears what changes at Slack. Each call may come more than once.
type Changes interface {
	// ChannelMoved says that a channel has a new id, as when it becomes shared.
	ChannelMoved(ctx context.Context, tenant, from, to string) error
	// Removed says that Tandem was taken out of a workspace, and why.
	Removed(ctx context.Context, tenant, why string) error
}

// Channels knows where channels have moved.
type Channels interface {
	// ChannelNow returns the id that a channel has now, which mostly is the given one.
	ChannelNow(ctx context.Context, tenant, channel string) (string, error)
}

// Options are what the adapter is made of. Handler, Inbox, Installations and
// Now are required; SigningSecret to receive by HTTP, AppToken for Socket Mode.
type Options struct {
	Handler       Handler
	Inbox         inbox.Inbox
	Installations Installations
	Changes       Changes  // nil: they are logged only
	Channels      Channels // nil: a channel that moved is not followed
	SigningSecret string
	// AppToken (xapp-…) makes Run receive by Socket Mode.
	AppToken string
	Now      func() time.Time
	// HomeSays are the commands whose cards make the Home tab, in its order.
	HomeSays []string
	// Hello is said in a channel that Tandem was added to; a zero card is a
	// short one.
	Hello   card.Message
	API     string       // "" is Slack's; with its trailing slash
	HTTP    *http.Client // nil is one with a time limit
	Log     *slog.Logger // nil is silent
	Workers int          // deliveries worked on at once; 0 is eight
	// Again is how long after a refusal of Socket Mode it is tried again; 0 is a minute.
	Again time.Duration
}

// Slack is the adapter. It is safe for concurrent use.
type Slack struct {
	o      Options
	counts counts
	queue  *inbox.Queue[*delivery]
	gates  gates

	mu      sync.Mutex
	clients map[string]*client // by team and enterprise, as the installation has them
	directs map[string]string  // tenant and user → direct message channel
	people  map[string]person  // tenant and user → what Slack says of them
	tails   map[string][]string
	worked  map[string]bool // deliveries, by id
	// postponed are those of which was told that they wait.
	postponed map[string]bool
}

// New makes an adapter. Run starts it.
func New(o Options) (*Slack, error) {
	if o.Handler == nil || o.Inbox == nil || o.Installations == nil || o.Now == nil {
		return nil, errors.New("slack: the options lack a handler, an inbox, installations or a clock")
	}
	if o.SigningSecret == "" && o.AppToken == "" {
		return nil, errors.New("slack: there is neither a signing secret for HTTP nor an app-level token for Socket Mode")
	}
	if o.API == "" {
		o.API = sdk.APIURL
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 20 * time.Second}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Workers <= 0 {
		o.Workers = 8
	}
	if o.Again <= 0 {
		o.Again = time.Minute
	}
	if o.Hello.IsZero() {
		o.Hello = card.New(
			card.Heading("Hello, I am Tandem"),
			card.Paragraph("I know who owns what between the two IT teams here, who leads right now, and what was agreed to happen when. Mention me with a question in your own words, such as who owns password resets?"),
			card.Note("Say help for what else I can do. Everything works by mention, by button and in a direct message to me."),
		)
	}
	s := &Slack{
		o: o, clients: map[string]*client{}, directs: map[string]string{},
		people: map[string]person{}, tails: map[string][]string{}, worked: map[string]bool{}, postponed: map[string]bool{},
	}
	s.queue = inbox.NewQueue(o.Workers, s.work, s.refill)
	return s, nil
}

// Name returns the platform's name.
func (s *Slack) Name() string { return Platform }

// Run works on what comes in until the context ends, beginning with what was
// accepted and not finished before. With an AppToken it receives by Socket Mode
// as well. What is being worked on when the context ends is finished.
func (s *Slack) Run(ctx context.Context) error {
	var receive func(context.Context) error
	if s.o.AppToken != "" {
		receive = s.socket
	}
	return s.queue.Run(ctx, s.o.Inbox, func(after int64, put func(*delivery) (more bool)) error { return s.resume(ctx, after, put) }, receive)
}

// Idle waits until everything accepted has been worked on.
func (s *Slack) Idle(ctx context.Context) error { return s.queue.Idle(ctx) }

// Counts tells how many of what came in and what became of it, by name.
func (s *Slack) Counts() map[string]int64 { return s.counts.all() }
