package scheduler

import (
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// The platforms whose addresses stand in the engagement file, and those on which
// everybody of an engagement has a place by their id.
const (
	platformSlack   = "slack"
	platformTeams   = "teams"
	platformWeb     = "web"
	platformConsole = "console"
)

// PlacesOf works out the addresses of an engagement's channels and people on the
// platforms that run. A channel has one on each of them; a person has one on the
// first of them that knows the person, so that nobody hears everything twice: by
// the file, or else because they were found there.
func PlacesOf(e *store.Engagement, platforms []string, found []store.Identity) Places {
	p := Places{
		Channels: make(map[string][]store.Address, len(e.Channels)),
		People:   make(map[string][]store.Address, len(e.People)),
	}
	for i := range e.Channels {
		c := &e.Channels[i]
		for _, platform := range platforms {
			if a, ok := channelOn(platform, e.ID, c); ok {
				p.Channels[c.Name] = append(p.Channels[c.Name], a)
			}
		}
	}
	for i := range e.People {
		person := &e.People[i]
		for _, platform := range platforms {
			if a, ok := personOn(platform, e.ID, person); ok {
				p.People[person.ID] = []store.Address{a}
				break
			}
			if _, known := p.People[person.ID]; !known {
				if a, ok := foundOn(platform, person, found); ok {
					p.People[person.ID] = []store.Address{a}
				}
			}
		}
	}
	return p
}

// foundOn is where a person was found of whom the file has no id on a platform.
func foundOn(platform string, p *store.Person, found []store.Identity) (store.Address, bool) {
	for _, i := range found {
		if i.Person == p.ID && i.Platform == platform {
			return store.Address{Platform: platform, Tenant: i.Tenant, User: i.User}, true
		}
	}
	return store.Address{}, false
}

func channelOn(platform, engagement string, c *store.Channel) (store.Address, bool) {
	a := store.Address{Platform: platform}
	switch platform {
	case platformSlack:
		a.Tenant, a.Channel = ofTeam(c.Slack)
	case platformTeams:
		a.Channel = c.Teams
	case platformWeb, platformConsole:
		a.Channel = engagement + "/" + c.Name
	}
	return a, a.Channel != ""
}

func personOn(platform, engagement string, p *store.Person) (store.Address, bool) {
	a := store.Address{Platform: platform}
	switch platform {
	case platformSlack:
		a.Tenant, a.User = ofTeam(p.Slack)
	case platformTeams:
		a.User = p.Teams
	case platformWeb, platformConsole:
		a.User = engagement + "/" + p.ID
	}
	return a, a.User != ""
}

// ofTeam takes TEAM/ID of a connected workspace apart.
func ofTeam(id string) (team, rest string) {
	if team, rest, ok := strings.Cut(id, "/"); ok {
		return team, rest
	}
	return "", id
}
