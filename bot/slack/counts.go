package slack

import (
	"maps"
	"sync"
)

// The names of what is counted.
const (
	countAccepted   = "accepted"
	countRepeats    = "repeats"
	countUnverified = "refused: not signed by Slack"
	countTooLarge   = "refused: too large"
	countUnread     = "unread: no JSON or form of Slack's"
	countUnknown    = "unknown: "   // a kind of delivery follows
	countPassed     = "passed by: " // one that is not for Tandem
	countFailed     = "failed"
)

// counts counts by name. Names come from a closed set and from Slack's signed
// deliveries; there are no more than so many.
type counts struct {
	mu sync.Mutex
	by map[string]int64
}

const mostCounts = 200

func (c *counts) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[string]int64{}
	}
	if _, known := c.by[name]; !known && len(c.by) >= mostCounts {
		name = countUnknown + "others"
	}
	c.by[name]++
}

func (c *counts) all() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.by)
}
