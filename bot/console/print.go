package console

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// message is a card that stands on the screen.
type message struct {
	n    int
	to   place
	only string // the user who alone sees it, in a channel; "" is everybody there
	card card.Message
	key  string
}

// place is where a message stands: a channel, or the direct message of a user.
type place struct {
	channel, user, thread string
}

// Name returns the name in events and addresses.
func (c *Console) Name() string { return Platform }

// Send prints a post. It refuses what stands nowhere on this console.
func (c *Console) Send(ctx context.Context, p bot.Post) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	to := place{channel: p.To.Channel, user: p.To.User, thread: p.To.Thread}
	if to.channel != "" {
		to.user = ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if why := c.refusal(p, to); why != "" {
		return "", &bot.SendError{Reason: why, Permanent: true}
	}
	if p.Update != "" {
		m, _ := c.byID(p.Update)
		m.card = p.Card
		c.change(m)
		return p.Update, nil
	}
	return c.id(c.show(message{to: to, card: p.Card, key: p.Key}).n), nil
}

// refusal says why a post can't stand where it wants to; "" says that it can.
func (c *Console) refusal(p bot.Post, to place) string {
	if p.To.Platform != Platform {
		return fmt.Sprintf("an address of %q is none of the console's", p.To.Platform)
	}
	address := to.channel
	if address == "" {
		address = to.user
	}
	id, name, _ := strings.Cut(address, "/")
	e := c.engagement(id)
	if e == nil {
		return fmt.Sprintf("there is no engagement %q here", id)
	}
	if _, known := nameOf(e, name); to.channel == "" && !known {
		return fmt.Sprintf("there is nobody %q in %s", name, id)
	}
	if to.channel != "" && !hasChannel(e, name) {
		return fmt.Sprintf("there is no channel %q in %s", name, id)
	}
	for _, of := range []string{to.thread, p.Update} {
		if m, ok := c.byID(of); of != "" && (!ok || m.to.channel != to.channel || m.to.user != to.user) {
			return fmt.Sprintf("there is no message %q in %s", of, address)
		}
	}
	return ""
}

// Find looks for a post that was sent with the key.
func (c *Console) Find(ctx context.Context, p bot.Post) (id string, found bool, err error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.log {
		if p.Key != "" && m.key == p.Key && m.to.channel == p.To.Channel && (m.to.channel != "" || m.to.user == p.To.User) {
			return c.id(m.n), true, nil
		}
	}
	return "", false, nil
}

// reply prints what the handler answered to an event.
func (c *Console) reply(e bot.Event, r bot.Reply) message {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Replace {
		if m, ok := c.byID(e.Message); ok {
			m.card = r.Card
			return c.change(m)
		}
	}
	m := message{to: place{channel: e.Channel, thread: e.Thread}, card: r.Card}
	switch {
	case e.Direct():
		m.to.user = e.User
	case r.Private:
		m.only = e.User
	}
	return c.show(m)
}

// show numbers a message, keeps it and prints it. The lock is held.
func (c *Console) show(m message) message {
	m.n = len(c.log) + 1
	c.log = append(c.log, m)
	c.print(c.heading(m, fmt.Sprintf(", message %d", m.n)), m.card)
	return m
}

// change keeps and prints a message that was there before. The lock is held.
func (c *Console) change(m message) message {
	c.log[m.n-1] = m
	c.print(c.heading(m, fmt.Sprintf(" changes message %d", m.n)), m.card)
	return m
}

// heading says where a message stands and who sees it.
func (c *Console) heading(m message, which string) string {
	where := ""
	if m.to.channel != "" {
		where = " in #" + c.short(m.to.channel)
	}
	switch {
	case m.only != "":
		where += " to " + c.called(m.only) + " alone"
	case m.to.user != "":
		where += " to " + c.called(m.to.user)
	}
	if m.to.thread != "" {
		under, _ := c.byID(m.to.thread)
		which += fmt.Sprintf(" under %d", under.n)
	}
	return "Tandem" + where + which + ":"
}

// short leaves the engagement out of an address where there is only one.
func (c *Console) short(address string) string {
	if len(c.o.Engagements) == 1 {
		_, address, _ = strings.Cut(address, "/")
	}
	return address
}

func (c *Console) called(user string) string {
	id, person, _ := strings.Cut(user, "/")
	if e := c.engagement(id); e != nil {
		if name, ok := nameOf(e, person); ok {
			return card.Clean(name)
		}
	}
	return card.Clean(user)
}

// print writes a card under its heading. The card is indented, so that no text
// in it can pass for a heading or for the console's own words.
func (c *Console) print(heading string, m card.Message) {
	var b strings.Builder
	b.WriteString(heading + "\n")
	for line := range strings.SplitSeq(m.Plain(), "\n") {
		if line != "" {
			b.WriteString("  " + line)
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	fmt.Fprint(c.input, b.String())
}

// note prints a line of the console's own.
func (c *Console) note(line string) {
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	fmt.Fprintln(c.input, indent+card.Clean(line))
}

func (c *Console) id(n int) string { return c.o.Session + "-" + strconv.Itoa(n) }

// byID returns the message with the platform's id. The lock is held.
func (c *Console) byID(id string) (message, bool) {
	number, ok := strings.CutPrefix(id, c.o.Session+"-")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > len(c.log) || c.id(n) != id {
		return message{}, false
	}
	return c.log[n-1], true
}

func (c *Console) byNumber(number string) (message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byID(c.o.Session + "-" + number)
}

// find returns the message n, or with 0 the last, of those that the speaker
// sees and that fit.
func (c *Console) find(n int, fits func(message) bool) (message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.log) - 1; i >= 0; i-- {
		m := c.log[i]
		if (n == m.n || n == 0) && c.sees(m) && fits(m) {
			return m, true
		}
	}
	return message{}, false
}

// sees reports whether a message is for the speaker's eyes: theirs, or in a channel
// of their engagement.
func (c *Console) sees(m message) bool {
	if m.to.user != "" || m.only != "" {
		return m.to.user == c.me.address() || m.only == c.me.address()
	}
	return strings.HasPrefix(m.to.channel, c.me.engagement.ID+"/")
}
