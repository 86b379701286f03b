package drift

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

const (
	// patience is how many business days a level has before the next.
	patience = 2
	// doubled is the ratio, by that at opening, from which a finding is stalled.
	doubled = 2
)

// level returns where the finding belongs that is found now, never lower than it is.
func (s *stepper) level(f *store.OpenFinding) store.Level {
	if f.OpenedRatio > 0 && f.Ratio >= doubled*f.OpenedRatio {
		return store.LevelStalled
	}
	switch f.Level {
	case store.LevelNone:
		return store.LevelWatch
	case store.LevelWatch:
		if s.waited(f) {
			return store.LevelDrift
		}
	case store.LevelDrift:
		if f.Acknowledged.IsZero() && s.waited(f) {
			return store.LevelStalled
		}
	case store.LevelStalled:
	}
	return f.Level
}

// reach puts the finding on the level. An acknowledgement was of the level before.
func reach(f *store.OpenFinding, to store.Level, now time.Time) {
	f.Level, f.Climbed, f.Acknowledged = to, now, time.Time{}
}

// waited reports whether the time of day at which the finding reached its level
// has come on the second day after it that counts.
func (s *stepper) waited(f *store.OpenFinding) bool {
	climbed := s.Calendar.Local(f.Climbed)
	clock := store.Clock(climbed.Hour()*60 + climbed.Minute())
	n := 0
	for d := store.DateOf(climbed).AddDays(1); !s.today.Before(d); d = d.AddDays(1) {
		if !s.counts(d, f) {
			continue
		}
		if n++; n == patience {
			due := s.Calendar.Instant(d, clock)
			due = due.Add(time.Duration(climbed.Second())*time.Second + time.Duration(climbed.Nanosecond()))
			return !s.now.Before(due)
		}
	}
	return false
}

// counts reports whether the day is a business day of both sides for the finding.
func (s *stepper) counts(d store.Date, f *store.OpenFinding) bool {
	if !s.Calendar.IsBusinessDay(d) {
		return false
	}
	if r := s.rhythms[f.Subject]; r != nil && ofCadence(f.Kind) {
		if _, paused := r.paused(d); paused {
			return false
		}
	}
	return !s.anySideAway(s.hearers(f, f.Level), s.Calendar.Instant(d, 12*60))
}

// tell adds a transition, with those who hear it.
func (s *stepper) tell(change Change, f *store.OpenFinding, from store.Level, facts string) {
	audience := slices.Clone(f.Told)
	if change == Opened || change == Worse {
		audience = s.withCovers(s.hearers(f, f.Level))
		f.Told = unique(append(f.Told, audience...))
	}
	after := *f
	after.Told = slices.Clone(f.Told)
	s.transitions = append(s.transitions, Transition{
		Change: change, Finding: after, From: from, To: f.Level, Facts: facts, Audience: audience,
	})
}
