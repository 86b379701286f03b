package commands

import (
	"context"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) statusCommand() bot.Command {
	return bot.Command{
		Name: "status", Needs: bot.MayConverse,
		Short:    "Show how the engagement stands, on one card",
		Examples: []string{"status"},
		Mine:     only(""), Run: o.status,
	}
}

func (o *Office) status(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	open, err := o.Ledger.Conversations(ctx, r.Member.Engagement, true)
	if err != nil {
		return bot.Reply{}, err
	}
	beat, err := o.Beat.Rhythm(ctx, r.Member.Engagement)
	if err != nil {
		return bot.Reply{}, err
	}
	at := r.At.In(d.zone)
	m := card.New(card.Heading("How "+d.e.Client+" and "+d.e.MSP+" stand"), append(d.nowFacts(at), d.openFacts(open, at)...))
	if late := d.overdueDocuments(at); len(late) > 0 {
		m.Add(card.List{Title: "Documents past their review:", Items: late})
	}
	m.Add(d.standing(&beat, at)...)
	m.Add(d.trust(at), card.Buttons{{Label: "What is coming", Say: "upcoming"}, {Label: "Drift", Say: "drift"}, {Label: "Conversations", Say: "conversations"}})
	return bot.Reply{Card: m}, nil
}

// nowFacts say whose hours these are, who is on call and who is away.
func (d *Desk) nowFacts(at time.Time) card.Facts {
	facts := card.Facts{{Label: "Now", Value: d.hoursNote(at)}}
	for i := range d.e.OnCall {
		r := &d.e.OnCall[i]
		facts = append(facts, card.Fact{Label: "On call for " + d.rotationName(r), Value: d.turnText(r, at)})
	}
	var away []string
	for i := range d.e.People {
		if a, yes := d.cal.Absent(d.e.People[i].ID, at); yes {
			away = append(away, d.e.People[i].Name+" ("+d.coverText(a, at)+")")
		}
	}
	if len(away) > 0 {
		facts = append(facts, card.Fact{Label: "Away", Value: card.And(away)})
	}
	return facts
}

func (d *Desk) openFacts(open []store.Conversation, at time.Time) card.Facts {
	if len(open) == 0 {
		return card.Facts{{Label: "Open conversations", Value: "none"}}
	}
	return card.Facts{{Label: "Open conversations", Value: card.Count(len(open), "question") + " that the matrix doesn't name; the oldest has been open " + sinceWhen(d.age(open[0].Opened, at))}}
}

// sinceWhen puts an age behind "has been open".
func sinceWhen(age string) string {
	if strings.HasPrefix(age, "since") || age == "today" {
		return strings.Replace(age, "today", "since today", 1)
	}
	return "for " + age
}

func (d *Desk) overdueDocuments(at time.Time) []string {
	var out []string
	today := store.DateOf(at)
	for i := range d.e.Artifacts {
		a := &d.e.Artifacts[i]
		if next, ok := nextReview(a); ok && next.Before(today) {
			out = append(out, a.Name+", "+card.Count(next.DaysUntil(today), "day")+" over, owned by "+d.personName(a.Owner))
		}
	}
	return out
}
