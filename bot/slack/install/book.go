package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/store"
)

// Store is what the book needs of the store; *sqldb.DB has it.
type Store interface {
	KeepSlackInstallation(ctx context.Context, i store.SlackInstallation, at time.Time) error
	SlackInstallation(ctx context.Context, team, enterprise string) (store.SlackInstallation, error)
	SlackInstallations(ctx context.Context) ([]store.SlackInstallation, error)
	ClaimSlackRenewal(ctx context.Context, team, enterprise string, revision int, now, until time.Time) (bool, error)
	RenewSlackTokens(ctx context.Context, team, enterprise string, revision int, sealed []byte, at time.Time) error
	DropSlackInstallation(ctx context.Context, tenant string) error
}

var _ slack.Installations = (*Book)(nil)

const (
	// cacheTime is how long the book believes what it read: another process may
	// install, renew or remove meanwhile.
	cacheTime = 30 * time.Second
	// mostCached bounds what is remembered; people in shared channels can be of
	// any workspace.
	mostCached = 1_000
)

// tokens are what Slack gave for an installation.
type tokens struct {
	Access string `json:"access"`
	// Refresh is taken by Slack once, for the next tokens; "" where the app has
	// no token rotation.
	Refresh string    `json:"refresh,omitempty"`
	Expires time.Time `json:"expires,omitzero"` // zero is never
}

// String hides them, whatever prints them.
func (tokens) String() string { return "tokens of Slack" }

// GoString is String.
func (t tokens) GoString() string { return t.String() }

// LogValue is String.
func (t tokens) LogValue() slog.Value { return slog.StringValue(t.String()) }

// grantedTokens reads an answer of oauth.v2.access that was asked for at a time.
func grantedTokens(r *sdk.OAuthV2Response, asked time.Time) tokens {
	t := tokens{Access: r.AccessToken, Refresh: r.RefreshToken}
	if r.ExpiresIn > 0 {
		t.Expires = asked.Add(time.Duration(r.ExpiresIn) * time.Second)
	}
	return t
}

// leftFor reports whether the access token is good for longer than a while.
func (t tokens) leftFor(d time.Duration, now time.Time) bool {
	return t.Expires.IsZero() || t.Expires.Sub(now) > d
}

// row names an installation in the store.
type row struct{ team, enterprise string }

// entry is an installation with its tokens opened.
type entry struct {
	store.SlackInstallation
	tokens tokens
	read   time.Time
}

// String names it and hides its tokens, whatever prints it.
func (e entry) String() string { return called(&e.SlackInstallation) }

// GoString is String.
func (e entry) GoString() string { return e.String() }

func (e *entry) row() row { return row{e.Team, e.Enterprise} }

// called names an installation for people.
func called(i *store.SlackInstallation) string {
	id := i.Team
	if id == "" {
		id = i.Enterprise
	}
	if i.Name == "" {
		return id
	}
	return i.Name + " (" + id + ")"
}

func (e *entry) installation() slack.Installation {
	return slack.Installation{Team: e.Team, Enterprise: e.Enterprise, Token: e.tokens.Access, BotUser: e.BotUser}
}

// Book knows the installations and their tokens, and renews the tokens. It is
// safe for concurrent use, and several processes may have one on the same store.
type Book struct {
	o   *Options
	mu  sync.Mutex
	had map[row]entry // by what was asked for

	// Of installations whose tokens could not be renewed: when to try again, and
	// which revision Slack will not renew any more.
	again   map[row]time.Time
	refused map[row]int
	unsaved map[row]unsaved
}

// unsaved are tokens that Slack gave and the store has not taken yet. The old
// ones that it has are spent.
type unsaved struct {
	revision int
	tokens   tokens
}

func newBook(o *Options) *Book {
	return &Book{o: o, had: map[row]entry{}, again: map[row]time.Time{}, refused: map[row]int{}, unsaved: map[row]unsaved{}}
}

// Installation returns that of the workspace; else of its organisation; else the
// only one that there is, since what comes in can carry the other side's
// workspace where a channel is shared, and an engagement's file can name
// channels without a workspace. Otherwise it is store.CodeNotFound.
//
// A token that expires soon is renewed first, by one process alone. While that
// goes on, and where it fails, the others get the old one as long as it is good.
func (b *Book) Installation(ctx context.Context, team, enterprise string) (slack.Installation, error) {
	e, err := b.find(ctx, team, enterprise)
	if err == nil {
		e, err = b.fresh(ctx, e, renewAhead)
	}
	if err != nil {
		return slack.Installation{}, err
	}
	return e.installation(), nil
}

// AsStored returns the installations with the tokens that the store has, good or
// not: whoever only looks must not spend what renews them.
func (b *Book) AsStored() slack.Installations { return asStored{b} }

type asStored struct{ b *Book }

// Installation is the Book's, without a renewal.
func (a asStored) Installation(ctx context.Context, team, enterprise string) (slack.Installation, error) {
	e, err := a.b.find(ctx, team, enterprise)
	if err != nil {
		return slack.Installation{}, err
	}
	return e.installation(), nil
}

// find looks an installation up, among those that it had lately first.
func (b *Book) find(ctx context.Context, team, enterprise string) (entry, error) {
	now, key := b.o.Now(), row{team, enterprise}
	b.mu.Lock()
	e, known := b.had[key]
	b.mu.Unlock()
	if age := now.Sub(e.read); known && age >= 0 && age < cacheTime {
		return e, nil
	}
	i, err := b.lookUp(ctx, team, enterprise)
	if err != nil {
		return entry{}, err
	}
	e, err = b.open(ctx, i)
	if err == nil {
		b.remember(key, e)
	}
	return e, err
}

