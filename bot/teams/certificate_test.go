package teams_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
)

// certified are options to sign in with a certificate.
func (w *town) certified(both []byte) teams.Options {
	o := w.options()
	o.Secret, o.Certificate, o.Random = "", both, rand.Reader
	return o
}

// The app signs in with a certificate, each time anew: an assertion is good once.
func TestCertificate(t *testing.T) {
	w := open(t, nil)
	both, c := teamstest.NewCertificate(t, start.AddDate(0, -1, 0), start.AddDate(1, 0, 0))
	w.Teams.Trust(c)
	a, err := teams.New(w.certified(both))
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 2; n++ {
		if _, err := a.Send(t.Context(), hello(here)); err != nil {
			t.Fatal(err)
		}
		if w.Teams.Grants() != n {
			t.Errorf("%d tokens were given out, want %d", w.Teams.Grants(), n)
		}
		w.Teams.Revoke()
	}
}

// A certificate that was not uploaded gets no token, and the reason says so.
func TestWrongCertificate(t *testing.T) {
	w := open(t, nil)
	_, other := teamstest.NewCertificate(t, start.AddDate(0, -1, 0), start.AddDate(1, 0, 0))
	both, _ := teamstest.NewCertificate(t, start.AddDate(0, -1, 0), start.AddDate(1, 0, 0))
	w.Teams.Trust(other)
	a, err := teams.New(w.certified(both))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Send(t.Context(), hello(here))
	refused, ok := errors.AsType[*bot.SendError](err)
	if !ok || refused.Permanent || !strings.Contains(refused.Reason, "not one of the app's (AADSTS700027)") {
		t.Errorf("%v", err)
	}
	if n := len(w.Teams.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// The end of a certificate is told thirty days ahead, once a day, and what comes
// after it is told as what it is.
func TestCertificateEnds(t *testing.T) {
	w := open(t, nil)
	both, c := teamstest.NewCertificate(t, start.AddDate(-1, 0, 0), start.AddDate(0, 0, 31))
	w.Teams.Trust(c)
	now := start
	var log bytes.Buffer
	o := w.certified(both)
	o.Now, o.Log = func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil))
	a, err := teams.New(o)
	if err != nil {
		t.Fatal(err)
	}
	send := func() error {
		w.Teams.Revoke()
		if err := w.clock.Move(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		_, err := a.Send(t.Context(), hello(here))
		return err
	}
	if err := send(); err != nil || strings.Contains(log.String(), "EXPIRES SOON") {
		t.Errorf("%v\n%s", err, log.String())
	}
	now = start.AddDate(0, 0, 2)
	for range 2 { // the second on the same day says nothing
		if err := send(); err != nil || strings.Count(log.String(), "EXPIRES SOON") != 1 || !strings.Contains(log.String(), "expires=2026-12-22 days=29") {
			t.Errorf("%v\n%s", err, log.String())
		}
	}
	now = start.AddDate(0, 0, 3)
	if err := send(); err != nil || strings.Count(log.String(), "EXPIRES SOON") != 2 {
		t.Errorf("%v\n%s", err, log.String())
	}
	now = start.AddDate(0, 0, 32)
	refused, ok := errors.AsType[*bot.SendError](send())
	if !ok || refused.Permanent || !strings.Contains(refused.Reason, "it expired on 2026-12-22") {
		t.Errorf("%v", refused)
	}
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	now = start.AddDate(0, 0, 20)
	log.Reset()
	if _, err := teams.New(o); err != nil || strings.Count(log.String(), "EXPIRES SOON") != 1 {
		t.Errorf("at the start: %v\n%s", err, log.String())
	}
}

// Whatever is wrong with a certificate's PEM is told in words.
func TestCertificatesThatCannotBeUsed(t *testing.T) {
	w := open(t, nil)
	from, to := start.AddDate(0, -1, 0), start.AddDate(1, 0, 0)
	both, _ := teamstest.NewCertificate(t, from, to)
	others, _ := teamstest.NewCertificate(t, from, to)
	gone, _ := teamstest.NewCertificate(t, from, start.AddDate(0, 0, -1))
	early, _ := teamstest.NewCertificate(t, start.AddDate(0, 0, 1), to)
	parts := func(both []byte) (c, key []byte) {
		one, rest := pem.Decode(both)
		return pem.EncodeToMemory(one), rest
	}
	c, key := parts(both)
	otherC, _ := parts(others)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveDER, err := x509.MarshalECPrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, headers map[string]string, data []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Headers: headers, Bytes: data})
	}
	sealed := block("RSA PRIVATE KEY", map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, []byte("x"))
	for name, test := range map[string]struct {
		pem  []byte
		want string // "" where it can be used
	}{
		"good":                     {both, ""},
		"the key first":            {bytes.Join([][]byte{key, c}, nil), ""},
		"with an issuer before it": {bytes.Join([][]byte{otherC, both}, nil), ""},
		"text":                     {[]byte("a thumbprint"), "not PEM"},
		"no key":                   {c, "no private key"},
		"no certificate":           {key, "no certificate"},
		"another's key":            {bytes.Join([][]byte{otherC, key}, nil), "not the certificate's"},
		"two keys":                 {bytes.Join([][]byte{both, key}, nil), "more than one private key"},
		"encrypted":                {bytes.Join([][]byte{c, block("ENCRYPTED PRIVATE KEY", nil, []byte("x"))}, nil), "encrypted"},
		"encrypted as of old":      {bytes.Join([][]byte{c, sealed}, nil), "encrypted"},
		"a broken certificate":     {bytes.Join([][]byte{block("CERTIFICATE", nil, []byte("x")), key}, nil), "can't be read"},
		"a broken key":             {bytes.Join([][]byte{c, block("PRIVATE KEY", nil, []byte("x"))}, nil), "can't be read"},
		"not RSA":                  {bytes.Join([][]byte{c, block("EC PRIVATE KEY", nil, curveDER)}, nil), "not RSA"},
		"expired":                  {gone, "expired on 2026-11-20"},
		"not yet":                  {early, "not valid before 2026-11-22T04:12:00Z"},
	} {
		_, err := teams.New(w.certified(test.pem))
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "PRIVATE KEY-----") {
			t.Errorf("%s: the key is in %v", name, err)
		}
	}
	o := w.certified(both)
	o.Secret = "both"
	if _, err := teams.New(o); err == nil {
		t.Error("a secret and a certificate are taken")
	}
	o = w.certified(both)
	o.Random = nil
	if _, err := teams.New(o); err == nil {
		t.Error("a certificate goes without randomness")
	}
}

// What Microsoft's sign-in refuses is told in words.
func TestSignInRefusals(t *testing.T) {
	for code, want := range map[int]string{
		7000215: "the secret is wrong (AADSTS7000215)", 7000222: "the secret has expired (AADSTS7000222)", 700016: "no app with this id in the tenant (AADSTS700016)",
		90002: "no tenant with this id (AADSTS90002)", 65001: "refuses Tandem's id, tenant, or secret or certificate (AADSTS65001)",
	} {
		w := open(t, nil)
		w.Teams.RefuseSignIn(code)
		_, err := w.Adapter.Send(t.Context(), hello(here))
		if refused, ok := errors.AsType[*bot.SendError](err); !ok || refused.Permanent || !strings.Contains(refused.Reason, want) {
			t.Errorf("%d: %v", code, err)
		}
	}
}
