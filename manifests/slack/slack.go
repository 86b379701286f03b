// Package slack writes the manifest of Tandem's Slack app: what an admin pastes
// at api.slack.com, with the least that works.
package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Options say what kind of app it becomes.
type Options struct {
	// URL is Tandem's public address, such as https://tandem.example. Slack posts
	// to it. With Socket it is used for OAuth alone.
	URL string
	// Socket is for Socket Mode, which needs no public address.
	Socket bool
	// OAuth lets workspaces install the app by themselves, from URL/slack/install;
	// Slack sends people back to URL/slack/oauth/callback.
	OAuth bool
	// Rotation makes tokens expire after 12 hours, to be renewed. Slack never turns
	// it off again for an app, and a token that was pasted somewhere can't be
	// renewed, so that it needs OAuth.
	Rotation bool
	// Commands are what can be said after /tandem, for the hint.
	Commands []string
}

// Scopes are what the app asks for, each with what would not work without it.
var Scopes = []struct{ Name, For string }{
	{"app_mentions:read", "hears mentions of @Tandem"},
	{"channels:history", "looks whether a message arrived before it posts it again"},
	{"channels:read", "hears that it was added to a public channel"},
	{"chat:write", "posts and updates its messages"},
	{"commands", "answers /tandem"},
	{"groups:history", "the same as channels:history in private channels"},
	{"groups:read", "the same as channels:read for private channels"},
	{"im:history", "hears direct messages to it"},
	{"im:write", "writes direct messages of its own accord"},
	{"users:read", "knows what people are called"},
	{"users:read.email", "finds the people of an engagement by their e-mail address"},
}

// Events are what the app hears of.
var Events = []string{
	"app_home_opened", "app_mention", "app_uninstalled", "channel_id_changed", "member_joined_channel", "message.im", "tokens_revoked",
}

// CallbackPath is where Slack sends people back to who install the app by OAuth,
// below Tandem's address.
const CallbackPath = "/slack/oauth/callback"

// maxHint is the longest usage hint that a manifest may have.
const maxHint = 1_000

// Manifest returns the manifest as JSON.
func Manifest(o Options) ([]byte, error) {
	if o.Rotation && !o.OAuth {
		return nil, errors.New("tokens that expire need an installation by OAuth, which gives Tandem what renews them")
	}
	base, to := "", ""
	if !o.Socket || o.OAuth {
		u, err := url.Parse(o.URL)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return nil, fmt.Errorf("%q is no address that Slack could post to: it begins with https://", o.URL)
		}
		base = strings.TrimSuffix(u.String(), "/")
	}
	if !o.Socket {
		to = base + "/slack/events"
	}
	scopes := make([]string, len(Scopes))
	for i, s := range Scopes {
		scopes[i] = s.Name
	}
	command := map[string]any{
		"command": "/tandem", "description": "Ask who owns something, or what the two IT teams agreed on",
		"usage_hint": Hint(o.Commands), "should_escape": true,
	}
	events := map[string]any{"bot_events": Events}
	interactivity := map[string]any{"is_enabled": true}
	if to != "" {
		command["url"], events["request_url"], interactivity["request_url"] = to, to, to
	}
	oauth := map[string]any{"scopes": map[string]any{"bot": scopes}}
	if o.OAuth {
		oauth["redirect_urls"] = []string{base + CallbackPath}
	}
	m := map[string]any{
		"_metadata": map[string]any{"major_version": 2, "minor_version": 1},
		"display_information": map[string]any{
			"name": "Tandem", "description": "Who owns what between two IT teams, who leads now, and what was agreed to happen when", "background_color": "#1f3a5f",
		},
		"features": map[string]any{
			"app_home":       map[string]any{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"bot_user":       map[string]any{"display_name": "Tandem", "always_online": true},
			"slash_commands": []any{command},
		},
		"oauth_config": oauth,
		"settings": map[string]any{
			"event_subscriptions": events, "interactivity": interactivity, "org_deploy_enabled": false,
			"socket_mode_enabled": o.Socket, "token_rotation_enabled": o.Rotation,
		},
	}
	data, err := json.MarshalIndent(m, "", "  ")
	return append(data, '\n'), err
}

// Hint is what Slack shows behind /tandem: a question, and the commands as far
// as there is room.
func Hint(commands []string) string {
	hint := "who owns password resets?"
	for _, c := range commands {
		if len(hint)+len(" | ")+len(c) > maxHint {
			break
		}
		hint += " | " + c
	}
	return hint
}
