package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Workspace is a team at Slack.
type Workspace struct {
	ID, Name, Domain string

	s       *Slack
	people  []*Person
	install *Install
}

// User is somebody's account. Name and RealName are made of ID where they are empty.
type User struct {
	ID, Name, RealName, DisplayName, Email, TZ string
	Deleted, Admin, Restricted                 bool
	// ShareEmail lets people of connected workspaces, and their apps, see Email.
	ShareEmail bool
}

// Person is somebody who has an account; the acts are theirs.
type Person struct {
	User
	s  *Slack
	ws *Workspace
}

// Install is the app in a workspace.
type Install struct {
	Team, Token, BotID, UserID, AppID string
	Scopes                            []string

	ws      *Workspace
	token   *token
	removed bool
}

type token struct {
	value   string
	install *Install // nil for an app-level token
	expires time.Time
	revoked string // Slack's word for why it is of no use
	refresh string
	scopes  []string
}

// Workspace adds a workspace. Those without a shared channel know nothing of
// each other.
func (s *Slack) Workspace(id, name string) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &Workspace{ID: id, Name: name, Domain: strings.ToLower(strings.ReplaceAll(name, " ", "-")), s: s}
	s.workspaces = append(s.workspaces, w)
	return w
}

// Person adds somebody to a workspace.
func (w *Workspace) Person(u User) *Person {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if u.ID == "" {
		u.ID = w.s.id("U")
	}
	if u.Name == "" {
		u.Name = strings.ToLower(u.ID)
	}
	if u.RealName == "" {
		u.RealName = u.Name
	}
	if u.TZ == "" {
		u.TZ = "America/New_York"
	}
	p := &Person{User: u, s: w.s, ws: w}
	w.people = append(w.people, p)
	return p
}

// Who returns somebody by their id. It panics where there is nobody: a slip of
// the test.
func (s *Slack) Who(id string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.person(id)
	if p == nil {
		panic(fmt.Sprintf("slacktest: nobody is %q", id))
	}
	return p
}

// person finds somebody, or nil. The lock is held.
func (s *Slack) person(id string) *Person {
	for _, w := range s.workspaces {
		for _, p := range w.people {
			if p.ID == id {
				return p
			}
		}
	}
	return nil
}

// Install adds the app to the workspace, or adds scopes to it. The token of an
// earlier installation that was removed is of no use any more.
func (w *Workspace) Install(scopes ...string) *Install {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.put(scopes)
}

// put installs. The lock is held.
func (w *Workspace) put(scopes []string) *Install {
	s := w.s
	in := w.install
	if in == nil {
		in = &Install{Team: w.ID, BotID: s.id("B"), UserID: s.id("U"), AppID: s.app.ID, ws: w}
		w.install = in
	}
	if in.removed {
		in.removed, in.Scopes = false, nil
	}
	for _, sc := range scopes {
		if !slices.Contains(in.Scopes, sc) {
			in.Scopes = append(in.Scopes, sc)
		}
	}
	if in.token == nil || in.token.revoked != "" || s.app.Rotation {
		s.issue(in)
	}
	in.token.scopes = slices.Clone(in.Scopes)
	return in
}

// issue makes a new token for an installation. The lock is held.
func (s *Slack) issue(in *Install) *token {
	t := &token{value: s.id("xoxb-" + in.Team + "-"), install: in, scopes: slices.Clone(in.Scopes)}
	if s.app.Rotation {
		t.value = "xoxe." + t.value
		t.expires = s.o.Now().Add(12 * time.Hour)
		t.refresh = s.id("xoxe-1-")
		s.refresh[t.refresh] = t
	}
	s.tokens[t.value] = t
	in.token, in.Token = t, t.value
	return t
}

// Revoke makes the installation's tokens useless, without telling the app.
func (in *Install) Revoke() {
	in.ws.s.mu.Lock()
	defer in.ws.s.mu.Unlock()
	in.revoke("token_revoked")
}

// Drop takes scopes away, as a new installation with fewer would.
func (in *Install) Drop(scopes ...string) {
	in.ws.s.mu.Lock()
	defer in.ws.s.mu.Unlock()
	in.Scopes = slices.DeleteFunc(in.Scopes, func(s string) bool { return slices.Contains(scopes, s) })
	in.token.scopes = slices.Clone(in.Scopes)
}

func (in *Install) revoke(why string) {
	for _, t := range in.ws.s.tokens {
		if t.install == in && t.revoked == "" {
			t.revoked = why
		}
	}
	for _, t := range in.ws.s.refresh {
		if t.install == in && t.revoked == "" {
			t.revoked = why
		}
	}
}

// installs returns those that are in force. The lock is held.
func (s *Slack) installs() []*Install {
	var all []*Install
	for _, w := range s.workspaces {
		if w.install != nil && !w.install.removed {
			all = append(all, w.install)
		}
	}
	return all
}
