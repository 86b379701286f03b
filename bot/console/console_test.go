package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var harbor = &store.Engagement{
	ID: "harbor-legal", Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", TimeZone: "America/New_York",
	People: []store.Person{
		{ID: "maria", Name: "Maria Ortega", Side: store.Internal, Title: "IT Manager"},
		{ID: "devon", Name: "Devon Pruitt", Side: store.MSP},
	},
	Channels: []store.Channel{{Name: "coordination"}, {Name: "incidents"}},
}

var lakeside = &store.Engagement{
	ID: "lakeside-dental", Client: "Lakeside Dental", MSP: "Palmetto Ridge IT", TimeZone: "America/Chicago",
	People: []store.Person{{ID: "ana", Name: "Ana Ruiz", Side: store.Internal}}, Channels: []store.Channel{{Name: "coordination"}},
}

var awayForm = card.Form{
	Title: "Who is away?", Say: "away", Typed: "away PERSON FROM..TO",
	Fields: []card.Field{
		{Name: "who", Label: "Who", Kind: card.Choice, Options: []card.Option{{Value: "maria", Label: "Maria Ortega"}, {Value: "devon", Label: "Devon Pruitt"}}, Required: true},
		{Name: "from", Label: "From", Hint: "first day", Kind: card.Day, Value: "2026-12-24"},
		{Name: "days", Label: "Days", Kind: card.Number},
		{Name: "why", Label: "Why"},
	},
}

// parrot answers a few things, and remembers what came.
type parrot struct{ events []bot.Event }

func (p *parrot) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	p.events = append(p.events, e)
	switch {
	case e.Text == "away":
		return bot.Say(card.Paragraph("When?"), awayForm), true
	case e.Text == "secret":
		return bot.Whisper(card.Paragraph("Ring +1 352 555 0101.")), true
	case e.Text == "which":
		return bot.Say(card.Heading("Which one?"), card.Buttons{{Label: "Installs", Say: "who installs"}, {Label: "Patching", Say: "who patching"}}), true
	case e.Text == "nothing":
		return bot.Reply{}, true
	case e.Say == "who patching":
		r := bot.Say(card.Paragraph("Patching it is."))
		r.Replace = true
		return r, true
	}
	return bot.Say(card.Heading("Heard"), card.Paragraph(e.Text+e.Say)), true
}

func options(p *parrot, in string, out *bytes.Buffer, engagements ...*store.Engagement) Options {
	at := time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)
	return Options{Handler: p, Engagements: engagements, Clock: clock.At(at, nil, nil), In: strings.NewReader(in), Out: out}
}

// talk types lines into a console and returns what it printed.
func talk(t *testing.T, p *parrot, lines ...string) string {
	t.Helper()
	var out bytes.Buffer
	o := options(p, strings.Join(lines, "\n")+"\n", &out, harbor)
	if err := Run(t.Context(), o); err != nil {
		t.Fatalf("%v after %s", err, &out)
	}
	return out.String()
}

