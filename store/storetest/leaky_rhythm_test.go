package storetest

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// The leaks of the methods of the rhythm.

func (l leaky) Rhythm(ctx context.Context, id string) (store.Rhythm, error) {
	return l.Store.Rhythm(ctx, l.id("Rhythm", id))
}

func (l leaky) ApplySweep(ctx context.Context, id, owner string, c store.Change, at time.Time) error {
	if l.method == "ApplySweep" && id == ours && len(c.Redraws) > 0 {
		other := c
		r, err := l.Store.Rhythm(ctx, theirs)
		if err != nil {
			return err
		}
		// Theirs is due years later.
		if _, err := l.ClaimSweeps(ctx, owner, at.AddDate(90, 0, 0), at.AddDate(91, 0, 0), 9); err != nil {
			return err
		}
		other.Seen = r.Seen
		if err := l.Store.ApplySweep(ctx, theirs, owner, other, at); err != nil {
			return err
		}
	}
	return l.Store.ApplySweep(ctx, id, owner, c, at)
}

func (l leaky) RecordAnswer(ctx context.Context, id string, a store.Answer, b []store.Blocker, at time.Time) error {
	return l.Store.RecordAnswer(ctx, l.id("RecordAnswer", id), a, b, at)
}

func (l leaky) CloseBlocker(ctx context.Context, id string, blocker int, by string, at time.Time) error {
	return l.Store.CloseBlocker(ctx, l.id("CloseBlocker", id), blocker, by, at)
}

func (l leaky) RSVP(ctx context.Context, id string, r store.RSVP, at time.Time) error {
	return l.Store.RSVP(ctx, l.id("RSVP", id), r, at)
}

func (l leaky) MoveOccurrence(ctx context.Context, id string, m store.Moving, at time.Time) error {
	return l.Store.MoveOccurrence(ctx, l.id("MoveOccurrence", id), m, at)
}

func (l leaky) SkipOccurrence(ctx context.Context, id string, s store.Skipping, at time.Time) error {
	return l.Store.SkipOccurrence(ctx, l.id("SkipOccurrence", id), s, at)
}

func (l leaky) RecordOccurrence(ctx context.Context, id, cadence, civil string, r store.Record, at time.Time) error {
	return l.Store.RecordOccurrence(ctx, l.id("RecordOccurrence", id), cadence, civil, r, at)
}

func (l leaky) PauseCadence(ctx context.Context, id string, p store.Pause, at time.Time) error {
	return l.Store.PauseCadence(ctx, l.id("PauseCadence", id), p, at)
}

func (l leaky) ResumeCadence(ctx context.Context, id string, r store.Resuming, at time.Time) error {
	return l.Store.ResumeCadence(ctx, l.id("ResumeCadence", id), r, at)
}

func (l leaky) Occurrences(ctx context.Context, id, cadence string, limit int) ([]store.Occurrence, error) {
	return l.Store.Occurrences(ctx, l.id("Occurrences", id), cadence, limit)
}

func (l leaky) Transitions(ctx context.Context, id, cadence, civil string) ([]store.Transition, error) {
	return l.Store.Transitions(ctx, l.id("Transitions", id), cadence, civil)
}

func (l leaky) FindingTransitions(ctx context.Context, id string) ([]store.FindingTransition, error) {
	return l.Store.FindingTransitions(ctx, l.id("FindingTransitions", id))
}

func (l leaky) RequestAcknowledgement(ctx context.Context, id string, r store.AckRequest, at time.Time) (int, error) {
	return l.Store.RequestAcknowledgement(ctx, l.id("RequestAcknowledgement", id), r, at)
}

func (l leaky) Acknowledge(ctx context.Context, id string, a store.Acknowledging, at time.Time) (store.AckResult, error) {
	return l.Store.Acknowledge(ctx, l.id("Acknowledge", id), a, at)
}

func (l leaky) UndoAcknowledgement(ctx context.Context, id string, u store.Undoing, at time.Time) error {
	return l.Store.UndoAcknowledgement(ctx, l.id("UndoAcknowledgement", id), u, at)
}

func (l leaky) Acknowledgements(ctx context.Context, id string, f store.AckFilter) ([]store.Acknowledgement, error) {
	return l.Store.Acknowledgements(ctx, l.id("Acknowledgements", id), f)
}

func (l leaky) VerifyAudit(ctx context.Context, id string) (store.AuditCheck, error) {
	return l.Store.VerifyAudit(ctx, l.id("VerifyAudit", id))
}

func (l leaky) FinishDelivery(ctx context.Context, d store.Delivery, o store.Outcome, now time.Time) error {
	d.Engagement = l.id("FinishDelivery", d.Engagement)
	return l.Store.FinishDelivery(ctx, d, o, now)
}

func (l leaky) DeadDeliveries(ctx context.Context, id string) ([]store.Delivery, error) {
	return l.Store.DeadDeliveries(ctx, l.id("DeadDeliveries", id))
}
