package simulate

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/clock"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// Stage is where a story plays: a platform, on which people do what they do.
type Stage interface {
	bot.Platform
	// Act lets somebody do what the event says, and returns what Tandem said to
	// it, after it stands where the person sees it.
	Act(ctx context.Context, ev bot.Event) (bot.Reply, error)
}

// Play is one story on one store.
type Play struct {
	Script     *Script
	Engagement *store.Engagement
	Store      *sqlite.DB
	Stage      Stage
	// Handler answers what is done without being seen, such as opening a form.
	Handler interface {
		Handle(ctx context.Context, ev bot.Event) (bot.Reply, bool)
	}
	// Sweep does what is due at the instant.
	Sweep func(ctx context.Context, now time.Time) error
	// Passed is called as the clock goes on; nil for nothing.
	Passed func(now time.Time)

	now     time.Time
	zone    *time.Location
	cal     *calendar.Calendar
	first   store.Date
	acts    []act // by time, and then by number
	number  int   // of acts, and so of events
	decided map[string]bool
	counts  map[string]int
	entries []Entry
	failed  error
}

// act is something that a person will do.
type act struct {
	at     time.Time
	number int
	do     func(ctx context.Context) error
}

// Now is the instant at which the play is. It is the clock of its stage.
func (p *Play) Now() time.Time { return p.now }

// Run plays from the first instant to the last, and returns what happened.
// The engagement is in the store already, and nothing has been swept.
func (p *Play) Run(ctx context.Context, from, to time.Time) (*Transcript, error) {
	var err error
	if p.cal, err = calendar.New(p.Engagement, nil); err != nil {
		return nil, err
	}
	p.zone = p.cal.Location()
	p.now, p.first = from, store.DateOf(from.In(p.zone))
	p.decided, p.counts = map[string]bool{}, map[string]int{}
	p.plan(from, to)
	if err := p.at(ctx, from); err != nil {
		return nil, err
	}
	if err := clock.Walk(ctx, from, to, p.stops, p.at); err != nil {
		return nil, err
	}
	return p.transcript(ctx, from, to)
}

// stops is where the clock stops: where Tandem or somebody has to do something.
func (p *Play) stops(ctx context.Context, _ time.Time) (time.Time, error) {
	next, err := p.Store.NextDue(ctx)
	if len(p.acts) > 0 && (next.IsZero() || p.acts[0].at.Before(next)) {
		next = p.acts[0].at
	}
	return next, err
}

