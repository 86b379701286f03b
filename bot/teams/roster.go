package teams

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// memberFresh is how long what the roster says of somebody is taken as it was.
	memberFresh = 24 * time.Hour
	// memberMissed is how long the roster isn't asked again after it didn't tell.
	memberMissed = 10 * time.Minute
	// memberWait is how long an answer waits for the roster: an invoke has ten
	// seconds in all.
	memberWait = 2 * time.Second
	// membersMost is how many people are remembered.
	membersMost = 10_000
)

// member is what the roster of a conversation says of somebody.
type member struct {
	id    string // as Teams calls them in its cards, 29:…; "" where it isn't known
	email string // "" where nobody vouches for one
	again time.Time
}

// rosterMember is a member as the Connector tells of one:
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
type rosterMember struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	Principal string `json:"userPrincipalName"`
	Tenant    string `json:"tenantId"`
}

// known returns what the roster of a place says of a person, by their Entra object
// id. It is asked once a day for each; that it can't be asked is no error.
func (t *Teams) known(ctx context.Context, at place, user string) member {
	key, now := at.tenant+"/"+user, t.o.Now()
	here, _ := base(at.conversation)
	here = key + "/" + here // where somebody is not in one conversation they may be in another
	t.mu.Lock()
	who, missed := t.members[key], t.members[here]
	t.mu.Unlock()
	if now.Before(who.again) || now.Before(missed.again) || ctx.Err() != nil {
		return who
	}
	found, err := t.ask(ctx, at, user)
	if err != nil {
		t.o.Log.InfoContext(ctx, "the roster of Teams doesn't tell of a person", "user", user, "error", err)
		t.keepMember(here, member{again: now.Add(memberMissed)})
		return who // what was known before still is
	}
	who = member{found.ID, found.vouched(at.tenant), now.Add(memberFresh)}
	t.keepMember(key, who)
	return who
}

func (t *Teams) keepMember(key string, who member) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.members) >= membersMost {
		clear(t.members)
	}
	t.members[key] = who
}

// ask asks the roster of a place for one of its people.
func (t *Teams) ask(ctx context.Context, at place, user string) (rosterMember, error) {
	var found rosterMember
	if !plainID(user) {
		return found, errBody
	}
	u, err := t.conversation(at)
	if err != nil {
		return found, err
	}
	u.Path += "/members/" + user
	return found, t.request(ctx, http.MethodGet, u, nil, &found)
}

// conversation is the address of a conversation, without a thread.
func (t *Teams) conversation(at place) (*url.URL, error) {
	u, err := t.service(t.serviceOf(at))
	if err != nil {
		return nil, err
	}
	id, _ := base(at.conversation)
	u.Path = strings.TrimRight(u.Path, "/") + "/v3/conversations/" + id
	return u, nil
}

// vouched is the e-mail address that can be relied on. Of the home tenant's people
// and guests that is the directory's, which its administrators keep. Of another
// tenant's people in a shared channel it is the name they sign in with alone: its
// domain was proven to be the tenant's, while their directory may give anybody any
// e-mail address.
func (m *rosterMember) vouched(tenant string) string {
	email := m.Email
	if m.Tenant != "" && !strings.EqualFold(m.Tenant, tenant) {
		email = ""
	}
	// A guest's sign-in name in the host's tenant is no address: maria_home.example#EXT#@host.example.
	if email == "" && !strings.Contains(m.Principal, "#") {
		email = m.Principal
	}
	if local, domain, ok := strings.Cut(email, "@"); !ok || local == "" || domain == "" || strings.ContainsAny(email, " <>\r\n\t") {
		return ""
	}
	return email
}

// email is the address of who did something; "" where nobody vouches for one.
func (t *Teams) email(ctx context.Context, d *delivery) string {
	ctx, cancel := context.WithTimeout(ctx, memberWait)
	defer cancel()
	return t.known(ctx, d.place(), d.user()).email
}
