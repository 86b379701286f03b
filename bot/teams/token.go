package teams

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/schema"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

const (
	issuer    = "https://api.botframework.com"
	skew      = 5 * time.Minute
	tokenMost = 8 << 10
	// channelTeams is how the Bot Connector calls Teams.
	channelTeams = "msteams"
)

// claims are what a verified token says.
type claims struct {
	serviceURL   string
	endorsements []string // of the key that signed it
	tenant       string   // "" where it names none
}

// errToken is a token that isn't the Bot Connector's to us.
var errToken = errors.New("teams: the token is not good")

func refuse(why string) error { return fmt.Errorf("%w: %s", errToken, why) }

// validator checks what comes in, in place of the SDK's: first the token alone,
// before anything of a body is read, then whether it speaks for the activity.
type validator struct {
	app     string
	keys    *keys
	now     func() time.Time
	tenants []string // whose people are heard
}

// verify checks the token of a request by itself.
func (v *validator) verify(ctx context.Context, h http.Header) (claims, error) {
	var c claims
	values := h.Values("Authorization")
	if len(values) != 1 {
		return c, refuse("there is not exactly one")
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return c, refuse("it has no scheme Bearer")
	}
	if len(token) > tokenMost {
		return c, refuse("it is too long")
	}
	id, err := keyID(token)
	if err != nil {
		return c, err
	}
	k, ok, err := v.keys.key(ctx, id)
	if err != nil {
		return c, err
	}
	if !ok {
		return c, refuse("its key is unknown")
	}
	t, err := jwt.Parse([]byte(token), jwt.WithKey(jwa.RS256(), k.public), jwt.WithValidate(false))
	if err != nil {
		return c, refuse("its signature is not the key's")
	}
	c.endorsements = k.endorsements
	return c, v.judge(t, &c)
}

// keyID reads the header of a token: only RS256 is taken, and nothing in it may
// have to be understood.
func keyID(token string) (string, error) {
	head, _, _ := strings.Cut(token, ".")
	if strings.Count(token, ".") != 2 {
		return "", refuse("it has not three parts")
	}
	raw, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return "", refuse("its header can't be read")
	}
	var h map[string]any
	if json.Unmarshal(raw, &h) != nil {
		return "", refuse("its header can't be read")
	}
	id, _ := h["kid"].(string)
	if alg, _ := h["alg"].(string); alg != "RS256" || id == "" || h["crit"] != nil {
		return "", refuse("it is not signed with RS256 and a named key")
	}
	return id, nil
}

// judge checks the claims. All of them have to be there.
func (v *validator) judge(t jwt.Token, c *claims) error {
	now := v.now()
	if iss, ok := t.Issuer(); !ok || iss != issuer {
		return refuse("its issuer is another")
	}
	if aud, ok := t.Audience(); !ok || !slices.Contains(aud, v.app) {
		return refuse("it is for somebody else")
	}
	if exp, ok := t.Expiration(); !ok || !now.Before(exp.Add(skew)) {
		return refuse("it has expired, or says not when it does")
	}
	if nbf, ok := t.NotBefore(); !ok || now.Before(nbf.Add(-skew)) {
		return refuse("it is not valid yet, or says not when it is")
	}
	if t.Get("serviceurl", &c.serviceURL) != nil || c.serviceURL == "" {
		return refuse("it names no service URL")
	}
	if t.Has("tid") && (t.Get("tid", &c.tenant) != nil || !v.hears(c.tenant)) {
		return refuse("it is of another tenant")
	}
	return nil
}

func (v *validator) hears(tenant string) bool {
	return tenant != "" && slices.ContainsFunc(v.tenants, func(t string) bool { return strings.EqualFold(t, tenant) })
}

type claimsKey struct{}

// AuthenticateRequest says whether the verified token of a request speaks for the
// activity. It is what the SDK's adapter calls; the token itself was verified
// before the activity was read, and its claims are in the context.
func (v *validator) AuthenticateRequest(ctx context.Context, a schema.Activity, _ string, _ auth.CredentialProvider, _ string) (auth.ClaimsIdentity, error) {
	c, ok := ctx.Value(claimsKey{}).(claims)
	switch {
	case !ok:
		return nil, refuse("it was not verified")
	case !sameURL(c.serviceURL, a.ServiceURL):
		return nil, refuse("its service URL is not the activity's")
	case a.ChannelID != channelTeams || !slices.Contains(c.endorsements, a.ChannelID):
		return nil, refuse("its key is not endorsed for the channel")
	}
	return auth.NewClaimIdentity(map[string]any{"serviceurl": c.serviceURL}, true), nil
}

// sameURL compares two URLs but for case and a slash at the end.
func sameURL(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}
