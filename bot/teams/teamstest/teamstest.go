// Package teamstest is a stand-in for Microsoft Teams in tests: the sign-in that
// gives out tokens, the keys of the Bot Connector, its conversations, and the
// activities that it posts to a bot, signed.
package teamstest

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options say whose bot it is.
type Options struct {
	App, Tenant, Secret string
	Now                 func() time.Time
}

// Message is one that the bot put somewhere.
type Message struct {
	ID           string
	Conversation string // without the thread
	Thread       string // the root of its thread; its own id where it is one
	Only         string // who alone sees it
	Activity     map[string]any
}

// Fault is what goes wrong with a request of the bot's.
type Fault struct {
	Status  int // what is answered; 0 cuts the connection
	Code    string
	After   string // Retry-After
	Arrives bool   // it was done all the same
}

// Request is one that the bot made, in order.
type Request struct {
	Method, Path, Query string
	Body                map[string]any
}

// Teams is the stand-in. It is safe for concurrent use.
type Teams struct {
	o      Options
	server *httptest.Server

	mu       sync.Mutex
	keys     []signer
	outage   bool // of the key server
	fetches  int
	grants   int
	trusted  []*x509.Certificate
	used     map[string]bool // ids of assertions
	refuses  int             // with which code the sign-in refuses
	token    string
	channels map[string]bool
	chats    map[string]string // conversation → person
	blocked  map[string]bool   // conversations without the bot
	targeted bool
	messages []Message
	requests []Request
	faults   []Fault
	last     int

	roster      map[string]map[string]Member // person → conversation
	rosterFails int
	rosterAsked int
	skew        time.Duration // of the clock
}

// Open starts a stand-in, which ends with the test.
func Open(tb testing.TB, o Options) *Teams {
	tb.Helper()
	t := &Teams{o: o, used: map[string]bool{}, roster: map[string]map[string]Member{}, channels: map[string]bool{}, chats: map[string]string{}, blocked: map[string]bool{}, targeted: true, last: 1700000000000}
	t.keys = []signer{newSigner(tb, "key-1", "msteams")}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", t.grant)
	mux.HandleFunc("GET /v1/.well-known/openidconfiguration", t.metadata)
	mux.HandleFunc("GET /v1/.well-known/keys", t.keySet)
	mux.HandleFunc("POST /v3/conversations", t.guarded(t.create))
	mux.HandleFunc("POST /v3/conversations/{id}/activities", t.guarded(t.post))
	mux.HandleFunc("PUT /v3/conversations/{id}/activities/{message}", t.guarded(t.put))
	mux.HandleFunc("DELETE /v3/conversations/{id}/activities/{message}", t.guarded(t.remove))
	mux.HandleFunc("GET /v3/conversations/{id}/pagedmembers", t.members)
	mux.HandleFunc("GET /v3/conversations/{id}/members/{member}", t.member)
	t.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.mu.Lock()
		w.Header().Set("Date", o.Now().Add(t.skew).UTC().Format(http.TimeFormat))
		t.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	tb.Cleanup(t.server.Close)
	return t
}

// URL is the address of all of it, and the service URL of its activities.
func (t *Teams) URL() string { return t.server.URL + "/" }

// Channel makes a channel.
func (t *Teams) Channel(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.channels[id] = true
}

// Chat returns the chat with a person, and makes it.
func (t *Teams) Chat(user string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.chat(user)
}

func (t *Teams) chat(user string) string {
	id := "a:chat-" + user
	t.chats[id] = user
	return id
}

// Block takes the bot out of a conversation.
func (t *Teams) Block(conversation string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.blocked[conversation] = true
}

// Untarget makes messages for one person alone impossible, as in a tenant that
// has them not.
func (t *Teams) Untarget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.targeted = false
}

// Fail lets the next requests of the bot meet these faults, one each.
func (t *Teams) Fail(faults ...Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, faults...)
}

// Skew lets the clock of it all differ from the bot's.
func (t *Teams) Skew(by time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.skew = by
}

// Messages returns what stands in a conversation, oldest first; all where it is "".
func (t *Teams) Messages(conversation string) []Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(t.messages), func(m Message) bool { return conversation != "" && m.Conversation != conversation })
}

// Requests returns what the bot asked for, in order.
func (t *Teams) Requests() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.requests)
}

// Grants and Fetches tell how often a token was given out and the keys were read.
func (t *Teams) Grants() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.grants
}

// Fetches tells how often the keys were read.
func (t *Teams) Fetches() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fetches
}

// NextID returns an id as Teams gives to messages.
func (t *Teams) NextID() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.next()
}

func (t *Teams) next() string {
	t.last++
	return strconv.Itoa(t.last)
}

func base(conversation string) (id, root string) {
	id, root, _ = strings.Cut(conversation, ";messageid=")
	return id, root
}
