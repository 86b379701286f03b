package teams

import (
	"context"
	"slices"
	"sync"

	"github.com/tandem-bot/tandem/bot/inbox"
)

// Reference is what has to be known of a conversation to speak in it unasked.
type Reference struct {
	Tenant       string
	Conversation string // without ;messageid
	User         string // the person of a personal chat; "" elsewhere
	ServiceURL   string
}

// References keeps conversations. All of it may happen more than once.
type References interface {
	// Keep stores a conversation under its tenant and id, its service URL in place
	// of an older one, and reports whether the conversation is new.
	Keep(ctx context.Context, r Reference) (fresh bool, err error)
	// Drop forgets a conversation, as after an uninstall.
	Drop(ctx context.Context, tenant, conversation string) error
	// Direct returns the personal chat with somebody.
	Direct(ctx context.Context, tenant, user string) (r Reference, found bool, err error)
	// ServiceURL returns that of a conversation, or the newest of its tenant, or "".
	ServiceURL(ctx context.Context, tenant, conversation string) (string, error)
}

// Memory is an Inbox and References that end with the process: for tests and for
// trying out.
type Memory struct {
	inbox.Memory

	mu   sync.Mutex // guards refs
	refs []Reference
}

// Keep stores a conversation.
func (m *Memory) Keep(_ context.Context, r Reference) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.refs)
	m.drop(r.Tenant, r.Conversation)
	fresh := len(m.refs) == n
	m.refs = append(m.refs, r)
	return fresh, nil
}

// All returns every conversation that is kept.
func (m *Memory) All() []Reference {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.refs)
}

// Drop forgets a conversation.
func (m *Memory) Drop(_ context.Context, tenant, conversation string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop(tenant, conversation)
	return nil
}

func (m *Memory) drop(tenant, conversation string) {
	m.refs = slices.DeleteFunc(m.refs, func(r Reference) bool { return r.Tenant == tenant && r.Conversation == conversation })
}

// Direct returns the personal chat with somebody.
func (m *Memory) Direct(_ context.Context, tenant, user string) (Reference, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range slices.Backward(m.refs) {
		if r.Tenant == tenant && r.User == user && user != "" {
			return r, true, nil
		}
	}
	return Reference{}, false, nil
}

// ServiceURL returns that of a conversation, or the newest of its tenant.
func (m *Memory) ServiceURL(_ context.Context, tenant, conversation string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	newest := ""
	for _, r := range slices.Backward(m.refs) {
		if r.Tenant != tenant {
			continue
		}
		if r.Conversation == conversation {
			return r.ServiceURL, nil
		}
		if newest == "" {
			newest = r.ServiceURL
		}
	}
	return newest, nil
}
