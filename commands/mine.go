package commands

import (
	"context"
	"slices"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// mineCommand is what stands first on a person's page at a platform that has one,
// such as Slack's Home tab.
func (o *Office) mineCommand() bot.Command {
	return bot.Command{
		Name: "mine", Needs: bot.MayAcknowledge, Hidden: true,
		Short: "List what waits for you: standups to answer, and messages to acknowledge", Examples: []string{"mine"},
		Mine: only(""), Run: o.mine,
	}
}

func (o *Office) mine(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	rhythm, err := o.Beat.Rhythm(ctx, r.Member.Engagement)
	if err != nil {
		return bot.Reply{}, err
	}
	reply, err := o.acks(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	m := card.New()
	for i := range rhythm.Occurrences {
		if of, ok := d.standupOf(&rhythm, &rhythm.Occurrences[i], &r); ok {
			m.Add(of.mine(r.Member.Person)...)
		}
	}
	if len(m.Blocks) > 0 {
		reply.Card.Blocks = append(m.Blocks, reply.Card.Blocks...)
	}
	reply.Private = true
	return reply, nil
}

// standupOf is a standup that the person is expected to answer, and can answer now.
func (d *Desk) standupOf(rhythm *store.Rhythm, x *store.Occurrence, r *bot.Request) (*meeting, bool) {
	c, ok := d.cadenceOf(x.Cadence)
	if !ok || c.Kind != store.KindStandup || !slices.Contains(c.Expects, r.Member.Person) || x.State.Done() {
		return nil, false
	}
	m := &meeting{desk: d, rhythm: *rhythm, cadence: c, Occurrence: *x}
	opens, err := m.opens()
	return m, err == nil && !r.At.Before(opens) && !r.At.After(m.Grace)
}

// mine says what the person has answered, and lets them.
func (m *meeting) mine(person string) []card.Block {
	said := "not yet; it can be answered until " + moment(m.Grace.In(m.desk.zone))
	buttons := card.Buttons{
		{Label: "Answer", Say: "answer " + m.ref(), Tone: card.Primary},
		{Label: "Nothing to report", Say: "nothing " + m.ref()},
		{Label: "I'm away", Say: "absent " + m.ref()},
	}
	for i := range m.rhythm.Answers {
		a := &m.rhythm.Answers[i]
		if a.Cadence != m.Cadence || a.Civil != m.Civil || a.Person != person {
			continue
		}
		said = map[store.AnswerKind]string{
			store.Answered: "given on ", store.NothingToReport: "nothing to report, said on ", store.SaidAway: "you are away, said on ",
		}[a.Kind] + moment(a.At.In(m.desk.zone))
		buttons = card.Buttons{{Label: "Edit my answer", Say: "answer " + m.ref()}}
	}
	return []card.Block{card.Heading(m.cadence.Name + ", " + m.when()), card.Facts{{Label: "Your answer", Value: said}}, buttons}
}
