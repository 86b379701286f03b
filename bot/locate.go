package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// Directory knows whose channel is whose, and who people are.
type Directory interface {
	// ChannelEngagements returns the engagements whose file names the channel.
	ChannelEngagements(ctx context.Context, platform, tenant, channel string) ([]string, error)
	// Memberships returns the engagements that list the user.
	Memberships(ctx context.Context, platform, tenant, user string) ([]store.Membership, error)
	// LearnIdentity keeps the e-mail address that the platform vouches for of a user,
	// by whom files may name them, and reports whether it was new.
	LearnIdentity(ctx context.Context, platform, tenant, user, email string, at time.Time) (fresh bool, err error)
	// ChosenEngagement returns which engagement the user chose last for direct
	// messages, and when; "" for none.
	ChosenEngagement(ctx context.Context, platform, tenant, user string) (string, time.Time, error)
	ChooseEngagement(ctx context.Context, platform, tenant, user, engagement string, at time.Time) error
	// OnlyEngagement returns the engagement of a store that holds just one, and
	// "" otherwise.
	OnlyEngagement(ctx context.Context) (string, error)
	// Person returns a person of an engagement.
	Person(ctx context.Context, engagement, person string) (*store.Person, error)
}

// chosenFor is how long somebody in several engagements need not say again
// which one they mean: a working day.
const chosenFor = 8 * time.Hour

// place is where an event belongs and who did it; or, in reply, what to say
// to somebody whose engagement isn't known.
type place struct {
	member Member
	note   string // under the reply, where the person is in several engagements
	reply  *Reply
}

// sign adds the note to a reply, before a form, which stands last.
func (p *place) sign(reply *Reply) {
	n := len(reply.Card.Blocks)
	if p.note == "" || n == 0 {
		return
	}
	if _, ok := reply.Card.Blocks[n-1].(card.Form); ok {
		n--
	}
	reply.Card.Blocks = slices.Insert(slices.Clone(reply.Card.Blocks), n, card.Block(card.Note(p.note)))
}

// locate finds the engagement of an event. In an engagement's channel only
// that one exists; elsewhere it is the person's own, and one who is in several
// is asked. It returns the text without the `in ENGAGEMENT` that says so.
func (r *Router) locate(ctx context.Context, ev *Event, text string) (place, string, error) {
	mine, err := r.memberships(ctx, ev)
	if err != nil {
		return place{}, "", err
	}
	var here []string
	if !ev.Direct() {
		if here, err = r.Directory.ChannelEngagements(ctx, ev.Platform, ev.Tenant, ev.Channel); err != nil {
			return place{}, "", err
		}
	}
	if len(here) == 1 {
		p, err := r.member(ctx, ev, mine, here[0])
		return p, text, err
	}
	if len(here) > 1 { // a channel that several engagements share
		mine = slices.DeleteFunc(slices.Clone(mine), func(m store.Membership) bool { return !slices.Contains(here, m.Engagement) })
	}
	p, text, err := r.byPerson(ctx, ev, mine, here, text)
	p.member.Overheard = !ev.Direct() && len(here) == 0
	return p, text, err
}

// memberships finds whom a person is in the engagements, by their id or by their
// e-mail address.
func (r *Router) memberships(ctx context.Context, ev *Event) ([]store.Membership, error) {
	if ev.Email != "" {
		// What is no e-mail address finds nobody, and is no reason not to answer.
		_, err := r.Directory.LearnIdentity(ctx, ev.Platform, ev.Tenant, ev.User, ev.Email, ev.At)
		if err != nil && store.ErrorCode(err) != store.CodeInvalid {
			return nil, err
		}
	}
	return r.Directory.Memberships(ctx, ev.Platform, ev.Tenant, ev.User)
}

