package commands

import (
	"context"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) rsvpCommand() bot.Command {
	return bot.Command{
		Name: "rsvp", Usage: "CADENCE yes|no", Needs: bot.MayAcknowledge,
		Short:    "Say whether you will be there",
		Examples: []string{"rsvp qbr yes", "rsvp qbr no"},
		Mine:     o.takesCadence, Run: o.rsvp,
	}
}

func (o *Office) rsvp(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, err := o.meeting(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := m.open(); err != nil {
		return bot.Reply{}, err
	}
	said := strings.ToLower(afterFirst(r.Args))
	if said != "yes" && said != "no" {
		return bot.Whisper(card.Heading(m.cadence.Name+", "+m.when()), card.Buttons{
			{Label: "I'll be there", Say: "rsvp " + m.ref() + " yes", Tone: card.Primary},
			{Label: "I can't", Say: "rsvp " + m.ref() + " no"},
		}), nil
	}
	coming := said == "yes"
	err = o.Beat.RSVP(ctx, r.Member.Engagement, store.RSVP{
		Cadence: m.cadence.ID, Civil: m.Civil, Person: r.Member.Person, Coming: coming,
		Platform: r.Platform, How: how(&r), At: r.At,
	}, r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	heading, other, label := "You will be there", "no", "I can't after all"
	if !coming {
		heading, other, label = "You can't be there", "yes", "I'll be there after all"
	}
	return bot.Whisper(card.Heading(heading), card.Facts{{Label: "For", Value: m.cadence.Name + ", " + m.when()}},
		card.Buttons{{Label: label, Say: "rsvp " + m.ref() + " " + other}}), nil
}
