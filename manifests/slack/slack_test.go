package slack_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tandem-bot/tandem/bot/slack/install"
	"github.com/tandem-bot/tandem/commands"
	"github.com/tandem-bot/tandem/manifests/slack"
)

var update = flag.Bool("update", false, "write the manifests anew")

// said are the commands that people find in help.
func said() []string {
	var out []string
	for _, c := range commands.All(&commands.Office{}) {
		if !c.Hidden {
			out = append(out, c.Name)
		}
	}
	return out
}

func manifests(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for name, o := range map[string]slack.Options{
		"manifest.json":        {URL: "https://tandem.example", Commands: said()},
		"manifest-socket.json": {Socket: true, Commands: said()},
		"manifest-oauth.json":  {URL: "https://tandem.example", OAuth: true, Rotation: true, Commands: said()},
	} {
		data, err := slack.Manifest(o)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

func TestTheManifestsAreWhatIsMade(t *testing.T) {
	for name, data := range manifests(t) {
		if *update {
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if file, err := os.ReadFile(name); err != nil || !bytes.Equal(file, data) {
			t.Errorf("%s is not what is made of commands.All (go test ./manifests/slack -update): %v", name, err)
		}
		for _, command := range said() {
			if !strings.Contains(string(data), " | "+command) {
				t.Errorf("%s says nothing of the command %s", name, command)
			}
		}
	}
}

// matcher is a pattern that Go's expressions know; one that they don't matches
// nothing, so that what it is for would not pass unseen.
type matcher struct {
	text string
	re   *regexp.Regexp
}

func (m matcher) String() string            { return m.text }
func (m matcher) MatchString(s string) bool { return m.re != nil && m.re.MatchString(s) }

func TestTheManifestsAreValid(t *testing.T) {
	dir := os.Getenv("TANDEM_SHARED")
	if dir == "" {
		t.Skip("skipped: TANDEM_SHARED names no folder with schemas and payloads")
	}
	data, err := os.ReadFile(filepath.Join(dir, "schemas/slack/manifest-v2.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(func(text string) (jsonschema.Regexp, error) {
		re, err := regexp.Compile(text)
		if err != nil {
			return matcher{text: text}, nil //nolint:nilerr // see matcher
		}
		return matcher{text, re}, nil
	})
	if err := c.AddResource("manifest.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range manifests(t) {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if schema.Validate(map[string]any{"display_information": map[string]any{}}) == nil {
		t.Error("the schema lets anything pass")
	}
}

func TestInstallationByOAuth(t *testing.T) {
	type manifest struct {
		OAuth struct {
			Redirects []string `json:"redirect_urls"`
		} `json:"oauth_config"`
		Settings struct {
			Events struct {
				URL string `json:"request_url"`
			} `json:"event_subscriptions"`
			Rotation     bool `json:"token_rotation_enabled"`
			Socket       bool `json:"socket_mode_enabled"`
			Organisation bool `json:"org_deploy_enabled"`
		} `json:"settings"`
	}
	for _, o := range []slack.Options{
		{URL: "https://x.example/it/"},
		{URL: "https://x.example/it/", OAuth: true},
		{URL: "https://x.example/it/", OAuth: true, Rotation: true},
		{URL: "https://x.example/it/", OAuth: true, Rotation: true, Socket: true},
	} {
		data, err := slack.Manifest(o)
		if err != nil {
			t.Fatal(err)
		}
		var m manifest
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		redirect := strings.Join(m.OAuth.Redirects, " ")
		if o.OAuth && redirect != "https://x.example/it"+install.CallbackPath || !o.OAuth && strings.Contains(string(data), "redirect_urls") {
			t.Errorf("%+v leads back to %q", o, redirect)
		}
		if m.Settings.Rotation != o.Rotation || m.Settings.Socket != o.Socket || o.Socket == (m.Settings.Events.URL != "") || m.Settings.Organisation {
			t.Errorf("%+v: %s", o, data)
		}
	}
	for _, o := range []slack.Options{{Socket: true, OAuth: true}, {Socket: true, OAuth: true, URL: "http://x.example"}, {URL: "https://x.example", Rotation: true}} {
		if data, err := slack.Manifest(o); err == nil {
			t.Errorf("%+v makes %s", o, data)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, u := range []string{"", "tandem.example", "http://tandem.example", "https://", "https://a:b@x.example", "https://x.example/?a", "https://x.example#a"} {
		if _, err := slack.Manifest(slack.Options{URL: u}); err == nil {
			t.Errorf("%q is taken", u)
		}
	}
	data, err := slack.Manifest(slack.Options{URL: "https://x.example/it/"})
	if err != nil || !strings.Contains(string(data), `"https://x.example/it/slack/events"`) || !json.Valid(data) {
		t.Errorf("%s, %v", data, err)
	}
}
