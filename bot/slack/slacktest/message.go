package slacktest

// message is one that stands in a channel.
type message struct {
	ts, thread, user, team string
	install                *Install // whose app posted it; nil where a person did
	text                   string
	blocks                 []any
	metadata               any
	only                   string // who alone sees it
	edited                 string
	plain                  bool // mrkdwn: false
	subtype                string
}

// json is a message as the Web API and events show it.
func (m *message) json(s *Slack, in *Install, withMetadata bool) obj {
	o := obj{"type": "message", "user": m.user, "ts": m.ts, "text": m.text, "team": m.team}
	if len(m.blocks) > 0 {
		o["blocks"] = m.blocks
	}
	if m.install != nil {
		o["bot_id"], o["app_id"] = m.install.BotID, m.install.AppID
		o["bot_profile"] = obj{
			"id": m.install.BotID, "app_id": m.install.AppID, "user_id": m.install.UserID,
			"name": s.app.Name, "deleted": false, "updated": 1, "team_id": m.install.Team, "icons": icons,
		}
	}
	if m.subtype != "" {
		o["subtype"] = m.subtype
	}
	if m.thread != "" {
		o["thread_ts"] = m.thread
	}
	if m.edited != "" {
		o["edited"] = obj{"user": m.user, "ts": m.edited}
	}
	if withMetadata && m.metadata != nil && (m.install == nil || m.install.AppID == in.AppID) {
		o["metadata"] = m.metadata
	}
	return o
}

// icons are what Slack shows of an app without a picture.
var icons = obj{
	"image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png",
	"image_48": "https://a.slack-edge.com/80588/img/plugins/app/bot_48.png",
	"image_72": "https://a.slack-edge.com/80588/img/plugins/app/service_72.png",
}

// spellOut fills in what a text object leaves open, as Slack does.
func spellOut(v any) {
	switch v := v.(type) {
	case obj:
		if _, isText := v["text"].(string); isText && v["type"] == "plain_text" && v["emoji"] == nil {
			v["emoji"] = true
		}
		if _, isText := v["text"].(string); isText && v["type"] == "mrkdwn" && v["verbatim"] == nil {
			v["verbatim"] = false
		}
		for _, below := range v {
			spellOut(below)
		}
	case []any:
		for _, below := range v {
			spellOut(below)
		}
	}
}

// named gives blocks and elements the ids that Slack gives them. The lock is held.
func (s *Slack) named(blocks []any) []any {
	var all []any
	for _, b := range blocks {
		block, ok := copied(b).(obj)
		if !ok {
			continue
		}
		if block["block_id"] == nil || block["block_id"] == "" {
			block["block_id"] = s.id("b")
		}
		for e := range elements(block) {
			if interactive[str(e, "type")] && str(e, "action_id") == "" {
				e["action_id"] = s.id("a")
			}
		}
		if str(block, "type") == "input" && block["optional"] == nil {
			block["optional"] = false
		}
		spellOut(block)
		all = append(all, block)
	}
	return all
}
