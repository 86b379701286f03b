package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/inbox"
)

const secret = "8f742231b10e8888abcd99yyyzzz85a5"

// heard is a handler that remembers, and says nothing.
type heard struct {
	mu     sync.Mutex
	events []bot.Event
}

func (h *heard) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
	return bot.Reply{}, true
}

func (h *heard) all() []bot.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]bot.Event(nil), h.events...)
}

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// receiver is an adapter over a Web API that knows nobody.
func receiver(t *testing.T, change func(*Options)) (*Slack, *heard) {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":false,"error":"user_not_found"}`)
	}))
	h := &heard{}
	o := Options{
		Handler: h, Inbox: &inbox.Memory{}, Now: func() time.Time { return noon }, API: api.URL + "/", SigningSecret: secret,
		Installations: Only{Team: "T1", Token: "xoxb-1", BotUser: "UBOT"},
	}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		api.Close()
	})
	return s, h
}

func sign(body []byte, stamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func signed(kind string, body []byte, at time.Time) *http.Request {
	stamp := strconv.FormatInt(at.Unix(), 10)
	r := httptest.NewRequest(http.MethodPost, "/slack/events", bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", sign(body, stamp))
	return r
}

func status(s *Slack, r *http.Request) int {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code
}

func mention(id, text string) []byte {
	data, err := json.Marshal(map[string]any{
		"type": "event_callback", "event_id": id, "team_id": "T1", "authorizations": []any{map[string]any{"team_id": "T1", "user_id": "UBOT", "is_bot": true}},
		"event": map[string]any{"type": "app_mention", "user": "U1", "team": "T1", "channel": "C1", "ts": "1.1", "text": text},
	})
	if err != nil {
		panic(err)
	}
	return data
}

func TestEveryFlippedByteIsRefused(t *testing.T) {
	s, h := receiver(t, nil)
	body := mention("Ev1", "<@UBOT> who owns password resets?")
	whole := signed("application/json", body, time.Now())
	stamp, signature := whole.Header.Get("X-Slack-Request-Timestamp"), whole.Header.Get("X-Slack-Signature")
	try := func(what string, body []byte, stamp, signature string) {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header = http.Header{"Content-Type": {"application/json"}, "X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {signature}}
		if got := status(s, r); got != http.StatusUnauthorized {
			t.Fatalf("with %s flipped the answer is %d", what, got)
		}
	}
	flip := func(text string, i int, bit byte) string { b := []byte(text); b[i] ^= bit; return string(b) }
	for _, bit := range []byte{1, 2, 0x80} {
		for i := range body {
			try(fmt.Sprintf("byte %d of the body", i), []byte(flip(string(body), i, bit)), stamp, signature)
		}
		for i := range stamp {
			try(fmt.Sprintf("byte %d of the time", i), body, flip(stamp, i, bit), signature)
		}
		for i := range signature {
			try(fmt.Sprintf("byte %d of the signature", i), body, stamp, flip(signature, i, bit))
		}
	}
	try("the end", body[:len(body)-1], stamp, signature)
	if got := status(s, whole); got != http.StatusOK {
		t.Fatalf("the request itself is answered with %d", got)
	}
	if err := s.Idle(t.Context()); err != nil || len(h.all()) != 1 || h.all()[0].Text != "who owns password resets?" {
		t.Fatalf("%v, %+v", err, h.all())
	}
}

func TestTimesAndHeadersThatAreRefused(t *testing.T) {
	s, h := receiver(t, nil)
	body := mention("Ev1", "hello")
	for _, off := range []time.Duration{-time.Hour, -5*time.Minute - 2*time.Second, 5*time.Minute + 2*time.Second, 24 * time.Hour} {
		if got := status(s, signed("application/json", body, time.Now().Add(off))); got != http.StatusUnauthorized {
			t.Errorf("%s from now the answer is %d", off, got)
		}
	}
	for _, name := range []string{"X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Type"} {
		r := signed("application/json", body, time.Now())
		r.Header.Add(name, r.Header.Get(name))
		if got := status(s, r); got != http.StatusUnauthorized {
			t.Errorf("with %s twice the answer is %d", name, got)
		}
		r = signed("application/json", body, time.Now())
		r.Header.Del(name)
		if got := status(s, r); got != http.StatusUnauthorized {
			t.Errorf("without %s the answer is %d", name, got)
		}
	}
	r := signed("application/json", body, time.Now())
	r.Method = http.MethodGet
	if got := status(s, r); got != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered with %d", got)
	}
	if err := s.Idle(t.Context()); err != nil || len(h.all()) > 0 {
		t.Errorf("%v, %+v", err, h.all())
	}
}

func TestAHundredRepeatsAtOnceHaveOneEffect(t *testing.T) {
	s, h := receiver(t, nil)
	press := []byte(url.Values{"payload": {`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1","team_id":"T1"},"channel":{"id":"C1"},"container":{"type":"message","message_ts":"1.1"},"actions":[{"action_id":"say/0","value":"ack 1","action_ts":"5.5"}]}`}}.Encode())
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			r := signed("application/json", mention("Ev1", "once"), time.Now())
			r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(i))
			if got := status(s, r); got != http.StatusOK {
				t.Errorf("a repeat is answered with %d", got)
			}
			if got := status(s, signed("application/x-www-form-urlencoded", press, time.Now())); got != http.StatusOK {
				t.Errorf("a press again is answered with %d", got)
			}
		})
	}
	wg.Wait()
	if err := s.Idle(t.Context()); err != nil || len(h.all()) != 2 {
		t.Fatalf("%v, %d events: %+v", err, len(h.all()), h.all())
	}
	if n := s.Counts()[countRepeats]; n != 198 {
		t.Errorf("%d repeats were counted", n)
	}
}

