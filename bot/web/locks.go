package web

import "sync"

// locks hold one lock for each name that is in use, so that of two sendings of
// one form the second waits for the first.
type locks struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

// lock waits for a name and returns what gives it back.
func (l *locks) lock(name string) (unlock func()) {
	for {
		l.mu.Lock()
		if l.held == nil {
			l.held = map[string]chan struct{}{}
		}
		busy, taken := l.held[name]
		if !taken {
			free := make(chan struct{})
			l.held[name] = free
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				delete(l.held, name)
				l.mu.Unlock()
				close(free)
			}
		}
		l.mu.Unlock()
		<-busy
	}
}
