// Package config reads the configuration of `tandem serve`: one YAML file, of
// which every error is told at once with its line, and secrets that may stand
// elsewhere and are never printed.
package config

import (
	"log/slog"
	"net"
	"strings"
	"time"
)

// Config is how Tandem is to run.
type Config struct {
	Store  string // the path of the store's file; "" where the file names none
	Listen string // where people and platforms come in
	Log    Log
	Web    Web
	Slack  Slack
	Teams  Teams
	Health Health
	// CatchUp is how late a prompt may still be posted after an outage; zero
	// for the scheduler's own measure.
	CatchUp time.Duration
	// Drain is how long what is under way may take once Tandem is to stop.
	Drain time.Duration
}

// Log says what is logged, and how.
type Log struct {
	Level slog.Level
	JSON  bool
}

// Web is the chat in the browser.
type Web struct {
	Chat bool
	// Hosts are the names that it answers to beside the machine's own.
	Hosts []string
	// OpenToNetwork says that it is meant that whoever reaches it may speak as anybody.
	OpenToNetwork bool
}

// Slack is the chat in Slack.
type Slack struct {
	On     bool
	Socket bool // receive by Socket Mode, and by HTTP otherwise
	// BotToken is that of the one workspace, where Tandem isn't installed by OAuth.
	BotToken      Secret
	AppToken      Secret // for Socket Mode
	SigningSecret Secret // for HTTP
	OAuth         SlackOAuth
	// API is where Slack's Web API is, with its last slash; "" for Slack's own.
	API string
}

// SlackOAuth is how workspaces install Tandem by themselves.
type SlackOAuth struct {
	ClientID     string // "" where they don't
	ClientSecret Secret
	// Key encrypts the tokens in the store; OldKey is one that it replaces.
	Key, OldKey Secret
	// URL is Tandem's public address, with https://.
	URL string
	// Teams are the workspaces and organisations that may install it.
	Teams []string
}

// Teams is the chat in Microsoft Teams.
type Teams struct {
	On          bool
	AppID       string
	Tenant      string // the app's home
	Secret      Secret
	Certificate Secret   // PEM, with its private key
	Tenants     []string // others whose people are heard
	// Emulator is the address of a stand-in for Microsoft on this machine.
	Emulator string
	NoTokens bool // hear whoever is on this machine; with an Emulator
}

// Health is where /healthz, /readyz and /metrics are.
type Health struct {
	Listen        string // "" for nowhere
	OpenToNetwork bool
	// MetricsToken is what a scraper has to bring as a bearer token; empty for nothing.
	MetricsToken Secret
}

// Secret is a text that nothing prints.
type Secret string

const hidden = "[secret]"

// String doesn't tell it.
func (Secret) String() string { return hidden }

// GoString doesn't either.
func (Secret) GoString() string { return hidden }

// LogValue keeps it out of the log.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText keeps it out of JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Reveal tells it, to the one who checks it.
func (s Secret) Reveal() string { return string(s) }

// Defaults are what a file need not say.
func Defaults() Config {
	return Config{
		Listen: "127.0.0.1:8737",
		Health: Health{Listen: "127.0.0.1:8738"},
		Drain:  10 * time.Second,
	}
}

// Platforms are the names of the platforms that are on, in the order in which a
// person is looked for on them.
func (c *Config) Platforms() []string {
	var list []string
	if c.Slack.On {
		list = append(list, "slack")
	}
	if c.Teams.On {
		list = append(list, "teams")
	}
	if c.Web.Chat {
		list = append(list, "web")
	}
	return list
}

// Loopback reports whether an address is one of this machine alone.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
