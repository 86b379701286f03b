package slacktest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What a text may be long.
const (
	maxText   = 40_000 // of a post
	maxUpdate = 4_000  // of an update
)

// content is what a call would show.
type content struct {
	text     string
	blocks   []any
	metadata any
	plain    bool
	hasText  bool
	hasBlock bool
	hasMeta  bool
}

// read takes the content from a call's arguments, checked as Slack does.
func (s *Slack) read(a args, longest int) (content, *refusal) {
	var k content
	_, k.hasText = a["text"]
	k.text, k.plain = a.str("text"), a["mrkdwn"] != nil && !a.yes("mrkdwn")
	if raw, given := a["blocks"]; given && raw != nil && raw != "" {
		v, ok := a.value("blocks")
		list, isList := v.([]any)
		if !ok || !isList {
			return k, no("invalid_blocks_format")
		}
		k.blocks, k.hasBlock = list, true
		if why := s.checkBlocks(list, "message"); why != nil {
			return k, why
		}
	}
	if a["attachments"] != nil && a.str("attachments") != "" && a.str("attachments") != "[]" {
		return k, &refusal{"invalid_attachments", obj{"response_metadata": obj{"messages": []string{"[ERROR] the stand-in knows no attachments"}}}}
	}
	if raw, given := a["metadata"]; given && raw != nil && raw != "" {
		v, ok := a.value("metadata")
		m, isObj := v.(obj)
		if !ok || !isObj {
			return k, no("invalid_metadata_format")
		}
		if len(m) == 0 { // takes away what there was
			k.hasMeta = true
			return k, k.tooLong(longest)
		}
		event, isText := m["event_type"].(string)
		payload, isPayload := m["event_payload"].(obj)
		if !isText || event == "" || !isPayload {
			return k, no("invalid_metadata_schema")
		}
		if len(encode(m)) > 16<<10 {
			return k, no("metadata_too_large")
		}
		k.metadata, k.hasMeta = obj{"event_type": event, "event_payload": payload}, true
	}
	return k, k.tooLong(longest)
}

func (k *content) tooLong(longest int) *refusal {
	if utf8.RuneCountInString(k.text) > longest {
		return no("msg_too_long")
	}
	return nil
}

// target finds the channel of a call that writes.
func (c *call) target() (*Channel, *refusal) {
	id := c.args.str("channel")
	if p := c.person(id); p != nil {
		if p.Deleted || !c.meets(p, c.in) {
			return nil, no("channel_not_found")
		}
		return c.direct(p, c.in), nil
	}
	ch := c.channel(id)
	if ch == nil || !ch.known(c.in) {
		return nil, no("channel_not_found")
	}
	if ch.archived {
		return nil, no("is_archived")
	}
	if !slices.Contains(ch.members, c.in.UserID) && (ch.private || !c.has("chat:write.public")) {
		return nil, no("not_in_channel")
	}
	return ch, nil
}

func (c *call) postMessage() (obj, *refusal) {
	ch, why := c.target()
	if why != nil {
		return nil, why
	}
	k, why := c.read(c.args, maxText)
	if why != nil {
		return nil, why
	}
	if strings.TrimSpace(k.text) == "" && len(k.blocks) == 0 {
		return nil, no("no_text")
	}
	thread := c.args.str("thread_ts")
	if thread != "" {
		root := ch.find(thread)
		if root == nil {
			return nil, no("thread_not_found")
		}
		if root.thread != "" {
			thread = root.thread
		}
	}
	m := c.put(ch, c.in, k, thread)
	return obj{"channel": ch.id, "ts": m.ts, "message": m.json(c.Slack, c.in, true)}, nil
}

// put stands a message of the app in a channel. The lock is held.
func (s *Slack) put(ch *Channel, in *Install, k content, thread string) *message {
	m := &message{
		ts: s.ts(), thread: thread, user: in.UserID, team: in.Team, install: in,
		text: k.text, blocks: s.named(k.blocks), metadata: k.metadata, plain: k.plain,
	}
	ch.messages = append(ch.messages, m)
	s.echo(ch, m, nil)
	return m
}

