package slack

import (
	"context"
	"errors"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

func publish(user string, view sdk.HomeTabViewRequest) sdk.PublishViewContextRequest {
	return sdk.PublishViewContextRequest{UserID: user, View: view}
}

// reply gives a reply to whoever did what the delivery says, where they did it.
func (s *Slack) reply(ctx context.Context, c *client, d *delivery, r bot.Reply) error {
	if r.Card.IsZero() {
		return nil
	}
	// A button whose answer is a form opens it at once: nobody else is shown it.
	if d.trigger != "" && endsInForm(r.Card) && s.openModal(ctx, c, d, r.Card) == nil {
		return nil
	}
	parts := Render(r.Card)
	if len(parts) == 0 {
		return nil
	}
	at := target{c: c, channel: d.channel, thread: d.thread, key: "reply/" + d.id, again: d.again}
	switch {
	case d.channel == "": // from the Home tab
		return s.giveDirect(ctx, at, d.user, parts)
	case d.ephemeral && r.Replace && r.Private:
		// Only its response URL reaches a message that one person alone sees.
		if err := s.respond(ctx, at, parts[0], sdk.MsgOptionReplaceOriginal(d.responseURL)); err == nil {
			return s.whisper(ctx, at, d, parts[1:])
		}
		return s.whisper(ctx, at, d, parts)
	case r.Private && !direct(d.channel):
		return s.whisper(ctx, at, d, parts)
	case r.Replace && d.message != "" && !d.ephemeral:
		err := s.insist(ctx, func() error { return s.change(ctx, at, d.message, parts) })
		if !outside(err) {
			return err
		}
		// By its id the message can't be changed; by the response URL perhaps.
		if d.responseURL != "" && s.respond(ctx, at, parts[0], sdk.MsgOptionReplaceOriginal(d.responseURL)) == nil {
			return s.respondAll(ctx, at, d, parts[1:], "in_channel")
		}
	}
	// One thread a topic: what was asked in a channel is answered below it. What one
	// person alone sees is not, since nobody would see that there is a thread.
	if at.thread == "" {
		at.thread = d.opens
	}
	err := s.give(ctx, at, parts)
	if outside(err) {
		if d.responseURL != "" {
			return s.respondAll(ctx, at, d, parts, "in_channel")
		}
		return s.giveDirect(ctx, at, d.user, parts)
	}
	return err
}

func endsInForm(m card.Message) bool {
	if len(m.Blocks) == 0 {
		return false
	}
	_, ok := m.Blocks[len(m.Blocks)-1].(card.Form)
	return ok
}

// outside reports a refusal that has to do with the place alone.
func outside(err error) bool {
	refused, ok := errors.AsType[*bot.SendError](err)
	return ok && refused.Permanent
}

// give posts the parts of a reply. Where it is unknown whether one arrived, the
// history says.
func (s *Slack) give(ctx context.Context, at target, parts []Message) error {
	to := bot.Address{Platform: Platform, Tenant: at.c.tenant(), Channel: at.channel, Thread: at.thread}
	if at.again && at.only == "" {
		id, found, err := s.Find(ctx, bot.Post{To: to, Key: at.key})
		if found {
			return s.rest(ctx, at, id, parts, nil)
		}
		if err != nil { // to say it twice is better than not at all
			s.o.Log.WarnContext(ctx, "it could not be found out whether something was said before", "key", at.key, "error", err)
		}
	}
	var id string
	err := s.insist(ctx, func() (err error) {
		id, err = s.post(ctx, at, 0, parts[0])
		return err
	})
	for range 2 {
		if _, sure := errors.AsType[*bot.SendError](err); err == nil || sure || at.only != "" || ctx.Err() != nil {
			break
		}
		found, ok, ferr := s.Find(ctx, bot.Post{To: to, Key: at.key})
		switch {
		case ferr != nil:
			return errors.Join(err, ferr)
		case ok:
			id, err = found, nil
		default:
			id, err = s.post(ctx, at, 0, parts[0])
		}
	}
	if err != nil {
		return err
	}
	return s.rest(ctx, at, id, parts, nil)
}

func (s *Slack) giveDirect(ctx context.Context, at target, user string, parts []Message) error {
	channel, err := s.directWith(ctx, at.c, user)
	if err != nil {
		return err
	}
	at.channel, at.thread, at.only = channel, "", ""
	return s.give(ctx, at, parts)
}

// whisper says something that the person alone sees: in the place, by the
// response URL where Tandem is not in the channel, or else directly.
func (s *Slack) whisper(ctx context.Context, at target, d *delivery, parts []Message) error {
	if len(parts) == 0 {
		return nil
	}
	for i := range parts {
		only := at
		only.only = d.user
		err := s.give(ctx, only, parts[i:i+1])
		switch {
		case err == nil:
			continue
		case !outside(err):
			return err
		case d.responseURL != "":
			return s.respondAll(ctx, at, d, parts[i:], "ephemeral")
		}
		return s.giveDirect(ctx, at, d.user, parts[i:])
	}
	return nil
}

// maxResponses is how often a response URL may be used.
const maxResponses = 5

// respondAll answers by the response URL, and directly what it no longer takes.
func (s *Slack) respondAll(ctx context.Context, at target, d *delivery, parts []Message, kind string) error {
	for i, m := range parts {
		if i >= maxResponses || s.respond(ctx, at, m, sdk.MsgOptionResponseURL(d.responseURL, kind)) != nil {
			return s.giveDirect(ctx, at, d.user, parts[i:])
		}
	}
	return nil
}

// metaAnswer is the kind of metadata of what went by a response URL. The SDK
// always sends metadata there, and none of its own would be empty and so invalid;
// Find looks for posts by another kind.
const metaAnswer = "tandem_answer"

func (s *Slack) respond(ctx context.Context, at target, m Message, how sdk.MsgOption) error {
	options := append(content(at.c, m), how, sdk.MsgOptionMetadata(sdk.SlackMetadata{
		EventType: metaAnswer, EventPayload: map[string]any{metaKey: at.key},
	}))
	if at.thread != "" {
		options = append(options, sdk.MsgOptionTS(at.thread)) // or the answer would stand outside of the thread
	}
	_, _, err := at.c.api.PostMessageContext(ctx, at.channel, options...)
	return err
}

// open opens the form that a button carries.
func (s *Slack) open(ctx context.Context, c *client, d *delivery) error {
	f, err := FormOf(d.say)
	if err != nil {
		return err
	}
	err = s.openModal(ctx, c, d, card.New(f))
	if err == nil {
		return nil
	}
	s.o.Log.WarnContext(ctx, "a form could not be opened", "event", d.id, "error", err)
	at := target{c: c, channel: d.channel, thread: d.thread, key: "reply/" + d.id}
	sorry := Render(card.New(card.Paragraph("Slack waits three seconds for a form, and this one came too late. Nothing was lost; press the button again.")))
	if d.channel == "" || direct(d.channel) {
		return s.giveDirect(ctx, at, d.user, sorry)
	}
	return s.whisper(ctx, at, d, sorry)
}

// errNoRoom is a card for which a view has no room.
var errNoRoom = errors.New("slack: a view has no room for the card")

func (s *Slack) openModal(ctx context.Context, c *client, d *delivery, m card.Message) error {
	view, ok := Modal(m, formMeta{Tenant: c.Team, Channel: d.channel, Thread: d.thread, Message: d.message})
	if !ok {
		return errNoRoom
	}
	_, err := c.api.OpenViewContext(ctx, d.trigger, view)
	return s.judge(c, "views.open", err)
}
