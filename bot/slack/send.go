package slack

import (
	"context"
	"errors"
	"strconv"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
)

// Send posts a card, or puts it into the message p.Update. To a channel and a
// user it is for that user's eyes alone. A card that is too long for one message
// goes on in the next; the id is the first's.
func (s *Slack) Send(ctx context.Context, p bot.Post) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	parts := Render(p.Card)
	if len(parts) == 0 {
		return "", &bot.SendError{Reason: "the card is empty", Permanent: true}
	}
	c, channel, user, err := s.to(ctx, p.To)
	if err != nil {
		return "", err
	}
	method := "chat.postMessage"
	switch {
	case p.Update != "":
		method = "chat.update"
	case user != "":
		method = "chat.postEphemeral"
	}
	if err := s.gates.check(c, method, s.o.Now()); err != nil {
		return "", err
	}
	at := target{c: c, channel: channel, thread: p.To.Thread, only: user, key: p.Key}
	if p.Update != "" {
		if err := s.change(ctx, at, p.Update, parts); err != nil {
			return "", err
		}
		return p.Update, nil
	}
	id, err := s.post(ctx, at, 0, parts[0])
	if err != nil {
		return "", err
	}
	if err := s.rest(ctx, at, id, parts, nil); err != nil {
		return "", err
	}
	return id, nil
}

// target is where a message goes.
type target struct {
	c               *client
	channel, thread string
	only            string // the user who alone sees it
	key             string
	again           bool // it may have been posted before
}

// The metadata by which a message is found again.
const (
	metaType = "tandem_post"
	metaKey  = "key"
	metaPart = "part"
)

// post posts one part.
func (s *Slack) post(ctx context.Context, at target, part int, m Message) (string, error) {
	options := content(at.c, m)
	if at.thread != "" {
		options = append(options, sdk.MsgOptionTS(at.thread))
	}
	if at.only != "" {
		ts, err := at.c.api.PostEphemeralContext(ctx, at.channel, at.only, options...)
		return ts, s.judge(at.c, "chat.postEphemeral", err)
	}
	if at.key != "" {
		options = append(options, sdk.MsgOptionMetadata(sdk.SlackMetadata{
			EventType: metaType, EventPayload: map[string]any{metaKey: at.key, metaPart: part},
		}))
	}
	_, ts, err := at.c.api.PostMessageContext(ctx, at.channel, options...)
	if err != nil {
		return "", s.judge(at.c, "chat.postMessage", err)
	}
	return ts, nil
}

// content is what a message shows. Links don't unfold, and the text, which
// notifications show, is no markup. Its buttons say whose message it is.
func content(c *client, m Message) []sdk.MsgOption {
	for i, b := range m.Blocks {
		if row, ok := b.(*sdk.ActionBlock); ok {
			row.BlockID = rowOf + c.Team + "/" + strconv.Itoa(i)
		}
	}
	return []sdk.MsgOption{
		sdk.MsgOptionText(m.Text, false), sdk.MsgOptionBlocks(m.Blocks...), sdk.MsgOptionDisableMarkdown(),
		sdk.MsgOptionDisableLinkUnfurl(), sdk.MsgOptionDisableMediaUnfurl(), sdk.MsgOptionParse(false),
	}
}

// errHalf is a post whose beginning stands there and whose end does not.
var errHalf = errors.New("slack: only the beginning of a long message could be posted")

// rest posts the parts after the first, but for those that are there. Since the
// first is, no error of it may say that nothing arrived.
func (s *Slack) rest(ctx context.Context, at target, id string, parts []Message, there map[int]string) error {
	if len(parts) == 1 {
		return nil
	}
	tail := make([]string, 0, len(parts)-1)
	for i, m := range parts[1:] {
		ts := there[i+1]
		if ts == "" {
			err := s.insist(ctx, func() (err error) {
				ts, err = s.post(ctx, at, i+1, m)
				return err
			})
			if err != nil {
				return errors.Join(errHalf, plainly(err))
			}
		}
		tail = append(tail, ts)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	keep(s.tails, at.c.key(at.channel+"/"+id), tail)
	return nil
}

// plainly takes away what an error says about a whole post.
func plainly(err error) error {
	if refused, ok := errors.AsType[*bot.SendError](err); ok {
		return errors.New(refused.Reason)
	}
	return err
}

// insist tries again while Slack asks to wait, and not for long.
func (s *Slack) insist(ctx context.Context, try func() error) error {
	for range 5 {
		err := try()
		refused, ok := errors.AsType[*bot.SendError](err)
		if !ok || refused.After == 0 {
			return err
		}
		t := time.NewTimer(min(refused.After, time.Minute))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
	}
	return try()
}

// update puts content into a message. Where it is unknown whether that arrived it
// does so again, which changes nothing more.
func (s *Slack) update(ctx context.Context, at target, id string, m Message) (err error) {
	for range 3 {
		_, _, _, err = at.c.api.UpdateMessageContext(ctx, at.channel, id, content(at.c, m)...)
		err = s.judge(at.c, "chat.update", err)
		if _, sure := errors.AsType[*bot.SendError](err); err == nil || sure || ctx.Err() != nil {
			break
		}
	}
	return err
}

// change puts a card into a message, and its further parts into those that
// follow it.
func (s *Slack) change(ctx context.Context, at target, id string, parts []Message) error {
	if err := s.update(ctx, at, id, parts[0]); err != nil {
		return err
	}
	key := at.c.key(at.channel + "/" + id)
	s.mu.Lock()
	old := s.tails[key]
	delete(s.tails, key)
	s.mu.Unlock()
	there := map[int]string{}
	for i, ts := range old {
		if i+1 >= len(parts) {
			if _, _, err := at.c.api.DeleteMessageContext(ctx, at.channel, ts); err != nil {
				s.o.Log.WarnContext(ctx, "the rest of a message could not be taken away", "channel", at.channel, "error", err)
			}
			continue
		}
		if _, _, _, err := at.c.api.UpdateMessageContext(ctx, at.channel, ts, content(at.c, parts[i+1])...); err == nil {
			there[i+1] = ts
		}
	}
	return s.rest(ctx, at, id, parts, there)
}
