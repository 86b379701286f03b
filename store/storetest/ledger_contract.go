package storetest

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Directory is the part of the contract that says who is asking, and where.
type Directory interface {
	ChannelEngagements(ctx context.Context, platform, tenant, channel string) ([]string, error)
	Memberships(ctx context.Context, platform, tenant, user string) ([]store.Membership, error)
	EngagementStamp(ctx context.Context, id string) (store.Stamp, error)
	ChooseEngagement(ctx context.Context, platform, tenant, user, engagement string, at time.Time) error
	ChosenEngagement(ctx context.Context, platform, tenant, user string) (engagement string, at time.Time, err error)
	AcceptEvent(ctx context.Context, platform, tenant, eventID string, at time.Time) (fresh bool, err error)
	PruneEvents(ctx context.Context, before time.Time) (int, error)
	LearnIdentity(ctx context.Context, platform, tenant, user, email string, at time.Time) (fresh bool, err error)
	Identities(ctx context.Context, id string) ([]store.Identity, error)
	Greet(ctx context.Context, platform, tenant, user string, at time.Time) (first bool, err error)
	MoveChannel(ctx context.Context, platform, tenant, from, to string, at time.Time) error
	ChannelNow(ctx context.Context, platform, tenant, channel string) (string, error)
}

// Ledger is the part of the contract that keeps what the matrix does not name.
type Ledger interface {
	AskedUnnamed(ctx context.Context, id string, c store.Conversation, at time.Time) (now store.Conversation, opened bool, err error)
	Conversations(ctx context.Context, id string, open bool) ([]store.Conversation, error)
	CloseAsAlias(ctx context.Context, id string, conversation int, phrase string, subject store.SubjectRef, by string, at time.Time) error
	CloseAsRow(ctx context.Context, id string, conversation int, f store.Function, by string, at time.Time) (store.ImportResult, error)
	CloseAsExclusion(ctx context.Context, id string, conversation int, x store.Exclusion, by string, at time.Time) (store.ImportResult, error)
	SuggestAlias(ctx context.Context, id, phrase, key string, subject store.SubjectRef, asker store.Asker, at time.Time) error
	AliasSuggestions(ctx context.Context, id string) ([]store.AliasSuggestion, error)
	ConfirmAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error
	DismissAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error
	LearnedAliases(ctx context.Context, id string) ([]store.LearnedAlias, error)
	ForgetAlias(ctx context.Context, id, phrase, by string, at time.Time) error
}

// WebChat is the part of the contract that the browser's chat keeps its messages in.
type WebChat interface {
	AppendWebMessage(ctx context.Context, m store.WebMessage) (store.WebMessage, error)
	UpdateWebMessage(ctx context.Context, id int64, card json.RawMessage, at time.Time) (store.WebMessage, error)
	WebMessages(ctx context.Context, place, viewer string, after int64, limit int) ([]store.WebMessage, error)
	WebMessageByKey(ctx context.Context, key string) (store.WebMessage, bool, error)
	WebMessagesByKey(ctx context.Context, key string) ([]store.WebMessage, error)
	WebSetting(ctx context.Context, name string) (string, error)
	SetWebSetting(ctx context.Context, name, value string) error
}

// Platforms is the part of the contract that keeps what came in from the platforms,
// and where Tandem is on them.
type Platforms interface {
	AcceptArrival(ctx context.Context, platform, owner, id string, payload []byte, at, leaseUntil time.Time) (fresh bool, err error)
	TakeArrivals(ctx context.Context, platform, owner string, now, leaseUntil time.Time) (taken int, err error)
	WaitingArrivals(ctx context.Context, platform, owner string, after int64, limit int) ([]store.Arrival, error)
	FinishArrival(ctx context.Context, platform, id string) error
	ReleaseArrivals(ctx context.Context, owner string, now time.Time) error
	PruneArrivals(ctx context.Context, before time.Time) (int, error)

	KeepSlackInstallation(ctx context.Context, i store.SlackInstallation, at time.Time) error
	ClaimSlackRenewal(ctx context.Context, team, enterprise string, revision int, now, until time.Time) (bool, error)
	RenewSlackTokens(ctx context.Context, team, enterprise string, revision int, sealed []byte, at time.Time) error
	SlackInstallation(ctx context.Context, team, enterprise string) (store.SlackInstallation, error)
	SlackInstallations(ctx context.Context) ([]store.SlackInstallation, error)
	DropSlackInstallation(ctx context.Context, tenant string) error

	KeepTeamsConversation(ctx context.Context, c store.TeamsConversation, at time.Time) (fresh bool, err error)
	DropTeamsConversation(ctx context.Context, tenant, conversation string) error
	TeamsConversations(ctx context.Context, tenant string) ([]store.TeamsConversation, error)
	TeamsDirect(ctx context.Context, tenant, user string) (store.TeamsConversation, bool, error)
	TeamsServiceURL(ctx context.Context, tenant, conversation string) (string, error)
}

