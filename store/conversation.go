package store

import (
	"encoding/json"
	"time"
)

// SubjectRef names what a question can be about: a function, tool, artifact,
// severity or exclusion of the engagement.
type SubjectRef struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Conversation is a question that the matrix does not name. It is opened by
// whoever asks first, counted after that, and closed by a lead.
type Conversation struct {
	ID       int    `json:"id"`       // counts from 1 within the engagement
	Question string `json:"question"` // as it was asked first
	// Key is what makes two questions the same: their words without the
	// small ones. At most one open conversation has it.
	Key     string       `json:"key"`
	Nearest []SubjectRef `json:"nearest,omitempty"`
	Asker   Asker        `json:"asker"` // who asked first
	Opened  time.Time    `json:"opened"`
	Times   int          `json:"times"` // asked, the first time included
	Last    time.Time    `json:"last"`  // asked last
	Closed  *Closing     `json:"closed,omitempty"`
}

// Asker is who asked: a person of the engagement, or a stranger as their
// platform knows them.
type Asker struct {
	Person   string `json:"person,omitempty"` // an id; "" for a stranger
	Platform string `json:"platform,omitempty"`
	User     string `json:"user,omitempty"` // on Platform
	Name     string `json:"name,omitempty"` // what the platform calls them
}

// ClosedAs is what a conversation became.
type ClosedAs string

// A conversation closes in one of three ways.
const (
	ClosedAsRow       ClosedAs = "row"       // a new row of the matrix
	ClosedAsExclusion ClosedAs = "exclusion" // out of scope, agreed
	ClosedAsAlias     ClosedAs = "alias"     // another word for what is there
)

// Closing says how a conversation ended.
type Closing struct {
	As      ClosedAs   `json:"as"`
	Subject SubjectRef `json:"subject"`
	Alias   string     `json:"alias,omitempty"`
	By      string     `json:"by"`
	At      time.Time  `json:"at"`
}

// LearnedAlias is a word for a subject that people used and a lead confirmed.
// It answers beside the aliases of the engagement file.
type LearnedAlias struct {
	Phrase  string     `json:"phrase"`
	Subject SubjectRef `json:"subject"`
	By      string     `json:"by"` // the lead
	At      time.Time  `json:"at"`
}

// AliasSuggestion is what people chose when they were asked which one they
// meant. It answers nothing until a lead confirms it.
type AliasSuggestion struct {
	ID      int        `json:"id"`
	Phrase  string     `json:"phrase"` // the question, as it was asked first
	Subject SubjectRef `json:"subject"`
	Asker   Asker      `json:"asker"` // who chose first
	Times   int        `json:"times"`
	First   time.Time  `json:"first"`
	Last    time.Time  `json:"last"`
}

// Stamp tells one state of an engagement from another: while it is the same,
// everything that an answer is made of is.
type Stamp struct {
	Version  int `json:"version"`
	Revision int `json:"revision"`
	// Changes counts what else was recorded: absences, aliases, what was held.
	Changes int `json:"changes"`
}

// Membership is a person's place in one engagement.
type Membership struct {
	Engagement string `json:"engagement"`
	Client     string `json:"client"`
	Person     string `json:"person"` // id
}

// WebMessage is one message of the chat in the browser.
type WebMessage struct {
	ID int64 `json:"id"` // rises with every message of the store
	// Change rises with every message and every update, so that a browser can
	// ask for what is new.
	Change int64           `json:"change"`
	Place  string          `json:"place"`            // the channel or direct message that it stands in
	Thread int64           `json:"thread,omitempty"` // id of the message that it answers
	Author string          `json:"author,omitempty"` // who wrote it; "" for Tandem
	Name   string          `json:"name,omitempty"`   // of the author, to be shown
	For    string          `json:"for,omitempty"`    // who alone may see it; "" for everybody there
	Text   string          `json:"text,omitempty"`   // what a person typed
	Card   json.RawMessage `json:"card,omitempty"`   // what Tandem said
	Key    string          `json:"key,omitempty"`    // see bot.Post
	At     time.Time       `json:"at"`
	Edited time.Time       `json:"edited,omitzero"`
}