// at does everything that is due at an instant: Tandem first, then the people,
// each of whom Tandem hears at once.
func (p *Play) at(ctx context.Context, now time.Time) error {
	p.now = now
	if p.Passed != nil {
		p.Passed(now)
	}
	if err := p.sweep(ctx); err != nil {
		return err
	}
	for len(p.acts) > 0 && !p.acts[0].at.After(now) {
		next := p.acts[0]
		p.acts = p.acts[1:]
		if err := next.do(ctx); err != nil {
			return err
		}
		if err := p.sweep(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *Play) sweep(ctx context.Context) error {
	if err := p.Sweep(ctx, p.now); err != nil {
		return err
	}
	return p.failed
}

// later puts something that somebody will do on the list.
func (p *Play) later(at time.Time, do func(ctx context.Context) error) {
	p.number++
	a := act{at, p.number, do}
	i, _ := slices.BinarySearchFunc(p.acts, a, func(x, y act) int {
		if c := x.at.Compare(y.at); c != 0 {
			return c
		}
		return x.number - y.number
	})
	p.acts = slices.Insert(p.acts, i, a)
}

// plan puts on the list what the script says with a date.
func (p *Play) plan(from, to time.Time) {
	for i := range p.Script.Away {
		p.planAway(&p.Script.Away[i], from)
	}
	for i := range p.Script.Say {
		l := &p.Script.Say[i]
		at := p.cal.Instant(l.At.On(p.first), l.At.At)
		if !at.Before(from) {
			p.later(at, func(ctx context.Context) error { return p.says(ctx, l.Who, l.In, p.dated(l.Text)) })
		}
	}
	last := store.DateOf(to.In(p.zone))
	for i := range p.Script.Ask {
		p.planAsking(&p.Script.Ask[i], i, last)
	}
}

// dated writes the date for every {day 12} of a text.
func (p *Play) dated(text string) string {
	return dayInText.ReplaceAllStringFunc(text, func(found string) string {
		n, err := strconv.Atoi(strings.Trim(found, "{day }"))
		if err != nil {
			return found
		}
		return Day{N: n}.On(p.first).String()
	})
}

var dayInText = regexp.MustCompile(`\{day \d{1,4}\}`)

// planAway announces an absence some days before, or at once.
func (p *Play) planAway(a *Away, from time.Time) {
	begin, end := a.From.On(p.first), a.Until.On(p.first)
	at := p.cal.Instant(begin.AddDays(-a.Told), 9*60+30)
	if at.Before(from) {
		at = from
	}
	text := "away " + a.Who + " " + begin.String() + ".." + end.String()
	if a.Cover != "" {
		text += " cover " + a.Cover
	}
	p.later(at, func(ctx context.Context) error { return p.says(ctx, a.Who, "", text) })
}

// planAsking puts questions on the list, one after another, of one person after another.
func (p *Play) planAsking(a *Asking, number int, last store.Date) {
	working := 0
	for day, n := p.first, 0; !last.Before(day); day = day.AddDays(1) {
		if !a.covers(day, p.first) || !p.cal.IsBusinessDay(day) {
			continue
		}
		if working++; working%a.Every != 0 {
			continue
		}
		who, text := a.Who[n%len(a.Who)], a.Questions[n%len(a.Questions)]
		n++
		at := p.cal.Instant(day, a.At).Add(p.jitter(a.Within, "ask", strconv.Itoa(number), day.String()))
		p.later(at, func(ctx context.Context) error {
			if p.isAway(who) {
				return nil
			}
			return p.says(ctx, who, a.In, text)
		})
	}
}

// jitter is a length below the bound that follows from the seed and the words
// alone, whatever else happens in the play.
func (p *Play) jitter(bound time.Duration, words ...string) time.Duration {
	if bound <= 0 {
		return 0
	}
	return time.Duration(p.dice(words...).Int64N(int64(bound))).Truncate(time.Minute)
}

func (p *Play) dice(words ...string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(words, "\x00")))    // a hash takes everything
	return rand.New(rand.NewPCG(p.Script.Seed, h.Sum64())) //nolint:gosec // a story is no secret
}

// isAway reports whether the script has somebody away now.
func (p *Play) isAway(person string) bool {
	today := store.DateOf(p.now.In(p.zone))
	return slices.ContainsFunc(p.Script.Away, func(a Away) bool {
		return a.Who == person && a.covers(today, p.first)
	})
}

// event is something that a person does now.
func (p *Play) event(person, channel string) bot.Event {
	p.number++
	ev := bot.Event{
		Platform: p.Stage.Name(), ID: "story-" + strconv.Itoa(p.number), User: p.Engagement.ID + "/" + person,
		Name: p.name(person), At: p.now,
	}
	if channel != "" {
		ev.Channel = p.Engagement.ID + "/" + channel
	}
	return ev
}

func (p *Play) name(person string) string {
	if who, ok := p.Engagement.Person(person); ok {
		return who.Name
	}
	return person
}

// says lets somebody type something.
func (p *Play) says(ctx context.Context, person, channel, text string) error {
	ev := p.event(person, channel)
	ev.Text = text
	return p.act(ctx, ev, person, "says", text)
}

// act does it, and writes down what came of it.
func (p *Play) act(ctx context.Context, ev bot.Event, person, did, text string) error {
	reply, err := p.Stage.Act(ctx, ev)
	if err != nil {
		return fmt.Errorf("%s %s %q: %w", person, did, text, err)
	}
	e := Entry{At: p.now, Kind: KindAct, Person: person, Channel: channelName(ev.Channel), Did: did, Said: text, Text: readable(reply.Card)}
	e.Only = reply.Private && e.Channel != ""
	p.entries = append(p.entries, e)
	return nil
}
