package commands

import (
	"context"
	"slices"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) driftCommand() bot.Command {
	return bot.Command{
		Name: "drift", Usage: "[explain]", Needs: bot.MayConverse,
		Short:    "Show where the agreed rhythm slips, with the arithmetic",
		Examples: []string{"drift", "drift explain"},
		Mine:     only("", "explain"), Run: o.drift,
	}
}

func (o *Office) drift(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	beat, err := o.Beat.Rhythm(ctx, r.Member.Engagement)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Card: d.DriftCard(beat.Findings, r.Args != "")}, nil
}

// DriftCard lists the findings, the furthest first. With explain it shows how
// each was worked out.
func (d *Desk) DriftCard(findings []store.OpenFinding, explain bool) card.Message {
	m := card.New(card.Heading("Drift"))
	if len(findings) == 0 {
		m.Add(card.Paragraph("None: the rhythm is as it was agreed."))
		return m
	}
	sorted := slices.SortedStableFunc(slices.Values(findings), func(a, b store.OpenFinding) int { return int(b.Level) - int(a.Level) })
	for _, f := range sorted {
		text := capital(f.Level.String()) + ", since " + date(store.DateOf(f.Opened.In(d.zone))) + ": " + f.Facts
		if !f.Acknowledged.IsZero() {
			text += " Acknowledged on " + date(store.DateOf(f.Acknowledged.In(d.zone))) + "."
		}
		if explain && len(f.Explain) > 0 {
			m.Add(card.List{Title: text, Items: f.Explain})
		} else {
			m.Add(card.Paragraph(text))
		}
	}
	if !explain {
		m.Add(card.Buttons{{Label: "Show the arithmetic", Say: "drift explain"}})
	}
	return m
}
