package store

import "time"

// How is the way in which somebody said something.
type How string

// The ways.
const (
	ByButton How = "button"
	ByTyping How = "typed"
	ByForm   How = "form"
)

// Valid reports whether h is one of the ways.
func (h How) Valid() bool { return h == ByButton || h == ByTyping || h == ByForm }

// AnswerKind is what somebody said to a standup's prompt.
type AnswerKind string

// The kinds of an answer.
const (
	Answered        AnswerKind = "answered"
	NothingToReport AnswerKind = "nothing"
	SaidAway        AnswerKind = "away" // not counted as missing
)

// Answer is what one person said to one standup. A later one of the same
// person takes its place; the earlier ones are kept.
type Answer struct {
	Cadence  string     `json:"cadence"`
	Civil    string     `json:"civil"` // see Occurrence.Civil
	Person   string     `json:"person"`
	Kind     AnswerKind `json:"kind"`
	Answers  []string   `json:"answers,omitempty"` // one for each of the cadence's questions
	Platform string     `json:"platform,omitempty"`
	How      How        `json:"how,omitempty"`
	At       time.Time  `json:"at,omitzero"`
	Edits    int        `json:"edits,omitempty"` // how many earlier ones it takes the place of
}

// Blocker is something that holds somebody up. It stays open, with its age,
// until somebody closes it.
type Blocker struct {
	ID      int    `json:"id"` // counts from 1 within the engagement
	Cadence string `json:"cadence"`
	Civil   string `json:"civil"`
	Person  string `json:"person"` // whom it holds up
	Text    string `json:"text"`
	// Function is the id of the row that it is about; "" where none was found.
	Function string    `json:"function,omitempty"`
	Opened   time.Time `json:"opened"`
	ClosedBy string    `json:"closed_by,omitempty"`
	Closed   time.Time `json:"closed,omitzero"`
}

// RSVP is whether somebody will be there. As with answers, the last one counts.
type RSVP struct {
	Cadence  string    `json:"cadence"`
	Civil    string    `json:"civil"`
	Person   string    `json:"person"`
	Coming   bool      `json:"coming"` // "I'll be there", or "I can't"
	Platform string    `json:"platform,omitempty"`
	How      How       `json:"how,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Moving is somebody's decision that an occurrence is due at another time.
type Moving struct {
	Cadence string    `json:"cadence"`
	Civil   string    `json:"civil"`
	Due     time.Time `json:"due"`
	Grace   time.Time `json:"grace"` // worked out by the caller, who knows the business days
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
}

// Skipping is somebody's decision that an occurrence does not take place.
type Skipping struct {
	Cadence string `json:"cadence"`
	Civil   string `json:"civil"`
	Reason  string `json:"reason"`
	By      string `json:"by"`
}

// Resuming ends a pause before its end: From is the first day that does not
// rest any more.
type Resuming struct {
	Cadence string `json:"cadence"`
	From    Date   `json:"from"`
	By      string `json:"by"`
}
