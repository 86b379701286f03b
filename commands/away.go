package commands

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) awayCommand() bot.Command {
	return bot.Command{
		Name: "away", Usage: "[PERSON FROM[..TO] [cover PERSON]]", Needs: bot.MayAnswer,
		Short:    "Say that you or one of your side are away, and who covers; alone it lists who is",
		Examples: []string{"away", "away maria 2026-12-24..2027-01-02 cover theo", "away cancel 3"},
		Mine: func(ctx context.Context, r bot.Request) bool {
			if r.Args == "" || cancelling.MatchString(r.Args) || firstDate.MatchString(r.Args) {
				return true
			}
			d, err := o.desk(ctx, &r)
			if err != nil {
				return false
			}
			_, _, err = d.first(strings.Fields(r.Args), "")
			return err == nil
		},
		Run: o.away,
	}
}

var (
	cancelling = regexp.MustCompile(`^cancel\s+(\d{1,9})$`)
	firstDate  = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
	awayLine   = regexp.MustCompile(`^(?:(\S.*?)\s+)?(\d{4}-\d\d-\d\d)(?:\s*(?:\.\.|to|-)\s*(\d{4}-\d\d-\d\d))?(?:\s+cover(?:ed by)?\s+(\S.*))?$`)
)

func (o *Office) away(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	if parts := cancelling.FindStringSubmatch(r.Args); parts != nil {
		n, _ := strconv.Atoi(parts[1]) // nine digits at most
		return o.cancelAway(ctx, &r, d, n)
	}
	if r.Args == "" && r.Value("from") == "" {
		return o.whoIsAway(ctx, &r, d)
	}
	a, err := d.readAway(&r)
	if err != nil {
		return bot.Reply{}, err
	}
	p, err := d.maySpeakFor(&r, a.Person)
	if err != nil {
		return bot.Reply{}, err
	}
	a.Person = p.ID
	if a.Cover != "" {
		if p, err = d.person(a.Cover, "Nothing was changed."); err != nil {
			return bot.Reply{}, err
		}
		a.Cover = p.ID
	}
	if _, err := o.Absences.RecordAbsence(ctx, r.Member.Engagement, a, r.By(), r.At); err != nil {
		return bot.Reply{}, err
	}
	m := card.New(card.Heading(d.personName(a.Person)+" is away"), d.awayFacts(a))
	m.Add(card.Note("Answers name the cover while it lasts, or else the next on the escalation path."))
	return bot.Reply{Card: m}, nil
}

// readAway reads an absence as it was typed, or from the form.
func (d *Desk) readAway(r *bot.Request) (store.Absence, error) {
	who, from, to, cover := r.Value("person"), r.Value("from"), r.Value("to"), r.Value("cover")
	if from == "" {
		parts := awayLine.FindStringSubmatch(strings.ToLower(r.Args))
		if parts == nil {
			return store.Absence{}, usage("Say it so: away PERSON FROM..TO cover PERSON, with dates such as 2026-12-24.")
		}
		who, from, to, cover = parts[1], parts[2], parts[3], parts[4]
	}
	if who == "" {
		who = r.Member.Person
	}
	if to == "" {
		to = from
	}
	a := store.Absence{Person: who, Cover: cover}
	var err error
	if a.From, err = store.ParseDate(from); err != nil {
		return a, usage("%q is no date; write it as 2026-12-24.", from)
	}
	if a.To, err = store.ParseDate(to); err != nil {
		return a, usage("%q is no date; write it as 2026-12-24.", to)
	}
	return a, nil
}

// maySpeakFor lets people speak for themselves, and a lead for their side.
func (d *Desk) maySpeakFor(r *bot.Request, person string) (*store.Person, error) {
	p, err := d.person(person, "Nothing was changed.")
	if err != nil {
		return nil, err
	}
	if p.ID == r.Member.Person || p.Side == r.Member.Side && r.Member.Role.May(bot.MayManage) {
		return p, nil
	}
	return nil, store.Errorf(store.CodeForbidden, "Only %s or the lead of %s can say that. Nothing was changed.", p.Name, d.e.SideName(p.Side))
}

