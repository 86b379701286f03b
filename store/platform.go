package store

import "time"

// Identity is a person of an engagement as a platform knows them.
type Identity struct {
	Person   string `json:"person"`
	Platform string `json:"platform"`
	Tenant   string `json:"tenant,omitempty"`
	User     string `json:"user"`
}

// SlackInstallation is Tandem in a workspace of Slack, or in all of an Enterprise
// organisation.
type SlackInstallation struct {
	Team       string // "" for all of the organisation
	Enterprise string // "" outside of one
	Name       string // of the workspace or organisation, for people
	BotUser    string
	Scopes     string // separated by commas
	// Sealed are the tokens, encrypted: the store has no key to them.
	Sealed      []byte
	Revision    int // counts the changes, from 1
	InstalledAt time.Time
	ChangedAt   time.Time
}

// TeamsConversation is what has to be known of a conversation of Teams to speak in
// it unasked.
type TeamsConversation struct {
	Tenant       string
	Conversation string
	User         string // of a personal chat; "" elsewhere
	ServiceURL   string
}
