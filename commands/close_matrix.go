package commands

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// rowLine takes a typed row apart: its name, its owner, and who answers for it.
var rowLine = regexp.MustCompile(`(?i)^(.+?),? owned by (internal|msp)(?:,? accountable ([a-z0-9-]+))?$`)

// closeAsRow adds a row to the matrix: its next version, which nobody has
// signed yet. A joint row needs a lead rule and is written in the file.
func (o *Office) closeAsRow(ctx context.Context, r *bot.Request, d *Desk, c *store.Conversation, args string) (bot.Reply, error) {
	f := store.Function{
		Name: card.Clean(r.Value("name")), Owner: store.Side(r.Value("owner")),
		Accountable: store.Accountable{Person: r.Value("accountable")}, Note: card.Clean(r.Value("note")),
	}
	if parts := rowLine.FindStringSubmatch(args); parts != nil {
		f.Name, f.Owner = card.Clean(parts[1]), store.Side(strings.ToLower(parts[2]))
		f.Accountable.Person = strings.ToLower(parts[3])
	} else if args != "" {
		return bot.Reply{}, usage("Say the row so: close %d as row NAME owned by internal, accountable PERSON.", c.ID)
	}
	if f.Name == "" || f.Owner == "" {
		return bot.Whisper(card.Heading("Conversation "+strconv.Itoa(c.ID)), card.Paragraph(c.Question), d.rowForm(c)), nil
	}
	f.ID = d.freeRowID(f.Name)
	if f.Owner.Valid() {
		f.Support = f.Owner.Other()
	}
	if f.Accountable.Person != "" {
		f.Escalation = []string{f.Accountable.Person}
		if lead, ok := d.e.SideLead(f.Owner); ok && lead.ID != f.Accountable.Person {
			f.Escalation = append(f.Escalation, lead.ID)
		}
	}
	result, err := o.Ledger.CloseAsRow(ctx, r.Member.Engagement, c.ID, f, r.By(), r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.closedInto(r, c, "The row "+f.Name+" is new in the matrix.", &result), nil
}

// closedInto says that the matrix has a new version, and that it is a draft.
func (d *Desk) closedInto(r *bot.Request, c *store.Conversation, what string, result *store.ImportResult) bot.Reply {
	return bot.Say(card.Heading("Conversation "+strconv.Itoa(c.ID)+" is closed"), card.Paragraph(what),
		card.Facts{
			{Label: "Matrix", Value: "version " + strconv.Itoa(result.Version) + ", an unsigned draft until both sides sign"},
			{Label: "Closed by", Value: r.Member.Name},
		})
}

func (d *Desk) rowForm(c *store.Conversation) card.Form {
	people := []card.Option{{Value: "", Label: "nobody yet"}}
	for _, p := range d.e.People {
		people = append(people, card.Option{Value: p.ID, Label: p.Name + ", " + d.e.SideName(p.Side)})
	}
	n := strconv.Itoa(c.ID)
	return card.Form{
		Title: "A new row", Say: "close " + n + " as row", Submit: "Add the row",
		Typed: "close " + n + " as row NAME owned by internal, accountable PERSON",
		Fields: []card.Field{
			{Name: "name", Label: "Name of the row", Value: capital(d.index.Phrase(c.Question)), Required: true},
			{Name: "owner", Label: "Owner", Kind: card.Choice, Required: true, Options: []card.Option{
				{Value: string(store.Internal), Label: d.e.Client}, {Value: string(store.MSP), Label: d.e.MSP},
			}},
			{Name: "accountable", Label: "Accountable", Kind: card.Choice, Options: people},
			{Name: "note", Label: "Note"},
		},
	}
}

// freeRowID makes an id of a name, as people write them in the file.
func (d *Desk) freeRowID(name string) string {
	id := slug(name)
	for n, base := 2, id; ; n++ {
		if _, taken := d.e.Function(id); !taken {
			return id
		}
		id = base + "-" + strconv.Itoa(n)
	}
}

func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := strings.Trim(b.String(), "-")
	if id == "" || store.Side(id).Valid() {
		return strings.Trim("row-"+id, "-")
	}
	return id
}

func capital(text string) string {
	_, n := utf8.DecodeRuneInString(text)
	return strings.ToUpper(text[:n]) + text[n:]
}

// closeAsExclusion names something as out of scope, so that nobody assumes.
func (o *Office) closeAsExclusion(ctx context.Context, r *bot.Request, d *Desk, c *store.Conversation, args string) (bot.Reply, error) {
	x := store.Exclusion{Name: card.Clean(r.Value("name")), Note: card.Clean(r.Value("note"))}
	if args != "" {
		name, note, _ := strings.Cut(args, ":")
		x.Name, x.Note = card.Clean(name), card.Clean(note)
	}
	if x.Name == "" {
		n := strconv.Itoa(c.ID)
		return bot.Whisper(card.Heading("Conversation "+n), card.Paragraph(c.Question), card.Form{
			Title: "Out of scope", Say: "close " + n + " as exclusion", Submit: "Close it",
			Typed: "close " + n + " as exclusion NAME: NOTE",
			Fields: []card.Field{
				{Name: "name", Label: "What is out of scope", Value: capital(d.index.Phrase(c.Question)), Required: true},
				{Name: "note", Label: "Note", Hint: "whom to go to instead"},
			},
		}), nil
	}
	result, err := o.Ledger.CloseAsExclusion(ctx, r.Member.Engagement, c.ID, x, r.By(), r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.closedInto(r, c, x.Name+" is out of scope from now on, and is answered so.", &result), nil
}
