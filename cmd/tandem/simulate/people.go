package simulate

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// Audience is the play's stage as the sweeper has it: whatever arrives is
// written down, and seen by the people of the script.
func (p *Play) Audience() bot.Platform { return audience{p.Stage, p} }

type audience struct {
	Stage
	play *Play
}

// Send lets a post arrive, and people see it.
func (a audience) Send(ctx context.Context, post bot.Post) (string, error) {
	id, err := a.Stage.Send(ctx, post)
	if err == nil && post.Update == "" {
		if err := a.play.arrived(ctx, &post, id); err != nil {
			a.play.failed = err
		}
	}
	return id, err
}

// arrived writes down a post, and lets everybody who sees it think about it.
func (p *Play) arrived(ctx context.Context, post *bot.Post, id string) error {
	e := Entry{
		At: p.now, Kind: KindPost, Channel: channelName(post.To.Channel), Person: channelName(post.To.User),
		Thread: post.To.Thread != "", Key: strings.TrimPrefix(post.Key, p.Engagement.ID+"/"), Text: readable(post.Card),
	}
	e.Only = e.Person != "" && e.Channel != ""
	p.entries = append(p.entries, e)
	for _, b := range post.Card.Blocks {
		buttons, ok := b.(card.Buttons)
		if !ok {
			continue
		}
		for _, button := range buttons {
			verb, ref, _ := strings.Cut(button.Say, " ")
			ref, _, _ = strings.Cut(ref, " ")
			for _, person := range p.Engagement.People {
				if e.Person == "" || e.Person == person.ID {
					if err := p.sees(ctx, person.ID, verb, ref, post.To.Channel, id); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// channelName is an address without the engagement before it.
func channelName(address string) string {
	_, name, _ := strings.Cut(address, "/")
	return name
}

// sees lets a person decide, once, what to do about something that Tandem asks.
func (p *Play) sees(ctx context.Context, person, verb, ref, channel, message string) error {
	rules := map[string][]Rule{
		"answer": p.Script.Answer, "rsvp": p.Script.RSVP, "record": p.Script.Record, "ack": p.Script.Acknowledge,
	}[verb]
	once := verb + " " + ref + " " + person
	if len(rules) == 0 || p.decided[once] {
		return nil
	}
	cadence, day := "", store.DateOf(p.now.In(p.zone))
	if verb != "ack" {
		var civil string
		cadence, civil, _ = strings.Cut(ref, "@")
		if d, err := store.ParseDate(civil[:min(len(civil), len("2006-01-02"))]); err == nil {
			day = d
		}
	} else if asked, err := p.asked(ctx, person, ref); err != nil || !asked {
		return err
	}
	p.decided[once] = true
	i := slices.IndexFunc(rules, func(u Rule) bool {
		return (len(u.Who) == 0 || slices.Contains(u.Who, person)) &&
			(len(u.Cadences) == 0 || slices.Contains(u.Cadences, cadence)) && u.covers(day, p.first)
	})
	if i < 0 || rules[i].Never {
		return nil
	}
	u := &rules[i]
	counted := verb + strconv.Itoa(i) + person + cadence
	n := p.counts[counted]
	p.counts[counted] = n + 1
	if (n+1)%u.Every != 0 || p.dice("forgets", once).IntN(100) < u.Forgets {
		return nil
	}
	at := p.now.Add(u.After + p.jitter(u.Within, "when", once))
	if h := p.cal.Hours(at); !h.Business && !h.Until.IsZero() { // nobody works at night
		at = h.Until.Add(p.jitter(time.Hour, "morning", once))
	}
	p.later(at, func(ctx context.Context) error {
		if p.isAway(person) {
			return nil
		}
		return p.reacts(ctx, person, verb, ref, channel, message, u, n/u.Every)
	})
	return nil
}

// asked reports whether somebody's acknowledgement is wanted, now.
func (p *Play) asked(ctx context.Context, person, ref string) (bool, error) {
	n, err := strconv.Atoi(ref)
	if err != nil {
		return false, nil //nolint:nilerr // a button that is none of ours
	}
	list, err := p.Store.Acknowledgements(ctx, p.Engagement.ID, store.AckFilter{Request: n})
	return err == nil && len(list) == 1 && list[0].Closed.IsZero() && slices.Contains(list[0].Asked, person), err
}

// reacts does what the rule says; turn counts how often it did before.
func (p *Play) reacts(ctx context.Context, person, verb, ref, channel, message string, u *Rule, turn int) error {
	ev := p.event(person, channelName(channel))
	ev.Message = message
	cadence, _, _ := strings.Cut(ref, "@")
	said := ""
	if len(u.Says) > 0 {
		// Two people don't say the same at once.
		said = u.Says[(turn+max(slices.Index(u.Who, person), 0))%len(u.Says)]
	}
	switch verb {
	case "rsvp":
		if said == "" {
			said = "yes"
		}
		ev.Say = "rsvp " + ref + " " + said
		return p.act(ctx, ev, person, "answers", p.cadenceName(cadence)+": "+map[string]string{"yes": "I'll be there", "no": "I can't"}[said])
	case "ack":
		if asked, err := p.asked(ctx, person, ref); err != nil || !asked {
			return err // somebody else's was enough
		}
		ev.Say = "ack " + ref
		return p.act(ctx, ev, person, "acknowledges", "message "+ref)
	case "record":
		return p.fills(ctx, ev, "record "+ref, person, "records", p.cadenceName(cadence), u.Fields)
	}
	switch said {
	case "", "nothing":
		ev.Say = "nothing " + ref
		return p.act(ctx, ev, person, "answers", p.cadenceName(cadence)+": nothing to report")
	case "away":
		ev.Say = "absent " + ref
		return p.act(ctx, ev, person, "answers", p.cadenceName(cadence)+": I'm away")
	}
	values := map[string]string{}
	for i, part := range strings.Split(said, " / ") {
		values["q"+strconv.Itoa(i+1)] = part
	}
	return p.fills(ctx, ev, "answer "+ref, person, "answers", p.cadenceName(cadence)+": "+said, values)
}

// fills opens a form, and sends it with the values over what stands in it.
func (p *Play) fills(ctx context.Context, ev bot.Event, say, person, did, text string, over map[string]string) error {
	opening := ev
	opening.ID, opening.Say = ev.ID+"-form", say
	reply, _ := p.Handler.Handle(ctx, opening)
	blocks := reply.Card.Blocks
	ev.Say, ev.Values = say, map[string]string{}
	if len(blocks) > 0 {
		if form, ok := blocks[len(blocks)-1].(card.Form); ok {
			ev.Say = form.Say
			for _, f := range form.Fields {
				ev.Values[f.Name] = f.Value
				if f.Value == "" && f.Kind == card.Choice && f.Required && len(f.Options) > 0 {
					ev.Values[f.Name] = f.Options[0].Value
				}
				if f.Value == "" && f.Required && f.Kind != card.Choice && f.Kind != card.Day {
					ev.Values[f.Name] = "none"
				}
			}
		}
	}
	maps.Copy(ev.Values, over)
	return p.act(ctx, ev, person, did, text)
}

func (p *Play) cadenceName(id string) string {
	for i := range p.Engagement.Cadences {
		if c := &p.Engagement.Cadences[i]; c.ID == id {
			return c.Name
		}
	}
	return id
}

// readable is the text of a card without its buttons and its form.
func readable(m card.Message) string {
	var text card.Message
	for _, b := range m.Blocks {
		switch b.(type) {
		case card.Buttons, card.Form:
		default:
			text.Add(b)
		}
	}
	return strings.TrimSpace(text.Plain())
}
