package config

import "strings"

// together checks what the keys say together.
func (r *reader) together() {
	c := &r.c
	if len(c.Platforms()) == 0 {
		r.wrongAt("web.chat", "no chat is on, so nobody could be reached", "turn web.chat on, or write a slack or teams section")
	}
	if c.Slack.On {
		r.slackTogether(&c.Slack)
	}
	if c.Teams.On {
		r.teamsTogether(&c.Teams)
	}
	if c.Web.Chat && !Loopback(c.Listen) && !c.Web.OpenToNetwork {
		r.wrongAt("listen", "listen is open to the network, and whoever reaches the web chat can speak as anybody",
			"say web.open_to_network: yes if that is meant, or listen on 127.0.0.1")
	}
	if len(c.Web.Hosts) > 0 && !c.Web.OpenToNetwork {
		r.wrongAt("web.hosts", "web.hosts lets others reach the web chat, and whoever does can speak as anybody",
			"say web.open_to_network: yes if that is meant, or leave web.hosts out")
	}
	if c.Health.Listen != "" && !Loopback(c.Health.Listen) && !c.Health.OpenToNetwork {
		r.wrongAt("health.listen", "health.listen is open to the network",
			"say health.open_to_network: yes if that is meant, or listen on 127.0.0.1")
	}
	if c.Health.Listen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
		r.wrongAt("health.listen", "health.listen and listen are the same address", "give each its own port")
	}
}
