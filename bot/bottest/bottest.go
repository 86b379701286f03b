// Package bottest holds what every chat platform must do, as tests, and a
// platform in memory. Run is the conformance suite; story tells stories in the
// words of the product. Both act through a Harness, so that a new platform
// gets them all for one small interface.
package bottest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// Handler answers events; it reports false for a repeat. *bot.Router is one.
type Handler interface {
	Handle(ctx context.Context, e bot.Event) (reply bot.Reply, fresh bool)
}

// Clock is a clock that can be moved.
type Clock interface {
	Now() time.Time
	// Move sets the clock, and does what falls due until then.
	Move(ctx context.Context, to time.Time) error
}

// World is what stands behind a platform in a test.
type World struct {
	// Engagements are whose people and channels the platform has. The first is
	// meant wherever a Spot names no other.
	Engagements []*store.Engagement
	Handler     Handler
	Clock       Clock
}

// Opener starts a platform over a world. It ends it when the test does.
type Opener func(tb testing.TB, w World) Harness

// Spot is who acts, and where.
type Spot struct {
	// Person is a person's id in the engagement, or "?name" for a stranger.
	// "ENGAGEMENT/PERSON" means one of another engagement.
	Person string
	// Place is the name of a channel of the person's engagement; "" is the
	// direct message with Tandem.
	Place  string
	Thread string // id of the message in whose thread it is; "" is outside of one
}

// Engagement returns the engagement of the person and their id in it.
func (w World) Engagement(person string) (engagement, id string) {
	if e, p, qualified := strings.Cut(person, "/"); qualified {
		return e, p
	}
	return w.Engagements[0].ID, person
}

// Harness is a platform as people meet it. What it does comes to the
// platform's adapter as real traffic: signed requests, a typed line. Each
// call returns when what it caused is there to be seen.
type Harness interface {
	// Platform is the adapter under test.
	Platform() bot.Platform
	// Address is where a post for the spot goes, whether or not there is such
	// a place. In a direct message it is the person's.
	Address(s Spot) bot.Address
	// Say types a text to Tandem, with a mention where people need one.
	Say(ctx context.Context, s Spot, text string) error
	// Press presses a button of a message by its label.
	Press(ctx context.Context, s Spot, message, label string) error
	// Submit sends the form of a message. What has no value is left as it
	// stands there.
	Submit(ctx context.Context, s Spot, message string, values map[string]string) error
	// Again delivers the last event once more, as platforms do when an answer
	// was lost. It is errors.ErrUnsupported where that can't happen.
	Again(ctx context.Context) error
	// Seen returns what Tandem said that the person sees in the place, oldest first.
	Seen(ctx context.Context, person, place string) ([]Message, error)
}

// Message is a message of Tandem's as a person sees it.
type Message struct {
	ID     string
	Thread string // id of the message in whose thread it stands
	// Text is what can be read, without buttons and forms, as the platform
	// shows it: markup that it would act on is acted on, not quoted.
	Text    string
	Buttons []string // labels, in order
	Fields  []string // names of the form's fields, in order
	Private bool     // the platform says that nobody else sees it
}

// See returns how a card is seen where it is shown as its plain text.
func See(c card.Message) Message {
	var m Message
	var text card.Message
	for _, b := range c.Blocks {
		switch b := b.(type) {
		case card.Buttons:
			for _, button := range b {
				m.Buttons = append(m.Buttons, card.Clean(button.Label))
			}
		case card.Form:
			for _, f := range b.Fields {
				m.Fields = append(m.Fields, f.Name)
			}
			text.Add(card.Heading(b.Title))
		default:
			text.Add(b)
		}
	}
	m.Text = text.Plain()
	return m
}

// Button returns the button with the label, as See shows it.
func Button(c card.Message, label string) (card.Button, bool) {
	for _, b := range c.Blocks {
		if buttons, ok := b.(card.Buttons); ok {
			for _, button := range buttons {
				if card.Clean(button.Label) == label {
					return button, true
				}
			}
		}
	}
	return card.Button{}, false
}

// Form returns the form that a card ends in.
func Form(c card.Message) (card.Form, bool) {
	if len(c.Blocks) == 0 {
		return card.Form{}, false
	}
	form, ok := c.Blocks[len(c.Blocks)-1].(card.Form)
	return form, ok
}
