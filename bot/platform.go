package bot

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
)

// Address is a place on a platform where a message can stand.
type Address struct {
	Platform string `json:"platform"`
	Tenant   string `json:"tenant,omitempty"`
	Channel  string `json:"channel,omitempty"` // "" where User is addressed
	User     string `json:"user,omitempty"`    // of a direct message
	Thread   string `json:"thread,omitempty"`  // the message that it answers
}

// Post is a message on its way to a platform.
type Post struct {
	To   Address
	Card card.Message
	// Key identifies the post. A platform that can keep it beside the message
	// does, so that Find finds it again after a lost answer.
	Key string
	// Update is the id of the message to put the card into; "" for a new one.
	Update string
}

// Platform carries messages to people. Send returns the platform's id of the
// message. Its error is a *SendError where the platform said what is wrong;
// any other error leaves it unknown whether the message arrived.
type Platform interface {
	Name() string
	Send(ctx context.Context, p Post) (id string, err error)
}

// Finder is a Platform that can look for a post by its key: whether it arrived,
// and under which id.
type Finder interface {
	Find(ctx context.Context, p Post) (id string, found bool, err error)
}

// SendError is a refusal by a platform: the message surely did not arrive.
type SendError struct {
	Reason    string        // in a few words, for managers and the log
	After     time.Duration // not to be tried again sooner; from Retry-After
	Permanent bool          // trying again is of no use, as in an archived channel
}

// Error returns the reason.
func (e *SendError) Error() string { return e.Reason }
