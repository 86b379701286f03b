package teams_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/bot/teams/teamsharness"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
	"github.com/tandem-bot/tandem/store"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"))
}

// voice answers every event with what it likes.
type voice struct {
	mu     sync.Mutex
	events []bot.Event
	answer func(e bot.Event) bot.Reply
}

func (v *voice) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	v.mu.Lock()
	v.events = append(v.events, e)
	v.mu.Unlock()
	if v.answer == nil {
		return bot.Say(card.Paragraph("heard")), true
	}
	return v.answer(e), true
}

func (v *voice) heard() []bot.Event {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]bot.Event(nil), v.events...)
}

var start = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)

type town struct {
	*teamsharness.Harness
	voice *voice
	clock *clock.Clock
}

func open(t *testing.T, answer func(e bot.Event) bot.Reply) *town {
	t.Helper()
	v := &voice{answer: answer}
	c := clock.At(start, nil, nil)
	return &town{teamsharness.New(t, bottest.World{Engagements: []*store.Engagement{bottest.Stage()}, Handler: v, Clock: c}), v, c}
}

const (
	channel = "19:coordination@thread.tacv2"
	maria   = "5607d348-b76a-4195-bf56-87562435f232"
)

// text is a message of Maria's in the channel.
func (w *town) text(text string) map[string]any {
	id := w.Teams.NextID()
	a := w.Teams.Activity("message", id, channel+";messageid="+id, maria, "Maria Ortega")
	a["text"] = text
	return a
}

