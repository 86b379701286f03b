package commands

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) upcomingCommand() bot.Command {
	return bot.Command{
		Name: "upcoming", Aliases: []string{"schedule"}, Usage: "[DAYS]", Needs: bot.MayConverse,
		Short:    "List what comes due in the next 30 days, or as many as you say",
		Examples: []string{"upcoming", "upcoming 90"},
		Mine: func(ctx context.Context, r bot.Request) bool {
			return r.Args == "" || isNumber(ctx, r)
		},
		Run: o.upcoming,
	}
}

// How far ahead `upcoming` looks, in days.
const (
	aheadUsual = 30
	aheadMost  = 400
)

func (o *Office) upcoming(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	days := aheadUsual
	if r.Args != "" {
		if days, err = strconv.Atoi(r.Args); err != nil || days < 1 || days > aheadMost {
			return bot.Reply{}, usage("Say a number of days from 1 to %d.", aheadMost)
		}
	}
	beat, err := o.Beat.Rhythm(ctx, r.Member.Engagement)
	if err != nil {
		return bot.Reply{}, err
	}
	u := d.upcoming(r.At, d.DayStart(store.DateOf(r.At.In(d.zone)).AddDays(days+1)))
	u.decide(d, &beat)
	return bot.Reply{Card: d.scheduleCard(&u, mostInChat)}, nil
}

// decide lays what people decided over the agreed dates: moves, skips, pauses.
// A date that was moved out of the stretch is gone from it, and one that was
// moved into it is there.
func (u *Upcoming) decide(d *Desk, beat *store.Rhythm) {
	for i := range beat.Occurrences {
		x := &beat.Occurrences[i]
		at := slices.IndexFunc(u.Due, func(due DueDate) bool { return due.Cadence == x.Cadence && due.Civil == x.Civil })
		switch {
		case at >= 0 && x.State == store.Skipped && u.Due[at].Skipped == "":
			u.Due[at].Skipped = x.Reason
		case at >= 0 && (x.State == store.Held || x.State == store.Missed):
			u.Due = slices.Delete(u.Due, at, at+1)
		case x.Moved.IsZero() || x.State.Done():
		case at >= 0:
			u.Due[at].Shifted, u.Due[at].Reason, u.Due[at].Due, u.Due[at].Reminders = x.Moved, x.Reason, x.Due.In(d.zone), nil
			if x.Due.Before(u.From) || !x.Due.Before(u.Until) {
				u.Due = slices.Delete(u.Due, at, at+1)
			}
		case !x.Due.Before(u.From) && x.Due.Before(u.Until):
			if c, ok := d.cadenceOf(x.Cadence); ok {
				u.Due = append(u.Due, DueDate{
					Cadence: c.ID, Name: c.Name, Kind: c.Kind, Owner: c.Owner, Channel: c.Channel,
					Civil: x.Civil, Due: x.Due.In(d.zone), Grace: x.Grace.In(d.zone), Shifted: x.Moved, Reason: x.Reason,
				})
			}
		}
	}
	for i := range u.Due {
		day := store.DateOf(u.Due[i].Due.In(d.zone))
		for _, p := range beat.Pauses {
			if p.Cadence == u.Due[i].Cadence && p.Covers(day) {
				u.Due[i].Paused = p.Reason
			}
		}
	}
	slices.SortStableFunc(u.Due, func(a, b DueDate) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Name, b.Name)) })
}
