package teams_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/teams/teamstest"
)

// asking is a post that says something else to the people.
func asking(people ...string) bot.Post {
	p := hello(here)
	p.Card.Add(card.Buttons{{Label: "Acknowledge", Say: "ack 1"}})
	p.Card.Refresh = &card.Refresh{Say: "acks 1", For: map[string][]string{"teams": people, "slack": {"U1"}}}
	return p
}

// inChannel is the first person of the stage in the channel.
var inChannel = bottest.Spot{Person: "maria", Place: "coordination"}

// Who a card is for sees it as it is for them by now; the others see what all see,
// and may ask for theirs. Looking at a card says nothing to anybody.
func TestRefresh(t *testing.T) {
	w := open(t, func(e bot.Event) bot.Reply {
		switch {
		case !e.Refresh || e.Say != "acks 1":
			return bot.Say(card.Paragraph("a press"))
		case e.User == maria:
			return bot.Whisper(card.Heading("Standup"), card.Paragraph("Maria has seen it"))
		}
		return bot.Reply{}
	})
	w.Teams.Join(channel, maria, teamstest.Member{})
	id, err := w.Adapter.Send(t.Context(), asking(maria))
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.Teams.Messages(""))
	got, asked, err := w.Refresh(t.Context(), inChannel, id, false)
	if err != nil || !asked {
		t.Fatalf("asked %t, %v", asked, err)
	}
	value, _ := json.Marshal(got["value"])
	if got["type"] != "application/vnd.microsoft.card.adaptive" || !strings.Contains(string(value), "Maria has seen it") ||
		!strings.Contains(string(value), `"userIds":["29:`+maria+`"]`) || !strings.Contains(string(value), `"verb":"refresh"`) {
		t.Errorf("answered with %v %s", got["type"], value)
	}
	// The answer to it can be had anew as well, as the same command.
	if !strings.Contains(string(value), `"data":{"say":"acks 1"}`) {
		t.Errorf("then it asks otherwise: %s", value)
	}
	devon := bottest.Spot{Person: "devon", Place: "coordination"}
	if _, asked, err := w.Refresh(t.Context(), devon, id, false); err != nil || asked {
		t.Errorf("Devon's client asks by itself: %v", err)
	}
	got, _, err = w.Refresh(t.Context(), devon, id, true)
	if err != nil || got["statusCode"] != 200.0 || got["type"] != "application/vnd.microsoft.activity.message" {
		t.Errorf("Devon is answered %v, %v", got, err)
	}
	if n := len(w.Teams.Messages("")); n != before {
		t.Errorf("%d messages were said", n-before)
	}
	for _, e := range w.voice.heard() {
		if !e.Refresh || e.Message != id || e.Text != "" {
			t.Errorf("%+v", e)
		}
	}
	// Pressed, the button is a press.
	if err := w.Press(t.Context(), inChannel, id, "Acknowledge"); err != nil {
		t.Fatal(err)
	}
	if heard := w.voice.heard(); heard[len(heard)-1].Refresh || heard[len(heard)-1].Say != "ack 1" {
		t.Errorf("%+v", heard[len(heard)-1])
	}
}

// A card that is put in another's place is for its readers too.
func TestRefreshOfAnUpdate(t *testing.T) {
	w := open(t, nil)
	w.Teams.Join(channel, maria, teamstest.Member{})
	id, err := w.Adapter.Send(t.Context(), hello(here))
	if err != nil {
		t.Fatal(err)
	}
	p := asking(maria)
	p.Update = id
	if _, err := w.Adapter.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, asked, err := w.Refresh(t.Context(), inChannel, id, false); err != nil || !asked {
		t.Errorf("asked %t, %v", asked, err)
	}
}

// A handler that panics at a look leaves the card as it is.
func TestRefreshThatFails(t *testing.T) {
	w := open(t, func(bot.Event) bot.Reply { panic("the secret is 1234") })
	w.Teams.Join(channel, maria, teamstest.Member{})
	id, err := w.Adapter.Send(t.Context(), asking(maria))
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := w.Refresh(t.Context(), inChannel, id, false)
	if err != nil || got["statusCode"] != 200.0 || got["value"] != "This is how it stands." {
		t.Errorf("answered %v, %v", got, err)
	}
}

