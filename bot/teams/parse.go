package teams

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// raw is what the SDK's activity drops or can't hold, read from the same bytes.
type raw struct {
	Entities []struct {
		Type      string                `json:"type"`
		Text      string                `json:"text"`
		Mentioned schema.ChannelAccount `json:"mentioned"`
	}
	Value   json.RawMessage
	Channel struct {
		Tenant struct {
			ID string `json:"id"`
		} `json:"tenant"`
	}
	From struct {
		Tenant string `json:"tenantId"`
	}
}

// taken are the fields of an activity that are read. Go's JSON takes names in any
// case; here they are exact, so that no two readings of a body differ.
var taken = []string{
	"type", "id", "serviceUrl", "channelId", "from", "conversation", "recipient", "textFormat",
	"membersAdded", "membersRemoved", "text", "action", "replyToId", "name",
}

// split takes a body apart: what the SDK reads, and what is kept beside.
func split(body []byte) (forSDK []byte, beside raw, err error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil || all == nil {
		return nil, beside, errors.Join(errors.New("teams: the body is no activity"), err)
	}
	kept := map[string]json.RawMessage{}
	for _, name := range taken {
		if v, ok := all[name]; ok {
			kept[name] = v
		}
	}
	// What can't be read of these says nothing; the activity may do without.
	_ = json.Unmarshal(all["entities"], &beside.Entities)
	_ = json.Unmarshal(all["channelData"], &beside.Channel)
	_ = json.Unmarshal(all["from"], &beside.From)
	beside.Value = all["value"]
	forSDK, err = json.Marshal(kept)
	return forSDK, beside, err
}

// delivery is an activity on its way through.
type delivery struct {
	id string
	at time.Time
	// again says that a process which ended was at it.
	again bool
	seq   int64 // its place in the Inbox; 0 where it was just accepted
	act   schema.Activity
	raw   raw

	tenant       string
	conversation string // with ;messageid where it is in a thread
	say          string
	refresh      bool // nobody pressed anything; a client asks what its card says
	values       map[string]string
}

// readDelivery reads a body that was kept.
func readDelivery(body []byte) (*delivery, error) {
	forSDK, beside, err := split(body)
	if err != nil {
		return nil, err
	}
	var a schema.Activity
	if err := json.Unmarshal(forSDK, &a); err != nil {
		return nil, err
	}
	return newDelivery(a, beside), nil
}

func newDelivery(a schema.Activity, beside raw) *delivery {
	d := &delivery{act: a, raw: beside, conversation: a.Conversation.ID, tenant: a.Conversation.TenantID}
	if d.tenant == "" {
		d.tenant = beside.Channel.Tenant.ID
	}
	// The ids of activities are unique in their conversation alone.
	sum := sha256.Sum256([]byte(strings.Join([]string{d.tenant, string(a.Type), a.Action, a.Conversation.ID, a.ID}, "\x00")))
	d.id = "teams-" + hex.EncodeToString(sum[:12])
	d.act.ReplyToID = strings.TrimSpace(a.ReplyToID)
	d.readValue()
	return d
}

// invokeAction is the invoke of an Action.Execute.
const invokeAction = "adaptiveCard/action"

// readValue reads what a button or a form says: of an invoke inside its action,
// of a message as its value.
func (d *delivery) readValue() {
	data := d.raw.Value
	if d.act.Type == schema.Invoke {
		var invoked struct {
			Action struct {
				Verb string          `json:"verb"`
				Data json.RawMessage `json:"data"`
			} `json:"action"`
		}
		if json.Unmarshal(data, &invoked) != nil {
			return
		}
		data, d.refresh = invoked.Action.Data, invoked.Action.Verb == verbRefresh
	}
	var all map[string]json.RawMessage
	if len(data) == 0 || json.Unmarshal(data, &all) != nil || json.Unmarshal(all[dataSay], &d.say) != nil || d.say == "" {
		d.say = ""
		return
	}
	var names []string
	if json.Unmarshal(all[dataFields], &names) != nil || names == nil {
		return
	}
	d.values = map[string]string{}
	for _, name := range names {
		d.values[name] = text(all[fieldMark+name])
	}
}

// text is the value of an input: a text, or a number as it was sent.
func text(v json.RawMessage) string {
	var s string
	if v = bytes.TrimSpace(v); len(v) == 0 || json.Unmarshal(v, &s) == nil {
		return s
	}
	if v[0] == '{' || v[0] == '[' || string(v) == "null" {
		return ""
	}
	return string(v)
}

// base is a conversation without the thread in it, and the thread's root.
func base(conversation string) (id, root string) {
	id, root, _ = strings.Cut(conversation, ";messageid=")
	return id, root
}

// personal reports whether only the person and Tandem are there.
func (d *delivery) personal() bool { return d.act.Conversation.ConversationType == "personal" }

// user is how a person is known: by their Entra object id.
func (d *delivery) user() string {
	if d.act.From.AadObjectID != "" {
		return d.act.From.AadObjectID
	}
	return d.act.From.ID
}

// spoken is what was typed, without the mention of Tandem and with the names of
// others in place of theirs.
func (d *delivery) spoken() string {
	t := d.act.Text
	for _, e := range d.raw.Entities {
		if e.Type != "mention" || e.Text == "" {
			continue
		}
		name := e.Mentioned.Name
		if e.Mentioned.ID == d.act.Recipient.ID {
			name = ""
		}
		t = strings.Replace(t, e.Text, name, 1)
	}
	return strings.TrimSpace(strings.ReplaceAll(t, "\u00a0", " "))
}
