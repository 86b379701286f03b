package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

// skewMost is how far this machine's clock may be from Slack's. Signatures are
// good within five minutes of their time
// (https://docs.slack.dev/authentication/verifying-requests-from-slack); before
// that there is time to act.
const skewMost = 2 * time.Minute

// Probe is one thing that Check looked at.
type Probe struct {
	Name string // what was looked at: "token", "scopes", "clock", "socket", "requests" or "channel"
	// Channel is that of a probe named "channel", as the Checklist has it; "" where
	// it is about several.
	Channel string
	OK      bool
	What    string // what is so, in a sentence without its full stop
	Fix     string // what to do about it; "" where it is OK
}

func good(name, format string, args ...any) Probe {
	return Probe{Name: name, OK: true, What: fmt.Sprintf(format, args...)}
}

func bad(name, fix, format string, args ...any) Probe {
	return Probe{Name: name, What: fmt.Sprintf(format, args...), Fix: fix}
}

// Scope is what an app may ask for, with what it is for.
type Scope struct{ Name, For string }

// Workspace is one in which Tandem is installed, as its Installation has it.
type Workspace struct {
	Team, Enterprise string
	Name             string // what people call it; "" is what Slack calls it
}

// Checklist is what Check looks at.
type Checklist struct {
	// Workspaces are those with an installation; none are the only one.
	Workspaces []Workspace
	Scopes     []Scope  // that every token has to have
	Channels   []string // CHANNEL or TEAM/CHANNEL, as engagements name them
	URL        string   // Tandem's public address; "" where it isn't known
	// Progress is told how many of the channels are done; nil isn't.
	Progress func(done, of int)
}

// Check looks whether Tandem can work with Slack: whether the tokens are good and
// have their scopes, whether the clock is right, whether Socket Mode would open a
// connection, and whether Tandem is in the channels where it is to speak. It says
// nothing to anybody and changes nothing; it needs no Run. Where Slack asks to wait
// it does. No text has a token in it.
func (s *Slack) Check(ctx context.Context, list Checklist) []Probe {
	all := list.Workspaces
	if len(all) == 0 {
		all = []Workspace{{}}
	}
	var probes []Probe
	answered := http.Header{}
	for _, w := range all {
		probes = append(probes, s.checkToken(ctx, w, list.Scopes, answered)...)
	}
	probes = append(probes, s.checkWay(ctx, list.URL, answered))
	if p, ok := s.checkClock(answered); ok {
		probes = append(probes, p)
	}
	refused := map[string]bool{} // workspaces whose token was told about already
	for i, channel := range list.Channels {
		if list.Progress != nil {
			list.Progress(i, len(list.Channels))
		}
		p, ok := s.checkChannel(ctx, channel, refused)
		if ctx.Err() != nil {
			return append(probes, bad("channel", "look again later, and for longer", "%d of %d channels were not looked at, since the time was up", len(list.Channels)-i, len(list.Channels)))
		}
		if p.Channel = channel; ok {
			probes = append(probes, p)
		}
	}
	return probes
}

// asker is a client that keeps the headers of the last answer, in into.
func (s *Slack) asker(token string, into http.Header, more ...sdk.Option) *sdk.Client {
	return sdk.New(token, append([]sdk.Option{
		sdk.OptionAPIURL(s.o.API), sdk.OptionHTTPClient(s.o.HTTP), sdk.OptionLog(log.New(io.Discard, "", 0)),
		sdk.OptionOnResponseHeaders(func(_ string, h http.Header) {
			clear(into)
			for name, values := range h {
				into[name] = values
			}
			into.Set(heardAt, s.o.Now().Format(time.RFC3339Nano))
		}),
	}, more...)...)
}

// heardAt is no header of Slack's: it says when an answer came, by our clock.
const heardAt = "X-Tandem-Heard-At"

// noToken are Slack's words for a token that is of no use, with what to do.
var noToken = map[string]string{
	"invalid_auth":           "install the app again, and give Tandem the bot token that its page OAuth & Permissions shows then (xoxb-…)",
	"not_authed":             "give Tandem the bot token that the app's page OAuth & Permissions shows (xoxb-…)",
	"token_revoked":          "install the app again, and give Tandem its new token",
	"account_inactive":       "install the app in the workspace again, and give Tandem its new token",
	"token_expired":          "a token from an installation by OAuth is renewed while Tandem runs: start it; one that stands in the configuration can't be: install the app again and give Tandem the new one",
	"not_allowed_token_type": "give Tandem the bot token that the app's page OAuth & Permissions shows (xoxb-…)",
}

