package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/rhythm"
)

// engagement checks one of them.
func (x *examination) engagement(ctx context.Context, s *store.EngagementSummary) {
	x.seen(s.UpdatedAt)
	x.audit(ctx)
	x.deliveries(ctx)
	e, err := x.Engagement(ctx, x.id)
	if err != nil {
		x.failed("engagement", err)
		return
	}
	x.signatures(e)
	x.schedules(e)
	x.channels(e)
	x.identities(ctx, e)
}

func (x *examination) seen(at time.Time) {
	if at.After(x.newest) {
		x.newest = at
	}
}

func (x *examination) audit(ctx context.Context) {
	check, err := x.VerifyAudit(ctx, x.id)
	if err != nil {
		x.failed("audit", err)
		return
	}
	if check.Broken != nil {
		x.problem("audit", fmt.Sprintf("Record %d of the audit log is broken: %s.", check.Broken.Seq, check.Broken.What),
			"What was acknowledged and signed can't be proved beyond it.",
			"compare with a backup (`tandem audit verify --store BACKUP`), keep both, and find out who wrote to the file past Tandem")
	}
	entries, err := x.Audit(ctx, x.id)
	if err != nil {
		x.failed("audit", err)
		return
	}
	for i := range entries {
		x.seen(entries[i].At)
	}
}

// recent is for how long a message that was given up is worth telling.
const recent = 14 * 24 * time.Hour

func (x *examination) deliveries(ctx context.Context) {
	dead, err := x.DeadDeliveries(ctx, x.id)
	if err != nil {
		x.failed("deliveries", err)
		return
	}
	dead = slices.DeleteFunc(dead, func(d store.Delivery) bool { return x.Now.Sub(d.At) > recent })
	if len(dead) == 0 {
		return
	}
	last := &dead[0]
	x.problem("deliveries", fmt.Sprintf("%s given up in the last two weeks; the last one, a %s to %s, because: %s.",
		count(len(dead), "message was", "messages were"), last.Kind, address(&last.To), strings.TrimSuffix(last.Error, ".")),
		"Nobody there has seen what they said.",
		"mend what the reason names: the channel's or person's id in the engagement file, or Tandem's place in the channel; what is posted next goes there")
}

func (x *examination) signatures(e *store.Engagement) {
	if !e.Draft() {
		return
	}
	var missing []string
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if !slices.ContainsFunc(e.Matrix.Signed, func(s store.Signature) bool {
			p, ok := e.Person(s.By)
			return ok && p.Side == side
		}) {
			missing = append(missing, e.SideName(side))
		}
	}
	x.problem("signatures", fmt.Sprintf("Version %d of the matrix is an unsigned draft: the signature of %s is missing.", e.Matrix.Version, strings.Join(missing, " and ")),
		"Answers say so, and nobody is bound by it.", "let a lead of each side sign: matrix.signed in the file, then `tandem import FILE`")
}

func (x *examination) schedules(e *store.Engagement) {
	cal, err := calendar.New(e, nil)
	if err != nil {
		x.problem("schedules", "The engagement's hours, holidays or rotations can't be read: "+sentence(err), "Nothing can be answered or come due.",
			"`tandem export "+e.ID+"`, mend the file until `tandem validate` is content, and import it")
		return
	}
	for i := range e.Cadences {
		c := &e.Cadences[i]
		r, err := rhythm.New(cal, c)
		if err != nil {
			x.problem("schedules", "The schedule can't be read: "+sentence(err), "It never comes due.",
				"mend "+c.ID+" in the engagement file until `tandem validate` is content, and import it")
			continue
		}
		if _, ok := r.Next(x.Now); !ok {
			x.problem("schedules", c.Name+" has no date ahead.", "It never comes due again.", "give "+c.ID+" another schedule in the engagement file, and import it")
		}
	}
}

