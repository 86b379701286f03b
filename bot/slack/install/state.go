package install

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"sync"
	"time"
)

const (
	// stateTime is how long somebody may take between the two pages. Slack's code
	// is good for ten minutes as well.
	stateTime = 10 * time.Minute
	// skew is how far the clocks of two processes may be apart.
	skew = time.Minute

	stampSize  = 8
	nonceSize  = 16
	secretSize = 32 // of a browser
	stateSize  = stampSize + nonceSize + sha256.Size
	mostSpent  = 10_000
)

// states makes the state that goes to Slack with somebody and comes back with
// them, so that nobody can be made to finish an installation that another began.
// It is signed and bound to a secret in a cookie of the browser, and needs no
// storing: any process with the same vault takes it. It is good once in each
// process, and Slack takes the code beside it once.
type states struct {
	vault *Vault
	mu    sync.Mutex
	spent map[[nonceSize]byte]time.Time // until when
}

// text is how states and secrets are written; other writings of the same bytes
// are refused.
var text = base64.RawURLEncoding.Strict()

// begin returns a state and the secret for the browser's cookie.
func (s *states) begin(now time.Time) (state, secret string, err error) {
	var b [stampSize + nonceSize + secretSize]byte
	if err := s.vault.fill(b[stampSize:]); err != nil {
		return "", "", err
	}
	binary.BigEndian.PutUint64(b[:], uint64(now.Unix()))
	head := b[:stampSize+nonceSize]
	secret = text.EncodeToString(b[stampSize+nonceSize:])
	return text.EncodeToString(append(append([]byte(nil), head...), s.sign(head, secret)...)), secret, nil
}

func (s *states) sign(head []byte, secret string) []byte {
	mac := hmac.New(sha256.New, s.vault.states)
	_, _ = mac.Write(head) // a hash doesn't fail
	_, _ = mac.Write([]byte(secret))
	return mac.Sum(nil)
}

// check reports whether a state was made for the browser that has the secret,
// lately, and not used before.
func (s *states) check(state, secret string, now time.Time) bool {
	b, err := text.DecodeString(state)
	if err != nil || len(b) != stateSize || len(secret) != text.EncodedLen(secretSize) {
		return false
	}
	head := b[:stampSize+nonceSize]
	if !hmac.Equal(b[stampSize+nonceSize:], s.sign(head, secret)) {
		return false
	}
	made := time.Unix(int64(binary.BigEndian.Uint64(head)), 0)
	if age := now.Sub(made); age > stateTime || age < -skew {
		return false
	}
	return s.spend([nonceSize]byte(head[stampSize:]), now, made.Add(stateTime+skew))
}

// spend takes a state for used, and reports whether it was not yet.
func (s *states) spend(nonce [nonceSize]byte, now, until time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, used := s.spent[nonce]; used && !t.Before(now) {
		return false
	}
	if len(s.spent) >= mostSpent {
		for n, t := range s.spent {
			if t.Before(now) {
				delete(s.spent, n)
			}
		}
	}
	if len(s.spent) >= mostSpent {
		clear(s.spent) // Slack takes no code twice
	}
	s.spent[nonce] = until
	return true
}

// cookie is where a browser keeps its secret. With the prefix __Host- no other
// host and no other scheme can put one there.
func cookie(secret string, secure bool) *http.Cookie {
	c := &http.Cookie{
		Name: "tandem-slack-install", Value: secret, Path: "/", MaxAge: int(stateTime.Seconds()),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, // Lax, since people come back from Slack by a link
	}
	if secure {
		c.Name = "__Host-" + c.Name
	}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}

// secretOf returns the secret of a request's browser, "" where it is not one.
func secretOf(r *http.Request, secure bool) string {
	if all := r.CookiesNamed(cookie("", secure).Name); len(all) == 1 {
		return all[0].Value
	}
	return ""
}
