package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// batch is how many messages a live page reads at once.
const batch = 50

// stream is one live page.
type stream struct {
	w     *Web
	rw    http.ResponseWriter
	rc    *http.ResponseController
	seat  seat
	e     *Engagement
	after int64  // the last change that it has
	clock string // the clock's offset that it shows
}

// events keeps a page live by server-sent events. The id of a message's event
// is its change number, so a browser that comes back says what it has.
func (w *Web) events(rw http.ResponseWriter, r *http.Request) {
	s, e, _, ok := w.seatOf(r.Context(), r.URL.Query())
	if !ok || !sameSite(r) {
		w.refuse(rw, r, http.StatusNotFound, noSeat)
		return
	}
	st := &stream{w: w, rw: rw, rc: http.NewResponseController(rw), seat: s, e: e, after: lastSeen(r)}
	news, ok := w.hub.listen(s.Place())
	if !ok {
		w.refuse(rw, r, http.StatusServiceUnavailable, "Too many pages are open; close some.")
		return
	}
	defer w.hub.leave(news)
	_ = st.rc.SetReadDeadline(time.Time{}) // where it can't be set there is none
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	st.run(r.Context(), news)
}

// lastSeen is the change that the browser has already.
func lastSeen(r *http.Request) int64 {
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	return 0
}

// run sends what is new until the browser goes, is too slow, or Tandem stops.
func (st *stream) run(ctx context.Context, news <-chan struct{}) {
	beat := time.NewTicker(st.w.o.Heartbeat)
	defer beat.Stop()
	alive := true
	for {
		if err := st.send(ctx, alive); err != nil {
			if ctx.Err() == nil {
				st.w.o.Log.Warn("a live page ended", "user", st.seat.User(), "error", err)
			}
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-st.w.hub.closed:
			return
		case <-news:
			alive = false
		case <-beat.C:
			alive = true
		}
	}
}

// send writes the messages that the page lacks, and the clock. A sign of life
// is written also where there is nothing new.
func (st *stream) send(ctx context.Context, alive bool) error {
	var b bytes.Buffer
	st.writeClock(&b, alive)
	for {
		messages, err := st.w.o.Transcript.WebMessages(ctx, st.seat.Place(), st.seat.User(), st.after, batch)
		if err != nil {
			return err
		}
		before := st.after
		for i := range messages {
			m := &messages[i]
			html, err := st.w.messageHTML(m, st.seat, st.e)
			if err != nil {
				return err
			}
			st.after = max(st.after, m.Change)
			writeEvent(&b, "message", m.Change, map[string]any{"id": m.ID, "html": html})
		}
		if err := st.write(ctx, &b); err != nil {
			return err
		}
		// After 0 the newest came, and there are none beyond them.
		if len(messages) < batch || before == 0 {
			return nil
		}
	}
}

// writeClock tells the time, as a sign of life and when the clock was moved.
func (st *stream) writeClock(b *bytes.Buffer, alive bool) {
	offset := st.w.o.Clock.setting()
	if offset == st.clock && !alive {
		return
	}
	st.clock = offset
	v := st.w.viewClock(st.seat, st.e)
	var html strings.Builder
	if err := templates.ExecuteTemplate(&html, "clock-moves", v); err != nil {
		st.w.o.Log.Error("the clock can't be drawn", "error", err)
	}
	data := map[string]any{"iso": v.ISO, "text": v.Text, "moved": offset, "html": html.String()}
	b.WriteString(": alive\n\n")
	writeEvent(b, "clock", 0, data)
}

// writeEvent writes one event; 0 is no id.
func writeEvent(b *bytes.Buffer, name string, id int64, data map[string]any) {
	if id > 0 {
		fmt.Fprintf(b, "id: %d\n", id)
	}
	text, _ := json.Marshal(data) // strings and numbers
	fmt.Fprintf(b, "event: %s\ndata: %s\n\n", name, text)
}

// write sends the buffer. A browser that doesn't take it in time is dropped.
func (st *stream) write(ctx context.Context, b *bytes.Buffer) error {
	if b.Len() > 0 {
		limited, cancel := context.WithTimeout(ctx, st.w.o.WriteTimeout)
		defer cancel()
		if deadline, ok := limited.Deadline(); ok {
			_ = st.rc.SetWriteDeadline(deadline) // where it can't be set there is none
		}
		if _, err := b.WriteTo(st.rw); err != nil {
			return err
		}
	}
	return st.rc.Flush()
}