// checkToken asks Slack whose the token of a workspace is, and what it may do.
func (s *Slack) checkToken(ctx context.Context, w Workspace, scopes []Scope, answered http.Header) []Probe {
	const name = "token"
	inst, err := s.o.Installations.Installation(ctx, w.Team, w.Enterprise)
	if err != nil {
		fix := "do what it says"
		if store.ErrorCode(err) != store.CodeNotFound {
			fix = "see that the store can be read and that the key of the tokens is the right one; or install Tandem in the workspace again"
		}
		return []Probe{bad(name, fix, "there is no token for %s: %s", w.called(), said(err))}
	}
	var me *sdk.AuthTestResponse
	word, err := s.ask(ctx, &client{Installation: inst}, "auth.test", func() (err error) {
		me, err = s.asker(inst.Token, answered).AuthTestContext(ctx)
		return err
	})
	if err != nil {
		if fix, known := noToken[word]; known {
			return []Probe{bad(name, fix, "the token for %s is of no use: %s", w.called(), said(err))}
		}
		return []Probe{bad(name, s.unreached(err), "whether the token for %s is good can't be found out: %s", w.called(), said(err))}
	}
	if w.Name == "" {
		w.Name = me.Team
	}
	if w.Team == "" {
		w.Team = me.TeamID
	}
	return append([]Probe{good(name, "Slack takes the token for %s", w.called())}, checkScopes(&w, scopes, answered)...)
}

// checkScopes compares what a token may do with what Tandem needs. Slack says it
// with every answer: https://docs.slack.dev/authentication/installing-with-oauth
func checkScopes(w *Workspace, wanted []Scope, answered http.Header) []Probe {
	const name = "scopes"
	header := answered.Get("X-OAuth-Scopes")
	if header == "" {
		return []Probe{good(name, "Slack doesn't say which scopes the token for %s has", w.called())}
	}
	var has []string
	for scope := range strings.SplitSeq(header, ",") {
		has = append(has, strings.TrimSpace(scope))
	}
	var probes []Probe
	for _, scope := range wanted {
		if !slices.Contains(has, scope.Name) {
			probes = append(probes, bad(name, "add "+scope.Name+" to the bot token scopes on the app's page OAuth & Permissions, and install the app again",
				"the token for %s lacks the scope %s, by which Tandem %s", w.called(), scope.Name, scope.For))
		}
	}
	if len(probes) == 0 {
		probes = append(probes, good(name, "the token for %s has all %d scopes that Tandem asks for", w.called(), len(wanted)))
	}
	return probes
}

// called is a workspace for people.
func (w *Workspace) called() string {
	id := w.Team
	if id == "" {
		id = w.Enterprise
	}
	switch {
	case w.Name != "" && id != "":
		return w.Name + " (" + id + ")"
	case w.Name+id != "":
		return w.Name + id
	}
	return "the workspace"
}

// checkWay looks at how Slack's deliveries come in.
func (s *Slack) checkWay(ctx context.Context, url string, answered http.Header) Probe {
	if s.o.AppToken != "" {
		return s.checkSocket(ctx, answered)
	}
	if url == "" {
		url = "https://YOUR-ADDRESS"
	}
	return good("requests", "Slack posts to Tandem, which can't be seen from here: the app's page has to show the Request URL %s/slack/events under Event Subscriptions, Interactivity & Shortcuts and Slash Commands",
		strings.TrimSuffix(url, "/"))
}

// noSocket are Slack's words for an app-level token that opens no connection, with
// what to do: https://docs.slack.dev/reference/methods/apps.connections.open
var noSocket = map[string]string{
	"invalid_auth":           newAppToken,
	"not_authed":             newAppToken,
	"token_revoked":          newAppToken,
	"account_inactive":       newAppToken,
	"not_allowed_token_type": newAppToken,
	"missing_scope":          newAppToken,
	"forbidden_team":         "turn Socket Mode on at the app's page Socket Mode",
	"access_denied":          "turn Socket Mode on at the app's page Socket Mode",
	"too_many_websockets":    "stop the Tandems that are too many: an app has ten connections at most",
}

const newAppToken = "make an app-level token with the scope connections:write on the app's page Basic Information, App-Level Tokens, and give it to Tandem (xapp-…)"

// checkSocket asks for the address of a connection, and opens none.
func (s *Slack) checkSocket(ctx context.Context, answered http.Header) Probe {
	const name = "socket"
	word, err := s.ask(ctx, &client{}, "apps.connections.open", func() error {
		_, address, err := s.asker("", answered, sdk.OptionAppLevelToken(s.o.AppToken)).StartSocketModeContext(ctx)
		if err == nil && address == "" {
			err = errors.New("its answer has no address")
		}
		return err
	})
	if err == nil {
		return good(name, "Slack takes the app-level token, and opens connections of Socket Mode")
	}
	if fix, known := noSocket[word]; known {
		return bad(name, fix, "Slack opens no connection of Socket Mode for the app-level token (%s)", word)
	}
	return bad(name, s.unreached(err), "whether Slack opens a connection of Socket Mode can't be found out: %s", said(err))
}

