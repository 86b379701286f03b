package teamstest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// signer is a key of the Bot Connector.
type signer struct {
	id           string
	private      *rsa.PrivateKey
	endorsements []string
}

func newSigner(tb testing.TB, id string, endorsements ...string) signer {
	tb.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048) //nolint:forbidigo // a key of the stand-in
	if err != nil {
		tb.Fatal(err)
	}
	return signer{id, k, endorsements}
}

// AddKey gives the Connector another key, which signs from now on.
func (t *Teams) AddKey(tb testing.TB, id string, endorsements ...string) {
	tb.Helper()
	k := newSigner(tb, id, endorsements...)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keys = append(t.keys, k)
}

// Outage ends or begins an outage of the key server.
func (t *Teams) Outage(out bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outage = out
}

func (t *Teams) metadata(w http.ResponseWriter, _ *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fetches++
	if t.outage {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	respond(w, http.StatusOK, map[string]any{"issuer": "https://api.botframework.com", "jwks_uri": t.server.URL + "/v1/.well-known/keys"})
}

func (t *Teams) keySet(w http.ResponseWriter, _ *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var set []any
	for _, k := range t.keys {
		public, err := jwk.Import(&k.private.PublicKey)
		if err != nil {
			continue
		}
		_ = public.Set(jwk.KeyIDKey, k.id)
		if len(k.endorsements) > 0 {
			_ = public.Set("endorsements", k.endorsements)
		}
		set = append(set, public)
	}
	respond(w, http.StatusOK, map[string]any{"keys": set})
}

// Claims are those of a good token; a test changes what it wants.
func (t *Teams) Claims() map[string]any {
	now := t.o.Now()
	return map[string]any{
		"iss": "https://api.botframework.com", "aud": t.o.App, "serviceurl": t.URL(),
		"nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// Sign signs claims with the newest key. Headers are added to the usual ones.
func (t *Teams) Sign(claims, headers map[string]any) (string, error) {
	t.mu.Lock()
	k := t.keys[len(t.keys)-1]
	t.mu.Unlock()
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	h := jws.NewHeaders()
	all := map[string]any{"kid": k.id, "typ": "JWT"}
	maps.Copy(all, headers)
	for name, v := range all {
		if err := h.Set(name, v); err != nil {
			return "", err
		}
	}
	signed, err := jws.Sign(payload, jws.WithKey(jwa.RS256(), k.private, jws.WithProtectedHeaders(h)))
	return string(signed), err
}

// PublicKey returns the modulus of the newest key, for forgeries.
func (t *Teams) PublicKey() *rsa.PublicKey {
	t.mu.Lock()
	defer t.mu.Unlock()
	return &t.keys[len(t.keys)-1].private.PublicKey
}

// Activity is one as Teams sends it, in a conversation; a test adds the rest.
func (t *Teams) Activity(kind, id, conversation, user, name string) map[string]any {
	about := map[string]any{"id": conversation, "tenantId": t.o.Tenant, "conversationType": "channel", "isGroup": true}
	channel, _ := base(conversation)
	t.mu.Lock()
	if t.chats[channel] != "" {
		about["conversationType"] = "personal"
		delete(about, "isGroup")
	}
	t.mu.Unlock()
	return map[string]any{
		"type": kind, "id": id, "channelId": "msteams", "serviceUrl": t.URL(), "timestamp": t.o.Now().Format(time.RFC3339Nano),
		"from":      map[string]any{"id": "29:" + user, "aadObjectId": user, "name": name},
		"recipient": map[string]any{"id": "28:" + t.o.App, "name": "Tandem"}, "conversation": about,
		"channelData": map[string]any{"tenant": map[string]any{"id": t.o.Tenant}},
	}
}

// Deliver posts an activity to a bot with a good token.
func (t *Teams) Deliver(ctx context.Context, bot string, activity map[string]any) (status int, body []byte, err error) {
	token, err := t.Sign(t.Claims(), nil)
	if err != nil {
		return 0, nil, err
	}
	return Post(ctx, bot, "Bearer "+token, activity)
}

// Post posts an activity to a bot with whatever as its token.
func Post(ctx context.Context, bot, authorization string, activity map[string]any) (status int, body []byte, err error) {
	var data bytes.Buffer
	e := json.NewEncoder(&data)
	e.SetEscapeHTML(false)
	if err := e.Encode(activity); err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, bot, &data)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}
