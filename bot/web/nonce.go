package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// secretSetting is the name under which the nonces' secret is kept, so that a
// page drawn before a restart can still be sent after it.
const secretSetting = "nonce.secret"

const (
	randomBytes = 12
	sumBytes    = 16
)

// mint makes the nonces of forms. A nonce is random, so that sending a form
// twice is seen, and signed together with what the form is bound to: who
// speaks, where, and on which message. Nobody can make up another.
type mint struct {
	secret []byte
	random io.Reader
}

// keepWithin is how long keeping a new secret may take.
const keepWithin = 500 * time.Millisecond

// openMint reads the secret, or makes it the first time.
func openMint(ctx context.Context, settings Settings, random io.Reader) (*mint, error) {
	kept, err := settings.WebSetting(ctx, secretSetting)
	if err != nil {
		return nil, fmt.Errorf("web: nonces: %w", err)
	}
	if kept != "" {
		secret, err := hex.DecodeString(kept)
		if err != nil || len(secret) < sumBytes {
			return nil, fmt.Errorf("web: the setting %s is damaged", secretSetting)
		}
		return &mint{secret, random}, nil
	}
	secret := make([]byte, sha256.Size)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("web: nonces: %w", err)
	}
	// A store that somebody else is writing keeps nobody waiting: then pages that
	// were drawn before the next start have to be drawn again.
	ctx, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	if err := settings.SetWebSetting(ctx, secretSetting, hex.EncodeToString(secret)); err != nil && store.ErrorCode(err) != store.CodeUnavailable {
		return nil, fmt.Errorf("web: nonces: %w", err)
	}
	return &mint{secret, random}, nil
}

// origin is the message that a form stands on; zero for the composer.
type origin struct {
	ID      int64
	Private bool // only the speaker sees it
}

// String is its form in a hidden field.
func (o origin) String() string {
	s := strconv.FormatInt(o.ID, 10)
	if o.Private {
		s += "p"
	}
	return s
}

func parseOrigin(s string) (origin, bool) {
	digits, private := strings.CutSuffix(s, "p")
	id, err := strconv.ParseInt(digits, 10, 64)
	o := origin{id, private}
	return o, err == nil && id >= 0 && o.String() == s
}

// nonce makes a new one. Where there is no randomness it is empty, and the form
// will be refused.
func (m *mint) nonce(s seat, o origin) string {
	raw := make([]byte, randomBytes)
	if _, err := io.ReadFull(m.random, raw); err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(raw, m.sum(raw, s, o)...))
}

// valid reports whether the nonce was made here for that form.
func (m *mint) valid(nonce string, s seat, o origin) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(nonce)
	if err != nil || len(raw) != randomBytes+sumBytes {
		return false
	}
	return hmac.Equal(raw[randomBytes:], m.sum(raw[:randomBytes], s, o))
}

func (m *mint) sum(raw []byte, s seat, o origin) []byte {
	h := hmac.New(sha256.New, m.secret)
	h.Write(raw)
	fmt.Fprintf(h, "%q %q %q %s", s.Engagement, s.Person, s.Channel, o)
	return h.Sum(nil)[:sumBytes]
}
