package teams_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/teams/teamsharness"
)

// A skew of five minutes is forgiven, and the service URL's case and last slash.
func TestTokenIsForgiven(t *testing.T) {
	w := open(t, nil)
	c := w.Teams.Claims()
	c["exp"], c["nbf"] = start.Add(-4*time.Minute).Unix(), start.Add(4*time.Minute).Unix()
	c["aud"] = []string{"somebody", teamsharness.App}
	c["serviceurl"] = strings.ToUpper(strings.TrimRight(w.Teams.URL(), "/"))
	if status := w.post(t, "bearer "+sign(t, w, c, nil), w.text("hello")); status != http.StatusOK {
		t.Errorf("answered %d", status)
	}
}

// A storm of unknown keys makes one fetch at most, and one more an hour later;
// known keys serve on.
func TestStormOfUnknownKeys(t *testing.T) {
	w := open(t, nil)
	good := func() int { return w.post(t, "Bearer "+sign(t, w, w.Teams.Claims(), nil), w.text("hello")) }
	if good() != http.StatusOK || w.Teams.Fetches() != 1 {
		t.Fatalf("%d fetches", w.Teams.Fetches())
	}
	storm := func() {
		t.Helper()
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				token := sign(t, w, w.Teams.Claims(), map[string]any{"kid": fmt.Sprint("unknown-", i)})
				if status := w.post(t, "Bearer "+token, w.text("hello")); status != http.StatusUnauthorized {
					t.Errorf("answered %d", status)
				}
			})
		}
		wg.Wait()
	}
	storm()
	storm()
	if n := w.Teams.Fetches(); n != 2 {
		t.Errorf("a storm makes %d fetches", n-1)
	}
	if err := w.clock.Move(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.Teams.AddKey(t, "key-2", "msteams")
	if good() != http.StatusOK || w.Teams.Fetches() != 3 {
		t.Errorf("a new key an hour later: %d fetches", w.Teams.Fetches())
	}
}

// Keys are read anew after a day; while the key server is out the old ones serve.
func TestOutageOfTheKeyServer(t *testing.T) {
	w := open(t, nil)
	good := func() int { return w.post(t, "Bearer "+sign(t, w, w.Teams.Claims(), nil), w.text("hello")) }
	w.Teams.Outage(true)
	if status := good(); status != http.StatusServiceUnavailable || w.Memory.Accepted() != 0 {
		t.Errorf("before there are keys: %d", status)
	}
	w.Teams.Outage(false)
	for _, step := range []struct {
		after  time.Duration
		out    bool
		status int
	}{
		{time.Minute, false, 200},
		{23 * time.Hour, true, 200},
		{25 * time.Hour, true, 200},
		{26 * time.Hour, true, 200},
		{27 * time.Hour, false, 200},
		{50 * time.Hour, true, 200},
		{27*time.Hour + 5*24*time.Hour, true, 503},
	} {
		if err := w.clock.Move(t.Context(), start.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		w.Teams.Outage(step.out)
		if status := good(); status != step.status {
			t.Errorf("after %v: answered %d, want %d", step.after, status, step.status)
		}
	}
}
