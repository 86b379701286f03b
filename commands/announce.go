package commands

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) announceCommand() bot.Command {
	return bot.Command{
		Name: "announce", Usage: `"TEXT" ack by PEOPLE [first]`, Needs: bot.MayManage,
		Short:    "Announce something, and collect who acknowledges it",
		Examples: []string{`announce "VPN changes Friday" ack by maria, theo`, `announce "Who takes the Friday window?" ack by sam, lee first`},
		Mine: func(_ context.Context, r bot.Request) bool {
			return r.Args == "" || announceLine.MatchString(r.Args)
		},
		Run: o.announce,
	}
}

var announceLine = regexp.MustCompile(`(?is)^["“”](.+?)["“”]\s+ack(?:nowledged?)?\s+by\s+(.+?)(\s+first)?$`)

func (o *Office) announce(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	text, by, mode := r.Value("text"), r.Value("people"), store.AckMode(r.Value("mode"))
	if parts := announceLine.FindStringSubmatch(r.Args); parts != nil {
		text, by, mode = parts[1], parts[2], store.AckEach
		if parts[3] != "" {
			mode = store.AckFirst
		}
	} else if r.Args != "" && text == "" {
		return bot.Reply{}, usage("Say it so: announce \"TEXT\" ack by PERSON, PERSON.")
	}
	if text == "" || by == "" {
		return bot.Whisper(card.Heading("Announce"), d.announceForm()), nil
	}
	people, err := d.group(by, "Nothing was announced.")
	if err != nil {
		return bot.Reply{}, err
	}
	if mode != store.AckFirst {
		mode = store.AckEach
	}
	title, rest := headline(text)
	n, err := o.Acks.RequestAcknowledgement(ctx, r.Member.Engagement, store.AckRequest{
		What: store.AckAnnouncement, Title: title, Text: rest, Mode: mode, Asked: people, By: r.By(), At: r.At,
	}, r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Whisper(card.Heading("Announced"), card.Facts{
		{Label: "Message", Value: strconv.Itoa(n) + ". " + title}, {Label: "Asked", Value: d.people(people)},
	}, card.Note("Who has and who hasn't: `acks "+strconv.Itoa(n)+"`. Whoever hasn't is reminded after one and after three business days.")), nil
}

// headlineMost is how long a title may be, in characters.
const headlineMost = 120

// headline takes the first line or sentence of a text as its title.
func headline(text string) (title, rest string) {
	text = strings.TrimSpace(text)
	title, rest, _ = strings.Cut(text, "\n")
	if title = card.Clean(title); len([]rune(title)) > headlineMost {
		return string([]rune(title)[:headlineMost-1]) + "…", text
	}
	return title, strings.TrimSpace(rest)
}

func (d *Desk) announceForm() card.Form {
	return card.Form{
		Title: "An announcement", Say: "announce", Submit: "Announce it", Typed: `announce "TEXT" ack by PERSON, PERSON`,
		Fields: []card.Field{
			{Name: "text", Label: "What you announce", Kind: card.Text, Required: true},
			{Name: "people", Label: "Who acknowledges it", Hint: "Names with commas, or internal, msp, everybody", Required: true},
			{Name: "mode", Label: "Whose acknowledgement is needed", Kind: card.Choice, Value: string(store.AckEach), Options: []card.Option{
				{Value: string(store.AckEach), Label: "each of them"}, {Value: string(store.AckFirst), Label: "the first is enough"},
			}},
		},
	}
}
