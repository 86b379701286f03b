package install

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
)

// The paths below Tandem's public address.
const (
	InstallPath  = "/slack/install"        // where an admin begins
	CallbackPath = "/slack/oauth/callback" // where Slack sends them; a redirect URL of the app
)

// authorizePage is Slack's.
const authorizePage = "https://slack.com/oauth/v2/authorize"

// Options are what an Installer is made of. Store, Vault, ClientID,
// ClientSecret and Now are required.
type Options struct {
	Store Store
	Vault *Vault
	// ClientID and ClientSecret are the app's, from its page Basic Information.
	ClientID, ClientSecret string
	// URL is Tandem's public address, such as https://tandem.example; plain http
	// for this machine alone. Without it there are no pages, and what is installed
	// already is kept and renewed.
	URL string
	// Scopes are what is asked for: those of the app's manifest.
	Scopes []string
	// Allowed are the ids of the workspaces (T…) and organisations (E…) that may
	// install. Empty lets anybody in who reaches URL, which is logged as a warning:
	// whoever installs can read what Tandem answers in their workspace.
	Allowed []string
	Now     func() time.Time
	Log     *slog.Logger // nil is silent

	API       string       // "" is Slack's; with its trailing slash
	Authorize string       // "" is Slack's page
	HTTP      *http.Client // nil is one with a time limit that follows no redirect
	// Wait waits while another process renews a token; nil does so really.
	Wait func(ctx context.Context, d time.Duration) error
}

// Installer is the whole room. Its Installation goes into the adapter's
// Installations and its Removed into the adapter's Changes; as an http.Handler
// it answers InstallPath and CallbackPath.
type Installer struct {
	*Book
	pages http.Handler
}

// New makes an Installer. Where Options.URL is empty its pages are not found.
func New(o Options) (*Installer, error) {
	switch {
	case o.Store == nil || o.Vault == nil || o.Now == nil:
		return nil, errors.New("installing in Slack: the options lack a store, a vault or a clock")
	case o.ClientID == "" || o.ClientSecret == "":
		return nil, errors.New("installing in Slack: there is no client id or no client secret; both stand on the app's page Basic Information at api.slack.com/apps")
	}
	for _, id := range o.Allowed {
		if !strings.HasPrefix(id, "T") && !strings.HasPrefix(id, "E") {
			return nil, fmt.Errorf("installing in Slack: %q is no id of a workspace (T…) or an organisation (E…)", id)
		}
	}
	if o.API == "" {
		o.API = sdk.APIURL
	}
	if o.Authorize == "" {
		o.Authorize = authorizePage
	}
	if o.HTTP == nil {
		o.HTTP = defaultHTTP()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	i := &Installer{Book: newBook(&o), pages: http.NotFoundHandler()}
	if o.URL == "" {
		return i, nil
	}
	u, err := publicURL(o.URL)
	if err != nil {
		return nil, err
	}
	if len(o.Scopes) == 0 {
		return nil, errors.New("installing in Slack: no scopes are asked for")
	}
	o.URL = strings.TrimSuffix(u.String(), "/")
	i.pages = newPages(&o, i.Book, u.Scheme == "https")
	if len(o.Allowed) == 0 {
		o.Log.Warn("anybody who reaches the address may install Tandem in a Slack workspace of theirs; name the workspaces that may", "address", o.URL+InstallPath)
	}
	return i, nil
}

// publicURL reads Tandem's address. Browsers and Slack take plain http for the
// machine itself alone.
func publicURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("installing in Slack: %q is no address such as https://tandem.example", text)
	}
	ip := net.ParseIP(u.Hostname())
	own := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !own) {
		return nil, fmt.Errorf("installing in Slack: %q must begin with https://", text)
	}
	return u, nil
}

// wait waits, or until the context ends.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ServeHTTP answers the two pages.
func (i *Installer) ServeHTTP(w http.ResponseWriter, r *http.Request) { i.pages.ServeHTTP(w, r) }

// howTo says how Tandem comes into a workspace, for whoever misses it there.
func (o *Options) howTo() string {
	if o.URL == "" {
		return "Tandem has no public address at which it could be installed there: set one."
	}
	return "An admin of the workspace installs it at " + o.URL + InstallPath + "."
}

// howToAgain is howTo for where it was installed before.
func (o *Options) howToAgain() string {
	if o.URL == "" {
		return o.howTo()
	}
	return "Install Tandem there again, at " + o.URL + InstallPath + "."
}
