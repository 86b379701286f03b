package webtest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/store"
)

// Memory is a web.Transcript and web.Settings that end with the test. Its fields
// are for a test to look at, and to damage, while nothing else uses it.
type Memory struct {
	mu       sync.Mutex
	change   int64
	Messages []store.WebMessage
	Settings map[string]string
	Broken   bool // every call fails
}

var (
	_ web.Transcript = (*Memory)(nil)
	_ web.Settings   = (*Memory)(nil)
)

var errBroken = errors.New("the disk is full")

// begin locks, unless the call is to fail.
func (m *Memory) begin(ctx context.Context) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	if m.Broken {
		m.mu.Unlock()
		return nil, errBroken
	}
	return m.mu.Unlock, nil
}

// AppendWebMessage keeps a message.
func (m *Memory) AppendWebMessage(ctx context.Context, msg store.WebMessage) (store.WebMessage, error) {
	unlock, err := m.begin(ctx)
	if err != nil {
		return msg, err
	}
	defer unlock()
	if n := int(msg.Thread); n > len(m.Messages) || n > 0 && m.Messages[n-1].Place != msg.Place {
		return msg, store.Errorf(store.CodeNotFound, "There is no message %d here to answer.", n)
	}
	m.change++
	msg.ID, msg.Change = int64(len(m.Messages)+1), m.change
	m.Messages = append(m.Messages, msg)
	return msg, nil
}

// UpdateWebMessage puts a card into a message.
func (m *Memory) UpdateWebMessage(ctx context.Context, id int64, card json.RawMessage, at time.Time) (store.WebMessage, error) {
	unlock, err := m.begin(ctx)
	if err != nil {
		return store.WebMessage{}, err
	}
	defer unlock()
	for i := range m.Messages {
		if msg := &m.Messages[i]; msg.ID == id {
			m.change++
			msg.Card, msg.Edited, msg.Change = card, at, m.change
			return *msg, nil
		}
	}
	return store.WebMessage{}, store.Errorf(store.CodeNotFound, "There is no message %d.", id)
}

// WebMessages returns what changed in a place.
func (m *Memory) WebMessages(ctx context.Context, place, viewer string, after int64, limit int) ([]store.WebMessage, error) {
	unlock, err := m.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	var out []store.WebMessage
	for _, msg := range m.Messages {
		if msg.Place == place && (msg.For == "" || msg.For == viewer) && msg.Change > after {
			out = append(out, msg)
		}
	}
	slices.SortFunc(out, func(a, b store.WebMessage) int { return cmp.Compare(a.Change, b.Change) })
	if len(out) > limit {
		if after == 0 {
			out = out[len(out)-limit:]
		} else {
			out = out[:limit]
		}
	}
	return out, nil
}

// WebMessageByKey returns the first message with a key.
func (m *Memory) WebMessageByKey(ctx context.Context, key string) (store.WebMessage, bool, error) {
	unlock, err := m.begin(ctx)
	if err != nil {
		return store.WebMessage{}, false, err
	}
	defer unlock()
	for _, msg := range m.Messages {
		if msg.Key == key {
			return msg, true, nil
		}
	}
	return store.WebMessage{}, false, nil
}

// WebSetting returns a setting.
func (m *Memory) WebSetting(ctx context.Context, name string) (string, error) {
	unlock, err := m.begin(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	return m.Settings[name], nil
}

// SetWebSetting keeps a setting.
func (m *Memory) SetWebSetting(ctx context.Context, name, value string) error {
	unlock, err := m.begin(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if m.Settings == nil {
		m.Settings = map[string]string{}
	}
	m.Settings[name] = value
	return nil
}

// All returns a copy of every message.
func (m *Memory) All() []store.WebMessage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.Messages)
}
