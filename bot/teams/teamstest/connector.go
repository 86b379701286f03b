package teamstest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// sizeMost is how long a message may be.
const sizeMost = 28 << 10

// Revoke makes the token that was given out worth nothing.
func (t *Teams) Revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = "none"
}

func respond(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, code string) {
	respond(w, status, map[string]any{"error": map[string]any{"code": code, "message": "refused"}})
}

type handler func(w http.ResponseWriter, r *http.Request, body map[string]any)

// guarded checks the token, keeps the request, and lets faults strike.
func (t *Teams) guarded(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		t.mu.Lock()
		defer t.mu.Unlock()
		var body map[string]any
		_ = json.Unmarshal(data, &body)
		t.requests = append(t.requests, Request{r.Method, r.URL.Path, r.URL.RawQuery, body})
		if r.Header.Get("Authorization") != "Bearer "+t.token {
			refuse(w, http.StatusUnauthorized, "Unauthorized")
			return
		}
		var fault *Fault
		if len(t.faults) > 0 {
			fault, t.faults = &t.faults[0], t.faults[1:]
		}
		switch {
		case fault != nil:
			if fault.Arrives {
				h(discard{http.Header{}}, r, body)
			}
			if fault.Status == 0 {
				panic(http.ErrAbortHandler)
			}
			if fault.After != "" {
				w.Header().Set("Retry-After", fault.After)
			}
			refuse(w, fault.Status, fault.Code)
		case len(data) > sizeMost:
			refuse(w, http.StatusRequestEntityTooLarge, "MessageSizeTooBig")
		default:
			h(w, r, body)
		}
	}
}

// discard is an answer that gets lost.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// create makes a chat with a person, or begins a thread in a channel.
func (t *Teams) create(w http.ResponseWriter, _ *http.Request, body map[string]any) {
	channel, _ := dig(body, "channelData", "channel", "id").(string)
	if channel == "" {
		members, _ := body["members"].([]any)
		if len(members) != 1 || dig(body, "channelData", "tenant", "id") != t.o.Tenant {
			refuse(w, http.StatusBadRequest, "BadSyntax")
			return
		}
		user, _ := dig(members[0], "id").(string)
		id := t.chat(strings.TrimPrefix(user, "29:"))
		if t.blocked[id] {
			refuse(w, http.StatusForbidden, "MessageWritesBlocked")
			return
		}
		respond(w, http.StatusCreated, map[string]any{"id": id})
		return
	}
	if !t.reachable(w, channel) {
		return
	}
	a, _ := body["activity"].(map[string]any)
	id := t.next()
	t.messages = append(t.messages, Message{ID: id, Conversation: channel, Thread: id, Activity: a})
	respond(w, http.StatusCreated, map[string]any{"id": channel + ";messageid=" + id, "activityId": id})
}

func (t *Teams) reachable(w http.ResponseWriter, conversation string) bool {
	switch {
	case t.blocked[conversation] && t.chats[conversation] != "":
		refuse(w, http.StatusForbidden, "MessageWritesBlocked")
	case t.blocked[conversation]:
		refuse(w, http.StatusForbidden, "BotNotInConversationRoster")
	case !t.channels[conversation] && t.chats[conversation] == "":
		refuse(w, http.StatusNotFound, "ConversationNotFound")
	default:
		return true
	}
	return false
}

// post puts a message into a conversation. As in Teams, only one that is a card
// alone, or a text alone, gets an id.
func (t *Teams) post(w http.ResponseWriter, r *http.Request, body map[string]any) {
	channel, root := base(r.PathValue("id"))
	if !t.reachable(w, channel) {
		return
	}
	m := Message{ID: t.next(), Conversation: channel, Thread: root, Activity: body}
	if r.URL.Query().Get("isTargetedActivity") == "true" {
		m.Only, _ = dig(body, "recipient", "id").(string)
		if !t.targeted || m.Only == "" {
			refuse(w, http.StatusBadRequest, "BadArgument")
			return
		}
	}
	t.messages = append(t.messages, m)
	if body["text"] != nil && body["attachments"] != nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	respond(w, http.StatusCreated, map[string]any{"id": m.ID})
}

