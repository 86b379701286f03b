package teams

import (
	"context"

	"github.com/infracloudio/msbotbuilder-go/schema"

	"github.com/tandem-bot/tandem/bot"
)

// direct finds the chat with a person, or creates it.
func (t *Teams) direct(ctx context.Context, tenant, user string) (place, error) {
	r, found, err := t.o.References.Direct(ctx, tenant, user)
	if err != nil {
		return place{}, err
	}
	if found {
		return place{tenant: tenant, conversation: r.Conversation, service: r.ServiceURL}, nil
	}
	at := place{tenant: tenant}
	if at.service, err = t.o.References.ServiceURL(ctx, tenant, ""); err != nil {
		return place{}, err
	}
	t.mu.Lock()
	at.conversation = t.directs[tenant+"/"+user]
	t.mu.Unlock()
	if at.conversation != "" {
		return at, nil
	}
	id := user
	if who, _ := t.remembered(at, user); who.id != "" {
		id = who.id // which every client of the protocol takes, not Teams alone
	}
	if at.conversation, err = t.createChat(ctx, at, id); err != nil {
		return place{}, err
	}
	if !plainID(at.conversation) {
		return place{}, &bot.SendError{Reason: "Teams gives the chat with that person no id that can be used", Permanent: true}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.directs) > 10_000 {
		clear(t.directs)
	}
	t.directs[tenant+"/"+user] = at.conversation
	return at, nil
}

// forget forgets the chat with a person who took Tandem out.
func (t *Teams) forget(tenant, user string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.directs, tenant+"/"+user)
}

// activity is a message with a card and nothing else: with a text beside it Teams
// would tell no id, and the card could not be changed later.
func (t *Teams) activity(at place, page Content) schema.Activity {
	return schema.Activity{
		Type: schema.Message, ServiceURL: at.service, Summary: page.Summary,
		From:         schema.ChannelAccount{ID: "28:" + t.o.AppID},
		Conversation: schema.ConversationAccount{ID: at.conversation, TenantID: at.tenant},
		Attachments:  []schema.Attachment{{ContentType: "application/vnd.microsoft.card.adaptive", Content: page}},
	}
}
