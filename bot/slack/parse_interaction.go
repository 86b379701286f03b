package slack

import (
	"encoding/json"
	"strings"
)

func (d *delivery) parseInteraction(raw []byte) {
	var in interaction
	if json.Unmarshal(raw, &in) != nil {
		d.pass = countUnread
		return
	}
	if in.User.ID == "" {
		d.pass = countUnread
		return
	}
	d.user, d.userTeam = in.User.ID, in.User.TeamID
	if d.name = in.User.Name; d.name == "" {
		d.name = in.User.Username
	}
	d.trigger, d.responseURL = in.Trigger, in.ResponseURL
	// In a shared channel the team can be the other side's. A view says where
	// Tandem is installed, and so does a message of its own: it stands there as of
	// the workspace that it was posted with.
	if in.Message.Team != "" && in.Message.App != "" && in.Message.App == in.App {
		d.teams = append(d.teams, in.Message.Team)
	}
	if in.View != nil && in.View.Team != "" {
		d.teams = append(d.teams, in.View.Team)
	}
	if in.Team != nil {
		d.enterprise, d.userEnterprise = in.Team.Enterprise, in.Team.Enterprise
		if in.Team.ID != "" {
			d.teams = append(d.teams, in.Team.ID)
		}
	}
	if in.User.TeamID != "" {
		d.teams = append(d.teams, in.User.TeamID)
	}
	if in.Enterprise != nil && d.enterprise == "" {
		d.enterprise = in.Enterprise.ID
	}
	switch in.Type {
	case "block_actions":
		d.press(&in)
	case "view_submission":
		d.submit(&in)
	case "view_closed":
		d.pass = countPassed + "closed without sending"
	default:
		d.pass = countUnknown + kindName(in.Type)
	}
}

// press reads a button. Slack sends one action at a time.
func (d *delivery) press(in *interaction) {
	d.channel, d.message, d.ephemeral = in.Channel.ID, in.Container.TS, in.Container.Ephemeral
	if d.channel == "" {
		d.channel = in.Container.Channel
	}
	if d.message == "" {
		d.message = in.Message.TS
	}
	if d.thread = in.Message.ThreadTS; d.thread == "" {
		d.thread = in.Container.ThreadTS
	}
	if d.thread == d.message {
		d.thread = ""
	}
	for _, a := range in.Actions {
		action, _, _ := strings.Cut(a.ID, "/")
		if a.Value == "" {
			continue
		}
		d.say = a.Value
		switch action {
		case actionSay:
			d.act = actPress
		case actionForm:
			d.act = actOpen
		case actionSend:
			d.act, d.values = actSubmit, in.State.fields()
		}
		if d.act == actNone {
			continue
		}
		if of, ours := strings.CutPrefix(a.Block, rowOf); ours {
			if team, _, _ := strings.Cut(of, "/"); team != "" {
				d.teams = append([]string{team}, d.teams...)
			}
		}
		return
	}
	d.pass = countPassed + "no button of Tandem's"
}

// submit reads a view that was sent.
func (d *delivery) submit(in *interaction) {
	var from formMeta
	if in.View == nil || in.View.Callback != callback || json.Unmarshal([]byte(in.View.Meta), &from) != nil || from.Say == "" {
		d.pass = countPassed + "no form of Tandem's"
		return
	}
	d.act, d.say, d.values = actSubmit, from.Say, in.View.State.fields()
	d.channel, d.thread, d.message = from.Channel, from.Thread, from.Message
	if from.Tenant != "" {
		d.teams = append([]string{from.Tenant}, d.teams...)
	}
}

// fields returns what was filled in, by the field's name.
func (in *inputs) fields() map[string]string {
	out := map[string]string{}
	for block, actions := range in.Values {
		name, ours := strings.CutPrefix(block, fieldBlock)
		if !ours {
			continue
		}
		value := ""
		switch v := actions[fieldInput]; {
		case v.Value != nil:
			value = *v.Value
		case v.Selected != nil:
			if value = v.Selected.Value; value == noValue {
				value = ""
			}
		case v.Date != nil:
			value = *v.Date
		}
		out[name] = strings.TrimSpace(value)
	}
	return out
}
