package install

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/store"
)

// Slack's access tokens are good for 12 hours where the app has token rotation.
const (
	// renewAhead is how long a token must still be good for not to be renewed
	// when somebody wants it, and tickAhead when nobody does: a renewal is best
	// done while nobody waits for it.
	renewAhead = 30 * time.Minute
	tickAhead  = time.Hour
	// slackTime bounds one call of Slack, saveTime the storing of what it gave,
	// and lease is how long one process alone may be at it: longer than both.
	slackTime = 20 * time.Second
	saveTime  = 10 * time.Second
	lease     = time.Minute
	// retryAfter is when a renewal that failed, or that another process is at, is
	// looked at again while the old token is good.
	retryAfter = 15 * time.Second
	// pause is how long whoever has no good token waits for another process to
	// renew it, so many times.
	pause     = 500 * time.Millisecond
	mostWaits = 20
)

// lost are Slack's words for a refresh token that is of no use, or for an app
// that may not renew: asking again doesn't help.
var lost = map[string]bool{
	"invalid_refresh_token": true, "token_revoked": true, "token_expired": true, "invalid_auth": true, "account_inactive": true,
	"bad_client_secret": true, "invalid_client_id": true, "token_rotation_not_enabled": true,
}

// fresh returns an installation whose token is good for longer than ahead, or
// at least now. It renews the token for that, unless somebody else does.
func (b *Book) fresh(ctx context.Context, e entry, ahead time.Duration) (entry, error) {
	if e.tokens.leftFor(ahead, b.o.Now()) || b.rests(&e) {
		return e, nil
	}
	for range mostWaits {
		// Another process may have renewed it since it was read.
		i, err := b.o.Store.SlackInstallation(ctx, e.Team, e.Enterprise)
		if store.ErrorCode(err) == store.CodeNotFound {
			return entry{}, err // removed meanwhile
		}
		latest := entry{}
		if err == nil {
			latest, err = b.open(ctx, i)
		}
		if err != nil {
			return b.makeDo(ctx, e, err)
		}
		e = latest
		now := b.o.Now()
		if e.tokens.leftFor(ahead, now) {
			b.remember(e.row(), e)
			return e, nil
		}
		if b.isLost(&e) {
			if !e.tokens.leftFor(0, now) {
				return entry{}, b.errLost(&e)
			}
			b.rest(&e)
			return e, nil
		}
		ours, err := b.o.Store.ClaimSlackRenewal(ctx, e.Team, e.Enterprise, e.Revision, now, now.Add(lease))
		if err != nil {
			return b.makeDo(ctx, e, err)
		}
		if ours {
			renewed, err := b.renew(ctx, e)
			if err != nil {
				return b.makeDo(ctx, e, err)
			}
			return renewed, nil
		}
		if e.tokens.leftFor(0, now) {
			b.rest(&e)
			return e, nil
		}
		if err := b.o.Wait(ctx, pause); err != nil {
			return entry{}, err
		}
	}
	return entry{}, fmt.Errorf("slack: the token of %s has expired, and the process that renews it is not done", called(&e.SlackInstallation))
}

// makeDo makes do with the old token where a renewal came to nothing.
func (b *Book) makeDo(ctx context.Context, e entry, why error) (entry, error) {
	if !e.tokens.leftFor(0, b.o.Now()) {
		return entry{}, why
	}
	b.o.Log.WarnContext(ctx, "the token of a Slack workspace could not be renewed; the old one is used as long as it is good",
		"workspace", called(&e.SlackInstallation), "until", e.tokens.Expires, "error", why)
	b.rest(&e)
	return e, nil
}

// rests reports whether a renewal was just tried, and the token is still good.
func (b *Book) rests(e *entry) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.o.Now()
	left := b.again[e.row()].Sub(now)
	return left > 0 && left <= retryAfter && e.tokens.leftFor(0, now)
}

func (b *Book) rest(e *entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.again[e.row()] = b.o.Now().Add(retryAfter)
}

func (b *Book) isLost(e *entry) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused[e.row()] == e.Revision
}

func (b *Book) errLost(e *entry) error {
	return store.Errorf(store.CodeNotFound, "Slack no longer renews Tandem's token for the workspace %s. %s",
		called(&e.SlackInstallation), b.o.howToAgain())
}