func (d *Desk) awayFacts(a store.Absence) card.Facts {
	days := day(a.From)
	if a.To != a.From {
		days += " to " + day(a.To)
	}
	cover := "nobody is named"
	if p, ok := d.e.Person(a.Cover); ok {
		cover = p.Name + ", " + d.e.SideName(p.Side)
	}
	return card.Facts{{Label: "Days", Value: days}, {Label: "Cover", Value: cover}}
}

// whoIsAway lists absences from today on, with the form for another.
func (o *Office) whoIsAway(ctx context.Context, r *bot.Request, d *Desk) (bot.Reply, error) {
	list, err := o.Absences.Absences(ctx, r.Member.Engagement, store.DateOf(r.At.In(d.zone)))
	if err != nil {
		return bot.Reply{}, err
	}
	m := card.New(card.Heading("Away"))
	if len(list) == 0 {
		m.Add(card.Paragraph("Nobody has said that they will be away."))
	} else {
		t := card.Table{Title: "From today on:", Columns: []string{"Who", "Days", "Cover"}}
		var buttons card.Buttons
		for _, a := range list {
			facts := d.awayFacts(a.Absence)
			t.Rows = append(t.Rows, []string{strconv.Itoa(a.ID) + ". " + d.personName(a.Person), facts[0].Value, facts[1].Value})
			if _, err := d.maySpeakFor(r, a.Person); err == nil {
				n := strconv.Itoa(a.ID)
				buttons = append(buttons, card.Button{Label: "Cancel " + n, Say: "away cancel " + n, Tone: card.Danger})
			}
		}
		m.Add(t)
		if len(buttons) > 0 {
			m.Add(buttons)
		}
	}
	m.Add(d.awayForm(r))
	return bot.Reply{Card: m, Private: true}, nil
}

func (d *Desk) awayForm(r *bot.Request) card.Form {
	var mine []card.Option
	cover := []card.Option{{Value: "", Label: "nobody"}}
	for _, p := range d.e.People {
		o := card.Option{Value: p.ID, Label: p.Name + ", " + d.e.SideName(p.Side)}
		cover = append(cover, o)
		if _, err := d.maySpeakFor(r, p.ID); err == nil {
			mine = append(mine, o)
		}
	}
	return card.Form{
		Title: "Somebody will be away", Say: "away", Submit: "Record it", Typed: "away PERSON FROM..TO cover PERSON",
		Fields: []card.Field{
			{Name: "person", Label: "Who", Kind: card.Choice, Options: mine, Value: r.Member.Person, Required: true},
			{Name: "from", Label: "First day", Kind: card.Day, Required: true},
			{Name: "to", Label: "Last day", Kind: card.Day, Hint: "leave empty for one day"},
			{Name: "cover", Label: "Who covers", Kind: card.Choice, Options: cover},
		},
	}
}

func (o *Office) cancelAway(ctx context.Context, r *bot.Request, d *Desk, n int) (bot.Reply, error) {
	list, err := o.Absences.Absences(ctx, r.Member.Engagement, store.Date{})
	if err != nil {
		return bot.Reply{}, err
	}
	i := slices.IndexFunc(list, func(a store.RecordedAbsence) bool { return a.ID == n })
	if i < 0 {
		return bot.Reply{}, store.Errorf(store.CodeNotFound, "There is no absence %d to cancel; `away` lists them. Nothing was changed.", n)
	}
	if _, err := d.maySpeakFor(r, list[i].Person); err != nil {
		return bot.Reply{}, err
	}
	if err := o.Absences.CancelAbsence(ctx, r.Member.Engagement, n, r.By(), r.At); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(card.Heading("Cancelled"), card.Paragraph(d.personName(list[i].Person)+" is not away after all."), d.awayFacts(list[i].Absence)), nil
}
