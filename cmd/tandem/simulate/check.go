package simulate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// Check tells of everybody and everything that a script names and the
// engagement hasn't. Its error has code invalid.
func (s *Script) Check(e *store.Engagement) error {
	var wrong []string
	person := func(where string, ids ...string) {
		for _, id := range ids {
			if _, ok := e.Person(id); !ok && id != "" {
				wrong = append(wrong, fmt.Sprintf("%s names %q, who is nobody of %s", where, id, e.ID))
			}
		}
	}
	channel := func(where, name string) {
		if name != "" && !slices.ContainsFunc(e.Channels, func(c store.Channel) bool { return c.Name == name }) {
			wrong = append(wrong, fmt.Sprintf("%s names the channel %q, which %s doesn't have", where, name, e.ID))
		}
	}
	for _, of := range []struct {
		name  string
		rules []Rule
	}{{"answer", s.Answer}, {"rsvp", s.RSVP}, {"record", s.Record}, {"acknowledge", s.Acknowledge}} {
		for i := range of.rules {
			u := &of.rules[i]
			person(of.name, u.Who...)
			for id := range strings.SplitSeq(u.Fields["attended"], ", ") {
				person(of.name, id)
			}
			for _, id := range u.Cadences {
				if !slices.ContainsFunc(e.Cadences, func(c store.Cadence) bool { return c.ID == id }) {
					wrong = append(wrong, fmt.Sprintf("%s names the cadence %q, which %s doesn't have", of.name, id, e.ID))
				}
			}
		}
	}
	for i := range s.Away {
		person("away", s.Away[i].Who, s.Away[i].Cover)
	}
	for i := range s.Say {
		person("say", s.Say[i].Who)
		channel("say", s.Say[i].In)
	}
	for i := range s.Ask {
		person("ask", s.Ask[i].Who...)
		channel("ask", s.Ask[i].In)
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return store.Errorf(store.CodeInvalid, "The story doesn't fit the engagement. Those that come along are for the sample; a script of your own names its people and cadences, as the README tells.\n  %s", strings.Join(slices.Compact(wrong), "\n  "))
}
