package commands

import (
	"context"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// listing makes a command that lists something, or shows the one that is named
// after it.
func (o *Office) listing(c bot.Command, kind string, list func(*Desk, time.Time) card.Message) bot.Command {
	named := func(ctx context.Context, r *bot.Request) (*Desk, ownership.Subject, bool, error) {
		d, err := o.desk(ctx, r)
		if err != nil {
			return nil, ownership.Subject{}, false, err
		}
		s, ok := d.subjectOf(refPrefix[kind] + r.Args)
		if !ok {
			s, ok = d.subjectOf(r.Args)
		}
		return d, s, ok && s.Kind == kind, nil
	}
	c.Needs = bot.MayConverse
	c.Mine = func(ctx context.Context, r bot.Request) bool {
		_, _, ok, err := named(ctx, &r)
		return r.Args == "" || ok && err == nil
	}
	c.Run = func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		d, s, ok, err := named(ctx, &r)
		switch {
		case err != nil:
			return bot.Reply{}, err
		case r.Args == "":
			return bot.Reply{Card: list(d, r.At.In(d.zone))}, nil
		case !ok:
			return bot.Reply{}, notHere(r.Args)
		}
		a, _ := d.About(s, d.name(s), r.At)
		return d.answered(&a, &r), nil
	}
	return c
}

func (o *Office) toolsCommand() bot.Command {
	return o.listing(bot.Command{
		Name: "tools", Usage: "[LAYER]", Short: "List the product of each layer, or show one",
		Examples: []string{"tools", "tools edr"},
	}, ownership.KindTool, (*Desk).toolsCard)
}

func (d *Desk) toolsCard(at time.Time) card.Message {
	if len(d.e.Tools) == 0 {
		return card.New(card.Heading("Tools"), card.Paragraph("The engagement names no tools."))
	}
	t := card.Table{Title: "One product a layer:", Columns: []string{"Layer", "Product", "Run by", "Also"}}
	for i := range d.e.Tools {
		tool := &d.e.Tools[i]
		var also []string
		for _, p := range productsOf(tool)[1:] {
			if p.standing != retired {
				also = append(also, placed(p.name, p.where))
			}
		}
		run := ""
		if tool.RunBy.Valid() {
			run = d.e.SideName(tool.RunBy)
		}
		t.Rows = append(t.Rows, []string{layerName(tool.Layer), tool.Product, run, strings.Join(also, ", ")})
	}
	return card.New(card.Heading("Tools"), t, d.trust(at))
}

func (o *Office) artifactsCommand() bot.Command {
	return o.listing(bot.Command{
		Name: "artifacts", Aliases: []string{"documents"}, Usage: "[DOCUMENT]",
		Short:    "List the audit-relevant documents with owner and next review, or show one",
		Examples: []string{"artifacts", "artifacts wisp"},
	}, ownership.KindArtifact, (*Desk).artifactsCard)
}

func (d *Desk) artifactsCard(at time.Time) card.Message {
	if len(d.e.Artifacts) == 0 {
		return card.New(card.Heading("Documents"), card.Paragraph("The engagement names no documents."))
	}
	t := card.Table{Title: "Audit-relevant documents:", Columns: []string{"Document", "Owner", "Last reviewed", "Next review"}}
	for i := range d.e.Artifacts {
		a := &d.e.Artifacts[i]
		facts := reviewFacts(a, store.DateOf(at))
		t.Rows = append(t.Rows, []string{a.Name, d.personOfSide(a.Owner), facts[0].Value, facts[1].Value})
	}
	return card.New(card.Heading("Documents"), t, d.trust(at))
}

func (o *Office) peopleCommand() bot.Command {
	return o.listing(bot.Command{
		Name: "people", Usage: "[PERSON]", Short: "List the people of both sides, or say what one answers for",
		Examples: []string{"people", "people theo"},
	}, ownership.KindPerson, (*Desk).peopleCard)
}

func (d *Desk) peopleCard(at time.Time) card.Message {
	m := card.New(card.Heading("People"))
	for _, side := range []store.Side{store.Internal, store.MSP} {
		t := card.Table{Title: d.e.SideName(side) + ":", Columns: []string{"Name", "Title", "Now"}}
		for i := range d.e.People {
			p := &d.e.People[i]
			if p.Side != side {
				continue
			}
			now := d.dutyOf(p.ID, at)
			if now != "" {
				now = "on call " + now
			}
			if a, away := d.cal.Absent(p.ID, at); away {
				now = d.coverText(a, at)
			}
			t.Rows = append(t.Rows, []string{p.Name, p.Title, now})
		}
		if len(t.Rows) > 0 {
			m.Add(t)
		}
	}
	return m
}

func (o *Office) onCallCommand() bot.Command {
	return bot.Command{
		Name: "oncall", Aliases: []string{"on-call"}, Needs: bot.MayAsk,
		Short:    "Say who is on call, and until when",
		Examples: []string{"oncall"},
		Mine:     only(""),
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			d, err := o.desk(ctx, &r)
			if err != nil {
				return bot.Reply{}, err
			}
			return bot.Reply{Card: d.onCallCard("", r.At.In(d.zone))}, nil
		},
	}
}
