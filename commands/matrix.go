package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) matrixCommand() bot.Command {
	return bot.Command{
		Name: "matrix", Aliases: []string{"rows"}, Usage: "[AREA or WORDS]", Needs: bot.MayConverse,
		Short:    "Browse the responsibility matrix by area, or search it",
		Examples: []string{"matrix", "matrix security", "matrix backup"},
		Mine: func(ctx context.Context, r bot.Request) bool {
			d, err := o.desk(ctx, &r)
			rows, _ := pageOf(r.Args)
			return err == nil && (rows == "" || len(d.rowsIn(rows)) > 0)
		},
		Run: o.matrix,
	}
}

// rowsAPage is how many rows a card shows: what fits a screen, and every
// platform's largest table.
const rowsAPage = 12

// noArea is the area of rows that name none.
const noArea = "Other"

func (o *Office) matrix(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	what, page := pageOf(r.Args)
	if what == "" {
		return bot.Reply{Card: d.areasCard(r.At)}, nil
	}
	rows := d.rowsIn(what)
	if len(rows) == 0 {
		return bot.Reply{}, store.Errorf(store.CodeNotFound, "No area or row of the matrix holds %q; `matrix` lists the areas.", card.Clean(what))
	}
	return bot.Reply{Card: d.rowsCard(what, rows, page, r.At)}, nil
}

// pageOf takes `page N` off the end.
func pageOf(args string) (what string, page int) {
	what, number, ok := cutLast(args, "page ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 {
		return args, 1
	}
	return strings.TrimSpace(what), n
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// areasCard lists the areas in the order of the matrix.
func (d *Desk) areasCard(at time.Time) card.Message {
	var areas []string
	counts := map[string][3]int{}
	for i := range d.e.Matrix.Functions {
		f := &d.e.Matrix.Functions[i]
		area := areaOf(f)
		if !slices.Contains(areas, area) {
			areas = append(areas, area)
		}
		n := counts[area]
		n[slices.Index([]store.Side{store.Internal, store.MSP, store.Joint}, f.Owner)]++
		counts[area] = n
	}
	t := card.Table{Title: "Rows by area and owner:", Columns: []string{"Area", d.e.Client, d.e.MSP, "Both"}}
	var buttons card.Buttons
	for _, area := range areas {
		n := counts[area]
		t.Rows = append(t.Rows, []string{area, strconv.Itoa(n[0]), strconv.Itoa(n[1]), strconv.Itoa(n[2])})
		buttons = append(buttons, card.Button{Label: area, Say: "matrix " + area})
	}
	m := card.New(card.Heading("The responsibility matrix"), t)
	if len(d.e.Matrix.OutOfScope) > 0 {
		var names []string
		for _, x := range d.e.Matrix.OutOfScope {
			names = append(names, x.Name)
		}
		m.Add(card.Facts{{Label: "Out of scope", Value: strings.Join(names, ", ")}})
	}
	m.Add(d.trust(at), buttons)
	return m
}

func areaOf(f *store.Function) string {
	if f.Area == "" {
		return noArea
	}
	return f.Area
}

// rowsIn returns the rows of an area, or else those that hold every word.
func (d *Desk) rowsIn(what string) []*store.Function {
	var inArea, holding []*store.Function
	words := strings.Fields(strings.ToLower(what))
	for i := range d.e.Matrix.Functions {
		f := &d.e.Matrix.Functions[i]
		if strings.EqualFold(areaOf(f), what) {
			inArea = append(inArea, f)
		}
		text := strings.ToLower(strings.Join(append([]string{f.Name, f.Description, f.Area, f.ID}, f.Aliases...), " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			holding = append(holding, f)
		}
	}
	if len(inArea) > 0 {
		return inArea
	}
	return holding
}

func (d *Desk) rowsCard(what string, rows []*store.Function, page int, at time.Time) card.Message {
	pages := (len(rows) + rowsAPage - 1) / rowsAPage
	page = min(page, pages)
	shown := rows[(page-1)*rowsAPage : min(page*rowsAPage, len(rows))]
	title := card.Count(len(rows), "row") + ":"
	if pages > 1 {
		title = card.Count(len(rows), "row") + ", page " + strconv.Itoa(page) + " of " + strconv.Itoa(pages) + ":"
	}
	t := card.Table{Title: title, Columns: []string{"Row", "Owner", "Leads now", "Accountable"}}
	var buttons card.Buttons
	for _, f := range shown {
		lead := d.cal.Lead(f, at)
		var people []string
		for _, id := range d.accountable(f) {
			people = append(people, d.personName(id))
		}
		t.Rows = append(t.Rows, []string{f.Name, d.ownerShort(f.Owner), d.leadShort(lead.Person, lead.Side), card.And(people)})
		buttons = append(buttons, card.Button{Label: f.Name, Say: "row " + f.ID})
	}
	if page < pages {
		buttons = append(buttons, card.Button{Label: "More rows", Say: "matrix " + what + " page " + strconv.Itoa(page+1), Tone: card.Primary})
	}
	return card.New(card.Heading("Matrix: "+what), t, d.trust(at), buttons)
}

func (d *Desk) ownerShort(side store.Side) string {
	if side == store.Joint {
		return "both sides"
	}
	return d.e.SideName(side)
}

func (d *Desk) leadShort(person string, side store.Side) string {
	if p, ok := d.e.Person(person); ok {
		return p.Name
	}
	return d.e.SideName(side)
}

func (o *Office) rowCommand() bot.Command {
	return bot.Command{
		Name: "row", Usage: "ROW", Needs: bot.MayConverse, Hidden: true,
		Short:    "Show a row, tool, document or severity by its id",
		Examples: []string{"row password-resets", "row document:wisp"},
		Mine:     o.namesSubject,
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			d, err := o.desk(ctx, &r)
			if err != nil {
				return bot.Reply{}, err
			}
			s, ok := d.subjectOf(r.Args)
			if !ok {
				return bot.Reply{}, notHere(r.Args)
			}
			a, ok := d.About(s, d.name(s), r.At)
			if !ok {
				return bot.Reply{}, notHere(r.Args)
			}
			return d.answered(&a, &r), nil
		},
	}
}