func (w *town) post(t *testing.T, authorization string, a map[string]any) int {
	t.Helper()
	status, _, err := teamstest.Post(t.Context(), w.Bot, authorization, a)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// TestTokenAbuse: what isn't a token of the Bot Connector to us is refused, and
// leaves nothing behind.
func TestTokenAbuse(t *testing.T) {
	claim := func(name string, v any) func(*testing.T, *town) (string, map[string]any) {
		return func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			c := w.Teams.Claims()
			if c[name] = v; v == nil {
				delete(c, name)
			}
			return "Bearer " + sign(t, w, c, nil), w.text("hello")
		}
	}
	for name, forge := range map[string]func(*testing.T, *town) (string, map[string]any){
		"none":                         func(_ *testing.T, w *town) (string, map[string]any) { return "", w.text("hello") },
		"an empty one":                 func(_ *testing.T, w *town) (string, map[string]any) { return "Bearer ", w.text("hello") },
		"rubbish":                      func(_ *testing.T, w *town) (string, map[string]any) { return "Bearer a.b.c", w.text("hello") },
		"wrong audience":               claim("aud", "99999999-2222-4333-8444-555555555555"),
		"an audience list without us":  claim("aud", []string{"someone", "else"}),
		"an audience that is a number": claim("aud", 7),
		"wrong issuer":                 claim("iss", "https://sts.windows.net/x/"),
		"an issuer that only begins":   claim("iss", "https://api.botframework.com.evil.example"),
		"wrong service URL":            claim("serviceurl", "https://smba.trafficmanager.net/evil/"),
		"a service URL that is none":   claim("serviceurl", 7),
		"expired":                      claim("exp", start.Add(-6*time.Minute).Unix()),
		"not yet valid":                claim("nbf", start.Add(6*time.Minute).Unix()),
		"no exp":                       claim("exp", nil),
		"no nbf":                       claim("nbf", nil),
		"no audience":                  claim("aud", nil),
		"no issuer":                    claim("iss", nil),
		"no service URL":               claim("serviceurl", nil),
		"another tenant in the token":  claim("tid", "00000000-0000-4000-8000-000000000000"),
		"no claims at all": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			return "Bearer " + sign(t, w, map[string]any{}, nil), w.text("hello")
		},
		"no scheme": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			return sign(t, w, w.Teams.Claims(), nil), w.text("hello")
		},
		"another scheme": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			return "Basic " + sign(t, w, w.Teams.Claims(), nil), w.text("hello")
		},
		"unknown key": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			return "Bearer " + sign(t, w, w.Teams.Claims(), map[string]any{"kid": "nobody's"}), w.text("hello")
		},
		"what has to be understood": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			return "Bearer " + sign(t, w, w.Teams.Claims(), map[string]any{"crit": []string{"b64"}, "b64": true}), w.text("hello")
		},
		"a key without endorsement": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			w.Teams.AddKey(t, "key-2")
			return "Bearer " + sign(t, w, w.Teams.Claims(), nil), w.text("hello")
		},
		"a key endorsed for another channel": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			w.Teams.AddKey(t, "key-2", "slack", "msteamsx")
			return "Bearer " + sign(t, w, w.Teams.Claims(), nil), w.text("hello")
		},
		"another's signature": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			a, b := strings.Split(sign(t, w, w.Teams.Claims(), nil), "."), strings.Split(sign(t, w, map[string]any{"iss": "x"}, nil), ".")
			return "Bearer " + a[0] + "." + a[1] + "." + b[2], w.text("hello")
		},
		"HS256 with the public key": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			der, err := x509.MarshalPKIXPublicKey(w.Teams.PublicKey())
			if err != nil {
				t.Fatal(err)
			}
			return "Bearer " + forged(t, w, "HS256", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), w.text("hello")
		},
		"alg none": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			return "Bearer " + forged(t, w, "none", nil), w.text("hello")
		},
		"oversized": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			c := w.Teams.Claims()
			c["more"] = strings.Repeat("x", 20<<10)
			return "Bearer " + sign(t, w, c, nil), w.text("hello")
		},
		"an activity of another tenant": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			a := w.text("hello")
			a["conversation"].(map[string]any)["tenantId"] = "00000000-0000-4000-8000-000000000000"
			return "Bearer " + sign(t, w, w.Teams.Claims(), nil), a
		},
		"an activity of two tenants": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			a := w.text("hello")
			a["channelData"] = map[string]any{"tenant": map[string]any{"id": "00000000-0000-4000-8000-000000000000"}}
			return "Bearer " + sign(t, w, w.Teams.Claims(), nil), a
		},
		"an activity of another channel": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			a := w.text("hello")
			a["channelId"] = "webchat"
			return "Bearer " + sign(t, w, w.Teams.Claims(), nil), a
		},
		"an activity with two service URLs": func(t *testing.T, w *town) (string, map[string]any) {
			t.Helper()
			a := w.text("hello")
			a["serviceURL"], a["serviceUrl"] = a["serviceUrl"], "https://evil.example/"
			return "Bearer " + sign(t, w, w.Teams.Claims(), nil), a
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, nil)
			token, a := forge(t, w)
			if status := w.post(t, token, a); status != http.StatusUnauthorized {
				t.Errorf("answered %d", status)
			}
			if n := w.Memory.Accepted(); n != 0 || len(w.voice.heard()) > 0 || len(w.Teams.Messages("")) > 0 {
				t.Errorf("%d rows were written, %d events heard", n, len(w.voice.heard()))
			}
			if status := w.post(t, "Bearer "+sign(t, w, w.Teams.Claims(), map[string]any{"kid": "key-1"}), w.text("hello")); name != "a key without endorsement" && name != "a key endorsed for another channel" && status != http.StatusOK {
				t.Errorf("a good one is answered %d", status)
			}
		})
	}
}

func sign(t *testing.T, w *town, claims, headers map[string]any) string {
	t.Helper()
	s, err := w.Teams.Sign(claims, headers)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func forged(t *testing.T, w *town, alg string, secret []byte) string {
	t.Helper()
	part := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(data)
	}
	signed := part(map[string]any{"alg": alg, "kid": "key-1", "typ": "JWT"}) + "." + part(w.Teams.Claims())
	mac := hmac.New(sha256.New, secret)
	_, _ = mac.Write([]byte(signed))
	sum := ""
	if secret != nil {
		sum = base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	return signed + "." + sum
}