func (b *Book) lookUp(ctx context.Context, team, enterprise string) (store.SlackInstallation, error) {
	i, err := b.o.Store.SlackInstallation(ctx, team, enterprise)
	if enterprise == "" && team != "" && store.ErrorCode(err) == store.CodeNotFound {
		// An installation in all of an organisation is spoken to by its id.
		i, err = b.o.Store.SlackInstallation(ctx, "", team)
	}
	if store.ErrorCode(err) != store.CodeNotFound {
		return i, err
	}
	all, err := b.o.Store.SlackInstallations(ctx)
	if err != nil {
		return i, err
	}
	if len(all) == 1 {
		return all[0], nil
	}
	switch {
	case team != "":
		return i, store.Errorf(store.CodeNotFound, "Tandem is not installed in the Slack workspace %s. %s", team, b.o.howTo())
	case len(all) == 0:
		return i, store.Errorf(store.CodeNotFound, "Tandem is not installed in any Slack workspace. %s", b.o.howTo())
	}
	return i, store.Errorf(store.CodeNotFound,
		"Tandem is installed in %d Slack workspaces, and nothing says which one is meant: in the engagement's file, write a channel as WORKSPACE/CHANNEL, such as T0123/C0456.", len(all))
}

// open opens the tokens of an installation. What the store has not taken yet
// goes before what it has, and is offered again.
func (b *Book) open(ctx context.Context, i store.SlackInstallation) (entry, error) {
	e := entry{SlackInstallation: i, read: b.o.Now()}
	b.mu.Lock()
	u, waiting := b.unsaved[e.row()]
	if waiting && u.revision != i.Revision {
		// Installed again, or renewed by somebody with newer tokens.
		delete(b.unsaved, e.row())
		waiting = false
	}
	b.mu.Unlock()
	if waiting {
		e.tokens = u.tokens
		return b.save(ctx, e)
	}
	plain, err := b.o.Vault.Open(i.Sealed, i.Team, i.Enterprise)
	if err != nil {
		return entry{}, fmt.Errorf("the tokens of the Slack workspace %s: %w", called(&i), err)
	}
	if json.Unmarshal(plain, &e.tokens) != nil || e.tokens.Access == "" {
		return entry{}, fmt.Errorf("the tokens of the Slack workspace %s: %w", called(&i), ErrDamaged)
	}
	e.Sealed = nil
	return e, nil
}

func (b *Book) remember(key row, e entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.had) >= mostCached {
		clear(b.had)
	}
	b.had[key] = e
}

// forget makes the book read everything again.
func (b *Book) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.had)
}

// keep stores an installation that Slack has just granted.
func (b *Book) keep(ctx context.Context, i store.SlackInstallation, t tokens) error {
	sealed, err := b.seal(t, i.Team, i.Enterprise)
	if err != nil {
		return err
	}
	i.Sealed = sealed
	err = b.o.Store.KeepSlackInstallation(ctx, i, b.o.Now())
	b.forget()
	return err
}

func (b *Book) seal(t tokens, team, enterprise string) ([]byte, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	return b.o.Vault.Seal(plain, team, enterprise)
}

// dead are Slack's words for a token that will never do again.
var dead = map[string]bool{"account_inactive": true, "invalid_auth": true, "token_revoked": true, "token_expired": true}

// Removed forgets the tokens of a workspace or organisation that Tandem was
// taken out of. It asks Slack first: events come late and twice, tokens_revoked
// tells of bots and not of tokens, and so it can be about a token before the one
// that is stored, after somebody has installed Tandem again.
func (b *Book) Removed(ctx context.Context, tenant, why string) error {
	if tenant == "" {
		return errors.New("slack: something was removed from a workspace without a name")
	}
	all, err := b.o.Store.SlackInstallations(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.Team != tenant && (i.Team != "" || i.Enterprise != tenant) {
			continue
		}
		works, err := b.works(ctx, i)
		if err != nil {
			return fmt.Errorf("slack: of %s is said that %s; its tokens are kept, since Slack could not be asked whether they still work: %w", called(&i), why, err)
		}
		if works {
			b.o.Log.InfoContext(ctx, "Slack says that Tandem was removed, but the token of the installation works, so it is kept: the news is late, or about an earlier token",
				"workspace", called(&i), "why", why)
			return nil
		}
		b.o.Log.WarnContext(ctx, "the tokens of a Slack workspace are forgotten", "workspace", called(&i), "why", why)
	}
	err = b.o.Store.DropSlackInstallation(ctx, tenant)
	b.forget()
	return err
}

// works asks Slack whether the token of an installation still does.
func (b *Book) works(ctx context.Context, i store.SlackInstallation) (bool, error) {
	e, err := b.open(ctx, i)
	if err != nil {
		return false, err
	}
	if e, err = b.fresh(ctx, e, 0); store.ErrorCode(err) == store.CodeNotFound {
		return false, nil
	} else if err != nil {
		return false, err
	}
	_, err = b.o.client(e.tokens.Access).AuthTestContext(ctx)
	if refused, ok := errors.AsType[sdk.SlackErrorResponse](err); ok && dead[refused.Err] {
		return false, nil
	}
	return err == nil, err
}

// client speaks to Slack with a token.
func (o *Options) client(token string) *sdk.Client {
	return sdk.New(token, sdk.OptionAPIURL(o.API), sdk.OptionHTTPClient(o.HTTP))
}

// defaultHTTP follows no redirect: Slack's API has none, and what is posted to
// it is for it alone.
func defaultHTTP() *http.Client {
	return &http.Client{
		Timeout:       slackTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
