package web

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

// Act does what an event says as if it came from a browser: what was typed
// stands in the chat, and what Tandem says to it as well. The event's ID makes
// it one; a repeat adds nothing.
func (w *Web) Act(ctx context.Context, ev bot.Event) (bot.Reply, error) {
	place, thread := ev.Channel, int64(0)
	if place == "" {
		place = directPlace(ev.User)
	}
	if ev.Text != "" {
		said := store.WebMessage{Place: place, Author: ev.User, Name: ev.Name, Text: ev.Text, Key: "said:" + ev.ID, At: ev.At}
		if err := w.appendOnce(ctx, said); err != nil {
			return bot.Reply{}, err
		}
		_, ev.Text = mentionless(ev.Text)
	}
	ev.Platform = Platform
	reply, fresh := w.o.Handler.Handle(ctx, ev)
	if !fresh || reply.Card.IsZero() {
		return reply, nil
	}
	data, err := json.Marshal(reply.Card)
	if err != nil {
		return reply, err
	}
	m := store.WebMessage{Place: place, Thread: thread, Card: data, Key: "reply:" + ev.ID, At: ev.At}
	if reply.Private && ev.Channel != "" {
		m.For = ev.User
	}
	return reply, w.appendOnce(ctx, m)
}

// mentionless is a text without the mention of Tandem.
func mentionless(text string) (mentioned bool, rest string) {
	rest, mentioned = forTandem(text)
	return mentioned, strings.TrimSpace(rest)
}
