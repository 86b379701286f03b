package teams

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/tandem-bot/tandem/bot"
)

// skewMost is how far this machine's clock may be from Microsoft's. Tokens are
// taken within five minutes of their time; before that there is time to act.
const skewMost = 2 * time.Minute

// Probe is one thing that Check looked at.
type Probe struct {
	Name string // what was looked at: "sign-in", "certificate", "keys", "clock" or "conversation"
	// About is the conversation of a probe named so; zero where it is about several.
	About Reference
	OK    bool
	What  string // what is so, in a sentence without its full stop
	Fix   string // what to do about it; "" where it is OK
}

func good(name, format string, args ...any) Probe {
	return Probe{Name: name, OK: true, What: fmt.Sprintf(format, args...)}
}

func bad(name, fix, format string, args ...any) Probe {
	return Probe{Name: name, What: fmt.Sprintf(format, args...), Fix: fix}
}

// Check looks whether Tandem can work with Teams: whether the app gets a token,
// whether the keys of the Bot Connector can be had, whether the clock is right, and
// whether Tandem is still in the conversations that it knows. It says nothing to
// anybody and changes nothing; it needs no Run. The probes come in a fixed order,
// and those of conversations only where there is a token for them.
func (t *Teams) Check(ctx context.Context, known []Reference) []Probe {
	if t.o.NoTokens {
		return []Probe{good("sign-in", "Teams goes without tokens, for trying out on this machine alone")}
	}
	signIn := t.checkSignIn(ctx)
	probes := []Probe{signIn}
	if t.tokens.certificate != nil {
		probes = append(probes, t.checkCertificate())
	}
	probes = append(probes, t.checkKeys(ctx), t.checkClock(ctx))
	if !signIn.OK {
		return probes
	}
	for i, r := range known {
		p := t.checkConversation(ctx, r)
		if ctx.Err() != nil {
			return append(probes, bad("conversation", "look again later, and for longer", "%d of %d conversations were not looked at, since the time was up", len(known)-i, len(known)))
		}
		p.About = r
		probes = append(probes, p)
	}
	return probes
}

// checkSignIn asks for a new token, whether or not there is one already.
func (t *Teams) checkSignIn(ctx context.Context) Probe {
	const name = "sign-in"
	ctx, cancel := context.WithTimeout(ctx, keysTime)
	defer cancel()
	_, err := t.tokens.source(context.WithValue(ctx, oauth2.HTTPClient, t.http)).Token()
	if err == nil {
		return good(name, "Microsoft's sign-in gives Tandem a token for Teams")
	}
	if r, ok := refusedBy(err); ok {
		return bad(name, r.fix, "Microsoft's sign-in gives Tandem no token: %s", r.what)
	}
	if errors.Is(err, errCertificate) {
		return bad(name, "give Tandem a certificate that is good, and upload it at the Entra app", "%v", err)
	}
	return bad(name, "let this machine reach "+t.tokens.endpoint, "Microsoft's sign-in can't be reached: %v", err)
}

func (t *Teams) checkCertificate() Probe {
	const name = "certificate"
	end := t.tokens.certificate.leaf.NotAfter.UTC().Format(time.DateOnly)
	if t.tokens.certificate.expires(t.o.Now()) {
		return bad(name, "upload a new one at the Entra app's Certificates & secrets and give it to Tandem", "the certificate for Teams is good until %s and no longer", end)
	}
	return good(name, "the certificate for Teams is good until %s", end)
}

// checkKeys reads the keys anew, whether or not there are some already.
func (t *Teams) checkKeys(ctx context.Context) Probe {
	const name = "keys"
	ctx, cancel := context.WithTimeout(ctx, keysTime)
	defer cancel()
	set, err := t.validator.keys.fetch(ctx)
	if err != nil {
		return bad(name, "let this machine reach "+t.validator.keys.metadata, "the keys of the Bot Connector can't be had, so that nothing from Teams can be believed: %v", err)
	}
	n := 0
	for _, k := range set {
		if slices.Contains(k.endorsements, channelTeams) {
			n++
		}
	}
	if n == 0 {
		return bad(name, "nothing can be done here; look again later", "none of the Bot Connector's %d keys is for Teams", len(set))
	}
	return good(name, "the keys of the Bot Connector can be had, %d of them for Teams", n)
}

// checkClock compares the clock with that of the server of the keys.
func (t *Teams) checkClock(ctx context.Context) Probe {
	const name = "clock"
	ctx, cancel := context.WithTimeout(ctx, keysTime)
	defer cancel()
	there, err := t.date(ctx)
	if err != nil {
		return bad(name, "let this machine reach "+t.validator.keys.metadata, "Microsoft's clock can't be read: %v", err)
	}
	off := t.o.Now().Sub(there).Round(time.Second)
	switch {
	case off > skewMost:
		return bad(name, "let this machine set its clock by NTP", "the clock is %v ahead of Microsoft's; beyond five minutes no token is good", off)
	case off < -skewMost:
		return bad(name, "let this machine set its clock by NTP", "the clock is %v behind Microsoft's; beyond five minutes no token is good", -off)
	}
	return good(name, "the clock is Microsoft's")
}

func (t *Teams) date(ctx context.Context) (time.Time, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.validator.keys.metadata, http.NoBody)
	if err != nil {
		return time.Time{}, err
	}
	resp, err := t.http.Do(r)
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	return http.ParseTime(resp.Header.Get("Date"))
}

// checkConversation asks for the first of a conversation's members, which Teams
// tells to those alone that are in it.
func (t *Teams) checkConversation(ctx context.Context, r Reference) Probe {
	const name = "conversation"
	what := "the conversation " + r.Conversation
	fix := "add Tandem to the team or chat again, or take the channel out of the engagement's file"
	if r.User != "" {
		what, fix = "the chat with "+r.User, "ask the person to open Tandem in Teams again"
	}
	at := place{tenant: r.Tenant, conversation: r.Conversation, service: r.ServiceURL}
	u, err := t.conversation(at)
	if err == nil {
		u.Path, u.RawQuery = u.Path+"/pagedmembers", "pageSize=50" // the least that Teams takes
		var page object
		err = t.request(ctx, http.MethodGet, u, nil, &page)
	}
	if err == nil {
		return good(name, "Tandem is in %s", what)
	}
	if refused, ok := errors.AsType[*bot.SendError](err); ok && refused.Permanent {
		return bad(name, fix, "Tandem can't speak in %s: %v", what, refused)
	}
	return bad(name, "look again later", "whether Tandem is still in %s can't be found out: %v", what, err)
}
