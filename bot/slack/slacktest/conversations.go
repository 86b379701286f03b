package slacktest

import (
	"slices"
	"strconv"
	"strings"
)

// readable finds a channel that the call may read with a kind of scope.
func (c *call) readable(verb string) (*Channel, *refusal) {
	ch := c.channel(c.args.str("channel"))
	if ch == nil {
		if why := c.need("channels:"+verb, "groups:"+verb, "mpim:"+verb, "im:"+verb); why != nil {
			return nil, why
		}
		return nil, no("channel_not_found")
	}
	if why := c.need(ch.scope(verb)); why != nil {
		return nil, why
	}
	if !ch.known(c.in) {
		return nil, no("channel_not_found")
	}
	return ch, nil
}

func (c *call) open() (obj, *refusal) {
	users := strings.Split(c.args.str("users"), ",")
	if id := c.args.str("channel"); id != "" {
		ch := c.channel(id)
		if ch == nil || ch.with != c.in {
			return nil, no("channel_not_found")
		}
		users = []string{ch.im.ID}
	}
	if len(users) != 1 {
		return nil, no("not_enough_users") // group messages aren't here
	}
	if users[0] == "" {
		return nil, no("users_list_not_supplied")
	}
	if why := c.need("im:write"); why != nil {
		return nil, why
	}
	p := c.person(users[0])
	switch {
	case p == nil || !c.meets(p, c.in):
		return nil, no("user_not_found")
	case p.Deleted:
		return nil, no("user_disabled")
	}
	ch := c.direct(p, c.in)
	about := obj{"id": ch.id}
	if c.args.yes("return_im") {
		about = ch.json(c.in)
	}
	return obj{"channel": about}, nil
}

func (c *call) info() (obj, *refusal) {
	ch, why := c.readable("read")
	if why != nil {
		return nil, why
	}
	about := ch.json(c.in)
	if c.args.yes("include_num_members") {
		about["num_members"] = len(ch.members)
	}
	return obj{"channel": about}, nil
}

// json is a channel as the Web API shows it.
func (ch *Channel) json(in *Install) obj {
	if ch.im != nil {
		return obj{
			"id": ch.id, "is_im": true, "is_channel": false, "is_group": false, "is_mpim": false, "user": ch.im.ID,
			"is_archived": false, "is_org_shared": false, "is_ext_shared": ch.shared(), "is_shared": ch.shared(),
			"context_team_id": in.Team, "is_user_deleted": ch.im.Deleted, "created": 1,
		}
	}
	return obj{
		"id": ch.id, "name": ch.name, "name_normalized": ch.name, "is_channel": !ch.private, "is_group": ch.private, "is_im": false,
		"is_mpim": false, "is_private": ch.private, "is_archived": ch.archived, "is_general": false, "created": 1,
		"is_shared": ch.shared(), "is_ext_shared": ch.shared(), "is_org_shared": false, "is_pending_ext_shared": false,
		"is_member": slices.Contains(ch.members, in.UserID), "context_team_id": in.Team, "shared_team_ids": ch.teams,
		"connected_team_ids":   slices.DeleteFunc(slices.Clone(ch.teams), func(t string) bool { return t == in.Team }),
		"conversation_host_id": ch.teams[0], "previous_names": []string{},
		"topic": obj{"value": "", "creator": "", "last_set": 0}, "purpose": obj{"value": "", "creator": "", "last_set": 0},
	}
}