// renew gets new tokens from Slack and stores them. The caller has the claim.
//
// Slack takes a refresh token once, so between its answer and the store there is
// a moment in which the only good tokens are in this process. A caller that goes
// away meanwhile doesn't end it. Where the store fails, the process goes on with
// the new tokens and offers them again. Where the process ends in that moment,
// or the answer is lost on its way, the store is left with a spent refresh
// token: when the lease is over, another renewal is refused with
// invalid_refresh_token, which is logged as an error that says to install
// Tandem in the workspace again; the old access token is used until it expires.
func (b *Book) renew(ctx context.Context, e entry) (entry, error) {
	ctx = context.WithoutCancel(ctx)
	asking, cancel := context.WithTimeout(ctx, slackTime)
	defer cancel()
	asked := b.o.Now()
	r, err := sdk.RefreshOAuthV2TokenContext(asking, b.o.HTTP, b.o.ClientID, b.o.ClientSecret, e.tokens.Refresh, sdk.OAuthOptionAPIURL(b.o.API))
	if refused, ok := errors.AsType[sdk.SlackErrorResponse](err); ok && lost[refused.Err] || err == nil && r.AccessToken == "" {
		b.mu.Lock()
		b.refused[e.row()] = e.Revision
		b.mu.Unlock()
		word := "no token in the answer"
		if err != nil {
			word = refused.Err
		}
		b.o.Log.ErrorContext(ctx, "Slack refuses to renew the token of a workspace. "+whyLost(word)+" "+b.o.howToAgain(),
			"workspace", called(&e.SlackInstallation), "until", e.tokens.Expires, "error", word)
		return entry{}, b.errLost(&e)
	}
	if err != nil {
		return entry{}, fmt.Errorf("slack: renewing the token of %s: %w", called(&e.SlackInstallation), err)
	}
	e.tokens = grantedTokens(r, asked)
	e, err = b.save(ctx, e)
	if err == nil {
		b.o.Log.InfoContext(ctx, "the token of a Slack workspace was renewed", "workspace", called(&e.SlackInstallation), "until", e.tokens.Expires)
	}
	return e, err
}

// whyLost says what may lie behind a refusal to renew.
func whyLost(word string) string {
	switch word {
	case "bad_client_secret", "invalid_client_id":
		return "The client id or secret is not the app's."
	case "invalid_refresh_token":
		return "Its refresh token was used already: perhaps a process ended after Slack's answer and before that was stored."
	}
	return "Tandem was perhaps uninstalled there."
}

// save puts the new tokens of an entry into the store. Where it takes none they
// stay in memory, and the entry is good all the same. Where the installation was
// changed meanwhile the store's tokens are the newer ones.
func (b *Book) save(ctx context.Context, e entry) (entry, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	e.Sealed = nil
	err := b.offer(ctx, &e)
	if err == nil {
		b.settle(e.row())
		e.Revision++
		b.remember(e.row(), e)
		return e, nil
	}
	if store.ErrorCode(err) == store.CodeConflict {
		b.settle(e.row())
		i, err := b.o.Store.SlackInstallation(ctx, e.Team, e.Enterprise)
		if err != nil {
			return entry{}, err
		}
		return b.open(ctx, i)
	}
	b.mu.Lock()
	_, again := b.unsaved[e.row()]
	b.unsaved[e.row()] = unsaved{e.Revision, e.tokens}
	clear(b.had)
	b.mu.Unlock()
	if !again {
		b.o.Log.ErrorContext(ctx, "Slack renewed the token of a workspace, and the store doesn't take the new one. This process goes on with it and tries again; if it ends before, Tandem has to be installed there again",
			"workspace", called(&e.SlackInstallation), "error", err)
	}
	return e, nil
}

// offer offers the tokens of an entry to the store, which may be busy.
func (b *Book) offer(ctx context.Context, e *entry) error {
	sealed, err := b.seal(e.tokens, e.Team, e.Enterprise)
	if err != nil {
		return err
	}
	for range 3 {
		err = b.o.Store.RenewSlackTokens(ctx, e.Team, e.Enterprise, e.Revision, sealed, b.o.Now())
		if err == nil || store.ErrorCode(err) == store.CodeConflict {
			break
		}
	}
	return err
}

// settle says that the store has the newest tokens of an installation.
func (b *Book) settle(of row) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.unsaved, of)
	clear(b.had)
}

// Renew renews every token that expires within the hour. Called every few
// minutes it keeps people from waiting for a renewal, and tells early of one
// that Slack refuses. It goes through all, and returns what went wrong.
func (b *Book) Renew(ctx context.Context) error {
	all, err := b.o.Store.SlackInstallations(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, i := range all {
		e, err := b.open(ctx, i)
		if err == nil {
			_, err = b.fresh(ctx, e, tickAhead)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Reseal seals with the first key what an older one sealed, and returns how
// many that were. After it the older key can go.
func (b *Book) Reseal(ctx context.Context) (n int, err error) {
	all, err := b.o.Store.SlackInstallations(ctx)
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, i := range all {
		if b.o.Vault.newest(i.Sealed) {
			continue
		}
		plain, err := b.o.Vault.Open(i.Sealed, i.Team, i.Enterprise)
		if err != nil {
			errs = append(errs, fmt.Errorf("the tokens of the Slack workspace %s: %w", called(&i), err))
			continue
		}
		sealed, err := b.o.Vault.Seal(plain, i.Team, i.Enterprise)
		if err != nil {
			return n, err
		}
		// Whoever renews the tokens seals them anew, and must not be overtaken.
		now := b.o.Now()
		ours, err := b.o.Store.ClaimSlackRenewal(ctx, i.Team, i.Enterprise, i.Revision, now, now.Add(lease))
		if err == nil && ours {
			if err = b.o.Store.RenewSlackTokens(ctx, i.Team, i.Enterprise, i.Revision, sealed, now); err == nil {
				n++
			}
		}
		if store.ErrorCode(err) != store.CodeConflict {
			errs = append(errs, err)
		}
	}
	b.forget()
	return n, errors.Join(errs...)
}
