package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestPayloadsOfTheSDKs puts every payload of Slack's own SDKs through the
// receiver, each to an adapter of its own, and compares what comes of it with
// testdata/payloads.txt: a line for each, to be read when it changes.
func TestPayloadsOfTheSDKs(t *testing.T) {
	root := shared(t, "payloads/slack")
	var out bytes.Buffer
	for _, folder := range []string{"bolt-python", "java-slack-sdk"} {
		files, err := filepath.Glob(filepath.Join(root, folder, "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no payloads, %v", folder, err)
		}
		slices.Sort(files)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			kind, raw := shape(t, data)
			_, _ = fmt.Fprintf(&out, "%s/%s: %s\n", folder, filepath.Base(file), effect(t, kind, raw))
			if own := made(t, kind, raw); own != nil {
				_, _ = fmt.Fprintf(&out, "%s/%s, if it were Tandem's: %s\n", folder, filepath.Base(file), effect(t, kind, own))
			}
		}
	}
	path := filepath.Join("testdata", "payloads.txt")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Split(out.String(), "\n"), strings.Split(string(want), "\n"); !slices.Equal(got, want) {
		for _, line := range got {
			if !slices.Contains(want, line) {
				t.Errorf("now it is %s", line)
			}
		}
		for _, line := range want {
			if !slices.Contains(got, line) {
				t.Errorf("it was %s", line)
			}
		}
	}
}

// made is a press or a form of somebody else's app as one of Tandem's, or nil.
func made(t *testing.T, kind byte, raw []byte) []byte {
	t.Helper()
	if kind != kindInteraction {
		return nil
	}
	var p map[string]any
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	switch p["type"] {
	case "block_actions":
		for _, a := range p["actions"].([]any) {
			a := a.(map[string]any)
			a["action_id"], a["value"] = actionSay+"/0", "ack 1"
		}
	case "view_submission":
		view := p["view"].(map[string]any)
		view["callback_id"], view["private_metadata"] = callback, `{"s":"away"}`
	default:
		return nil
	}
	own, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// mentioned is whom a text begins with: the app, in what is said to it.
var mentioned = regexp.MustCompile(`"text":\s*"<@(\w+)>`)

// effect is what comes of a payload. The app is installed wherever it is asked
// for. Its user is the one that is mentioned, or else W23456789, as in most of
// the payloads.
func effect(t *testing.T, kind byte, raw []byte) string {
	t.Helper()
	body, content := raw, "application/json"
	switch kind {
	case kindInteraction:
		body, content = []byte(url.Values{"payload": {string(raw)}}.Encode()), "application/x-www-form-urlencoded"
	case kindCommand:
		var fields map[string]string
		if err := json.Unmarshal(raw, &fields); err != nil {
			t.Fatal(err)
		}
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, v)
		}
		body, content = []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	w := &world{user: "W23456789"}
	if m := mentioned.FindSubmatch(raw); m != nil {
		w.user = string(m[1])
	}
	api := httptest.NewServer(w)
	defer api.Close()
	s, h := receiver(t, func(o *Options) { o.Installations, o.Changes, o.API = w, w, api.URL+"/" })
	r := httptest.NewRecorder()
	s.ServeHTTP(r, signed(content, body, time.Now()))
	if r.Code != http.StatusOK {
		return fmt.Sprintf("is answered with %d", r.Code)
	}
	if err := s.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all []string
	if r.Body.Len() > 0 {
		all = append(all, "answers "+r.Body.String())
	}
	for _, e := range h.all() {
		what := fmt.Sprintf("hears %q", e.Text)
		if e.Say != "" {
			what = fmt.Sprintf("is told %q with %v", e.Say, e.Values)
		}
		if e.Foreign {
			what += " as foreign"
		}
		all = append(all, fmt.Sprintf("%s by %s in %q, thread %q, at %s", what, e.User, e.Channel, e.Thread, e.Tenant))
	}
	all = append(all, w.all()...)
	counts := s.Counts()
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if name != countAccepted {
			all = append(all, fmt.Sprintf("counts %q", name))
		}
	}
	if len(all) == 0 {
		return "is taken, and does nothing"
	}
	return strings.Join(all, "; ")
}

// world is a Web API that takes whatever it is told, installations everywhere,
// and whoever hears of changes.
type world struct {
	user string // the app's
	mu   sync.Mutex
	says []string
}

func (w *world) add(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.says = append(w.says, what)
}

func (w *world) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.says)
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if method := r.URL.Path[1:]; method != "users.info" {
		w.add(fmt.Sprintf("calls %s of %s", method, r.FormValue("channel")))
	}
	rw.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(rw, `{"ok":true,"ts":"1.1","channel":"C1","user":{}}`)
}

func (w *world) Installation(_ context.Context, team, enterprise string) (Installation, error) {
	if team != "" {
		enterprise = "" // of an interaction it is the person's
	}
	return Installation{Team: team, Enterprise: enterprise, Token: "xoxb-1", BotUser: w.user}, nil
}

func (w *world) ChannelMoved(_ context.Context, tenant, from, to string) error {
	w.add("moves " + from + " to " + to + " at " + tenant)
	return nil
}

func (w *world) Removed(_ context.Context, tenant, why string) error {
	w.add("is removed from " + tenant + ": " + why)
	return nil
}
