package console

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/store"
)

var errQuit = errors.New("quit")

// word is something that the console itself understands.
type word struct {
	name, usage, short string
	run                func(ctx context.Context, c *Console, rest string) error
}

// words are what /help lists; init fills them, since help reads them.
var words []word

func init() {
	words = []word{
		{"/as", "PERSON", "speak as somebody: a person's id, somebody (a stranger), ?pat (a stranger called pat), ENGAGEMENT/PERSON", runAs},
		{"/in", "[CHANNEL [N]]", "go to a channel, or to the thread of its message N; alone it is the direct message", runIn},
		{"/at", "TIME", "set the clock: 2026-11-20T23:12, 23:12 or fri 23:12", runAt},
		{"/advance", "LENGTH", "move the clock on: 15m, 3h, 2d or 1w", runAdvance},
		{"/form", "[N]", "fill in the last form, or that of message N", runForm},
		{"/people", "", "list whom one can speak as", runPeople},
		{"/help", "", "say what can be typed", runHelp},
		{"/quit", "", "end", func(context.Context, *Console, string) error { return errQuit }},
	}
}

// done tells of an error, or else says who one is now.
func (c *Console) done(err error) error {
	if err != nil {
		c.note(sentence(err.Error()))
		return nil
	}
	c.note("You are " + c.me.words() + ".")
	return nil
}

func runAs(_ context.Context, c *Console, rest string) error { return c.done(c.as(rest)) }
func runIn(_ context.Context, c *Console, rest string) error { return c.done(c.in(rest)) }

func runAt(ctx context.Context, c *Console, rest string) error {
	to, err := clock.Instant(rest, c.now())
	return c.move(ctx, to, err)
}

func runAdvance(ctx context.Context, c *Console, rest string) error {
	to, err := clock.After(rest, c.now())
	return c.move(ctx, to, err)
}

func (c *Console) move(ctx context.Context, to time.Time, err error) error {
	if err == nil {
		err = c.o.Clock.Move(ctx, to)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		c.note(sentence(err.Error()))
		return nil
	}
	c.note("It is " + c.now().Format("Mon 2 Jan 2006 15:04 MST") + ".")
	return nil
}

// now is the time in the speaker's engagement.
func (c *Console) now() time.Time {
	zone, err := time.LoadLocation(c.me.engagement.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return c.o.Clock.Now().In(zone)
}

func runPeople(_ context.Context, c *Console, _ string) error {
	for i, e := range c.o.Engagements {
		if i > 0 {
			c.note("")
		}
		c.note(fmt.Sprintf("%s: %s with %s", e.ID, e.Client, e.MSP))
		for _, p := range e.People {
			c.note("  " + strings.Join(told(p.ID+": "+p.Name, p.Title, sideName(e, p.Side)), ", "))
		}
	}
	c.note("  " + somebody + ": a stranger, on no list; ?pat is one called pat")
	return nil
}

func sideName(e *store.Engagement, s store.Side) string {
	if s == store.MSP {
		return e.MSP
	}
	return e.Client
}

// told leaves out what is empty.
func told(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func runHelp(_ context.Context, c *Console, _ string) error {
	c.note("What you type goes to Tandem; `help` asks it what it can do. The console's own words are:")
	for _, w := range words {
		c.note("  " + strings.TrimSpace(w.name+" "+w.usage) + ": " + w.short)
	}
	c.note("  #2: press the second button of the last card that has any; #14.2 that of message 14")
	return nil
}

// pressed reads #2 and #14.2: the button, and the message or 0 for the last.
func pressed(line string) (button, n int, ok bool) {
	text, ok := strings.CutPrefix(line, "#")
	if !ok {
		return 0, 0, false
	}
	if of, which, both := strings.Cut(text, "."); both {
		var err error
		if n, err = strconv.Atoi(of); err != nil || n < 1 {
			return 0, 0, false
		}
		text = which
	}
	button, err := strconv.Atoi(text)
	return button, n, err == nil && button > 0
}

// press says the command of a button.
func (c *Console) press(ctx context.Context, n, button int) error {
	m, ok := c.find(n, func(m message) bool { return len(buttonsOf(m.card)) > 0 })
	if !ok {
		c.note("There is no such card with buttons.")
		return nil
	}
	buttons := buttonsOf(m.card)
	if button > len(buttons) {
		c.note(fmt.Sprintf("Message %d has %d of them.", m.n, len(buttons)))
		return nil
	}
	return c.event(ctx, c.on(m, buttons[button-1].Say))
}

// on is an event that happens where a message stands.
func (c *Console) on(m message, say string) bot.Event {
	return bot.Event{Say: say, Message: c.id(m.n), Channel: m.to.channel, Thread: m.to.thread}
}

func buttonsOf(m card.Message) (all card.Buttons) {
	for _, b := range m.Blocks {
		if buttons, ok := b.(card.Buttons); ok {
			all = append(all, buttons...)
		}
	}
	return all
}

// sentence makes a sentence of an error's words.
func sentence(words string) string {
	if words == "" {
		return words
	}
	if !strings.HasSuffix(words, ".") {
		words += "."
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
