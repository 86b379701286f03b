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

// Platforms are the names of the platforms that are on.
func (c *Config) Platforms() []string {
	if c.Web.Chat {
		return []string{"web"}
	}
	return nil
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