// endless is a body that never ends, and counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) { e.read += len(p); return len(p), nil }

func TestLargeBodiesAreNotRead(t *testing.T) {
	s, _ := receiver(t, nil)
	for _, length := range []int64{64 << 20, -1} {
		body := &endless{}
		r := signed("application/json", nil, time.Now())
		r.Body, r.ContentLength = io.NopCloser(body), length
		if got := status(s, r); got != http.StatusRequestEntityTooLarge || body.read > 4<<20 {
			t.Errorf("64 MB are answered with %d after %d bytes", got, body.read)
		}
	}
}

func TestOddBodiesAreAnsweredAndDoNothing(t *testing.T) {
	s, h := receiver(t, nil)
	deep := strings.Repeat(`{"event":`, 50_000) + "1" + strings.Repeat("}", 50_000)
	for _, c := range []struct{ kind, body string }{
		{"application/json", deep},
		{"application/json", strings.Repeat("[", 500_000)},
		{"application/json", ""},
		{"application/json", "null"},
		{"application/json", `{"type":"event_callback","event":{"type":"reaction_added","item":{}}}`},
		{"application/json", `{"type":"event_callback","event":{"type":"message","user":{"id":"U1"},"channel_type":"im"}}`},
		{"application/json", `{"type":"nothing_known"}`},
		{"text/plain", "{}"},
		{"no type", "{}"},
		{"application/x-www-form-urlencoded", "payload=%7B%7D&payload=%7B%7D"},
		{"application/x-www-form-urlencoded", "payload=%zz"},
		{"application/x-www-form-urlencoded", "ssl_check=1&token=x"},
		{"application/x-www-form-urlencoded", "payload=" + url.QueryEscape(deep)},
		{"application/x-www-form-urlencoded", "payload=" + url.QueryEscape(`{"type":"shortcut","user":{"id":"U1"}}`)},
	} {
		if got := status(s, signed(c.kind, []byte(c.body), time.Now())); got != http.StatusOK {
			t.Errorf("%s %.60q is answered with %d", c.kind, c.body, got)
		}
	}
	if err := s.Idle(t.Context()); err != nil || len(h.all()) > 0 {
		t.Errorf("%v, %+v", err, h.all())
	}
	total := int64(0)
	for _, n := range s.Counts() {
		total += n
	}
	if total != 14 {
		t.Errorf("of 14 deliveries %d were counted: %v", total, s.Counts())
	}
}

