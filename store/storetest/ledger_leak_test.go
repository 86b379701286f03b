package storetest

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func (l leaky) EngagementStamp(ctx context.Context, id string) (store.Stamp, error) {
	return l.Store.EngagementStamp(ctx, l.id("EngagementStamp", id))
}

func (l leaky) AskedUnnamed(ctx context.Context, id string, c store.Conversation, at time.Time) (store.Conversation, bool, error) {
	return l.Store.AskedUnnamed(ctx, l.id("AskedUnnamed", id), c, at)
}

func (l leaky) Conversations(ctx context.Context, id string, open bool) ([]store.Conversation, error) {
	return l.Store.Conversations(ctx, l.id("Conversations", id), open)
}

func (l leaky) CloseAsAlias(ctx context.Context, id string, conversation int, phrase string, subject store.SubjectRef, by string, at time.Time) error {
	return l.Store.CloseAsAlias(ctx, l.id("CloseAsAlias", id), conversation, phrase, subject, by, at)
}

func (l leaky) CloseAsRow(ctx context.Context, id string, conversation int, f store.Function, by string, at time.Time) (store.ImportResult, error) {
	return l.Store.CloseAsRow(ctx, l.id("CloseAsRow", id), conversation, f, by, at)
}

func (l leaky) CloseAsExclusion(ctx context.Context, id string, conversation int, x store.Exclusion, by string, at time.Time) (store.ImportResult, error) {
	return l.Store.CloseAsExclusion(ctx, l.id("CloseAsExclusion", id), conversation, x, by, at)
}

func (l leaky) SuggestAlias(ctx context.Context, id, phrase, key string, subject store.SubjectRef, asker store.Asker, at time.Time) error {
	return l.Store.SuggestAlias(ctx, l.id("SuggestAlias", id), phrase, key, subject, asker, at)
}

func (l leaky) AliasSuggestions(ctx context.Context, id string) ([]store.AliasSuggestion, error) {
	return l.Store.AliasSuggestions(ctx, l.id("AliasSuggestions", id))
}

func (l leaky) ConfirmAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error {
	return l.Store.ConfirmAlias(ctx, l.id("ConfirmAlias", id), suggestion, by, at)
}

func (l leaky) DismissAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error {
	return l.Store.DismissAlias(ctx, l.id("DismissAlias", id), suggestion, by, at)
}

func (l leaky) LearnedAliases(ctx context.Context, id string) ([]store.LearnedAlias, error) {
	return l.Store.LearnedAliases(ctx, l.id("LearnedAliases", id))
}

func (l leaky) ForgetAlias(ctx context.Context, id, phrase, by string, at time.Time) error {
	return l.Store.ForgetAlias(ctx, l.id("ForgetAlias", id), phrase, by, at)
}

func (l leaky) Identities(ctx context.Context, id string) ([]store.Identity, error) {
	return l.Store.Identities(ctx, l.id("Identities", id))
}
