// Package story tells what people and Tandem say to one another, in the words
// of the product, on any platform. A story is a testscript (txtar) file. Beside
// testscript's own commands (cmp, stdout, exec, …) it has these words:
//
//	as PERSON                 who acts from here on: an id of the engagement, ?pat
//	                          (a stranger called pat), somebody (a stranger), or
//	                          ENGAGEMENT/PERSON
//	in CHANNEL                where they are; `in dm` is the direct message with Tandem
//	thread TEXT…              step into the thread of the last message that holds TEXT;
//	                          `in` leaves it
//	say TEXT…                 type a text to Tandem
//	click [-of TEXT] LABEL…   press a button of the last message that has it, or of the
//	                          last that has it and holds TEXT
//	fill NAME=VALUE…          put values into the last form, with submit to come
//	submit [NAME=VALUE…]      send the last form; what is not filled stays as it stands
//	at TIME                   set the clock: 2026-11-20T23:12, 23:12 or fri 23:12
//	advance LENGTH            move the clock on: 15m, 3h, 2d or 1w
//	[!] expect TEXT…          one message holds TEXT (! none does)
//	private                   what Tandem said is seen by the speaker alone
//	nothing                   Tandem said nothing
//	screen [-all]             print what is expected from: to be compared by stdout or cmp;
//	                          with -all everything that stands there
//
// say, click, submit, at and advance are steps. Expect, private, nothing and
// screen look at what the speaker sees in their place that is new or changed
// since the last step; `-channel NAME` or `-dm` before the text looks in another
// place. A TEXT is found whatever its line breaks and spaces; a button reads as
// [Label]. Nobody is anywhere at first: a story begins with `as`, in the direct
// message. Conditions are the platforms' names, as in `[console] stop`.
//
// The rules of testscript hold: # begins a comment, and 'a text in quotes' is taken
// as it is; an apostrophe in it is written twice.
//
// Nothing sleeps: each word returns when what it caused is there to be seen.
package story

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tandem-bot/tandem/bot/bottest"
)

// Stage is what one story plays on.
type Stage struct {
	World   bottest.World // its engagements are whose people and channels there are
	Harness bottest.Harness
}

// Params say which stories to tell, and where.
type Params struct {
	Dir      string   // of the stories
	Files    []string // or these alone, where Dir is ""
	Platform string   // the name of the platform, for conditions
	// Open sets the stage for a story. The story's own files, such as an
	// engagement file, stand in dir.
	Open func(tb testing.TB, dir string) Stage
	// Update writes what `screen` printed into the stories, where cmp differs.
	Update bool
}

// platforms are the conditions that a story may ask for.
var platforms = []string{"console", "fake", "slack", "teams", "web"}

type key struct{} // of the teller, in testscript's values

// Run tells each story, as a test of its own.
func Run(t *testing.T, p Params) {
	t.Helper()
	cmds := map[string]func(*testscript.TestScript, bool, []string){}
	for name, w := range words {
		cmds[name] = func(ts *testscript.TestScript, not bool, args []string) {
			if not && !w.negated {
				ts.Fatalf("! means nothing before %s", name)
			}
			if err := w.run(ts.Value(key{}).(*teller), ts, not, args); err != nil {
				ts.Fatalf("%v", err)
			}
		}
	}
	testscript.Run(t, testscript.Params{
		Dir: p.Dir, Files: p.Files, UpdateScripts: p.Update, Cmds: cmds,
		Setup: func(e *testscript.Env) error {
			tb, ok := e.T().(testing.TB)
			if !ok {
				return fmt.Errorf("a story is told by a %T, which is no testing.TB", e.T())
			}
			s := p.Open(tb, e.WorkDir)
			e.Values[key{}] = &teller{Stage: s, ctx: tb.Context(), filled: map[string]string{}, strangers: []string{"?somebody"}}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if !slices.Contains(platforms, name) {
				return false, fmt.Errorf("no platform is called %q", name)
			}
			return name == p.Platform, nil
		},
	})
}

// Words returns the words of a story, in order.
func Words() []string { return slices.Sorted(maps.Keys(words)) }
