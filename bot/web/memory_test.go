package web_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// memory is a Transcript and Settings that keep nothing.
type memory struct {
	mu       sync.Mutex
	messages []store.WebMessage
	change   int64
	settings map[string]string
	broken   bool // every call fails
}

var errBroken = errors.New("the disk is full")

func (m *memory) begin() (func(), error) {
	m.mu.Lock()
	if m.broken {
		m.mu.Unlock()
		return nil, errBroken
	}
	return m.mu.Unlock, nil
}

func (m *memory) AppendWebMessage(_ context.Context, msg store.WebMessage) (store.WebMessage, error) {
	unlock, err := m.begin()
	if err != nil {
		return msg, err
	}
	defer unlock()
	if n := int(msg.Thread); n > len(m.messages) || n > 0 && m.messages[n-1].Place != msg.Place {
		return msg, store.Errorf(store.CodeNotFound, "There is no message %d here to answer.", n)
	}
	m.change++
	msg.ID, msg.Change = int64(len(m.messages)+1), m.change
	m.messages = append(m.messages, msg)
	return msg, nil
}

func (m *memory) UpdateWebMessage(_ context.Context, id int64, card json.RawMessage, at time.Time) (store.WebMessage, error) {
	unlock, err := m.begin()
	if err != nil {
		return store.WebMessage{}, err
	}
	defer unlock()
	for i := range m.messages {
		if msg := &m.messages[i]; msg.ID == id {
			m.change++
			msg.Card, msg.Edited, msg.Change = card, at, m.change
			return *msg, nil
		}
	}
	return store.WebMessage{}, store.Errorf(store.CodeNotFound, "There is no message %d.", id)
}

func (m *memory) WebMessages(_ context.Context, place, viewer string, after int64, limit int) ([]store.WebMessage, error) {
	unlock, err := m.begin()
	if err != nil {
		return nil, err
	}
	defer unlock()
	var out []store.WebMessage
	for _, msg := range m.messages {
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

func (m *memory) WebMessageByKey(_ context.Context, key string) (store.WebMessage, bool, error) {
	unlock, err := m.begin()
	if err != nil {
		return store.WebMessage{}, false, err
	}
	defer unlock()
	for _, msg := range m.messages {
		if msg.Key == key {
			return msg, true, nil
		}
	}
	return store.WebMessage{}, false, nil
}

func (m *memory) WebSetting(_ context.Context, name string) (string, error) {
	unlock, err := m.begin()
	if err != nil {
		return "", err
	}
	defer unlock()
	return m.settings[name], nil
}

func (m *memory) SetWebSetting(_ context.Context, name, value string) error {
	unlock, err := m.begin()
	if err != nil {
		return err
	}
	defer unlock()
	if m.settings == nil {
		m.settings = map[string]string{}
	}
	m.settings[name] = value
	return nil
}

// all returns a copy of every message.
func (m *memory) all() []store.WebMessage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.messages)
}
