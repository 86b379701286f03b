package teams

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// assertionTime is how long an assertion is good. Microsoft asks for five to ten
// minutes at most; it is used at once.
const assertionTime = 5 * time.Minute

// expiryAhead is how long before its end a certificate is warned of.
const expiryAhead = 30 * 24 * time.Hour

// certificate is what the app signs in with in place of a secret.
type certificate struct {
	leaf *x509.Certificate
	key  *rsa.PrivateKey
}

// errCertificate is a certificate that can't be signed in with.
var errCertificate = errors.New("teams: the certificate can't be used")

func unusable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errCertificate, fmt.Sprintf(format, args...))
}

// readCertificate reads the PEM of a certificate and its private key, in any order
// and with those of its issuers beside it.
func readCertificate(data []byte) (*certificate, error) {
	var c certificate
	var all []*x509.Certificate
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return nil, unusable("its private key is encrypted; Tandem has nobody to ask for the passphrase, so write it without one (openssl pkey -in KEY -out PLAIN-KEY)")
		case block.Type == "CERTIFICATE":
			one, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, unusable("a certificate in its PEM can't be read: %v", err)
			}
			all = append(all, one)
		case block.Type == "PRIVATE KEY" || block.Type == "RSA PRIVATE KEY" || block.Type == "EC PRIVATE KEY":
			if c.key != nil {
				return nil, unusable("there is more than one private key in its PEM")
			}
			var err error
			if c.key, err = readKey(block); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case c.key == nil && len(all) == 0:
		return nil, unusable("it is not PEM; it has to hold BEGIN CERTIFICATE and BEGIN PRIVATE KEY")
	case c.key == nil:
		return nil, unusable("its PEM holds no private key")
	case len(all) == 0:
		return nil, unusable("its PEM holds a private key and no certificate")
	}
	for _, one := range all {
		if c.key.PublicKey.Equal(one.PublicKey) {
			c.leaf = one
			return &c, nil
		}
	}
	return nil, unusable("the private key is not the certificate's")
}

// readKey reads an RSA key: Microsoft's sign-in takes no other of an app.
func readKey(block *pem.Block) (*rsa.PrivateKey, error) {
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, unusable("its private key can't be read: %v", err)
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, unusable("its key is not RSA, which is all that Microsoft's sign-in takes")
	}
	if private.N.BitLen() < 2048 {
		return nil, unusable("its RSA key has %d bits and needs 2048 at the least", private.N.BitLen())
	}
	return private, nil
}

// valid is an error where the certificate is not good at the instant.
func (c *certificate) valid(now time.Time) error {
	switch {
	case now.After(c.leaf.NotAfter):
		return unusable("it expired on %s; upload a new one at the Entra app and give it to Tandem", c.leaf.NotAfter.UTC().Format(time.DateOnly))
	case now.Before(c.leaf.NotBefore):
		return unusable("it is not valid before %s", c.leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	return nil
}

// expires reports whether the certificate ends soon.
func (c *certificate) expires(now time.Time) bool { return c.leaf.NotAfter.Sub(now) < expiryAhead }

// assertion signs that the app is who asks at the endpoint. Its form is Microsoft's:
// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
func (c *certificate) assertion(app, endpoint string, now time.Time, random io.Reader) (string, error) {
	id := make([]byte, 16)
	if _, err := io.ReadFull(random, id); err != nil {
		return "", fmt.Errorf("teams: an id for the sign-in: %w", err)
	}
	payload, err := json.Marshal(object{
		"aud": endpoint, "iss": app, "sub": app, "jti": hex.EncodeToString(id),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionTime).Unix(),
	})
	if err != nil {
		return "", err
	}
	thumb := sha256.Sum256(c.leaf.Raw)
	h := jws.NewHeaders()
	err = errors.Join(h.Set(jws.TypeKey, "JWT"), h.Set(jws.X509CertThumbprintS256Key, base64.RawURLEncoding.EncodeToString(thumb[:])))
	if err != nil {
		return "", err
	}
	signed, err := jws.Sign(payload, jws.WithKey(jwa.PS256(), c.key, jws.WithProtectedHeaders(h)))
	return string(signed), err
}
