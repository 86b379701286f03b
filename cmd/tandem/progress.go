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
	total   int // 0 where nobody knows
	started time.Time
	drawn   time.Time
	width   int // of what stands there now
}

func (a *app) progress(what string, total int) *progress {
	return &progress{app: a, what: what, total: total, started: a.now()}
}

// at draws that n are done.
func (p *progress) at(n int) {
	if !p.app.live {
		return
	}
	now := p.app.now()
	if now.Sub(p.started) < time.Second || now.Sub(p.drawn) < 100*time.Millisecond {
		return
	}
	text := fmt.Sprintf("%s %d", p.what, n)
	if p.total > 0 {
		text += fmt.Sprintf(" of %d", p.total)
	}
	fmt.Fprint(p.app.stderr, "\r"+text)
	p.drawn, p.width = now, len(text)
}

// clear takes it away, so that a line can be printed in its place.
func (p *progress) clear() {
	if p.width > 0 {
		fmt.Fprint(p.app.stderr, "\r"+strings.Repeat(" ", p.width)+"\r")
		p.width = 0
	}
}
