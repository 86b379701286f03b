package teams

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"

	"github.com/tandem-bot/tandem/bot"
)

// workTime bounds one delivery's work, waiting for Teams' limits included.
const workTime = 2 * time.Minute

// wanted reports whether there is something to do for an activity. Reactions,
// typing and changed messages are passed over.
func (d *delivery) wanted() bool {
	switch d.act.Type {
	case schema.Message:
		return d.say != "" || d.spoken() != ""
	case schema.Invoke:
		return d.act.Name == invokeAction && d.say != ""
	case schema.ConversationUpdate, schema.InstallationUpdate:
		return true
	default:
		return false
	}
}

// Key identifies a delivery.
func (d *delivery) Key() string { return d.id }

// Lane keeps what one person does in its order.
func (d *delivery) Lane() string { return d.tenant + "/" + d.act.From.ID }

// Seq is its place in the Inbox.
func (d *delivery) Seq() int64 { return d.seq }

// resume puts what was accepted and not finished.
func (t *Teams) resume(ctx context.Context, after int64, put func(*delivery) (more bool)) error {
	for p, err := range t.o.Inbox.Pending(ctx, after) {
		if err != nil {
			return fmt.Errorf("teams: reading what is left to do: %w", err)
		}
		d, err := readDelivery(p.Payload)
		if err != nil {
			t.o.Log.ErrorContext(ctx, "an activity of Teams that was kept can't be read, and is put away", "event", p.ID, "error", err)
			if err := t.o.Inbox.Done(ctx, p.ID); err != nil {
				return err
			}
			continue
		}
		d.id, d.at, d.again, d.seq = p.ID, p.At, p.Again, p.Seq
		if !put(d) {
			break
		}
	}
	return nil
}

// refill is resume for the queue.
func (t *Teams) refill(after int64, put func(*delivery) (more bool)) error {
	err := t.resume(context.Background(), after, put)
	if err != nil {
		t.o.Log.Error("activities of Teams wait until the store can be read", "error", err)
	}
	return err
}

// work does what a delivery asks for, and says that it is done. One that panics
// is done too: it would panic again.
func (t *Teams) work(ctx context.Context, d *delivery) {
	whole := ctx // ends where this process is to end and can't wait any longer
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	a, left := d.already(), false
	if t.first(d.id) {
		var err error
		if a, err = t.try(ctx, d); err != nil {
			left = whole.Err() != nil
			t.o.Log.ErrorContext(ctx, "an activity of Teams failed", "event", d.id, "error", err)
			if a = message("Something went wrong. Reference: " + d.id); d.refresh {
				a = unchanged()
			}
		}
	}
	if done := t.unask(d.id); done != nil {
		done <- a
	}
	if left {
		t.o.Log.WarnContext(ctx, "an activity of Teams was cut off, since Tandem stops; it is left for who comes next", "event", d.id)
		return
	}
	if err := t.o.Inbox.Done(context.WithoutCancel(ctx), d.id); err != nil {
		t.o.Log.ErrorContext(ctx, "an activity of Teams that was worked on could not be put away", "event", d.id, "error", err)
	}
}

// first reports whether this process has not worked on a delivery yet. It may get
// one again: where the Inbox can't put it away, and where the queue has found it in
// the Inbox before it was handed over.
func (t *Teams) first(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.worked[id] {
		return false
	}
	if len(t.worked) > 10_000 {
		clear(t.worked)
	}
	t.worked[id] = true
	return true
}

func (t *Teams) try(ctx context.Context, d *delivery) (a answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked: %v\n%s", p, debug.Stack())
		}
	}()
	if d.leaves() {
		id, _ := base(d.conversation)
		t.o.Log.InfoContext(ctx, "Tandem was taken out of a conversation of Teams", "tenant", d.tenant, "conversation", id)
		t.forget(d.tenant, d.user())
		return a, t.o.References.Drop(ctx, d.tenant, id)
	}
	fresh, err := t.remember(ctx, d)
	switch d.act.Type {
	case schema.ConversationUpdate, schema.InstallationUpdate:
		if err != nil {
			return a, err
		}
		if !fresh || !d.arrives() {
			return a, nil
		}
		return a, t.give(ctx, d.place(), Render(t.o.Hello), t.o.Hello)
	default:
	}
	if err != nil { // the next message brings it again
		t.o.Log.WarnContext(ctx, "a conversation of Teams could not be kept", "event", d.id, "error", err)
	}
	e := d.event()
	if d.tenant == t.o.Tenant { // another tenant's people are whoever its admins say
		e.Email = t.email(ctx, d)
	}
	reply, fresh := t.o.Handler.Handle(ctx, e)
	switch {
	case d.refresh:
		return d.renewed(reply), nil
	case !fresh:
		return message("That was done already."), nil
	}
	return t.reply(ctx, d, reply)
}

// remember keeps where the conversation is.
func (t *Teams) remember(ctx context.Context, d *delivery) (bool, error) {
	id, _ := base(d.conversation)
	r := Reference{Tenant: d.tenant, Conversation: id, ServiceURL: d.act.ServiceURL}
	if d.personal() {
		r.User = d.user()
	}
	return t.o.References.Keep(ctx, r)
}

// arrives reports whether Tandem was added by this.
func (d *delivery) arrives() bool {
	if d.act.Type == schema.InstallationUpdate {
		return d.act.Action == "add"
	}
	return slices.ContainsFunc(d.act.MembersAdded, d.isBot)
}

// leaves reports whether Tandem was taken out by this.
func (d *delivery) leaves() bool {
	switch d.act.Type {
	case schema.InstallationUpdate:
		return d.act.Action == "remove"
	case schema.ConversationUpdate:
		return slices.ContainsFunc(d.act.MembersRemoved, d.isBot)
	default:
		return false
	}
}

func (d *delivery) isBot(a schema.ChannelAccount) bool { return a.ID == d.act.Recipient.ID }

// event makes a bot.Event of a delivery.
func (d *delivery) event() bot.Event {
	e := bot.Event{
		Platform: Platform, Tenant: d.tenant, ID: d.id, User: d.user(), Name: d.act.From.Name,
		Say: d.say, Values: d.values, At: d.at, Again: d.again, Refresh: d.refresh,
		Foreign: d.raw.From.Tenant != "" && d.raw.From.Tenant != d.tenant,
	}
	if e.Name == "" {
		e.Name = e.User
	}
	channel, root := base(d.conversation)
	if !d.personal() {
		e.Channel = channel
	}
	if e.Say == "" {
		e.Text = d.spoken()
	} else {
		e.Message = d.act.ReplyToID
	}
	// Every message of a channel that is no reply begins a thread, so the one
	// that it begins itself, or whose button was pressed, is outside of one.
	if root != d.act.ID && root != e.Message {
		e.Thread = root
	}
	return e
}

// place is where a reply goes: into the same conversation and thread.
func (d *delivery) place() place {
	return place{tenant: d.tenant, conversation: d.conversation, service: d.act.ServiceURL}
}
