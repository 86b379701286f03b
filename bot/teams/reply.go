package teams

import (
	"context"
	"errors"
	"net/http"

	"github.com/infracloudio/msbotbuilder-go/schema"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// reply gives a reply to whoever did what the delivery says, where they did it,
// and returns what an invoke is answered with.
func (t *Teams) reply(ctx context.Context, d *delivery, r bot.Reply) (answer, error) {
	pages := Render(r.Card)
	if len(pages) == 0 {
		return message("Done."), nil
	}
	at := d.place()
	switch {
	case r.Replace && d.act.ReplyToID != "":
		err := t.insist(ctx, func() error { return t.change(ctx, at, d.act.ReplyToID, pages, r.Card) })
		refused, sure := errors.AsType[*bot.SendError](err)
		switch {
		case sure && refused.Permanent && d.act.Type == schema.Invoke:
			// Such as a message that one person alone sees: the answer to their press
			// draws it anew for them.
			t.o.Log.InfoContext(ctx, "a message could not be changed in its place", "event", d.id, "error", err)
			err = nil
		case sure && refused.Permanent:
			err = t.give(ctx, at, pages, r.Card)
		}
		return answer{http.StatusOK, "application/vnd.microsoft.card.adaptive", pages[0]}, err
	case r.Private && !d.personal():
		return message("The answer is for you alone."), t.whisper(ctx, d, pages, r.Card)
	}
	return message(pages[0].Summary), t.give(ctx, at, pages, r.Card)
}

// give posts the pages of a reply. Where it stays unknown whether the first
// arrived it is posted once more, and says that it may be a repeat.
func (t *Teams) give(ctx context.Context, at place, pages []Content, m card.Message) error {
	var id string
	err := t.insist(ctx, func() (err error) {
		id, err = t.begin(ctx, at, pages[0])
		return err
	})
	if unknown(err) && ctx.Err() == nil {
		m.Blocks = append([]card.Block{card.Note("This may be a repeat: whether the first one arrived could not be found out.")}, m.Blocks...)
		pages = Render(m)
		err = t.insist(ctx, func() (err error) {
			id, err = t.begin(ctx, at, pages[0])
			return err
		})
	}
	if errors.Is(err, errSize) {
		_, err := t.smaller(ctx, at, m)
		return err
	}
	if err != nil {
		return err
	}
	return t.rest(ctx, at, id, pages[1:])
}

// unknown reports an error after which nobody knows whether a message arrived.
func unknown(err error) bool {
	if err == nil || errors.Is(err, errSize) {
		return false
	}
	_, sure := errors.AsType[*bot.SendError](err)
	return !sure
}

// whisper says something that the person alone sees: as a targeted message in the
// place, or where that is refused in the chat with them.
func (t *Teams) whisper(ctx context.Context, d *delivery, pages []Content, m card.Message) error {
	at := d.place()
	at.only = d.act.From.ID
	err := t.give(ctx, at, pages, m)
	refused, ok := errors.AsType[*bot.SendError](err)
	if !ok || !refused.Permanent {
		return err
	}
	t.o.Log.InfoContext(ctx, "a message for one person alone goes to the chat with them", "event", d.id, "error", err)
	direct, err := t.direct(ctx, d.tenant, d.user())
	if err != nil {
		return err
	}
	return t.give(ctx, direct, pages, m)
}

// insist tries again while Teams asks to wait, and not for long.
func (t *Teams) insist(ctx context.Context, try func() error) error {
	for range 5 {
		err := try()
		refused, ok := errors.AsType[*bot.SendError](err)
		if !ok || refused.After == 0 || refused.Permanent {
			return err
		}
		if err := t.o.Wait(ctx, refused.After); err != nil {
			return err
		}
	}
	return try()
}
