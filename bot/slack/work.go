package slack

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// workTime bounds one delivery's work, waiting for Slack's limits included.
const workTime = 2 * time.Minute

// tryFor is how long a delivery waits while it can't be found out whose token is to
// answer it.
const tryFor = 15 * time.Minute

// accept keeps a delivery and hands it on. It returns when it is safe, and the
// challenge where Slack asks whether the address is ours.
func (s *Slack) accept(ctx context.Context, kind byte, raw []byte) (challenge string, err error) {
	d := parse(kind, raw)
	switch d.act {
	case actNone:
		s.counts.add(d.pass)
		return "", nil
	case actProve:
		return d.challenge, nil
	default:
	}
	d.at = s.o.Now()
	payload := make([]byte, 0, len(raw)+1)
	payload = append(append(payload, kind), raw...)
	fresh, err := s.o.Inbox.Accept(ctx, d.id, payload, d.at)
	if err != nil {
		return "", err
	}
	if !fresh {
		s.counts.add(countRepeats)
		return "", nil
	}
	s.counts.add(countAccepted)
	s.queue.Put(d)
	return "", nil
}

// resume puts what was accepted and not finished.
func (s *Slack) resume(ctx context.Context, after int64, put func(*delivery) (more bool)) error {
	for p, err := range s.o.Inbox.Pending(ctx, after) {
		if err != nil {
			return fmt.Errorf("slack: reading what is left to do: %w", err)
		}
		if len(p.Payload) == 0 {
			continue
		}
		d := parse(p.Payload[0], p.Payload[1:])
		d.id, d.at, d.again, d.seq = p.ID, p.At, p.Again, p.Seq
		if !put(d) {
			break
		}
	}
	return nil
}

// refill is resume for the queue.
func (s *Slack) refill(after int64, put func(*delivery) (more bool)) error {
	err := s.resume(context.Background(), after, put)
	if err != nil {
		s.o.Log.Error("deliveries of Slack wait until the store can be read", "error", err)
	}
	return err
}

// work does what a delivery asks for, and says that it is done. One that
// panics is done too: it would panic again. What Changes couldn't take is not, nor
// what nothing was done for yet; both are tried again when the Inbox is next looked
// through.
func (s *Slack) work(ctx context.Context, d *delivery) {
	whole := ctx // ends where this process is to end and can't wait any longer
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	if !s.workedOn(d) {
		if err := s.try(ctx, d); err != nil {
			if whole.Err() != nil {
				s.o.Log.WarnContext(ctx, "a delivery of Slack was cut off, since Tandem stops; it is left for who comes next", "event", d.id, "error", err)
				return
			}
			if _, later := errors.AsType[laterError](err); later && s.o.Now().Sub(d.at) < tryFor {
				s.postpone(ctx, d, err)
				return
			}
			s.counts.add(countFailed)
			s.o.Log.ErrorContext(ctx, "a delivery of Slack failed", "event", d.id, "error", err)
			if _, untold := errors.AsType[untoldError](err); untold {
				return
			}
		}
		s.mu.Lock()
		keep(s.worked, d.id, true)
		s.mu.Unlock()
	}
	if err := s.o.Inbox.Done(context.WithoutCancel(ctx), d.id); err != nil {
		s.o.Log.ErrorContext(ctx, "a delivery of Slack that was worked on could not be put away", "event", d.id, "error", err)
	}
}

// workedOn reports whether this process has worked on a delivery already. It may
// get one again: where the Inbox can't put it away, and where the queue has found
// it in the Inbox before accept came to hand it over.
func (s *Slack) workedOn(d *delivery) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.worked[d.id]
}

// laterError is why nothing was done for a delivery yet.
type laterError struct{ error }

func (l laterError) Unwrap() error { return l.error }

// later makes an error of the installation one that may pass, if it may.
func later(err error) error {
	if refused, ok := errors.AsType[*bot.SendError](err); ok && refused.Permanent || store.ErrorCode(err) == store.CodeNotFound {
		return err
	}
	return laterError{err}
}

// postpone leaves a delivery in the Inbox, and says so once.
func (s *Slack) postpone(ctx context.Context, d *delivery, why error) {
	s.mu.Lock()
	told := s.postponed[d.id]
	keep(s.postponed, d.id, true)
	s.mu.Unlock()
	if !told {
		s.o.Log.WarnContext(ctx, "a delivery of Slack waits, since nothing tells which token is to answer it; it is tried again",
			"event", d.id, "for", tryFor, "error", why)
	}
}

// untoldError is why a change at Slack could not be told.
type untoldError struct{ error }

func (u untoldError) Unwrap() error { return u.error }

// tell makes an error of Changes one of telling.
func tell(err error) error {
	if err != nil {
		return untoldError{err}
	}
	return nil
}

