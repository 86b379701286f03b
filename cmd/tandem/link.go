package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/store"
)

// link looks for the people of the engagement on the platforms that are on. A
// platform that can't be asked is told, and the next one is asked.
func (l *linker) link(ctx context.Context) error {
	l.found = map[string]int{}
	learned, err := l.db.Identities(ctx, l.e.ID)
	if err != nil {
		return err
	}
	failed := error(nil)
	for _, one := range []struct {
		on             bool
		platform, name string
		find           func(ctx context.Context, missing []store.Person) error
	}{
		{l.config.Slack.On, slack.Platform, "Slack", l.slack},
		{l.config.Teams.On, teams.Platform, "Teams", l.teams},
	} {
		missing := slices.DeleteFunc(slices.Clone(l.e.People), func(p store.Person) bool {
			return p.Email == "" || accountOf(one.platform, &p, map[string]string{slack.Platform: p.Slack, teams.Platform: p.Teams}[one.platform], learned).ID != ""
		})
		if !one.on || len(missing) == 0 {
			continue
		}
		if err := one.find(ctx, missing); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			l.app.complain(fmt.Sprintf("%s could not be asked for everybody: %s. What was found before is kept; run it again when that is mended.",
				one.name, strings.TrimSuffix(sentence(err), ".")))
			failed = status(exitFailed)
		}
	}
	return failed
}

// learn keeps who was found.
func (l *linker) learn(ctx context.Context, platform, tenant, user, email string) error {
	fresh, err := l.db.LearnIdentity(ctx, platform, tenant, user, email, l.now())
	if fresh {
		l.found[platform]++
	}
	return err
}

// slack asks Slack for each person by their address.
func (l *linker) slack(ctx context.Context, missing []store.Person) error {
	adapter, installer, err := l.newSlack()
	if err != nil {
		return err
	}
	workspaces := []string{""}
	if installer != nil { // else there is one
		workspaces = l.workspaces()
	}
	p := l.app.progress("asking Slack", len(missing))
	defer p.clear()
	for i := range missing {
		p.at(i)
		asked := false
		var none error // of the workspaces in which Tandem isn't
		for _, team := range workspaces {
			who, found, err := adapter.Lookup(ctx, team, missing[i].Email)
			if store.ErrorCode(err) == store.CodeNotFound {
				none = err
				continue
			}
			if err == nil && found {
				err = l.learn(ctx, slack.Platform, who.Tenant, who.User, missing[i].Email)
			}
			if err != nil {
				return err
			}
			asked = true
		}
		if !asked {
			return none
		}
	}
	return nil
}

// workspaces are those that the engagement's channels name; "" is the only one. In
// others nobody is looked for, since their people are none of the engagement's.
func (l *linker) workspaces() []string {
	var teams []string
	for i := range l.e.Channels {
		if team, _, named := strings.Cut(l.e.Channels[i].Slack, "/"); named && !slices.Contains(teams, team) {
			teams = append(teams, team)
		}
	}
	if len(teams) == 0 {
		return []string{""}
	}
	return teams
}

// teams reads who is in the engagement's channels, and then in the other channels
// and group chats of the home tenant that Tandem is in, until everybody is found.
func (l *linker) teams(ctx context.Context, missing []store.Person) error {
	adapter, err := l.newTeams()
	if err != nil {
		return err
	}
	named, others, err := l.rosters(ctx)
	if err != nil {
		return err
	}
	all := slices.Concat(named, others)
	p := l.app.progress("reading the rosters of Teams", len(all))
	defer p.clear()
	var failed []error
	for i, r := range all {
		if len(missing) == 0 {
			return nil
		}
		p.at(i)
		members, err := adapter.Members(ctx, r)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			refused, ok := errors.AsType[*bot.SendError](err)
			if ok && refused.Permanent && i >= len(named) {
				continue // Tandem was taken out of it, and no engagement needs it
			}
			failed = append(failed, fmt.Errorf("the members of %s can't be read: %w", r.Conversation, err))
			if !ok {
				break // the next one would be as little reached
			}
			continue
		}
		for _, m := range members {
			at := slices.IndexFunc(missing, func(p store.Person) bool { return m.Email != "" && strings.EqualFold(p.Email, m.Email) })
			if at < 0 {
				continue
			}
			if err := l.learn(ctx, teams.Platform, r.Tenant, m.User, missing[at].Email); err != nil {
				return err
			}
			missing = slices.Delete(missing, at, at+1)
		}
	}
	return errors.Join(failed...)
}

// rosters are the conversations whose members are asked for: those of the
// engagement's channels, and the others.
func (l *linker) rosters(ctx context.Context) (named, others []teams.Reference, err error) {
	home := l.config.Teams.Tenant
	stored, err := l.db.TeamsConversations(ctx, home)
	if err != nil {
		return nil, nil, err
	}
	for i := range l.e.Channels {
		id := l.e.Channels[i].Teams
		if id == "" {
			continue
		}
		r := teams.Reference{Tenant: home, Conversation: id}
		if r.ServiceURL, err = l.db.TeamsServiceURL(ctx, home, id); err != nil {
			return nil, nil, err
		}
		named = append(named, r)
	}
	for _, c := range stored {
		// In a chat there is one person, who is known since they wrote.
		if c.User == "" && !slices.ContainsFunc(named, func(r teams.Reference) bool { return r.Conversation == c.Conversation }) {
			others = append(others, teams.Reference(c))
		}
	}
	return named, others, nil
}