func (t *Teams) find(w http.ResponseWriter, r *http.Request) int {
	channel, _ := base(r.PathValue("id"))
	if !t.reachable(w, channel) {
		return -1
	}
	targeted := r.URL.Query().Get("isTargetedActivity") == "true"
	i := slices.IndexFunc(t.messages, func(m Message) bool {
		return m.Conversation == channel && m.ID == r.PathValue("message") && (m.Only != "") == targeted
	})
	if i < 0 {
		refuse(w, http.StatusNotFound, "ActivityNotFoundInConversation")
	}
	return i
}

func (t *Teams) put(w http.ResponseWriter, r *http.Request, body map[string]any) {
	if i := t.find(w, r); i >= 0 {
		t.messages[i].Activity = body
		respond(w, http.StatusOK, map[string]any{"id": t.messages[i].ID})
	}
}

func (t *Teams) remove(w http.ResponseWriter, r *http.Request, _ map[string]any) {
	if i := t.find(w, r); i >= 0 {
		t.messages = slices.Delete(t.messages, i, i+1)
		w.WriteHeader(http.StatusOK)
	}
}

// Member is what the roster says of somebody beside their ids.
type Member struct{ Email, Principal, Tenant string }

// Join puts somebody on the roster of a conversation. Who joined none is found on
// all of them, and listed on none.
func (t *Teams) Join(conversation, user string, m Member) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.roster[user] == nil {
		t.roster[user] = map[string]Member{}
	}
	t.roster[user][conversation] = m
}

// BreakRoster lets the roster answer with a status; 0 ends it.
func (t *Teams) BreakRoster(status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rosterFails = status
}

// RosterAsked tells how often a roster was asked.
func (t *Teams) RosterAsked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rosterAsked
}

// member tells of one person of a conversation, by the id that Teams calls them.
func (t *Teams) member(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rosterAsked++
	conversation, _ := base(r.PathValue("id"))
	if !t.answers(w, r, conversation) {
		return
	}
	user, called := strings.CutPrefix(r.PathValue("member"), "29:")
	of := t.roster[user]
	if _, on := of[conversation]; !called || len(of) > 0 && !on {
		refuse(w, http.StatusNotFound, "MemberNotFoundInConversation")
		return
	}
	respond(w, http.StatusOK, t.told(user, conversation))
}

// members lists who is in a conversation, two a page. Those are who joined it, and
// of a chat its person.
func (t *Teams) members(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rosterAsked++
	conversation, _ := base(r.PathValue("id"))
	if !t.answers(w, r, conversation) {
		return
	}
	asked := r.URL.Query()
	if asked.Has("continuationToken") && asked.Get("continuationToken") == "" {
		refuse(w, http.StatusForbidden, "BadArgument")
		return
	}
	var users []string
	for user, of := range t.roster {
		if _, on := of[conversation]; on {
			users = append(users, user)
		}
	}
	if user := t.chats[conversation]; user != "" && !slices.Contains(users, user) {
		users = append(users, user)
	}
	slices.Sort(users)
	from, _ := strconv.Atoi(asked.Get("continuationToken"))
	page, next := users[min(from, len(users)):min(from+2, len(users))], ""
	if from+2 < len(users) {
		next = strconv.Itoa(from + 2)
	}
	out := make([]any, len(page))
	for i, user := range page {
		m := t.told(user, conversation)
		m["objectId"] = m["aadObjectId"]
		delete(m, "aadObjectId")
		out[i] = m
	}
	respond(w, http.StatusOK, map[string]any{"members": out, "continuationToken": next})
}

// answers reports whether the roster tells; faults of messages don't strike it.
func (t *Teams) answers(w http.ResponseWriter, r *http.Request, conversation string) bool {
	switch {
	case r.Header.Get("Authorization") != "Bearer "+t.token:
		refuse(w, http.StatusUnauthorized, "Unauthorized")
	case t.rosterFails != 0:
		refuse(w, t.rosterFails, "ServiceError")
	default:
		return t.reachable(w, conversation)
	}
	return false
}

func (t *Teams) told(user, conversation string) map[string]any {
	m := t.roster[user][conversation]
	if m.Tenant == "" {
		m.Tenant = t.o.Tenant
	}
	return map[string]any{
		"id": "29:" + user, "aadObjectId": user, "tenantId": m.Tenant, "email": m.Email, "userPrincipalName": m.Principal,
	}
}

// dig finds something inside of objects.
func dig(v any, path ...string) any {
	for _, name := range path {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}
