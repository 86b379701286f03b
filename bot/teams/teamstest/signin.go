package teamstest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// NewCertificate makes a certificate that signs itself, and returns it as PEM
// together with its key.
func NewCertificate(tb testing.TB, from, to time.Time) (both []byte, c *x509.Certificate) {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048) //nolint:forbidigo // a key of the stand-in
	if err != nil {
		tb.Fatal(err)
	}
	form := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Tandem"}, NotBefore: from, NotAfter: to}
	der, err := x509.CreateCertificate(rand.Reader, &form, &form, &key.PublicKey, key) //nolint:forbidigo // as above
	if err != nil {
		tb.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		tb.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	both = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return append(both, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...), c
}

// Trust uploads certificates to the app, in place of those before.
func (t *Teams) Trust(c ...*x509.Certificate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trusted = c
}

// RefuseSignIn lets the sign-in refuse whatever comes with a code of Entra's; 0
// ends it.
func (t *Teams) RefuseSignIn(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refuses = code
}

// The codes of Entra's that the sign-in knows.
const (
	wrongSecret      = 7000215
	noApp            = 700016
	noTenant         = 90002
	wrongCertificate = 700027
	wrongTime        = 700024
	badRequest       = 900144
)

// grant gives out a token for the right id, tenant and scope, and the right secret
// or an assertion that an uploaded certificate signed.
func (t *Teams) grant(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if code := t.judge(r); code != 0 {
		kind := "invalid_client"
		if code == noApp {
			kind = "unauthorized_client"
		}
		respond(w, http.StatusUnauthorized, map[string]any{
			"error": kind, "error_description": "AADSTS" + strconv.Itoa(code) + ": refused.", "error_codes": []int{code},
		})
		return
	}
	t.grants++
	t.token = fmt.Sprintf("token-%d", t.grants)
	respond(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": t.token})
}

// judge returns the code of a refusal, or 0.
func (t *Teams) judge(r *http.Request) int {
	switch {
	case t.refuses != 0:
		return t.refuses
	case r.PathValue("tenant") != t.o.Tenant:
		return noTenant
	case r.FormValue("client_id") != t.o.App:
		return noApp
	case r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != "https://api.botframework.com/.default":
		return badRequest
	case r.Form.Has("client_assertion"):
		if r.Form.Has("client_secret") || r.FormValue("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
			return badRequest
		}
		return t.proven(r)
	case r.FormValue("client_secret") != t.o.Secret:
		return wrongSecret
	}
	return 0
}

// proven checks an assertion: its certificate, signature, claims and time, and that
// it was not used before.
func (t *Teams) proven(r *http.Request) int {
	assertion := r.FormValue("client_assertion")
	first, _, _ := strings.Cut(assertion, ".")
	var head struct {
		Alg, Typ string
		Thumb    string `json:"x5t#S256"`
	}
	raw, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil || json.Unmarshal(raw, &head) != nil || head.Typ != "JWT" || head.Alg != "PS256" {
		return wrongCertificate
	}
	i := slices.IndexFunc(t.trusted, func(c *x509.Certificate) bool {
		sum := sha256.Sum256(c.Raw)
		return base64.RawURLEncoding.EncodeToString(sum[:]) == head.Thumb
	})
	if i < 0 {
		return wrongCertificate
	}
	payload, err := jws.Verify([]byte(assertion), jws.WithKey(jwa.PS256(), t.trusted[i].PublicKey))
	if err != nil {
		return wrongCertificate
	}
	var said struct {
		Aud, Iss, Sub, Jti string
		Iat, Nbf, Exp      int64
	}
	if json.Unmarshal(payload, &said) != nil || said.Iss != t.o.App || said.Sub != t.o.App || said.Jti == "" ||
		said.Aud != strings.TrimRight(t.server.URL, "/")+r.URL.Path || t.used[said.Jti] {
		return wrongCertificate
	}
	now := t.o.Now().Unix()
	if said.Nbf > now || said.Exp <= now || said.Exp-said.Nbf > 600 || said.Iat > now || now > t.trusted[i].NotAfter.Unix() {
		return wrongTime
	}
	t.used[said.Jti] = true
	return 0
}