// Whoever the roster doesn't know, or has no time to tell of, sees what all see.
func TestReadersThatNobodyKnows(t *testing.T) {
	w := open(t, nil)
	w.Teams.Join("19:elsewhere@thread.tacv2", "gone", teamstest.Member{})
	for _, user := range []string{"first", "second", maria} { // she is on the second page
		w.Teams.Join(channel, user, teamstest.Member{})
	}
	people := func(post bot.Post) []any {
		t.Helper()
		id, err := w.Adapter.Send(t.Context(), post)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range w.Teams.Messages("") {
			if m.ID == id {
				data, _ := json.Marshal(m.Activity)
				var a struct {
					Attachments []struct {
						Content struct {
							Refresh struct {
								UserIDs []any `json:"userIds"`
							} `json:"refresh"`
						} `json:"content"`
					} `json:"attachments"`
				}
				if err := json.Unmarshal(data, &a); err != nil || len(data) > 28<<10 {
					t.Fatalf("%d bytes, %v", len(data), err)
				}
				return a.Attachments[0].Content.Refresh.UserIDs
			}
		}
		t.Fatal("it is not there")
		return nil
	}
	if got := fmt.Sprint(people(asking("gone", maria))); got != "[29:"+maria+"]" {
		t.Errorf("for %s", got)
	}
	if got := people(asking("gone")); got != nil {
		t.Errorf("for %v", got)
	}
	asked := w.Teams.RosterAsked()
	if people(asking("gone", maria)); w.Teams.RosterAsked() != asked {
		t.Error("the roster is read again of those it told of, or not")
	}
	if err := w.clock.Move(t.Context(), start.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprintf("person-%d-%s", i, strings.Repeat("x", 90)))
		w.Teams.Join(channel, many[i], teamstest.Member{})
	}
	// Of a hundred and three, two a page, the beginning is read.
	if n := len(people(asking(many...))); n == 0 || n == 60 {
		t.Errorf("it asks for %d", n)
	}
	for _, user := range many { // those who spoke are known
		a := w.text("hello")
		a["from"] = map[string]any{"id": "29:" + user, "aadObjectId": user, "name": "Somebody"}
		w.deliver(t, a)
	}
	if n := len(people(asking(many...))); n != 60 {
		t.Errorf("it asks for %d", n)
	}
	// Where the card is long there is room for fewer.
	long := asking(many...)
	long.Card.Blocks = append(long.Card.Blocks[:2:2], card.Paragraph(strings.Repeat("word ", 4100)))
	if n := len(people(long)); n == 0 || n == 60 {
		t.Errorf("a long one asks for %d", n)
	}
	// One of several messages is the same to all.
	long.Card.Add(card.Paragraph(strings.Repeat("word ", 4100)))
	if got := people(long); got != nil {
		t.Errorf("one of several asks for %v", got)
	}
	// In the chat with somebody it is for them alone, where it is for them at all.
	for user, want := range map[string]string{maria: "[29:" + maria + "]", "first": "[]"} {
		one := asking(maria, "second")
		one.To = bot.Address{Platform: "teams", User: user}
		if got := fmt.Sprint(people(one)); got != want {
			t.Errorf("in the chat with %s it asks for %s", user, got)
		}
	}
	w.Teams.BreakRoster(http.StatusInternalServerError)
	if got := people(asking("new")); got != nil {
		t.Errorf("without a roster it asks for %v", got)
	}
	w.Teams.Block(channel)
	if _, err := w.Adapter.Send(t.Context(), asking("newer")); err == nil {
		t.Error("it was posted")
	} else if refused, ok := errors.AsType[*bot.SendError](err); !ok || !refused.Permanent {
		t.Errorf("%v", err)
	}
}