func TestAConversation(t *testing.T) {
	p := &parrot{}
	got := talk(t, p, "who owns vpn?", "", "@tandem", "/in coordination", "@Tandem, which", "#2", "/as ?pat", "secret", "nothing", "/in", "/tandem hello", "/in coordination 2", "hi", "/quit", "never")
	want := `Tandem to Maria Ortega, message 1:
  Heard

  who owns vpn?

You are Maria Ortega, in #coordination.
Tandem in #coordination, message 2:
  Which one?
  Installs: type ` + "`who installs`" + `
  Patching: type ` + "`who patching`" + `

Tandem in #coordination changes message 2:
  Patching it is.

You are pat, a stranger to Harbor Legal Group, in #coordination.
Tandem in #coordination to pat alone, message 3:
  Ring +1 352 555 0101.

You are pat, a stranger to Harbor Legal Group, in a direct message.
Tandem to pat, message 4:
  Heard

  hello

You are pat, a stranger to Harbor Legal Group, in a thread of #coordination.
Tandem in #coordination, message 5 under 2:
  Heard

  hi

`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	said := make([]string, len(p.events))
	for i, e := range p.events {
		said[i] = strings.Join([]string{e.ID, e.User, e.Name, e.Channel, e.Thread, e.Text, e.Say, e.Message, e.At.Format("15:04")}, "|")
	}
	if want := []string{
		"console-e1|harbor-legal/maria|Maria Ortega|||who owns vpn?|||04:12",
		"console-e2|harbor-legal/maria|Maria Ortega|harbor-legal/coordination||which|||04:12",
		"console-e3|harbor-legal/maria|Maria Ortega|harbor-legal/coordination|||who patching|console-2|04:12",
		"console-e4|harbor-legal/?pat|pat|harbor-legal/coordination||secret|||04:12",
		"console-e5|harbor-legal/?pat|pat|harbor-legal/coordination||nothing|||04:12",
		"console-e6|harbor-legal/?pat|pat|||hello|||04:12",
		"console-e7|harbor-legal/?pat|pat|harbor-legal/coordination|console-2|hi|||04:12",
	}; !slices.Equal(said, want) {
		t.Errorf("the events are\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheConsolesOwnWords(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"/as devon", "You are Devon Pruitt, in a direct message."},
		{"/as harbor-legal/devon", "You are Devon Pruitt, in a direct message."},
		{"/as somebody", "You are somebody, a stranger to Harbor Legal Group, in a direct message."},
		{"/as mraia", `There is no "mraia" in harbor-legal; /people lists them, and /as ?mraia is a stranger of that name.`},
		{"/as nowhere/maria", `There is no engagement "nowhere" here.`},
		{"/as", `There is no "" in harbor-legal;`},
		{"/in #incidents", "You are Maria Ortega, in #incidents."},
		{"/in elsewhere", `Harbor-legal has no channel "elsewhere"; it has the direct message (/in), coordination, incidents.`},
		{"/in incidents 9", "There is no message 9 in #incidents."},
		{"/at 2026-11-23T08:00", "It is Mon 23 Nov 2026 08:00 EST."},
		{"/at mon 08:00", "It is Mon 23 Nov 2026 08:00 EST."},
		{"/at noon", `"noon" is no time; write`},
		{"/advance 3h", "It is Sat 21 Nov 2026 02:12 EST."},
		{"/advance much", `"much" is no length of time`},
		{"/people", "  maria: Maria Ortega, IT Manager, Harbor Legal Group\n  devon: Devon Pruitt, Palmetto Ridge IT\n  somebody: a stranger"},
		{"/help", "  /advance LENGTH: move the clock on"},
		{"/form", "There is no such card with a form."},
		{"/form x", "/form takes the number of a message."},
		{"#1", "There is no such card with buttons."},
		{"#1.1", "There is no such card with buttons."},
		{"which\n#3", "Message 1 has 2 of them."},
		{"#0", "#0"},       // a text
		{"#no", "#no"},     // a text
		{"/pepole", "pep"}, // a text; the router knows what to make of it
		{strings.Repeat("x", longest+1) + "\nafter", "That line was too long and was not sent."},
	} {
		if got := talk(t, &parrot{}, c.line); !strings.Contains(got, c.want) {
			t.Errorf("%.40q prints\n%s\nwhich lacks %q", c.line, got, c.want)
		}
	}
}

// What only devon sees, maria can't press.
func TestNobodyPressesWhatTheyDoNotSee(t *testing.T) {
	got := talk(t, &parrot{}, "/as devon", "which", "/as maria", "#1.1", "#1")
	if strings.Count(got, "There is no such card with buttons.") != 2 {
		t.Error(got)
	}
}

func TestAForm(t *testing.T) {
	p := &parrot{}
	got := talk(t, p, "away", "theo", "devon pruitt", "soon", "2026-12-27", "many", "", "skiing")
	for _, want := range []string{"Who (Maria Ortega, Devon Pruitt):", `"theo" is none of them.`, "From (first day) [2026-12-24]:", `"soon" is no day;`, `"many" is no whole number.`, "Why:"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwhich lacks %q", got, want)
		}
	}
	last := p.events[len(p.events)-1]
	if want := map[string]string{"who": "devon", "from": "2026-12-27", "days": "", "why": "skiing"}; !maps.Equal(last.Values, want) || last.Say != "away" || last.Message != "console-1" {
		t.Errorf("the event is %+v", last)
	}

	for _, c := range []struct {
		lines []string
		said  string // by the last event
		tells string
	}{
		{[]string{"away", "."}, "away|", "Given up; nothing was sent."},
		{[]string{"away", ""}, "away|", "This one is needed."},
		{[]string{"away", "", "maria"}, "away|", "The input ended before the form did; nothing was sent."},
		{[]string{"away", "away devon 2026-12-24..2026-12-27"}, "away devon 2026-12-24..2026-12-27|", "Heard"},
		{[]string{"away", ".", "hello", "/form", "maria", "", "3", ""}, "|away", "Heard"},
		{[]string{"away", ".", "/form 1", "maria", "", "", ""}, "|away", "Heard"},
		{[]string{"away", ".", "/form 2"}, "away|", "There is no such card with a form."},
	} {
		p := &parrot{}
		got := talk(t, p, c.lines...)
		last := p.events[len(p.events)-1]
		if said := last.Text + "|" + last.Say; said != c.said || !strings.Contains(got, c.tells) {
			t.Errorf("%q says %q and prints\n%s\nwant %q and %q", c.lines, said, got, c.said, c.tells)
		}
	}
}

