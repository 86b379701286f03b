package teams

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tandem-bot/tandem/commands"
)

const app = "11111111-2222-4333-8444-555555555555"

func said() []Command {
	var out []Command
	for _, c := range commands.All(&commands.Office{}) {
		if !c.Hidden {
			out = append(out, Command{c.Name, c.Usage, c.Short})
		}
	}
	return out
}

func TestTheManifestIsWhatIsMade(t *testing.T) {
	data, err := Manifest(Options{AppID: app, Commands: said()})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("manifest.json", data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile("manifest.json"); err != nil || !bytes.Equal(data, want) {
		t.Errorf("manifest.json is not what is made of the commands: go test ./manifests/teams -update (%v)", err)
	}
}

// Each list has help, and nothing that can't be said.
func TestCommandsAreThoseThatCanBeSaid(t *testing.T) {
	data, err := Manifest(Options{AppID: app, Commands: said()})
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Bots []struct {
			Lists []struct {
				Scopes   []string
				Commands []struct{ Title, Description string }
			} `json:"commandLists"`
		}
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range said() {
		known[c.Name] = true
	}
	if len(m.Bots) != 1 || len(m.Bots[0].Lists) != len(Scopes) {
		t.Fatalf("%+v", m)
	}
	for i, l := range m.Bots[0].Lists {
		if len(l.Scopes) != 1 || l.Scopes[0] != Scopes[i] || len(l.Commands) != min(len(said()), ListMost) || l.Commands[len(l.Commands)-1].Title != "help" {
			t.Errorf("%+v", l)
		}
		for _, c := range l.Commands {
			if !known[c.Title] || c.Description == "" {
				t.Errorf("%+v", c)
			}
		}
	}
}

// lookahead lets the schema use a pattern that Go's regexp has not.
type lookahead regexp2.Regexp

func (re *lookahead) MatchString(s string) bool {
	ok, err := (*regexp2.Regexp)(re).MatchString(s)
	return err == nil && ok
}
func (re *lookahead) String() string { return (*regexp2.Regexp)(re).String() }

func TestTheManifestIsValid(t *testing.T) {
	dir := os.Getenv("TANDEM_SHARED")
	if dir == "" {
		t.Skip("skipped: TANDEM_SHARED names no folder with schemas/teams/manifest")
	}
	f, err := os.Open(filepath.Join(dir, "schemas", "teams", "manifest", "v"+schemaVersion, "MicrosoftTeams.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(func(pattern string) (jsonschema.Regexp, error) {
		re, err := regexp2.Compile(pattern, regexp2.ECMAScript)
		return (*lookahead)(re), err
	})
	if err := c.AddResource("manifest.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{
		{AppID: app, Commands: said()},
		{AppID: app, Developer: "Palmetto Ridge IT", Website: "https://palmetto.example", Privacy: "https://palmetto.example/privacy", Terms: "https://palmetto.example/terms"},
	} {
		data, err := Manifest(o)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Error(err)
		}
	}
}

func TestPackage(t *testing.T) {
	var a, b bytes.Buffer
	for _, to := range []*bytes.Buffer{&a, &b} {
		if err := Package(to, Options{AppID: app}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("it is not the same twice")
	}
	z, err := zip.NewReader(bytes.NewReader(a.Bytes()), int64(a.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "manifest.json color.png outline.png" {
		t.Errorf("it holds %s", got)
	}
}

func TestWhatIsNoApp(t *testing.T) {
	for _, o := range []Options{
		{}, {AppID: "tandem"}, {AppID: app, Website: "http://x.example"}, {AppID: app, Privacy: "javascript:alert(1)"}, {AppID: app, Developer: strings.Repeat("x", 33)},
	} {
		if _, err := Manifest(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
