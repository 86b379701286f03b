package slacktest

import (
	"fmt"
	"slices"
)

// Channel is a place where messages stand: a channel or a direct message.
type Channel struct {
	s        *Slack
	id, name string
	private  bool
	archived bool
	im       *Person  // whose direct message with the app it is
	with     *Install // the app in it
	teams    []string // the workspaces that see it; the first is its home
	members  []string // user ids, of bots as well
	messages []*message
}

// NewChannel says what a channel is like.
type NewChannel struct {
	ID, Name string
	Private  bool
	Members  []*Person
	Bot      bool // the app is in it
}

// Channel adds a channel. The people need not be of its workspace; those who
// aren't connect theirs to it.
func (w *Workspace) Channel(n NewChannel) *Channel {
	s := w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Channel{s: s, id: n.ID, name: n.Name, private: n.Private, teams: []string{w.ID}}
	if c.id == "" {
		c.id = s.id("C")
	}
	for _, p := range n.Members {
		c.add(p)
	}
	if n.Bot {
		c.members = append(c.members, w.install.UserID)
	}
	s.channels = append(s.channels, c)
	return c
}

// add makes somebody a member. The lock is held.
func (c *Channel) add(p *Person) {
	if !slices.Contains(c.teams, p.ws.ID) {
		c.teams = append(c.teams, p.ws.ID)
	}
	if !slices.Contains(c.members, p.ID) {
		c.members = append(c.members, p.ID)
	}
}

// ID returns the channel's id, which can change when it is shared.
func (c *Channel) ID() string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.id
}

// Add makes people members without an event. Those of another workspace connect
// it to the channel.
func (c *Channel) Add(people ...*Person) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, p := range people {
		c.add(p)
	}
}

// RemoveBot takes the app out of the channel without an event.
func (c *Channel) RemoveBot() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.members = slices.DeleteFunc(c.members, func(id string) bool {
		return slices.ContainsFunc(c.s.workspaces, func(w *Workspace) bool { return w.install != nil && w.install.UserID == id })
	})
}

// channel finds one by its id or "#name", or nil. The lock is held.
func (s *Slack) channel(id string) *Channel {
	for _, c := range s.channels {
		if c.id == id || c.name != "" && id == "#"+c.name {
			return c
		}
	}
	return nil
}

// direct returns the direct message of a person with the app. The lock is held.
func (s *Slack) direct(p *Person, in *Install) *Channel {
	for _, c := range s.channels {
		if c.im == p && c.with == in {
			return c
		}
	}
	c := &Channel{s: s, id: s.id("D"), im: p, with: in, teams: []string{in.Team}, members: []string{in.UserID, p.ID}}
	if p.ws.ID != in.Team {
		c.teams = append(c.teams, p.ws.ID)
	}
	s.channels = append(s.channels, c)
	return c
}

// here finds where somebody is: a channel by its id, or, with "", their direct
// message with the app of a workspace that they meet. The lock is held.
func (p *Person) here(channel string) (*Channel, error) {
	if channel != "" {
		c := p.s.channel(channel)
		if c == nil || !c.visible(p) {
			return nil, fmt.Errorf("%s finds no channel %q", p.ID, channel)
		}
		return c, nil
	}
	for _, in := range p.s.installs() {
		if in.ws == p.ws {
			return p.s.direct(p, in), nil
		}
	}
	for _, in := range p.s.installs() {
		if p.s.meets(p, in) {
			return p.s.direct(p, in), nil
		}
	}
	return nil, fmt.Errorf("the app is nowhere that %s could write to it", p.ID)
}

// meets reports whether a person is of the app's workspace or in a channel
// that is shared with it. The lock is held.
func (s *Slack) meets(p *Person, in *Install) bool {
	return p.ws == in.ws || slices.ContainsFunc(s.channels, func(c *Channel) bool {
		return c.im == nil && slices.Contains(c.teams, in.Team) && slices.Contains(c.members, p.ID)
	})
}

// visible reports whether a person can read a channel.
func (c *Channel) visible(p *Person) bool {
	return slices.Contains(c.members, p.ID) || c.im == nil && !c.private && slices.Contains(c.teams, p.ws.ID) && !p.Restricted
}

// known reports whether an app knows of a channel at all.
func (c *Channel) known(in *Install) bool {
	if c.im != nil {
		return c.with == in
	}
	return slices.Contains(c.teams, in.Team) && (!c.private || slices.Contains(c.members, in.UserID))
}

func (c *Channel) shared() bool { return len(c.teams) > 1 }

// kind is the type of a channel in scopes and events.
func (c *Channel) kind() string {
	switch {
	case c.im != nil:
		return "im"
	case c.private:
		return "group"
	}
	return "channel"
}

// scope is the name of its kind in a scope.
func (c *Channel) scope(verb string) string {
	return map[string]string{"im": "im", "group": "groups", "channel": "channels"}[c.kind()] + ":" + verb
}

// find returns a message that isn't for one person only, or nil.
func (c *Channel) find(ts string) *message {
	for _, m := range c.messages {
		if m.ts == ts && m.only == "" {
			return m
		}
	}
	return nil
}
