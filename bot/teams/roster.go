package teams

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
)

const (
	// memberFresh is how long what the roster says of somebody is taken as it was.
	memberFresh = 24 * time.Hour
	// memberMissed is how long the roster isn't asked again after it didn't tell.
	memberMissed = 10 * time.Minute
	// memberWait is how long an answer waits for the roster: an invoke has ten
	// seconds in all.
	memberWait = 2 * time.Second
	// pagesMost is how many pages of 500 are read of a list of members.
	pagesMost = 4
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
	AadObject string `json:"aadObjectId"`
	Object    string `json:"objectId"` // the same, as lists of members have it
	Email     string `json:"email"`
	Principal string `json:"userPrincipalName"`
	Tenant    string `json:"tenantId"`
}

// remembered returns what is known of a person in a place, and whether that is to
// be asked for again.
func (t *Teams) remembered(at place, user string) (who member, again bool) {
	now := t.o.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	who = t.members[at.tenant+"/"+user]
	// Where somebody is not in one conversation they may be in another.
	return who, !now.Before(who.again) && !now.Before(t.members[missedIn(at, user)].again)
}

// missedIn is the key of somebody, or with "" of all, of whom the roster of a place
// didn't tell.
func missedIn(at place, user string) string {
	id, _ := base(at.conversation)
	return at.tenant + "/" + user + "/" + id
}

func (t *Teams) keepMember(key string, who member) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.members) >= membersMost {
		clear(t.members)
	}
	t.members[key] = who
}

func (t *Teams) found(at place, user string, m *rosterMember) member {
	who := member{m.ID, m.vouched(at.tenant), t.o.Now().Add(memberFresh)}
	t.keepMember(at.tenant+"/"+user, who)
	return who
}

// email is the address of who did something; "" where nobody vouches for one. The
// roster is asked once a day for each person, by the id that Teams sent; that it
// can't be asked is no error.
func (t *Teams) email(ctx context.Context, d *delivery) string {
	at, user := d.place(), d.user()
	who, again := t.remembered(at, user)
	if !again || !plainID(d.act.From.ID) {
		return who.email
	}
	ctx, cancel := context.WithTimeout(ctx, memberWait)
	defer cancel()
	var m rosterMember
	u, err := t.conversation(at)
	if err == nil {
		u.Path += "/members/" + d.act.From.ID
		err = t.request(ctx, http.MethodGet, u, nil, &m)
	}
	if err != nil {
		t.o.Log.InfoContext(ctx, "the roster of Teams doesn't tell of a person", "user", user, "error", err)
		t.keepMember(missedIn(at, user), member{again: t.o.Now().Add(memberMissed)})
		return who.email // what was known before still is
	}
	return t.found(at, user, &m).email
}

// called returns how Teams calls people in its cards, of those that are in a place.
// Where one isn't known yet the list of all members is read, once a day.
func (t *Teams) called(ctx context.Context, at place, users []string) []string {
	for _, user := range users {
		if _, again := t.remembered(at, user); !again {
			continue
		}
		if _, again := t.remembered(at, ""); again {
			t.list(ctx, at)
		}
		break
	}
	var ids []string
	for _, user := range users {
		if who, _ := t.remembered(at, user); who.id != "" {
			ids = append(ids, who.id)
		}
	}
	return ids
}

// list reads who is in a conversation. Of a very large one it reads the beginning;
// who isn't in it sees a card as everybody does.
func (t *Teams) list(ctx context.Context, at place) {
	rest := memberFresh
	err := t.roster(ctx, at, pagesMost, func(u *url.URL, into any) error { return t.request(ctx, http.MethodGet, u, nil, into) }, func(m *rosterMember) {
		for _, user := range []string{m.AadObject, m.Object, m.ID} {
			if user != "" && m.ID != "" {
				t.found(at, user, m)
			}
		}
	})
	if err != nil {
		t.o.Log.InfoContext(ctx, "the roster of Teams doesn't tell who is in a conversation", "conversation", at.conversation, "error", err)
		rest = memberMissed
	}
	t.keepMember(missedIn(at, ""), member{again: t.o.Now().Add(rest)})
}

// roster reads so many pages of a conversation's members at most.
func (t *Teams) roster(ctx context.Context, at place, pages int, ask func(u *url.URL, into any) error, take func(m *rosterMember)) error {
	u, err := t.conversation(at)
	if err != nil {
		return err
	}
	u.Path += "/pagedmembers"
	next := ""
	for n := 0; n < pages && (n == 0 || next != "") && ctx.Err() == nil; n++ {
		asked := url.Values{"pageSize": {"500"}}
		if next != "" { // an empty one is refused
			asked.Set("continuationToken", next)
		}
		u.RawQuery = asked.Encode()
		var page struct {
			Members []rosterMember `json:"members"`
			Next    string         `json:"continuationToken"`
		}
		if err := ask(u, &page); err != nil {
			return err
		}
		for i := range page.Members {
			take(&page.Members[i])
		}
		next = page.Next
	}
	return ctx.Err()
}

// Member is somebody in a conversation.
type Member struct {
	User string // their Entra object id, as events have it
	// Email is the address that the home tenant vouches for, as for who writes to
	// Tandem; "" where nobody does.
	Email string
}

// Members returns who is in a conversation that Tandem is in: the first ten thousand
// of it. Where Teams asks to wait it does. It changes nothing.
func (t *Teams) Members(ctx context.Context, r Reference) ([]Member, error) {
	const pages, tries = 20, 5
	at := place{tenant: r.Tenant, conversation: r.Conversation, service: r.ServiceURL}
	var list []Member
	err := t.roster(ctx, at, pages, func(u *url.URL, into any) error {
		for n := 1; ; n++ {
			err := t.request(ctx, http.MethodGet, u, nil, into)
			refused, ok := errors.AsType[*bot.SendError](err)
			if !ok || refused.After == 0 || n == tries {
				return err
			}
			if err := t.o.Wait(ctx, min(refused.After, time.Minute)); err != nil {
				return err
			}
		}
	}, func(m *rosterMember) {
		who := Member{User: cmp.Or(m.AadObject, m.Object, m.ID)}
		if r.Tenant == t.o.Tenant { // another tenant's people are whoever its admins say
			who.Email = m.vouched(r.Tenant)
		}
		list = append(list, who)
	})
	return list, err
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
