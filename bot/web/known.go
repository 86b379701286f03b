package web

import (
	"context"
	"fmt"
	"sync"
)

// known is who there was when it was last asked for.
type known struct {
	mu   sync.Mutex
	list []Engagement
}

// learn asks who there is.
func (w *Web) learn(ctx context.Context) error {
	list, err := w.o.Engagements(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range list {
		if id := list[i].ID; id == "" || seen[id] {
			return fmt.Errorf("an engagement is without an id, or twice there: %q", id)
		}
		seen[list[i].ID] = true
	}
	w.known.mu.Lock()
	defer w.known.mu.Unlock()
	w.known.list = list
	return nil
}

// engagements returns who there is, or was where that can't be said just now.
func (w *Web) engagements(ctx context.Context) []Engagement {
	if err := w.learn(ctx); err != nil && ctx.Err() == nil {
		w.o.Log.Error("who there is can't be read", "error", err)
	}
	w.known.mu.Lock()
	defer w.known.mu.Unlock()
	return w.known.list
}

// engagement returns one by its id.
func (w *Web) engagement(ctx context.Context, id string) (*Engagement, bool) {
	list := w.engagements(ctx)
	for i := range list {
		if list[i].ID == id {
			return &list[i], true
		}
	}
	return nil, false
}
