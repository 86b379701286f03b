package store

import (
	"slices"
	"time"
)

// AckWhat is what asks for an acknowledgement.
type AckWhat string

// What can ask.
const (
	AckPrompt       AckWhat = "prompt"
	AckReminder     AckWhat = "reminder"
	AckDrift        AckWhat = "drift"
	AckVersion      AckWhat = "version" // of the matrix
	AckAnnouncement AckWhat = "announcement"
)

// Valid reports whether w is one of what can ask.
func (w AckWhat) Valid() bool {
	return slices.Contains([]AckWhat{AckPrompt, AckReminder, AckDrift, AckVersion, AckAnnouncement}, w)
}

// AckMode is whose acknowledgement closes a request.
type AckMode string

// The modes.
const (
	AckEach  AckMode = "each"  // everybody's who was asked
	AckFirst AckMode = "first" // one is enough
)

// UndoWithin is how long a press can be undone; after it, it is fixed.
const UndoWithin = 5 * time.Minute

// AckRequest asks people to acknowledge something. It never changes.
type AckRequest struct {
	// ID counts from 1 within the engagement. It is Rhythm.NextRequest and
	// those after it in a Change, and given by the store elsewhere.
	ID int `json:"id"`
	// Key makes the same request twice one; "" for one that has no repeat.
	Key  string  `json:"key,omitempty"`
	What AckWhat `json:"what"`
	// Subject is what it is about: of drift the finding's fingerprint, of a
	// prompt or reminder AboutOccurrence; else free.
	Subject string  `json:"subject,omitempty"`
	Version int     `json:"version,omitempty"` // of the matrix, or of the message
	Title   string  `json:"title"`
	Text    string  `json:"text,omitempty"`
	Mode    AckMode `json:"mode"`
	// Asked are the ids of those who may, each once.
	Asked []string  `json:"asked"`
	By    string    `json:"by"` // who asks; ByTandem
	At    time.Time `json:"at"`
}

// Acknowledgement is a request with what came of it.
type Acknowledgement struct {
	AckRequest
	Given     []Given   `json:"given,omitempty"`     // those that count, oldest first
	Reminders int       `json:"reminders,omitempty"` // how often it was reminded
	Reminded  time.Time `json:"reminded,omitzero"`   // last
	Closed    time.Time `json:"closed,omitzero"`
	// Why says why it was closed where nobody's acknowledgement closed it.
	Why string `json:"why,omitempty"`
}

// Given is one person's acknowledgement.
type Given struct {
	Person   string    `json:"person"`
	By       string    `json:"by"` // the person, or who did it on their behalf
	Platform string    `json:"platform,omitempty"`
	Identity string    `json:"identity,omitempty"` // of By on the platform
	Message  string    `json:"message,omitempty"`  // that held the button
	How      How       `json:"how"`
	At       time.Time `json:"at"`
	Seq      int       `json:"seq"` // its record in the audit log
}

// OnBehalf reports whether somebody else acknowledged for the person.
func (g *Given) OnBehalf() bool { return g.By != g.Person }

// Of returns the person's acknowledgement.
func (a *Acknowledgement) Of(person string) (Given, bool) {
	i := slices.IndexFunc(a.Given, func(g Given) bool { return g.Person == person })
	if i < 0 {
		return Given{}, false
	}
	return a.Given[i], true
}

// Missing returns those who were asked and have not, in the order asked.
func (a *Acknowledgement) Missing() []string {
	var missing []string
	for _, person := range a.Asked {
		if _, ok := a.Of(person); !ok {
			missing = append(missing, person)
		}
	}
	return missing
}

// Satisfied reports whether what was given closes the request.
func (a *Acknowledgement) Satisfied() bool {
	return a.Mode == AckFirst && len(a.Given) > 0 || len(a.Missing()) == 0
}

// Acknowledging is a press of the button, or its like.
type Acknowledging struct {
	Request  int
	Person   string // whose acknowledgement it is
	By       string // who does it on their behalf; "" for the person
	Platform string
	Identity string // of who does it, on the platform
	Message  string // that held the button
	How      How
}

// AckResult says what came of a press.
type AckResult struct {
	Acknowledgement // as it is now
	// Already says that nothing was changed: When and Who acknowledged before
	// (Who is another than the person where the first one closed it for all).
	Already bool      `json:"already,omitempty"`
	Who     string    `json:"who"`
	When    time.Time `json:"when"`
}

// Undoing takes an acknowledgement back.
type Undoing struct {
	Request  int
	Person   string // whose
	By       string // who does it: the one who pressed; "" for the person
	Platform string
	Identity string
	How      How
}

// AckFilter narrows a list of acknowledgements; the zero value lists all.
type AckFilter struct {
	Open    bool   // only those not closed
	Person  string // only those that this person was asked for
	Missing bool   // with Person: only those that they have not acknowledged
	Request int    // only this one
	Message string // only those of this message on a platform
	Limit   int    // at most so many, the newest; 0 for all
}
