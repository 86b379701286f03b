package commands

import (
	"context"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// helpCommand explains the others. What somebody may not do is not listed to
// them.
func helpCommand(all []bot.Command) bot.Command {
	h := helper{all}
	return bot.Command{
		Name: "help", Aliases: []string{"commands"}, Usage: "[COMMAND]", Needs: bot.MayAsk,
		Short:    "Say what I can do, or how one command is said",
		Examples: []string{"help", "help away"},
		Mine: func(_ context.Context, r bot.Request) bool {
			_, known := h.find(r.Args)
			return known || r.Args == "" || strings.EqualFold(r.Args, "all")
		},
		Run: h.run,
	}
}

type helper struct{ all []bot.Command }

func (h helper) find(name string) (*bot.Command, bool) {
	for i := range h.all {
		if c := &h.all[i]; strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return nil, false
}

func (h helper) run(_ context.Context, r bot.Request) (bot.Reply, error) {
	if c, ok := h.find(r.Args); ok {
		m := card.New(card.Heading(strings.TrimSpace(c.Name+" "+c.Usage)), card.Paragraph(c.Short+"."))
		if len(c.Examples) > 0 {
			m.Add(card.List{Title: "For example:", Items: c.Examples})
		}
		return bot.Reply{Card: m, Private: true}, nil
	}
	if r.Args != "" && !strings.EqualFold(r.Args, "all") {
		return bot.Reply{}, store.Errorf(store.CodeNotFound, "There is no command %q; say help for the list.", card.Clean(r.Args))
	}
	var said card.Facts
	for i := range h.all {
		c := &h.all[i]
		if c.Hidden || !r.Member.Role.May(c.Needs) {
			continue
		}
		said = append(said, card.Fact{Label: strings.TrimSpace(c.Name + " " + c.Usage), Value: lower(c.Short)})
	}
	m := card.New(card.Heading("Help"),
		card.Paragraph("Ask in your own words who owns something, and you get one name, now. Whatever isn't one of these commands is a question."),
		said, card.Note("`help COMMAND` shows how one is said."))
	if r.Foreign && r.Platform == "slack" { // elsewhere there are none
		m.Add(card.Note("Slash commands don't reach you: they are for people of the workspace that has me. A mention, a button or a direct message to me does all the same."))
	}
	return bot.Reply{Private: true, Card: m}, nil
}

// lower puts a phrase into a sentence.
func lower(text string) string { return strings.ToLower(text[:1]) + text[1:] }
