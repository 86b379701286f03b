package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// rhythmStore is the part of the contract that keeps the rhythm.
type rhythmStore interface {
	ClaimSweeps(ctx context.Context, owner string, now, leaseUntil time.Time, limit int) ([]string, error)
	Rhythm(ctx context.Context, id string) (store.Rhythm, error)
	ApplySweep(ctx context.Context, id, owner string, c store.Change, at time.Time) error
	ReleaseSweeps(ctx context.Context, owner string) error
	NextDue(ctx context.Context) (time.Time, error)

	RecordAnswer(ctx context.Context, id string, a store.Answer, blockers []store.Blocker, at time.Time) error
	CloseBlocker(ctx context.Context, id string, blocker int, by string, at time.Time) error
	RSVP(ctx context.Context, id string, r store.RSVP, at time.Time) error
	MoveOccurrence(ctx context.Context, id string, m store.Moving, at time.Time) error
	SkipOccurrence(ctx context.Context, id string, s store.Skipping, at time.Time) error
	RecordOccurrence(ctx context.Context, id, cadence, civil string, r store.Record, at time.Time) error
	PauseCadence(ctx context.Context, id string, p store.Pause, at time.Time) error
	ResumeCadence(ctx context.Context, id string, r store.Resuming, at time.Time) error
	Occurrences(ctx context.Context, id, cadence string, limit int) ([]store.Occurrence, error)
	Transitions(ctx context.Context, id, cadence, civil string) ([]store.Transition, error)
	FindingTransitions(ctx context.Context, id string) ([]store.FindingTransition, error)

	RequestAcknowledgement(ctx context.Context, id string, r store.AckRequest, at time.Time) (int, error)
	Acknowledge(ctx context.Context, id string, a store.Acknowledging, at time.Time) (store.AckResult, error)
	UndoAcknowledgement(ctx context.Context, id string, u store.Undoing, at time.Time) error
	Acknowledgements(ctx context.Context, id string, f store.AckFilter) ([]store.Acknowledgement, error)
	VerifyAudit(ctx context.Context, id string) (store.AuditCheck, error)

	ClaimDeliveries(ctx context.Context, owner string, now, leaseUntil time.Time, limit int) ([]store.Delivery, error)
	FinishDelivery(ctx context.Context, d store.Delivery, o store.Outcome, now time.Time) error
	ReleaseDeliveries(ctx context.Context, owner string) error
	DeadDeliveries(ctx context.Context, id string) ([]store.Delivery, error)
}

var rhythmTests = map[string]func(*testing.T, func(*testing.T) Store){
	"sweeps":                   testSweeps,
	"sweeps at once":           testSweepsAtOnce,
	"sweeps apply":             testApply,
	"occurrences":              testOccurrences,
	"recording":                testRecording,
	"pauses":                   testPauses,
	"answers":                  testAnswers,
	"findings":                 testFindings,
	"rhythm":                   testRhythmDepth,
	"acknowledgements":         testAcknowledgements,
	"acknowledgements at once": testAcknowledgeAtOnce,
	"acknowledgements by rule": testAckMachine,
	"requests":                 testRequests,
	"deliveries":               testDeliveries,
	"deliveries at once":       testDeliveriesAtOnce,
	"deliveries by rule":       testDeliveryMachine,
	"chain":                    testChain,
	"rhythm not found":         testRhythmNotFound,
}

// The due dates that the sample has.
const (
	monday  = "2026-10-05T09:00"
	tuesday = "2026-10-06T10:00"
)

func sampleCadences() []store.Cadence {
	return []store.Cadence{
		{ID: "standup", Name: "Weekly standup", Kind: store.KindStandup, Schedule: "0 9 * * MON", Questions: []string{"Since last time?", "Blockers?"}},
		{ID: "qbr", Name: "Quarterly review", Kind: store.KindQBR, Schedule: "0 10 1 1,4,7,10 *", Owner: "maria"},
	}
}

// standup and review are one due date of each cadence; a review is due so many
// hours from noon.
func standup() store.Occurrence {
	return store.Occurrence{Cadence: "standup", Civil: monday, Due: hour(8), Grace: hour(16), State: store.Scheduled}
}

func review(due int) store.Occurrence {
	return store.Occurrence{Cadence: "qbr", Civil: tuesday, Due: hour(due), Grace: hour(due + 24), State: store.Scheduled}
}

func cardOf(text string) json.RawMessage {
	b, err := json.Marshal([]map[string]string{{"block": "paragraph", "text": text}})
	if err != nil {
		panic(err) // only a fault of this suite
	}
	return b
}

func postOf(key, subject, channel string) store.Post {
	return store.Post{
		Key: key, Kind: "prompt", Subject: subject, Channel: channel, Card: cardOf(key),
		To: []store.Address{{Platform: "web", Channel: channel}},
	}
}

// sweep claims what is due, and applies a change to one engagement.
func sweep(ctx context.Context, s Store, id string, at time.Time, change func(store.Rhythm) store.Change) error {
	if _, err := s.ClaimSweeps(ctx, "sweeper", at, at.Add(time.Minute), 100); err != nil {
		return err
	}
	r, err := s.Rhythm(ctx, id)
	if err != nil {
		return err
	}
	c := change(r)
	c.Seen = r.Seen
	err = s.ApplySweep(ctx, id, "sweeper", c, at)
	return errors.Join(err, s.ReleaseSweeps(ctx, "sweeper"))
}

// applying is a sweep of acme with a change made before, or the end of the test.
func applying(t *testing.T, s Store, at time.Time, c store.Change) {
	t.Helper()
	if err := sweep(t.Context(), s, "acme", at, func(store.Rhythm) store.Change { return c }); err != nil {
		t.Fatalf("sweep: %v", err)
	}
}

func reading(t *testing.T, s Store, id string) store.Rhythm {
	t.Helper()
	r, err := s.Rhythm(t.Context(), id)
	if err != nil {
		t.Fatalf("Rhythm: %v", err)
	}
	return r
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rhythmSnapshot is all that the contract shows of an engagement's rhythm.
type rhythmSnapshot struct {
	Rhythm      store.Rhythm
	Occurrences []store.Occurrence
	Transitions []store.Transition
	Findings    []store.FindingTransition
	Requests    []store.Acknowledgement
	Dead        []store.Delivery
	Check       store.AuditCheck
}

func lookRhythm(ctx context.Context, s Store, id string) (rhythmSnapshot, error) {
	var shot rhythmSnapshot
	var err error
	if shot.Rhythm, err = s.Rhythm(ctx, id); err != nil {
		return shot, err
	}
	if shot.Occurrences, err = s.Occurrences(ctx, id, "", 0); err != nil {
		return shot, err
	}
	for _, o := range shot.Occurrences {
		list, err := s.Transitions(ctx, id, o.Cadence, o.Civil)
		if err != nil {
			return shot, err
		}
		shot.Transitions = append(shot.Transitions, list...)
	}
	if shot.Findings, err = s.FindingTransitions(ctx, id); err != nil {
		return shot, err
	}
	if shot.Requests, err = s.Acknowledgements(ctx, id, store.AckFilter{}); err != nil {
		return shot, err
	}
	if shot.Dead, err = s.DeadDeliveries(ctx, id); err != nil {
		return shot, err
	}
	shot.Check, err = s.VerifyAudit(ctx, id)
	if err == nil && shot.Check.Broken != nil {
		err = errors.New(shot.Check.String())
	}
	return shot, err
}
