package web

import (
	"bytes"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

const (
	pageMessages = 100  // on a page
	mostMessages = 2000 // on a page that was asked for more
	cookieName   = "tandem_speaker"
	noSeat       = "There is no such person or channel here."
)

var templates = template.Must(template.New("pages").Funcs(template.FuncMap{"clean": card.Clean}).ParseFS(assets, "assets/*.tmpl"))

// link is a way to another page.
type link struct {
	URL     string
	Text    string
	More    string // small, behind Text
	Current bool
}

// sideView is the people of one side.
type sideView struct {
	Name   string
	People []link
}

// chatView is the page of one seat.
type chatView struct {
	Engagement *Engagement
	Speaker    Person
	Initials   string
	Title      string // of the place
	Direct     bool
	Places     []link
	Sides      []sideView
	Clock      clockView
	Messages   []messageView
	Change     int64  // the last that the page has
	Earlier    string // the address of a longer page; "" where this one has all
	Say        string // where the composer sends to
	Events     string
	Here       string
	Nonce      string
	Thread     threadView // that the composer writes in
	TryNonce   string
}

// chat shows a place to a speaker.
func (w *Web) chat(rw http.ResponseWriter, r *http.Request) {
	s, e, p, ok := w.seatOf(r.Context(), r.URL.Query())
	if !ok {
		w.refuse(rw, r, http.StatusNotFound, noSeat)
		return
	}
	limit := pageMessages
	if n, err := strconv.Atoi(r.URL.Query().Get("show")); err == nil && n > limit {
		limit = min(n, mostMessages)
	}
	messages, err := w.o.Transcript.WebMessages(r.Context(), s.Place(), s.User(), 0, limit)
	if err != nil {
		w.o.Log.Error("the messages can't be read", "place", s.Place(), "error", err)
		w.refuse(rw, r, http.StatusServiceUnavailable, "Tandem can't read its messages just now. Load the page again in a moment.")
		return
	}
	v := chatView{
		Engagement: e, Speaker: p, Initials: initials(p.Name), Title: "#" + s.Channel, Direct: s.Channel == "",
		Places: places(e, s), Sides: sides(e, s), Clock: w.viewClock(s, e), Say: s.URL("/say"), Events: s.URL("/events"), Here: s.URL("/chat"),
		TryNonce: w.mint.nonce(s, origin{}),
	}
	if v.Direct {
		v.Title = "Tandem"
	}
	for i := range messages {
		v.Messages = append(v.Messages, w.viewMessage(&messages[i], s, e))
		v.Change = max(v.Change, messages[i].Change)
	}
	v.Thread = viewThread(r, v.Messages)
	v.Nonce = w.mint.nonce(s, origin{ID: v.Thread.ID})
	slices.SortFunc(v.Messages, func(a, b messageView) int { return int(a.ID - b.ID) })
	if len(messages) == limit && limit < mostMessages {
		v.Earlier = s.URL("/chat") + "&show=" + strconv.Itoa(min(limit*4, mostMessages))
	}
	http.SetCookie(rw, &http.Cookie{
		Name: cookieName, Value: url.QueryEscape(s.User()), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	w.page(rw, http.StatusOK, "chat", v)
}

// places links to the channels of the engagement and to the direct message.
func places(e *Engagement, s seat) []link {
	out := make([]link, 0, len(e.Channels)+1)
	for _, name := range append([]string{""}, e.Channels...) {
		to := seat{s.Engagement, s.Person, name}
		l := link{URL: to.URL("/chat"), Text: "#" + name, Current: to == s}
		if name == "" {
			l.Text, l.More = "Tandem", "direct message"
		}
		out = append(out, l)
	}
	return out
}

// sides links to everybody who can be spoken as, in the place of the seat.
func sides(e *Engagement, s seat) []sideView {
	var out []sideView
	add := func(side string, p Person) {
		i := slices.IndexFunc(out, func(v sideView) bool { return v.Name == side })
		if i < 0 {
			i, out = len(out), append(out, sideView{Name: side})
		}
		to := seat{e.ID, p.ID, s.Channel}
		out[i].People = append(out[i].People, link{URL: to.URL("/chat"), Text: p.Name, More: p.Roles, Current: to == s})
	}
	for _, p := range e.People {
		add(p.Side, p)
	}
	for _, id := range slices.Compact([]string{Stranger, s.Person}) {
		if p, ok := e.person(id); ok && strings.HasPrefix(id, "?") {
			add("Neither side", p)
		}
	}
	return out
}

// home goes on as whoever spoke last, or lets one choose.
func (w *Web) home(rw http.ResponseWriter, r *http.Request) {
	to := "/people"
	if c, err := r.Cookie(cookieName); err == nil {
		if user, err := url.QueryUnescape(c.Value); err == nil {
			if s, _, _, ok := w.seatOf(r.Context(), url.Values{asKey: {user}}); ok {
				to = s.URL("/chat")
			}
		}
	}
	http.Redirect(rw, r, to, http.StatusSeeOther)
}

// people lets one choose whom to speak as.
func (w *Web) people(rw http.ResponseWriter, r *http.Request) {
	type engagementView struct {
		*Engagement
		Sides []sideView
	}
	var v []engagementView
	list := w.engagements(r.Context())
	for i := range list {
		e := &list[i]
		v = append(v, engagementView{e, sides(e, seat{Engagement: e.ID})})
	}
	w.page(rw, http.StatusOK, "people", v)
}

// page writes a page, or nothing of it.
func (w *Web) page(rw http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		w.o.Log.Error("a page can't be drawn", "page", name, "error", err)
		http.Error(rw, "Something went wrong inside Tandem.", http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	_, _ = b.WriteTo(rw) // nobody could be told
}

// refuse says in a sentence why something isn't done.
func (w *Web) refuse(rw http.ResponseWriter, r *http.Request, status int, why string) {
	if !wantsJSON(r) {
		w.page(rw, status, "refused", why)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(map[string]string{"error": why})
}

// wantsJSON reports whether the page's script asks.
func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

// messageHTML draws one message as it stands on the page.
func (w *Web) messageHTML(m *store.WebMessage, s seat, e *Engagement) (string, error) {
	var b strings.Builder
	err := templates.ExecuteTemplate(&b, "message", w.viewMessage(m, s, e))
	return b.String(), err
}
