package slackharness_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/bot/slack/slackharness"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store"
)

// talker answers as a test wants, each event once.
type talker struct {
	mu     sync.Mutex
	seen   map[string]bool
	answer func(e bot.Event) bot.Reply
}

func (k *talker) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen[e.ID] && e.ID != "" {
		return bot.Reply{}, false
	}
	if k.seen == nil {
		k.seen = map[string]bool{}
	}
	k.seen[e.ID] = true
	return k.answer(e), true
}

func open(t *testing.T, answer func(e bot.Event) bot.Reply) *slackharness.Harness {
	t.Helper()
	at := time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)
	return slackharness.New(t, bottest.World{
		Engagements: []*store.Engagement{bottest.Stage()}, Handler: &talker{answer: answer}, Clock: clock.At(at, nil, nil),
	}, false)
}

var here = bottest.Spot{Person: "maria", Place: "coordination"}

func seen(t *testing.T, h *slackharness.Harness) []bottest.Message {
	t.Helper()
	all, err := h.Seen(t.Context(), "maria", "coordination")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A post of which nobody knows whether it arrived is looked for by its key.
func TestALostAnswerIsFoundAgain(t *testing.T) {
	h := open(t, nil)
	p := bot.Post{To: h.Address(here), Card: card.New(card.Paragraph("standup")), Key: "standup/1"}
	for i, k := range []struct {
		fault   slacktest.Fault
		arrived bool
	}{{slacktest.Lost, true}, {slacktest.BrokenAfter, true}, {slacktest.Broken, false}, {slacktest.Dropped, false}} {
		p.Key = fmt.Sprintf("standup/%d", i)
		h.Slack.Fail("chat.postMessage", k.fault)
		id, err := h.Adapter.Send(t.Context(), p)
		if _, sure := errors.AsType[*bot.SendError](err); err == nil || sure || id != "" {
			t.Fatalf("fault %d: %q, %v", k.fault, id, err)
		}
		if _, found, err := h.Adapter.Find(t.Context(), p); err != nil || found != k.arrived {
			t.Errorf("fault %d: found %v, %v", k.fault, found, err)
		}
	}
	h.Slack.Fail("chat.postMessage", slacktest.TooMany)
	_, err := h.Adapter.Send(t.Context(), p)
	if refused, ok := errors.AsType[*bot.SendError](err); !ok || refused.After <= 0 || refused.Permanent {
		t.Errorf("429 is %v", err)
	}
	calls := len(h.Slack.Calls("chat.postMessage"))
	if _, err := h.Adapter.Send(t.Context(), p); err == nil || len(h.Slack.Calls("chat.postMessage")) != calls {
		t.Errorf("Slack is called although it asked to wait: %v", err)
	}
}

// A reply whose answer was lost stands there once.
func TestAReplyStandsThereOnce(t *testing.T) {
	h := open(t, func(e bot.Event) bot.Reply { return bot.Say(card.Paragraph("heard " + e.Text)) })
	for i, fault := range []slacktest.Fault{slacktest.Lost, slacktest.BrokenAfter, slacktest.Broken, slacktest.Dropped} {
		h.Slack.Fail("chat.postMessage", fault)
		if err := h.Say(t.Context(), here, fmt.Sprintf("number %d", i)); err != nil {
			t.Fatal(err)
		}
		if all := seen(t, h); len(all) != i+1 {
			t.Fatalf("after fault %d there are %d replies: %+v", fault, len(all), all)
		}
	}
}

// A long post that broke off is completed when it is looked for.
func TestALongPostIsCompleted(t *testing.T) {
	h := open(t, nil)
	items := make([]string, 400)
	for i := range items {
		items[i] = fmt.Sprintf("item %04d of a list that is long enough for several messages", i)
	}
	p := bot.Post{To: h.Address(here), Card: card.New(card.List{Title: "All:", Items: items}), Key: "long/1"}
	h.Slack.Fail("chat.postMessage", slacktest.Nothing, slacktest.Nothing, slacktest.Broken)
	if id, err := h.Adapter.Send(t.Context(), p); err == nil || id != "" {
		t.Fatalf("%q, %v", id, err)
	}
	id, found, err := h.Adapter.Find(t.Context(), p)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	all := seen(t, h)
	var text strings.Builder
	for _, m := range all {
		text.WriteString(m.Text + "\n")
	}
	for _, item := range items {
		if n := strings.Count(text.String(), item); n != 1 {
			t.Fatalf("%q is seen %d times", item, n)
		}
	}
	if all[0].ID != id {
		t.Errorf("the post is %s, and begins with %s", id, all[0].ID)
	}
	// What follows goes when the card becomes short.
	p.Update, p.Card = id, card.New(card.Paragraph("short"))
	if _, err := h.Adapter.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if all := seen(t, h); len(all) != 1 {
		t.Errorf("a short card stands in %d messages", len(all))
	}
}

// A form opens at once where a button or the slash command asked for it.
func TestAFormOpensAtOnce(t *testing.T) {
	form := card.Form{Title: "Who is away?", Say: "away", Fields: []card.Field{{Name: "who", Label: "Who", Required: true}}}
	h := open(t, func(e bot.Event) bot.Reply {
		switch {
		case e.Values != nil:
			return bot.Whisper(card.Paragraph("recorded " + e.Values["who"]))
		case e.Say != "":
			return bot.Say(form)
		}
		return bot.Say(card.Paragraph("Well?"), card.Buttons{{Label: "Away", Say: "away"}})
	})
	if err := h.Say(t.Context(), here, "hello"); err != nil {
		t.Fatal(err)
	}
	if err := h.Press(t.Context(), here, seen(t, h)[0].ID, "Away"); err != nil {
		t.Fatal(err)
	}
	all := seen(t, h)
	if len(all) != 2 || !all[1].Private || len(all[1].Fields) != 1 {
		t.Fatalf("no form is open: %+v", all)
	}
	if others, err := h.Seen(t.Context(), "devon", "coordination"); err != nil || len(others) != 1 {
		t.Errorf("devon sees %+v, %v", others, err)
	}
	if err := h.Submit(t.Context(), here, all[1].ID, map[string]string{"who": "theo"}); err != nil {
		t.Fatal(err)
	}
	if all := seen(t, h); len(all) != 2 || !strings.Contains(all[1].Text, "recorded theo") || !all[1].Private {
		t.Errorf("after the form: %+v", all)
	}
}
