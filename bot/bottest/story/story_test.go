package story

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/bot/console/consoletest"
	"github.com/tandem-bot/tandem/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write goldens anew")

// small is a handler and a sweep of a few lines.
type small struct {
	harness bottest.Harness
	prompts map[string]bool // the days that had one
}

func (s *small) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	switch {
	case strings.HasPrefix(e.Text, "who owns"):
		return bot.Say(card.Heading("Which one?"), card.Buttons{{Label: "Installs", Say: "installs"}, {Label: "Patching", Say: "patching"}}), true
	case e.Say == "patching":
		r := bot.Say(card.Paragraph("Patching is Devon's."))
		r.Replace = true
		return r, true
	case e.Text == "secret":
		return bot.Whisper(card.Paragraph("Ring +1 352 555 0101.")), true
	case e.Text == "hush":
		return bot.Reply{}, true
	case e.Text == "away":
		return bot.Say(card.Form{Title: "Who is away?", Say: "away", Fields: []card.Field{{Name: "who", Label: "Who"}, {Name: "from", Label: "From"}}}), true
	case e.Say == "away":
		return bot.Say(card.Paragraph("Recorded: " + e.Values["who"] + ", " + e.Values["from"])), true
	case e.Say == "answer":
		return bot.Say(card.Paragraph("answered")), true
	}
	return bot.Say(card.Paragraph("heard: " + e.Text)), true
}

// sweep posts a prompt on Mondays from 8 on, and a nudge.
func (s *small) sweep(ctx context.Context, now time.Time) error {
	now = now.In(florida)
	if day := now.Format(time.DateOnly); now.Weekday() == time.Monday && now.Hour() >= 8 && !s.prompts[day] {
		s.prompts[day] = true
		for _, p := range []bot.Post{
			{To: s.harness.Address(bottest.Spot{Person: "devon", Place: "coordination"}), Card: card.New(card.Heading("Standup!"), card.Paragraph(now.Format("Mon 2 Jan 15:04")), card.Buttons{{Label: "Answer", Say: "answer"}})},
			{To: s.harness.Address(bottest.Spot{Person: "devon"}), Card: card.New(card.Paragraph("Are you there, devon?"))},
		} {
			if _, err := s.harness.Platform().Send(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

var florida = func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return zone
}()

func stage(open bottest.Opener) func(testing.TB, string) Stage {
	return func(tb testing.TB, _ string) Stage {
		tb.Helper()
		s := &small{prompts: map[string]bool{}}
		w := bottest.World{
			Engagements: []*store.Engagement{bottest.Stage()}, Handler: s,
			Clock: clock.At(time.Date(2026, 11, 20, 12, 0, 0, 0, florida), clock.Every(time.Hour), s.sweep),
		}
		s.harness = open(tb, w)
		return Stage{w, s.harness}
	}
}

func TestWords(t *testing.T) {
	for name, open := range map[string]bottest.Opener{"fake": bottest.OpenFake, "console": consoletest.Open} {
		t.Run(name, func(t *testing.T) {
			Run(t, Params{Dir: "testdata", Platform: name, Open: stage(open), Update: *update})
		})
	}
}

// What a story says wrongly, or Tandem does otherwise, is told in words.
func TestFailures(t *testing.T) {
	for _, c := range []struct{ story, want string }{
		{"say hello", "nobody acts yet"},
		{"expect hello", "nobody acts yet"},
		{"click Installs", "nobody acts yet"},
		{"as", "usage: as PERSON"},
		{"as mraia", `there is no "mraia" in harbor-legal; a stranger is ?mraia`},
		{"as nowhere/maria", `there is no engagement "nowhere"`},
		{"as maria; in", "usage: in CHANNEL"},
		{"as maria; in elsewhere", `harbor-legal has no channel "elsewhere"`},
		{"as maria; say", "usage: say TEXT"},
		{"as maria; say who owns updates; click Backups", `maria sees no message that has the button "Backups":` + "\nTandem:\n  Which one?\n  [Installs] [Patching]"},
		{"as maria; say who owns updates; click -of Standup Installs", "and holds Standup"},
		{"as maria; click", "usage: click"},
		{"as maria; thread", "usage: thread"},
		{"as maria; thread hello", "maria sees no message that holds hello:\nnothing"},
		{"as maria; fill who", `"who" is no NAME=VALUE`},
		{"as maria; submit", "sees no message that has a form"},
		{"as maria; say away; submit whom=devon", `the form has no field "whom"; it has who, from`},
		{"at noon", `"noon" is no time`},
		{"advance much", `"much" is no length of time`},
		{"as maria; say hello; expect bye", "maria does not see \"bye\". New is:\nTandem:\n  heard: hello"},
		{"as maria; say hello; !expect hello", `maria sees "hello", and should not`},
		{"as maria; expect -channel elsewhere x", "no channel"},
		{"as maria; expect", "usage: [!] expect"},
		{"as maria; say hello; nothing", "maria sees\nTandem:\n  heard: hello"},
		{"as maria; nothing x", "usage: nothing"},
		{"as maria; say hello; private x", "usage: private"},
		{"as maria; say hush; private", "maria sees nothing new"},
		{"as maria; in coordination; say hello; private", "devon sees it as well"},
		{"as maria; screen x", "usage: screen"},
	} {
		s := stage(bottest.OpenFake)(t, "")
		teller := &teller{Stage: s, ctx: t.Context(), filled: map[string]string{}}
		var err error
		for line := range strings.SplitSeq(c.story, "; ") {
			if err != nil {
				t.Errorf("%q fails early: %v", c.story, err)
			}
			name, not := strings.CutPrefix(line, "!")
			args := strings.Fields(name)
			err = words[args[0]].run(teller, nil, not, args[1:])
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q is told as %v, want %q", c.story, err, c.want)
		}
	}
}

// Every word stands in the package's own words and in the README.
func TestTheWordsAreTold(t *testing.T) {
	for file, begins := range map[string]string{"story.go": `//\t(\[!\] )?`, filepath.Join("..", "..", "..", "README.md"): "(?:\\| |, )`"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range Words() {
			if !regexp.MustCompile(begins + w + `\b`).Match(text) {
				t.Errorf("%s does not tell of %s", file, w)
			}
		}
	}
}
