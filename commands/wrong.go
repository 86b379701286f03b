package commands

import (
	"context"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) wrongCommand() bot.Command {
	return bot.Command{
		Name: "wrong", Usage: "ROW: WHAT IS WRONG", Needs: bot.MayConverse, Hidden: true,
		Short:    "Tell both leads that an answer is wrong",
		Examples: []string{"wrong password-resets: Lee does them since May"},
		Mine: func(ctx context.Context, r bot.Request) bool {
			r.Args, _, _ = strings.Cut(r.Args, ":")
			return o.namesSubject(ctx, r)
		},
		Run: o.wrong,
	}
}

// wrong opens a conversation about a row. The row itself stays as both sides
// signed it until they sign another.
func (o *Office) wrong(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, ok := d.subjectOf(r.Args)
	what := r.Value("what")
	if !ok {
		at := strings.LastIndex(r.Args, ": ")
		if at < 0 {
			return bot.Reply{}, notHere(r.Args)
		}
		if s, ok = d.subjectOf(r.Args[:at]); !ok {
			return bot.Reply{}, notHere(r.Args[:at])
		}
		what = r.Args[at+2:]
	}
	if what = card.Clean(what); what == "" {
		return bot.Whisper(card.Heading("This is wrong: "+d.name(s)), card.Form{
			Title: "Tell " + card.And(d.leadNames()) + " what is wrong", Say: "wrong " + ref(s), Submit: "Tell them",
			Typed:  "wrong " + ref(s) + ": WHAT IS WRONG",
			Fields: []card.Field{{Name: "what", Label: "What is wrong, and what would be right?", Kind: card.Text, Required: true}},
		}), nil
	}
	c, opened, err := o.Ledger.AskedUnnamed(ctx, r.Member.Engagement, store.Conversation{
		Question: d.name(s) + ": " + what, Key: "wrong " + ref(s) + ": " + d.keyOf(what),
		Nearest: []store.SubjectRef{{Kind: s.Kind, ID: s.ID}}, Asker: asker(&r),
	}, r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	text := "Conversation " + strconv.Itoa(c.ID) + " is open"
	if !opened {
		text = "That is conversation " + strconv.Itoa(c.ID) + " already, said " + card.Count(c.Times, "time") + " now"
	}
	return bot.Whisper(card.Heading("Noted"),
		card.Paragraph(text+". The matrix stays as both sides signed it until they sign another version."),
		card.Facts{{Label: "Bring it to", Value: card.And(d.leadNames())}}), nil
}
