// Package consoletest is the terminal chat as a bottest.Harness: what people do
// is typed, line by line, and what they see is read from what was printed.
package consoletest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/console"
)

// session begins the ids of the harness's messages.
const session = "test"

// Open is a bottest.Opener: a console that reads from a pipe.
func Open(tb testing.TB, w bottest.World) bottest.Harness {
	tb.Helper()
	h := &harness{w: w, keys: newKeyboard()}
	c, err := console.New(console.Options{
		Handler: h, Engagements: w.Engagements, Clock: w.Clock, In: h.keys, Out: &h.out, Session: session,
	})
	if err != nil {
		tb.Fatal(err)
	}
	h.console = c
	ended := make(chan error, 1)
	go func() { ended <- c.Run(context.WithoutCancel(tb.Context())) }()
	tb.Cleanup(func() {
		h.keys.close()
		if err := <-ended; err != nil {
			tb.Errorf("the console ended with %v", err)
		}
	})
	return h
}

// harness stands between the console and its handler, to know which cards it
// was given: their text is printed, but not which line of it is a button.
type harness struct {
	w       bottest.World
	console *console.Console
	keys    *keyboard
	out     buffer
	acting  sync.Mutex // one person types at a time

	mu    sync.Mutex
	given []card.Message // handed to the console and not yet seen printed
	form  bool           // the last reply ends in a form, so the console asks
	read  int            // how much of the output was read
	shown []shown
}

// Handle hands an event on, and keeps the reply's card.
func (h *harness) Handle(ctx context.Context, e bot.Event) (bot.Reply, bool) {
	r, fresh := h.w.Handler.Handle(ctx, e)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.form = false
	if fresh && !r.Card.IsZero() {
		h.given = append(h.given, r.Card)
		_, h.form = bottest.Form(r.Card)
	}
	return r, fresh
}

// Platform returns the console, by way of the harness.
func (h *harness) Platform() bot.Platform { return h }

// Name returns the console's name.
func (h *harness) Name() string { return h.console.Name() }

// Send keeps the card and hands the post on.
func (h *harness) Send(ctx context.Context, p bot.Post) (string, error) {
	h.mu.Lock()
	h.given = append(h.given, p.Card)
	h.mu.Unlock()
	return h.console.Send(ctx, p)
}

// Find asks the console.
func (h *harness) Find(ctx context.Context, p bot.Post) (string, bool, error) {
	return h.console.Find(ctx, p)
}

// Address returns where a post for the spot goes.
func (h *harness) Address(s bottest.Spot) bot.Address {
	engagement, person := h.w.Engagement(s.Person)
	if s.Place == "" {
		return bot.Address{Platform: console.Platform, User: engagement + "/" + person, Thread: s.Thread}
	}
	return bot.Address{Platform: console.Platform, Channel: engagement + "/" + s.Place, Thread: s.Thread}
}

// Say goes to the spot and types.
func (h *harness) Say(ctx context.Context, s bottest.Spot, text string) error {
	return h.act(ctx, s, "@Tandem "+text)
}

// Press types #N.K.
func (h *harness) Press(ctx context.Context, s bottest.Spot, message, label string) error {
	m, err := h.message(message)
	if err != nil {
		return err
	}
	k := slices.Index(bottest.See(m.card).Buttons, label)
	if k < 0 {
		return fmt.Errorf("message %s has no button %q", message, label)
	}
	return h.act(ctx, s, fmt.Sprintf("#%d.%d", m.n, k+1))
}

// Submit types /form N and then a line for each field.
func (h *harness) Submit(ctx context.Context, s bottest.Spot, message string, values map[string]string) error {
	m, err := h.message(message)
	if err != nil {
		return err
	}
	form, ok := bottest.Form(m.card)
	if !ok {
		return fmt.Errorf("message %s has no form", message)
	}
	lines := []string{fmt.Sprintf("/form %d", m.n)}
	for _, f := range form.Fields {
		lines = append(lines, values[f.Name])
	}
	return h.act(ctx, s, lines...)
}

// Again is not supported: a line that is typed comes once.
func (h *harness) Again(context.Context) error { return errors.ErrUnsupported }

// act goes to the spot and types lines, and gives up the form that the console
// asks for afterwards: that is Submit's to fill in.
func (h *harness) act(ctx context.Context, s bottest.Spot, lines ...string) error {
	h.acting.Lock()
	defer h.acting.Unlock()
	engagement, person := h.w.Engagement(s.Person)
	place := "/in " + s.Place
	if s.Thread != "" {
		place += " " + strings.TrimPrefix(s.Thread, session+"-")
	}
	before := h.out.Len()
	if err := h.keys.enter(ctx, "/as "+engagement+"/"+person, place); err != nil {
		return err
	}
	if printed := h.out.From(before); strings.Count(printed, "You are ") != 2 {
		return fmt.Errorf("the console can't go there: %s", printed)
	}
	h.mu.Lock()
	h.form = false
	h.mu.Unlock()
	if err := h.keys.enter(ctx, lines...); err != nil {
		return err
	}
	h.mu.Lock()
	asks := h.form
	h.form = false
	h.mu.Unlock()
	if asks {
		return h.keys.enter(ctx, ".")
	}
	return nil
}

func (h *harness) message(id string) (shown, error) {
	if err := h.look(); err != nil {
		return shown{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	n, err := strconv.Atoi(strings.TrimPrefix(id, session+"-"))
	if err != nil || n < 1 || n > len(h.shown) {
		return shown{}, fmt.Errorf("there is no message %q", id)
	}
	return h.shown[n-1], nil
}

// buffer is output that is read while it is written.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Len()
}

// From returns what was written from a point on.
func (b *buffer) From(n int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.buf.Bytes()[n:])
}

// keyboard hands lines to the console, and knows when it waits for the next:
// then everything before has been done.
type keyboard struct {
	text  chan string
	waits chan struct{}
	ended chan struct{}
	rest  string
}

func newKeyboard() *keyboard {
	return &keyboard{text: make(chan string), waits: make(chan struct{}), ended: make(chan struct{})}
}

// Read waits for lines.
func (k *keyboard) Read(p []byte) (int, error) {
	for k.rest == "" {
		select {
		case k.waits <- struct{}{}:
		case k.rest = <-k.text:
		case <-k.ended:
			return 0, io.EOF
		}
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// enter types lines and waits until they have been dealt with.
func (k *keyboard) enter(ctx context.Context, lines ...string) error {
	for _, l := range lines {
		if strings.ContainsAny(l, "\r\n") {
			return fmt.Errorf("%q can't be typed in one line", l)
		}
	}
	select {
	case k.text <- strings.Join(lines, "\n") + "\n":
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-k.waits:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *keyboard) close() { close(k.ended) }
