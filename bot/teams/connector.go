package teams

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/infracloudio/msbotbuilder-go/connector/client"
	"github.com/infracloudio/msbotbuilder-go/core/activity"
	"github.com/infracloudio/msbotbuilder-go/schema"

	"github.com/tandem-bot/tandem/bot"
)

var _ client.Client = (*call)(nil)

// call is one request to the Bot Connector, in place of the SDK's client: it knows
// the context, tells the id of the new message, and what a refusal means.
type call struct {
	ctx      context.Context //nolint:containedctx // the SDK's interface has none
	t        *Teams
	targeted bool
	id       string
	err      error
}

// Post posts an activity.
func (c *call) Post(u url.URL, a schema.Activity) error {
	if c.targeted {
		u.RawQuery = "isTargetedActivity=true"
	}
	return c.do(http.MethodPost, &u, a)
}

// Put puts an activity in another's place.
func (c *call) Put(u url.URL, a schema.Activity) error {
	return c.do(http.MethodPut, &u, a)
}

// Delete takes an activity away.
func (c *call) Delete(u url.URL, _ schema.Activity) error {
	return c.do(http.MethodDelete, &u, nil)
}

func (c *call) do(method string, u *url.URL, body any) error {
	var got schema.ResourceResponse
	c.err = c.t.request(c.ctx, method, u, body, &got)
	c.id = got.ID
	return c.err
}

// post posts a page into a conversation, by the SDK's adapter.
func (t *Teams) post(ctx context.Context, at place, page Content) (string, error) {
	at, err := t.ready(ctx, at)
	if err != nil {
		return "", err
	}
	a := t.activity(at, page)
	a.Recipient.ID = at.only
	c := &call{ctx: ctx, t: t, targeted: at.only != ""}
	err = t.adapter(c).ProcessActivity(ctx, schema.Activity{Type: schema.Message}, activity.HandlerFuncs{
		OnMessageFunc: func(*activity.TurnContext) (schema.Activity, error) { return a, nil },
	})
	if c.err != nil {
		err = c.err
	}
	if err == nil && c.id == "" && at.only == "" {
		err = errors.New("teams: a message was taken and got no id")
	}
	return c.id, err
}

// put changes a message, by the SDK's adapter.
func (t *Teams) put(ctx context.Context, at place, id string, page Content) error {
	at, err := t.ready(ctx, at)
	if err != nil {
		return err
	}
	a := t.activity(at, page)
	a.ID = id
	c := &call{ctx: ctx, t: t}
	if err := t.adapter(c).UpdateActivity(ctx, a); err != nil && c.err == nil {
		return err
	}
	return c.err
}

// remove takes a message away, by the SDK's adapter.
func (t *Teams) remove(ctx context.Context, at place, id string) error {
	at, err := t.ready(ctx, at)
	if err != nil {
		return err
	}
	c := &call{ctx: ctx, t: t}
	ref := schema.ConversationReference{ServiceURL: at.service, Conversation: schema.ConversationAccount{ID: at.conversation}}
	if err := t.adapter(c).DeleteActivity(ctx, id, ref); err != nil && c.err == nil {
		return err
	}
	return c.err
}

// ready fills in the service URL, checks it, and waits for the thread's turn.
func (t *Teams) ready(ctx context.Context, at place) (place, error) {
	at.service = t.serviceOf(at)
	if _, err := t.service(at.service); err != nil {
		return at, &bot.SendError{Reason: err.Error(), Permanent: true}
	}
	return at, t.pace.turn(ctx, at.conversation)
}

// serviceOf is the service URL of a place, or that for places of which none is known.
func (t *Teams) serviceOf(at place) string {
	switch {
	case at.service != "":
		return at.service
	case t.emulator != nil:
		return t.emulator.String()
	}
	return defaultService
}

// createThread begins a thread in a channel.
func (t *Teams) createThread(ctx context.Context, at place, page Content) (string, error) {
	a := t.activity(at, page)
	a.Conversation = schema.ConversationAccount{}
	got, err := t.create(ctx, at, schema.ConversationParameters{
		IsGroup: true, Bot: a.From, TenantID: at.tenant, Activity: a,
		ChannelData: object{"channel": object{"id": at.conversation}, "tenant": object{"id": at.tenant}},
	})
	if err == nil && got.ActivityID == "" {
		if _, got.ActivityID = base(got.ID); got.ActivityID == "" {
			err = errors.New("teams: a thread was taken and got no id")
		}
	}
	return got.ActivityID, err
}

// createChat finds or makes the chat with a person.
func (t *Teams) createChat(ctx context.Context, at place, user string) (string, error) {
	at.conversation = user // its turn
	got, err := t.create(ctx, at, schema.ConversationParameters{
		Bot: schema.ChannelAccount{ID: "28:" + t.o.AppID}, Members: []schema.ChannelAccount{{ID: user}},
		TenantID: at.tenant, ChannelData: object{"tenant": object{"id": at.tenant}},
	})
	return got.ID, err
}

func (t *Teams) create(ctx context.Context, at place, p schema.ConversationParameters) (schema.ConversationResourceResponse, error) {
	var got schema.ConversationResourceResponse
	at, err := t.ready(ctx, at)
	if err != nil {
		return got, err
	}
	u, err := t.service(at.service)
	if err != nil {
		return got, err
	}
	u.Path = strings.TrimRight(u.Path, "/") + "/v3/conversations"
	return got, t.request(ctx, http.MethodPost, u, p, &got)
}

// request asks the Bot Connector for something, with our token. A token that it
// doesn't take is replaced once.
func (t *Teams) request(ctx context.Context, method string, u *url.URL, body, into any) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = prune(body); err != nil {
			return err
		}
	}
	for again := range 2 {
		token, err := t.tokens.token(ctx)
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(data))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := t.http.Do(r)
		if err != nil {
			return fmt.Errorf("teams: %s: %w", method, err)
		}
		answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusUnauthorized && again == 0 {
			t.tokens.forget()
			continue
		}
		if err := t.judge(resp, answer); err != nil {
			return err
		}
		if err != nil {
			return fmt.Errorf("teams: %s: %w", method, err)
		}
		if len(bytes.TrimSpace(answer)) > 0 {
			_ = json.Unmarshal(answer, into) // what can't be read has no id
		}
		return nil
	}
	return nil
}
