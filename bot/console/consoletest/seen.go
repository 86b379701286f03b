package consoletest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// shown is a message that was printed, and where its heading says it stands.
type shown struct {
	n       int
	channel string // as the heading names it
	name    string // whom it is to; "" in a channel for everybody
	thread  string
	card    card.Message
}

// heading reads the line above a card.
var heading = regexp.MustCompile(`^Tandem(?: in #(\S+))?(?: to (.+?)( alone)?)?(?:, message (\d+)| changes message (\d+))(?: under (\d+))?:$`)

// Seen returns what the person sees in the place.
func (h *harness) Seen(_ context.Context, person, place string) ([]bottest.Message, error) {
	if err := h.look(); err != nil {
		return nil, err
	}
	engagement, id := h.w.Engagement(person)
	name := strings.TrimPrefix(id, "?")
	for _, e := range h.w.Engagements {
		if i := slices.IndexFunc(e.People, func(p store.Person) bool { return p.ID == id }); e.ID == engagement && i >= 0 {
			name = e.People[i].Name
		}
	}
	if place != "" && len(h.w.Engagements) > 1 {
		place = engagement + "/" + place
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var seen []bottest.Message
	for _, s := range h.shown {
		if s.channel != place || s.name != name && (place == "" || s.name != "") {
			continue
		}
		m := bottest.See(s.card)
		m.ID, m.Thread, m.Private = fmt.Sprintf("%s-%d", session, s.n), s.thread, place != "" && s.name != ""
		seen = append(seen, m)
	}
	return seen, nil
}

// look reads what was printed since the last look. Every card must be one that
// the console was given, under a heading that says where it stands.
func (h *harness) look() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	text := h.out.From(h.read)
	h.read += len(text)
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		head := heading.FindStringSubmatch(lines[i])
		if head == nil {
			continue
		}
		var body []string
		for i+1 < len(lines) && (lines[i+1] == "" || strings.HasPrefix(lines[i+1], "  ")) {
			i++
			body = append(body, strings.TrimPrefix(lines[i], "  "))
		}
		s := shown{channel: head[1], name: head[2]}
		if head[6] != "" {
			s.thread = session + "-" + head[6]
		}
		if err := h.take(&s, strings.TrimSpace(strings.Join(body, "\n"))); err != nil {
			return err
		}
		if err := h.put(s, head[4], head[5]); err != nil {
			return err
		}
	}
	return nil
}

// take finds the card that was printed.
func (h *harness) take(s *shown, body string) error {
	i := slices.IndexFunc(h.given, func(c card.Message) bool { return strings.TrimSpace(c.Plain()) == body })
	if i < 0 {
		return fmt.Errorf("the console printed what it was not given:\n%s", body)
	}
	s.card = h.given[i]
	h.given = slices.Delete(h.given, i, i+1)
	return nil
}

// put keeps a message, a new one or a changed one.
func (h *harness) put(s shown, added, changed string) error {
	n, err := strconv.Atoi(added + changed)
	if err != nil {
		return err
	}
	s.n = n
	if added != "" {
		h.shown = append(h.shown, s)
		if n != len(h.shown) {
			return fmt.Errorf("message %d is printed as number %d", n, len(h.shown))
		}
		return nil
	}
	if n > len(h.shown) {
		return fmt.Errorf("message %d is changed before it is there", n)
	}
	if was := h.shown[n-1]; was.channel != s.channel || was.name != s.name || was.thread != s.thread {
		return fmt.Errorf("message %d is changed in another place", n)
	}
	h.shown[n-1] = s
	return nil
}
