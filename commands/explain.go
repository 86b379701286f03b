package commands

import (
	"context"
	"fmt"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

func (o *Office) explainCommand() bot.Command {
	return bot.Command{
		Name: "explain", Usage: "QUESTION", Needs: bot.MayConverse, Hidden: true,
		Short:    "Say which words decided an answer, and what else was considered",
		Examples: []string{"explain who owns password resets?"},
		Mine:     hasArgs,
		Run:      o.explain,
	}
}

// explain explains an answer to whoever asks.
func (o *Office) explain(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	a := d.Ask(r.Args, r.At)
	m := card.New(card.Heading("Why this answer"), card.Paragraph(a.Why()))
	var considered []string
	for _, c := range a.Choices {
		considered = append(considered, fmt.Sprintf("%s, %.0f %%", d.name(c.Subject), 100*c.Score))
	}
	if len(considered) > 0 {
		m.Add(card.List{Title: "Considered, with how sure I am:", Items: considered})
	}
	m.Add(card.Note("The matrix, its aliases and a list of IT words decide; no language model does."))
	return bot.Reply{Card: m, Private: true}, nil
}

func hasArgs(_ context.Context, r bot.Request) bool { return r.Args != "" }
