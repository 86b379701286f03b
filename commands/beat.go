package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// Beat keeps the rhythm: occurrences, answers, blockers, pauses.
type Beat interface {
	Rhythm(ctx context.Context, id string) (store.Rhythm, error)
	RecordAnswer(ctx context.Context, id string, a store.Answer, blockers []store.Blocker, at time.Time) error
	CloseBlocker(ctx context.Context, id string, blocker int, by string, at time.Time) error
	RSVP(ctx context.Context, id string, r store.RSVP, at time.Time) error
	MoveOccurrence(ctx context.Context, id string, m store.Moving, at time.Time) error
	SkipOccurrence(ctx context.Context, id string, s store.Skipping, at time.Time) error
	RecordOccurrence(ctx context.Context, id, cadence, civil string, r store.Record, at time.Time) error
	PauseCadence(ctx context.Context, id string, p store.Pause, at time.Time) error
	ResumeCadence(ctx context.Context, id string, r store.Resuming, at time.Time) error
}

// meeting is an occurrence with its cadence, as a command names it.
type meeting struct {
	desk    *Desk
	rhythm  store.Rhythm
	cadence *store.Cadence
	store.Occurrence
}

// ref names the occurrence in a command.
func (m *meeting) ref() string { return m.cadence.ID + "@" + m.Civil }

// when says the due date with weekday and zone.
func (m *meeting) when() string { return moment(m.Due.In(m.desk.zone)) }

// takesCadence reports whether the first word of a text names a cadence.
func (o *Office) takesCadence(ctx context.Context, r bot.Request) bool {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return false
	}
	_, ok := d.cadenceOf(firstWord(r.Args))
	return ok
}

// firstWord is the first word, without the colon that may follow it.
func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return strings.TrimSuffix(word, ":")
}

// afterFirst is what follows the first word.
func afterFirst(text string) string {
	_, rest, _ := strings.Cut(text, " ")
	return strings.TrimSpace(rest)
}

// cadenceOf finds the cadence of a word such as weekly-standup or
// weekly-standup@2026-11-23T09:00.
func (d *Desk) cadenceOf(word string) (*store.Cadence, bool) {
	id, _, _ := strings.Cut(strings.ToLower(word), "@")
	for i := range d.e.Cadences {
		if c := &d.e.Cadences[i]; c.ID == id {
			return c, true
		}
	}
	return nil, false
}

// meeting finds the occurrence that a command is about: the one it names, or
// else the one of the cadence that waits for something, or else the next.
func (o *Office) meeting(ctx context.Context, r *bot.Request) (*meeting, error) {
	d, err := o.desk(ctx, r)
	if err != nil {
		return nil, err
	}
	word := firstWord(r.Args)
	c, ok := d.cadenceOf(word)
	if !ok {
		return nil, store.Errorf(store.CodeNotFound, "There is no cadence %q here; `upcoming` lists them. Nothing was changed.", card.Clean(word))
	}
	m := &meeting{desk: d, cadence: c}
	if m.rhythm, err = o.Beat.Rhythm(ctx, r.Member.Engagement); err != nil {
		return nil, err
	}
	_, civil, named := strings.Cut(word, "@")
	of := slices.DeleteFunc(slices.Clone(m.rhythm.Occurrences), func(x store.Occurrence) bool { return x.Cadence != c.ID })
	slices.SortFunc(of, func(a, b store.Occurrence) int { return a.Due.Compare(b.Due) })
	found := current(of)
	if named {
		found = slices.IndexFunc(of, func(x store.Occurrence) bool { return strings.EqualFold(x.Civil, civil) })
	}
	if found < 0 {
		return nil, store.Errorf(store.CodeNotFound, "There is no date %s of %s that anything can be done about. `upcoming` lists what is ahead. Nothing was changed.",
			card.Clean(civil), c.Name)
	}
	m.Occurrence = of[found]
	return m, nil
}

// current returns the occurrence that waits for something, or else the first
// that is ahead, or else the last one.
func current(of []store.Occurrence) int {
	for _, state := range []store.OccurrenceState{store.Prompted, store.Overdue, store.Scheduled} {
		if i := slices.IndexFunc(of, func(x store.Occurrence) bool { return x.State == state }); i >= 0 {
			return i
		}
	}
	return len(of) - 1
}

// mayRun lets the cadence's owner and the leads decide about it.
func (m *meeting) mayRun(r *bot.Request) error {
	if r.Member.Role.May(bot.MayManage) || r.Member.Person != "" && r.Member.Person == m.cadence.Owner {
		return nil
	}
	return store.Errorf(store.CodeForbidden, "Only a lead or %s, who owns %s, can do that. Nothing was changed.",
		m.desk.personName(m.cadence.Owner), m.cadence.Name)
}

// open refuses what comes after the occurrence is done.
func (m *meeting) open() error {
	if m.State.Done() {
		return store.Errorf(store.CodeConflict, "%s of %s is %s already. Nothing was changed.", m.cadence.Name, m.when(), m.State)
	}
	return nil
}

// how says in which way something was said.
func how(r *bot.Request) store.How {
	switch {
	case len(r.Values) > 0:
		return store.ByForm
	case r.Say != "":
		return store.ByButton
	default:
		return store.ByTyping
	}
}
