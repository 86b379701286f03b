package commands

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) closeCommand() bot.Command {
	return bot.Command{
		Name: "close", Usage: "NUMBER as alias|row|exclusion …", Needs: bot.MayManage,
		Short: "Close a conversation: as another word for a row, as a new row, or as out of scope",
		Examples: []string{
			"close 3 as alias of password-resets", "close 3 as row Badge printer owned by internal, accountable theo",
			"close 3 as exclusion Badge printer: the landlord's office",
		},
		Mine: func(_ context.Context, r bot.Request) bool { return closing.MatchString(r.Args) },
		Run:  o.close,
	}
}

// closing takes a typed closing apart: the number, how, and the rest.
var closing = regexp.MustCompile(`^(\d{1,9})(?:\s+as\s+(alias|row|exclusion)(?:\s+(.*))?)?$`)

func (o *Office) close(ctx context.Context, r bot.Request) (bot.Reply, error) {
	parts := closing.FindStringSubmatch(r.Args)
	if parts == nil {
		return bot.Reply{}, usage("Say which conversation and how it closes: close NUMBER as alias, row or exclusion.")
	}
	n, _ := strconv.Atoi(parts[1]) // nine digits at most
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := o.conversation(ctx, &r, d, n)
	if err != nil {
		return bot.Reply{}, err
	}
	switch parts[2] {
	case string(store.ClosedAsAlias):
		return o.closeAsAlias(ctx, &r, d, c, parts[3])
	case string(store.ClosedAsRow):
		return o.closeAsRow(ctx, &r, d, c, parts[3])
	case string(store.ClosedAsExclusion):
		return o.closeAsExclusion(ctx, &r, d, c, parts[3])
	}
	facts := card.Facts{
		{Label: "Asked by", Value: d.askerName(c.Asker)},
		{Label: "Asked", Value: card.Count(c.Times, "time") + ", first on " + day(store.DateOf(c.Opened.In(d.zone)))},
	}
	if near := d.nearest(c); len(near) > 0 {
		facts = append(facts, card.Fact{Label: "Nearest", Value: strings.Join(near, ", ")})
	}
	return bot.Whisper(card.Heading("Conversation "+strconv.Itoa(n)), card.Paragraph(c.Question), facts, closeButtons(n)), nil
}

// closeButtons offer the three ways to close a conversation.
func closeButtons(n int) card.Buttons {
	say := "close " + strconv.Itoa(n) + " as "
	return card.Buttons{
		{Label: "Another word for a row", Say: say + string(store.ClosedAsAlias)},
		{Label: "A new row", Say: say + string(store.ClosedAsRow)},
		{Label: "Out of scope", Say: say + string(store.ClosedAsExclusion)},
	}
}

func (o *Office) conversation(ctx context.Context, r *bot.Request, d *Desk, n int) (*store.Conversation, error) {
	list, err := o.Ledger.Conversations(ctx, r.Member.Engagement, false)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if c := &list[i]; c.ID == n {
			if c.Closed != nil {
				return nil, store.Errorf(store.CodeConflict, "Conversation %d is %s. Nothing was changed.", n, d.stateOf(c))
			}
			return c, nil
		}
	}
	return nil, store.Errorf(store.CodeNotFound, "There is no conversation %d here; `conversations` lists them. Nothing was changed.", n)
}

// closeAsAlias makes the words of the question another name of what is there.
func (o *Office) closeAsAlias(ctx context.Context, r *bot.Request, d *Desk, c *store.Conversation, args string) (bot.Reply, error) {
	target, phrase := strings.TrimPrefix(args, "of "), r.Value("phrase")
	if of := r.Value("subject"); of != "" {
		target = of
	}
	if phrase == "" {
		phrase = d.index.Phrase(c.Question)
	}
	if target == "" {
		return bot.Whisper(card.Heading("Conversation "+strconv.Itoa(c.ID)), card.Paragraph(c.Question), d.aliasForm(c, phrase)), nil
	}
	s, ok := d.subjectOf(target)
	if !ok {
		return bot.Reply{}, notHere(target)
	}
	phrase = card.Clean(phrase)
	if err := o.Ledger.CloseAsAlias(ctx, r.Member.Engagement, c.ID, phrase, store.SubjectRef{Kind: s.Kind, ID: s.ID}, r.By(), r.At); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(card.Heading("Conversation "+strconv.Itoa(c.ID)+" is closed"),
		card.Paragraph(strconv.Quote(phrase)+" means "+d.name(s)+" from now on, and is answered so."),
		card.Facts{{Label: "Closed by", Value: r.Member.Name}}), nil
}

func (d *Desk) aliasForm(c *store.Conversation, phrase string) card.Form {
	return card.Form{
		Title: "Another word for a row", Say: "close " + strconv.Itoa(c.ID) + " as alias", Submit: "Close it",
		Typed: "close " + strconv.Itoa(c.ID) + " as alias of ROW",
		Fields: []card.Field{
			{Name: "phrase", Label: "The words that people use", Value: phrase, Required: true},
			{Name: "subject", Label: "Mean this", Kind: card.Choice, Options: d.subjects(c), Required: true},
		},
	}
}

// subjects are what an alias can stand for, the nearest ones first.
func (d *Desk) subjects(c *store.Conversation) []card.Option {
	var out []card.Option
	seen := map[ownership.Subject]bool{}
	add := func(s ownership.Subject) {
		if !seen[s] && d.knows(s) {
			seen[s] = true
			out = append(out, card.Option{Value: ref(s), Label: d.name(s)})
		}
	}
	for _, n := range c.Nearest {
		add(asSubject(n))
	}
	for i := range d.e.Matrix.Functions {
		add(ownership.Subject{Kind: ownership.KindFunction, ID: d.e.Matrix.Functions[i].ID})
	}
	for i := range d.e.Artifacts {
		add(ownership.Subject{Kind: ownership.KindArtifact, ID: d.e.Artifacts[i].ID})
	}
	for _, x := range d.e.Matrix.OutOfScope {
		add(ownership.Subject{Kind: ownership.KindOutOfScope, ID: x.Name})
	}
	return out
}
