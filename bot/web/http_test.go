package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// client is a browser without a script.
type client struct {
	t    *testing.T
	w    *world
	head map[string]string // headers of every request
}

func (c client) do(method, target string, kind string, body io.Reader) *httptest.ResponseRecorder {
	c.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, target, body)
	r.Host = "127.0.0.1:8080"
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if method == http.MethodPost {
		r.Header.Set("Origin", "http://127.0.0.1:8080")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range c.head {
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	rec := httptest.NewRecorder()
	c.w.web.ServeHTTP(rec, r)
	return rec
}

func (c client) get(target string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.do(http.MethodGet, target, "", nil)
}

// post sends fields as multipart/form-data, as the page's forms do.
func (c client) post(target string, fields map[string]string) *httptest.ResponseRecorder {
	c.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := m.WriteField(name, value); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		c.t.Fatal(err)
	}
	return c.do(http.MethodPost, target, m.FormDataContentType(), &b)
}

var (
	formTag  = regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	inputTag = regexp.MustCompile(`<input type="hidden" name="([^"]*)"[^>]*value="([^"]*)"`)
)

// form finds a form of a page by a text in it, and returns where it is sent to
// with its hidden fields.
func (c client) form(page, holds string) (string, map[string]string) {
	c.t.Helper()
	for _, m := range formTag.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m[0], holds) {
			continue
		}
		fields := map[string]string{}
		for _, in := range inputTag.FindAllStringSubmatch(m[2], -1) {
			fields[html.UnescapeString(in[1])] = html.UnescapeString(in[2])
		}
		return html.UnescapeString(m[1]), fields
	}
	c.t.Fatalf("no form with %q in:\n%s", holds, page)
	return "", nil
}

// say writes in a place and returns the page after it.
func (c client) say(page, text string) string {
	c.t.Helper()
	action, fields := c.form(c.get(page).Body.String(), `id="say"`)
	fields["text"] = text
	rec := c.post(action, fields)
	if rec.Code != http.StatusSeeOther {
		c.t.Fatalf("saying %.40q: %d %s", text, rec.Code, rec.Body)
	}
	return c.get(rec.Header().Get("Location")).Body.String()
}

func wants(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("%q isn't in:\n%s", text, page)
		}
	}
}

func lacks(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) {
			t.Errorf("%q stands in:\n%s", text, page)
		}
	}
}

func TestAQuestionIsAnswered(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	page := c.say(chatURL("maria", ""), "@Tandem, who owns password resets?\r\nand why?")
	wants(t, page, "Maria Ortega", "<strong class=\"card-who\">Theo Lindqvist</strong>", "Wed 25 Nov, 12:00 EST", "Only you and Tandem read this")
	e := c.w.script.all()[0]
	if e.Platform != "web" || e.User != "harbor-legal/maria" || e.Channel != "" || e.Name != "Maria Ortega" || e.ID == "" ||
		e.Text != "who owns password resets?\nand why?" || !e.At.Equal(noon) {
		t.Errorf("the event is %+v", e)
	}
	// Nobody else reads a direct message.
	lacks(t, c.get(chatURL("devon", "")).Body.String(), "password-resets")
	wants(t, c.say(chatURL("maria", ""), "nothing"), "nothing")
}

func TestInAChannelPeopleMayTalkToEachOther(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	page := chatURL("maria", "coordination")
	for _, said := range []string{"good morning", "@tandem who leads?", "tandems are bikes"} {
		action, fields := c.form(c.get(page).Body.String(), `id="say"`)
		fields["text"], fields["to-people"] = said, "yes"
		if rec := c.post(action, fields); rec.Code != http.StatusSeeOther {
			t.Fatal(rec.Code)
		}
	}
	events := c.w.script.all()
	if len(events) != 1 || events[0].Text != "who leads?" || events[0].Channel != "harbor-legal/coordination" {
		t.Errorf("Tandem heard %+v", events)
	}
	wants(t, c.get(chatURL("devon", "coordination")).Body.String(), "good morning")
}

func TestAFormHasOneEffect(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	action, fields := c.form(c.get(chatURL("maria", "coordination")).Body.String(), `id="say"`)
	fields["text"] = "who owns password resets?"
	done := make(chan int, 8)
	for range cap(done) {
		go func() { done <- c.post(action, fields).Code }()
	}
	for range cap(done) {
		if code := <-done; code != http.StatusSeeOther {
			t.Errorf("status %d", code)
		}
	}
	if got := len(c.w.memory.All()); got != 2 {
		t.Errorf("%d messages, want the question and the answer", got)
	}
}