func (c *call) list() (obj, *refusal) {
	types := strings.Split(c.args.str("types"), ",")
	if c.args.str("types") == "" {
		types = []string{"public_channel"}
	}
	var all []any
	for _, kind := range types {
		verb, known := map[string]string{"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}[strings.TrimSpace(kind)]
		if !known {
			return nil, no("invalid_types")
		}
		if why := c.need(verb + ":read"); why != nil {
			return nil, why
		}
		for _, ch := range c.channels {
			if ch.known(c.in) && ch.scope("read") == verb+":read" && (!ch.archived || !c.args.yes("exclude_archived")) {
				all = append(all, ch.json(c.in))
			}
		}
	}
	return c.page("channels", all, 100)
}

func (c *call) membersOf() (obj, *refusal) {
	ch, why := c.readable("read")
	if why != nil {
		return nil, why
	}
	var all []any
	for _, id := range ch.members {
		all = append(all, id)
	}
	return c.page("members", all, 100)
}

func (c *call) join() (obj, *refusal) {
	ch := c.channel(c.args.str("channel"))
	switch {
	case ch == nil || !slices.Contains(ch.teams, c.in.Team) && ch.im == nil:
		return nil, no("channel_not_found")
	case ch.im != nil || ch.private:
		return nil, no("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, no("is_archived")
	}
	if slices.Contains(ch.members, c.in.UserID) {
		return obj{"channel": ch.json(c.in), "warning": "already_in_channel", "response_metadata": obj{"warnings": []string{"already_in_channel"}}}, nil
	}
	ch.members = append(ch.members, c.in.UserID)
	return obj{"channel": ch.json(c.in)}, nil
}

func (c *call) history() (obj, *refusal) {
	ch, why := c.readable("history")
	if why != nil {
		return nil, why
	}
	if !slices.Contains(ch.members, c.in.UserID) {
		return nil, no("not_in_channel")
	}
	var all []any
	for _, m := range slices.Backward(ch.messages) {
		if m.only == "" && (m.thread == "" || m.thread == m.ts) && c.between(m.ts) {
			all = append(all, ch.withReplies(c, m))
		}
	}
	return c.page("messages", all, 100)
}

func (c *call) replies() (obj, *refusal) {
	ch, why := c.readable("history")
	if why != nil {
		return nil, why
	}
	if !slices.Contains(ch.members, c.in.UserID) {
		return nil, no("not_in_channel")
	}
	root := ch.find(c.args.str("ts"))
	if root == nil {
		return nil, no("thread_not_found")
	}
	if root.thread != "" {
		root = ch.find(root.thread)
	}
	all := []any{ch.withReplies(c, root)}
	for _, m := range ch.messages {
		if m.only == "" && m.thread == root.ts && m != root && c.between(m.ts) {
			all = append(all, m.json(c.Slack, c.in, c.args.yes("include_all_metadata")))
		}
	}
	return c.page("messages", all, 1000)
}

// withReplies is a message as history shows it: the root of a thread says so.
func (ch *Channel) withReplies(c *call, root *message) obj {
	o := root.json(c.Slack, c.in, c.args.yes("include_all_metadata"))
	var who []string
	n, latest := 0, ""
	for _, m := range ch.messages {
		if m.only == "" && m.thread == root.ts && m != root {
			n, latest = n+1, m.ts
			if !slices.Contains(who, m.user) {
				who = append(who, m.user)
			}
		}
	}
	if n > 0 {
		o["thread_ts"], o["reply_count"], o["latest_reply"] = root.ts, n, latest
		o["reply_users"], o["reply_users_count"], o["is_locked"], o["subscribed"] = who, len(who), false, false
	}
	return o
}

// between reports whether a message is within oldest and latest.
func (c *call) between(ts string) bool {
	oldest, latest, inclusive := c.args.str("oldest"), c.args.str("latest"), c.args.yes("inclusive")
	at := tsTime(ts)
	if oldest != "" && oldest != "0" {
		if o := tsTime(oldest); at.Before(o) || at.Equal(o) && !inclusive {
			return false
		}
	}
	if latest != "" && latest != "now" {
		if l := tsTime(latest); at.After(l) || at.Equal(l) && !inclusive {
			return false
		}
	}
	return true
}

// page returns a page of a list, by limit and cursor.
func (c *call) page(name string, all []any, limit int) (obj, *refusal) {
	limit = min(c.args.number("limit", limit), 1000)
	if limit < 1 {
		return nil, no("invalid_limit")
	}
	from := 0
	if cursor := c.args.str("cursor"); cursor != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(cursor, "next:"))
		if err != nil || n < 0 || n > len(all) || !strings.HasPrefix(cursor, "next:") {
			return nil, no("invalid_cursor")
		}
		from = n
	}
	to, next := from+limit, ""
	if to < len(all) {
		next = "next:" + strconv.Itoa(to)
	}
	to = min(to, len(all))
	part := append([]any{}, all[from:to]...)
	return obj{name: part, "has_more": next != "", "response_metadata": obj{"next_cursor": next}}, nil
}
