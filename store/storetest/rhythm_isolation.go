package storetest

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// rhythmCalls is the part of the table for the rhythm. What is about the whole
// store hands out work for the engine room and shows nobody anything.
func rhythmCalls(s Store) map[string]call {
	at := hour(20)
	one := func(f func(ctx context.Context, id string) error) func(context.Context, string) (any, error) {
		return func(ctx context.Context, id string) (any, error) { return nil, f(ctx, id) }
	}
	return map[string]call{
		"ClaimSweeps": {}, "NextDue": {}, "ReleaseSweeps": {}, "ClaimDeliveries": {}, "ReleaseDeliveries": {},
		"Rhythm": {run: func(ctx context.Context, id string) (any, error) { return s.Rhythm(ctx, id) }},
		"Occurrences": {run: func(ctx context.Context, id string) (any, error) {
			return s.Occurrences(ctx, id, "standup", 9)
		}},
		"Transitions": {
			run: func(ctx context.Context, id string) (any, error) { return s.Transitions(ctx, id, "standup", monday) },
			miss: func(ctx context.Context, id string) error {
				_, err := s.Transitions(ctx, id, "standup", "2030-01-07T09:00")
				return err
			},
		},
		"FindingTransitions": {run: func(ctx context.Context, id string) (any, error) { return s.FindingTransitions(ctx, id) }},
		"Acknowledgements": {run: func(ctx context.Context, id string) (any, error) {
			return s.Acknowledgements(ctx, id, store.AckFilter{})
		}},
		"VerifyAudit":    {run: func(ctx context.Context, id string) (any, error) { return s.VerifyAudit(ctx, id) }},
		"DeadDeliveries": {run: func(ctx context.Context, id string) (any, error) { return s.DeadDeliveries(ctx, id) }},
		"ApplySweep": {writes: true, run: one(func(ctx context.Context, id string) error {
			return sweep(ctx, s, id, at, func(store.Rhythm) store.Change {
				return store.Change{Redraws: []store.Redraw{{Key: "prompt", Card: cardOf("another")}}}
			})
		})},
		"RecordAnswer": {
			writes: true,
			run: one(func(ctx context.Context, id string) error {
				return s.RecordAnswer(ctx, id, store.Answer{Cadence: "standup", Civil: monday, Person: "theo", Kind: store.NothingToReport}, nil, at)
			}),
			miss: func(ctx context.Context, id string) error {
				return s.RecordAnswer(ctx, id, store.Answer{Cadence: "standup", Civil: "2030-01-07T09:00", Person: "theo", Kind: store.NothingToReport}, nil, at)
			},
		},
		"CloseBlocker": {
			writes: true,
			run:    one(func(ctx context.Context, id string) error { return s.CloseBlocker(ctx, id, 1, "maria", at) }),
			miss:   func(ctx context.Context, id string) error { return s.CloseBlocker(ctx, id, 2, "maria", at) },
		},
		"RSVP": {writes: true, run: one(func(ctx context.Context, id string) error {
			return s.RSVP(ctx, id, store.RSVP{Cadence: "qbr", Civil: tuesday, Person: "theo", Coming: true}, at)
		})},
		"MoveOccurrence": {writes: true, run: one(func(ctx context.Context, id string) error {
			return s.MoveOccurrence(ctx, id, store.Moving{Cadence: "qbr", Civil: tuesday, Due: hour(40), Grace: hour(50), Reason: "a trip", By: "maria"}, at)
		})},
		"SkipOccurrence": {writes: true, run: one(func(ctx context.Context, id string) error {
			return s.SkipOccurrence(ctx, id, store.Skipping{Cadence: "qbr", Civil: tuesday, Reason: "a trip", By: "maria"}, at)
		})},
		"RecordOccurrence": {writes: true, run: one(func(ctx context.Context, id string) error {
			return s.RecordOccurrence(ctx, id, "qbr", tuesday, store.Record{By: "maria", Next: day(2027, 1, 5)}, at)
		})},
		"PauseCadence": {writes: true, run: one(func(ctx context.Context, id string) error {
			// Theirs rests on these very days.
			return s.PauseCadence(ctx, id, store.Pause{Cadence: "qbr", From: day(2029, 1, 1), Until: day(2033, 1, 1), Reason: "a move", By: "maria"}, at)
		})},
		"ResumeCadence": {writes: true, run: one(func(ctx context.Context, id string) error {
			return s.ResumeCadence(ctx, id, store.Resuming{Cadence: "standup", From: day(2027, 1, 2), By: "maria"}, at)
		})},
		"RequestAcknowledgement": {writes: true, run: func(ctx context.Context, id string) (any, error) {
			r := announcement("maria")
			r.Key = "later" // which theirs has
			return s.RequestAcknowledgement(ctx, id, r, at)
		}},
		"Acknowledge": {
			writes: true,
			run: func(ctx context.Context, id string) (any, error) {
				return s.Acknowledge(ctx, id, store.Acknowledging{Request: 1, Person: "theo", How: store.ByButton}, at)
			},
			miss: func(ctx context.Context, id string) error {
				_, err := s.Acknowledge(ctx, id, store.Acknowledging{Request: 2, Person: "maria", How: store.ByButton}, at)
				return err
			},
		},
		"UndoAcknowledgement": {writes: true, run: one(func(ctx context.Context, id string) error {
			return s.UndoAcknowledgement(ctx, id, store.Undoing{Request: 1, Person: "maria", How: store.ByButton}, hour(10))
		})},
		"FinishDelivery": {writes: true, run: one(func(ctx context.Context, id string) error {
			d := store.Delivery{Engagement: id, Post: "prompt", N: 1, Owner: "sender", Attempt: 1, Claim: 1}
			return s.FinishDelivery(ctx, d, store.Outcome{Kind: store.OutcomeSent, Message: "m1"}, at)
		})},
	}
}

