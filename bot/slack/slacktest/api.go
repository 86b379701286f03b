package slacktest

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxBody is more than any body that Slack takes.
const maxBody = 4 << 20

// refusal is an answer that is not ok.
type refusal struct {
	word  string
	extra obj
}

func no(word string) *refusal { return &refusal{word: word} }

// call is one call of the Web API.
type call struct {
	*Slack
	args args
	tok  *token
	in   *Install
}

// args are a call's arguments. What is JSON in a form is text there.
type args map[string]any

func (a args) str(name string) string {
	switch v := a[name].(type) {
	case string:
		return v
	case nil:
		return ""
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(text)
	}
}

func (a args) yes(name string) bool { s := a.str(name); return s == "true" || s == "1" }

func (a args) number(name string, otherwise int) int {
	n, err := strconv.Atoi(a.str(name))
	if err != nil {
		return otherwise
	}
	return n
}

// value returns an argument that is JSON; ok is false where it isn't.
func (a args) value(name string) (v any, ok bool) {
	text, isText := a[name].(string)
	if !isText {
		return a[name], true
	}
	if text == "" {
		return nil, true
	}
	return v, json.Unmarshal([]byte(text), &v) == nil
}

// method is what Slack knows of one of its methods.
type method struct {
	perMinute int      // its tier; 0 is a rate of its own
	scopes    []string // one of them is needed
	run       func(c *call) (obj, *refusal)
	app       bool // takes the app-level token
	open      bool // takes no token
}

// methods are those that a bot token can call here.
var methods map[string]method

func init() {
	write, users := []string{"chat:write"}, []string{"users:read"}
	methods = map[string]method{
		"api.test":              {perMinute: 100, run: (*call).apiTest, open: true},
		"auth.test":             {perMinute: 600, run: (*call).authTest},
		"auth.revoke":           {perMinute: 50, run: (*call).authRevoke},
		"apps.connections.open": {perMinute: 1, run: (*call).connectionsOpen, app: true},
		"bots.info":             {perMinute: 50, scopes: users, run: (*call).botsInfo},
		"chat.postMessage":      {scopes: write, run: (*call).postMessage},
		"chat.postEphemeral":    {perMinute: 100, scopes: write, run: (*call).postEphemeral},
		"chat.update":           {perMinute: 50, scopes: write, run: (*call).update},
		"chat.delete":           {perMinute: 50, scopes: write, run: (*call).remove},
		"chat.getPermalink":     {perMinute: 600, run: (*call).permalink},
		"conversations.open":    {perMinute: 50, scopes: []string{"im:write", "mpim:write", "channels:manage", "groups:write"}, run: (*call).open},
		"conversations.info":    {perMinute: 50, run: (*call).info},
		"conversations.history": {perMinute: 50, run: (*call).history},
		"conversations.replies": {perMinute: 50, run: (*call).replies},
		"conversations.list":    {perMinute: 20, run: (*call).list},
		"conversations.members": {perMinute: 100, run: (*call).membersOf},
		"conversations.join":    {perMinute: 50, scopes: []string{"channels:join"}, run: (*call).join},
		"users.info":            {perMinute: 100, scopes: users, run: (*call).usersInfo},
		"users.list":            {perMinute: 20, scopes: users, run: (*call).usersList},
		"users.lookupByEmail":   {perMinute: 50, scopes: []string{"users:read.email"}, run: (*call).lookupByEmail},
		"views.open":            {perMinute: 100, run: (*call).viewsOpen},
		"views.push":            {perMinute: 100, run: (*call).viewsPush},
		"views.update":          {perMinute: 100, run: (*call).viewsUpdate},
		"views.publish":         {perMinute: 100, run: (*call).viewsPublish},
		"oauth.v2.access":       {perMinute: 100, run: (*call).oauthAccess, open: true},
	}
}