// Go matches the keys of JSON whatever their case. Slack's signature stands for
// the keys, and what people write stands in values only, whose keys are exact.
func TestFoldedKeysOfPeopleAreExact(t *testing.T) {
	s, h := receiver(t, nil)
	payload := `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1","team_id":"T1"},"view":{"callback_id":"tandem-form","private_metadata":"{\"w\":\"T1\",\"s\":\"away\"}","state":{"values":{
		"field/who":{"value":{"value":"maria"}},"FIELD/who":{"value":{"value":"mallory"}},"field/WHO":{"VALUE":{"value":"x"}},"other":{"value":{"value":"y"}}}}}}`
	if got := status(s, signed("application/x-www-form-urlencoded", []byte("payload="+url.QueryEscape(payload)), time.Now())); got != http.StatusOK {
		t.Fatal(got)
	}
	if err := s.Idle(t.Context()); err != nil || len(h.all()) != 1 {
		t.Fatalf("%v, %+v", err, h.all())
	}
	if e := h.all()[0]; e.Say != "away" || e.Values["who"] != "maria" || e.Values["WHO"] != "" || len(e.Values) != 2 {
		t.Errorf("%+v", e)
	}
}

func TestTheAddressProvesItself(t *testing.T) {
	s, _ := receiver(t, nil)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, signed("application/json", []byte(`{"type":"url_verification","challenge":"abc"}`), time.Now()))
	if w.Code != http.StatusOK || w.Body.String() != "abc" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// full is an inbox that keeps nothing.
type full struct{ inbox.Memory }

func (*full) Accept(context.Context, string, []byte, time.Time) (bool, error) {
	return false, errors.New("the disk is full")
}

func TestWhatCouldNotBeKeptComesAgain(t *testing.T) {
	s, h := receiver(t, func(o *Options) { o.Inbox = &full{} })
	if got := status(s, signed("application/json", mention("Ev1", "hello"), time.Now())); got != http.StatusServiceUnavailable {
		t.Errorf("the answer is %d", got)
	}
	if len(h.all()) > 0 {
		t.Errorf("it was worked on: %+v", h.all())
	}
}

func TestWhatWasAcceptedIsWorkedOnAfterARestart(t *testing.T) {
	kept := &inbox.Memory{}
	const many = 700 // more than there is room for in the queue
	for i := range many {
		payload := append([]byte{kindEvent}, mention(fmt.Sprintf("Ev%d", i), fmt.Sprintf("<@UBOT> number %d", i))...)
		if fresh, err := kept.Accept(t.Context(), fmt.Sprintf("Ev%d", i), payload, noon.Add(-time.Hour)); err != nil || !fresh {
			t.Fatal(fresh, err)
		}
	}
	s, h := receiver(t, func(o *Options) { o.Inbox = kept })
	for range 200 {
		if err := s.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(h.all()) >= many {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	seen := map[string]bool{}
	for _, e := range h.all() {
		if seen[e.Text] || !e.At.Equal(noon.Add(-time.Hour)) {
			t.Fatalf("again, or late: %+v", e)
		}
		seen[e.Text] = true
	}
	if left := pending(t, kept); len(seen) != many || left > 0 {
		t.Errorf("%d were worked on, %d are left", len(seen), left)
	}
}

// pending counts what is left in an inbox.
func pending(t *testing.T, in inbox.Inbox) (n int) {
	t.Helper()
	for _, err := range in.Pending(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}