func TestButtonsAndForms(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	page := c.say(chatURL("maria", "coordination"), "who owns password resets?")
	action, fields := c.form(page, "Why this row?")
	fields["say"] = "why password-resets"
	c.post(action, fields)
	page = c.get(chatURL("maria", "coordination")).Body.String()
	wants(t, page, "Only you see this", "Matched on: password, resets.", `href="#m2"`)
	lacks(t, c.get(chatURL("devon", "coordination")).Body.String(), "Matched on")

	action, fields = c.form(page, "Escalate")
	fields["say"] = "escalate password-resets"
	c.post(action, fields)
	for _, who := range []string{"maria", "devon"} {
		page = c.get(chatURL(who, "coordination")).Body.String()
		wants(t, page, "By Maria Ortega.", "updated <time")
		lacks(t, page, "Escalation path")
	}

	page = c.say(chatURL("maria", "coordination"), "away")
	action, fields = c.form(page, "Who is away?")
	fields[`field.from`], fields["field.who"], fields["field.note"] = "2026-12-24", "maria", " two\r\nlines "
	c.post(action, fields)
	events := c.w.script.all()
	e := events[len(events)-1]
	if e.Say != "away" || e.Message != "5" || e.Values["from"] != "2026-12-24" || e.Values["note"] != "two\nlines" || e.Text != "" {
		t.Errorf("the event is %+v", e)
	}
}

func TestAPrivateCardIsNotPutWhereAllReadIt(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	page := c.say(chatURL("maria", "coordination"), "who owns password resets?")
	action, fields := c.form(page, "Escalate")
	fields["on"] = "2p" // as if the message were hers alone
	fields["say"] = "escalate password-resets"
	if rec := c.post(action, fields); rec.Code != http.StatusForbidden {
		t.Errorf("status %d", rec.Code)
	}
}

func TestTheScriptGetsANewNonce(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil), head: map[string]string{"Accept": "application/json"}}
	action, fields := c.form(c.get(chatURL("maria", "")).Body.String(), `id="say"`)
	for range 3 {
		fields["text"] = "who?"
		rec := c.post(action, fields)
		var said struct{ Nonce, Error string }
		if err := json.Unmarshal(rec.Body.Bytes(), &said); err != nil || rec.Code != http.StatusOK || said.Nonce == "" || said.Nonce == fields["nonce"] {
			t.Fatalf("%d %s %v", rec.Code, rec.Body, err)
		}
		fields["nonce"] = said.Nonce
	}
	if got := len(c.w.script.all()); got != 3 {
		t.Errorf("%d events", got)
	}
	fields["nonce"] = "x"
	if rec := c.post(action, fields); rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), `"error":`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestEarlierMessages(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	fill(t, c.w, 130)
	page := c.get(chatURL("maria", "coordination")).Body.String()
	lacks(t, page, "post 29.")
	wants(t, page, "post 30.", "post 129.", "Show earlier messages")
	page = c.get(chatURL("maria", "coordination") + "&show=400").Body.String()
	wants(t, page, "post 0.")
	lacks(t, page, "Show earlier messages")
	wants(t, c.get(chatURL("maria", "coordination")+"&show=-1").Body.String(), "post 129.")
}

func TestHomeRemembersWhoSpoke(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	if to := c.get("/").Header().Get("Location"); to != "/people" {
		t.Errorf("home leads to %q", to)
	}
	wants(t, c.get("/people").Body.String(), "Maria Ortega", "internal lead", "Palmetto Ridge IT", "Somebody else", "&lt;script&gt;")
	cookie := c.get(chatURL("maria", "managers")).Header().Get("Set-Cookie")
	wants(t, cookie, "SameSite=Strict", "HttpOnly")
	name, _, _ := strings.Cut(cookie, ";")
	c.head = map[string]string{"Cookie": name}
	if to := c.get("/").Header().Get("Location"); to != chatURL("maria", "") {
		t.Errorf("home leads to %q", to)
	}
	for _, bad := range []string{"tandem_speaker=nobody", "tandem_speaker=%zz", "tandem_speaker=harbor-legal%2Fnobody"} {
		c.head["Cookie"] = bad
		if to := c.get("/").Header().Get("Location"); to != "/people" {
			t.Errorf("with %s home leads to %q", bad, to)
		}
	}
}

func TestMarkupStaysText(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	page := c.say("/chat?as=evil%2Fx&in="+url.QueryEscape("a/b ?&#"), `<script>alert("text")</script><!channel> "><img src=x onerror=alert(1)>`)
	lacks(t, page, "<script>", "<!channel", "<img src=x", "<b>")
	wants(t, page, "&lt;script&gt;alert(&#34;text&#34;)", "&lt;!channel&gt;")
	page = c.say(chatURL("?stranger", ""), strings.Repeat("é", 10_000))
	wants(t, page, strings.Repeat("é", 10_000), "Somebody else", "on no list")
	page = c.say(chatURL("maria", ""), "a\u202eb\x1b[31m\u0000c\u200b\n  d  e")
	wants(t, page, ">ab[31mc\nd e<")
	// What is a mention in the middle stays.
	if got := c.w.script.all(); got[2].Text != "a\u202eb\x1b[31m\u0000c\u200b\n  d  e" {
		t.Errorf("Tandem read %q", got[2].Text)
	}
	for i := range 3 {
		if _, err := fmt.Fprint(io.Discard, c.say(chatURL("maria", "managers"), strings.Repeat("🙂", 9_000+i))); err != nil {
			t.Fatal(err)
		}
	}
}
