package install

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/store"
)

// maxQuery is the longest query that is read; what Slack sends is far shorter.
const maxQuery = 4 << 10

// pages are what an admin goes through: to Slack, and back.
type pages struct {
	o      *Options
	book   *Book
	states *states
	secure bool
}

func newPages(o *Options, book *Book, secure bool) *pages {
	return &pages{o: o, book: book, secure: secure, states: &states{vault: o.Vault, spent: map[[nonceSize]byte]time.Time{}}}
}

// page is what somebody reads.
type page struct {
	Title string
	Lines []string
	Again string // the address to begin anew; "" where that is of no use
}

const style = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}` +
	`h1{font-size:1.6rem;line-height:1.25}code{background:#eee;padding:.1em .3em}a{color:#0b4f9e}` +
	`@media(prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}code{background:#333}a{color:#8ec5ff}}`

var layout = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Title}} – Tandem</title>
<style>` + style + `</style>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
{{- range .Lines}}
<p>{{.}}</p>
{{- end}}
{{- with .Again}}
<p><a href="{{.}}">Install Tandem in Slack</a></p>
{{- end}}
</main>
</body>
</html>
`))

// policy lets a page have its own style and nothing else: nothing that it could
// load, send or be framed by.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// ServeHTTP answers the two pages, also where a proxy puts a path before them.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address holds Slack's code
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	switch {
	case strings.HasSuffix(r.URL.Path, InstallPath) && r.Method == http.MethodGet:
		p.begin(w, r)
	case strings.HasSuffix(r.URL.Path, CallbackPath) && r.Method == http.MethodGet:
		p.back(w, r)
	case strings.HasSuffix(r.URL.Path, InstallPath), strings.HasSuffix(r.URL.Path, CallbackPath):
		h.Set("Allow", http.MethodGet)
		p.show(w, http.StatusMethodNotAllowed, page{Title: "Open this page in a browser", Again: p.o.URL + InstallPath})
	default:
		p.show(w, http.StatusNotFound, page{Title: "There is no such page"})
	}
}

func (p *pages) show(w http.ResponseWriter, status int, of page) {
	var b bytes.Buffer
	if err := layout.Execute(&b, of); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // whoever has gone need not be told
}

// begin sends somebody to Slack. Nothing of the address it sends them to comes
// from the request.
func (p *pages) begin(w http.ResponseWriter, r *http.Request) {
	state, secret, err := p.states.begin(p.o.Now())
	if err != nil {
		p.o.Log.ErrorContext(r.Context(), "an installation in Slack could not begin", "error", err)
		p.show(w, http.StatusInternalServerError, page{Title: "Something went wrong inside Tandem", Lines: []string{"Nothing was installed. Try again in a minute."}, Again: p.o.URL + InstallPath})
		return
	}
	q := url.Values{
		"client_id": {p.o.ClientID}, "scope": {strings.Join(p.o.Scopes, ",")}, "state": {state}, "redirect_uri": {p.o.URL + CallbackPath},
	}
	if len(p.o.Allowed) == 1 && strings.HasPrefix(p.o.Allowed[0], "T") {
		q.Set("team", p.o.Allowed[0]) // Slack offers that workspace first
	}
	http.SetCookie(w, cookie(secret, p.secure))
	w.Header().Set("Location", p.o.Authorize+"?"+q.Encode())
	w.WriteHeader(http.StatusFound)
}

// back takes somebody who comes back from Slack. Nothing that they bring is
// shown or believed before the state was found to be theirs.
func (p *pages) back(w http.ResponseWriter, r *http.Request) {
	q, ok := single(r.URL.RawQuery)
	if !ok || !p.states.check(q["state"], secretOf(r, p.secure), p.o.Now()) {
		p.show(w, http.StatusBadRequest, page{
			Title: "This installation can't be finished",
			Lines: []string{
				"It was begun in another browser, more than ten minutes ago, or finished already. An installation that was begun at Slack itself ends here as well.",
				"Begin here instead, and allow cookies for this address:",
			},
			Again: p.o.URL + InstallPath,
		})
		return
	}
	http.SetCookie(w, cookie("", p.secure))
	switch {
	case q["error"] == "access_denied":
		p.show(w, http.StatusOK, page{
			Title: "Tandem was not installed",
			Lines: []string{"You, or the workspace, didn't agree, and nothing was changed. If the workspace has to approve apps first, ask its admin and come back."},
			Again: p.o.URL + InstallPath,
		})
	case q["error"] != "" || q["code"] == "":
		p.o.Log.WarnContext(r.Context(), "Slack sent somebody back without an installation", "error", word(q["error"]))
		p.show(w, http.StatusBadRequest, page{Title: "Tandem was not installed", Lines: []string{"Slack sent you back without a permission. Nothing was changed."}, Again: p.o.URL + InstallPath})
	default:
		status, said := p.finish(r.Context(), q["code"])
		p.show(w, status, said)
	}
}

// single reads a query in which each name stands once: what stands twice could
// be read in two ways.
func single(raw string) (map[string]string, bool) {
	if len(raw) > maxQuery {
		return nil, false
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, false
	}
	out := map[string]string{}
	for name, all := range values {
		if len(all) != 1 {
			return nil, false
		}
		out[name] = all[0]
	}
	return out, true
}

// word is a word of Slack's as it may stand in the log.
func word(text string) string {
	if text == "" || len(text) > 60 || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "none that is known"
	}
	return text
}

// finish exchanges Slack's code for tokens, and keeps them if the workspace may
// install. It goes on when the browser goes away: the code is spent then.
func (p *pages) finish(ctx context.Context, code string) (int, page) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*slackTime)
	defer cancel()
	asked := p.o.Now()
	r, err := sdk.GetOAuthV2ResponseContext(ctx, p.o.HTTP, p.o.ClientID, p.o.ClientSecret, code, p.o.URL+CallbackPath, sdk.OAuthOptionAPIURL(p.o.API))
	if err != nil {
		return p.notGranted(ctx, err)
	}
	i := store.SlackInstallation{Team: r.Team.ID, Enterprise: r.Enterprise.ID, Name: r.Team.Name, BotUser: r.BotUserID, Scopes: r.Scope}
	if r.IsEnterpriseInstall {
		i.Team, i.Name = "", r.Enterprise.Name
	}
	if r.AccessToken == "" || r.TokenType != "bot" || i.BotUser == "" || i.Team == "" && !r.IsEnterpriseInstall || i.Team == "" && i.Enterprise == "" {
		p.o.Log.ErrorContext(ctx, "Slack's answer to an installation has no token of a bot or no workspace", "type", word(r.TokenType), "workspace", called(&i))
		return http.StatusBadGateway, page{Title: "Tandem was not installed", Lines: []string{"Slack's answer was not what it should be; Tandem's log says more."}, Again: p.o.URL + InstallPath}
	}
	if len(p.o.Allowed) > 0 && !slices.Contains(p.o.Allowed, i.Team) && !slices.Contains(p.o.Allowed, i.Enterprise) {
		return p.notAllowed(ctx, &i, r.AccessToken)
	}
	if err := p.book.keep(ctx, i, grantedTokens(r, asked)); err != nil {
		p.o.Log.ErrorContext(ctx, "an installation in Slack could not be stored", "workspace", called(&i), "error", err)
		return http.StatusInternalServerError, page{
			Title: "Tandem could not keep the installation",
			Lines: []string{"Slack agreed, and Tandem's store doesn't take it; its log says more. Once that is mended, install it again."},
			Again: p.o.URL + InstallPath,
		}
	}
	p.o.Log.InfoContext(ctx, "Tandem was installed in a Slack workspace", "workspace", called(&i), "by", r.AuthedUser.ID, "scopes", i.Scopes)
	lines := []string{
		"Invite it to each channel that it is to speak in: write /invite @Tandem there.",
		"Then ask it something, such as: @Tandem who owns password resets?",
		"You can close this page.",
	}
	if lacks := lacking(p.o.Scopes, i.Scopes); len(lacks) > 0 {
		p.o.Log.WarnContext(ctx, "Slack granted less than was asked for", "workspace", called(&i), "lacks", lacks)
		lines = append(lines, "Slack did not grant everything that was asked for. Without "+strings.Join(lacks, ", ")+" some things won't work.")
	}
	name := i.Name
	if name == "" {
		name = called(&i)
	}
	return http.StatusOK, page{Title: "Tandem is installed in " + name, Lines: lines}
}

// lacking are the scopes that were asked for and not granted.
func lacking(asked []string, granted string) []string {
	has := strings.Split(granted, ",")
	return slices.DeleteFunc(slices.Clone(asked), func(scope string) bool { return slices.Contains(has, scope) })
}

// notGranted tells what Slack's refusal of a code means.
func (p *pages) notGranted(ctx context.Context, err error) (int, page) {
	out := page{Title: "Tandem was not installed", Again: p.o.URL + InstallPath}
	refused, ok := errors.AsType[sdk.SlackErrorResponse](err)
	switch {
	case !ok:
		p.o.Log.ErrorContext(ctx, "Slack could not be asked for the tokens of an installation", "error", err)
		out.Lines = []string{"Slack could not be reached, or asks to wait. Try again in a minute."}
		return http.StatusBadGateway, out
	case refused.Err == "bad_client_secret" || refused.Err == "invalid_client_id" || refused.Err == "bad_redirect_uri":
		p.o.Log.ErrorContext(ctx, "Slack refuses an installation: the client id and secret, and the redirect URL, must be those of the app's page at api.slack.com/apps",
			"error", refused.Err, "redirect URL", p.o.URL+CallbackPath)
		out.Lines = []string{"Tandem is not set up as its app at Slack is; its log says more. Tell whoever runs Tandem."}
		return http.StatusInternalServerError, out
	}
	p.o.Log.WarnContext(ctx, "Slack refuses an installation", "error", word(refused.Err))
	out.Lines = []string{"Slack doesn't take the permission any more: it is good once, and for ten minutes."}
	return http.StatusBadRequest, out
}

// notAllowed gives a token back that a workspace got for Tandem and may not.
func (p *pages) notAllowed(ctx context.Context, i *store.SlackInstallation, token string) (int, page) {
	p.o.Log.WarnContext(ctx, "a Slack workspace that is not allowed to has installed Tandem; its token is revoked", "workspace", called(i), "organisation", i.Enterprise)
	lines := []string{"Whoever runs Tandem has to allow the workspace first: its id is " + called(i) + ".", "What it was granted was given back, and nothing was kept."}
	if _, err := p.o.client(token).SendAuthRevokeContext(ctx, ""); err != nil {
		p.o.Log.ErrorContext(ctx, "the token of a workspace that is not allowed could not be revoked", "workspace", called(i), "error", err)
		lines[1] = "Nothing was kept, but Slack could not be told: remove the app in the workspace's settings."
	}
	return http.StatusForbidden, page{Title: "Tandem may not be installed in this workspace", Lines: lines}
}
