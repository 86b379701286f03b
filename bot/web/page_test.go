package web_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// zeros is randomness that has none.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestPagesAreAsTheyWere(t *testing.T) {
	w := open(t, &memory{}, func(o *web.Options) { o.Random = zeros{} })
	c := client{t: t, w: w}
	golden := func(name, page string) {
		t.Helper()
		path := filepath.Join("testdata", name+".html")
		if *update {
			if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if page != string(want) {
			t.Errorf("%s differs (go test -update writes it anew); got:\n%s", path, page)
		}
	}
	golden("people", c.get("/people").Body.String())
	golden("empty", c.get(chatURL("?stranger", "")).Body.String())
	to := bot.Address{Channel: "harbor-legal/coordination"}
	if _, err := w.web.Send(t.Context(), bot.Post{To: to, Card: answer(noon)}); err != nil {
		t.Fatal(err)
	}
	to.User, to.Thread = "harbor-legal/maria", "1"
	if _, err := w.web.Send(t.Context(), bot.Post{To: to, Card: hello}); err != nil {
		t.Fatal(err)
	}
	golden("chat", c.say(chatURL("maria", "coordination"), "who owns password resets?"))
	golden("refused", c.get("/nowhere").Body.String())
}

func TestNewNeedsWhatItNeeds(t *testing.T) {
	m := &memory{}
	clock, err := web.OpenClock(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	good := web.Options{Engagements: there(engagements()), Handler: &script{}, Transcript: m, Settings: m, Clock: clock, Random: zeros{}}
	if _, err := web.New(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	m.Settings["nonce.secret"] = "damaged"
	if _, err := web.New(t.Context(), good); err == nil {
		t.Error("a damaged secret was taken")
	}
	m.Broken = true
	if _, err := web.New(t.Context(), good); err == nil {
		t.Error("a broken store was taken")
	}
	m.Broken, m.Settings = false, nil
	for name, change := range map[string]func(*web.Options){
		"people":     func(o *web.Options) { o.Engagements = nil },
		"handler":    func(o *web.Options) { o.Handler = nil },
		"transcript": func(o *web.Options) { o.Transcript = nil },
		"settings":   func(o *web.Options) { o.Settings = nil },
		"clock":      func(o *web.Options) { o.Clock = nil },
		"random":     func(o *web.Options) { o.Random = nil },
		"randomness": func(o *web.Options) { o.Random = strings.NewReader("") },
		"id":         func(o *web.Options) { o.Engagements = there([]web.Engagement{{}}) },
		"two":        func(o *web.Options) { o.Engagements = there([]web.Engagement{{ID: "a"}, {ID: "a"}}) },
	} {
		o := good
		if change(&o); o.Transcript == good.Transcript || name == "transcript" {
			if _, err := web.New(t.Context(), o); err == nil {
				t.Errorf("%s: it was made", name)
			}
		}
	}
}
