package teams

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/tandem-bot/tandem/bot"
)

// tokens has our token for the Bot Connector, from the bot's home tenant. The app
// signs in with its secret or with its certificate.
type tokens struct {
	none                  bool // none is wanted
	app, secret, endpoint string
	certificate           *certificate
	random                io.Reader
	http                  *http.Client
	now                   func() time.Time
	log                   *slog.Logger

	mu     sync.Mutex
	shared oauth2.TokenSource // of all requests
	warned time.Time          // of the certificate's end
}

func newTokens(o *Options, c *certificate, authority string, client *http.Client) *tokens {
	return &tokens{
		none: o.NoTokens, app: o.AppID, secret: o.Secret, certificate: c, random: o.Random, http: client, now: o.Now, log: o.Log,
		endpoint: authority + "/" + o.Tenant + "/oauth2/v2.0/token",
	}
}

// config asks for a token with the secret, or with what proves the certificate.
func (t *tokens) config(proof url.Values) *clientcredentials.Config {
	return &clientcredentials.Config{
		ClientID: t.app, ClientSecret: t.secret, AuthStyle: oauth2.AuthStyleInParams,
		TokenURL: t.endpoint, Scopes: []string{scope}, EndpointParams: proof,
	}
}

// withCertificate signs in anew for each token: an assertion is good once, and not
// for long.
type withCertificate struct {
	*tokens
	ctx context.Context //nolint:containedctx // as the library's own source has it
}

// Token asks for a token.
func (s withCertificate) Token() (*oauth2.Token, error) {
	now := s.now()
	if err := s.certificate.valid(now); err != nil {
		return nil, err
	}
	s.warn(now)
	signed, err := s.certificate.assertion(s.app, s.endpoint, now, s.random)
	if err != nil {
		return nil, err
	}
	return s.config(url.Values{
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {signed},
	}).Token(s.ctx)
}

// warn says once a day that the certificate ends soon.
func (t *tokens) warn(now time.Time) {
	if t.certificate == nil || !t.certificate.expires(now) {
		return
	}
	t.mu.Lock()
	due := t.warned.IsZero() || now.Sub(t.warned) >= 24*time.Hour
	if due {
		t.warned = now
	}
	t.mu.Unlock()
	if due {
		end := t.certificate.leaf.NotAfter
		t.log.Warn("THE CERTIFICATE FOR TEAMS EXPIRES SOON: after that Tandem can't speak there; upload a new one at the Entra app and give it to Tandem",
			"expires", end.UTC().Format(time.DateOnly), "days", int(end.Sub(now).Hours()/24))
	}
}

// source makes a source of tokens, which asks for the first when it is wanted.
func (t *tokens) source(ctx context.Context) oauth2.TokenSource {
	if t.certificate != nil {
		return oauth2.ReuseTokenSource(nil, withCertificate{t, ctx})
	}
	return t.config(nil).TokenSource(ctx)
}

// token returns one that is good for now.
func (t *tokens) token(ctx context.Context) (string, error) {
	if t.none {
		return "", ctx.Err()
	}
	t.mu.Lock()
	if t.shared == nil {
		// The source outlives the request; the client has a time limit of its own.
		t.shared = t.source(context.WithValue(context.Background(), oauth2.HTTPClient, t.http)) //nolint:contextcheck // as said
	}
	source := t.shared
	t.mu.Unlock()
	got, err := source.Token()
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		why := "Microsoft's sign-in can't be reached for Tandem's token"
		if r, refused := refusedBy(err); refused {
			why = "Microsoft's sign-in gives Tandem no token: " + r.what
		} else if errors.Is(err, errCertificate) {
			why = err.Error()
		}
		return "", &bot.SendError{Reason: why, After: time.Minute}
	}
	return got.AccessToken, ctx.Err()
}

// forget makes the next token a new one.
func (t *tokens) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shared = nil
}
