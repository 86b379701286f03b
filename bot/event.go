package bot

import (
	"time"

	"github.com/tandem-bot/tandem/bot/card"
)

// Event is one thing that a person did on a platform: typed a message, pressed
// a button, sent a form. The adapter has verified where it comes from.
type Event struct {
	Platform string // "web", "console", "slack", "teams"
	Tenant   string // the workspace or organisation; "" where the platform has one only
	// ID is the platform's own id of the event. A repeat carries the same, and
	// has no effect.
	ID      string
	Channel string // its address; "" in a direct message
	Thread  string // "" outside of one
	User    string // who did it, as the platform knows them
	Name    string // what the platform calls them, for those who are on no list
	Email   string // as the platform vouches for it; "" where it doesn't
	// Foreign is somebody of another organisation in a shared channel (Slack
	// Connect): they have buttons, mentions and direct messages, and no slash
	// commands. Their User names their workspace.
	Foreign bool
	// Refresh asks what a card says to this person by now. Nobody pressed anything:
	// what can't be answered is not told, and the card stays as it is.
	Refresh bool
	// Text is what was typed, without the mention of the bot. It is empty where
	// a button was pressed or a form sent.
	Text string
	// Say is the command of the button or form. It comes back from outside, so
	// it means no more than if the person had typed it.
	Say     string
	Values  map[string]string // what was filled into a form
	Message string            // id of the message that held the button or form
	At      time.Time
	// Again says that a process ended while it was at this event. It is answered
	// even where its ID is known: perhaps nothing was said.
	Again bool
}

// Direct reports whether only the person and Tandem are there.
func (e *Event) Direct() bool { return e.Channel == "" }

// Reply is what Tandem says back. A zero Reply says nothing.
type Reply struct {
	Card card.Message
	// Private is for the eyes of the person alone, also in a channel.
	Private bool
	// Replace puts the card in the place of the message whose button was pressed,
	// where the platform can.
	Replace bool
}

// Say makes a reply of blocks that everybody in the channel may see.
func Say(blocks ...card.Block) Reply { return Reply{Card: card.New(blocks...)} }

// Whisper makes a reply for the person alone.
func Whisper(blocks ...card.Block) Reply { return Reply{Card: card.New(blocks...), Private: true} }
