package slacktest

import "time"

// Options are what a Slack is made of. Only Now is required.
type Options struct {
	// Now and Faults are called under a lock: they may not call Slack.
	Now func() time.Time
	// SignedAt is the time in the signature of requests; nil is Now. An app that
	// checks signatures by the machine's clock needs it.
	SignedAt func() time.Time
	App      App
	// RateLimits makes Slack count calls: by method and workspace, and one post
	// a second in a channel.
	RateLimits bool
	// Faults is asked at each call of the Web API and of a response URL (whose
	// method is "response_url") what goes wrong with it; nil is nothing.
	Faults func(method string) Fault
	// Deadline is how long an app has to answer, in real time; 3 s where zero.
	Deadline time.Duration
	// Retries are the pauses before an event is sent again; nil is what Slack
	// does: at once, after a minute, after five.
	Retries []time.Duration
}

// App is the app's configuration, as on its page at Slack. Whatever is empty is
// filled in by New.
type App struct {
	ID, Name                                 string
	ClientID, ClientSecret, SigningSecret    string
	AppToken                                 string // for Socket Mode, with connections:write
	VerificationToken                        string
	EventsURL, InteractivityURL, CommandsURL string
	SocketMode                               bool
	Commands                                 []string // "/tandem"
	EscapeCommands                           bool     // should_escape: mentions in a command arrive as ids
	Events                                   []string // what it subscribes to
	Redirects                                []string // where an installation may lead back to
	Rotation                                 bool     // tokens expire after 12 hours
	HomeTabOff, MessagesTabOff               bool
}

// Fault is what goes wrong with a call.
type Fault int

// What can go wrong with a call.
const (
	Nothing     Fault = iota
	TooMany           // 429 with Retry-After; nothing was done
	Broken            // 500; nothing was done
	BrokenAfter       // 500, although it was done
	Dropped           // the connection broke; nothing was done
	Lost              // the connection broke, although it was done
)

// Randomly returns an Options.Faults of shares of all calls, drawn by random,
// which returns numbers of 0 up to 1, such as rand.Float64 of a seeded source.
func Randomly(random func() float64, share map[Fault]float64) func(string) Fault {
	return func(string) Fault {
		at := random()
		for f := TooMany; f <= Lost; f++ {
			if at < share[f] {
				return f
			}
			at -= share[f]
		}
		return Nothing
	}
}

// Scopes are those that a chat bot of Tandem's kind usually has.
var Scopes = []string{
	"app_mentions:read", "chat:write", "commands", "im:history", "im:read", "im:write",
	"users:read", "users:read.email", "channels:read", "groups:read", "channels:history", "groups:history",
}

// fill sets what a test left open.
func (o *Options) fill() {
	if o.SignedAt == nil {
		o.SignedAt = o.Now
	}
	if o.Deadline == 0 {
		o.Deadline = 3 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	a := &o.App
	for _, d := range []struct {
		field *string
		value string
	}{
		{&a.ID, "A0TANDEM001"},
		{&a.Name, "Tandem"},
		{&a.ClientID, "1111111111.2222222222"},
		{&a.ClientSecret, "client-secret-of-the-stand-in"},
		{&a.SigningSecret, "signing-secret-of-the-stand-in"},
		{&a.AppToken, "xapp-1-A0TANDEM001-stand-in"},
		{&a.VerificationToken, "verification-token-of-the-stand-in"},
	} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	if a.Commands == nil {
		a.Commands = []string{"/tandem"}
	}
	if a.Events == nil {
		a.Events = []string{
			"app_mention", "message.im", "app_home_opened", "channel_id_changed",
			"app_uninstalled", "tokens_revoked", "member_joined_channel",
		}
	}
}
