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

// Acknowledgements keeps who was asked, and who has said so.
type Acknowledgements interface {
	RequestAcknowledgement(ctx context.Context, id string, a store.AckRequest, at time.Time) (int, error)
	Acknowledge(ctx context.Context, id string, a store.Acknowledging, at time.Time) (store.AckResult, error)
	UndoAcknowledgement(ctx context.Context, id string, u store.Undoing, at time.Time) error
	Acknowledgements(ctx context.Context, id string, filter store.AckFilter) ([]store.Acknowledgement, error)
}

func (o *Office) acksCommand() bot.Command {
	return bot.Command{
		Name: "acks", Usage: "[mine|open|all|NUMBER]", Needs: bot.MayAcknowledge,
		Short:    "List acknowledgements: those that wait for you, all that are open, or one with who has and who hasn't",
		Examples: []string{"acks", "acks open", "acks 12"},
		Mine: func(ctx context.Context, r bot.Request) bool {
			return only("", "mine", "open", "all")(ctx, r) || isNumber(ctx, r)
		},
		Run: o.acks,
	}
}

func (o *Office) acks(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	filter, heading := store.AckFilter{Open: true, Person: r.Member.Person, Missing: true}, "Waiting for you"
	switch what := strings.ToLower(r.Args); {
	case isNumber(ctx, r):
		n, _ := strconv.Atoi(what) // isNumber has read it
		filter, heading = store.AckFilter{Request: n}, "Acknowledgement "+what
	case what == "open":
		filter, heading = store.AckFilter{Open: true}, "Open acknowledgements"
	case what == "all":
		filter, heading = store.AckFilter{Limit: 20}, "The last acknowledgements"
	}
	list, err := o.Acks.Acknowledgements(ctx, r.Member.Engagement, filter)
	if err != nil {
		return bot.Reply{}, err
	}
	m := card.New(card.Heading(heading))
	if len(list) == 0 {
		m.Add(card.Paragraph("None."))
		return bot.Reply{Card: m, Private: filter.Missing}, nil
	}
	if filter.Request != 0 {
		return bot.Reply{Card: d.ackCard(&list[0], r.Member.Person)}, nil
	}
	t := card.Table{Title: card.Count(len(list), "message") + ":", Columns: []string{"Message", "Asked", "Has", "Has not", "State"}}
	var buttons card.Buttons
	for i := range list {
		a := &list[i]
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(a.ID) + ". " + a.Title, day(store.DateOf(a.At.In(d.zone))), d.haveText(a), d.missingPeople(a), ackState(a),
		})
		if _, done := a.Of(r.Member.Person); a.Closed.IsZero() && !done && asked(a, r.Member.Person) && len(buttons) < closable {
			buttons = append(buttons, card.Button{Label: "Acknowledge " + strconv.Itoa(a.ID), Say: "ack " + strconv.Itoa(a.ID)})
		}
	}
	m.Add(t)
	if len(buttons) > 0 {
		m.Add(buttons)
	}
	return bot.Reply{Card: m, Private: filter.Missing}, nil
}

func asked(a *store.Acknowledgement, person string) bool {
	for _, id := range a.Asked {
		if id == person {
			return true
		}
	}
	return false
}

func ackState(a *store.Acknowledgement) string {
	switch {
	case a.Closed.IsZero():
		return "open"
	case a.Why != "":
		return "closed: " + a.Why
	default:
		return "done"
	}
}

// haveText says who acknowledged, on whose behalf, and when.
func (d *Desk) haveText(a *store.Acknowledgement) string {
	var out []string
	for i := range a.Given {
		g := &a.Given[i]
		text := d.personName(g.Person)
		if g.OnBehalf() {
			text += " (by " + d.personName(g.By) + ")"
		}
		out = append(out, text)
	}
	return card.And(out)
}

func (d *Desk) missingPeople(a *store.Acknowledgement) string {
	if a.Satisfied() {
		return ""
	}
	var out []string
	for _, id := range a.Missing() {
		out = append(out, d.personName(id))
	}
	if a.Mode == store.AckFirst {
		return card.Or(out)
	}
	return card.And(out)
}

