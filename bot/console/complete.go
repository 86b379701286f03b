package console

import "strings"

// complete returns what a line could become: the console's own words and what
// they take, or else what Options.Complete knows.
func (c *Console) complete(line string) []string {
	if !strings.HasPrefix(line, "/") {
		if c.o.Complete == nil {
			return nil
		}
		return c.o.Complete(line)
	}
	var all []string
	switch {
	case strings.HasPrefix(line, "/as "):
		for _, p := range c.me.engagement.People {
			all = append(all, "/as "+p.ID)
		}
		all = append(all, "/as "+somebody)
		for _, e := range c.o.Engagements {
			for _, p := range e.People {
				if e != c.me.engagement {
					all = append(all, "/as "+e.ID+"/"+p.ID)
				}
			}
		}
	case strings.HasPrefix(line, "/in "):
		for _, ch := range c.me.engagement.Channels {
			all = append(all, "/in "+ch.Name)
		}
	default:
		for _, w := range words {
			all = append(all, w.name)
		}
	}
	var could []string
	for _, l := range all {
		if strings.HasPrefix(l, line) {
			could = append(could, l)
		}
	}
	return could
}