func (c *call) postEphemeral() (obj, *refusal) {
	ch, why := c.target()
	if why != nil {
		return nil, why
	}
	p := c.person(c.args.str("user"))
	if p == nil || !slices.Contains(ch.members, p.ID) {
		return nil, no("user_not_in_channel")
	}
	k, why := c.read(c.args, maxText)
	if why != nil {
		return nil, why
	}
	if strings.TrimSpace(k.text) == "" && len(k.blocks) == 0 {
		return nil, no("no_text")
	}
	m := c.whisper(ch, c.in, p, k, c.args.str("thread_ts"))
	return obj{"message_ts": m.ts}, nil
}

// whisper shows a message to one person. The lock is held.
func (s *Slack) whisper(ch *Channel, in *Install, p *Person, k content, thread string) *message {
	m := &message{
		ts: s.ts(), thread: thread, user: in.UserID, team: in.Team, install: in, only: p.ID,
		text: k.text, blocks: s.named(k.blocks), plain: k.plain,
	}
	ch.messages = append(ch.messages, m)
	return m
}

func (c *call) update() (obj, *refusal) {
	m, ch, why := c.own("cant_update_message")
	if why != nil {
		return nil, why
	}
	k, why := c.read(c.args, maxUpdate)
	if why != nil {
		return nil, why
	}
	if strings.TrimSpace(k.text) == "" && len(k.blocks) == 0 {
		return nil, no("no_text")
	}
	c.change(ch, m, k)
	return obj{"channel": ch.id, "ts": m.ts, "text": m.text, "message": m.json(c.Slack, c.in, true)}, nil
}

// change puts other content into a message: a text without blocks takes them
// away; blocks without a text keep it; metadata stay unless others are given.
// The lock is held.
func (s *Slack) change(ch *Channel, m *message, k content) {
	before := *m
	if k.hasText {
		m.text = k.text
	}
	if k.hasBlock || k.hasText {
		m.blocks = s.named(k.blocks)
	}
	if k.hasMeta {
		m.metadata = k.metadata
	}
	m.edited = s.ts()
	if m.only == "" {
		s.echo(ch, m, &before)
	}
}

func (c *call) remove() (obj, *refusal) {
	m, ch, why := c.own("cant_delete_message")
	if why != nil {
		return nil, why
	}
	ch.drop(m)
	return obj{"channel": ch.id, "ts": m.ts}, nil
}

func (ch *Channel) drop(m *message) {
	ch.messages = slices.DeleteFunc(ch.messages, func(o *message) bool { return o == m })
}

// own finds a message of the app's own. Unlike a post, a change takes no user's
// id for a channel.
func (c *call) own(otherwise string) (*message, *Channel, *refusal) {
	ch := c.channel(c.args.str("channel"))
	if ch == nil || !ch.known(c.in) {
		return nil, nil, no("channel_not_found")
	}
	if ch.archived {
		return nil, nil, no("is_archived")
	}
	m := ch.find(c.args.str("ts"))
	if m == nil {
		return nil, nil, no("message_not_found")
	}
	if m.install != c.in {
		return nil, nil, no(otherwise)
	}
	return m, ch, nil
}

func (c *call) permalink() (obj, *refusal) {
	ch := c.channel(c.args.str("channel"))
	if ch == nil || !ch.known(c.in) {
		return nil, no("channel_not_found")
	}
	ts := c.args.str("message_ts")
	if ch.find(ts) == nil {
		return nil, no("message_not_found")
	}
	link := "https://" + c.in.ws.Domain + ".slack.com/archives/" + ch.id + "/p" + strings.ReplaceAll(ts, ".", "")
	return obj{"channel": ch.id, "permalink": link}, nil
}
