package main

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/cmd/tandem/doctor"
	slackmanifest "github.com/tandem-bot/tandem/manifests/slack"
	"github.com/tandem-bot/tandem/store"
)

// inquiry asks the platforms that a configuration turns on for doctor. A platform
// that can't be asked is a finding, and the next one is asked.
type inquiry struct {
	maker
	wait time.Duration // each platform is asked for so long at most
	// progress draws how much is done of what there is to ask; what says what.
	progress func(what string, done, of int)

	tell func(doctor.Finding)
}

// ask asks, and tells what it finds.
func (q *inquiry) ask(ctx context.Context, tell func(doctor.Finding)) {
	q.tell = tell
	all, err := q.engagements(ctx)
	if err != nil {
		q.problem("platforms", "Which channels and people the engagements name can't be read: "+sentence(err), "So the platforms could not be asked about them.",
			"see that the store can be read, and run doctor again")
		return
	}
	if q.config.Slack.On {
		q.slack(ctx, all)
	}
	if q.config.Teams.On {
		q.teams(ctx, all)
	}
}

func (q *inquiry) problem(check, what, why, fix string) {
	q.tell(doctor.Finding{Status: doctor.Problem, Check: check, What: what, Why: why, Fix: fix})
}

func (q *inquiry) engagements(ctx context.Context) ([]*store.Engagement, error) {
	list, err := q.db.Engagements(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]*store.Engagement, len(list))
	for i, s := range list {
		if all[i], err = q.db.Engagement(ctx, s.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// users says which engagements name a place or person, in the order of the first.
type users struct {
	order []string
	of    map[string][]string
}

func (u *users) add(place, engagement string) {
	if place == "" {
		return
	}
	if u.of == nil {
		u.of = map[string][]string{}
	}
	if u.of[place] == nil {
		u.order = append(u.order, place)
	}
	if !slices.Contains(u.of[place], engagement) {
		u.of[place] = append(u.of[place], engagement)
	}
}

// noSlack says why it matters what is wrong, by the name of the probe.
var noSlack = map[string]string{
	"token":   "Without it Tandem neither hears nor says anything there.",
	"scopes":  "Slack refuses what a scope is missing for.",
	"clock":   "What the two clocks say has to agree.",
	"socket":  "Nothing from Slack reaches Tandem without it.",
	"channel": "Nobody is answered where Tandem is not, and its prompts have nowhere to go.",
}

// slack asks Slack.
func (q *inquiry) slack(ctx context.Context, all []*store.Engagement) {
	adapter, installer, err := q.newSlack()
	var workspaces []slack.Workspace
	if err == nil && installer != nil {
		workspaces, err = q.workspaces(ctx)
	}
	if err != nil {
		q.problem(slack.Platform, "Slack can't be asked: "+sentence(err), "With this configuration `tandem serve` doesn't start.", "mend what it names in the section slack of the configuration")
		return
	}
	var channels users
	for _, e := range all {
		for i := range e.Channels {
			channels.add(e.Channels[i].Slack, e.ID)
		}
	}
	scopes := make([]slack.Scope, len(slackmanifest.Scopes))
	for i, s := range slackmanifest.Scopes {
		scopes[i] = slack.Scope(s)
	}
	ctx, cancel := context.WithTimeout(ctx, q.wait)
	defer cancel()
	for _, p := range adapter.Check(ctx, slack.Checklist{
		Workspaces: workspaces, Scopes: scopes, Channels: channels.order, URL: q.config.Slack.OAuth.URL,
		Progress: func(done, of int) { q.progress("asking Slack", done, of) },
	}) {
		q.found(slack.Platform, channels.of[p.Channel], p.OK, p.What, noSlack[p.Name], p.Fix)
	}
}

// workspaces are those in which Tandem was installed by OAuth.
func (q *inquiry) workspaces(ctx context.Context) ([]slack.Workspace, error) {
	list, err := q.db.SlackInstallations(ctx)
	all := make([]slack.Workspace, len(list))
	for i := range list {
		all[i] = slack.Workspace{Team: list[i].Team, Enterprise: list[i].Enterprise, Name: list[i].Name}
	}
	return all, err
}

// noTeams says why it matters what is wrong, by the name of the probe.
var noTeams = map[string]string{
	"sign-in":      "Without a token Tandem can say nothing in Teams.",
	"certificate":  "Without a good one Tandem gets no token, and can say nothing in Teams.",
	"keys":         "Nobody in Teams is answered without them.",
	"clock":        "What the two clocks say has to agree.",
	"conversation": "Nobody is answered where Tandem is not, and its prompts have nowhere to go.",
}

// teams asks Teams.
func (q *inquiry) teams(ctx context.Context, all []*store.Engagement) {
	adapter, err := q.newTeams()
	if err != nil {
		q.problem(teams.Platform, "Teams can't be asked: "+sentence(err), "With this configuration `tandem serve` doesn't start.", "mend what it names in the section teams of the configuration")
		return
	}
	known, of, err := q.conversations(ctx, all)
	if err != nil {
		q.problem(teams.Platform, "Which conversations Teams has can't be read: "+sentence(err), "So Teams could not be asked about them.", "see that the store can be read, and run doctor again")
		return
	}
	q.progress("asking Teams", 0, len(known))
	ctx, cancel := context.WithTimeout(ctx, q.wait)
	defer cancel()
	for _, p := range adapter.Check(ctx, known) {
		q.found(teams.Platform, of[p.About.Conversation], p.OK, p.What, noTeams[p.Name], p.Fix)
	}
}

// conversations are those that the engagements name, and the chats with their
// people, as far as Tandem knows of them: whoever else wrote to it once doesn't
// matter. It also tells whose each is.
func (q *inquiry) conversations(ctx context.Context, all []*store.Engagement) ([]teams.Reference, map[string][]string, error) {
	var channels, people users
	for _, e := range all {
		for i := range e.Channels {
			channels.add(e.Channels[i].Teams, e.ID)
		}
		for i := range e.People {
			people.add(strings.ToLower(e.People[i].Teams), e.ID)
		}
		learned, err := q.db.Identities(ctx, e.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, i := range learned {
			if i.Platform == teams.Platform {
				people.add(strings.ToLower(i.User), e.ID)
			}
		}
	}
	stored, err := q.db.TeamsConversations(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	list := make([]teams.Reference, 0, len(channels.order))
	for _, id := range channels.order {
		r := teams.Reference{Tenant: q.config.Teams.Tenant, Conversation: id}
		if i := slices.IndexFunc(stored, func(c store.TeamsConversation) bool { return c.Conversation == id }); i >= 0 {
			r = teams.Reference(stored[i])
		} else if r.ServiceURL, err = q.db.TeamsServiceURL(ctx, r.Tenant, id); err != nil {
			return nil, nil, err
		}
		list = append(list, r)
	}
	for _, c := range stored {
		if whose := people.of[strings.ToLower(c.User)]; c.User != "" && whose != nil {
			for _, id := range whose {
				channels.add(c.Conversation, id)
			}
			list = append(list, teams.Reference(c))
		}
	}
	return list, channels.of, nil
}

// found tells a probe, once for each engagement that it concerns.
func (q *inquiry) found(check string, engagements []string, ok bool, what, why, fix string) {
	first, size := utf8.DecodeRuneInString(what)
	f := doctor.Finding{Status: doctor.Well, Check: check, What: string(unicode.ToUpper(first)) + what[size:] + "."}
	if !ok {
		f.Status, f.Why, f.Fix = doctor.Problem, why, fix
	}
	if len(engagements) == 0 {
		q.tell(f)
	}
	for _, f.Engagement = range engagements {
		q.tell(f)
	}
}
