// Package teams writes Tandem's app for Microsoft Teams: its manifest, and the
// package of it with the icons that an admin uploads.
package teams

import (
	"archive/zip"
	"bytes"
	_ "embed" // the icons
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"time"
)

// The icons: in colour 192 by 192, and white on nothing 32 by 32. Both are drawn
// by this package's tests.
var (
	//go:embed color.png
	Color []byte
	//go:embed outline.png
	Outline []byte
)

// Version is the version of the app. Teams takes a change for an update only
// where it rises.
const Version = "1.0.0"

// schemaVersion is the version of the manifest's schema.
const schemaVersion = "1.29"

// home is where the project lives, for who names no page of their own.
const home = "https://github.com/tandem-bot/tandem"

// Options say whose app it becomes.
type Options struct {
	// AppID is the Entra app's id, which is the bot's too.
	AppID string
	// Developer is who offers the app, and Website, Privacy and Terms are their
	// pages. Empty ones are the project's.
	Developer, Website, Privacy, Terms string
	// Commands are what can be said, in the order of help.
	Commands []Command
}

// Command is one thing that can be said.
type Command struct{ Name, Usage, Short string }

// Scopes are where the app can be used.
var Scopes = []string{"personal", "team", "groupChat"}

// ListMost is how many commands Teams shows in a list. What is beyond is told by help.
const ListMost = 12

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)

type object = map[string]any

// Manifest returns the manifest as JSON.
func Manifest(o Options) ([]byte, error) {
	if !guid.MatchString(o.AppID) {
		return nil, fmt.Errorf("%q is no app id: it is like 00000000-0000-0000-0000-000000000000, under Overview of the app in Entra", o.AppID)
	}
	if o.Developer == "" {
		o.Developer = "Tandem"
	}
	if len(o.Developer) > 32 {
		return nil, fmt.Errorf("the developer's name %q has more than 32 characters", o.Developer)
	}
	for _, page := range []*string{&o.Website, &o.Privacy, &o.Terms} {
		if *page == "" {
			*page = home
		}
		if u, err := url.Parse(*page); err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("%q is no page: it begins with https://", *page)
		}
	}
	lists := make([]object, len(Scopes))
	for i, scope := range Scopes {
		lists[i] = object{"scopes": []string{scope}, "commands": list(o.Commands)}
	}
	m := object{
		"$schema":         "https://developer.microsoft.com/json-schemas/teams/v" + schemaVersion + "/MicrosoftTeams.schema.json",
		"manifestVersion": schemaVersion, "version": Version, "id": o.AppID,
		"developer": object{"name": o.Developer, "websiteUrl": o.Website, "privacyUrl": o.Privacy, "termsOfUseUrl": o.Terms},
		"name":      object{"short": "Tandem", "full": "Tandem for co-managed IT"},
		"description": object{
			"short": "Who owns what between two IT teams, who leads now, and what was agreed.",
			"full": "Tandem is for a company whose IT is run by its own people and a managed service provider. " +
				"It answers who owns something from the responsibility matrix that both sides signed, says who leads right now and until when, " +
				"keeps the agreed rhythm of standups and reviews, and keeps who has acknowledged what. It runs on your own machine.",
		},
		"icons": object{"color": "color.png", "outline": "outline.png"}, "accentColor": "#1F3A5F",
		// Without this Teams offers the app in standard channels alone.
		"supportsChannelFeatures": "tier1",
		"defaultInstallScope":     "team", "defaultGroupCapability": object{"team": "bot", "groupchat": "bot"},
		"bots": []object{{
			"botId": o.AppID, "scopes": Scopes, "isNotificationOnly": false, "supportsFiles": false,
			"supportsCalling": false, "supportsVideo": false, "commandLists": lists,
		}},
	}
	data, err := json.MarshalIndent(m, "", "  ")
	return append(data, '\n'), err
}

// list returns as many commands as there is room for; help is always the last.
func list(commands []Command) []object {
	out := []object{} // none is an empty list to the schema, not null
	for _, c := range commands {
		if c.Name != "help" && len(out) < ListMost-1 {
			out = append(out, entry(c))
		}
	}
	for _, c := range commands {
		if c.Name == "help" {
			out = append(out, entry(c))
		}
	}
	return out
}

func entry(c Command) object {
	about := c.Short
	if c.Usage != "" {
		about += ": " + c.Name + " " + c.Usage
	}
	return object{"title": c.Name, "description": about}
}

// Package writes what an admin uploads: the manifest and the icons, always the
// same bytes for the same options.
func Package(w io.Writer, o Options) error {
	manifest, err := Manifest(o)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, f := range []struct {
		name string
		data []byte
	}{{"manifest.json", manifest}, {"color.png", Color}, {"outline.png", Outline}} {
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if _, err := io.Copy(part, bytes.NewReader(f.data)); err != nil {
			return err
		}
	}
	return z.Close()
}