func TestTwoEngagements(t *testing.T) {
	p := &parrot{}
	var out bytes.Buffer
	o := options(p, "hello\n/as lakeside-dental/ana\n/in coordination\nhello\n/people", &out, harbor, lakeside)
	o.Channel, o.Speaker, o.Session = "incidents", "devon", "s7"
	if err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Tandem in #harbor-legal/incidents, message 1:", "Tandem in #lakeside-dental/coordination, message 2:", "lakeside-dental: Lakeside Dental with"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got\n%s\nwhich lacks %q", &out, want)
		}
	}
	if e := p.events[1]; e.ID != "s7-e2" || e.User != "lakeside-dental/ana" || e.Channel != "lakeside-dental/coordination" {
		t.Errorf("the event is %+v", e)
	}
}

func TestAWrongStart(t *testing.T) {
	for _, change := range []func(*Options){
		func(o *Options) { o.Speaker = "mraia" },
		func(o *Options) { o.Channel = "elsewhere" },
		func(o *Options) { o.Engagements = nil },
	} {
		o := options(&parrot{}, "", &bytes.Buffer{}, harbor)
		change(&o)
		if err := Run(t.Context(), o); err == nil {
			t.Error("it began")
		}
	}
}

// A clock whose sweep fails says so, and the chat goes on.
func TestAFailedMove(t *testing.T) {
	var out bytes.Buffer
	o := options(&parrot{}, "/advance 1h\nhello", &out, harbor)
	o.Clock = clock.At(o.Clock.Now(), nil, func(context.Context, time.Time) error { return errors.New("the store is full") })
	if err := Run(t.Context(), o); err != nil || !strings.HasPrefix(out.String(), "The store is full.\nTandem") {
		t.Errorf("%v, %s", err, &out)
	}
}

// A context that ends ends the chat, though nobody types.
func TestTheContextEndsIt(t *testing.T) {
	in, typed := io.Pipe()
	o := options(&parrot{}, "", &bytes.Buffer{}, harbor)
	o.In = in
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("ended before: %v", err)
	}
	late, stop := context.WithCancel(t.Context())
	go func() {
		fmt.Fprintln(typed, "/help")
		stop()
	}()
	if err := Run(late, o); !errors.Is(err, context.Canceled) {
		t.Errorf("ended later: %v", err)
	}
	if err := typed.Close(); err != nil { // lets the read that nobody waits for end
		t.Error(err)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("/as ?x\nwhich\n#1\n#2.1\n/form\naway\n.\n")
	f.Add("/in coordination 1\n/advance 1w\n/at fri 08:00\n\x1b[31m")
	f.Fuzz(func(t *testing.T, lines string) {
		if err := Run(t.Context(), options(&parrot{}, lines, &bytes.Buffer{}, harbor, lakeside)); err != nil {
			t.Errorf("%q ends it with %v", lines, err)
		}
	})
}
