package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot/web"
)

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	for target, status := range map[string]int{
		"/people": 200, "/": 303, chatURL("maria", ""): 200, "/static/chat.css": 200, "/static/chat.js": 200, "/static/logo.svg": 200,
		"/nowhere": 404, "/static/": 404, "/static/nothing": 404, "/static/..%2fchat.tmpl": 404, "/chat": 404, "/events": 404,
		"/chat?as=harbor-legal%2Fnobody": 404, "/chat?as=nowhere%2Fmaria": 404, "/chat?as=harbor-legal%2Fmaria&in=secret": 404,
		"/chat?as=evil%2Fmaria": 404, "/chat?as=harbor-legal%2Fmaria&in=evil%2Fa": 404, "/say": 404, "/press": 404, "/clock": 404,
	} {
		rec := c.get(target)
		if rec.Code != status {
			t.Errorf("%s: status %d, want %d", target, rec.Code, status)
		}
		h := rec.Header()
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", target, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: headers %v", target, h)
		}
		if body := rec.Body.String(); strings.Contains(h.Get("Content-Type"), "text/html") {
			lacks(t, body, "<style", " style=", " onclick", "javascript:", "http://", "https://")
		}
	}
}

func TestOtherHostsAreRefused(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, func(o *web.Options) { o.Hosts = []string{"tandem.example"} })}
	for host, status := range map[string]int{
		"127.0.0.1": 200, "localhost:80": 200, "[::1]:8080": 200, "[::1]": 200, "LOCALHOST": 200, "localhost.": 200, "tandem.example:1": 200,
		"evil.example": 421, "127.0.0.1.evil.example": 421, "": 421, "localhost.evil.example:8080": 421, "127.0.0.2": 421,
	} {
		c.head = map[string]string{"Host": host}
		if rec := c.get("/people"); rec.Code != status {
			t.Errorf("host %q: status %d, want %d", host, rec.Code, status)
		}
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	action, fields := c.form(c.get(chatURL("maria", "")).Body.String(), `id="say"`)
	fields["text"] = "who?"
	for _, head := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"},
		{"Sec-Fetch-Site": "same-site"},
		{"Sec-Fetch-Site": "", "Origin": "http://evil.example"},
		{"Sec-Fetch-Site": "", "Origin": "null"},
		{"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:9999"},
	} {
		c.head = head
		if rec := c.post(action, fields); rec.Code != http.StatusForbidden {
			t.Errorf("%v: status %d", head, rec.Code)
		}
	}
	c.head = map[string]string{"Sec-Fetch-Site": "cross-site"}
	if rec := c.get("/events?as=harbor-legal%2Fmaria"); rec.Code != http.StatusNotFound {
		t.Errorf("events for another site: status %d", rec.Code)
	}
	if got := len(c.w.script.all()); got != 0 {
		t.Errorf("%d events came through", got)
	}
}

func TestFormsThatAreNotOursAreRefused(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	action, fields := c.form(c.get(chatURL("maria", "coordination")).Body.String(), `id="say"`)
	good := fields["nonce"]
	fields["text"] = "who?"
	for _, nonce := range []string{"", "x", "AAAA", good[:len(good)-2] + "AA", good + "A", strings.Repeat("A", len(good)), " " + good} {
		fields["nonce"] = nonce
		if rec := c.post(action, fields); rec.Code != http.StatusForbidden {
			t.Errorf("nonce %q: status %d", nonce, rec.Code)
		}
	}
	fields["nonce"] = good
	for _, other := range []string{ // the form of one seat in the name of another
		"/say?as=harbor-legal%2Fdevon&in=coordination", "/say?as=harbor-legal%2Fmaria", "/say?as=harbor-legal%2Fmaria&in=managers",
	} {
		if rec := c.post(other, fields); rec.Code != http.StatusForbidden {
			t.Errorf("%s: status %d", other, rec.Code)
		}
	}
	if rec := c.post("/say?as=harbor-legal%2Fnobody", fields); rec.Code != http.StatusNotFound {
		t.Errorf("nobody: status %d", rec.Code)
	}
	if got := len(c.w.memory.All()); got != 0 {
		t.Errorf("%d messages were kept", got)
	}
}

func TestBodiesThatAreTooMuch(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	action, fields := c.form(c.get(chatURL("maria", "")).Body.String(), `id="say"`)
	nonce := fields["nonce"]
	encoded := "application/x-www-form-urlencoded"
	many := url.Values{"nonce": {nonce}}
	for i := range 200 {
		many.Set("field."+strings.Repeat("x", i), "")
	}
	file := "--b\r\nContent-Disposition: form-data; name=\"text\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n"
	for name, one := range map[string]struct {
		kind, body string
		status     int
	}{
		"64 KB":           {encoded, "nonce=" + nonce + "&text=" + strings.Repeat("a", 70_000), 413},
		"10,001":          {encoded, "nonce=" + nonce + "&text=" + strings.Repeat("a", 10_001), 413},
		"many fields":     {encoded, many.Encode(), 400},
		"a long command":  {encoded, "nonce=" + nonce + "&say=" + strings.Repeat("a", 3000), 413},
		"JSON":            {"application/json", "{}", 400},
		"no kind":         {"", "text=x", 400},
		"a bad escape":    {encoded, "text=%zz", 400},
		"no boundary":     {"multipart/form-data", "x", 400},
		"a file":          {"multipart/form-data; boundary=b", file, 400},
		"half a body":     {"multipart/form-data; boundary=b", file[:40], 403},
		"a bad origin":    {encoded, "nonce=" + nonce + "&on=-1", 400},
		"a wrong origin":  {encoded, "nonce=" + nonce + "&on=7", 403},
		"nothing at all":  {encoded, "", 403},
		"an empty text":   {encoded, "nonce=" + nonce + "&text=+%0A", 303},
		"another as well": {encoded, "nonce=" + nonce + "&text=hi&unknown=1", 303},
	} {
		if rec := c.do(http.MethodPost, action, one.kind, strings.NewReader(one.body)); rec.Code != one.status {
			t.Errorf("%s: status %d, want %d", name, rec.Code, one.status)
		}
	}
	press := strings.Replace(action, "/say", "/press", 1)
	if rec := c.post(press, fields); rec.Code != http.StatusBadRequest {
		t.Errorf("a press of nothing: status %d", rec.Code)
	}
}

func TestAStoreThatFailsIsSaid(t *testing.T) {
	c := client{t: t, w: open(t, &memory{}, nil)}
	action, fields := c.form(c.get(chatURL("maria", "")).Body.String(), `id="say"`)
	fields["text"] = "who owns password resets?"
	c.w.memory.Broken = true
	for _, rec := range []int{c.post(action, fields).Code, c.get(chatURL("maria", "")).Code} {
		if rec != http.StatusServiceUnavailable {
			t.Errorf("status %d", rec)
		}
	}
	c.w.memory.Broken = false
	if rec := c.post(action, fields); rec.Code != http.StatusSeeOther { // the same form again
		t.Errorf("status %d", rec.Code)
	}
	if got := len(c.w.memory.All()); got != 2 {
		t.Errorf("%d messages", got)
	}
}

func TestACardOfANewerTandemIsSaid(t *testing.T) {
	m := &memory{}
	c := client{t: t, w: open(t, m, nil)}
	fill(t, c.w, 1)
	m.Messages[0].Card = []byte(`[{"block":"video"}]`)
	wants(t, c.get(chatURL("maria", "coordination")).Body.String(), "This card can&#39;t be shown here")
}
