package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Address is a place on a platform where a message can stand.
type Address struct {
	Platform string `json:"platform"`
	Tenant   string `json:"tenant,omitempty"`
	Channel  string `json:"channel,omitempty"` // "" where User is addressed
	User     string `json:"user,omitempty"`    // of a direct message
}

// String is the address as one text, which no other address has.
func (a Address) String() string {
	parts := []string{a.Platform, a.Tenant, a.Channel, a.User}
	for i, p := range parts {
		parts[i] = addressEscape.Replace(p)
	}
	return strings.Join(parts, "/")
}

var addressEscape = strings.NewReplacer("%", "%25", "/", "%2F")

// What a post is about, as Post.Subject has it.

// AboutOccurrence is the subject of posts about an occurrence.
func AboutOccurrence(cadence, civil string) string { return "occurrence:" + cadence + "@" + civil }

// AboutRequest is the subject of posts that ask for an acknowledgement.
func AboutRequest(id int) string { return "request:" + strconv.Itoa(id) }

// AboutFinding is the subject of posts about a finding.
func AboutFinding(fingerprint string) string { return "finding:" + fingerprint }

// Post is a message as it is meant, whatever platforms it goes to.
type Post struct {
	// Key makes it one: another post with it is the same, and is not posted.
	Key string `json:"key"`
	// Kind is the scheduler's word for it, such as "prompt" or "digest".
	Kind    string `json:"kind"`
	Subject string `json:"subject,omitempty"` // AboutOccurrence, AboutRequest, AboutFinding, or another
	// Channel names a channel of the engagement, or Person a person; for people to read.
	Channel string `json:"channel,omitempty"`
	Person  string `json:"person,omitempty"`
	// Thread is the key of the post that it answers. It waits until that one
	// stands at the same address, or is dead.
	Thread  string          `json:"thread,omitempty"`
	Private bool            `json:"private,omitempty"`
	Card    json.RawMessage `json:"card,omitempty"` // not given in a Rhythm
	To      []Address       `json:"to,omitempty"`   // not given in a Rhythm

	// The rest is the store's to say.

	Revision int       `json:"revision,omitempty"` // counts the cards, from 1
	At       time.Time `json:"at,omitzero"`
	Stands   []Stand   `json:"stands,omitempty"` // one for each address
}

// Stand is where a post stands on one platform.
type Stand struct {
	To       Address       `json:"to"`
	State    DeliveryState `json:"state"`
	Message  string        `json:"message,omitempty"`  // the platform's id of it; "" until it is there
	Revision int           `json:"revision,omitempty"` // that it shows
}

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending DeliveryState = "pending"
	DeliverySending DeliveryState = "sending" // somebody holds its lease
	DeliverySent    DeliveryState = "sent"
	DeliveryDead    DeliveryState = "dead"
)

// Bounds on the patience with a platform, and with us.
const (
	DeliveryAttempts = 8
	DeliveryPatience = 24 * time.Hour
	// DeliverySpacing is the least time between two messages in one channel.
	DeliverySpacing = time.Second
)

// Delivery is one attempt to bring a post to one address, as ClaimDeliveries
// hands it out. Owner, Attempt and Claim together say whose it is.
type Delivery struct {
	Engagement string          `json:"engagement"`
	Post       string          `json:"post"` // key
	N          int             `json:"n"`    // counts the post's addresses
	Kind       string          `json:"kind"`
	Subject    string          `json:"subject,omitempty"`
	Private    bool            `json:"private,omitempty"`
	To         Address         `json:"to"`
	Thread     string          `json:"thread,omitempty"` // the platform's id of the message that it answers
	Update     string          `json:"update,omitempty"` // the platform's id of the message to put the card into; "" for a new one
	Card       json.RawMessage `json:"card"`
	Revision   int             `json:"revision"`
	Owner      string          `json:"owner"`
	Attempt    int             `json:"attempt"` // from 1, anew for each card
	Claim      int             `json:"claim"`   // counts the claims of this post and address
	// Unknown says that an earlier attempt may have arrived, or may still: look
	// first, where the platform can.
	Unknown bool      `json:"unknown,omitempty"`
	First   time.Time `json:"first"` // since when it waits
	Error   string    `json:"error,omitempty"`
	At      time.Time `json:"at,omitzero"` // of a dead one: when it was given up
}

// Key identifies the post beside the message on the platform. No post of
// another engagement has it.
func (d *Delivery) Key() string { return d.Engagement + "/" + d.Post }

// OutcomeKind is how an attempt ended.
type OutcomeKind string

// How an attempt can end.
const (
	OutcomeSent    OutcomeKind = "sent"
	OutcomeRefused OutcomeKind = "refused" // surely not delivered; again at Next
	OutcomeUnknown OutcomeKind = "unknown" // perhaps delivered; look first, at Next
	OutcomeDead    OutcomeKind = "dead"    // never to be tried again
)

// Outcome is how an attempt ended.
type Outcome struct {
	Kind    OutcomeKind
	Message string // of a sent one: the platform's id
	Reason  string // of any other: in a few words
	// Next is when to try again, with the jitter in it.
	Next time.Time
	// Hold, of a refused one, keeps the whole address waiting until Next, as
	// after a 429.
	Hold bool
}
