package web

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// seat is where a page stands: who speaks, and in which channel. Every address
// of the chat carries one, so that two tabs can be two people.
type seat struct {
	Engagement string
	Person     string
	Channel    string // its name; "" for the direct message with Tandem
}

// The keys of a seat in an address.
const (
	asKey = "as"
	inKey = "in"
)

// URL returns the address of a path from this seat.
func (s seat) URL(path string) string {
	q := url.Values{asKey: {s.User()}}
	if s.Channel != "" {
		q.Set(inKey, s.Channel)
	}
	return path + "?" + q.Encode()
}

// User is how the platform knows the speaker.
func (s seat) User() string { return s.Engagement + "/" + s.Person }

// Address is the channel in events and posts, "" in the direct message.
func (s seat) Address() string {
	if s.Channel == "" {
		return ""
	}
	return s.Engagement + "/" + s.Channel
}

// Place is the name under which the messages of the seat are kept.
func (s seat) Place() string {
	if s.Channel == "" {
		return directPlace(s.User())
	}
	return s.Address()
}

// directPlace is where the direct messages with a user stand. No engagement's
// id begins with @.
func directPlace(user string) string { return "@" + user }

// seatOf reads a seat, and returns it with its engagement and speaker. False
// means that there is no such speaker or channel.
func (w *Web) seatOf(ctx context.Context, q url.Values) (seat, *Engagement, Person, bool) {
	id, who, _ := strings.Cut(q.Get(asKey), "/")
	s := seat{id, who, q.Get(inKey)}
	e, ok := w.engagement(ctx, id)
	if !ok {
		return s, nil, Person{}, false
	}
	p, ok := e.person(who)
	if !ok || s.Channel != "" && !slices.Contains(e.Channels, s.Channel) {
		return s, nil, Person{}, false
	}
	return s, e, p, true
}
