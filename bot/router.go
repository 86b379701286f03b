package bot

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Inbox remembers which events were seen.
type Inbox interface {
	// AcceptEvent reports whether the event is new: true exactly once.
	AcceptEvent(ctx context.Context, platform, tenant, eventID string, at time.Time) (fresh bool, err error)
}

// Greeter remembers who was told what Tandem is.
type Greeter interface {
	// Greet reports whether the person of an event was not greeted before: true once.
	Greet(ctx context.Context, ev *Event) (first bool, err error)
}

// Options are what a Router is made of.
type Options struct {
	Commands []Command
	// Question is the name of the command that runs for a text that is no command.
	Question  string
	Inbox     Inbox
	Directory Directory
	// Greeter says whether somebody is new here; nil where nobody is greeted.
	Greeter Greeter
	Log     *slog.Logger
	// Observe hears of each event how it ended; nil for nobody.
	Observe func(ctx context.Context, ev *Event, o Outcome)
}

// Outcome is how an event ended: one of these, or the store.Code of what kept it
// from being answered.
type Outcome string

// The outcomes beside the codes.
const (
	OutcomeAnswered Outcome = "answered"
	OutcomeRepeat   Outcome = "repeat"
)

// Router turns an event into a reply: dedupe, who is asking, which command,
// whether they may. It is safe for concurrent use.
type Router struct {
	Options
	byWord map[string]*Command
}

// NewRouter panics where two commands share a word, or Question is none of
// them: a slip of whoever wrote them, to be found by the first test.
func NewRouter(o Options) *Router {
	r := &Router{Options: o, byWord: map[string]*Command{}}
	for i := range o.Commands {
		c := &o.Commands[i]
		for _, word := range append([]string{c.Name}, c.Aliases...) {
			if other, taken := r.byWord[word]; taken {
				panic(fmt.Sprintf("bot: the word %q is both %s and %s", word, other.Name, c.Name))
			}
			r.byWord[word] = c
		}
	}
	if r.byWord[o.Question] == nil {
		panic(fmt.Sprintf("bot: no command is called %q", o.Question))
	}
	return r
}

// Handle answers an event. It reports false for a repeat, to which nothing is
// said. Whatever goes wrong is a reply too: there is nobody else to tell.
func (r *Router) Handle(ctx context.Context, ev Event) (Reply, bool) {
	reply, outcome := r.handle(ctx, &ev)
	if ev.Refresh && outcome != OutcomeAnswered {
		reply = Reply{}
	}
	if r.Observe != nil {
		r.Observe(ctx, &ev, outcome)
	}
	return reply, outcome != OutcomeRepeat
}

func (r *Router) handle(ctx context.Context, ev *Event) (Reply, Outcome) {
	if ev.ID != "" {
		fresh, err := r.Inbox.AcceptEvent(ctx, ev.Platform, ev.Tenant, ev.ID, ev.At)
		if err != nil {
			return r.failed(ctx, ev, err), Outcome(store.ErrorCode(err))
		}
		if !fresh && !ev.Again {
			return Reply{}, OutcomeRepeat
		}
	}
	reply, err := r.answer(ctx, *ev)
	if err != nil {
		return r.failed(ctx, ev, err), Outcome(store.ErrorCode(err))
	}
	return reply, OutcomeAnswered
}

// answer finds out who asks what, and runs it. A command that panics is a
// fault of its own and ends nobody else's day.
func (r *Router) answer(ctx context.Context, ev Event) (reply Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a command panicked: %v\n%s", p, debug.Stack())
		}
	}()
	text := strings.TrimSpace(ev.Text)
	if ev.Say != "" {
		text = strings.TrimSpace(ev.Say)
	}
	place, text, err := r.locate(ctx, &ev, text)
	if err != nil {
		return Reply{}, err
	}
	if place.reply != nil {
		if ev.Refresh {
			return Reply{}, nil
		}
		return *place.reply, nil
	}
	command, request := r.parse(ctx, Request{Event: ev, Member: place.member}, text)
	if !request.Member.Role.May(command.Needs) {
		return Reply{}, forbidden(command, request.Member)
	}
	reply, err = command.Run(ctx, request)
	if err != nil {
		return Reply{}, err
	}
	// What a channel may not hear goes to the person alone.
	if request.Member.Overheard && command.Needs != MayAsk {
		reply.Private = true
	}
	place.sign(&reply)
	r.greet(ctx, &ev, place.member, &reply)
	return reply, nil
}

// greet says once to each person of an engagement what Tandem is, under the first
// answer that they get. That it can't is no reason to keep the answer back.
func (r *Router) greet(ctx context.Context, ev *Event, m Member, reply *Reply) {
	if r.Greeter == nil || ev.Refresh || m.Person == "" || reply.Card.IsZero() {
		return
	}
	first, err := r.Greeter.Greet(ctx, ev)
	if err != nil {
		r.Log.WarnContext(ctx, "somebody new was not greeted", "event", ev.ID, "error", err)
	}
	if first && err == nil {
		p := place{note: "Hello " + m.Name + ", this is our first talk. I am Tandem: I know who owns what between the two IT teams and what was agreed to happen when. Say help for all that I can do."}
		p.sign(reply)
	}
}

// parse finds the command of a text. A text that begins with no command's
// word, or that the command doesn't want, is a question.
func (r *Router) parse(ctx context.Context, request Request, text string) (*Command, Request) {
	word, args, _ := strings.Cut(text, " ")
	question := r.byWord[r.Question]
	if c := r.byWord[strings.ToLower(strings.TrimPrefix(word, "/"))]; c != nil && c != question {
		request.Args = strings.TrimSpace(args)
		if c.Mine == nil || request.Say != "" || c.Mine(ctx, request) {
			return c, request
		}
	}
	request.Args = text
	return question, request
}

func forbidden(c *Command, m Member) error {
	who := m.Name
	if who == "" {
		who = "you"
	}
	e := store.Errorf(store.CodeForbidden, "That is for %s, and %s %s not one of them. Nothing was changed.",
		needs[c.Needs], who, map[bool]string{true: "are", false: "is"}[who == "you"])
	if m.Role == Stranger {
		e.Message += " If you belong to this engagement, ask a lead to add you to its file."
	}
	return e
}
