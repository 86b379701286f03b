package web

import (
	"net/http"
	"strconv"
)

// threadKey names, in the address of a page, the message in whose thread its
// composer writes.
const threadKey = "thread"

// threadView is the thread that the composer writes in; the zero one is none.
type threadView struct {
	ID int64
	Of string // who began it, and when, where the page has it
}

// viewThread reads which thread a page was asked for.
func viewThread(r *http.Request, messages []messageView) threadView {
	id, err := strconv.ParseInt(r.URL.Query().Get(threadKey), 10, 64)
	if err != nil || id <= 0 {
		return threadView{}
	}
	v := threadView{id, "an earlier message"}
	for i := range messages {
		if m := &messages[i]; m.ID == id {
			v.Of = m.Name + ", " + m.At.Text
		}
	}
	return v
}

// threadURL returns the address of a page whose composer writes in a thread; 0
// is outside of one.
func (s seat) threadURL(id int64) string {
	if id == 0 {
		return s.URL("/chat")
	}
	return s.URL("/chat") + "&" + threadKey + "=" + strconv.FormatInt(id, 10)
}