// E-mail addresses come from the roster: once for each person, and never instead of
// an answer.
func TestEmail(t *testing.T) {
	w := open(t, nil)
	say := func(user, conversation string) string {
		t.Helper()
		a := w.text("hello")
		a["from"] = map[string]any{"id": "29:" + user, "aadObjectId": user, "name": "Somebody"}
		if conversation != "" {
			a["conversation"].(map[string]any)["id"] = conversation
		}
		if status, _ := w.deliver(t, a); status != http.StatusOK {
			t.Fatalf("answered %d", status)
		}
		heard := w.voice.heard()
		return heard[len(heard)-1].Email
	}
	foreign := "00000000-0000-4000-8000-000000000000"
	for name, test := range map[string]struct {
		is   teamstest.Member
		want string
	}{
		"of the tenant":              {teamstest.Member{Email: "maria@harbor.example", Principal: "mortega@harbor.example"}, "maria@harbor.example"},
		"without an e-mail":          {teamstest.Member{Principal: "theo@harbor.example"}, "theo@harbor.example"},
		"a guest":                    {teamstest.Member{Email: "sam@palmetto.example", Principal: "sam_palmetto.example#EXT#@harbor.example"}, "sam@palmetto.example"},
		"a guest without one":        {teamstest.Member{Principal: "sam_palmetto.example#EXT#@harbor.example"}, ""},
		"another tenant's":           {teamstest.Member{Principal: "devon@palmetto.example", Tenant: foreign}, "devon@palmetto.example"},
		"another tenant's who poses": {teamstest.Member{Email: "maria@harbor.example", Principal: "evil@evil.example", Tenant: foreign}, "evil@evil.example"},
		"rubbish":                    {teamstest.Member{Email: "no address"}, ""},
		"two lines":                  {teamstest.Member{Email: "a@b.example\nc@d.example"}, ""},
		"nothing":                    {teamstest.Member{}, ""},
	} {
		user := "person-" + strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "'", "")
		w.Teams.Join(channel, user, test.is)
		asked := w.Teams.RosterAsked()
		for range 3 {
			if got := say(user, ""); got != test.want {
				t.Errorf("%s: %q, want %q", name, got, test.want)
			}
		}
		if n := w.Teams.RosterAsked() - asked; n != 1 {
			t.Errorf("%s: the roster was asked %d times", name, n)
		}
	}
	// It is asked again after a day, and what it said holds where it doesn't answer.
	w.Teams.Join(channel, "moves", teamstest.Member{Email: "old@harbor.example"})
	say("moves", "")
	w.Teams.Join(channel, "moves", teamstest.Member{Email: "new@harbor.example"})
	if got := say("moves", ""); got != "old@harbor.example" {
		t.Errorf("within the day: %q", got)
	}
	if err := w.clock.Move(t.Context(), start.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	w.Teams.BreakRoster(http.StatusServiceUnavailable)
	asked := w.Teams.RosterAsked()
	for range 3 {
		if got := say("moves", ""); got != "old@harbor.example" {
			t.Errorf("without the roster: %q", got)
		}
		if got := say("nobody-yet", ""); got != "" {
			t.Errorf("without the roster: %q", got)
		}
	}
	if n := w.Teams.RosterAsked() - asked; n != 2 {
		t.Errorf("a roster that doesn't answer was asked %d times", n)
	}
	w.Teams.BreakRoster(0)
	if err := w.clock.Move(t.Context(), start.AddDate(0, 0, 1).Add(11*60e9)); err != nil {
		t.Fatal(err)
	}
	if got := say("moves", ""); got != "new@harbor.example" {
		t.Errorf("after it: %q", got)
	}
	// Who isn't in one conversation may be in another.
	w.Teams.Channel("19:incidents@thread.tacv2")
	w.Teams.Join("19:incidents@thread.tacv2", "elsewhere", teamstest.Member{Email: "e@harbor.example"})
	if got := say("elsewhere", ""); got != "" {
		t.Errorf("not a member: %q", got)
	}
	if got := say("elsewhere", "19:incidents@thread.tacv2;messageid=7"); got != "e@harbor.example" {
		t.Errorf("a member of another: %q", got)
	}
	for _, r := range w.Teams.Requests() {
		if strings.Contains(r.Path, "/members") {
			t.Errorf("the whole roster was read: %s", r.Path)
		}
	}
}

// A chat is made with the id that Teams calls somebody, once it is known, and with
// their Entra object id before.
func TestAChatIsMadeByTheKnownID(t *testing.T) {
	w := open(t, nil)
	w.Teams.Join(channel, "person-lee", teamstest.Member{})
	asked := func(user string) any {
		t.Helper()
		if _, err := w.Adapter.Send(t.Context(), hello(bot.Address{Platform: "teams", User: user})); err != nil {
			t.Fatal(err)
		}
		all := w.Teams.Requests()
		for i := len(all) - 1; i >= 0; i-- {
			if members, ok := all[i].Body["members"].([]any); ok {
				return members[0].(map[string]any)["id"]
			}
		}
		return nil
	}
	if got := asked("person-kim"); got != "person-kim" {
		t.Errorf("asked for %v", got)
	}
	if _, err := w.Adapter.Send(t.Context(), asking("person-lee")); err != nil { // reads who is in the channel
		t.Fatal(err)
	}
	if got := asked("person-lee"); got != "29:person-lee" {
		t.Errorf("asked for %v", got)
	}
}