func (s *Slack) try(ctx context.Context, d *delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked: %v\n%s", p, debug.Stack())
		}
	}()
	if d.act == actRemoved {
		return s.removed(ctx, d)
	}
	c, err := s.client(ctx, d.teams, d.enterprise)
	if err != nil {
		return later(err)
	}
	if d.user == c.BotUser && d.act != actJoined {
		s.counts.add(countPassed + "of Tandem itself")
		return nil
	}
	switch d.act {
	case actSay, actPress, actSubmit:
		e := s.event(ctx, c, d)
		reply, fresh := s.o.Handler.Handle(ctx, e)
		if !fresh {
			return nil
		}
		return s.reply(ctx, c, d, reply)
	case actOpen:
		return s.open(ctx, c, d)
	case actHome:
		return s.home(ctx, c, d)
	case actJoined:
		if d.user != c.BotUser && d.user != d.botUser {
			return nil
		}
		return s.hello(ctx, c, d)
	case actMoved:
		return s.moved(ctx, c, d)
	default:
	}
	return nil
}

// tenant names the workspace of an installation in events and addresses.
func (c *client) tenant() string {
	if c.Team != "" {
		return c.Team
	}
	return c.Enterprise
}

// event makes a bot.Event of a delivery.
func (s *Slack) event(ctx context.Context, c *client, d *delivery) bot.Event {
	e := bot.Event{
		Platform: Platform, Tenant: c.tenant(), ID: d.id, Thread: d.thread, User: d.user, Name: d.name,
		Say: d.say, Values: d.values, Message: d.message, At: d.at, Again: d.again,
	}
	if !direct(d.channel) {
		e.Channel = d.channel
	}
	if e.Foreign = d.foreign(c); e.Foreign {
		e.User = d.userTeam + "/" + d.user
	}
	// What people type in Slack as their name says less than what they are called.
	p := s.personOf(ctx, c, d.user)
	if e.Email = p.email; p.elsewhere && !e.Foreign {
		e.Email = "" // not everything that comes in says where somebody is from
	}
	if p.name != "" {
		e.Name = p.name
	}
	if e.Name == "" {
		e.Name = d.user
	}
	if d.act == actSay {
		e.Text = spoken(d.text, c.BotUser, func(user string) string { return s.nameOf(ctx, c, user) })
	}
	return e
}

// foreign reports whether a person belongs to another organisation than the
// installation, and so is here by a shared channel.
func (d *delivery) foreign(c *client) bool {
	switch {
	case d.userTeam == "" || c.Team == "" || d.userTeam == c.Team || d.userTeam == c.Enterprise:
		return false
	case d.act == actSay:
		return d.shared
	}
	return c.Enterprise == "" || d.userEnterprise != c.Enterprise
}

func (s *Slack) hello(ctx context.Context, c *client, d *delivery) error {
	at := target{c: c, channel: d.channel, key: "hello/" + d.id, again: d.again}
	return s.give(ctx, at, Render(s.o.Hello))
}

func (s *Slack) moved(ctx context.Context, c *client, d *delivery) error {
	s.o.Log.InfoContext(ctx, "a channel has a new id", "team", c.tenant(), "from", d.from, "to", d.to)
	if s.o.Changes == nil || d.from == "" || d.to == "" {
		return nil
	}
	return tell(s.o.Changes.ChannelMoved(ctx, c.tenant(), d.from, d.to))
}

// removed forgets what is known of an installation, and tells.
func (s *Slack) removed(ctx context.Context, d *delivery) error {
	tenant := d.enterprise
	if len(d.teams) > 0 {
		tenant = d.teams[0]
	}
	s.o.Log.WarnContext(ctx, d.why, "team", tenant)
	s.mu.Lock()
	for key, c := range s.clients {
		if c.Team == tenant || c.Enterprise == tenant {
			delete(s.clients, key)
		}
	}
	s.mu.Unlock()
	if s.o.Changes == nil {
		return nil
	}
	return tell(s.o.Changes.Removed(ctx, tenant, d.why))
}

// home publishes the Home tab: the cards of HomeSays, as the person sees them. What
// isn't theirs to see is left out; a hello stands in its place, once.
func (s *Slack) home(ctx context.Context, c *client, d *delivery) error {
	ask := func(say string, refresh bool) card.Message {
		e := s.event(ctx, c, d)
		// An event without an id is answered each time.
		e.ID, e.Channel, e.Say, e.Refresh = "", "", say, refresh
		reply, _ := s.o.Handler.Handle(ctx, e)
		return reply.Card
	}
	var cards []card.Message
	var says []string // of the cards
	for _, say := range s.o.HomeSays {
		if shown := ask(say, true); !shown.IsZero() {
			cards, says = append(cards, shown), append(says, say)
		}
	}
	// Where there is none, the first says why, such as which engagement is meant.
	if len(cards) == 0 && len(s.o.HomeSays) > 0 {
		if shown := ask(s.o.HomeSays[0], false); !shown.IsZero() {
			cards, says = append(cards, shown), append(says, s.o.HomeSays[0])
		}
	}
	// Who is on no list has no first one.
	if len(cards) == 0 || says[0] != s.o.HomeSays[0] {
		cards, says = slices.Insert(cards, 0, s.o.Hello), slices.Insert(says, 0, "help")
	}
	view := Home(cards, says)
	return s.insist(ctx, func() error {
		_, err := c.api.PublishViewContext(ctx, publish(d.user, view))
		return s.judge(c, "views.publish", err)
	})
}
