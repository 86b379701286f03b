package web_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/web"
)

var hello = card.New(card.Paragraph("Hello."))

func TestPostsArriveWhereTheyAreAddressed(t *testing.T) {
	w := open(t, &memory{}, nil)
	c := client{t: t, w: w}
	for _, one := range []struct {
		to             bot.Address
		maria, devon   bool // who sees it
		page, mustHave string
	}{
		{bot.Address{Channel: "harbor-legal/managers"}, true, true, "managers", "Hello."},
		{bot.Address{User: "harbor-legal/maria"}, true, false, "", "Hello."},
		{bot.Address{Channel: "harbor-legal/coordination", User: "harbor-legal/maria"}, true, false, "coordination", "Only you see this"},
		{bot.Address{Channel: "harbor-legal/managers", Thread: "1"}, true, true, "managers", `href="#m1"`},
	} {
		if _, err := w.web.Send(t.Context(), bot.Post{To: one.to, Card: hello}); err != nil {
			t.Fatalf("%+v: %v", one.to, err)
		}
		for who, sees := range map[string]bool{"maria": one.maria, "devon": one.devon} {
			page := c.get(chatURL(who, one.page)).Body.String()
			if sees {
				wants(t, page, one.mustHave)
			} else {
				lacks(t, page, "Hello.")
			}
		}
	}
	if got := len(w.script.all()); got != 0 {
		t.Errorf("Tandem heard itself %d times", got)
	}
}

func TestPostsThatCannotArrive(t *testing.T) {
	w := open(t, &memory{}, nil)
	for _, p := range []bot.Post{
		{},
		{To: bot.Address{Channel: "harbor-legal/nowhere"}},
		{To: bot.Address{Channel: "managers"}},
		{To: bot.Address{Channel: "nobody/managers"}},
		{To: bot.Address{User: "harbor-legal/nobody"}},
		{To: bot.Address{User: "maria"}},
		{To: bot.Address{Channel: "harbor-legal/managers", Thread: "x"}},
		{To: bot.Address{Channel: "harbor-legal/managers", Thread: "7"}},
		{To: bot.Address{Channel: "harbor-legal/managers"}, Update: "7"},
		{To: bot.Address{Channel: "harbor-legal/managers"}, Update: "x"},
	} {
		_, err := w.web.Send(t.Context(), p)
		if refused, ok := errors.AsType[*bot.SendError](err); !ok || !refused.Permanent {
			t.Errorf("%+v: %v", p, err)
		}
	}
	w.memory.Broken = true
	_, err := w.web.Send(t.Context(), bot.Post{To: bot.Address{User: "harbor-legal/maria"}, Card: hello, Key: "k"})
	if _, ok := errors.AsType[*bot.SendError](err); ok || err == nil {
		t.Errorf("a store that fails: %v", err)
	}
}

func TestAPostIsFoundByItsKeyAndUpdated(t *testing.T) {
	w := open(t, &memory{}, nil)
	p := bot.Post{To: bot.Address{Channel: "harbor-legal/managers"}, Card: hello, Key: "outbox-7"}
	if _, found, err := w.web.Find(t.Context(), p); found || err != nil {
		t.Errorf("found before it was sent: %v", err)
	}
	if _, found, _ := w.web.Find(t.Context(), bot.Post{}); found {
		t.Error("no key finds something")
	}
	id, err := w.web.Send(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got, found, err := w.web.Find(t.Context(), p); got != id || !found || err != nil {
		t.Errorf("found %q %v %v", got, found, err)
	}
	// What is sent twice stands there twice, as on any platform.
	if again, err := w.web.Send(t.Context(), p); err != nil || again == id || len(w.memory.All()) != 2 {
		t.Errorf("sent again as %s, %v: %d messages", again, err, len(w.memory.All()))
	}
	p.Update, p.Card = id, card.New(card.Paragraph("Changed."))
	if got, err := w.web.Send(t.Context(), p); err != nil || got != id {
		t.Errorf("updated as %s, %v", got, err)
	}
	page := client{t: t, w: w}.get(chatURL("theo", "managers")).Body.String()
	wants(t, page, "Changed.", "updated <time")
	if w.web.Name() != "web" {
		t.Error(w.web.Name())
	}
}

func TestFaults(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	w := open(t, &memory{}, func(o *web.Options) {
		o.Faults = &web.Faults{Rate429: .2, Rate500: .2, Lost: .2, After: 3 * time.Second, Rand: random.Float64}
	})
	var sent, refused, unknown int
	for range 1000 {
		_, err := w.web.Send(t.Context(), bot.Post{To: bot.Address{User: "harbor-legal/maria"}, Card: hello})
		e, ok := errors.AsType[*bot.SendError](err)
		switch {
		case err == nil:
			sent++
		case ok && e.After == 3*time.Second && !e.Permanent && e.Error() != "":
			refused++
		default:
			unknown++
		}
	}
	arrived := len(w.memory.All())
	for name, n := range map[string]int{"refused": refused, "lost": arrived - sent, "not arrived": unknown - (arrived - sent)} {
		if n < 150 || n > 250 {
			t.Errorf("%s: %d of 1000", name, n)
		}
	}
}