// platforms are those on which the engagement is to be reached.
func (x *examination) platforms(e *store.Engagement) []string {
	if len(x.Platforms) > 0 {
		return x.Platforms
	}
	var on []string
	for _, platform := range []string{slackName, teamsName} {
		if slices.ContainsFunc(e.Channels, func(c store.Channel) bool { return channelOn(platform, &c) }) {
			on = append(on, platform)
		}
	}
	return on
}

const (
	slackName = "slack"
	teamsName = "teams"
)

// channelOn reports whether a channel has a place on a platform. On those of
// Tandem's own everything has one.
func channelOn(platform string, c *store.Channel) bool {
	switch platform {
	case slackName:
		return c.Slack != ""
	case teamsName:
		return c.Teams != ""
	}
	return true
}

func personOn(platform string, p *store.Person) bool {
	switch platform {
	case slackName:
		return p.Slack != ""
	case teamsName:
		return p.Teams != ""
	}
	return true
}

func (x *examination) channels(e *store.Engagement) {
	on := x.platforms(e)
	for i := range e.Cadences {
		c := &e.Cadences[i]
		at := slices.IndexFunc(e.Channels, func(ch store.Channel) bool { return ch.Name == c.Channel })
		const why = "Its prompts have nowhere to go."
		switch {
		case c.Channel == "":
			x.problem("channels", c.Name+" names no channel.", why, "add `channel: NAME` to "+c.ID+" in the engagement file, and import it")
		case at < 0:
			x.problem("channels", fmt.Sprintf("%s is to be held in the channel %s, which the file doesn't have.", c.Name, c.Channel), why,
				"add "+c.Channel+" to channels in the engagement file, and import it")
		case len(on) > 0 && !slices.ContainsFunc(on, func(p string) bool { return channelOn(p, &e.Channels[at]) }):
			x.problem("channels", fmt.Sprintf("The channel %s of %s has no place on %s.", c.Channel, c.Name, called(on)), why,
				fmt.Sprintf("add `%s: ID` to the channel in the engagement file, and import it", on[0]))
		}
	}
}

// identities finds people of whom something is expected, and who can't be known.
func (x *examination) identities(ctx context.Context, e *store.Engagement) {
	on := x.platforms(e)
	if len(on) == 0 {
		return
	}
	learned, err := x.Identities(ctx, e.ID)
	if err != nil {
		x.failed("identities", err)
		return
	}
	expected := map[string][]string{} // cadences by person
	var order []string
	for i := range e.Cadences {
		c := &e.Cadences[i]
		for _, id := range c.Expects {
			if expected[id] == nil {
				order = append(order, id)
			}
			expected[id] = append(expected[id], c.Name)
		}
	}
	for _, id := range order {
		p, ok := e.Person(id)
		if ok && slices.ContainsFunc(on, func(platform string) bool {
			return personOn(platform, p) || slices.ContainsFunc(learned, func(i store.Identity) bool { return i.Person == id && i.Platform == platform })
		}) {
			continue
		}
		name := id
		if ok {
			name = p.Name
		}
		fix := fmt.Sprintf("add `%s: ID`, or their e-mail address, to %s under people in the engagement file, and import it", on[0], id)
		if ok && p.Email != "" {
			fix = fmt.Sprintf("find them by their e-mail address with `tandem people link`, or add `%s: ID` to %s under people in the engagement file, and import it", on[0], id)
		}
		x.problem("identities", fmt.Sprintf("%s is expected at %s, and nobody on %s is known to be them.", name, strings.Join(expected[id], " and "), called(on)),
			"Their answers would be a stranger's, and they get no reminder.", fix)
	}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// address says where a message was to go.
func address(a *store.Address) string {
	if a.Channel == "" {
		return a.User + " on " + called([]string{a.Platform})
	}
	return "the channel " + a.Channel + " on " + called([]string{a.Platform})
}

// called is what people call platforms.
func called(platforms []string) string {
	return strings.NewReplacer(slackName, "Slack", teamsName, "Teams").Replace(strings.Join(platforms, " or "))
}
