package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// The kinds of deliveries. The letter stands before the JSON in the Inbox.
const (
	kindEvent       = 'e'
	kindInteraction = 'i'
	kindCommand     = 'c'
)

// act is what a delivery asks for.
type act int

const (
	actNone    act = iota // nothing, and pass says why
	actProve              // answer the challenge
	actSay                // somebody typed something
	actPress              // a button that says a command
	actOpen               // a button that opens a form
	actSubmit             // a form that was sent
	actHome               // somebody opened the Home tab
	actJoined             // somebody, perhaps Tandem, came into a channel
	actMoved              // a channel has a new id
	actRemoved            // Tandem was taken out of a workspace
)

// delivery is something that Slack sent, read.
type delivery struct {
	id string
	at time.Time
	// again says that a process which ended was at it.
	again bool
	seq   int64 // its place in the Inbox; 0 where it was just accepted
	act   act
	pass  string // why nothing is to be done, for the count
	lane  string // deliveries of one lane are worked on in their order

	// Whose installation it concerns: the first of the teams that there is.
	teams      []string
	enterprise string
	botUser    string // as the event says
	shared     bool   // in a channel that is shared with another organisation

	user, name, userTeam string
	userEnterprise       string
	channel, thread      string
	opens                string // the message in a channel that a thread of answers goes under
	message              string // that held the button or form
	ephemeral            bool
	text, say            string
	values               map[string]string
	trigger, responseURL string
	from, to             string // of a channel that moved
	challenge            string
	why                  string
}

// Key identifies a delivery.
func (d *delivery) Key() string { return d.id }

// Lane keeps what one person does in its order.
func (d *delivery) Lane() string { return d.lane }

// Seq is its place in the Inbox.
func (d *delivery) Seq() int64 { return d.seq }

// parse reads a delivery. What it can't read or doesn't know has actNone.
func parse(kind byte, raw []byte) *delivery {
	d := &delivery{}
	switch kind {
	case kindEvent:
		d.parseEvent(raw)
	case kindInteraction:
		d.parseInteraction(raw)
	case kindCommand:
		d.parseCommand(raw)
	default:
		d.pass = countUnread
	}
	if d.id == "" {
		sum := sha256.Sum256(raw)
		d.id = string(kind) + hex.EncodeToString(sum[:16])
	}
	if d.lane == "" {
		d.lane = d.user // not their workspace as well: not everything says it
	}
	return d
}

func (d *delivery) parseEvent(raw []byte) {
	e, ev, err := readEvent(raw)
	if err != nil {
		d.pass = countUnread
		return
	}
	switch e.Type {
	case "url_verification":
		d.act, d.challenge = actProve, e.Challenge
		return
	case "event_callback":
	default:
		d.pass = countUnknown + kindName(e.Type)
		return
	}
	if d.id = e.EventID; len(d.id) > 100 {
		d.id = ""
	}
	d.shared, d.enterprise = e.Shared, e.EnterpriseID
	everywhere := false // in the organisation
	if len(e.Authorizations) > 0 {
		a := e.Authorizations[0]
		d.enterprise, everywhere = a.EnterpriseID, a.Organisation
		if a.TeamID != "" {
			d.teams = append(d.teams, a.TeamID)
		}
		if a.Bot {
			d.botUser = a.UserID
		}
	}
	if len(d.teams) == 0 && e.TeamID != "" {
		d.teams = append(d.teams, e.TeamID)
	}
	if !known[ev.Type] {
		d.pass = countUnknown + kindName(ev.Type)
		return
	}
	d.take(&ev)
	if d.act == actHome && d.userTeam == "" {
		// Alone of all it doesn't say whose workspace the person is of.
		d.userTeam, d.userEnterprise = e.TeamID, e.EnterpriseID
	}
	if d.act == actRemoved && everywhere {
		d.teams = nil // that of the organisation is meant, whatever workspace it came by
	}
}

