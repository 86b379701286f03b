package slack

import (
	"encoding/json"
	"net/url"
)

// What Slack sends, as far as Tandem reads it. The SDK's types hold far more and
// take three times as long to decode.

type envelope struct {
	Type           string          `json:"type"`
	Challenge      string          `json:"challenge"`
	EventID        string          `json:"event_id"`
	TeamID         string          `json:"team_id"`
	EnterpriseID   string          `json:"enterprise_id"`
	Authorizations []authorization `json:"authorizations"`
	Shared         bool            `json:"is_ext_shared_channel"`
	Event          json.RawMessage `json:"event"`
}

// authorization is an installation that may see the event: the first is the
// one to answer with. The team of the envelope can be the other side's.
type authorization struct {
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	UserID       string `json:"user_id"`
	Bot          bool   `json:"is_bot"`
	Organisation bool   `json:"is_enterprise_install"` // installed in all of it
}

type event struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	Channel     string          `json:"channel"`
	ChannelType string          `json:"channel_type"`
	Team        string          `json:"team"`
	UserTeam    string          `json:"user_team"`
	Edited      json.RawMessage `json:"edited"`
	Tab         string          `json:"tab"`
	OldChannel  string          `json:"old_channel_id"`
	NewChannel  string          `json:"new_channel_id"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

type interaction struct {
	Type string `json:"type"`
	App  string `json:"api_app_id"`
	Team *struct {
		ID         string `json:"id"`
		Enterprise string `json:"enterprise_id"`
	} `json:"team"`
	Enterprise *struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	User struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
		TeamID   string `json:"team_id"`
	} `json:"user"`
	Trigger     string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Channel     struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		TS        string `json:"message_ts"`
		ThreadTS  string `json:"thread_ts"`
		Channel   string `json:"channel_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS       string `json:"ts"`
		Team     string `json:"team"`
		App      string `json:"app_id"`
		ThreadTS string `json:"thread_ts"`
	} `json:"message"`
	Actions []struct {
		ID    string `json:"action_id"`
		Block string `json:"block_id"`
		Value string `json:"value"`
	} `json:"actions"`
	State inputs `json:"state"`
	View  *struct {
		Callback string `json:"callback_id"`
		Meta     string `json:"private_metadata"`
		Team     string `json:"app_installed_team_id"`
		State    inputs `json:"state"`
	} `json:"view"`
}

// inputs are what was filled in, by block and action.
type inputs struct {
	Values map[string]map[string]struct {
		Value    *string `json:"value"`
		Date     *string `json:"selected_date"`
		Selected *struct {
			Value string `json:"value"`
		} `json:"selected_option"`
	} `json:"values"`
}

type command struct {
	Command     string `json:"command"`
	Text        string `json:"text"`
	TeamID      string `json:"team_id"`
	Enterprise  string `json:"enterprise_id"`
	Channel     string `json:"channel_id"`
	User        string `json:"user_id"`
	Name        string `json:"user_name"`
	ResponseURL string `json:"response_url"`
	Trigger     string `json:"trigger_id"`
}

// commandJSON writes a slash command as Socket Mode brings it.
func commandJSON(form url.Values) ([]byte, error) {
	return json.Marshal(command{
		form.Get("command"), form.Get("text"), form.Get("team_id"), form.Get("enterprise_id"), form.Get("channel_id"),
		form.Get("user_id"), form.Get("user_name"), form.Get("response_url"), form.Get("trigger_id"),
	})
}
