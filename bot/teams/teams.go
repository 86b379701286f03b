package teams

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"

	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/core"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
)

var (
	_ bot.Platform        = (*Teams)(nil)
	_ http.Handler        = (*Teams)(nil)
	_ auth.TokenValidator = (*validator)(nil)
)

// Handler answers events; it reports false for a repeat. *bot.Router is one.
type Handler interface {
	Handle(ctx context.Context, e bot.Event) (reply bot.Reply, fresh bool)
}

// Options are what the adapter is made of. Handler, Inbox, References, Now,
// AppID and Tenant are required, and Secret or Certificate unless there is NoTokens.
type Options struct {
	Handler    Handler
	Inbox      inbox.Inbox
	References References
	Now        func() time.Time
	AppID      string // of the Entra app, which is the bot's
	Tenant     string // the bot's home tenant, which gives out its token
	Secret     string // of the Entra app
	// Certificate signs in in place of the Secret: PEM of a certificate that was
	// uploaded at the Entra app, and of its private key. It needs Random, which the
	// ids of the sign-ins are made of: crypto/rand.Reader.
	Certificate []byte
	Random      io.Reader
	// Tenants are those whose people are heard; the home tenant always is.
	Tenants []string
	// Emulator is the address of a stand-in for Microsoft on this machine,
	// http://127.0.0.1:PORT. Only it may be private or without TLS, and with it
	// tokens, keys and conversations are all the stand-in's.
	Emulator string
	// NoTokens hears whoever is on this machine without a token, and sends without
	// one: for trying out with a playground. It needs an Emulator.
	NoTokens bool
	// Hello is said where Tandem was added; a zero card is a short one.
	Hello   card.Message
	Log     *slog.Logger // nil is silent
	Workers int          // deliveries worked on at once; 0 is eight
	Jitter  func() float64
	// Limits and Wait replace Teams' limits of a thread, and how to wait.
	Limits []Limit
	Wait   func(ctx context.Context, d time.Duration) error
}

// Teams is the adapter. It is safe for concurrent use.
type Teams struct {
	o         Options
	emulator  *url.URL
	http      *http.Client
	validator *validator
	settings  core.AdapterSetting
	tokens    *tokens
	pace      *pace
	queue     *inbox.Queue[*delivery]

	mu      sync.Mutex
	directs map[string]string      // tenant and user → conversation
	tails   map[string][]string    // first message → those that go on with it
	members map[string]member      // tenant and user → what the roster says
	asked   map[string]chan answer // invokes that wait, by delivery
	worked  map[string]bool        // deliveries, by id
}

// word is an id or a name of a tenant, as it stands in an address.
var word = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,127}$`)

// New makes an adapter. Run starts it.
func New(o Options) (*Teams, error) {
	switch {
	case o.Handler == nil || o.Inbox == nil || o.References == nil || o.Now == nil:
		return nil, errors.New("teams: the options lack a handler, an inbox, references or a clock")
	case !word.MatchString(o.AppID) || !word.MatchString(o.Tenant):
		return nil, errors.New("teams: the options lack the app's id or its tenant's")
	case o.Secret == "" && len(o.Certificate) == 0 && !o.NoTokens:
		return nil, errors.New("teams: the options lack the app's secret or certificate")
	case o.Secret != "" && len(o.Certificate) > 0:
		return nil, errors.New("teams: the app signs in with a secret or with a certificate, and not with both")
	case len(o.Certificate) > 0 && o.Random == nil:
		return nil, errors.New("teams: a certificate needs a source of randomness")
	case o.NoTokens && o.Emulator == "":
		return nil, errors.New("teams: only a stand-in on this machine goes without tokens")
	}
	proof, err := o.certificate()
	if err != nil {
		return nil, err
	}
	t := &Teams{
		directs: map[string]string{}, tails: map[string][]string{}, members: map[string]member{},
		asked: map[string]chan answer{}, worked: map[string]bool{},
	}
	authority, metadata := defaultAuthority, defaultMetadata
	if o.Emulator != "" {
		u, err := url.Parse(o.Emulator)
		if err != nil || u.Host == "" || u.Port() == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, errors.New("teams: the emulator's address is not like http://127.0.0.1:56150")
		}
		t.emulator = u
		authority, metadata = u.Scheme+"://"+u.Host, u.Scheme+"://"+u.Host+"/v1/.well-known/openidconfiguration"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Workers <= 0 {
		o.Workers = 8
	}
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0.5 }
	}
	if o.Wait == nil {
		o.Wait = sleep
	}
	if o.Hello.IsZero() {
		o.Hello = card.New(
			card.Heading("Hello, I am Tandem"),
			card.Paragraph("I know who owns what between the two IT teams here, who leads right now, and what was agreed to happen when. Mention me with a question in your own words, such as who owns password resets?"),
			card.Note("Say help for what else I can do. Everything works by mention, by button and in a chat with me."),
		)
	}
	t.o = o
	t.http = newClient(t.emulator)
	t.validator = &validator{app: o.AppID, keys: newKeys(metadata, t.http, o.Now), now: o.Now, tenants: append([]string{o.Tenant}, o.Tenants...)}
	credentials := auth.SimpleCredentialProvider{AppID: o.AppID, Password: o.Secret}
	t.settings = core.AdapterSetting{AppID: o.AppID, AppPassword: o.Secret, ChannelAuthTenant: o.Tenant, CredentialProvider: credentials}
	t.tokens = newTokens(&o, proof, authority, t.http)
	t.tokens.warn(o.Now())
	t.pace = newPace(o.Limits, o.Now, o.Wait)
	t.queue = inbox.NewQueue(o.Workers, t.work, t.refill)
	if o.NoTokens {
		o.Log.Warn("TEAMS WITHOUT TOKENS: whoever is on this machine can speak as anybody; this is for trying out and nothing else")
	}
	return t, nil
}

// certificate reads the one of the options; nil where there is none, or no need.
func (o *Options) certificate() (*certificate, error) {
	if len(o.Certificate) == 0 || o.NoTokens {
		return nil, nil
	}
	c, err := readCertificate(o.Certificate)
	if err != nil {
		return nil, err
	}
	return c, c.valid(o.Now())
}

// Name returns the platform's name.
func (t *Teams) Name() string { return Platform }

// Run works on what comes in until the context ends, beginning with what was
// accepted and not finished before. What is being worked on then is finished.
func (t *Teams) Run(ctx context.Context) error {
	return t.queue.Run(ctx, t.o.Inbox, func(after int64, put func(*delivery) (more bool)) error { return t.resume(ctx, after, put) }, nil)
}

// Idle waits until everything accepted has been worked on.
func (t *Teams) Idle(ctx context.Context) error { return t.queue.Idle(ctx) }
