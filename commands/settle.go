package commands

import (
	"context"
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// settle confirms or dismisses a suggested alias by its number.
func (o *Office) settle(ctx context.Context, r bot.Request,
	do func(ctx context.Context, id string, suggestion int, by string, at time.Time) error, heading, middle string,
) (bot.Reply, error) {
	n, err := strconv.Atoi(r.Args)
	if err != nil {
		return bot.Reply{}, usage("Which suggestion? `conversations` lists them with their numbers.")
	}
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	suggested, err := o.Ledger.AliasSuggestions(ctx, r.Member.Engagement)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := do(ctx, r.Member.Engagement, n, r.By(), r.At); err != nil {
		return bot.Reply{}, err
	}
	text := "Done."
	for _, s := range suggested {
		if s.ID == n {
			text = strconv.Quote(card.Clean(s.Phrase)) + middle + d.name(asSubject(s.Subject)) + "."
		}
	}
	return bot.Whisper(card.Heading(heading), card.Paragraph(text)), nil
}

func asSubject(s store.SubjectRef) ownership.Subject {
	return ownership.Subject{Kind: s.Kind, ID: s.ID}
}