// serveAPI answers a call of the Web API.
func (s *Slack) serveAPI(w http.ResponseWriter, r *http.Request) {
	a, why := readArgs(r)
	s.mu.Lock()
	w.Header().Set("Date", s.o.Now().Add(s.skew).UTC().Format(http.TimeFormat))
	name := r.PathValue("method")
	rec := Call{Method: name, Args: map[string]string{}, Fault: s.fault(name)}
	for k := range a {
		rec.Args[k] = a.str(k)
	}
	answer := obj{}
	retryAfter := 0
	if rec.Fault == TooMany {
		why, retryAfter = no("ratelimited"), 1
	}
	if why == nil && (rec.Fault == Nothing || rec.Fault == BrokenAfter || rec.Fault == Lost) {
		c := &call{Slack: s, args: a}
		answer, why, retryAfter = c.answer(name, w.Header())
		if c.in != nil {
			rec.Team = c.in.Team
		}
	}
	if why != nil {
		rec.Error = why.word
		answer = obj{"ok": false, "error": why.word}
		for k, v := range why.extra {
			answer[k] = v
		}
	}
	s.calls = append(s.calls, rec)
	body, err := json.Marshal(answer)
	s.mu.Unlock()
	if err != nil || rec.Fault == Broken || rec.Fault == BrokenAfter {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	if rec.Fault == Dropped || rec.Fault == Lost {
		hangUp(w)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		w.WriteHeader(http.StatusTooManyRequests)
	}
	_, _ = w.Write(body) // whoever has gone need not be told
}

// hangUp breaks a connection without an answer.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close() // that is the point
	}
}

// answer checks the token, the rate and the scope, in Slack's order, and runs
// the method. The lock is held.
func (c *call) answer(name string, h http.Header) (obj, *refusal, int) {
	m, known := methods[name]
	if !known {
		return nil, &refusal{"unknown_method", obj{"req_method": name}}, 0
	}
	if !m.open {
		if why := c.authorize(m); why != nil {
			return nil, why, 0
		}
		h.Set("X-OAuth-Scopes", strings.Join(c.tok.scopes, ","))
		h.Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
	}
	if why := c.need(m.scopes...); why != nil {
		return nil, why, 0
	}
	if wait := c.tooFast(name, m.perMinute); wait > 0 {
		return nil, no("ratelimited"), wait
	}
	answer, why := m.run(c)
	if why != nil {
		return nil, why, 0
	}
	answer["ok"] = true
	return answer, nil, 0
}

// authorize finds whose token it is.
func (c *call) authorize(m method) *refusal {
	value := c.args.str("token")
	if value == "" {
		return no("not_authed")
	}
	if value == c.app.AppToken {
		if !m.app {
			return no("not_allowed_token_type")
		}
		c.tok = &token{value: value, scopes: []string{"connections:write"}}
		return nil
	}
	t := c.tokens[value]
	switch {
	case t == nil:
		return no("invalid_auth")
	case t.revoked != "":
		return no(t.revoked)
	case !t.expires.IsZero() && !c.o.Now().Before(t.expires):
		return no("token_expired")
	case m.app:
		return no("not_allowed_token_type")
	}
	c.tok, c.in = t, t.install
	return nil
}

// need checks that the token has one of the scopes.
func (c *call) need(scopes ...string) *refusal {
	if len(scopes) == 0 || slices.ContainsFunc(scopes, c.has) {
		return nil
	}
	return &refusal{"missing_scope", obj{"needed": strings.Join(scopes, ","), "provided": strings.Join(c.tok.scopes, ",")}}
}

func (c *call) has(scope string) bool { return slices.Contains(c.tok.scopes, scope) }

// readArgs reads a form, JSON or the query, and the token from the header.
func readArgs(r *http.Request) (args, *refusal) {
	a := args{}
	for k, v := range r.URL.Query() {
		a[k] = v[0]
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	switch kind {
	case "application/json":
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
		if err != nil {
			return a, no("invalid_post_type")
		}
		var fields obj
		// The SDK asks for a connection with no body at all, which Slack takes.
		if len(body) > 0 && json.Unmarshal(body, &fields) != nil {
			return a, no("invalid_json")
		}
		for k, v := range fields {
			if k != "token" { // of a JSON body Slack takes no token
				a[k] = v
			}
		}
	case "application/x-www-form-urlencoded", "multipart/form-data":
		if r.ParseMultipartForm(maxBody) != nil && r.PostForm == nil {
			return a, no("invalid_form_data")
		}
		for k, v := range r.PostForm {
			a[k] = v[0]
		}
	case "":
	default:
		return a, no("invalid_post_type")
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		a["token"] = bearer
	}
	if basic, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Basic "); ok {
		if plain, err := base64.StdEncoding.DecodeString(basic); err == nil {
			id, secret, _ := strings.Cut(string(plain), ":")
			a["client_id"], a["client_secret"] = id, secret
		}
	}
	return a, nil
}
