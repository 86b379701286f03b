package teams

import (
	"context"
	"errors"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// place is where a message goes.
type place struct {
	tenant       string
	conversation string // with ;messageid to answer in a thread
	service      string
	only         string // who alone sees it, as Teams calls them
}

// Send puts a message into a channel as a new thread, into a thread, or into the
// chat with a person, or a card into the message p.Update. It returns the id of
// the first message where a card takes several.
func (t *Teams) Send(ctx context.Context, p bot.Post) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	pages := Render(p.Card)
	if len(pages) == 0 {
		return "", &bot.SendError{Reason: "the card is empty", Permanent: true}
	}
	at, err := t.address(ctx, p.To)
	if err != nil {
		return "", err
	}
	t.readers(ctx, at, &p, pages)
	if p.Update != "" {
		if err := t.change(ctx, at, p.Update, pages, p.Card); err != nil {
			return "", err
		}
		return p.Update, nil
	}
	id, err := t.begin(ctx, at, pages[0])
	if errors.Is(err, errSize) {
		return t.smaller(ctx, at, p.Card)
	}
	if err != nil {
		return "", err
	}
	return id, t.rest(ctx, at, id, pages[1:])
}

// address finds the conversation of an address.
func (t *Teams) address(ctx context.Context, to bot.Address) (place, error) {
	if to.Channel == "" {
		if to.User == "" {
			return place{}, &bot.SendError{Reason: "the post has no address", Permanent: true}
		}
		return t.direct(ctx, t.tenant(to.Tenant), to.User)
	}
	if !plainID(to.Channel) || to.Thread != "" && !plainID(to.Thread) {
		return place{}, &bot.SendError{Reason: "there is no channel " + card.Clean(to.Channel), Permanent: true}
	}
	at := place{tenant: t.tenant(to.Tenant), conversation: to.Channel}
	var err error
	if at.service, err = t.o.References.ServiceURL(ctx, at.tenant, to.Channel); err != nil {
		return place{}, err
	}
	if to.Thread != "" {
		at.conversation += ";messageid=" + to.Thread
	}
	return at, nil
}

// tenant is the home tenant where an address names none.
func (t *Teams) tenant(named string) string {
	if named == "" {
		return t.o.Tenant
	}
	return named
}

// isChannel reports whether a conversation is a channel of a team, outside of a thread.
func isChannel(conversation string) bool {
	return strings.HasSuffix(conversation, "@thread.tacv2") || strings.HasSuffix(conversation, "@thread.skype")
}

// begin posts the first message: in a channel as the beginning of a thread.
func (t *Teams) begin(ctx context.Context, at place, page Content) (string, error) {
	if isChannel(at.conversation) && at.only == "" {
		return t.createThread(ctx, at, page)
	}
	return t.post(ctx, at, page)
}

// errHalf is a post whose beginning stands there and whose end does not.
var errHalf = errors.New("teams: only the beginning of a long message could be posted")

// rest posts what goes on after the first message: in a channel in its thread.
// Since the first is there, no error of it may say that nothing arrived.
func (t *Teams) rest(ctx context.Context, at place, first string, pages []Content) error {
	if len(pages) == 0 {
		return nil
	}
	if isChannel(at.conversation) && at.only == "" {
		at.conversation += ";messageid=" + first
	}
	var ids []string
	for _, page := range pages {
		err := t.insist(ctx, func() error {
			id, err := t.post(ctx, at, page)
			if err == nil {
				ids = append(ids, id)
			}
			return err
		})
		if err != nil {
			return errors.Join(errHalf, errors.New(err.Error()))
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.tails) > 10_000 {
		clear(t.tails)
	}
	id, _ := base(at.conversation)
	t.tails[id+"/"+first] = ids
	return nil
}

var errLarge = &bot.SendError{Reason: "Teams finds the message too large however it is split; that is a fault of Tandem", Permanent: true}

// smaller posts a card anew in ever smaller messages, after Teams found one too large.
func (t *Teams) smaller(ctx context.Context, at place, m card.Message) (string, error) {
	for most := Most / 2; most >= 6<<10; most /= 2 {
		pages := RenderWithin(m, most)
		id, err := t.begin(ctx, at, pages[0])
		if errors.Is(err, errSize) {
			continue
		}
		if err != nil {
			return "", err
		}
		return id, t.rest(ctx, at, id, pages[1:])
	}
	return "", errLarge
}

// change puts a card into a message, and its further pages into those that went
// on with it.
func (t *Teams) change(ctx context.Context, at place, id string, pages []Content, m card.Message) error {
	if !plainID(id) {
		return &bot.SendError{Reason: "there is no message " + card.Clean(id), Permanent: true}
	}
	err := t.put(ctx, at, id, pages[0])
	if errors.Is(err, errSize) {
		pages = RenderWithin(m, Most/2)
		err = t.put(ctx, at, id, pages[0])
	}
	if errors.Is(err, errSize) {
		return errLarge
	}
	if err != nil {
		return err
	}
	channel, _ := base(at.conversation)
	t.mu.Lock()
	old := t.tails[channel+"/"+id]
	delete(t.tails, channel+"/"+id)
	t.mu.Unlock()
	var kept []string
	left := pages[1:]
	for _, tail := range old {
		if len(left) == 0 {
			if err := t.remove(ctx, at, tail); err != nil {
				t.o.Log.WarnContext(ctx, "the rest of a message could not be taken away", "conversation", channel, "error", err)
			}
			continue
		}
		if err := t.put(ctx, at, tail, left[0]); err != nil {
			return errors.Join(errHalf, errors.New(err.Error()))
		}
		kept, left = append(kept, tail), left[1:]
	}
	if err := t.rest(ctx, at, id, left); err != nil {
		return err
	}
	if len(kept) > 0 {
		t.mu.Lock()
		t.tails[channel+"/"+id] = append(kept, t.tails[channel+"/"+id]...)
		t.mu.Unlock()
	}
	return nil
}
