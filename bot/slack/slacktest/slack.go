package slacktest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// obj is a JSON object.
type obj = map[string]any

// Slack is all of Slack that one app sees. It is safe for concurrent use.
type Slack struct {
	// URL is where it listens; the Web API is at URL + "/api/".
	URL string

	o      Options
	server *httptest.Server
	client *http.Client
	sock   sockets

	mu         sync.Mutex
	app        App
	workspaces []*Workspace
	channels   []*Channel
	tokens     map[string]*token
	refresh    map[string]*token // by refresh token
	codes      map[string]*grant
	triggers   map[string]*trigger
	hooks      map[string]*hook
	views      map[string]*view
	filled     map[string]map[string]string // what somebody filled in, by person and message
	rates      rates
	scripted   []scripted
	calls      []Call
	deliveries []*Delivery
	waiting    []*shipment // retries and echoes, until they are due
	last       *shipment
	counter    int
	lastTS     int64
	skew       time.Duration // of the clock in the answers of the Web API
}

// Call is one call of the Web API or of a response URL that came in.
type Call struct {
	Method string
	Team   string            // the workspace whose token it was; "" without a valid one
	Args   map[string]string // as text; what is JSON is so
	Error  string            // Slack's word; "" where it went well
	Fault  Fault
}

type scripted struct {
	method string
	faults []Fault
}

// New starts a Slack on a loopback port. Close ends it.
func New(o Options) *Slack {
	o.fill()
	s := &Slack{
		o: o, app: o.App,
		tokens: map[string]*token{}, refresh: map[string]*token{}, codes: map[string]*grant{},
		triggers: map[string]*trigger{}, hooks: map[string]*hook{}, views: map[string]*view{},
		filled: map[string]map[string]string{}, rates: rates{},
	}
	s.sock.init()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("POST /hook/{id}", s.serveHook)
	mux.HandleFunc("GET /link/", s.serveLink)
	s.server = httptest.NewServer(mux)
	s.URL = s.server.URL
	s.client = &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > 2 {
				return errTooManyRedirects
			}
			return nil
		},
	}
	return s
}

var errTooManyRedirects = errors.New("too many redirects")

// Open is New with a Close at the end of the test.
func Open(tb testing.TB, o Options) *Slack {
	tb.Helper()
	s := New(o)
	tb.Cleanup(s.Close)
	return s
}

// Close ends all connections.
func (s *Slack) Close() {
	s.sock.close()
	s.client.CloseIdleConnections()
	s.server.Close()
}

// APIURL is the address of the Web API, with its trailing slash.
func (s *Slack) APIURL() string { return s.URL + "/api/" }

// App returns the app's configuration.
func (s *Slack) App() App {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.app
}

// Configure changes the app's configuration, such as its request URLs.
func (s *Slack) Configure(change func(a *App)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.app)
}

// Fail lets the next calls of a method meet these faults, one each, before
// Options.Faults is asked. The method of response URLs is "response_url".
func (s *Slack) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripted = append(s.scripted, scripted{method, faults})
}

// Skew lets the clock in the answers of the Web API differ from Options.Now.
func (s *Slack) Skew(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew = by
}

// fault says what goes wrong with a call. The lock is held.
func (s *Slack) fault(method string) Fault {
	for i := range s.scripted {
		if sc := &s.scripted[i]; sc.method == method && len(sc.faults) > 0 {
			f := sc.faults[0]
			sc.faults = sc.faults[1:]
			return f
		}
	}
	if s.o.Faults != nil {
		return s.o.Faults(method)
	}
	return Nothing
}

// Calls returns the calls that came in, of a method or, with "", of all.
func (s *Slack) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.calls), func(c Call) bool { return method != "" && c.Method != method })
}

// id makes an id that nothing else has, of a kind. The lock is held.
func (s *Slack) id(kind string) string {
	s.counter++
	return fmt.Sprintf("%s0%09d", kind, s.counter)
}

// ts makes the id of a message: a time that none before has. The lock is held.
func (s *Slack) ts() string {
	at := s.o.Now().UnixMicro()/100*100 + 9
	if at <= s.lastTS {
		at = s.lastTS + 100
	}
	s.lastTS = at
	return fmt.Sprintf("%d.%06d", at/1e6, at%1e6)
}

// tsTime returns when a message was posted.
func tsTime(ts string) time.Time {
	var sec, micro int64
	if _, err := fmt.Sscanf(strings.Replace(ts, ".", " ", 1), "%d %d", &sec, &micro); err != nil {
		return time.Time{}
	}
	return time.Unix(sec, micro*1000)
}
