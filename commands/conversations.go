package commands

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) conversationsCommand() bot.Command {
	return bot.Command{
		Name: "conversations", Usage: "[all]", Needs: bot.MayConverse,
		Short:    "List what was asked and the matrix doesn't name, with its age",
		Examples: []string{"conversations", "conversations all"},
		Mine:     only("", "all", "open"), Run: o.conversations,
	}
}

// only makes a command of its word where nothing, or one of a few words,
// follows; with anything else it is a question.
func only(words ...string) func(context.Context, bot.Request) bool {
	return func(_ context.Context, r bot.Request) bool {
		for _, w := range words {
			if strings.EqualFold(r.Args, w) {
				return true
			}
		}
		return false
	}
}

// closable is for how many conversations a card has buttons.
const closable = 5

func (o *Office) conversations(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	open := !strings.EqualFold(r.Args, "all")
	list, err := o.Ledger.Conversations(ctx, r.Member.Engagement, open)
	if err != nil {
		return bot.Reply{}, err
	}
	m := d.conversationsCard(list, open, r.At)
	if !r.Member.Role.May(bot.MayManage) {
		return bot.Reply{Card: m}, nil
	}
	var buttons card.Buttons
	for _, c := range list {
		if c.Closed == nil && len(buttons) < closable {
			buttons = append(buttons, card.Button{Label: "Close " + strconv.Itoa(c.ID), Say: "close " + strconv.Itoa(c.ID)})
		}
	}
	if len(buttons) > 0 {
		m.Add(buttons)
	}
	suggested, err := o.Ledger.AliasSuggestions(ctx, r.Member.Engagement)
	if err != nil {
		return bot.Reply{}, err
	}
	d.addSuggestions(&m, suggested)
	return bot.Reply{Card: m}, nil
}

// ConversationsCard lists conversations, for the command line as well.
func (d *Desk) ConversationsCard(list []store.Conversation, open bool, at time.Time) card.Message {
	return d.conversationsCard(list, open, at)
}

func (d *Desk) conversationsCard(list []store.Conversation, open bool, at time.Time) card.Message {
	heading := "Open conversations"
	if !open {
		heading = "All conversations"
	}
	if len(list) == 0 {
		return card.New(card.Heading(heading), card.Paragraph("None: everything that was asked has a name in the matrix."))
	}
	t := card.Table{
		Title:   "Asked, and not named in the matrix:",
		Columns: []string{"Question", "Asked by", "Age", "Times", "Nearest", "State"},
	}
	for i := range list {
		c := &list[i]
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(c.ID) + ". " + c.Question, d.askerName(c.Asker), d.age(c.Opened, at), strconv.Itoa(c.Times),
			strings.Join(d.nearest(c), ", "), d.stateOf(c),
		})
	}
	return card.New(card.Heading(heading), t)
}

// age says how long ago something was, in the largest unit that is whole.
func (d *Desk) age(since, at time.Time) string {
	days := store.DateOf(since.In(d.zone)).DaysUntil(store.DateOf(at.In(d.zone)))
	switch {
	case days <= 0:
		return "today"
	case days == 1:
		return "since yesterday"
	default:
		return card.Count(days, "day")
	}
}

func (d *Desk) askerName(a store.Asker) string {
	if p, ok := d.e.Person(a.Person); ok {
		return p.Name
	}
	if a.Name != "" {
		return a.Name
	}
	return "somebody who is on no list"
}

func (d *Desk) nearest(c *store.Conversation) []string {
	var out []string
	for _, n := range c.Nearest {
		if s := asSubject(n); d.knows(s) {
			out = append(out, d.name(s))
		}
	}
	return out
}

func (d *Desk) stateOf(c *store.Conversation) string {
	if c.Closed == nil {
		return "open"
	}
	text := "closed by " + d.askerName(store.Asker{Person: c.Closed.By, Name: c.Closed.By}) + " on " + date(store.DateOf(c.Closed.At.In(d.zone)))
	switch c.Closed.As {
	case store.ClosedAsAlias:
		return text + ": " + strconv.Quote(c.Closed.Alias) + " means " + d.name(asSubject(c.Closed.Subject))
	case store.ClosedAsExclusion:
		return text + ": out of scope"
	default:
		return text + ": row " + d.name(asSubject(c.Closed.Subject))
	}
}

// conversationNote says under an unnamed answer what became of the question.
func (d *Desk) conversationNote(c *store.Conversation, opened bool) string {
	n := "Conversation " + strconv.Itoa(c.ID)
	if opened {
		return n + " is open for both leads."
	}
	return n + " has been open since " + day(store.DateOf(c.Opened.In(d.zone))) + "; asked " + card.Count(c.Times, "time") + " now."
}

// addSuggestions shows a lead what people chose, to be confirmed or not.
func (d *Desk) addSuggestions(m *card.Message, suggested []store.AliasSuggestion) {
	var items []string
	var buttons card.Buttons
	for _, s := range suggested {
		if !d.knows(asSubject(s.Subject)) {
			continue
		}
		items = append(items, strconv.Itoa(s.ID)+". "+strconv.Quote(s.Phrase)+" means "+d.name(asSubject(s.Subject))+
			", chosen by "+d.askerName(s.Asker)+", "+card.Count(s.Times, "time"))
		if len(buttons) < 2*closable {
			n := strconv.Itoa(s.ID)
			buttons = append(buttons, card.Button{Label: "Remember " + n, Say: "remember " + n}, card.Button{Label: "Dismiss " + n, Say: "dismiss " + n})
		}
	}
	if len(items) > 0 {
		m.Add(card.List{Title: "Chosen by people, for a lead to confirm:", Items: items}, buttons)
	}
}
