package bot

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Command is one thing that people can say. Help, the manifests' lists and the
// README's table come from it.
type Command struct {
	Name     string   // its first word
	Aliases  []string // other first words
	Usage    string   // what follows the name: "PERSON FROM[..TO]"
	Short    string   // what it does, as a phrase that begins with a verb
	Examples []string
	Needs    Right
	// Mine reports whether what follows the first word makes this command of a
	// text that was typed; nil means always. What is no command is a question,
	// so "people can't print" must not end at the command people.
	Mine func(ctx context.Context, r Request) bool
	// Hidden commands stand on buttons, and in no list.
	Hidden bool
	Run    func(ctx context.Context, r Request) (Reply, error)
}

// Request is a command that a person may run, in one engagement.
type Request struct {
	Event
	Member Member
	Args   string // what followed the first word
}

// Value returns a field of a form, "" where it was left empty.
func (r *Request) Value(name string) string { return r.Values[name] }

// Member is who asks, and in which engagement.
type Member struct {
	Engagement string
	Person     string     // their id in the engagement; "" for a stranger
	Name       string     // what to call them
	Side       store.Side // "" for a stranger
	Role       Role
	// Overheard says that the reply can be read by people who are on no list:
	// it stands in a channel that is none of the engagement's.
	Overheard bool
}

// By returns the name for the audit log: the person's id, or for a stranger
// the platform's.
func (r *Request) By() string {
	if r.Member.Person != "" {
		return r.Member.Person
	}
	return r.Platform + ":" + r.User
}

// When returns the instant of the request.
func (r *Request) When() time.Time { return r.At }