// ledger is all that the contract shows of one engagement's Ledger.
type ledger struct {
	Stamp         store.Stamp
	Conversations []store.Conversation
	Suggestions   []store.AliasSuggestion
	Aliases       []store.LearnedAlias
}

func lookAtLedger(ctx context.Context, s Store, id string) (l ledger, err error) {
	if l.Stamp, err = s.EngagementStamp(ctx, id); err != nil {
		return l, err
	}
	if l.Conversations, err = s.Conversations(ctx, id, false); err != nil {
		return l, err
	}
	if l.Suggestions, err = s.AliasSuggestions(ctx, id); err != nil {
		return l, err
	}
	l.Aliases, err = s.LearnedAliases(ctx, id)
	return l, err
}

func row(id string) store.SubjectRef {
	return store.SubjectRef{Kind: store.SubjectFunction, ID: id}
}

// ledgerCalls is the part of the isolation test's table for what stands in
// this file.
func ledgerCalls(s Store, at time.Time) map[string]call {
	type ctxt = context.Context
	theo := store.Asker{Person: "theo"}
	return map[string]call{
		"EngagementStamp": {run: func(ctx ctxt, id string) (any, error) { return s.EngagementStamp(ctx, id) }},
		"AskedUnnamed": {writes: true, run: func(ctx ctxt, id string) (any, error) {
			// Theirs has an open conversation of that key as well.
			c, opened, err := s.AskedUnnamed(ctx, id, store.Conversation{Question: "who does the badges?", Key: "badges", Asker: theo}, at)
			return []any{c, opened}, err
		}},
		"Conversations": {run: func(ctx ctxt, id string) (any, error) { return s.Conversations(ctx, id, false) }},
		"CloseAsAlias": {
			writes: true,
			run: func(ctx ctxt, id string) (any, error) {
				// Theirs has learned the phrase for another row.
				return nil, s.CloseAsAlias(ctx, id, 1, "door things", row("patching"), "maria", at)
			},
			miss: func(ctx ctxt, id string) error {
				return s.CloseAsAlias(ctx, id, 3, "anything", row("patching"), "maria", at)
			},
		},
		"CloseAsRow": {
			writes: true,
			run: func(ctx ctxt, id string) (any, error) {
				return s.CloseAsRow(ctx, id, 1, store.Function{ID: "badges", Name: "Badges", Owner: store.Internal}, "maria", at)
			},
			miss: func(ctx ctxt, id string) error {
				_, err := s.CloseAsRow(ctx, id, 3, store.Function{ID: "badges", Name: "Badges", Owner: store.Internal}, "maria", at)
				return err
			},
		},
		"CloseAsExclusion": {
			writes: true,
			run: func(ctx ctxt, id string) (any, error) {
				return s.CloseAsExclusion(ctx, id, 1, store.Exclusion{Name: "Badges"}, "maria", at)
			},
			miss: func(ctx ctxt, id string) error {
				_, err := s.CloseAsExclusion(ctx, id, 3, store.Exclusion{Name: "Badges"}, "maria", at)
				return err
			},
		},
		"SuggestAlias": {writes: true, run: func(ctx ctxt, id string) (any, error) {
			return nil, s.SuggestAlias(ctx, id, "the updates", "updates", row("patching"), theo, at)
		}},
		"AliasSuggestions": {run: func(ctx ctxt, id string) (any, error) { return s.AliasSuggestions(ctx, id) }},
		"ConfirmAlias": {
			writes: true,
			run:    func(ctx ctxt, id string) (any, error) { return nil, s.ConfirmAlias(ctx, id, 1, "maria", at) },
			miss:   func(ctx ctxt, id string) error { return s.ConfirmAlias(ctx, id, 2, "maria", at) },
		},
		"DismissAlias": {
			writes: true,
			run:    func(ctx ctxt, id string) (any, error) { return nil, s.DismissAlias(ctx, id, 1, "maria", at) },
			miss:   func(ctx ctxt, id string) error { return s.DismissAlias(ctx, id, 2, "maria", at) },
		},
		"LearnedAliases": {run: func(ctx ctxt, id string) (any, error) { return s.LearnedAliases(ctx, id) }},
		"ForgetAlias": {
			writes: true,
			run:    func(ctx ctxt, id string) (any, error) { return nil, s.ForgetAlias(ctx, id, "the keys", "maria", at) },
			miss:   func(ctx ctxt, id string) error { return s.ForgetAlias(ctx, id, "door things", "maria", at) },
		},

		// Asked before it is known which engagement somebody is in: each is
		// about one user, channel or event of a platform, across the store.
		"ChannelEngagements": {}, "Memberships": {}, "ChooseEngagement": {}, "ChosenEngagement": {},
		"AcceptEvent": {}, "PruneEvents": {}, "LearnIdentity": {}, "Greet": {}, "MoveChannel": {}, "ChannelNow": {},
		// What platforms delivered, and where Tandem is installed on them.
		"AcceptArrival": {}, "TakeArrivals": {}, "WaitingArrivals": {}, "FinishArrival": {}, "ReleaseArrivals": {}, "PruneArrivals": {},
		"KeepSlackInstallation": {}, "ClaimSlackRenewal": {}, "RenewSlackTokens": {}, "SlackInstallation": {}, "SlackInstallations": {},
		"DropSlackInstallation": {},
		"KeepTeamsConversation": {}, "DropTeamsConversation": {}, "TeamsConversations": {}, "TeamsDirect": {}, "TeamsServiceURL": {},
		"Identities": {run: func(ctx ctxt, id string) (any, error) { return s.Identities(ctx, id) }},
		// The browser's chat stands for a remote service, as Slack is one: its
		// places carry the engagement, and its adapter decides who sees them.
		"AppendWebMessage": {}, "UpdateWebMessage": {}, "WebMessages": {}, "WebMessageByKey": {}, "WebMessagesByKey": {},
		"WebSetting": {}, "SetWebSetting": {},
	}
}

