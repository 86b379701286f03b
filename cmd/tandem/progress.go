package main

import (
	"fmt"
	"strings"
	"time"
)

// progress draws "importing 40 of 500" on a terminal, from the first second on
// and ten times a second at most. Elsewhere it draws nothing.
type progress struct {
	app     *app
	what    string
	total   int
	started time.Time
	drawn   time.Time
}

func (a *app) progress(what string, total int) *progress {
	return &progress{app: a, what: what, total: total, started: a.now()}
}

func (p *progress) at(n int) {
	now := p.app.now()
	if !p.app.live || now.Sub(p.started) < time.Second || now.Sub(p.drawn) < 100*time.Millisecond {
		return
	}
	p.drawn = now
	fmt.Fprintf(p.app.stderr, "\r%s %d of %d", p.what, n, p.total)
}

func (p *progress) done() {
	if !p.drawn.IsZero() {
		fmt.Fprint(p.app.stderr, "\r"+strings.Repeat(" ", len(p.what)+24)+"\r")
	}
}
