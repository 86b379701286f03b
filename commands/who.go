package commands

import (
	"context"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) whoCommand() bot.Command {
	return bot.Command{
		Name: Question, Aliases: []string{"ask"}, Usage: "owns WHAT", Needs: bot.MayAsk,
		Short:    "Say who owns something, who leads right now, and until when; no keyword is needed",
		Examples: []string{"who owns password resets?", "outlook keeps asking for a code", "is SentinelOne ours?"},
		Run:      o.who,
	}
}

// who answers a question in anybody's words.
func (o *Office) who(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	question := r.Args
	if rest, ok := strings.CutPrefix(question, "ask "); ok {
		question = strings.TrimSpace(rest)
	}
	a := d.Ask(question, r.At)
	switch a.Outcome {
	case ownership.Answered:
		return d.answered(&a, &r), nil
	case ownership.Choose:
		return d.offered(&a, &r), nil
	case ownership.Unnamed:
		return o.unnamed(ctx, d, &a, &r)
	default:
		a.Card.Add(card.Buttons{{Label: "Everything that I can do", Say: "help all"}})
		return bot.Reply{Card: a.Card}, nil
	}
}

// answered is the answer card with what can be done next.
func (d *Desk) answered(a *Answer, r *bot.Request) bot.Reply {
	if outside(r) {
		return bot.Reply{Card: d.outsideCard(a, r.At)}
	}
	m := a.Card
	m.Add(d.nextSteps(a))
	return bot.Reply{Card: m}
}

// nextSteps are the buttons of an answer.
func (d *Desk) nextSteps(a *Answer) card.Buttons {
	var buttons card.Buttons
	about := ref(*a.Subject)
	why := "Why this answer?"
	switch a.Subject.Kind {
	case ownership.KindFunction, ownership.KindSeverity:
		why = "Why this row?"
		buttons = append(buttons, card.Button{Label: "Escalate", Say: "escalate " + about, Tone: card.Primary})
	case ownership.KindOnCall, ownership.KindPerson:
		return append(buttons, card.Button{Label: "Browse the matrix", Say: "matrix"})
	}
	return append(buttons,
		card.Button{Label: "This is wrong", Say: "wrong " + about},
		card.Button{Label: why, Say: "explain " + card.Clean(a.Question)})
}

// offered is "Which one?" with a button for each.
func (d *Desk) offered(a *Answer, r *bot.Request) bot.Reply {
	m := a.Card
	if outside(r) {
		m = d.outsideCard(a, r.At)
	}
	var buttons card.Buttons
	for _, c := range a.Choices {
		buttons = append(buttons, card.Button{Label: d.name(c.Subject), Say: "choose " + ref(c.Subject) + chosenFor + card.Clean(a.Question)})
	}
	m.Add(buttons)
	return bot.Reply{Card: m}
}

// unnamed opens the conversation that the question is, or counts it.
func (o *Office) unnamed(ctx context.Context, d *Desk, a *Answer, r *bot.Request) (bot.Reply, error) {
	if outside(r) {
		m := d.outsideCard(a, r.At)
		if leads := d.leadNames(); len(leads) > 0 {
			m.Add(card.Facts{{Label: "Bring it to", Value: card.And(leads)}})
		}
		return bot.Reply{Card: m}, nil
	}
	c, opened, err := o.Ledger.AskedUnnamed(ctx, r.Member.Engagement, store.Conversation{
		Question: a.Question, Key: d.keyOf(a.Question), Nearest: refs(a.Choices), Asker: asker(r),
	}, r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	m := a.Card
	m.Add(card.Note(d.conversationNote(&c, opened)))
	if r.Member.Role.May(bot.MayManage) {
		m.Add(closeButtons(c.ID))
	}
	return bot.Reply{Card: m}, nil
}

// keyOf makes two questions the same, also where no word of them is known.
func (d *Desk) keyOf(question string) string {
	if key := d.index.Key(question); key != "" {
		return key
	}
	return strings.ToLower(strings.Join(strings.Fields(question), " "))
}

func refs(choices []ownership.Choice) []store.SubjectRef {
	out := make([]store.SubjectRef, len(choices))
	for i, c := range choices {
		out[i] = store.SubjectRef{Kind: c.Kind, ID: c.ID}
	}
	return out
}