func (d *Desk) ackCard(a *store.Acknowledgement, person string) card.Message {
	m := card.New(card.Heading(a.Title))
	for line := range strings.SplitSeq(a.Text, "\n") {
		if strings.TrimSpace(line) != "" {
			m.Add(card.Paragraph(line))
		}
	}
	mode := "each of them"
	if a.Mode == store.AckFirst {
		mode = "the first of them is enough"
	}
	facts := card.Facts{
		{Label: "Asked", Value: d.people(a.Asked) + " (" + mode + "), on " + moment(a.At.In(d.zone))},
	}
	for i := range a.Given {
		g := &a.Given[i]
		text := moment(g.At.In(d.zone)) + ", " + string(g.How)
		if g.OnBehalf() {
			text += " by " + d.personName(g.By)
		}
		facts = append(facts, card.Fact{Label: d.personName(g.Person), Value: "acknowledged " + text})
	}
	if missing := d.missingPeople(a); missing != "" && a.Closed.IsZero() {
		facts = append(facts, card.Fact{Label: "Has not yet", Value: missing})
	}
	m.Add(append(facts, card.Fact{Label: "State", Value: ackState(a)}))
	var buttons card.Buttons
	if _, done := a.Of(person); a.Closed.IsZero() && !done && asked(a, person) {
		buttons = append(buttons, card.Button{Label: "Acknowledge", Say: "ack " + strconv.Itoa(a.ID), Tone: card.Primary})
	}
	if a.Closed.IsZero() && a.What == store.AckDrift { // as on the card that asked
		buttons = append(buttons, card.Button{Label: "The arithmetic", Say: "drift"}, card.Button{Label: "What is coming", Say: "upcoming"})
	}
	if len(buttons) > 0 {
		m.Add(buttons)
	}
	return m
}

func (d *Desk) people(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, d.personName(id))
	}
	return card.And(out)
}

func (o *Office) ackCommand() bot.Command {
	return bot.Command{
		Name: "ack", Usage: "NUMBER [for PERSON]", Needs: bot.MayAcknowledge,
		Short:    "Acknowledge a message, or for one of your side",
		Examples: []string{"ack 12", "ack 12 for theo"},
		Mine:     func(_ context.Context, r bot.Request) bool { return numbered(firstWord(r.Args)) },
		Run:      o.ack,
	}
}

func numbered(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// ack records an acknowledgement. It is told only after it is kept.
func (o *Office) ack(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	n, err := strconv.Atoi(firstWord(r.Args))
	if err != nil {
		return bot.Reply{}, usage("Which message? `acks` lists those that wait for you, with their numbers.")
	}
	a := store.Acknowledging{
		Request: n, Person: r.Member.Person, Platform: r.Platform, Identity: r.User, Message: r.Message, How: how(&r),
	}
	if on, ok := strings.CutPrefix(afterFirst(r.Args), "for "); ok {
		p, err := d.maySpeakFor(&r, on)
		if err != nil {
			return bot.Reply{}, err
		}
		if p.ID != r.Member.Person {
			a.Person, a.By = p.ID, r.Member.Person
		}
	}
	result, err := o.Acks.Acknowledge(ctx, r.Member.Engagement, a, r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	when := moment(result.When.In(d.zone))
	if result.Already {
		return bot.Whisper(card.Heading("Already acknowledged"),
			card.Paragraph(d.personName(result.Who)+" acknowledged it on "+when+". Nothing was changed.")), nil
	}
	m := card.New(card.Heading("Acknowledged"), card.Facts{{Label: "Message", Value: result.Title}, {Label: "Recorded", Value: d.personName(a.Person) + ", " + when}})
	if missing := d.missingPeople(&result.Acknowledgement); missing != "" {
		m.Add(card.Facts{{Label: "Has not yet", Value: missing}})
	}
	undo := "undo " + strconv.Itoa(n)
	if a.By != "" {
		undo += " for " + a.Person
	}
	m.Add(card.Note("It can be undone for five minutes, and is fixed after."), card.Buttons{{Label: "Undo", Say: undo}})
	return bot.Reply{Card: m, Private: true}, nil
}

func (o *Office) undoCommand() bot.Command {
	return bot.Command{
		Name: "undo", Usage: "NUMBER", Needs: bot.MayAcknowledge, Hidden: true,
		Short: "Take an acknowledgement back, within five minutes", Examples: []string{"undo 12"},
		Mine: func(_ context.Context, r bot.Request) bool { return numbered(firstWord(r.Args)) },
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			n, err := strconv.Atoi(firstWord(r.Args))
			if err != nil {
				return bot.Reply{}, usage("Which message? `acks all` lists them with their numbers.")
			}
			u := store.Undoing{Request: n, Person: r.Member.Person, Platform: r.Platform, Identity: r.User, How: how(&r)}
			if on, ok := strings.CutPrefix(afterFirst(r.Args), "for "); ok {
				d, err := o.desk(ctx, &r)
				if err != nil {
					return bot.Reply{}, err
				}
				p, err := d.person(on, "Nothing was changed.")
				if err != nil {
					return bot.Reply{}, err
				}
				u.Person, u.By = p.ID, r.Member.Person
			}
			if err := o.Acks.UndoAcknowledgement(ctx, r.Member.Engagement, u, r.At); err != nil {
				return bot.Reply{}, err
			}
			return bot.Whisper(card.Heading("Taken back"), card.Paragraph("The message waits for an acknowledgement again."),
				card.Buttons{{Label: "Acknowledge", Say: "ack " + strconv.Itoa(n)}}), nil
		},
	}
}
