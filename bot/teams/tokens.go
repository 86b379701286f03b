package teams

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/tandem-bot/tandem/bot"
)

// tokens has our token for the Bot Connector, from the bot's home tenant.
type tokens struct {
	config *clientcredentials.Config // nil: none is wanted
	http   *http.Client

	mu     sync.Mutex
	source oauth2.TokenSource
}

func newTokens(o *Options, authority string, client *http.Client) *tokens {
	if o.NoTokens {
		return &tokens{}
	}
	return &tokens{http: client, config: &clientcredentials.Config{
		ClientID: o.AppID, ClientSecret: o.Secret, AuthStyle: oauth2.AuthStyleInParams,
		TokenURL: authority + "/" + o.Tenant + "/oauth2/v2.0/token", Scopes: []string{scope},
	}}
}

// token returns one that is good for now.
func (t *tokens) token(ctx context.Context) (string, error) {
	if t.config == nil {
		return "", ctx.Err()
	}
	t.mu.Lock()
	if t.source == nil {
		// The source outlives the request; the client has a time limit of its own.
		t.source = t.config.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, t.http)) //nolint:contextcheck // as said
	}
	source := t.source
	t.mu.Unlock()
	got, err := source.Token()
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		why := "Microsoft's sign-in can't be reached for Tandem's token"
		if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
			why = "Microsoft's sign-in refuses Tandem's id, tenant or secret (" + head(refused.ErrorCode, 80) + ")"
		}
		return "", &bot.SendError{Reason: why, After: time.Minute}
	}
	return got.AccessToken, ctx.Err()
}

// forget makes the next token a new one.
func (t *tokens) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.source = nil
}
