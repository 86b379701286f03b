package commands

import (
	"context"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// chosenFor stands between what was chosen and the question that it answers.
const chosenFor = " for "

func (o *Office) chooseCommand() bot.Command {
	return bot.Command{
		Name: "choose", Usage: "ROW for QUESTION", Needs: bot.MayAsk, Hidden: true,
		Short:    "Say which of several was meant",
		Examples: []string{"choose patching for who owns updates?"},
		Mine:     o.namesSubject, Run: o.choose,
	}
}

// namesSubject reports whether what follows the command begins with a subject.
func (o *Office) namesSubject(ctx context.Context, r bot.Request) bool {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return false
	}
	about, _, _ := strings.Cut(r.Args, chosenFor)
	_, ok := d.subjectOf(about)
	return ok
}

// choose answers with what was chosen, and suggests it to the leads as an
// alias: the next who asks the same need not choose.
func (o *Office) choose(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	about, question, _ := strings.Cut(r.Args, chosenFor)
	subject, ok := d.subjectOf(about)
	if !ok {
		return bot.Reply{}, notHere(about)
	}
	a, ok := d.About(subject, question, r.At)
	if !ok {
		return bot.Reply{}, notHere(about)
	}
	reply := d.answered(&a, &r)
	phrase := d.index.Phrase(question)
	if outside(&r) || phrase == "" {
		return reply, nil
	}
	target := store.SubjectRef{Kind: subject.Kind, ID: subject.ID}
	if err := o.Ledger.SuggestAlias(ctx, r.Member.Engagement, phrase, d.keyOf(question), target, asker(&r), r.At); err != nil {
		return bot.Reply{}, err
	}
	said := strconv.Quote(phrase) + " means " + d.name(subject)
	if !r.Member.Role.May(bot.MayManage) {
		reply.Card.Add(card.Note("Suggested to the leads: " + said + ". Until one of them confirms it, I go on asking."))
		return reply, nil
	}
	suggested, err := o.Ledger.AliasSuggestions(ctx, r.Member.Engagement)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, s := range suggested {
		if s.Subject == target && d.keyOf(s.Phrase) == d.keyOf(question) {
			reply.Card.Add(card.Paragraph("Shall I remember that "+said+"?"),
				card.Buttons{{Label: "Remember it", Say: "remember " + strconv.Itoa(s.ID)}})
		}
	}
	return reply, nil
}

func notHere(name string) error {
	return store.Errorf(store.CodeNotFound, "There is no %q in this engagement any more. Nothing was changed; ask again.", card.Clean(name))
}

func (o *Office) rememberCommand() bot.Command {
	return bot.Command{
		Name: "remember", Usage: "NUMBER", Needs: bot.MayManage, Hidden: true,
		Short:    "Confirm a suggested alias, so that it answers from now on",
		Examples: []string{"remember 4"},
		Mine:     isNumber,
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			return o.settle(ctx, r, o.Ledger.ConfirmAlias, "Remembered", " answers with ")
		},
	}
}

func (o *Office) forgetCommand() bot.Command {
	return bot.Command{
		Name: "dismiss", Usage: "NUMBER", Needs: bot.MayManage, Hidden: true,
		Short:    "Dismiss a suggested alias",
		Examples: []string{"dismiss 4"},
		Mine:     isNumber,
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			return o.settle(ctx, r, o.Ledger.DismissAlias, "Dismissed", " is not an alias of ")
		},
	}
}

func isNumber(_ context.Context, r bot.Request) bool {
	_, err := strconv.Atoi(r.Args)
	return err == nil
}