// byPerson finds the engagement by who asks.
func (r *Router) byPerson(ctx context.Context, ev *Event, mine []store.Membership, here []string, text string) (place, string, error) {
	switch len(mine) {
	case 0:
		p, err := r.unlisted(ctx, ev, here)
		return p, text, err
	case 1:
		p, err := r.member(ctx, ev, mine, mine[0].Engagement)
		return p, text, err
	}
	if id, rest, ok := said(text, mine); ok {
		if err := r.Directory.ChooseEngagement(ctx, ev.Platform, ev.Tenant, ev.User, id, ev.At); err != nil {
			return place{}, "", err
		}
		if rest == "" {
			return answered(card.Paragraph("From now on I answer for " + clientOf(mine, id) + " here.")), "", nil
		}
		p, err := r.member(ctx, ev, mine, id)
		p.note = forNote(mine, id)
		return p, rest, err
	}
	id, at, err := r.Directory.ChosenEngagement(ctx, ev.Platform, ev.Tenant, ev.User)
	if err != nil {
		return place{}, "", err
	}
	if clientOf(mine, id) != "" && ev.At.Sub(at) < chosenFor {
		p, err := r.member(ctx, ev, mine, id)
		p.note = forNote(mine, id)
		return p, text, err
	}
	return which(mine, text), "", nil
}

// unlisted is a person who is on no list: where the store holds a single
// engagement it can only be that one, and they are a stranger to it.
func (r *Router) unlisted(ctx context.Context, ev *Event, here []string) (place, error) {
	only, err := r.Directory.OnlyEngagement(ctx)
	if err != nil {
		return place{}, err
	}
	if only == "" || len(here) > 1 {
		return answered(card.Paragraph("I don't know which engagement you belong to: no list of people names you. " +
			"Ask in your team's channel, or ask a lead to add you to the engagement's file.")), nil
	}
	return r.member(ctx, ev, nil, only)
}

// member says who the person is in the engagement.
func (r *Router) member(ctx context.Context, ev *Event, mine []store.Membership, engagement string) (place, error) {
	m := Member{Engagement: engagement, Name: ev.Name, Role: Stranger}
	for _, of := range mine {
		if of.Engagement != engagement {
			continue
		}
		p, err := r.Directory.Person(ctx, engagement, of.Person)
		if err != nil {
			return place{}, err
		}
		m.Person, m.Name, m.Side, m.Role = p.ID, p.Name, p.Side, RoleOf(p)
	}
	return place{member: m}, nil
}

// said reads `in ENGAGEMENT …` for one of theirs.
func said(text string, mine []store.Membership) (id, rest string, ok bool) {
	word, after, _ := strings.Cut(text, " ")
	if !strings.EqualFold(word, "in") {
		return "", "", false
	}
	name, rest, _ := strings.Cut(strings.TrimSpace(after), " ")
	name = strings.ToLower(strings.TrimRight(name, ":,"))
	return name, strings.TrimSpace(rest), clientOf(mine, name) != ""
}

func clientOf(mine []store.Membership, id string) string {
	for _, m := range mine {
		if m.Engagement == id {
			return m.Client
		}
	}
	return ""
}

func forNote(mine []store.Membership, id string) string {
	var others []string
	for _, m := range mine {
		if m.Engagement != id {
			others = append(others, "`in "+m.Engagement+"`")
		}
	}
	return "Answered for " + clientOf(mine, id) + ". For another engagement say " + strings.Join(others, ", ") + "."
}

func answered(blocks ...card.Block) place {
	reply := Whisper(blocks...)
	return place{reply: &reply}
}

// which asks somebody in several engagements which one they mean.
func which(mine []store.Membership, text string) place {
	var buttons card.Buttons
	for _, m := range mine {
		buttons = append(buttons, card.Button{Label: m.Client, Say: strings.TrimSpace("in " + m.Engagement + " " + text)})
	}
	return answered(card.Heading("Which engagement?"),
		card.Paragraph("You are in several. Choose one; I remember it for a working day."), buttons)
}
