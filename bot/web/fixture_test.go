package web_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/bot/web/webtest"
)

// script is a Handler that answers a few words, and knows repeats.
type script struct {
	mu     sync.Mutex
	seen   map[string]bool
	events []bot.Event
}

func (s *script) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	if s.seen[e.ID] {
		return bot.Reply{}, false
	}
	s.seen[e.ID] = true
	s.events = append(s.events, e)
	switch said := e.Text + e.Say; {
	case strings.HasPrefix(said, "who"):
		return bot.Reply{Card: answer(e.At)}, true
	case said == "why password-resets":
		return bot.Whisper(card.Paragraph("Matched on: password, resets.")), true
	case said == "escalate password-resets":
		return bot.Reply{Card: card.New(card.Heading("Escalated"), card.Paragraph("By "+e.Name+".")), Replace: true}, true
	case said == "away":
		if from := e.Values["from"]; from != "" {
			return bot.Say(card.Heading("Recorded"), card.Facts{{Label: "Away", Value: e.Values["who"] + ", from " + from}, {Label: "Note", Value: e.Values["note"]}}), true
		}
		return bot.Say(awayForm), true
	case said == "matrix":
		return bot.Say(card.Heading("The matrix"), card.Table{
			Title: "Helpdesk", Columns: []string{"Function", "Owner", "Accountable"},
			Rows: [][]string{{"Password resets", "Harbor Legal Group", "Theo Lindqvist"}, {"Endpoint patching", "Palmetto Ridge IT", "Sam Okafor"}},
		}), true
	case said == "nothing":
		return bot.Reply{}, true
	default:
		return bot.Say(card.Heading("Not named"), card.Paragraph("It isn't named in the matrix, so it's a conversation, not an assumption."),
			card.List{Title: "Nearest in the matrix:", Items: []string{"Password resets (Harbor Legal Group)"}}), true
	}
}

// all returns a copy of the events.
func (s *script) all() []bot.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]bot.Event(nil), s.events...)
}

var awayForm = card.Form{
	Title: "Who is away?", Say: "away", Submit: "Record", Typed: "away PERSON FROM[..TO]",
	Fields: []card.Field{
		{Name: "who", Label: "Who", Kind: card.Choice, Required: true, Value: "maria", Options: []card.Option{{Value: "maria", Label: "Maria Ortega"}, {Value: "theo", Label: "Theo Lindqvist"}}},
		{Name: "from", Label: "First day", Kind: card.Day, Required: true, Hint: "The day on which they are first away."},
		{Name: "days", Label: "Days", Kind: card.Number},
		{Name: "note", Label: "Note", Kind: card.Text},
	},
}

// answer is the card that people see most, by the hour of the clock.
func answer(at time.Time) card.Message {
	lead := "Theo Lindqvist, Harbor Legal Group, business hours until Wed 17:30 EST"
	if local := at.In(newYork); local.Hour() >= 18 || local.Hour() == 17 && local.Minute() > 30 {
		lead = "Sam Okafor, on call for Palmetto Ridge IT, after hours until Fri 08:00 EST"
	}
	return card.New(
		card.Heading("Password resets"),
		card.Facts{
			{Label: "Leads now", Value: lead},
			{Label: "Owner", Value: "Theo Lindqvist, Harbor Legal Group (internal)"},
			{Label: "Support", Value: "Palmetto Ridge IT"},
		},
		card.List{Title: "Escalation path:", Ordered: true, Items: []string{
			"Theo Lindqvist, Harbor Legal Group", "Maria Ortega, Harbor Legal Group", "Sam Okafor, on call for Palmetto Ridge IT",
		}},
		card.Note("Matrix version 2, signed by Maria Ortega on 12 Nov 2026 and Devon Pruitt on 13 Nov 2026. Next review 5 Jan 2027."),
		card.Buttons{
			{Label: "Escalate", Say: "escalate password-resets", Tone: card.Primary},
			{Label: "This is wrong", Say: "wrong password-resets"},
			{Label: "Why this row?", Say: "why password-resets"},
		},
	)
}

var newYork = zone("America/New_York")

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// noon is the real time in these tests: a Wednesday in New York.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, newYork)

// engagements are a client with its MSP, and another that tries to break out.
func engagements() []web.Engagement {
	return []web.Engagement{
		{
			ID: "harbor-legal", Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", Zone: newYork,
			People: []web.Person{
				{ID: "maria", Name: "Maria Ortega", Side: "Harbor Legal Group", Roles: "internal lead"},
				{ID: "theo", Name: "Theo Lindqvist", Side: "Harbor Legal Group", Roles: "staff"},
				{ID: "dana", Name: "Dana Whitfield", Side: "Harbor Legal Group", Roles: "executive"},
				{ID: "devon", Name: "Devon Pruitt", Side: "Palmetto Ridge IT", Roles: "MSP lead"},
				{ID: "priya", Name: "Priya Raman", Side: "Palmetto Ridge IT", Roles: "vCIO"},
				{ID: "sam", Name: "Sam Okafor", Side: "Palmetto Ridge IT", Roles: "engineer"},
			},
			Channels: []string{"coordination", "managers"},
			Tries:    []string{"who owns password resets?", "who owns updates?", "who waters the plants?"},
		},
		{
			ID: "evil", Client: `<script>alert("client")</script>`, MSP: "A & B", Channels: []string{"a/b ?&#"},
			People: []web.Person{{ID: "x", Name: `<script>alert("name")</script> ` + strings.Repeat("long", 40), Side: `"><img src=x>`, Roles: "<b>"}},
		},
	}
}

// there is who there is, for good.
func there(list []web.Engagement) func(context.Context) ([]web.Engagement, error) {
	return func(context.Context) ([]web.Engagement, error) { return list, nil }
}

type memory = webtest.Memory

// world is a chat with what stands around it.
type world struct {
	memory *memory
	script *script
	clock  *web.Clock
	web    *web.Web
	moved  []time.Time
}

// open makes a chat over a memory, as a start of the program does.
func open(t *testing.T, m *memory, change func(*web.Options)) *world {
	t.Helper()
	w := &world{memory: m, script: &script{}}
	var err error
	if w.clock, err = web.OpenClock(t.Context(), m, func() time.Time { return noon }); err != nil {
		t.Fatal(err)
	}
	o := web.Options{
		Engagements: there(engagements()), Handler: w.script, Transcript: m, Settings: m, Clock: w.clock, Random: rand.Reader,
		Moved: func(_ context.Context, now time.Time) { w.moved = append(w.moved, now) },
	}
	if change != nil {
		change(&o)
	}
	if w.web, err = web.New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.web.Close)
	return w
}

// chatURL is the page of somebody of the sample engagement.
func chatURL(person, channel string) string {
	url := "/chat?as=" + strings.ReplaceAll("harbor-legal/"+person, "/", "%2F")
	if channel != "" {
		url += "&in=" + channel
	}
	return url
}

// fill says many messages in a place.
func fill(t *testing.T, w *world, n int) {
	t.Helper()
	for i := range n {
		if _, err := w.web.Send(t.Context(), bot.Post{To: bot.Address{Channel: "harbor-legal/coordination"}, Card: card.New(card.Paragraph(fmt.Sprintf("post %d.", i)))}); err != nil {
			t.Fatal(err)
		}
	}
}
