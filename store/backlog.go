package store

import "time"

// Backlog is what waits in a store, over all engagements, for whoever watches
// over Tandem. It names none of them.
type Backlog struct {
	Engagements   int `json:"engagements"`
	Conversations int `json:"conversations"` // open
	Requests      int `json:"requests"`      // open, for acknowledgements
	Findings      int `json:"findings"`      // open
	// SweepsDue are the engagements that a sweep would look at now, and SweepDue
	// since when the first of them could have been; zero where none is.
	SweepsDue int       `json:"sweeps_due"`
	SweepDue  time.Time `json:"sweep_due,omitzero"`
	// Pending and Sending deliveries are on their way, and Oldest is since when
	// the first of them waits; zero where none does. Dead ones were given up.
	Pending int       `json:"pending"`
	Sending int       `json:"sending"`
	Dead    int       `json:"dead"`
	Oldest  time.Time `json:"oldest,omitzero"`
}
