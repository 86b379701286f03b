// Package console is a chat in the terminal. One person at the keyboard speaks
// as anybody of the engagements, in any of their channels, and moves the clock;
// what Tandem says to whomever is printed with the place where it stands.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

// Platform is the console's name in events and addresses.
const Platform = "console"

// Handler answers events; it reports false for a repeat.
type Handler interface {
	Handle(ctx context.Context, e bot.Event) (reply bot.Reply, fresh bool)
}

// Clock is a clock that can be moved.
type Clock interface {
	Now() time.Time
	// Move sets the clock, and does what falls due until then.
	Move(ctx context.Context, to time.Time) error
}

// Options are what a console is made of.
type Options struct {
	Handler     Handler
	Engagements []*store.Engagement // whose people and channels there are; one begins in the first
	Clock       Clock
	// In and Out are a terminal with history and completion where both are
	// one, and lines of text otherwise.
	In  io.Reader
	Out io.Writer
	// Speaker is whom one speaks as at first, as `/as` takes it; "" is the
	// first person of the first engagement.
	Speaker string
	Channel string // where one is at first; "" is the direct message
	// Complete returns the lines that a line could become, commands of the
	// console aside. It may be nil.
	Complete func(line string) []string
	// Session begins the ids of events and messages. Two sessions on one store
	// need different ones, or the second's events would count as repeats.
	Session string
}

// Console is the chat, and the platform that carries messages to it. Sending
// is safe at any time, also while somebody types.
type Console struct {
	o      Options
	input  input
	me     speaker
	events int // how many were made, for their ids

	mu  sync.Mutex // guards log, and keeps its order that of the output
	log []message
}

// New returns a console. It fails where Speaker or Channel is unknown.
func New(o Options) (*Console, error) {
	if len(o.Engagements) == 0 {
		return nil, errors.New("console: there is no engagement to speak in")
	}
	if o.Session == "" {
		o.Session = Platform
	}
	c := &Console{o: o, input: newInput(o.In, o.Out), me: speaker{engagement: o.Engagements[0]}}
	if t, ok := c.input.(*terminal); ok {
		t.complete = c.complete
	}
	if o.Speaker == "" && len(o.Engagements[0].People) > 0 {
		o.Speaker = o.Engagements[0].People[0].ID
	}
	if err := c.as(o.Speaker); err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	if o.Channel != "" {
		if err := c.in(o.Channel); err != nil {
			return nil, fmt.Errorf("console: %w", err)
		}
	}
	return c, nil
}

// Run is New and then Run.
func Run(ctx context.Context, o Options) error {
	c, err := New(o)
	if err != nil {
		return err
	}
	return c.Run(ctx)
}

// Run talks until the input ends, somebody says /quit or interrupts an empty
// line, all of which is well, or until the context is done, which is its error.
func (c *Console) Run(ctx context.Context) error {
	if c.input.live() {
		c.note("You speak as " + c.me.words() + ". /help says what can be typed, /quit ends.")
	}
	for {
		line, err := c.read(ctx, c.prompt(), true)
		switch {
		case errors.Is(err, errCleared):
			continue
		case errors.Is(err, errInterrupted), errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooLong):
			c.note(sentence(err.Error()))
			continue
		case err != nil:
			return err
		}
		if err := c.typed(ctx, strings.TrimSpace(line)); errors.Is(err, errQuit) || errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// read waits for a line or for the end of the context.
func (c *Console) read(ctx context.Context, prompt string, keep bool) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	var line string
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		line, err = c.input.line(prompt, keep)
	}()
	select {
	case <-done:
		return strings.ToValidUTF8(line, "\uFFFD"), err
	case <-ctx.Done():
		c.input.stop(done)
		return "", ctx.Err()
	}
}

// typed does what a line says.
func (c *Console) typed(ctx context.Context, line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	for _, w := range words {
		if w.name == word {
			return w.run(ctx, c, rest)
		}
	}
	switch button, n, isPress := pressed(line); {
	case line == "":
		return nil
	case isPress:
		return c.press(ctx, n, button)
	}
	if text := unmentioned(line); text != "" {
		return c.event(ctx, bot.Event{Text: text, Channel: c.me.channelAddress(), Thread: c.me.thread})
	}
	return nil
}

// unmentioned takes the address off that people are used to from other
// platforms: @Tandem and /tandem.
func unmentioned(line string) string {
	const mention = "@tandem"
	if len(line) >= len(mention) && (strings.EqualFold(line[:len(mention)], mention) || line[:len(mention)] == "/tandem") {
		if rest := strings.TrimLeft(line[len(mention):], ",:"); rest == "" || rest[0] == ' ' {
			return strings.TrimSpace(rest)
		}
	}
	return line
}

// event hands to the handler what the speaker did, prints the reply, and asks
// for what its form wants.
func (c *Console) event(ctx context.Context, e bot.Event) error {
	for {
		c.events++
		e.Platform, e.ID = Platform, c.o.Session+"-e"+strconv.Itoa(c.events)
		e.User, e.Name = c.me.address(), c.me.name
		e.At = c.o.Clock.Now()
		reply, fresh := c.o.Handler.Handle(ctx, e)
		if !fresh || reply.Card.IsZero() {
			return nil
		}
		m := c.reply(e, reply)
		if _, ok := formOf(m.card); !ok {
			return nil
		}
		filled, err := c.fill(ctx, m)
		if err != nil || filled == nil {
			return err
		}
		e = *filled
	}
}