// checkClock compares the clock with that of the last answer, if there was one.
func (s *Slack) checkClock(answered http.Header) (Probe, bool) {
	const name, fix = "clock", "let this machine set its clock by NTP"
	there, err := http.ParseTime(answered.Get("Date"))
	if err != nil {
		return Probe{}, false
	}
	here, err := time.Parse(time.RFC3339Nano, answered.Get(heardAt))
	if err != nil {
		return Probe{}, false
	}
	beyond := "beyond five minutes nothing that Slack posts is believed"
	if s.o.AppToken != "" {
		beyond = "what comes due does so at the wrong time"
	}
	switch off := here.Sub(there).Round(time.Second); {
	case off > skewMost:
		return bad(name, fix, "the clock is %v ahead of Slack's; %s", off, beyond), true
	case off < -skewMost:
		return bad(name, fix, "the clock is %v behind Slack's; %s", -off, beyond), true
	}
	return good(name, "the clock is Slack's"), true
}

// checkChannel looks whether Tandem can speak in a channel. It is not looked at
// where the token isn't good, which the probe of the token says.
func (s *Slack) checkChannel(ctx context.Context, channel string, refused map[string]bool) (Probe, bool) {
	const name = "channel"
	team, id, foreign := strings.Cut(channel, "/")
	if !foreign {
		team, id = "", channel
	}
	if refused[team] {
		return Probe{}, false
	}
	inst, err := s.o.Installations.Installation(ctx, team, "")
	if err != nil {
		return bad(name, "do what it says, or take the channel out of the engagement's file", "Tandem can't speak in the channel %s: %s", channel, said(err)), true
	}
	c := &client{Installation: inst}
	tenant := c.tenant()
	if tenant == "" {
		tenant = team
	}
	if s.o.Channels != nil {
		if id, err = s.o.Channels.ChannelNow(ctx, tenant, id); err != nil {
			return bad(name, "see that the store can be read", "where the channel %s is now can't be found out: %s", channel, said(err)), true
		}
	}
	var ch *sdk.Channel
	word, err := s.ask(ctx, c, "conversations.info", func() (err error) {
		ch, err = s.asker(inst.Token, http.Header{}).GetConversationInfoContext(ctx, &sdk.GetConversationInfoInput{ChannelID: id})
		return err
	})
	what := "the channel " + channel
	if err != nil {
		_, useless := noToken[word]
		switch {
		case useless:
			refused[team] = true
			return Probe{}, false
		case word == "channel_not_found":
			return bad(name, "type /invite @Tandem in it; if there is no such channel any more, put another into the engagement's file",
				"Slack knows of no channel %s, or it is private and Tandem is not in it", channel), true
		case word == "missing_scope":
			return bad(name, "add the scope that it names on the app's page OAuth & Permissions, and install the app again", "Tandem can't look at %s: %s", what, said(err)), true
		}
		return bad(name, s.unreached(err), "whether Tandem can speak in %s can't be found out: %s", what, said(err)), true
	}
	if ch.Name != "" {
		what = "#" + ch.Name + " (" + channel + ")"
	}
	if id != channel && !strings.HasSuffix(channel, "/"+id) {
		what += ", which is " + id + " now"
	}
	switch {
	case ch.IsArchived:
		return bad(name, "unarchive it in Slack, or put another channel into the engagement's file", "%s is archived, and nobody can speak there", what), true
	case !ch.IsMember && !ch.IsIM && !ch.IsMpIM:
		return bad(name, "type /invite @Tandem in #"+ch.Name, "Tandem is not in %s, and can't speak there", what), true
	}
	return good(name, "Tandem is in %s", what), true
}

// ask makes a call, again where Slack asks to wait. The word is Slack's for a
// refusal.
func (s *Slack) ask(ctx context.Context, c *client, method string, call func() error) (word string, err error) {
	err = s.insist(ctx, func() error {
		failed := call()
		word = ""
		if refused, ok := errors.AsType[sdk.SlackErrorResponse](failed); ok {
			word = refused.Err
		}
		return s.judge(c, method, failed)
	})
	return word, err
}

// said is an error as it stands in a probe: without its full stop, and without the
// words that are for the log.
func said(err error) string {
	text := err.Error()
	if store.ErrorCode(err) != store.CodeInternal {
		text = store.ErrorMessage(err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(text, "slack: "), ".")
}

// unreached says what to do where it is open whether Slack was reached.
func (s *Slack) unreached(err error) string {
	if refused, ok := errors.AsType[*bot.SendError](err); ok && refused.After > 0 {
		return "look again later: Slack has been asked too much"
	}
	return "let this machine reach " + s.o.API + ", or look again later"
}