// known are the events that Tandem hears.
var known = map[string]bool{
	"app_mention": true, "message": true, "app_home_opened": true, "member_joined_channel": true, "channel_id_changed": true,
	"app_uninstalled": true, "tokens_revoked": true,
}

// readEvent reads an event and what is around it. Of one that isn't known only
// the type is read, since it may have anything where the others have text.
func readEvent(raw []byte) (e envelope, ev event, err error) {
	// Nearly always both can be read at once.
	var both struct {
		envelope
		Event event `json:"event"`
	}
	if json.Unmarshal(raw, &both) == nil && both.Event.Type != "" {
		return both.envelope, both.Event, nil
	}
	if err := json.Unmarshal(raw, &e); err != nil || len(e.Event) == 0 {
		return e, ev, err
	}
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(e.Event, &head); err != nil || !known[head.Type] {
		return e, event{Type: head.Type}, err
	}
	err = json.Unmarshal(e.Event, &ev)
	return e, ev, err
}

// take reads an event that concerns Tandem, if it does.
func (d *delivery) take(ev *event) {
	d.user, d.userTeam = ev.User, ev.Team
	if ev.UserTeam != "" {
		d.userTeam = ev.UserTeam
	}
	d.channel, d.text = ev.Channel, ev.Text
	if ev.ThreadTS != ev.TS {
		d.thread = ev.ThreadTS
	}
	pass := func(why string) { d.act, d.pass = actNone, countPassed+why }
	switch ev.Type {
	case "app_mention", "message":
		switch {
		case ev.BotID != "" || ev.Subtype == "bot_message":
			pass("of a bot")
		case ev.Edited != nil && string(ev.Edited) != "null":
			pass("edited")
		case ev.Subtype != "" && ev.Subtype != "file_share" && ev.Subtype != "thread_broadcast":
			pass("message " + kindName(ev.Subtype))
		case ev.User == "" || ev.Channel == "":
			pass("of nobody")
		case ev.Type == "message" && ev.ChannelType != "im":
			pass("not to Tandem")
		case ev.Type == "app_mention" && direct(ev.Channel):
			pass("mention in a direct message") // it comes as a message as well
		default:
			if d.act = actSay; !direct(ev.Channel) {
				d.opens = ev.TS
			}
		}
	case "app_home_opened":
		if d.act = actHome; ev.Tab != "home" || ev.User == "" {
			pass("messages tab")
		}
	case "member_joined_channel":
		d.act, d.lane = actJoined, ev.Channel
	case "channel_id_changed":
		d.act, d.from, d.to = actMoved, ev.OldChannel, ev.NewChannel
	case "app_uninstalled":
		d.act, d.why = actRemoved, "Tandem was uninstalled from the workspace"
	case "tokens_revoked":
		if d.act, d.why = actRemoved, "the bot's token was revoked"; len(ev.Tokens.Bot) == 0 {
			pass("token of a person")
		}
	}
}

// direct reports whether a channel is a direct message.
func direct(channel string) bool { return strings.HasPrefix(channel, "D") }

func (d *delivery) parseCommand(raw []byte) {
	var c command
	if json.Unmarshal(raw, &c) != nil || c.User == "" || c.Channel == "" {
		d.pass = countUnread
		return
	}
	d.act, d.teams, d.enterprise = actSay, []string{c.TeamID}, c.Enterprise
	d.user, d.name, d.userTeam = c.User, c.Name, c.TeamID
	d.userEnterprise = c.Enterprise
	d.channel, d.text = c.Channel, c.Text
	d.trigger, d.responseURL = c.Trigger, c.ResponseURL
}

// kindName is a word of Slack's as it may stand in a count.
func kindName(word string) string {
	if word == "" || len(word) > 40 {
		return "others"
	}
	for i := range len(word) {
		if c := word[i]; (c < 'a' || c > 'z') && c != '_' && c != '.' {
			return "others"
		}
	}
	return word
}
