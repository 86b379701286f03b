package web

import "sync"

// maxStreams bounds the live pages, so that none can be opened without end.
const maxStreams = 256

// hub tells live pages that there is something new. It holds no messages: each
// page reads what it lacks from the transcript, so that one that is slow costs
// nothing, and one that was away misses nothing.
type hub struct {
	mu     sync.Mutex
	pages  map[chan struct{}]string // the place that each listens to
	closed chan struct{}
	once   sync.Once
}

func newHub() *hub {
	return &hub{pages: map[chan struct{}]string{}, closed: make(chan struct{})}
}

// listen returns a channel that holds a token when there may be something new;
// false where there are too many pages already.
func (h *hub) listen(place string) (chan struct{}, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.pages) >= maxStreams {
		return nil, false
	}
	c := make(chan struct{}, 1)
	h.pages[c] = place
	return c, true
}

func (h *hub) leave(c chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pages, c)
}

// tell wakes the pages of a place; "" wakes all.
func (h *hub) tell(place string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c, at := range h.pages {
		if place != "" && at != place {
			continue
		}
		select {
		case c <- struct{}{}:
		default: // it has been told already
		}
	}
}

// close ends every stream.
func (h *hub) close() { h.once.Do(func() { close(h.closed) }) }