// fillRhythm gives both engagements the same rhythm, theirs with its marks.
func fillRhythm(ctx context.Context, s Store, later func(int) time.Time) error {
	if err := fillOne(ctx, s, theirs, "lakeside", "of Lakeside", day(2031, 1, 1), later); err != nil {
		return err
	}
	if err := fillOne(ctx, s, ours, "maria", "of ours", day(2027, 1, 1), hour); err != nil {
		return err
	}
	// Theirs has one more of everything.
	r := announcement("maria")
	r.Key, r.By, r.Title = "later", "lakeside", "Lakeside later"
	if _, err := s.RequestAcknowledgement(ctx, theirs, r, later(11)); err != nil {
		return err
	}
	blocked := store.Answer{Cadence: "standup", Civil: "2030-01-07T09:00", Person: "theo", Kind: store.Answered, Answers: []string{"Lakeside"}}
	if err := s.RecordAnswer(ctx, theirs, blocked, []store.Blocker{{Text: "Lakeside"}}, later(11)); err != nil {
		return err
	}
	return nil
}

func fillOne(ctx context.Context, s Store, id, by, mark string, d store.Date, at func(int) time.Time) error {
	due, prepared := standup(), review(8)
	due.Due, due.Grace, prepared.Due, prepared.Grace = at(8), at(16), at(8), at(30)
	finding := store.OpenFinding{
		Finding: store.Finding{Kind: store.FindingMissed, Subject: "standup", Facts: "Two were missed, " + mark},
		Level:   store.LevelWatch, Opened: at(5), Climbed: at(5),
	}
	c := store.Change{
		Create:   []store.Occurrence{due, prepared},
		Findings: []store.FindingChange{{OpenFinding: finding}},
		Posts: []store.Post{
			postOf("prompt", store.AboutOccurrence("standup", monday), "channel "+mark),
			postOf("lost", store.AboutOccurrence("qbr", tuesday), "gone "+mark),
		},
		Next: at(8),
	}
	if id == theirs {
		due.Civil = "2030-01-07T09:00"
		c.Create = append(c.Create, due)
	}
	ask := announcement("maria", "theo")
	ask.By, ask.Title = by, "VPN "+mark
	for _, step := range []func() error{
		func() error { return sweep(ctx, s, id, at(5), func(store.Rhythm) store.Change { return c }) },
		func() error {
			a := store.Answer{Cadence: "standup", Civil: monday, Person: "maria", Kind: store.Answered, Answers: []string{"tickets " + mark}, Platform: "web"}
			return s.RecordAnswer(ctx, id, a, []store.Blocker{{Text: "licence " + mark, Function: "patching"}}, at(6))
		},
		func() error {
			return s.RSVP(ctx, id, store.RSVP{Cadence: "qbr", Civil: tuesday, Person: "maria", Coming: id == theirs, Platform: mark}, at(6))
		},
		func() error {
			return s.PauseCadence(ctx, id, store.Pause{Cadence: "standup", From: d, Until: d.AddDays(9), Reason: "rest " + mark, By: by}, at(7))
		},
		func() error {
			if id != theirs {
				return nil
			}
			return s.PauseCadence(ctx, id, store.Pause{Cadence: "qbr", From: d, Until: d.AddDays(9), Reason: "rest " + mark, By: by}, at(7))
		},
		func() error { _, err := s.RequestAcknowledgement(ctx, id, ask, at(8)); return err },
		func() error {
			_, err := s.Acknowledge(ctx, id, store.Acknowledging{Request: 1, Person: "maria", How: store.ByForm, Identity: mark}, at(10))
			return err
		},
		// The prompt is on its way, and another post is lost.
		func() error {
			list, err := s.ClaimDeliveries(ctx, "sender", at(9), at(10), 10)
			for _, d := range list {
				if d.Post == "lost" {
					err = s.FinishDelivery(ctx, d, store.Outcome{Kind: store.OutcomeDead, Reason: "archived " + mark}, at(9))
				}
			}
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
