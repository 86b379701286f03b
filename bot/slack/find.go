package slack

import (
	"context"
	"errors"
	"strconv"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
)

const (
	// lookBack is how far Find looks: longer than anything is tried again.
	lookBack  = 25 * time.Hour
	page      = 200
	mostPages = 50
)

// errTooMany keeps a post from being taken for missing in a channel that is too
// busy to be read.
var errTooMany = errors.New("slack: too many messages came since to look for a post among them")

// Find looks for a post by its key among the messages of the last 25 hours in
// its channel or thread. Of a long post that broke off it posts what is missing.
func (s *Slack) Find(ctx context.Context, p bot.Post) (id string, found bool, err error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	if p.Key == "" {
		return "", false, nil
	}
	c, channel, user, err := s.to(ctx, p.To)
	if err != nil {
		return "", false, err
	}
	if user != "" {
		return "", false, nil // what one person alone sees stands in no history
	}
	parts := Render(p.Card)
	there := map[int]string{}
	look := s.history
	if p.To.Thread != "" {
		look = s.replies
	}
	cursor := ""
	for range mostPages {
		var messages []sdk.Message
		messages, cursor, err = look(ctx, c, channel, p.To.Thread, cursor)
		if err != nil {
			return "", false, err
		}
		for i := range messages {
			m := &messages[i]
			if m.Metadata.EventType != metaType || m.Metadata.EventPayload[metaKey] != p.Key {
				continue
			}
			part, _ := m.Metadata.EventPayload[metaPart].(float64)
			there[int(part)] = m.Timestamp
		}
		if cursor == "" || len(there) > 0 && len(there) >= len(parts) {
			break
		}
	}
	switch {
	case there[0] != "":
		at := target{c: c, channel: channel, thread: p.To.Thread, key: p.Key}
		if len(parts) > 1 {
			err = s.rest(ctx, at, there[0], parts, there)
		}
		return there[0], err == nil, err
	case cursor != "":
		return "", false, errTooMany
	}
	return "", false, nil
}

func (s *Slack) oldest() string {
	return strconv.FormatInt(s.o.Now().Add(-lookBack).Unix(), 10) + ".000000"
}

func (s *Slack) history(ctx context.Context, c *client, channel, _, cursor string) ([]sdk.Message, string, error) {
	const method = "conversations.history"
	if err := s.gates.check(c, method, s.o.Now()); err != nil {
		return nil, "", err
	}
	h, err := c.api.GetConversationHistoryContext(ctx, &sdk.GetConversationHistoryParameters{
		ChannelID: channel, Cursor: cursor, Limit: page, Oldest: s.oldest(), IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", s.judge(c, method, err)
	}
	next := h.ResponseMetaData.NextCursor
	if !h.HasMore {
		next = ""
	}
	return h.Messages, next, nil
}

func (s *Slack) replies(ctx context.Context, c *client, channel, thread, cursor string) ([]sdk.Message, string, error) {
	const method = "conversations.replies"
	if err := s.gates.check(c, method, s.o.Now()); err != nil {
		return nil, "", err
	}
	messages, more, next, err := c.api.GetConversationRepliesContext(ctx, &sdk.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: thread, Cursor: cursor, Limit: page, Oldest: s.oldest(), IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", s.judge(c, method, err)
	}
	if !more {
		next = ""
	}
	return messages, next, nil
}
