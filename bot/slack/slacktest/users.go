package slacktest

import "strings"

func (c *call) apiTest() (obj, *refusal) {
	if word := c.args.str("error"); word != "" {
		return nil, no(word)
	}
	return obj{"args": map[string]any(c.args)}, nil
}

func (c *call) authTest() (obj, *refusal) {
	return obj{
		"url": "https://" + c.in.ws.Domain + ".slack.com/", "team": c.in.ws.Name, "user": strings.ToLower(c.app.Name),
		"team_id": c.in.Team, "user_id": c.in.UserID, "bot_id": c.in.BotID, "is_enterprise_install": false,
	}, nil
}

func (c *call) authRevoke() (obj, *refusal) {
	if c.args.yes("test") {
		return obj{"revoked": false}, nil
	}
	c.tok.revoked = "token_revoked"
	return obj{"revoked": true}, nil
}

func (c *call) botsInfo() (obj, *refusal) {
	for _, in := range c.installs() {
		if in.BotID == c.args.str("bot") && in.ws == c.in.ws {
			return obj{"bot": obj{
				"id": in.BotID, "deleted": false, "name": c.app.Name, "updated": 1, "app_id": in.AppID, "user_id": in.UserID,
			}}, nil
		}
	}
	return nil, no("bot_not_found")
}

func (c *call) usersInfo() (obj, *refusal) {
	id := c.args.str("user")
	for _, in := range c.installs() {
		if in.UserID == id && in.ws == c.in.ws {
			return obj{"user": c.botJSON(in)}, nil
		}
	}
	p := c.person(id)
	if p == nil {
		return nil, no("user_not_found")
	}
	if !c.meets(p, c.in) {
		return nil, no("user_not_visible")
	}
	return obj{"user": c.userJSON(p)}, nil
}

func (c *call) usersList() (obj, *refusal) {
	var all []any
	for _, p := range c.in.ws.people {
		all = append(all, c.userJSON(p))
	}
	all = append(all, c.botJSON(c.in))
	answer, why := c.page("members", all, 1000)
	if why == nil {
		answer["cache_ts"] = c.o.Now().Unix()
		delete(answer, "has_more")
	}
	return answer, why
}

func (c *call) lookupByEmail() (obj, *refusal) {
	email := c.args.str("email")
	for _, p := range c.in.ws.people {
		if email != "" && strings.EqualFold(p.Email, email) && !p.Deleted {
			return obj{"user": c.userJSON(p)}, nil
		}
	}
	return nil, no("users_not_found")
}

// userJSON is somebody as the Web API shows them: an e-mail address with its
// scope only, and somebody else's workspace's only where they share it.
func (c *call) userJSON(p *Person) obj {
	foreign := p.ws != c.in.ws
	profile := obj{"real_name": p.RealName, "display_name": p.DisplayName, "team": p.ws.ID, "title": "", "phone": ""}
	if p.Email != "" && c.has("users:read.email") && (!foreign || p.ShareEmail) {
		profile["email"] = p.Email
	}
	o := obj{
		"id": p.ID, "team_id": p.ws.ID, "name": p.Name, "deleted": p.Deleted, "real_name": p.RealName,
		"profile": profile, "is_bot": false, "is_app_user": false, "updated": 1,
	}
	if foreign {
		o["is_stranger"] = false
		return o
	}
	o["tz"], o["is_admin"], o["is_owner"], o["is_restricted"], o["is_ultra_restricted"] = p.TZ, p.Admin, false, p.Restricted, false
	return o
}

func (c *call) botJSON(in *Install) obj {
	return obj{
		"id": in.UserID, "team_id": in.Team, "name": strings.ToLower(c.app.Name), "deleted": false, "real_name": c.app.Name,
		"is_bot": true, "is_app_user": false, "updated": 1,
		"profile": obj{"real_name": c.app.Name, "display_name": "", "bot_id": in.BotID, "api_app_id": in.AppID, "team": in.Team},
	}
}
