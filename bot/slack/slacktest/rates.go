package slacktest

import (
	"math"
	"time"
)

// rates holds when calls were made, by what is counted.
type rates map[string][]time.Time

// A workspace takes this many posts a minute, over all its channels.
const postsPerMinute = 300

// tooFast returns how many seconds to wait before a call; 0 is none. Slack
// counts by method and workspace; posts also by channel.
func (c *call) tooFast(name string, perMinute int) int {
	if !c.o.RateLimits {
		return 0
	}
	team := "app"
	if c.in != nil {
		team = c.in.Team
	}
	key := name + " " + team
	if name != "chat.postMessage" {
		return c.count(key, perMinute, time.Minute)
	}
	in := c.args.str("channel")
	if ch := c.channel(in); ch != nil {
		in = ch.id
	}
	if wait := c.count(key+" "+in, 1, time.Second); wait > 0 {
		return wait
	}
	return c.count(key, postsPerMinute, time.Minute)
}

// count counts a call where fewer than most were made in the window before,
// and else returns the seconds until there is room, rounded up.
func (c *call) count(key string, most int, window time.Duration) int {
	now := c.o.Now()
	var recent []time.Time
	for _, at := range c.rates[key] {
		if at.After(now.Add(-window)) {
			recent = append(recent, at)
		}
	}
	c.rates[key] = recent
	if len(recent) >= most {
		return int(math.Ceil(recent[0].Add(window).Sub(now).Seconds()))
	}
	c.rates[key] = append(recent, now)
	return 0
}