// fillLedger gives both engagements what the calls need, with the same
// numbers and keys, and theirs more of each.
func fillLedger(ctx context.Context, s Store, later time.Time) error {
	stranger := store.Asker{Platform: "slack", User: "U0LAKE", Name: "Somebody of Lakeside"}
	asked := func(id, question, key string, asker store.Asker, at time.Time) func() error {
		return func() error {
			_, _, err := s.AskedUnnamed(ctx, id, store.Conversation{Question: question, Key: key, Asker: asker}, at)
			return err
		}
	}
	theo := store.Asker{Person: "theo"}
	for _, step := range []func() error{
		asked(theirs, "badges at Lakeside?", "badges", stranger, later),
		asked(ours, "who has the badges?", "badges", theo, hour(5)),
		asked(ours, "who has the keys?", "keys", theo, hour(5)),
		asked(theirs, "keys at Lakeside?", "keys", stranger, later),
		asked(theirs, "doors at Lakeside?", "doors", stranger, later),
		asked(theirs, "windows at Lakeside?", "windows", stranger, later),
		func() error { return s.CloseAsAlias(ctx, theirs, 2, "the keys", row("patching"), "lakeside", later) },
		func() error {
			return s.CloseAsAlias(ctx, theirs, 4, "door things", row("passwords"), "lakeside", later)
		},
		func() error { return s.CloseAsAlias(ctx, ours, 2, "the keys", row("passwords"), "maria", hour(6)) },
		func() error {
			return s.SuggestAlias(ctx, theirs, "updates at Lakeside", "updates", row("patching"), stranger, later)
		},
		func() error {
			return s.SuggestAlias(ctx, ours, "the updates", "updates", row("patching"), theo, hour(7))
		},
		func() error {
			return s.SuggestAlias(ctx, theirs, "logins at Lakeside", "updates", row("passwords"), stranger, later)
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
