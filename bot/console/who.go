package console

import (
	"fmt"
	"strings"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// somebody is the stranger without a name of their own.
const somebody = "somebody"

// speaker is whom one speaks as, and where.
type speaker struct {
	engagement *store.Engagement
	person     string // the id, or "?name" for a stranger
	name       string
	channel    string // its name; "" is the direct message
	thread     string // id of the message whose thread it is
}

// address is how the console's events call the speaker.
func (s *speaker) address() string { return s.engagement.ID + "/" + s.person }

func (s *speaker) channelAddress() string {
	if s.channel == "" {
		return ""
	}
	return s.engagement.ID + "/" + s.channel
}

// words say who one is.
func (s *speaker) words() string {
	if strings.HasPrefix(s.person, "?") {
		return fmt.Sprintf("%s, a stranger to %s, %s", s.name, s.engagement.Client, s.where())
	}
	return s.name + ", " + s.where()
}

func (s *speaker) where() string {
	switch {
	case s.channel == "":
		return "in a direct message"
	case s.thread != "":
		return "in a thread of #" + s.channel
	default:
		return "in #" + s.channel
	}
}

// prompt names the speaker, the place and the local time.
func (c *Console) prompt() string {
	place := "direct message"
	if c.me.channel != "" {
		place = "#" + c.me.channel
		if c.me.thread != "" {
			place += " thread"
		}
	}
	return fmt.Sprintf("%s, %s, %s> ", card.Clean(c.me.name), place, c.now().Format("Mon 2 Jan 15:04"))
}

// as changes whom one speaks as. The place stays, if the engagement does.
func (c *Console) as(name string) error {
	engagement, person := c.me.engagement, name
	if id, rest, qualified := strings.Cut(name, "/"); qualified {
		if engagement = c.engagement(id); engagement == nil {
			return fmt.Errorf("there is no engagement %q here", id)
		}
		person = rest
	}
	if person == somebody {
		person = "?" + somebody
	}
	called, ok := nameOf(engagement, person)
	if !ok {
		return fmt.Errorf("there is no %q in %s; /people lists them, and /as ?%s is a stranger of that name", person, engagement.ID, person)
	}
	if engagement != c.me.engagement {
		c.me = speaker{engagement: engagement}
	}
	c.me.person, c.me.name = person, called
	return nil
}

// in changes the place: a channel, "" for the direct message, or a channel and
// the number of the message whose thread it is.
func (c *Console) in(where string) error {
	name, number, threaded := strings.Cut(strings.TrimPrefix(where, "#"), " ")
	if name == "" || name == "dm" {
		c.me.channel, c.me.thread = "", ""
		return nil
	}
	if !hasChannel(c.me.engagement, name) {
		return fmt.Errorf("%s has no channel %q; it has %s", c.me.engagement.ID, name, strings.Join(channelNames(c.me.engagement), ", "))
	}
	thread := ""
	if threaded {
		m, ok := c.byNumber(strings.TrimSpace(number))
		if !ok || m.to.channel != c.me.engagement.ID+"/"+name {
			return fmt.Errorf("there is no message %s in #%s", strings.TrimSpace(number), name)
		}
		if thread = m.to.thread; thread == "" {
			thread = c.id(m.n)
		}
	}
	c.me.channel, c.me.thread = name, thread
	return nil
}

func (c *Console) engagement(id string) *store.Engagement {
	for _, e := range c.o.Engagements {
		if e.ID == id {
			return e
		}
	}
	return nil
}

// nameOf returns what a person of the engagement, or a stranger, is called.
func nameOf(e *store.Engagement, person string) (string, bool) {
	if name, stranger := strings.CutPrefix(person, "?"); stranger {
		return name, name != "" && !strings.ContainsAny(name, "/ ")
	}
	for _, p := range e.People {
		if p.ID == person {
			return p.Name, true
		}
	}
	return "", false
}

func hasChannel(e *store.Engagement, name string) bool {
	for _, c := range e.Channels {
		if c.Name == name {
			return true
		}
	}
	return false
}

func channelNames(e *store.Engagement) []string {
	names := []string{"the direct message (/in)"}
	for _, c := range e.Channels {
		names = append(names, c.Name)
	}
	return names
}
