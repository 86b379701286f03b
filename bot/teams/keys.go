package teams

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"
)

// How long keys are good, how often they are looked for again, and how long they
// serve while the key server is out.
const (
	keysFresh  = 24 * time.Hour
	keysLast   = 5 * 24 * time.Hour
	keysMissed = time.Hour        // between two looks for a key id that isn't there
	keysTried  = 10 * time.Second // between two tries without success
	keysTime   = 10 * time.Second // that one look may take
	keysMost   = 1 << 20
)

// errKeys is a key server that can't be reached when there are no keys at all.
var errKeys = errors.New("teams: the keys of the Bot Connector can't be had")

// key is what one may sign with, and for which channels.
type key struct {
	public       *rsa.PublicKey
	endorsements []string
}

// keys are those of the Bot Connector, fetched when they are needed. However many
// ask at once, one fetch is under way.
type keys struct {
	metadata string
	http     *http.Client
	now      func() time.Time

	gate chan struct{} // holds one while somebody fetches

	mu      sync.Mutex
	known   map[string]key
	fetched time.Time // last success
	tried   time.Time // last failure
	missed  time.Time // last fetch for an unknown key id
}

func newKeys(metadata string, client *http.Client, now func() time.Time) *keys {
	return &keys{metadata: metadata, http: client, now: now, gate: make(chan struct{}, 1)}
}

// key returns the key of an id; false says that there is none.
func (k *keys) key(ctx context.Context, id string) (key, bool, error) {
	found, ok, again := k.look(id)
	if !again {
		return found, ok, k.none()
	}
	select {
	case k.gate <- struct{}{}:
		defer func() { <-k.gate }()
	case <-ctx.Done():
		return key{}, false, ctx.Err()
	}
	if found, ok, again = k.look(id); !again { // somebody fetched meanwhile
		return found, ok, k.none()
	}
	// Who asked may be gone; the others still want the keys.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keysTime)
	defer cancel()
	set, err := k.fetch(ctx)
	k.keep(set, err, !ok)
	found, ok, _ = k.look(id)
	if !ok && k.none() != nil {
		return found, ok, errors.Join(errKeys, err)
	}
	return found, ok, nil
}

// none is an error where there are no keys that may still be used.
func (k *keys) none() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.usable() {
		return nil
	}
	return errKeys
}

func (k *keys) usable() bool { return k.known != nil && k.now().Sub(k.fetched) < keysLast }

// look says what is known of an id, and whether to fetch before one relies on it.
func (k *keys) look(id string) (found key, ok, again bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	rested := now.Sub(k.tried) >= keysTried
	if !k.usable() {
		return key{}, false, rested
	}
	found, ok = k.known[id]
	switch {
	case now.Sub(k.fetched) >= keysFresh:
		again = rested
	case !ok:
		again = now.Sub(k.missed) >= keysMissed
	}
	return found, ok, again
}

func (k *keys) keep(set map[string]key, err error, missed bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if missed && k.known != nil {
		k.missed = k.now()
	}
	if err != nil {
		k.tried = k.now()
		return
	}
	k.known, k.fetched = set, k.now()
}

// fetch reads the OpenID metadata, and the keys that it names.
func (k *keys) fetch(ctx context.Context) (map[string]key, error) {
	var about struct {
		Keys string `json:"jwks_uri"`
	}
	if err := k.get(ctx, k.metadata, &about); err != nil {
		return nil, err
	}
	here, err := url.Parse(k.metadata)
	if err != nil {
		return nil, err
	}
	there, err := url.Parse(about.Keys)
	if err != nil || there.Scheme != here.Scheme || there.Host != here.Host {
		return nil, fmt.Errorf("teams: the metadata names keys elsewhere, at %q", about.Keys)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := k.get(ctx, about.Keys, &set); err != nil {
		return nil, err
	}
	known := map[string]key{}
	for _, raw := range set.Keys {
		if id, one, ok := parseKey(raw); ok {
			known[id] = one
		}
	}
	if len(known) == 0 {
		return nil, errors.New("teams: the key server has no key that can be used")
	}
	return known, nil
}

// parseKey reads a public RSA key that is long enough and has an id.
func parseKey(raw []byte) (string, key, bool) {
	var about struct {
		ID           string   `json:"kid"`
		Endorsements []string `json:"endorsements"`
	}
	if json.Unmarshal(raw, &about) != nil || about.ID == "" {
		return "", key{}, false
	}
	parsed, err := jwk.ParseKey(raw)
	if err != nil {
		return "", key{}, false
	}
	var public rsa.PublicKey
	if jwk.Export(parsed, &public) != nil || public.N == nil || public.N.BitLen() < 2048 {
		return "", key{}, false
	}
	return about.ID, key{&public, about.Endorsements}, true
}

func (k *keys) get(ctx context.Context, address string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := k.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("teams: %s answers %s", address, resp.Status)
	}
	return json.NewDecoder(io.LimitReader(resp.Body, keysMost)).Decode(into)
}
