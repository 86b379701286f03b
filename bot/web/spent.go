package web

import "sync"

// maxSpent bounds how many nonces are remembered.
const maxSpent = 1000

// spent remembers the last nonces of moves of the clock, so that a form that is
// sent twice moves it once. Messages are recognised by their keys instead.
type spent struct {
	mu    sync.Mutex
	known map[string]bool
	order []string
}

func (s *spent) has(nonce string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[nonce]
}

func (s *spent) add(nonce string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]bool{}
	}
	s.known[nonce] = true
	s.order = append(s.order, nonce)
	if len(s.order) > maxSpent {
		delete(s.known, s.order[0])
		s.order = s.order[1:]
	}
}
